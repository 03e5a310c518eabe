"""The day's profiles held against what came before, column by column: rows of drift/report."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.drift.alarms import alarms, severity
from trending_assets.drift.column_tests import Tested, tests_of
from trending_assets.drift.day_null import HISTORY
from trending_assets.drift.quality_tests import quality_tests
from trending_assets.drift.training_tests import training_tests

YOUNG_DAYS = 7
"""Days of baseline below which only a large effect alarms: what days differ by is hardly known yet."""
NOTED = 0.01
"""p-value below which a test that cannot alarm (median, minimum, maximum) is worth reading."""
REPORT = {**TABLES["drift/report"].schema, "date": pl.Date()}

Row = Mapping[str, Any]


def report_days(
    profiles: pl.DataFrame, baseline: pl.DataFrame, quality: pl.DataFrame, days: Sequence[date]
) -> pl.DataFrame:
    """Rows of drift/report with `date`, from frames with `date`: drift/profiles of the days and of the 84 days before them,
    drift/baseline of the days, and drift/quality of the days and of the 28 before.

    All tests of a day that may alarm are one family (alarms). Where a column has no values or no past there is nothing to hold it
    against: verdict no_baseline and nulls.
    """
    columns = _by_column(profiles)
    merged = {(row["date"], row["column"], row["against"]): row for row in baseline.drop("profile").to_dicts()}
    rows: list[dict[str, Any]] = []
    for day in sorted(days):
        rows += _day(day, columns, merged, quality.filter(pl.col("date") <= day))
    return pl.DataFrame(rows, schema=REPORT)


def _by_column(profiles: pl.DataFrame) -> dict[str, list[Row]]:
    """Rows of each column, oldest first."""
    found: dict[str, list[Row]] = {}
    for row in profiles.drop("profile", strict=False).sort("column", "date").to_dicts():
        found.setdefault(row["column"], []).append(row)
    return found


def _day(
    day: date,
    columns: Mapping[str, Sequence[Row]],
    baselines: Mapping[tuple[date, str, str], Row],
    quality: pl.DataFrame,
) -> list[dict[str, Any]]:
    found: list[tuple[dict[str, Any], Tested | None]] = []
    for column, rows in columns.items():
        current = next((row for row in rows if row["date"] == day), None)
        if current is None:
            continue
        past = [row for row in rows if day - timedelta(days=HISTORY) <= row["date"] < day and _same(row, current)]
        for against in ("trailing", "training"):
            base = baselines.get((day, column, against))
            head = {"date": day, "column": column, "against": against, **_sizes(current, base)}
            if against == "training":
                if base is not None and _same(base, current):
                    found += [(head, one) for one in training_tests(current, past, base)]
            elif base is None or not past or current["count"] == 0:
                found.append((head, None))
            else:
                found += [(head, one) for one in tests_of(current, past)]
    for column, labels, tested in quality_tests(day, quality):
        head = {"date": day, "column": column, "against": "trailing", "current": labels, "baseline": 0}
        found.append((head | {"baseline_version": None}, tested))
    # quality has no baseline of profiles, and days enough wherever it is tested
    young = {column for column in columns if _young(baselines.get((day, column, "trailing")))}
    family = [(n, one) for n, (_, one) in enumerate(found) if one is not None and one.decides]
    fired = dict(zip((n for n, _ in family), alarms([one.finding for _, one in family]), strict=True))
    return [head | _verdict(one, fired.get(n, False), head["column"] in young) for n, (head, one) in enumerate(found)]


def _verdict(one: Tested | None, fired: bool, young: bool) -> dict[str, Any]:
    if one is None:
        nothing = {"statistic": None, "p_value": None, "effect": None, "drifted": None, "severity": "none"}
        detail = "There is nothing to hold the day against: no value on the day or on the days before."
        return {"test": "schema", "verdict": "no_baseline", "detail": detail, **nothing}
    finding = one.finding
    size = severity(finding.test, finding.effect)
    drifted = fired and (size == "large" or not young)
    noted = not drifted and (fired or one.noted or (not one.decides and finding.p_value < NOTED and size != "none"))
    return {
        "test": finding.test,
        "statistic": finding.statistic,
        "p_value": finding.p_value,
        "effect": finding.effect,
        "severity": size,
        "drifted": drifted,
        "verdict": "drifted" if drifted else "noted" if noted else "stable",
        "detail": one.detail,
    }


def _same(row: Row, current: Row) -> bool:
    return bool(row["kind"] == current["kind"] and row["bin_edges"] == current["bin_edges"])


def _young(base: Row | None) -> bool:
    return base is None or base["days"] < YOUNG_DAYS


def _sizes(current: Row, base: Row | None) -> dict[str, Any]:
    return {
        "current": current["count"] - current["nulls"],
        "baseline": base["count"] - base["nulls"] if base else 0,
        "baseline_version": base["version"] if base else None,
    }
