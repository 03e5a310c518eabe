"""Which days stand in the lake, and how late the ones are that do not. Rests on nothing but a listing of the lake.

Four gauges of one series a daily table (37 tables: 148 series).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from trending_assets.deadlines import WATCHED_DAYS, due_at
from trending_assets.freshness import freshness
from trending_assets.lake import Lake
from trending_assets.monitoring.gauges import by_one, gauges, start_of

if TYPE_CHECKING:
    from prometheus_client import Metric

DAY_SECONDS = timedelta(days=1).total_seconds()


def daily_tables() -> list[str]:
    """Names of the tables that have to have a partition a day."""
    from trending_assets.contracts import TABLES

    return [table.name for table in TABLES.values() if table.asset and table.daily]


def partition_families(lake: Lake, first_day: date, now: datetime) -> Iterator["Metric"]:
    """Lag, newest day, holes and lateness of each daily table at `now` (UTC).

    A partition is replaced in one step, so one that is there is complete. A table without any day lags behind since the
    history began; it has no newest day.
    """
    states = freshness(lake, daily_tables(), now, first_day)
    yield gauges(
        "trending_partition_lag_seconds",
        "Seconds since the end of the newest day that is in the lake; since the history began where there is none.",
        ("table",),
        by_one((s.table, now.timestamp() - _end(s.newest, first_day)) for s in states),
    )
    yield gauges(
        "trending_partition_newest_day_timestamp_seconds",
        "Start of the newest day that is in the lake (Unix).",
        ("table",),
        by_one((s.table, start_of(s.newest)) for s in states if s.newest),
    )
    yield gauges(
        "trending_partitions_missing",
        f"Days that had to be there by now and are not, of the last {WATCHED_DAYS} such days.",
        ("table",),
        by_one((s.table, len(s.missing)) for s in states),
    )
    yield gauges(
        "trending_partition_overdue_seconds",
        "Seconds since the deadline of the oldest of these days; 0 where none is missing.",
        ("table",),
        by_one((s.table, (now - due_at(s.missing[0])).total_seconds() if s.missing else 0) for s in states),
    )


def _end(newest: date | None, first_day: date) -> float:
    return start_of(newest) + DAY_SECONDS if newest else start_of(first_day)
