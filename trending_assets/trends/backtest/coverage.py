"""Do the intervals hold, and are the expectations right? Over every title and day that the ranking spoke about."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from trending_assets.trends.backtest.bootstrap import ratio
from trending_assets.trends.backtest.panel import Array, Panel, Places, targets

STRATA = ((0.0, 1.0), (1.0, 5.0), (5.0, 20.0), (20.0, float("inf")))
"""Strata of expected mentions, the lower end included."""
BINS = (0.0, 0.1, 0.3, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, float("inf"))
"""Bins of expected mentions that are held against what was seen."""


def outcomes(panel: Panel, scores: pl.DataFrame, judged: Places) -> pl.DataFrame:
    """date, expected, low, high and seen (voices of the next 7 days) of each row of the judged days that has an interval."""
    ahead = targets(panel.counts, judged)["7d"]
    day, title = np.nonzero(ahead)
    days = [panel.days[t] for t in judged]
    truth = pl.DataFrame(
        {
            "date": pl.Series([days[d] for d in day], dtype=pl.Date),
            "title_id": pl.Series([panel.ids[i] for i in title], dtype=pl.String),
            "seen": ahead[day, title],
        }
    )
    spoken = scores.select("date", "title_id", "expected", low="expected_low", high="expected_high").drop_nulls()
    rows = spoken.filter(pl.col("date").is_in(days)).join(truth, on=["date", "title_id"], how="left")
    return rows.with_columns(pl.col("seen").fill_null(0.0))


def coverage(rows: pl.DataFrame, days: Sequence[object], weights: Array) -> pl.DataFrame:
    """Share of title-days inside, below and above their interval, overall and by expectation, with the share's interval."""
    found = []
    for low, high in ((0.0, float("inf")), *STRATA):
        part = rows.filter(pl.col("expected") >= low, pl.col("expected") < high)
        if part.is_empty():
            continue
        daily = _daily(
            part,
            days,
            inside=pl.col("seen").is_between("low", "high"),
            below=pl.col("seen") < pl.col("low"),
            above=pl.col("seen") > pl.col("high"),
            wide=pl.col("high") - pl.col("low"),
        )
        value, least, most = ratio(daily["inside"], daily["n"], weights)
        found.append(
            {
                "stratum": "all" if (low, high) == (0.0, float("inf")) else label(low, high),
                "value": value,
                "low": least,
                "high": most,
                "below": float(daily["below"].sum() / daily["n"].sum()),
                "above": float(daily["above"].sum() / daily["n"].sum()),
                "width": float(daily["wide"].sum() / daily["n"].sum()),
                "n": part.height,
            }
        )
    reals = dict.fromkeys(("value", "low", "high", "below", "above", "width"), pl.Float64)
    return pl.DataFrame(found, schema={"stratum": pl.String, **reals, "n": pl.Int64})


def reliability(rows: pl.DataFrame, days: Sequence[object], weights: Array) -> pl.DataFrame:
    """Mean of what was seen against the mean expectation, by bins of the expectation."""
    found = []
    for low, high in pairwise(BINS):
        part = rows.filter(pl.col("expected") >= low, pl.col("expected") < high)
        if part.is_empty():
            continue
        daily = _daily(part, days, seen=pl.col("seen"), expected=pl.col("expected"))
        value, least, most = ratio(daily["seen"], daily["n"], weights)
        expected = float(daily["expected"].sum() / daily["n"].sum())
        found.append(
            {"bin": label(low, high), "expected": expected, "value": value, "low": least, "high": most}
            | {"n": part.height}
        )
    reals = dict.fromkeys(("expected", "value", "low", "high"), pl.Float64)
    return pl.DataFrame(found, schema={"bin": pl.String, **reals, "n": pl.Int64})


def label(low: float, high: float) -> str:
    """A bin in words: 1 to 5, or 20 and more."""
    return f"{low:g} and more" if high == float("inf") else f"{low:g} to {high:g}"


def _daily(rows: pl.DataFrame, days: Sequence[object], **sums: pl.Expr) -> dict[str, Array]:
    """Sums of each day in the order of `days`, 0 for a day without rows, with the number of rows as `n`."""
    totals = rows.group_by("date").agg(n=pl.len(), **{name: e.cast(pl.Float64).sum() for name, e in sums.items()})
    every = pl.DataFrame({"date": pl.Series(days, dtype=pl.Date)}).join(
        totals, on="date", how="left", maintain_order="left"
    )
    return {name: every[name].cast(pl.Float64).fill_null(0.0).to_numpy() for name in ("n", *sums)}
