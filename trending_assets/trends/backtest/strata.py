"""NDCG among parts of the catalogue: what was never mentioned, what has just come out, head and tail."""

import numpy as np
import polars as pl

from trending_assets.trends.backtest.days import WARM_UP
from trending_assets.trends.backtest.metrics import lists, ndcg
from trending_assets.trends.backtest.panel import Array, Flags, Panel, Places, running

HEAD = 100
"""Titles of the head: the most mentioned of the last 28 days."""
NEW = 7
"""A title is new for this many days from its release on."""


def strata(panel: Panel, judged: Places, releases: pl.DataFrame | None) -> dict[str, Flags]:
    """Which titles (columns) are in a stratum on each judged day (rows). Head, tail and never mentioned are the whole."""
    total = running(panel.counts)
    ever = total[judged + 1]
    month = ever - total[np.maximum(judged + 1 - WARM_UP, 0)]
    head = np.zeros(month.shape, dtype=bool)
    for day, listed in enumerate(lists(np.where(month > 0, month, -np.inf), HEAD)):
        head[day, listed[listed >= 0]] = True
    found = {"never mentioned before": ever == 0, "head": head, "tail": (ever > 0) & ~head}
    if releases is not None:
        out = dict(releases.drop_nulls().select("title_id", "release_date").iter_rows())
        # Days since an origin that no title can be younger than; a title without a date is never new.
        since = np.array([(out[i] - panel.days[0]).days if i in out else np.iinfo(np.int32).max for i in panel.ids])
        age = judged[:, None] - since[None, :]
        found[f"out for less than {NEW} days"] = (age >= 0) & (age < NEW)
    return found


def ndcg_within(scores: Array, gains: Array, inside: Flags) -> Array:
    """NDCG@20 of each day with the stratum's titles alone; NaN on a day on which none of them has a gain."""
    within = np.where(inside, gains, 0.0)
    found = ndcg(lists(np.where(inside, scores, -np.inf)), within)
    return np.where(within.any(axis=1), found, np.nan)


def share_of_truth(gains: Array, inside: Flags) -> float:
    """Share of the true first 20 of all days that is in the stratum."""
    true = lists(np.where(gains > 0, gains, -np.inf))
    listed = true >= 0
    hits = np.take_along_axis(inside, np.maximum(true, 0), axis=1) & listed
    return float(hits.sum() / listed.sum()) if listed.any() else float("nan")
