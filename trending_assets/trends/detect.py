"""Alerts: titles with more voices than their own past explains."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.trends.detection_parameters import DEFAULTS, DetectionParameters
from trending_assets.trends.history import Array, History, history_of
from trending_assets.trends.judge import judge
from trending_assets.trends.surprise import chance

ALERTS = TABLES["trends/alerts"]
SCHEMA = {"date": pl.Date, **ALERTS.schema}


def detect(signals: pl.DataFrame, days: Sequence[date], parameters: DetectionParameters = DEFAULTS) -> pl.DataFrame:
    """Rows of trends/alerts with the column `date`: the significant rises of each of `days`, by title.

    `signals` are rows with date, title_id and voices (or authors) of the days and of the 27 before each. The family of a day is
    every title with any row in its window; a day with fewer than `min_history_days` known days before it has no alert.
    Only rows of the day's own window have influence.
    """
    found = rises(signals, days, parameters)
    return _placed(found.filter(pl.col("q_value") <= parameters.false_discovery_rate))


def rises(signals: pl.DataFrame, days: Sequence[date], parameters: DetectionParameters = DEFAULTS) -> pl.DataFrame:
    """What `detect` chooses from: every title that has a voice on the day, significant or not."""
    frames = [pl.DataFrame(schema=SCHEMA)]
    for day in days:
        history = history_of(signals, day, parameters)
        if history.known[0] and history.known[1:].sum() >= parameters.min_history_days:
            frames.append(rises_of(history, parameters))
    return pl.concat(frames)


def rises_of(history: History, parameters: DetectionParameters = DEFAULTS) -> pl.DataFrame:
    """The rises of one day."""
    found = judge(history.voices, history.known, history.volume, parameters)
    false_alarms = chance(found.of, float(history.volume[0]), parameters).at(found.level)
    today = history.voices[:, 0]
    frame = pl.DataFrame(
        {
            "date": pl.repeat(history.day, today.size, dtype=pl.Date, eager=True),
            "title_id": history.title_ids,
            "score": -np.log10(np.maximum(found.level, 1e-300)),
            "fresh": found.fresh,
            "authors": history.authors,
            "voices": today,
            "expected": found.expected,
            "excess": today - found.expected,
            "p_value": found.p_value,
            "false_alarms": false_alarms,
            # Popular titles weigh more, so their q can fall below p: nothing counts whose own p is above the rate.
            "q_value": np.maximum(step_up(false_alarms), found.p_value),
        }
    )
    return _placed(frame.filter(pl.col("voices") > 0).with_columns(rank=pl.lit(0)))


def _placed(found: pl.DataFrame) -> pl.DataFrame:
    """With `rank` from 1 on each day: fresh rises first, then by score, excess and title_id. Sorted by date and title."""
    ordered = found.sort("fresh", "score", "excess", "title_id", descending=[True, True, True, False])
    ranked = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over("date"))
    return ranked.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()).sort("date", "title_id")


def step_up(false_alarms: Array) -> Array:
    """q-values (Benjamini and Hochberg 1995): alarms that chance shows down to a level, over all that are down to it."""
    order = np.argsort(false_alarms, kind="stable")
    share = false_alarms[order] / np.arange(1, false_alarms.size + 1)
    adjusted = np.empty_like(share)
    adjusted[order] = np.minimum(np.minimum.accumulate(share[::-1])[::-1], 1.0)
    return adjusted
