"""Paid at most once: kills, races, timeouts and budgets against a counting endpoint; each guard is shown catching."""

import asyncio
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import llm_budget, llm_failures
from bench.llm_paid import Paid, paid_llm
from bench.load import REPO
from trending_assets.scoring.asking import Purpose, ask_realtime
from trending_assets.scoring.client import Answer, Failure, Request, Result
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.ledger import Call, Go, Ledger, Reserve
from trending_assets_tests.unit.scoring.asked import TASK, requests
from trending_assets_tests.unit.scoring.tiny_llm import GOOD, Reply, completion, error, tiny_llm

MODEL = "gpt-5-mini"  # with a price: what it costs nothing to ask twice is simply asked again


@pytest.fixture(scope="module")
def paid() -> Iterator[Paid]:
    with paid_llm() as started:
        yield started


def results(url: str, ledger: Ledger, *texts: str, **options: Any) -> list[Result]:
    found: dict[str, Result] = {}
    limits: dict[str, Any] = {"concurrency": 4, "timeout": 5.0, "max_retries": 0, "grace": 0.3} | options
    wanted = requests(MODEL, *texts)

    def take(request: Request, result: Result) -> None:
        found[request.key] = result

    asyncio.run(ask_realtime(Endpoint(url, "k", MODEL, **limits), TASK, wanted, take, ledger, Purpose("lake", "day")))
    return [found[request.key] for request in wanted]


def left_open(ledger: Ledger, text: str, seconds: float) -> str:
    """The id of a call as a run leaves it that was killed right after it was written down."""
    (request,) = requests(MODEL, text)
    call = Call(request.key, TASK.name, MODEL, "1", "lake", "day", reserved=1000)
    (outcome,) = ledger.apply([Reserve(replace(call, deadline=time.time() + seconds), None)])
    assert isinstance(outcome, Go)
    with ledger._writing() as connection:  # its process is dead
        connection.exec_driver_sql("UPDATE llm_calls SET owner = replace(owner, ':', ':9')")
    return outcome.call_id


@pytest.mark.slow
def test_a_killed_step_pays_no_call_twice_and_loses_no_score_and_without_the_record_it_does() -> None:
    # In a process of its own: it forks, and a fork does not survive the threads that Polars has in this one.
    command = [sys.executable, "-m", "bench.llm_kills", "--kills", "60", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPO, timeout=600)
    guarded, loose = done.stdout.splitlines()
    found = re.search(r"(\d+) kills in (\d+) trials .*: (\d+) calls paid", guarded)
    assert found and int(found[1]) >= 60 and int(found[3]) >= 4 * int(found[2]), guarded
    assert "0 texts paid for twice, 0 trials with a lost score, 0 calls left open" in guarded, done.stderr
    assert not re.search(r"\b0 texts paid for twice", loose), loose


@pytest.mark.slow
def test_the_budget_is_never_passed_and_all_are_told(paid: Paid, tmp_path: Path) -> None:
    chance = random.Random(5)
    runs = [llm_budget.run(n, chance, paid, tmp_path) for n in range(4)]
    assert all(run.spent <= run.budget and run.told for run in runs) and any(run.waiting for run in runs)
    loose = [llm_budget.run(10 + n, chance, paid, tmp_path, guarded=False) for n in range(4)]
    assert any(run.spent > run.budget for run in loose)


@pytest.mark.slow
def test_twelve_kinds_of_failure_are_counted_as_themselves_and_lose_no_row(paid: Paid, tmp_path: Path) -> None:
    counted, named, scored, rows = llm_failures.run(4, 3, paid, tmp_path)
    assert counted == named == dict.fromkeys(llm_failures.FAILURES, 4)
    assert scored + named.total() == rows


def test_two_runs_that_race_pay_for_each_document_once(paid: Paid, ledger: Ledger) -> None:
    paid.reset()
    texts = [f"race {n}" for n in range(30)]
    with ThreadPoolExecutor(3) as pool:
        all_results = list(pool.map(lambda _: results(f"{paid.url}/v1", Ledger(ledger.url), *texts), range(3)))
    assert paid.counts()["paid"] == 30
    assert all(isinstance(result, Answer) for found in all_results for result in found)
    assert sum(result.fresh for found in all_results for result in found) == 30


