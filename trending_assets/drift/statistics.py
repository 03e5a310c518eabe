"""Two samples of counts: how far apart, and how surprising that is. PSI, two-sample chi-squared, Kolmogorov-Smirnov, a mean.

Both sides are samples here; a test that takes the baseline as exact cries wolf. Without a spread (day_null) rows count as
independent, and p is the textbook's. Effects are stated less what quiet days of that size show: a small day is not far away
for being small.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trending_assets.drift.day_null import Spread


@dataclass(frozen=True)
class Finding:
    """One test of one column: `statistic`, its p-value without drift, and how large the shift is, whatever p."""

    test: str
    statistic: float
    p_value: float
    effect: float


def independent(bins: int, n: float, m: float) -> Spread:
    """The spread of n rows around m rows where every row stands for itself: chi-squared with bins - 1 degrees of freedom."""
    free = max(1, bins - 1)
    scale = free * (1 / n + 1 / m)
    return Spread(scale, scale * math.sqrt(2 / free), free, math.inf, 1.0)


def psi(baseline: Sequence[float], current: Sequence[float], spread: Spread | None = None) -> Finding:
    """Population stability index: sum over bins of (p - q) ln(p / q), half a count added to each bin (no log of zero).

    Without drift PSI is about (1/n + 1/m) times chi-squared with B - 1 degrees of freedom (Yurdakul and Naranjo, 2020), so its
    threshold falls with the rows of the day. The effect is PSI less its expectation without drift.
    """
    n, m, bins = sum(current), sum(baseline), len(baseline)
    spread = spread or independent(bins, n, m)
    value = 0.0
    for a, b in zip(baseline, current, strict=True):
        q, p = (a + 0.5) / (m + 0.5 * bins), (b + 0.5) / (n + 0.5 * bins)
        value += (p - q) * math.log(p / q)
    return Finding("psi", value, spread.p_value(value) if bins > 1 else 1.0, max(0.0, value - spread.scale))


def chi_squared(baseline: Sequence[float], current: Sequence[float], spread: Spread | None = None) -> Finding:
    """Pearson's chi-squared of the 2 x B table, with bias-corrected Cramér's V as the effect.

    V (Bergsma, 2013) is stated for two samples of equal size: the plain one shrinks as the baseline grows, and then a floor
    on it would mean another shift every week. phi^2 is divided by 4 w (1 - w), w the share of the current rows.
    """
    n, m, bins = sum(current), sum(baseline), len(baseline)
    if bins < 2:
        return Finding("chi_squared", 0.0, 1.0, 0.0)
    distance = 0.0
    for a, b in zip(baseline, current, strict=True):
        if a + b:
            distance += (b / n - a / m) ** 2 / ((a + b) / (n + m))
    spread = spread or independent(bins, n, m)
    total, share = n + m, n / (n + m)
    # chi-squared / total = distance * w (1 - w); its bias is what the spread expects of quiet rows.
    phi2 = max(0.0, distance - spread.scale) * share * (1 - share)
    room = min(bins - (bins - 1) ** 2 / (total - 1), 2 - 1 / (total - 1)) - 1
    effect = min(1.0, math.sqrt(phi2 / room / (4 * share * (1 - share))))
    return Finding("chi_squared", distance * n * m / total, spread.p_value(distance), effect)


def ks(
    baseline: Sequence[float], current: Sequence[float], rows: float | None = None, degrees: float | None = None
) -> Finding:
    """Kolmogorov-Smirnov distance of two samples in bins: the largest gap of the cumulative shares, at the bins' edges.

    p is Kolmogorov's limit at `rows` effective rows (n m / (n + m) where rows are independent); a gap can only be missed
    between edges, so p is too large rather than too small. Where `degrees` tell how well the rows are known, the normal
    deviate of that p is read as Student's t.
    """
    from scipy.special import kolmogorov, ndtri, stdtr

    n, m = sum(current), sum(baseline)
    below_q = below_p = gap = 0.0
    for a, b in zip(baseline, current, strict=True):
        below_q, below_p = below_q + a / m, below_p + b / n
        gap = max(gap, abs(below_p - below_q))
    p = float(kolmogorov(gap * math.sqrt(rows or n * m / (n + m))))
    if degrees is not None:
        p = min(1.0, 2 * float(stdtr(degrees, ndtri(max(p, 1e-300) / 2))))
    return Finding("ks", gap, p, gap)


def ridits(baseline: Any) -> tuple[Any, float]:
    """(ridit of each bin, their standard deviation) of counts (B,): the share below a bin and half of its own, 0.5 on average
    (Bross, 1958)."""
    import numpy as np

    found = (np.cumsum(baseline) - baseline / 2) / baseline.sum()
    return found, float(np.sqrt(np.average((found - 0.5) ** 2, weights=baseline)))


def mann_whitney(baseline: Sequence[float], current: Sequence[float], shift: Finding) -> Finding:
    """Mann and Whitney's test of two samples in bins: whether a value of the one tends to exceed a value of the other.

    `shift` is the test of the mean rank. The effect is in standard deviations: that shift of normal values which gives the
    probability P(current > baseline) + P(equal) / 2, sqrt(2) times its normal quantile.
    """
    from scipy.special import ndtri

    n, m = sum(current), sum(baseline)
    below = probability = 0.0
    for a, b in zip(baseline, current, strict=True):
        probability += b / n * (below + a / m / 2)
        below += a / m
    effect = abs(math.sqrt(2) * float(ndtri(min(1 - 1e-12, max(1e-12, probability)))))
    return Finding("mann_whitney", shift.statistic, shift.p_value, effect)


def mean_shift(test: str, difference: float, stddev: float, spread: Spread) -> Finding:
    """A mean (median, share) that moved by `difference`: statistic t, effect in standard deviations of the values.

    `stddev` 1 leaves the effect in the unit of the difference.
    """
    if spread.scale <= 0:
        moved = difference != 0
        effect = abs(difference) / stddev if stddev > 0 else float(moved)
        return Finding(test, math.copysign(1e6, difference) if moved else 0.0, 0.0 if moved else 1.0, effect)
    statistic = difference / math.sqrt(spread.scale)
    effect = abs(difference) / stddev if stddev > 0 else float(difference != 0)
    return Finding(test, statistic, spread.p_value(difference**2), effect)


def align(sides: Sequence[dict[str, int]], most: int = 50) -> tuple[list[str], list[list[int]]]:
    """(categories, counts of each side): the `most` most frequent over all sides, then all others together as the last."""
    totals: dict[str, int] = {}
    for side in sides:
        for name, n in side.items():
            totals[name] = totals.get(name, 0) + n
    names = sorted(totals, key=lambda name: (-totals[name], name))
    kept, rest = names[:most], names[most:]
    counts = [
        [side.get(name, 0) for name in kept] + ([sum(side.get(r, 0) for r in rest)] if rest else []) for side in sides
    ]
    return kept + (["(rarer ones)"] if rest else []), counts
