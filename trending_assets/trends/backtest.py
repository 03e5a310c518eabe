"""Causal backtest: does the ranking of a day foretell whom people write about next? Printed beside simple baselines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from trending_assets.trends.parameters import DEFAULTS, Parameters
from trending_assets.trends.rank import rank_days
from trending_assets.trends.window import Array

PLACES = 20
"""Places of a ranking that are judged."""
WARM_UP = 28
"""Days of history that a judged day must have."""
AHEAD = 7
"""Days after a judged day that the data must still hold."""

Scorer = Callable[[int], Array]


def ndcg(scores: Array, gains: Array, places: int = PLACES) -> float:
    """NDCG with linear gain and log2 discount (Järvelin and Kekäläinen 2002); ties go to the lower index. 0 without gain."""
    discount = 1 / np.log2(np.arange(2, places + 2))
    order = np.argsort(-scores, kind="stable")[:places]
    best = np.sort(gains)[::-1][:places]
    ideal = float(best @ discount[: best.size])
    return float(gains[order] @ discount[: order.size]) / ideal if ideal > 0 else 0.0


def targets(counts: Array, t: int) -> dict[str, Array]:
    """What day t should have foretold, from authors by title and day.

    1d: authors of the next day. 7d: authors of the next 7 days. rise: with b a week's share of the last 28 days and f the next
    7 days, (f - b) / sqrt(b + 1) where f is at least 5 and above b, else 0.
    """
    ahead = counts[:, t + 1 : t + 1 + AHEAD].sum(axis=1)
    before = counts[:, max(t - WARM_UP + 1, 0) : t + 1].sum(axis=1) / 4
    rise = np.where(ahead >= 5, np.maximum(0, ahead - before) / np.sqrt(before + 1), 0.0)
    return {"1d": counts[:, t + 1], "7d": ahead, "rise": rise}


def ewma(counts: Array, half_life: float) -> Scorer:
    """Exponentially weighted mean of daily authors up to the day."""

    def score(t: int) -> Array:
        weights = 0.5 ** (np.arange(t, -1, -1) / half_life)
        return np.asarray(counts[:, : t + 1] @ weights / weights.sum())

    return score


def baselines(counts: Array) -> dict[str, Scorer]:
    """The rankings to beat: raw counts of one, seven and all days, and EWMA levels."""
    return {
        "all days": lambda t: np.asarray(counts[:, : t + 1].sum(axis=1)),
        "last 7 days": lambda t: np.asarray(counts[:, max(t - 6, 0) : t + 1].sum(axis=1)),
        "today": lambda t: counts[:, t],
        "today - yesterday": lambda t: counts[:, t] - counts[:, t - 1],
        **{f"EWMA {h:g} d": ewma(counts, h) for h in (0.5, 1, 1.5, 2, 3)},
    }


def backtest(
    features: pl.DataFrame, last: date, variants: Mapping[str, Parameters] | None = None, first: date | None = None
) -> pl.DataFrame:
    """Mean NDCG@20 by method and target over the days that have 28 days before and 7 days after them up to `last`.

    `features` is features/title_signals with `date`; rows after `last` are cut off before anything is computed. `first` moves the
    first judged day. Columns method, days, 1d, 7d and rise.
    """
    known = features.filter(pl.col("date") <= last)
    days = pl.select(pl.date_range(known["date"].sort()[0], last)).to_series().to_list()
    ids = known["title_id"].unique().sort().to_list()
    place = {title_id: n for n, title_id in enumerate(ids)}
    counts = np.zeros((len(ids), len(days)))
    for day, title_id, authors in known.select("date", "title_id", "authors").iter_rows():
        counts[place[title_id], (day - days[0]).days] = authors
    judged = [t for t in range(WARM_UP - 1, len(days) - AHEAD) if first is None or days[t] >= first]
    scorers = baselines(counts)
    for name, parameters in (variants or {"Trending Now": DEFAULTS}).items():
        scorers[name] = _ours(known, [days[t] for t in judged], days[0], place, parameters)
    rows = []
    for name, scorer in scorers.items():
        found: dict[str, list[float]] = {"1d": [], "7d": [], "rise": []}
        for t in judged:
            scores = scorer(t)
            for target, gains in targets(counts, t).items():
                found[target].append(ndcg(scores, gains))
        rows.append({"method": name, "days": len(judged), **{k: float(np.mean(v)) for k, v in found.items()}})
    return pl.DataFrame(rows)


def _ours(
    features: pl.DataFrame, days: Sequence[date], start: date, place: Mapping[str, int], parameters: Parameters
) -> Scorer:
    ranked = rank_days(features, days, parameters=parameters).select("date", "title_id", "score")
    by_day = {key[0]: frame for key, frame in ranked.partition_by("date", as_dict=True).items()}

    def score(t: int) -> Array:
        scores = np.zeros(len(place))
        frame = by_day[start + timedelta(days=t)]
        scores[[place[title_id] for title_id in frame["title_id"]]] = frame["score"].to_numpy()
        return scores

    return score
