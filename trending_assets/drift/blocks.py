"""Two files whose rows come in blocks (titles, say): the spread of their difference, from how blocks differ among themselves."""

from typing import Any

import numpy as np

from trending_assets.drift.day_null import Units

Array = Any


def block_units(baseline: Array, current: Array) -> Units:
    """Blocks as units, from counts a block and bin: `baseline` (G, B) and `current` (H, B), both with rows.

    The cluster-robust variance of a ratio, G / (G - 1) sum_g (c_g - n_g p)^2 / n^2, of both sides together; degrees of freedom
    by Satterthwaite. Blocks of one row each give what independent rows give.
    """
    sides = [np.asarray(side, float) for side in (baseline, current)]
    totals = [side.sum(axis=0) for side in sides]
    rows = [float(total.sum()) for total in totals]
    weights = (totals[0] + totals[1]) / (rows[0] + rows[1])
    blocks = sum(len(side) for side in sides)
    residuals, variances = [], []
    for side, total, n in zip(sides, totals, rows, strict=True):
        own = side - side.sum(axis=1, keepdims=True) * total / n
        scaled = own / n * np.sqrt(len(side) / max(1, len(side) - 1))
        variances.append(float((scaled**2 / np.maximum(weights, 1e-12)).sum()))
        residuals.append(scaled * np.sqrt(blocks))
    n = rows[0] * rows[1] / (rows[0] + rows[1])
    parts = sum(v**2 / max(1, len(side) - 1) for v, side in zip(variances, sides, strict=True))
    return Units(
        np.concatenate(residuals),
        np.full(blocks, n),
        weights,
        totals[1] / rows[1] - totals[0] / rows[0],
        n,
        1.0,
        sum(variances) ** 2 / parts if parts > 0 else float(blocks),
    )


def block_mean(baseline: tuple[Array, Array], current: tuple[Array, Array]) -> tuple[float, float, float]:
    """(difference of the means, its cluster-robust variance, degrees of freedom) from (sums, rows) a block of either side."""
    means, variances, parts = [], [], 0.0
    for sums, rows in (baseline, current):
        mean = sums.sum() / rows.sum()
        blocks = len(sums)
        variance = float(((sums - rows * mean) ** 2).sum()) / rows.sum() ** 2 * blocks / max(1, blocks - 1)
        parts += variance**2 / max(1, blocks - 1)
        means.append(mean)
        variances.append(variance)
    degrees = sum(variances) ** 2 / parts if parts > 0 else float("inf")
    return float(means[1] - means[0]), sum(variances), degrees
