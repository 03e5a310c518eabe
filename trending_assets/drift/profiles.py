"""Profiles of a day, and the sum of the days before it."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.drift.sketch import (
    ascending,
    counted,
    median_of,
    merge_profiles,
    moments,
    most_frequent,
    number_profile,
    pooled,
    text_profile,
)
from trending_assets.drift.watched import WATCHED, Watched, values_of

MOST_CATEGORIES = 1_000
"""Categories of a day beyond this many, rarest first, are counted together as OTHER."""
OTHER = "(other)"
_PROFILES = {**TABLES["drift/profiles"].schema, "date": pl.Date()}
BASELINE = {**TABLES["drift/baseline"].schema, "date": pl.Date()}


def profile_days(tables: Mapping[str, pl.DataFrame], days: Sequence[date]) -> pl.DataFrame:
    """Rows of drift/profiles with `date`, one a day and watched column, from frames by table name that carry `date`."""
    rows = [
        profile_column(watched, values_of(watched, tables[watched.table], day), day)
        for day in days
        for watched in WATCHED
    ]
    return pl.DataFrame(rows, schema=_PROFILES)


def profile_column(watched: Watched, values: pl.Series, day: date) -> dict[str, Any]:
    """One row of drift/profiles with `date`. NaN counts as null; a deviation needs two values."""
    row = {"date": day, "column": watched.name, "kind": watched.kind, "count": len(values)}
    if watched.kind == "categorical":
        return row | _texts(counted(values), values.null_count())
    return row | _numbers(ascending(values), len(values), int(values.is_nan().sum() or 0), watched.edges)


def _numbers(ordered: Any, count: int, nans: int, edges: Sequence[float]) -> dict[str, Any]:
    """What is known of values ascending. Bins hold their lower edge and not their upper one."""
    import numpy as np

    n = len(ordered)
    ends = [0, *np.searchsorted(ordered, np.asarray(edges, float), "left").tolist(), n]
    mean, m2 = moments(ordered)
    low, high = (ordered[(n - 1) // 2], ordered[n // 2]) if n else (0.0, 0.0)
    return {
        "nulls": count - n,
        "minimum": float(ordered[0]) if n else None,
        "mean": mean if n else None,
        "median": float(low + (high - low) / 2) if n else None,
        "maximum": float(ordered[-1]) if n else None,
        "stddev": math.sqrt(m2 / (n - 1)) if n > 1 else None,
        "bin_edges": list(edges),
        "bin_counts": [after - before for before, after in pairwise(ends)],
        "categories": [],
        "category_counts": [],
        "profile": number_profile(ordered, mean, m2, count - n, nans),
    }


def _texts(counts: pl.DataFrame, nulls: int) -> dict[str, Any]:
    kept = _kept(counts, MOST_CATEGORIES)
    return {
        "nulls": nulls,
        **dict.fromkeys(("minimum", "mean", "median", "maximum", "stddev")),
        "bin_edges": [],
        "bin_counts": [],
        "categories": [name for name, _ in kept],
        "category_counts": [n for _, n in kept],
        "profile": text_profile(counts, nulls),
    }


def category_counts(values: pl.Series, most: int = MOST_CATEGORIES) -> list[tuple[str, int]]:
    """(category, how often) of strings, by category ascending; the rarest beyond `most` together as OTHER."""
    return _kept(counted(values), most)


def _kept(counts: pl.DataFrame, most: int) -> list[tuple[str, int]]:
    kept = most_frequent(counts, most)
    rest = int(counts["count"].sum()) - int(kept["count"].sum())
    return sorted(kept.rows() + ([(OTHER, rest)] if rest else []))


def baseline_days(past: pl.DataFrame, days: Sequence[date], window: int) -> pl.DataFrame:
    """Rows of drift/baseline against `trailing` with `date`: for each day the merged profiles of the `window` days before it.

    Where the bins of a column have changed, only days with the newest ones count. `version` is that of all rows that were
    merged, the same for every column. A day without any past has no rows.
    """
    rows: list[dict[str, Any]] = []
    for day in days:
        first = day - timedelta(days=window)
        merged = _with_newest_bins(past.filter((pl.col("date") >= first) & (pl.col("date") < day)))
        known = {"date": day, "against": "trailing", "version": _version(merged)}
        rows += [known | row for row in merge_rows(merged)]
    return pl.DataFrame(rows, schema=BASELINE)


def merge_rows(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of drift/profiles (with `date`) of any days merged into one a column, with first_day, last_day and days.

    Counts add up exactly, mean and deviation to the precision of floats; the median is that of the merged profile. The rows of
    a column must have the same kind and bins.
    """
    parts = rows.sort("column", "date").partition_by("column", maintain_order=True)
    return [_merge(part.to_dicts()) for part in parts]


def _with_newest_bins(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows whose kind and bins are those of the column's newest day, by column and day."""
    kept = []
    for part in rows.sort("column", "date").partition_by("column", maintain_order=True):
        newest = part.row(-1, named=True)
        edges = pl.Series([newest["bin_edges"]], dtype=pl.List(pl.Float64))
        kept.append(part.filter((pl.col("kind") == newest["kind"]) & (pl.col("bin_edges") == edges)))
    return pl.concat(kept) if kept else rows


def _version(rows: pl.DataFrame) -> str:
    """First 16 hex digits of the SHA-256 over day, column and profile of the rows, in their order."""
    found = hashlib.sha256()
    for day, column, profile in rows.select("date", "column", "profile").iter_rows():
        found.update(f"{day}\n{column}\n{len(profile)}\n".encode() + profile)
    return found.hexdigest()[:16]


def _merge(parts: list[dict[str, Any]]) -> dict[str, Any]:
    categories: dict[str, int] = {}
    for part in parts:
        for name, n in zip(part["categories"], part["category_counts"], strict=True):
            categories[name] = categories.get(name, 0) + n
    profile = merge_profiles([part["profile"] for part in parts])
    return {
        "column": parts[0]["column"],
        "first_day": parts[0]["date"],
        "last_day": parts[-1]["date"],
        "days": len(parts),
        "kind": parts[0]["kind"],
        "count": sum(p["count"] for p in parts),
        "nulls": sum(p["nulls"] for p in parts),
        **_merge_statistics(parts),
        "median": median_of(profile),
        "bin_edges": parts[0]["bin_edges"],
        "bin_counts": [sum(column) for column in zip(*(p["bin_counts"] for p in parts), strict=True)],
        "categories": sorted(categories),
        "category_counts": [categories[name] for name in sorted(categories)],
        "profile": profile,
    }


def _merge_statistics(parts: list[dict[str, Any]]) -> dict[str, float | None]:
    held = [part for part in parts if part["mean"] is not None]
    if not held:
        return {"minimum": None, "mean": None, "maximum": None, "stddev": None}
    sizes = [part["count"] - part["nulls"] for part in held]
    n, mean, squares = pooled(
        [(size, p["mean"], (p["stddev"] or 0.0) ** 2 * (size - 1)) for size, p in zip(sizes, held, strict=True)]
    )
    return {
        "minimum": min(p["minimum"] for p in held),
        "mean": mean,
        "maximum": max(p["maximum"] for p in held),
        "stddev": math.sqrt(squares / (n - 1)) if n > 1 else None,
    }
