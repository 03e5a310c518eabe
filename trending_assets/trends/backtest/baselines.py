"""The rankings to beat. Each scores every title on every day from the counts up to that day alone.

A baseline is a function of counts (days by titles), the target and its parameters; GRIDS holds what may be chosen for it on
the tuning days.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from trending_assets.trends.backtest.days import AHEAD, WARM_UP
from trending_assets.trends.backtest.panel import Array, running

Baseline = Callable[..., Array]
Grid = Mapping[str, Sequence[Any]]

WEEK_PRIOR = 50.0
"""Voices that are added to a day's total and to the usual total before a weekday's factor is taken."""


def over_days(counts: Array, days: int, until: int = 0) -> Array:
    """Sum of the `days` days that end `until` days before each day."""
    total = running(counts)
    t = np.arange(counts.shape[0]) + 1
    return np.asarray(total[np.maximum(t - until, 0)] - total[np.maximum(t - until - days, 0)])


def ewma(counts: Array, half_life: float) -> Array:
    """Exponentially weighted mean of the days up to each day, the weights summing to 1."""
    decay = 0.5 ** (1 / half_life)
    found, level, mass = np.empty_like(counts), np.zeros(counts.shape[1]), 0.0
    for t, today in enumerate(counts):
        level, mass = decay * level + today, decay * mass + 1
        found[t] = level / mass
    return found


def most_mentioned_ever(counts: Array, target: str) -> Array:
    return counts.cumsum(axis=0)


def today(counts: Array, target: str) -> Array:
    return counts


def last_week(counts: Array, target: str) -> Array:
    return over_days(counts, 7)


def _yesterday(counts: Array) -> Array:
    return np.vstack([np.zeros((1, counts.shape[1])), counts[:-1]])


def day_difference(counts: Array, target: str) -> Array:
    return counts - _yesterday(counts)


def day_ratio(counts: Array, target: str) -> Array:
    return np.asarray((counts + 1) / (_yesterday(counts) + 1))


def z_score(counts: Array, target: str) -> Array:
    """Distance from the mean of the 28 days before, in their standard deviations (Stack Overflow 787496)."""
    days = np.clip(np.arange(counts.shape[0]), 1, WARM_UP)[:, None]
    mean = over_days(counts, WARM_UP, 1) / days
    variance = np.maximum(over_days(counts**2, WARM_UP, 1) / days - mean**2, 0)
    return np.divide(counts - mean, np.sqrt(variance), out=np.zeros_like(counts), where=variance > 1e-12)


def signi_trend(counts: Array, target: str, half_life: float, beta: float) -> Array:
    """Significance over the EWMA mean and variance of the days before (Schubert et al. 2014)."""
    alpha = 1 - 0.5 ** (1 / half_life)
    found, mean, variance = np.empty_like(counts), np.zeros(counts.shape[1]), np.zeros(counts.shape[1])
    for t, now in enumerate(counts):
        found[t] = (now - np.maximum(mean, beta)) / (np.sqrt(variance) + beta)
        delta = now - mean
        mean = mean + alpha * delta
        variance = (1 - alpha) * (variance + alpha * delta**2)
    return found


def wiki_trends(counts: Array, target: str) -> Array:
    """|h2 - h1| * log((h2 + 1) / (h1 + 1)): the last week against half of the two weeks before it (Gunnarsson)."""
    now, before = over_days(counts, 7), over_days(counts, 14, 7) / 2
    return np.asarray(np.abs(now - before) * np.log((now + 1) / (before + 1)))


def tmdb_like(counts: Array, target: str, keep: float) -> Array:
    """Today's votes, a share of the day before's score, and a little for all votes ever: TMDb's popularity as documented."""
    found, score = np.empty_like(counts), np.zeros(counts.shape[1])
    votes = 0.01 * np.log1p(counts.cumsum(axis=0))
    for t, now in enumerate(counts):
        score = keep * score + now + votes[t]
        found[t] = score
    return found


def level(counts: Array, target: str, half_life: float) -> Array:
    return ewma(counts, half_life)


def contrast(counts: Array, target: str, short: float, long: float, prior: float) -> Array:
    """The short EWMA's distance from the long one in units of its Poisson spread."""
    now, usual = ewma(counts, short), ewma(counts, long)
    return np.asarray((now - usual) / np.sqrt(usual + prior))


def weekday_factors(counts: Array) -> Array:
    """How busy each day's weekday was in the 28 days up to it, over the usual day of those; shrunk by a prior."""
    totals = counts.sum(axis=1, keepdims=True)
    t = np.arange(counts.shape[0])
    same = sum(np.where((t >= 7 * k)[:, None], totals[np.maximum(t - 7 * k, 0)], 0.0) for k in range(4))
    weeks = np.minimum(t // 7 + 1, 4)[:, None]
    usual = over_days(totals, WARM_UP) / np.minimum(t + 1, WARM_UP)[:, None]
    return np.asarray((same / weeks + WEEK_PRIOR) / (usual + WEEK_PRIOR))


def holt(counts: Array, target: str, alpha: float, beta: float, damping: float) -> Array:
    """Holt's damped trend on counts without their weekday; the forecast of the target itself."""
    usual = counts / weekday_factors(counts)
    found, mean, slope = np.empty_like(counts), usual[0].copy(), np.zeros(counts.shape[1])
    ahead = damping * (1 - damping ** np.arange(1, AHEAD + 1)) / (1 - damping)
    week = over_days(counts, WARM_UP) / 4
    for t, now in enumerate(usual):
        before, mean = mean, alpha * now + (1 - alpha) * (mean + damping * slope)
        slope = beta * (mean - before) + (1 - beta) * damping * slope
        next_week = AHEAD * mean + slope * ahead.sum()
        if target == "rise":
            found[t] = (next_week - week[t]) / np.sqrt(week[t] + 1)
        else:
            found[t] = mean + damping * slope if target == "1d" else next_week
    return found


def around(counts: Array, target: str) -> Array:
    """No baseline but a ceiling for the next day: the days before and after the day that is foretold."""
    after = np.vstack([counts[2:], np.zeros((min(2, counts.shape[0]), counts.shape[1]))])
    return np.asarray((counts + after) / 2)


HALF_LIVES = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5)

GRIDS: Mapping[str, tuple[Baseline, Grid]] = {
    "most mentioned ever": (most_mentioned_ever, {}),
    "today": (today, {}),
    "last 7 days": (last_week, {}),
    "today - yesterday": (day_difference, {}),
    "today / yesterday": (day_ratio, {}),
    "z-score, 28 days": (z_score, {}),
    "SigniTrend": (signi_trend, {"half_life": (1, 2, 4, 7, 14), "beta": (0.1, 0.3, 1, 3, 10)}),
    "WikiTrends": (wiki_trends, {}),
    "TMDb-like": (tmdb_like, {"keep": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)}),
    "EWMA": (level, {"half_life": HALF_LIVES}),
    "EWMA contrast": (
        contrast,
        {"short": (0.5, 0.75, 1, 1.5, 2), "long": (7, 10, 14, 21, 28), "prior": (0.1, 0.3, 1, 3)},
    ),
    "Holt, weekday-adjusted": (
        holt,
        {"alpha": (0.3, 0.5, 0.7), "beta": (0.03, 0.1, 0.3), "damping": (0.5, 0.8, 0.95)},
    ),
}
"""Every baseline that needs no training, with the parameters to choose from."""


def choices(grid: Grid) -> Iterator[dict[str, Any]]:
    """Every combination of a grid's parameters."""
    for values in product(*grid.values()):
        yield dict(zip(grid, values, strict=True))
