"""Alerts: titles with more authors than their own past explains."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.trends.parameters import DEFAULTS, Parameters
from trending_assets.trends.window import Array, Window, window_of

ALERTS = TABLES["trends/alerts"]


def detect(features_window: pl.DataFrame, days: Sequence[date], parameters: Parameters = DEFAULTS) -> pl.DataFrame:
    """Rows of trends/alerts with the column `date`: the significant rises of each of `days`, smallest p first by title.

    The family of a day is every title with any row in its window; a day with fewer than `min_history_days` known days before
    it has no alert. Only rows of the day's own window have influence.
    """
    frames = [pl.DataFrame(schema={"date": pl.Date, **ALERTS.schema})]
    for day in days:
        window = window_of(features_window, day, parameters)
        if window.past_days < parameters.min_history_days or not window.title_ids:
            continue
        expected, p_value = tail_probability(window, parameters)
        q_value = benjamini_hochberg(p_value)
        hit = (q_value <= parameters.false_discovery_rate) & (window.today > 0)
        frame = pl.DataFrame(
            {
                "date": pl.Series([day] * len(window.title_ids), dtype=pl.Date),
                "title_id": pl.Series(window.title_ids, dtype=pl.String),
                "authors": window.today.astype(np.int32),
                "expected": expected,
                "p_value": p_value,
                "q_value": q_value,
            }
        )
        frames.append(frame.filter(pl.Series(hit)))
    return pl.concat(frames)


def tail_probability(window: Window, parameters: Parameters) -> tuple[Array, Array]:
    """Authors expected today, and P(at least as many as seen today).

    The title's daily rate has the posterior Gamma(shape + n * baseline, rate + n), n the days that the baseline is worth; a
    Poisson count with that rate, times the day's volume, is negative binomial with size k0 = shape + n * baseline. People
    vary more than Poisson, so 1 / size = 1 / k0 + overdispersion.
    """
    from scipy.stats import nbinom

    shape, rate = parameters.alert_prior
    k0 = shape + window.baseline_days * window.baseline
    expected = window.volume * k0 / (rate + window.baseline_days)
    size = 1 / (1 / k0 + parameters.overdispersion)
    return expected, np.clip(nbinom.sf(window.today - 1, size, size / (size + expected)), 0.0, 1.0)


def benjamini_hochberg(p_values: Array) -> Array:
    """Adjusted p-values of Benjamini and Hochberg (1995)."""
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p_values, method="bh")) if p_values.size else p_values
