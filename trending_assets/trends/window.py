"""The trailing window of a day as arrays, with level and baseline of every title in it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from trending_assets.trends.parameters import Parameters

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """What is known of the titles at the end of `day`; arrays run over `title_ids` (ascending).

    `level` and `baseline` are authors per day of ordinary volume; `volume` is the day's volume over the window's mean;
    `past_days` counts the days before `day` that have any row; `level_days` and `baseline_days` are the days that the two
    averages are worth: (sum of weights)² / sum of squared weights (Kish's effective sample size).
    """

    day: date
    title_ids: list[str]
    today: Array
    level: Array
    baseline: Array
    last_seen: Array
    volume: float
    past_days: int
    level_days: float
    baseline_days: float


def window_of(features: pl.DataFrame, day: date, parameters: Parameters) -> Window:
    """Arrays of the titles with any row in the `window_days` up to `day`. Rows of other days have no influence.

    A day with no row at all is a day that the lake does not know: it is left out instead of counting as zero. A day's authors
    are divided by its volume (total authors of the day over the mean of the window's known days, both with a prior), which
    takes out the weekday. `last_seen` is the age in days of the newest mention, infinite without one.
    """
    first = day - timedelta(days=parameters.window_days - 1)
    rows = features.filter(pl.col("date").is_between(first, day)).select("date", "title_id", "authors")
    title_ids = rows["title_id"].unique().sort()
    places = pl.DataFrame({"title_id": title_ids}).with_row_index("place")
    placed = rows.join(places, on="title_id").select(
        "place", age=(pl.lit(day) - pl.col("date")).dt.total_days(), n=pl.col("authors")
    )
    authors = np.zeros((len(title_ids), parameters.window_days))
    authors[placed["place"].to_numpy(), placed["age"].to_numpy()] = placed["n"].to_numpy()

    known = np.zeros(parameters.window_days, dtype=bool)
    known[placed["age"].unique().to_numpy()] = True
    known[0] = True
    totals = authors.sum(axis=0)
    mean = totals[known].mean()
    volumes = (totals + parameters.volume_prior) / (mean + parameters.volume_prior)
    usual = authors / volumes

    age = np.arange(parameters.window_days)
    level_weights = np.where(known, 0.5 ** (age / parameters.level_half_life), 0.0)
    past_weights = np.where(known & (age > 0), 0.5 ** ((age - 1) / parameters.baseline_half_life), 0.0)
    level = usual @ level_weights / level_weights.sum()
    past_days = int(known[1:].sum())
    # On the lake's first day nothing is known of the past: a title's own level stands in, so that its lift is 1.
    baseline = usual @ past_weights / past_weights.sum() if past_days else level
    seen = authors > 0
    last_seen = np.where(seen.any(axis=1), seen.argmax(axis=1).astype(float), np.inf)
    return Window(
        day=day,
        title_ids=title_ids.to_list(),
        today=authors[:, 0],
        level=level,
        baseline=baseline,
        last_seen=last_seen,
        volume=float(volumes[0]),
        past_days=past_days,
        level_days=_effective(level_weights),
        baseline_days=_effective(past_weights) if past_days else _effective(level_weights),
    )


def _effective(weights: Array) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())
