"""A lake that has something for every metric."""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from bench.made_lake import made_lake
from trending_assets import quarantine
from trending_assets.contracts import TABLES, empty
from trending_assets.failures import Reason
from trending_assets.lake import Lake
from trending_assets.monitoring.partition_metrics import daily_tables

FINDING = {
    "column": "scoring/document_scores.sentiment",
    "against": "trailing",
    "test": "ks",
    "statistic": 0.4,
    "p_value": 0.001,
    "effect": 0.4,
    "severity": "large",
    "drifted": True,
    "verdict": "drifted",
    "detail": "told to drift",
    "current": 1000,
    "baseline": 5000,
    "baseline_version": "0123456789abcdef",
}
STABLE = FINDING | {"effect": 0.01, "severity": "none", "drifted": False, "verdict": "stable"}
UNKNOWN = FINDING | {
    **dict.fromkeys(("statistic", "p_value", "effect", "drifted", "baseline_version")),
    "severity": "none",
    "verdict": "no_baseline",
}
VALUE = {"subject": "genre/predictions.genre", "metric": "macro_f1", "value": 0.5, "labels": 40}


def write_report(lake: Lake, day: date, *findings: dict[str, object]) -> None:
    """Put a report on drift into the lake."""
    lake.write("drift/report", pl.DataFrame(list(findings), schema=TABLES["drift/report"].schema), day)


def write_quality(lake: Lake, day: date, *values: dict[str, object]) -> None:
    """Put measured quality into the lake."""
    rows = [{"made_on": day, **value} for value in values]
    lake.write("drift/quality", pl.DataFrame(rows, schema=TABLES["drift/quality"].schema), day)


def set_aside(lake: Lake, table: str, day: date, count: int) -> None:
    """Put rows into a table's quarantine."""
    rows = [
        quarantine.row("feed", f"https://example.org/{n}", Reason.NO_TEXT, "no text", b"x%d" % n) for n in range(count)
    ]
    quarantine.replace(lake, table, day, rows)


def full_lake(folder: Path, days: Sequence[date], without: Collection[tuple[str, date]] = ()) -> Lake:
    """Every daily table on each of the days but the ones of `without`, a published bundle, and a large drift on the last."""
    lake = made_lake(folder, days, titles=20, documents=30)
    for table in daily_tables():
        for day in days:
            if (table, day) in without:
                lake.store.delete(lake.key(table, day))
            elif table != "serving/bundle":
                lake.write(table, empty(TABLES[table]), day)
    if ("drift/report", days[-1]) not in without:
        write_report(lake, days[-1], FINDING, *(STABLE | {"test": test} for test in ("psi", "chi_squared", "missing")))
    write_quality(lake, days[-1], VALUE)
    set_aside(lake, "raw/posts", days[-1], 3)
    return lake
