"""Retention: what is too old goes, and nothing that a window, a judge or a served day still needs."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench.made_lake import publish_made
from bench.made_marts import Made
from trending_assets import retention
from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.operations import prune_command
from trending_assets.operations.prune_command import check_rules, what_may_go
from trending_assets.operations.state_folder import clear_state
from trending_assets.partitions import BASELINE_DAYS, EVIDENCE_DAYS, HISTORY_DAYS, LATE_DAYS, NULL_DAYS
from trending_assets.serving.pointer import read_pointer

NEWEST = date(2026, 6, 30)


def put(lake: Lake, table: str, *ages: int, name: str = "data.parquet") -> None:
    for age in ages:
        lake.store.put(f"{table}/date={NEWEST - timedelta(days=age)}/{name}", b"x")


def ages(lake: Lake, table: str) -> list[int]:
    return sorted((NEWEST - day).days for day in lake.days(table))


def quiet(done: int, total: int) -> None:
    pass


def test_every_daily_table_has_a_rule_that_no_window_reaches_beyond() -> None:
    needed = retention.needed_days()
    for name, table in TABLES.items():
        if table.daily:
            assert retention.rule_of(f"{name}/date=2026-01-01/data.parquet") is not None, name
    check_rules(needed)
    reach = retention.windows()
    assert reach["drift/profiles"] == BASELINE_DAYS + NULL_DAYS
    assert reach["features/title_signals"] == HISTORY_DAYS - 1
    assert reach["staging/documents"] >= EVIDENCE_DAYS - 1
    assert needed["drift/profiles"] == retention.RERUN_DAYS + BASELINE_DAYS + NULL_DAYS


def test_a_rule_that_a_window_reaches_beyond_stops_everything(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    put(lake, "drift/profiles", 0, 80)
    monkeypatch.setattr(retention, "RULES", (retention.Rule("drift/", 60, "too short"),))
    with pytest.raises(PermanentFailure, match=r"keeps 60 days of drift/\w+, and \d+ are read back"):
        prune_command.prune(lake.uri, False, False, quiet)
    assert ages(lake, "drift/profiles") == [0, 80]


def test_what_is_too_old_goes_and_the_rest_stays(lake: Lake) -> None:
    put(lake, "raw/posts", 0, 399, 400, 800)
    put(lake, "raw/tmdb_catalogue", 0, 59, 60)
    put(lake, "quarantine/posts", 89, 90)
    put(lake, "trends/trend_scores", 0, 4000)
    put(lake, "drift/report", 0, 200, 500)
    put(lake, "drift/report", 0, 200, name="report.html")
    lake.store.put("genre/data/abc.dvc", b"x")
    before = lake.store.list("")
    said = prune_command.prune(lake.uri, False, True, quiet)
    assert lake.store.list("") == before and "6 objects" in said[-1]
    assert prune_command.prune(lake.uri, False, False, quiet)[-1].startswith("6 objects")
    assert ages(lake, "raw/posts") == [0, 399]
    assert ages(lake, "raw/tmdb_catalogue") == [0, 59]
    assert ages(lake, "quarantine/posts") == [89]
    assert ages(lake, "trends/trend_scores") == [0, 4000]
    assert ages(lake, "drift/report") == [0, 200]
    assert [key for key in lake.store.list("drift") if key.endswith(".html")] == [
        f"drift/report/date={NEWEST}/report.html"
    ]
    assert lake.store.get("genre/data/abc.dvc") == b"x"
    assert prune_command.prune(lake.uri, False, False, quiet)[-1].startswith("0 objects")


def test_the_evidence_of_a_served_day_stays_and_goes_without_it(lake: Lake) -> None:
    """The control: the same partitions, once with a served day that rests on them, once without."""
    reach = EVIDENCE_DAYS + LATE_DAYS
    put(lake, "raw/posts", 0, 500, 500 + reach - 1, 500 + reach)
    put(lake, "linking/mentions", 500)
    put(lake, "listings/posts", 500)
    needed = retention.needed_days()
    with_it = what_may_go(lake, [NEWEST - timedelta(days=500)], needed)
    assert sorted(key.partition("/date=")[0] for key in with_it.gone) == ["listings/posts", "raw/posts"]
    assert with_it.held == {"raw/posts": 2, "linking/mentions": 1}
    assert len(what_may_go(lake, [], needed).gone) == 5


def test_what_a_window_needs_stays_even_where_its_rule_says_less(lake: Lake) -> None:
    put(lake, "quarantine/posts", 0, 100)
    assert len(what_may_go(lake, [], {}).gone) == 1
    assert not what_may_go(lake, [], {"quarantine/posts": 101}).gone


def test_days_that_are_served_no_longer_leave_the_pointer_and_free_their_evidence(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = NEWEST - timedelta(days=retention.SERVED_DAYS)
    made = Made(20, 20)
    publish_made(lake, made, [old])
    publish_made(lake, made, [NEWEST])
    put(lake, "raw/posts", 0, retention.SERVED_DAYS)
    prune_command.prune(lake.uri, False, False, quiet)
    now = read_pointer(lake.store)
    assert now is not None and set(now.days) == {NEWEST} and now.history
    assert ages(lake, "raw/posts") == [0, retention.SERVED_DAYS], "a version that can be gone back to serves the day"
    monkeypatch.setattr(retention, "SERVED_VERSIONS", 1)
    prune_command.prune(lake.uri, False, False, quiet)
    assert ages(lake, "raw/posts") == [0]


def aged(file: Path, days: float) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    then = time.time() - days * 86_400
    os.utime(file, (then, then))
    return file


def test_the_state_folder_keeps_what_waits_for_a_sync(tmp_path: Path) -> None:
    wandb = tmp_path / "wandb"
    forgotten = aged(wandb / "offline-run-1" / "run-1.wandb", 200)
    synced = aged(wandb / "offline-run-2" / "run-2.wandb", 20)
    aged(wandb / "offline-run-2" / "run-2.wandb.synced", 10)
    waiting = aged(wandb / "offline-run-3" / "run-3.wandb", 15)
    fresh = aged(wandb / "offline-run-4" / "run-4.wandb", 20)
    aged(wandb / "offline-run-4" / "run-4.wandb.synced", 2)
    gone_copy, kept_copy = aged(wandb / "data" / "staging" / "a", 20), aged(wandb / "data" / "staging" / "b", 14.9)
    old_log, log = aged(tmp_path / "logs" / "a.log", 40), aged(tmp_path / "logs" / "b.log", 1)
    assert "2 W&B runs, 1 copies of theirs and 1 logs would be" in clear_state(tmp_path, datetime.now(UTC), True)[0]
    assert forgotten.exists()
    clear_state(tmp_path, datetime.now(UTC), False)
    assert not any(file.exists() for file in (forgotten, synced, gone_copy, old_log))
    assert all(file.exists() for file in (waiting, fresh, kept_copy, log))
    assert clear_state(tmp_path, datetime.now(UTC), False) == []


def test_the_page_is_what_the_declaration_says() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "retention.md"
    assert page.read_text() == retention.markdown(), "run `make docs`"
