"""What the lake tells: days and deadlines, quarantine, drift, quality."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from trending_assets.contracts import TABLES, empty
from trending_assets.lake import Lake
from trending_assets.monitoring.partition_metrics import daily_tables, partition_families
from trending_assets.monitoring.table_metrics import table_families
from trending_assets_tests.unit.monitoring.made import (
    FINDING,
    STABLE,
    UNKNOWN,
    VALUE,
    full_lake,
    set_aside,
    write_quality,
    write_report,
)

DAY = date(2026, 11, 20)
DEADLINE = datetime(2026, 11, 21, 6, tzinfo=UTC)
FIRST = date(2026, 11, 1)
POSTS = {"table": "raw/posts"}


def value(found: Iterable[Any], name: str, **labels: str) -> float | None:
    """The one sample of that name and those labels, None where there is none."""
    samples = [s for family in found for s in family.samples if s.name == name and s.labels == labels]
    assert len(samples) <= 1
    return samples[0].value if samples else None


def write_empty(lake: Lake, table: str, *days: date) -> None:
    for day in days:
        lake.write(table, empty(TABLES[table]), day)


@pytest.mark.parametrize(
    ("after", "missing", "overdue"),
    [(timedelta(seconds=-1), 0, 0.0), (timedelta(0), 1, 0.0), (timedelta(minutes=1), 1, 60.0)],
)
def test_a_day_is_missing_from_its_deadline_on(lake: Lake, after: timedelta, missing: int, overdue: float) -> None:
    write_empty(lake, "raw/posts", *(DAY - timedelta(days=n) for n in range(1, 9)))
    found = list(partition_families(lake, FIRST, DEADLINE + after))
    assert value(found, "trending_partitions_missing", **POSTS) == missing
    assert value(found, "trending_partition_overdue_seconds", **POSTS) == overdue
    assert value(found, "trending_partition_lag_seconds", **POSTS) == 30 * 3600 + after.total_seconds()
    assert value(found, "trending_partition_newest_day_timestamp_seconds", **POSTS) == 1795046400  # 2026-11-19T00:00Z


def test_a_backfill_of_the_newest_day_hides_no_hole(lake: Lake) -> None:
    write_empty(lake, "raw/posts", DAY - timedelta(days=2), DAY)
    found = list(partition_families(lake, DAY - timedelta(days=2), DEADLINE))
    assert value(found, "trending_partitions_missing", **POSTS) == 1
    assert value(found, "trending_partition_overdue_seconds", **POSTS) == 24 * 3600
    assert value(found, "trending_partition_lag_seconds", **POSTS) == 6 * 3600


def test_a_table_without_a_day_lags_since_the_history_began(lake: Lake) -> None:
    found = list(partition_families(lake, FIRST, DEADLINE))
    assert value(found, "trending_partition_lag_seconds", **POSTS) == (20 * 24 + 6) * 3600
    assert value(found, "trending_partition_newest_day_timestamp_seconds", **POSTS) is None
    assert value(found, "trending_partitions_missing", **POSTS) == 7


def test_what_is_published(lake: Lake, tmp_path: Path) -> None:
    assert value(table_families(lake), "trending_published_version") is None
    found = list(table_families(full_lake(tmp_path / "full", [DAY])))
    assert value(found, "trending_published_version") == 1
    assert value(found, "trending_published_day_timestamp_seconds") == 1795132800  # 2026-11-20T00:00Z


def test_quarantine_is_a_share_of_what_came_in(lake: Lake) -> None:
    write_empty(lake, "raw/posts", DAY)
    write_empty(lake, "raw/lemmy", DAY - timedelta(days=1), DAY)
    set_aside(lake, "raw/posts", DAY, 3)
    set_aside(lake, "raw/lemmy", DAY - timedelta(days=1), 5)  # an earlier day's
    found = list(table_families(lake))
    assert value(found, "trending_quarantine_rows", **POSTS) == 3
    assert value(found, "trending_quarantine_ratio", **POSTS) == 1
    assert value(found, "trending_quarantine_rows", table="raw/lemmy") == 0
    assert value(found, "trending_quarantine_ratio", table="raw/lemmy") == 0


def test_quarantine_counts_rows_beside_what_was_set_aside(lake: Lake) -> None:
    rows = empty(TABLES["scoring/title_digests"]).clear(1).with_columns(title_id=pl.lit("movie-1"))
    lake.write("scoring/title_digests", rows, DAY)
    set_aside(lake, "scoring/title_digests", DAY, 3)
    found = list(table_families(lake))
    assert value(found, "trending_quarantine_ratio", table="scoring/title_digests") == 0.75


def test_a_column_counts_by_its_worst_finding(lake: Lake) -> None:
    other = {"column": "features/title_signals.mentions"}
    write_report(
        lake,
        DAY,
        FINDING,
        STABLE | {"test": "psi"},
        FINDING | {"test": "mean", "severity": "small"},
        STABLE | {"against": "training"},
        UNKNOWN | other,
    )
    found = list(table_families(lake))

    def columns(verdict: str, severity: str, against: str) -> float | None:
        return value(found, "trending_drift_columns", verdict=verdict, severity=severity, against=against)

    assert columns("drifted", "large", "trailing") == columns("stable", "none", "training") == 1
    assert columns("no_baseline", "none", "trailing") == 1
    assert columns("drifted", "small", "trailing") == columns("stable", "none", "trailing") == 0
    assert sum(s.value for f in found if f.name == "trending_drift_columns" for s in f.samples) == 3
    where = {"column": str(FINDING["column"]), "against": "trailing"}
    assert value(found, "trending_drift_effect", **where, test="ks") == 0.4
    assert value(found, "trending_drift_effect", **other, against="trailing", test="ks") is None
    alarms = [s.labels["test"] for f in found if f.name == "trending_drift_alarm" for s in f.samples]
    assert alarms == ["ks", "mean"]
    assert value(found, "trending_drift_report_day_timestamp_seconds") == 1795132800


def test_without_a_report_nothing_is_said_of_drift(lake: Lake) -> None:
    assert not [f.name for f in table_families(lake) if f.name.startswith("trending_drift")]


def test_quality_is_the_newest_known_value(lake: Lake) -> None:
    write_quality(lake, DAY - timedelta(days=2), VALUE, VALUE | {"metric": "coverage", "value": 0.9})
    write_quality(lake, DAY - timedelta(days=1), VALUE | {"value": 0.6, "labels": 70})
    write_quality(lake, DAY, VALUE | {"value": None, "labels": 2})
    found = list(table_families(lake))
    subject = {"subject": str(VALUE["subject"])}
    assert value(found, "trending_quality", **subject, metric="macro_f1") == 0.6
    assert value(found, "trending_quality_labels", **subject, metric="macro_f1") == 70
    assert value(found, "trending_quality", **subject, metric="coverage") == 0.9


def test_the_number_of_series_stays_small(tmp_path: Path) -> None:
    lake = full_lake(tmp_path / "lake", [DAY - timedelta(days=1), DAY])
    found = [*partition_families(lake, FIRST, DEADLINE), *table_families(lake)]
    assert {f.name for f in found if not f.samples} == set()
    tables, series = len(daily_tables()), {f.name: len(f.samples) for f in found}
    assert sum(series.values()) <= 4 * tables + 2 + 2 * 13 + 32 + 4 + 1 + 1 + 2
