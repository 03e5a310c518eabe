"""freshness.py: days that are missing, under a clock of the test's own; with Dagster, and without it."""

import asyncio
import socket
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from api.dagster_runs import DagsterRuns, Partitions, Run, dagit_run_url
from api.freshness import AssetFreshness, Freshness, first_missing, freshness
from trending_assets import automation, deadlines
from trending_assets_tests.unit.api.dagster_server import Dagit, answering

FIRST = date(2013, 1, 1)
DAY = date(2026, 11, 20)
DUE = datetime(2026, 11, 22, 6, tzinfo=UTC)
"""The instant by which the 21st has to be there."""


def row(asset: str, sha256: str | None = "f" * 64, day: date | None = DAY) -> dict[str, Any]:
    return {"asset": asset, "partition": day.isoformat() if day else None, "sha256": sha256}


RECORD = [
    row("genre/champion", day=None),
    row("marts/other"),
    row("marts/titles"),
    row("marts/trends"),
    row("raw/gone"),
    row("serving/bundle", None),
    row("web/else", None),
]


def ask(now: datetime, dagster: DagsterRuns | None = None) -> tuple[str, dict[str, AssetFreshness]]:
    answer = asyncio.run(freshness(RECORD, DAY, FIRST, now, dagster))
    assert Freshness.model_validate_json(answer.model_dump_json()) == answer and answer.now == now
    assert [found.asset for found in answer.results] == [str(one["asset"]) for one in RECORD]
    return answer.source, {found.asset: found for found in answer.results}


def there(*days: str) -> Partitions:
    ranges = [
        tuple(map(date.fromisoformat, day.split("/"))) if "/" in day else (date.fromisoformat(day),) * 2 for day in days
    ]
    return Partitions(ranges)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after_deadline", "late"), [(-1, 0), (0, 0), (1, 1), (90, 90), (3 * 86_400, 3 * 86_400), (-86_400, 0)]
)
def test_without_dagster_the_bundles_day_is_what_is_known(after_deadline: int, late: int) -> None:
    source, rows = ask(DUE + timedelta(seconds=after_deadline))
    assert source == "bundle"
    trends = rows["marts/trends"]
    assert (trends.daily, trends.newest, trends.expected_by, trends.late_seconds) == (True, DAY, DUE, late)
    assert trends.run_id is None and trends.materialized_at is None
    assert rows["serving/bundle"].newest == DAY, "the bundle that answers is there"
    nothing = dict.fromkeys(("newest", "expected_by", "late_seconds", "run_id", "materialized_at"))
    assert rows["web/else"] == AssetFreshness(asset="web/else", daily=True, **nothing)
    assert rows["genre/champion"] == AssetFreshness(asset="genre/champion", daily=False, **nothing)


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        (there("2026-11-01/2026-11-20"), "2026-11-21"),
        (there("2026-11-01/2026-11-17", "2026-11-19/2026-11-20"), "2026-11-18"),  # a hole in the last week
        (there("2026-11-01/2026-11-09", "2026-11-11/2026-11-20"), "2026-11-21"),  # one of before it is history
        (there("2026-11-18/2026-11-20"), "2026-11-21"),  # a young asset has no holes before it began
        (there("2026-10-01/2026-11-02"), "2026-11-03"),  # late for longer than is watched
        (there("2026-11-20", "2026-11-18", "2026-11-19"), "2026-11-21"),
        (there("2026-11-01/2026-11-21"), "2026-11-22"),  # early
        (there("2026-11-01/2026-11-22"), "2026-11-23"),  # a day that is not over: made by hand
        (Partitions(), "2026-11-15"),  # nothing at all: the first of the last 7 due days
    ],
)
def test_the_first_day_that_is_missing(days: Partitions, missing: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)  # the 21st is due
    assert first_missing(days, FIRST, now) == date.fromisoformat(missing)


def test_before_the_history_begins_nothing_is_due() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert first_missing(Partitions(), date(2026, 11, 20), now) == date(2026, 11, 20)
    assert first_missing(Partitions(), date(2026, 11, 25), now) == date(2026, 11, 25)


