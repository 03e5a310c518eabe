"""The ledger, on SQLite and on a real Postgres: one live call a key, money that adds up, a budget that holds."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import PermanentFailure
from trending_assets.scoring.ledger import (
    Call,
    Done,
    Go,
    Ledger,
    NoBudget,
    Operation,
    Reserve,
    Settle,
    Spend,
    Taken,
)
from trending_assets.scoring.ledger_database import engine_of
from trending_assets.scoring.processes import is_alive, this_process


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    if request.param == "sqlite":
        return Ledger(f"sqlite:///{tmp_path / 'folder' / 'llm.sqlite'}")
    url = request.getfixturevalue("postgres_url")
    made = Ledger(url)
    with made._writing() as connection:
        for table in ("llm_calls", "llm_days", "llm_lakes"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return made


def call(key: str, reserved: int = 10, **more: object) -> Call:
    made = Call(key, "document_score", "m", "1", "lake", "2026-03-10", reserved=reserved)
    return replace(made, deadline=time.time() + 60, **more)  # type: ignore[arg-type]


def reserve(ledger: Ledger, *calls: Call, cap: int | None = None) -> list[str]:
    """Write calls down; the ids that the ledger gave them."""
    outcomes = ledger.apply([Reserve(c, cap) for c in calls])
    assert all(isinstance(outcome, Go) for outcome in outcomes)
    return [outcome.call_id for outcome in outcomes if isinstance(outcome, Go)]


def test_a_key_has_one_live_call_and_is_free_again_once_that_was_not_paid(ledger: Ledger) -> None:
    first, second = call("k"), call("k")
    (one,) = reserve(ledger, first)
    (taken,) = ledger.apply([Reserve(second, None)])
    assert isinstance(taken, Taken) and taken.call.call_id == one and taken.call.owner == this_process()
    done, go = ledger.apply([Settle(one, "unpaid", "rate_limit"), Reserve(second, None)])
    assert done == Done(True) and isinstance(go, Go) and go.call_id != one
    assert ledger.apply([Settle(go.call_id, "answered", response="{}", cost=7, charged=7)]) == [Done(True)]
    assert ledger.apply([Settle(go.call_id, "failed")]) == [Done(False)]  # the first outcome stands
    live = ledger.live(["k", "other"])
    assert live["k"].state == "answered" and live["k"].response == "{}" and set(live) == {"k"}
    assert ledger.spend() == Spend(7, 0) and len(ledger.calls("lake", "2026-03-10")) == 2


def test_the_budget_counts_what_is_spent_and_what_is_under_way(ledger: Ledger) -> None:
    calls = [call(str(n), 40) for n in range(4)]
    ids = reserve(ledger, *calls[:2], cap=100)
    assert ledger.apply([Reserve(c, 100) for c in calls[2:]]) == [NoBudget(True), NoBudget(True)]
    assert ledger.spend() == Spend(0, 80)
    ledger.apply([Settle(ids[0], "answered", cost=5, charged=5)])
    ids += reserve(ledger, calls[2], cap=100)
    ledger.apply([Settle(number, "answered", cost=35, charged=35) for number in ids[1:3]])
    assert ledger.apply([Reserve(calls[3], 100)]) == [NoBudget(False)] and ledger.spend() == Spend(75, 0)
    assert ledger.live([str(3)]) == {}  # what did not fit left no trace


def test_many_workers_never_pass_the_budget_and_never_hold_a_key_twice(ledger: Ledger) -> None:
    def worker(number: int) -> int:
        own, sent = Ledger(ledger.url), 0
        for n in range(25):
            wanted = call(f"key {n}", 7)
            (outcome,) = own.apply([Reserve(wanted, 100)])
            if isinstance(outcome, Go):
                sent += 1
                own.apply([Settle(outcome.call_id, "answered", cost=6, charged=6)])
                assert own.spend().nano <= 100
        return sent

    with ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(worker, range(8)))
    # 15 calls of 6 are 90, a 16th of up to 7 still fits, a 17th does not.
    assert sent == len(ledger.live(f"key {n}" for n in range(25))) == 16 and ledger.spend() == Spend(96, 0)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5), st.integers(0, 50), st.integers(0, 60), st.sampled_from(["answered", "unpaid", ""])
        )
    )
)
def test_money_adds_up_whatever_is_done(steps: list[tuple[int, int, int, str]]) -> None:
    ledger, spent, reserved = Ledger("sqlite://"), 0, 0
    for key, most, cost, state in steps:
        wanted = call(str(key), most)
        operations: list[Operation] = [Reserve(wanted, 120)]
        (outcome,) = ledger.apply(operations)
        if isinstance(outcome, NoBudget):
            assert spent + reserved + most > 120
        if isinstance(outcome, Go):
            reserved += most
            if state:
                paid = min(cost, most) if state == "answered" else 0
                ledger.apply([Settle(outcome.call_id, state, cost=paid, charged=paid)])  # type: ignore[arg-type]
                spent, reserved = spent + paid, reserved - most
        assert ledger.spend() == Spend(spent, reserved) and spent + reserved <= 120
    _forget()


def _forget() -> None:
    engine_of.cache_clear()  # a database in memory lives as long as its engine


def test_failures_and_calls_in_doubt_are_asked_again_only_when_a_person_says_so(ledger: Ledger) -> None:
    refused, lost, under_way = call("refused"), call("lost"), call("under way")
    lost = replace(lost, deadline=time.time() - 1)
    number, *_ = reserve(ledger, refused, lost, under_way)
    ledger.apply([Settle(number, "failed", "refusal", cost=3, charged=3)])
    assert ledger.release(["schema"]) == 0
    assert ledger.release(["refusal", ""]) == 2  # the call under way is nobody's to release
    assert set(ledger.live(["refused", "lost", "under way"])) == {"under way"}
    assert ledger.spend() == Spend(13, 10)  # what may have been paid counts as paid


def test_a_call_has_the_same_id_in_every_fresh_ledger(tmp_path: Path) -> None:
    ids = [reserve(Ledger(f"sqlite:///{tmp_path / name}"), call("a"), call("b")) for name in ("one", "two")]
    assert ids[0] == ids[1] and len(set(ids[0])) == 2


def test_whether_a_process_lives_is_known_on_its_own_host_alone() -> None:
    host, number, started = this_process().rsplit(":", 2)
    assert is_alive(this_process()) is True
    assert is_alive(f"{host}:{number}:1.00") is False  # its number was given to another since
    assert is_alive(f"{host}:999999999:{started}") is False
    assert is_alive(f"elsewhere:{number}:{started}") is None


def test_a_ledger_that_cannot_be_used_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="no database address"):
        Ledger("not an address")
    with pytest.raises(PermanentFailure, match="cannot be used") as caught:
        Ledger("postgresql+psycopg://me:hush-hush@127.0.0.1:9/db")
    assert "hush" not in str(caught.value) and "No call is made without it" in str(caught.value)
    (tmp_path / "file").write_text("no database, and long enough to be seen as none" * 50)
    with pytest.raises(PermanentFailure, match="cannot be used"):
        Ledger(f"sqlite:///{tmp_path / 'file'}")


def test_a_ledger_of_another_schema_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'llm.sqlite'}"
    with Ledger(url)._writing() as connection:
        connection.exec_driver_sql("UPDATE llm_schema SET version = 99")
    with pytest.raises(PermanentFailure, match="schema"):
        Ledger(url)
