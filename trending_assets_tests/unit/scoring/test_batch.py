"""The Batch API against the real sandbox: uploaded once, waited for, found again after a restart, half the price."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from sandbox.process import SandboxProcess, running
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.scoring import batch
from trending_assets.scoring.asking import Purpose
from trending_assets.scoring.batch import ask_batch, parts
from trending_assets.scoring.client import Answer, Failure, Request, Result
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.ledger import Ledger
from trending_assets_tests.unit.scoring.asked import TASK, requests
from trending_assets_tests.unit.scoring.tiny_llm import error, tiny_llm

MODEL = "sandbox-lexicon-1"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running(None) as started:
        yield started


def ask(url: str, ledger: Ledger, *texts: str, **options: Any) -> list[Result]:
    found: dict[str, Result] = {}
    endpoint = Endpoint(url, "k", MODEL, batch=True, **({"batch_wait": 30.0, "grace": 0.2} | options))
    wanted = requests(MODEL, *texts)

    def take(request: Request, result: Result) -> None:
        assert request.key not in found
        found[request.key] = result

    asyncio.run(ask_batch(endpoint, TASK, wanted, take, ledger, Purpose("lake", "day")))
    return [found[request.key] for request in wanted]


def items(sandbox: SandboxProcess) -> int:
    stats = httpx.get(f"{sandbox.url}/sandbox/stats", trust_env=False).json()
    return int(stats["faces"]["llm"].get("batch_items", 0))


def killed(ledger: Ledger) -> None:
    """Whoever wrote these calls down is dead now."""
    with ledger._writing() as connection:
        connection.exec_driver_sql("UPDATE llm_calls SET owner = replace(owner, ':', ':9')")


def test_a_batch_is_uploaded_answered_and_written_down(sandbox: SandboxProcess, ledger: Ledger) -> None:
    before = items(sandbox)
    found = ask(f"{sandbox.url}/v1", ledger, "I loved it.", "A dull film.")
    assert all(isinstance(result, Answer) and result.fresh for result in found) and items(sandbox) - before == 2
    loved, dull = (orjson.loads(r.response)["sentiment"] for r in found if isinstance(r, Answer))
    assert loved > 0 > dull
    calls = ledger.calls("lake", "day")
    assert {call.mode for call in calls} == {"batch"} and len({call.batch for call in calls}) == 1


def test_a_run_that_does_not_wait_leaves_its_batch_and_the_next_one_takes_it(
    sandbox: SandboxProcess, ledger: Ledger
) -> None:
    texts = [f"Wonderful, number {n}." for n in range(1000)]  # a second of work: not done at once
    before = items(sandbox)
    found = ask(f"{sandbox.url}/v1", ledger, *texts, batch_wait=0.0)
    waits = [result for result in found if isinstance(result, Failure)]
    assert waits and all(result.kind == "batch" and result.waits for result in waits)
    killed(ledger)
    again = ask(f"{sandbox.url}/v1", ledger, *texts)
    assert all(isinstance(result, Answer) for result in again) and items(sandbox) - before == len(texts)


class _Dies(Exception):
    pass


class _DiesBeforeItKnows(Ledger):
    """A run that is killed after its batch was made and before it wrote the batch's id down."""

    def mark_batch(self, old: str, new: str) -> None:
        raise _Dies


def test_a_batch_whose_run_died_while_it_made_it_is_found_in_the_endpoints_list(
    sandbox: SandboxProcess, ledger: Ledger
) -> None:
    before = items(sandbox)
    with pytest.raises(_Dies):
        ask(f"{sandbox.url}/v1", _DiesBeforeItKnows(ledger.url), "Found again.")
    killed(ledger)
    (found,) = ask(f"{sandbox.url}/v1", ledger, "Found again.")
    assert isinstance(found, Answer) and items(sandbox) - before == 1


def test_a_batch_that_was_never_made_is_made_by_the_next_run(sandbox: SandboxProcess, ledger: Ledger) -> None:
    with tiny_llm(lambda _: error(500)) as server, pytest.raises(TransientFailure, match="HTTP 500"):
        ask(server.url, ledger, "Never made.")
    killed(ledger)
    (found,) = ask(f"{sandbox.url}/v1", ledger, "Never made.")
    assert isinstance(found, Answer)
    assert sorted(call.kind for call in ledger.calls("lake", "day")) == ["", "lost"]


def test_a_wrong_key_is_permanent_and_never_printed(ledger: Ledger) -> None:
    with (
        tiny_llm(lambda _: error(401, "wrong key sk-very-secret")) as server,
        pytest.raises(PermanentFailure, match="HTTP 401") as caught,
    ):
        ask(server.url, ledger, "a")
    assert "secret" not in str(caught.value)


def test_lines_that_failed_are_told_apart_and_cost_nothing() -> None:
    def line(number: str, status: int, code: str | None) -> bytes:
        body = {"error": {"message": "no", "code": code}}
        return orjson.dumps({"custom_id": number, "response": {"status_code": status, "body": body}, "error": None})

    expired = {"custom_id": "e", "response": None, "error": {"code": "batch_expired", "message": "late"}}
    lines = [line("a", 429, None), line("b", 429, "insufficient_quota"), line("c", 500, None), line("d", 400, None)]
    content = b"\n".join([*lines, line("f", 400, "content_filter"), orjson.dumps(expired), b"broken", b"{}", b"[]"])
    replies = dict(batch._read(content, TASK, MODEL))
    assert {number: reply.result.kind for number, reply in replies.items() if isinstance(reply.result, Failure)} == {
        **{"a": "rate_limit", "b": "quota", "c": "server_error", "d": "bad_request"},
        **{"e": "batch", "f": "content_filter"},
    }
    assert not any(reply.paid for reply in replies.values())


def test_requests_are_parted_by_what_a_batch_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint("http://127.0.0.1:1/v1", "k", MODEL)
    wanted = requests(MODEL, *(str(n) for n in range(7)))
    monkeypatch.setattr(batch, "MOST_REQUESTS", 3)
    assert [len(part) for part in parts(endpoint, TASK, wanted)] == [3, 3, 1]
    monkeypatch.setattr(batch, "MOST_BYTES", 1)
    assert [len(part) for part in parts(endpoint, TASK, wanted)] == [1] * 7


def test_the_budget_holds_for_a_batch(ledger: Ledger) -> None:
    with tiny_llm() as server:
        endpoint = Endpoint(server.url, "k", "gpt-5-mini", batch=True, budget_usd=0.001)
        found: list[Result] = []
        asked = ask_batch(endpoint, TASK, requests(MODEL, "a", "b"), lambda _, r: found.append(r), ledger, Purpose())
        asyncio.run(asked)
        assert [f.kind for f in found if isinstance(f, Failure)] == ["budget"] * 2 and not server.requests
