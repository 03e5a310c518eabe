"""/v1/freshness: the newest day of every asset, when the next one is expected, and how late it is.

Seen from the days that are there, as in trending_assets/freshness.py: a backfill of an old day makes nothing fresh.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.dagster_runs import DagsterRuns, Partitions
from trending_assets.deadlines import WEEKLY_WINDOW, due_at, due_days

BUNDLE = "serving/bundle"
Record = Sequence[Mapping[str, Any]]
"""`assets` of /v1/lineage as the bundle carries them: asset, partition (null where it has no days), sha256, …"""


class AssetFreshness(BaseModel):
    """How fresh an asset is. Nulls say that it is not known: without Dagster, whatever the bundle does not rest on."""

    model_config = ConfigDict(extra="forbid")
    asset: str
    daily: bool = Field(description="it has a partition a day; otherwise it is made once a week")
    newest: date | None = Field(description="newest day that is there; null for what has no days")
    expected_by: datetime | None = Field(
        description="instant (UTC) by which the first day that is missing is, or was, to be there"
    )
    late_seconds: int | None = Field(ge=0, description="seconds since then; 0 where nothing is late")
    run_id: str | None = Field(description="Dagster's run that wrote the newest day, null where it is not known")
    materialized_at: datetime | None = Field(description="when it did (UTC)")


EXAMPLE: dict[str, JsonValue] = {
    "source": "dagster",
    "now": "2026-11-22T07:00:00Z",
    "results": [
        {
            "asset": "marts/trends",
            "daily": True,
            "newest": "2026-11-20",
            "expected_by": "2026-11-22T06:00:00Z",
            "late_seconds": 3600,
            "run_id": "84d44bb5-6483-40ec-a66d-ee47fb36e9f2",
            "materialized_at": "2026-11-21T04:10:00Z",
        }
    ],
}


class Freshness(BaseModel):
    """The state of every asset."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    source: Literal["dagster", "bundle"] = Field(
        description="dagster: as it knows it now; bundle: Dagster does not answer, so by what the newest bundle rests on"
    )
    now: datetime = Field(description="instant (UTC) that the answer is about")
    results: list[AssetFreshness]


async def freshness(
    record: Record, day: date, first_day: date, now: datetime, dagster: DagsterRuns | None
) -> Freshness:
    """The freshness of every asset of the record of `day`'s bundle at `now` (UTC): by Dagster, without it by the record."""
    known = None
    if dagster is not None:
        daily = [str(row["asset"]) for row in record if row["partition"]]
        whole = [str(row["asset"]) for row in record if not row["partition"]]
        days = sorted({day, *due_days(now, first_day)})
        known = await dagster.partitions(days, daily, whole)
    results = [_row(row, day, first_day, now, known) for row in record]
    return Freshness(source="bundle" if known is None else "dagster", now=now, results=results)


def _row(
    row: Mapping[str, Any], day: date, first_day: date, now: datetime, known: Mapping[str, Partitions] | None
) -> AssetFreshness:
    name, daily = str(row["asset"]), bool(row["partition"])
    there = _by_record(row, day) if known is None else known.get(name, Partitions())
    newest = there.newest if daily else None
    run = there.runs.get(newest) if newest else there.last
    expected: datetime | None = None
    if daily and (newest or known is not None):
        expected = due_at(first_missing(there, first_day, now))
    elif run is not None:
        expected = run.at + WEEKLY_WINDOW
    return AssetFreshness(
        asset=name,
        daily=daily,
        newest=newest,
        expected_by=expected,
        late_seconds=None if expected is None else max(0, int((now - expected).total_seconds())),
        run_id=run.run_id if run else None,
        materialized_at=run.at if run else None,
    )


def _by_record(row: Mapping[str, Any], day: date) -> Partitions:
    """What the record of a bundle says: the bundle's day of what the bundle rests on, and of the bundle itself."""
    there = bool(row["partition"]) and (row["sha256"] is not None or row["asset"] == BUNDLE)
    return Partitions([(day, day)] if there else ())


def first_missing(there: Partitions, first_day: date, now: datetime) -> date:
    """The first day that is not there: of the last 7 due days where one is a hole, else the day after the newest.

    Days before the asset's first one are no holes: it is younger than they are. Of an asset without any day, the first of the
    last 7 due days is missing.
    """
    due = due_days(now, first_day)
    if there.newest is None or there.oldest is None:
        return due[0] if due else first_day
    holes = [day for day in due if there.oldest < day < there.newest and day not in there]
    return holes[0] if holes else there.newest + timedelta(days=1)