@pytest.mark.slow
def test_a_real_dagster_says_which_days_and_runs_there_are(dagit: Dagit) -> None:
    source, rows = ask(DUE + timedelta(hours=1), DagsterRuns(dagit.url))
    assert source == "dagster"
    trends = rows["marts/trends"]
    hole = datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert (trends.newest, trends.expected_by, trends.late_seconds) == (DAY, hole, 2 * 86_400 + 3600)
    assert trends.run_id == dagit.runs["marts/trends 2026-11-20"], "and not that of the backfill, which ran last"
    titles = rows["marts/titles"]
    assert (titles.newest, titles.expected_by, titles.late_seconds) == (DAY, DUE, 3600), (
        "a failed re-run takes no day away"
    )
    assert titles.run_id == dagit.runs["marts/titles 2026-11-20"]
    other = rows["marts/other"]
    assert (other.newest, other.expected_by, other.run_id) == (None, datetime(2026, 11, 16, 6, tzinfo=UTC), None)
    assert rows["raw/gone"].newest is None and rows["raw/gone"].late_seconds == other.late_seconds
    champion = rows["genre/champion"]
    assert champion.run_id == dagit.runs["genre/champion"] and champion.newest is None
    assert champion.materialized_at and champion.expected_by == champion.materialized_at + timedelta(days=9)


@pytest.mark.slow
def test_a_real_dagster_shows_a_run_at_its_address(dagit: Dagit) -> None:
    import httpx

    run = dagit.runs["genre/champion"]
    assert dagit_run_url(f"{dagit.url}/", run) == f"{dagit.url}/runs/{run}"
    assert httpx.get(dagit_run_url(dagit.url, run)).status_code == 200


EMPTY: dict[str, Any] = {"data": {"daily": [], "whole": []}}
SHAPES = [
    (500, b"broken"),
    (200, b"<html>"),
    (200, b"[]"),
    (200, b'{"data":null}'),
    (200, b'{"errors":[{"message":"no such field"}]}'),
    (200, b'{"data":{"daily":[{"assetKey":{"path":["a"]},"last":[],"latest":[],"statuses":null}],"whole":[]}}'),
    (200, b'{"data":{"daily":[],"whole":[{"assetKey":{"path":["a"]},"latest":[{"runId":"x","timestamp":"soon"}]}]}}'),
]


@pytest.mark.parametrize(("status", "body"), SHAPES)
def test_a_dagster_that_answers_nonsense_is_left_out(status: int, body: bytes) -> None:
    with answering(status, body) as (url, asked):
        found = ask(DUE, DagsterRuns(url))
    assert len(asked) == 1 and found == ask(DUE)


def test_a_dagster_that_is_down_is_left_out() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert ask(DUE, DagsterRuns(down)) == ask(DUE)


def test_many_at_once_ask_dagster_once_and_so_do_later_ones() -> None:
    async def crowd(dagster: DagsterRuns) -> list[Freshness]:
        tasks = [asyncio.create_task(freshness(RECORD, DAY, FIRST, DUE, dagster)) for _ in range(20)]
        for _ in range(3):
            await asyncio.sleep(0)
        assert tasks[0].cancel(), "the client that came first goes away"
        return await asyncio.gather(*tasks[1:])

    with answering(200, orjson.dumps(EMPTY)) as (url, asked):
        dagster = DagsterRuns(url)
        answers = asyncio.run(crowd(dagster))
        assert {answer.source for answer in answers} == {"dagster"}
        assert ask(DUE, dagster)[0] == "dagster"
    assert len(asked) == 1
    assert asked[0]["variables"]["days"] == [f"2026-11-{n}" for n in range(15, 22)]
    assert asked[0]["variables"]["whole"] == [{"path": ["genre", "champion"]}]


def test_an_event_that_was_reported_by_hand_has_no_run() -> None:
    event = {"runId": "", "timestamp": "1795132800123", "partition": "2026-11-20"}
    node = {
        "assetKey": {"path": ["marts", "trends"]},
        "last": [event],
        "latest": [None, event],
        "statuses": {"ranges": []},
    }
    with answering(200, orjson.dumps({"data": {"daily": [node], "whole": []}})) as (url, _):
        found = asyncio.run(DagsterRuns(url).partitions([DAY], ["marts/trends"], []))
    assert found and found["marts/trends"].runs == {DAY: Run(None, datetime(2026, 11, 20, 0, 0, 0, 123000, UTC))}


def test_the_deadline_is_dagsters_too_and_the_api_loads_no_table_for_it() -> None:
    assert automation.DAILY_FRESHNESS.deadline_cron == "0 6 * * *"  # type: ignore[attr-defined]
    assert automation.WEEKLY_FRESHNESS.fail_window.to_timedelta() == deadlines.WEEKLY_WINDOW  # type: ignore[attr-defined]
    assert deadlines.due_at(DAY) == datetime(2026, 11, 21, 6, tzinfo=UTC)
    heavy = {"polars", "pyarrow", "dagster", "httpx"}
    check = f"import sys, api.freshness; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
