"""The day's profiles held against the baseline, column by column."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.drift.statistics import align, compare

_REPORT = {**TABLES["drift/report"].schema, "date": pl.Date()}


def report_days(profiles: pl.DataFrame, baseline: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """Rows of drift/report with `date`, from drift/profiles and drift/baseline that carry `date`.

    Two rows a watched column. `current` and `baseline` count values that are not null. Where either side has none, or the
    bins are not the same, there is nothing to hold the day against: verdict no_baseline and nulls.
    """
    past = {(row["date"], row["column"]): row for row in baseline.to_dicts()}
    rows = [
        {"date": row["date"], **found}
        for row in profiles.drop("profile").filter(pl.col("date").is_in(list(days))).to_dicts()
        for found in _column(row, past.get((row["date"], row["column"])))
    ]
    return pl.DataFrame(rows, schema=_REPORT)


def _column(current: dict[str, Any], baseline: dict[str, Any] | None) -> list[dict[str, Any]]:
    sizes = {
        "column": current["column"],
        "current": current["count"] - current["nulls"],
        "baseline": baseline["count"] - baseline["nulls"] if baseline else 0,
    }
    comparable = baseline is not None and baseline["bin_edges"] == current["bin_edges"]
    if baseline is None or not comparable or not sizes["current"] or not sizes["baseline"]:
        nothing = {"statistic": None, "p_value": None, "effect": None, "drifted": None, "verdict": "no_baseline"}
        return [sizes | {"test": test} | nothing for test in ("psi", "chi_squared")]
    if current["kind"] == "numeric":
        counts = baseline["bin_counts"], current["bin_counts"]
    else:
        counts = align(_counts(baseline), _counts(current))
    return [
        sizes | vars(finding) | {"verdict": "drifted" if finding.drifted else "stable"} for finding in compare(*counts)
    ]


def _counts(row: dict[str, Any]) -> dict[str, int]:
    return dict(zip(row["categories"], row["category_counts"], strict=True))
