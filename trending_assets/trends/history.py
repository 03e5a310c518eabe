"""The trailing window of a day as one matrix of daily voices, and the volume of its days."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from trending_assets.trends.detection_parameters import DetectionParameters

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class History:
    """Voices of the titles with any row in the window of `day`.

    `voices` is titles x days, titles as in `title_ids` (ascending), newest day first; `authors` are the day's plain counts.
    `known` says which days have any row: the others are days that the lake does not know, not days without voices. `volume`
    is how much a day has of an ordinary day's voices.
    """

    day: date
    title_ids: pl.Series
    authors: Array
    voices: Array
    known: Flags
    volume: Array


def history_of(signals: pl.DataFrame, day: date, parameters: DetectionParameters) -> History:
    """The window of `day` from rows with date, title_id and voices (authors where that column is absent or null).

    Rows of days outside the window have no influence.
    """
    first = day - timedelta(days=parameters.window_days - 1)
    counts = ["voices", "authors"] if "voices" in signals.columns else ["authors"]
    rows = signals.filter(pl.col("date").is_between(first, day)).select(
        "title_id",
        age=(pl.lit(day) - pl.col("date")).dt.total_days(),
        authors=pl.col("authors").fill_null(0).cast(pl.Float64),
        voices=pl.coalesce(counts).fill_null(0).cast(pl.Float64),
    )
    title_ids = rows["title_id"].unique().sort()
    places = pl.DataFrame({"title_id": title_ids}).with_row_index("place")
    placed = rows.join(places, on="title_id")
    cells = placed["place"].to_numpy(), placed["age"].to_numpy()
    voices, authors = np.zeros((2, len(title_ids), parameters.window_days))
    voices[cells] = placed["voices"].to_numpy()
    authors[cells] = placed["authors"].to_numpy()
    known = np.zeros(parameters.window_days, dtype=bool)
    known[placed["age"].unique().to_numpy()] = True
    return History(day, title_ids, authors[:, 0], voices, known, volumes(voices, known, parameters))


def volumes(voices: Array, known: Flags, parameters: DetectionParameters) -> Array:
    """Each day's total over that of the mean known day, newest first; 0 for days that are not known.

    Takes out the weekday, and what else moves all titles of a day. No title counts with more than `volume_cap` times its median
    day (or `volume_floor`). Totals are weighed with `volume_prior` voices of what is usual on that day of the week.
    """
    if not known.any():
        return np.zeros(known.size)
    median = np.median(voices[:, known], axis=1) if len(voices) else np.zeros(0)
    cap = np.maximum(parameters.volume_floor, parameters.volume_cap * median)
    total = np.minimum(voices, cap[:, None]).sum(axis=0)
    mean = max(float(total[known].mean()), 1e-9)
    usual = np.zeros(known.size)
    for weekday in range(min(7, known.size)):
        same = known[weekday::7]
        usual[weekday::7] = (total[weekday::7][same].sum() + mean) / (same.sum() + 1)
    prior = parameters.volume_prior
    return np.where(known, (total + prior * usual / mean) / (mean + prior), 0.0)