def test_a_call_of_a_dead_run_is_looked_up_where_the_endpoint_stores_its_answers(paid: Paid, ledger: Ledger) -> None:
    paid.reset()
    never_sent = left_open(ledger, "never sent", 0.2)
    (found,) = results(f"{paid.url}/v1", ledger, "never sent")
    assert isinstance(found, Answer) and paid.counts()["paid"] == 1
    assert {call.state for call in ledger.calls("lake", "day")} == {"unpaid", "answered"}
    assert ledger.call(never_sent).kind == "lost"  # type: ignore[union-attr]
    assert ledger.spend().reserved == 0


def test_where_answers_cannot_be_looked_up_a_lost_call_stays_in_doubt_until_a_person_decides(ledger: Ledger) -> None:
    with tiny_llm() as server:
        left_open(ledger, "in doubt", -1)
        lost, good = results(server.url, ledger, "in doubt", "fine")
        assert isinstance(lost, Failure) and lost.kind == "in_doubt" and lost.waits and "--ask-again" in lost.reason
        assert isinstance(good, Answer) and len(server.requests) == 1
        assert ledger.spend().reserved == 1000  # it may have been paid, so the budget counts it
        assert ledger.release([""]) == 1
        (again,) = results(server.url, ledger, "in doubt")
        assert isinstance(again, Answer) and len(server.requests) == 2


def test_a_timeout_is_not_asked_again_where_it_may_have_been_paid(ledger: Ledger) -> None:
    def slow(_: dict[str, Any]) -> Reply:
        time.sleep(0.5)
        return completion(GOOD)

    with tiny_llm(slow) as server:
        (late,) = results(server.url, ledger, "late", timeout=0.2, max_retries=3)
        assert isinstance(late, Failure) and late.kind == "timeout" and "may have been paid" in late.reason
        (later,) = results(server.url, ledger, "late", timeout=0.2)
        assert isinstance(later, Failure) and later.kind == "in_doubt" and len(server.requests) == 1


def test_what_cost_nothing_is_tried_again_and_counted(ledger: Ledger) -> None:
    with tiny_llm() as server:
        server.reply = lambda _: error(500) if len(server.requests) <= 2 else completion(GOOD)
        (found,) = results(server.url, ledger, "a", max_retries=3)
        assert isinstance(found, Answer) and len(server.requests) == 3
    assert sorted(call.kind for call in ledger.calls("lake", "day")) == ["", "server_error", "server_error"]


def test_retry_after_is_waited_for(ledger: Ledger) -> None:
    asked: list[float] = []

    def reply(_: dict[str, Any]) -> Reply:
        asked.append(time.monotonic())
        return error(429) if len(asked) == 1 else completion(GOOD)

    with tiny_llm(reply, headers={"Retry-After": "0.2"}) as server:
        (found,) = results(server.url, ledger, "a", max_retries=1)
    assert isinstance(found, Answer) and asked[1] - asked[0] >= 0.2  # never sooner, however slow the machine


def test_a_long_retry_after_is_not_waited_for(ledger: Ledger) -> None:
    with tiny_llm(lambda _: error(429), headers={"Retry-After": "3600"}) as server:
        (found,) = results(server.url, ledger, "a", max_retries=3)
        assert isinstance(found, Failure) and found.kind == "rate_limit" and len(server.requests) == 1


def test_an_answer_without_tokens_counts_as_what_was_reserved(ledger: Ledger) -> None:
    status, body = completion(GOOD)
    with tiny_llm(lambda _: (status, {k: v for k, v in dict(body).items() if k != "usage"})) as server:  # type: ignore[arg-type]
        (found,) = results(server.url, ledger, "a")
    assert isinstance(found, Answer) and found.cost and found.cost > 5_000_000
    assert ledger.spend().spent == found.cost


def test_a_request_that_the_budget_does_not_cover_waits_and_nothing_is_sent(ledger: Ledger) -> None:
    with tiny_llm() as server:
        found = results(server.url, ledger, "a", "b", budget_usd=0.001)
        assert [f.kind for f in found if isinstance(f, Failure)] == ["budget"] * 2 and not server.requests
    assert "0.001 US dollars" in found[0].reason  # type: ignore[union-attr]
