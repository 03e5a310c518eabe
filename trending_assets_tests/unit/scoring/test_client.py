"""Every way in which an answer can fail is told apart, and a dead endpoint ends the call with one sentence."""

import asyncio
import time
from typing import Any

import pytest

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.scoring.asking import BREAKER, Purpose, ask_realtime
from trending_assets.scoring.client import Answer, Failure, OnResult, Request, Result
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.ledger import Ledger
from trending_assets_tests.unit.scoring.asked import TASK, requests
from trending_assets_tests.unit.scoring.tiny_llm import GOOD, Reply, TinyLlm, completion, data_of, error, tiny_llm


def ask(endpoint: Endpoint, ledger: Ledger, wanted: list[Request], on_result: OnResult) -> None:
    asyncio.run(ask_realtime(endpoint, TASK, wanted, on_result, ledger, Purpose()))


def results(
    server: TinyLlm, ledger: Ledger, *texts: str, retries: int = 0, timeout: float = 5, concurrency: int = 4
) -> list[Result]:
    found: dict[str, Result] = {}
    endpoint = Endpoint(server.url, "sk-secret-key", "m", concurrency, timeout, retries)
    wanted = requests("m", *texts)
    ask(endpoint, ledger, wanted, lambda request, result: found.update({request.key: result}))
    return [found[request.key] for request in wanted]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (completion(None, refusal="I cannot help."), "refusal"),
        (completion('{"sentiment": 0.', finish="length"), "truncated"),
        (completion(GOOD, finish="length"), "truncated"),  # valid JSON, but chopped all the same
        (completion(None, finish="content_filter"), "content_filter"),
        (error(400, "filtered", "content_filter"), "content_filter"),
        (completion(""), "empty"),
        (completion("Sure! Here it is"), "invalid_json"),
        ((200, b"<html>"), "invalid_json"),
        ((200, {"choices": []}), "invalid_json"),
        (completion(GOOD | {"sentiment": 1.5}), "schema"),
        (completion(GOOD | {"vibe_tags": ["buy my token"]}), "schema"),
        (completion(GOOD | {"more": 1}), "schema"),
        (completion({k: v for k, v in GOOD.items() if k != "spam"}), "schema"),
        (error(429), "rate_limit"),
        (error(429, "pay first", "insufficient_quota"), "quota"),
        (error(500), "server_error"),
        (error(422), "bad_request"),
    ],
)
def test_each_failure_is_counted_as_itself_and_costs_one_request(ledger: Ledger, reply: Reply, kind: str) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        return reply if data_of(body)["document"]["text"] == "bad" else completion(GOOD)

    with tiny_llm(answer) as server:
        bad, good = results(server, ledger, "bad", "good")
    assert isinstance(bad, Failure) and bad.kind == kind
    assert isinstance(good, Answer) and good.tokens_in == 100 and good.tokens_cached == 40


def test_a_timeout_and_a_lost_connection_are_told_apart(ledger: Ledger) -> None:
    def slow(_: dict[str, Any]) -> Reply:
        time.sleep(0.6)
        return completion(GOOD)

    with tiny_llm(slow) as server:
        (late,) = results(server, ledger, "a", timeout=0.2)
    assert isinstance(late, Failure) and late.kind == "timeout"

    with tiny_llm(lambda _: (0, b"")) as server:
        (lost,) = results(server, ledger, "a")
    assert isinstance(lost, Failure) and lost.kind == "connection"


def test_a_passing_error_is_retried_by_the_package(ledger: Ledger) -> None:
    with tiny_llm() as server:
        server.reply = lambda _: error(500) if len(server.requests) == 1 else completion(GOOD)
        (result,) = results(server, ledger, "a", retries=1)
        assert isinstance(result, Answer) and len(server.requests) == 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error(401, "wrong key sk-secret-key"), "refuses the key (HTTP 401)"),
        (error(403, "no"), "refuses the key (HTTP 403)"),
        (error(404, "no such model"), "does not know the model m"),
    ],
)
def test_what_fails_for_all_ends_the_call_naming_the_endpoint_and_never_the_key(
    ledger: Ledger, reply: Reply, words: str
) -> None:
    with tiny_llm(lambda _: reply) as server:
        with pytest.raises(PermanentFailure) as caught:
            results(server, ledger, *"abcdefgh", concurrency=2)
        assert words in str(caught.value) and server.url in str(caught.value)
        assert "secret" not in str(caught.value)
        assert len(server.requests) <= 2


def test_a_refused_connection_is_one_sentence(ledger: Ledger) -> None:
    with tiny_llm() as server:
        pass
    with pytest.raises(PermanentFailure, match="cannot be reached") as caught:
        results(server, ledger, "a", "b")
    assert server.url in str(caught.value)


def test_an_endpoint_that_answers_nobody_is_down(ledger: Ledger) -> None:
    with tiny_llm(lambda _: error(503, "overloaded")) as server:
        with pytest.raises(TransientFailure, match=f"no answer to {BREAKER} requests in a row"):
            results(server, ledger, *(str(n) for n in range(200)), concurrency=1)
        assert len(server.requests) == BREAKER


def test_a_used_up_quota_ends_the_call_when_nobody_is_answered(ledger: Ledger) -> None:
    with tiny_llm(lambda _: error(429, "pay first", "insufficient_quota")) as server:
        with pytest.raises(PermanentFailure, match="quota is used up"):
            results(server, ledger, *(str(n) for n in range(200)), concurrency=1)
        assert len(server.requests) == BREAKER


def test_requests_under_way_are_let_finish_when_the_endpoint_dies(ledger: Ledger) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        if data_of(body)["document"]["text"] == "dies":
            return error(401)
        time.sleep(0.3)
        return completion(GOOD)

    kept: list[str] = []
    with tiny_llm(answer) as server, pytest.raises(PermanentFailure):
        endpoint = Endpoint(server.url, "k", "m", 3, 5, 0)
        ask(endpoint, ledger, requests("m", "a", "dies", "b", "never asked"), lambda q, _: kept.append(q.key))
    assert len(kept) == 2 and len(server.requests) == 3


def test_the_request_has_the_shared_prefix_first_and_a_strict_schema(ledger: Ledger) -> None:
    with tiny_llm() as server:
        results(server, ledger, "one", "two")
        first, second = server.requests
    assert [m["role"] for m in first["messages"]] == ["system", "user"]
    assert first["messages"][0] == second["messages"][0]
    form = first["response_format"]
    assert form["type"] == "json_schema" and form["json_schema"]["strict"] is True
