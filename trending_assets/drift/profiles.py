"""Profiles of a day, and the sum of the days before it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.drift.sketch import column_profile
from trending_assets.drift.watched import WATCHED, Watched, bin_counts, values_of

MOST_CATEGORIES = 1_000
"""Categories of a day beyond this many, rarest first, are counted together as OTHER."""
OTHER = "(other)"
_PROFILES = {**TABLES["drift/profiles"].schema, "date": pl.Date()}
_BASELINE = {**TABLES["drift/baseline"].schema, "date": pl.Date()}


def profile_days(tables: Mapping[str, pl.DataFrame], days: Sequence[date]) -> pl.DataFrame:
    """Rows of drift/profiles with `date`, one a day and watched column, from frames by table name that carry `date`."""
    rows = [
        profile_column(watched, values_of(watched, tables[watched.table], day), day) | {"date": day}
        for day in days
        for watched in WATCHED
    ]
    return pl.DataFrame(rows, schema=_PROFILES)


def profile_column(watched: Watched, values: pl.Series, day: date) -> dict[str, Any]:
    """One row of drift/profiles. Means and deviations are of the values that are not null; a deviation needs two."""
    present = values.drop_nulls().sort()
    numeric = watched.kind == "numeric"
    counted = [] if numeric else category_counts(present)
    return {
        "column": watched.name,
        "kind": watched.kind,
        "count": len(values),
        "nulls": values.null_count(),
        "mean": present.mean() if numeric else None,
        "stddev": present.std() if numeric else None,
        "bin_edges": list(watched.edges),
        "bin_counts": bin_counts(present, watched.edges) if numeric else [],
        "categories": [name for name, _ in counted],
        "category_counts": [n for _, n in counted],
        "profile": column_profile(values, day),
    }


def category_counts(values: pl.Series, most: int = MOST_CATEGORIES) -> list[tuple[str, int]]:
    """(category, how often) of strings, by category ascending; the rarest beyond `most` together as OTHER."""
    counted: list[tuple[str, int]] = sorted(values.drop_nulls().value_counts().rows(), key=lambda c: (-c[1], c[0]))
    kept, rest = counted[:most], counted[most:]
    return sorted(kept + ([(OTHER, sum(n for _, n in rest))] if rest else []))


def baseline_days(past: pl.DataFrame, days: Sequence[date], window: int) -> pl.DataFrame:
    """Rows of drift/baseline with `date`: for each day the sum of the profiles of the `window` days before it.

    Counts add exactly, for bins are fixed. Where the bins of a column have changed, only days with the newest ones count. A
    day without any past has no rows.
    """
    rows: list[dict[str, Any]] = []
    for day in days:
        first = day - timedelta(days=window)
        seen = past.filter((pl.col("date") >= first) & (pl.col("date") < day)).sort("column", "date")
        for part in seen.partition_by("column", maintain_order=True):
            parts = part.to_dicts()
            newest = parts[-1]
            same = [p for p in parts if p["kind"] == newest["kind"] and p["bin_edges"] == newest["bin_edges"]]
            rows.append({"date": day, "column": newest["column"], **_sum(same)})
    return pl.DataFrame(rows, schema=_BASELINE)


def _sum(parts: list[dict[str, Any]]) -> dict[str, Any]:
    categories: dict[str, int] = {}
    for part in parts:
        for name, n in zip(part["categories"], part["category_counts"], strict=True):
            categories[name] = categories.get(name, 0) + n
    return {
        "kind": parts[0]["kind"],
        "days": len(parts),
        "count": sum(p["count"] for p in parts),
        "nulls": sum(p["nulls"] for p in parts),
        "bin_edges": parts[0]["bin_edges"],
        "bin_counts": [sum(column) for column in zip(*(p["bin_counts"] for p in parts), strict=True)],
        "categories": sorted(categories),
        "category_counts": [categories[name] for name in sorted(categories)],
    }
