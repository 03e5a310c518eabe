"""What days differ by when nothing happens: the null that every test of drift is held against.

Rows of a day are alike (one title, one site, one mood), so a day is one observation and not n. How far a quiet day lies from
the days before it is read off the past: each day of the window is held against the days before that day, just as today is. The
distance that independent rows would show is the floor.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

WINDOW = 28
"""Days that a day is held against."""
NULL_DAYS = 56
"""Past days whose own distance from the days before them makes the null."""
HISTORY = WINDOW + NULL_DAYS
"""Days before a day that its tests read."""
LEAST_EXPECTED = 5.0
"""Independent rows that a bin has to expect in a day; thinner bins are merged with their neighbour."""
FEW_UNITS = 4
"""Past units from which the number of directions is estimated."""

TRUST_CATEGORIES = 4.0
TRUST_BINS = math.inf
"""How fast the trust in independent rows is lost as they explain less of what days differ by: at once for bins of numbers, which
move together."""

Array = Any


@dataclass(frozen=True)
class Units:
    """Past units (a day, or days that end with it) as shares, each less the days before it; scaled to the variance of a unit.

    `residuals` (R, B), `sizes` (R,) rows of those units, `weights` (B,) shares of everything, `share` (B,) of the current unit
    less the baseline, `rows` of the current unit, `factor`: what the baseline's own error adds to its variance, `known`: as how
    many independent units the past ones count, `days` of a unit.
    """

    residuals: Array
    sizes: Array
    weights: Array
    share: Array
    rows: float
    factor: float
    known: float
    days: int = 1


@dataclass(frozen=True)
class Spread:
    """Squared distance that is expected of a unit when nothing happens, and what its tail looks like.

    `scale` and `deviation` are its mean and standard deviation; standardized by them it is read as F with (dimension, degrees)
    degrees of freedom. `design`: by how many times the scale exceeds what independent rows show.
    """

    scale: float
    deviation: float
    dimension: float
    degrees: float
    design: float

    def p_value(self, distance: float) -> float:
        """Probability of such a squared distance or a larger one."""
        from scipy.special import chdtrc, fdtrc  # scipy.stats checks its arguments for longer than it computes

        if self.scale <= 0:
            return 1.0 if distance <= 0 else 0.0
        ratio = max(0.0, 1 + (distance - self.scale) / self.deviation * math.sqrt(2 / self.dimension))
        if math.isinf(self.degrees):
            return float(chdtrc(self.dimension, self.dimension * ratio))
        return float(fdtrc(self.dimension, self.degrees, ratio))


def unit_spans(last: int, days: int, window: int = WINDOW) -> tuple[Array, Array, Array] | None:
    """(last days, first days, first days of the baseline) of the past units and, at the end, of the current one, which ends with
    day `last`; each baseline ends before its unit. None where no past unit has a day before it."""
    ends = np.arange(max(days, last - NULL_DAYS), last + 1)
    if last < days or len(ends) < 2:
        return None
    starts = ends - days + 1
    return ends, starts, np.maximum(0, starts - window)


def units(history: Array, current: Array, days: int = 1, window: int = WINDOW) -> Units | None:
    """Units of `days` days from counts a day and bin: `history` (D, B), oldest first, and `current` (B,).

    None where no past unit can be held against a day before it.
    """
    table = np.vstack([history, current]).astype(float)
    total = np.vstack([np.zeros(table.shape[1]), np.cumsum(table, axis=0)])
    last = len(table) - 1
    spans = unit_spans(last, days, window)
    if spans is None:
        return None
    ends, starts, firsts = spans
    own, base = total[ends + 1] - total[starts], total[starts] - total[firsts]
    n, m = own.sum(axis=1), base.sum(axis=1)
    known = (n > 0) & (m > 0)
    if not known[-1] or not known[:-1].any():
        return None
    own, base, n, m, before = own[known], base[known], n[known], m[known], (starts - firsts)[known]
    factors = np.maximum(1 + days / before, 1 + n / m)
    moved = own / n[:, None] - base / m[:, None]
    residuals = moved[:-1] / np.sqrt(factors[:-1, None])
    weights = (own[-1] + base[-1]) / (n[-1] + m[-1])
    return Units(
        residuals,
        n[:-1],
        weights,
        moved[-1],
        float(n[-1]),
        float(factors[-1]),
        independent_units(residuals / np.sqrt(np.maximum(weights, 1e-12)), days),
        days,
    )


def quadratic_spread(of: Units, trust: float = TRUST_CATEGORIES) -> Spread:
    """Spread of sum_b (p_b - q_b)^2 / w_b, the distance that chi-squared and PSI measure.

    The scale is the largest of three: the mean over past units; the same with units that weigh as they have rows, at the current
    unit's rows (a larger day is never believed to be quieter than the days before); and what independent rows show. The tail has
    three moments of the quadratic form (Liu, Tang and Zhang, 2009), so that one direction in which days vary most (a shift of all
    values) shows. The covariance is that of past units, mixed with that of independent rows by (explained share)^trust, and so
    are the degrees of freedom that the scale is known with: one an independent past unit at least.
    """
    weights = np.maximum(of.weights, 1e-12)
    scaled = of.residuals / np.sqrt(weights)
    distances = (scaled**2).sum(axis=1)
    bins = len(weights)
    least = (bins - 1) / of.rows
    scale = max(float(distances.mean()), float((of.sizes * distances).mean()) / of.rows, least)
    explained = least / scale
    root = np.sqrt(of.weights)
    free = (np.eye(bins) - np.outer(root, root)) / (bins - 1)
    seen = scaled.T @ scaled
    total = float(np.trace(seen))
    mixed = explained**trust
    cov = free if total <= 0 or of.known < FEW_UNITS else mixed * free + (1 - mixed) * seen / total
    square = cov @ cov
    second, third = float(np.trace(square)), float((square * cov).sum())
    dimension = float(np.clip(second**3 / third**2, 1, bins - 1))
    return Spread(
        scale * of.factor,
        scale * of.factor * math.sqrt(2 * second),
        dimension,
        of.known * (1 + (dimension - 1) * explained**TRUST_CATEGORIES),
        scale / least,
    )


def scalar_spread(residuals: Array, sizes: Array, rows: float, floor: float, factor: float, days: int = 1) -> Spread:
    """Spread of a squared difference of one number (a mean, say): its root over the scale's root is Student's t.

    `residuals` (R,) of past units of `days` against the days before each, `floor` the variance that independent rows would give.
    """
    squares = residuals**2
    scale = max(float(squares.mean()), float((sizes * squares).mean()) / rows, floor)
    design = scale / floor if floor > 0 else 1.0
    # where independent rows explain it all, neighbours that are alike (a column that never moves) tell nothing
    known = independent_units(residuals[:, None], days) if scale > floor else len(residuals) / days
    return Spread(scale * factor, scale * factor * math.sqrt(2), 1.0, known, design)


def effective_rows(of: Units) -> tuple[float, float]:
    """(rows of a one-sample test on the cumulative shares that would spread as much, degrees of freedom): for KS."""
    cumulative = np.cumsum(of.residuals, axis=1)[:, :-1]
    shares = np.cumsum(of.weights)[:-1]
    room = float((shares * (1 - shares)).sum())
    if room <= 0:
        return of.rows, of.known
    squares = (cumulative**2).sum(axis=1) / room
    variance = max(float(squares.mean()), float((of.sizes * squares).mean()) / of.rows, 1 / of.rows)
    return 1 / (variance * of.factor), of.known


def independent_units(residuals: Array, days: int = 1) -> float:
    """Past units that count as independent, of `residuals` (R, B): titles that stay for days make neighbours alike.

    R / days (units of several days overlap) times (1 - r) / (1 + r), r the autocorrelation of units that share no day where it is
    beyond twice its chance error: the effective number of an autoregressive series.
    """
    size = len(residuals) / days
    if len(residuals) <= days + 1:
        return size
    squares = float((residuals**2).sum())
    together = float((residuals[days:] * residuals[:-days]).sum())
    chance = 1 / math.sqrt(size * max(1, residuals.shape[1] - 1))
    r = min(0.95, together / squares) if squares > 1e-24 else 0.0  # less is what is left of equal floats
    return max(min(2.0, size), size * (1 - r) / (1 + r)) if r > 2 * chance else size


def merged_bins(history: Array, current: Array, days: int = 1, window: int = WINDOW) -> tuple[Array, Array]:
    """(history, current) over bins merged with their neighbours until each expects LEAST_EXPECTED independent rows a unit.

    Rows that come in clusters count for less: the expected rows are divided by what days differ by more than independent
    rows would, in as many rounds as it takes to settle.
    """
    pooled = history[-window:].sum(axis=0) + current
    usual = float(np.median(history[-window:].sum(axis=1))) * days
    expected = pooled / max(1, pooled.sum()) * min(float(current.sum()) * days, usual)
    return settled(expected, history, current, lambda left, right: units(left, right, days, window))


def settled(
    expected: Array, left: Array, right: Array, held: Callable[[Array, Array], Units | None]
) -> tuple[Array, Array]:
    """Both sides over bins merged until each expects LEAST_EXPECTED rows, times the design effect that `held` finds for them."""
    design, merged = 1.0, (left, right)
    for _ in range(5):
        merged = merge_by(expected, LEAST_EXPECTED * design, left), merge_by(expected, LEAST_EXPECTED * design, right)
        found = held(*merged) if merged[0].shape[1] > 1 else None
        if found is None or (worse := quadratic_spread(found).design) <= design * 1.05:
            break
        design = worse
    return merged


def merge_by(expected: Array, least: float, counts: Array) -> Array:
    """Counts (..., B) over bins merged with their neighbours until each expects `least` rows; what is left joins the last."""
    place, filled, merged = np.zeros(len(expected), int), 0.0, 0
    for b, rows in enumerate(expected):
        place[b] = merged
        filled += rows
        if filled >= least:
            merged, filled = merged + 1, 0.0
    if merged:  # bins that expect nothing, too
        place[place == merged] = merged - 1
    out = np.zeros((*counts.shape[:-1], int(place.max()) + 1))
    np.add.at(np.moveaxis(out, -1, 0), place, np.moveaxis(counts, -1, 0))
    return out
