"""Intervals of means over days: the moving-block bootstrap, and Holm's correction for a family of tests."""

from collections.abc import Sequence

import numpy as np

from trending_assets.trends.backtest.panel import Array

BLOCK = 7
"""Days of a block: a week, so that what lasts for days and the weekday's effect stay together."""
DRAWS = 10_000
SEED = 2013
LEVEL = 0.95


def draw(days: int, block: int = BLOCK, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Weights of days by draw, each row summing to 1: blocks of days in a row, drawn with replacement (Künsch 1989).

    One matrix serves every mean of a backtest, which makes differences of two methods paired.
    """
    size = min(block, days)
    starts = np.random.default_rng(seed).integers(0, days - size + 1, (draws, -(-days // size)))
    picked = (starts[:, :, None] + np.arange(size)).reshape(draws, -1)[:, :days]
    cells = (picked + days * np.arange(draws)[:, None]).ravel()
    return np.asarray(np.bincount(cells, minlength=draws * days).reshape(draws, days) / days)


def interval(values: Array, weights: Array, level: float = LEVEL) -> tuple[float, float, float]:
    """Mean of the days with the ends of its percentile interval; days that are NaN are left out."""
    there = ~np.isnan(values)
    if not there.any():
        return float("nan"), float("nan"), float("nan")
    kept = weights[:, there]
    mass = kept.sum(axis=1)
    means = (kept @ values[there])[mass > 0] / mass[mass > 0]
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(values[there].mean()), float(low), float(high)


def ratio(part: Array, whole: Array, weights: Array, level: float = LEVEL) -> tuple[float, float, float]:
    """sum(part) / sum(whole) over days with its interval; NaN where the whole is 0."""
    if whole.sum() <= 0:
        return float("nan"), float("nan"), float("nan")
    below = weights @ whole
    ratios = (weights @ part)[below > 0] / below[below > 0]
    tail = (1 - level) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return float(part.sum() / whole.sum()), float(low), float(high)


def p_value(differences: Array, weights: Array) -> float:
    """Two-sided p of a mean difference of 0: twice the smaller share of draws on the far side of 0, at least 1 / draws."""
    means = weights @ differences
    tails = [(float((means <= 0).sum()) + 1) / (means.size + 1), (float((means >= 0).sum()) + 1) / (means.size + 1)]
    return min(1.0, 2 * min(tails))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for the family's size (Holm 1979)."""
    adjusted = [0.0] * len(p_values)
    worst = 0.0
    for step, place in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        worst = max(worst, min(1.0, (len(p_values) - step) * p_values[place]))
        adjusted[place] = worst
    return adjusted
