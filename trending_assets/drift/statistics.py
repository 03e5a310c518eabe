"""Two samples of counts: how far apart, and how surprising that is. PSI and the two-sample chi-squared test.

A column has drifted where p < P_LIMIT and the effect reaches its floor: a small p alone comes with every large day, and a
large PSI alone with every small one. Both sides are samples here; a test that takes the baseline as exact cries wolf.
Rows of one title or site are alike, and p takes them as independent: it is too small on clustered days, which the floor on
the effect softens and does not cure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

P_LIMIT = 0.01
PSI_FLOOR = 0.1
"""PSI below which a shift is taken as harmless (0.1 is about a third of a standard deviation)."""
V_FLOOR = 0.1
"""Cramér's V below which a shift is taken as harmless."""
LEAST_EXPECTED = 5.0
"""Expected count on either side below which a bin is merged with its neighbour: the chi-squared limit needs it."""

Test = Literal["psi", "chi_squared"]


@dataclass(frozen=True)
class Finding:
    """One test of one column."""

    test: Test
    statistic: float
    p_value: float
    effect: float
    drifted: bool


def compare(baseline: Sequence[int], current: Sequence[int]) -> list[Finding]:
    """Both tests on counts per bin, bin for bin. Neither side may be empty.

    Neighbouring bins are merged until both sides expect LEAST_EXPECTED; with one bin left there is nothing to tell apart
    (statistic 0, p 1). Counts of categories are to come most frequent first, so that rare ones merge with rare ones.
    """
    left, right = merge_bins(baseline, current)
    return [psi(left, right), chi_squared(left, right)]


def merge_bins(baseline: Sequence[int], current: Sequence[int]) -> tuple[list[int], list[int]]:
    """Both counts over bins merged with their neighbours until the smaller side expects LEAST_EXPECTED in each."""
    total = sum(baseline) + sum(current)
    share = min(sum(baseline), sum(current)) / total
    left, right, open_left, open_right = list[int](), list[int](), 0, 0
    for a, b in zip(baseline, current, strict=True):
        open_left, open_right = open_left + a, open_right + b
        if share * (open_left + open_right) >= LEAST_EXPECTED:
            left.append(open_left)
            right.append(open_right)
            open_left = open_right = 0
    if not left:
        return [open_left], [open_right]
    left[-1] += open_left
    right[-1] += open_right
    return left, right


def psi(baseline: Sequence[int], current: Sequence[int]) -> Finding:
    """Population stability index: sum over bins of (p - q) ln(p / q), half a count added to each bin (no log of zero).

    Without drift PSI is about (1/n + 1/m) times chi-squared with B - 1 degrees of freedom (Yurdakul and Naranjo, 2020): that
    gives p. The effect is PSI itself.
    """
    from scipy.stats import chi2

    n, m, bins = sum(current), sum(baseline), len(baseline)
    value = 0.0
    for a, b in zip(baseline, current, strict=True):
        q, p = (a + 0.5) / (m + 0.5 * bins), (b + 0.5) / (n + 0.5 * bins)
        value += (p - q) * math.log(p / q)
    p_value = float(chi2.sf(value / (1 / n + 1 / m), bins - 1)) if bins > 1 else 1.0
    return Finding("psi", value, p_value, value, p_value < P_LIMIT and value >= PSI_FLOOR)


def chi_squared(baseline: Sequence[int], current: Sequence[int]) -> Finding:
    """Pearson's chi-squared of the 2 x B table, with bias-corrected Cramér's V as the effect.

    V (Bergsma, 2013) is stated for two samples of equal size: the plain one shrinks as the baseline grows, and then a floor
    on it would mean another shift every week. phi^2 is divided by 4 w (1 - w), w the share of the current rows.
    """
    from scipy.stats import chi2_contingency

    n, m, bins = sum(current), sum(baseline), len(baseline)
    if bins < 2:
        return Finding("chi_squared", 0.0, 1.0, 0.0, False)
    result = chi2_contingency([list(baseline), list(current)], correction=False)
    total = n + m
    phi2 = max(0.0, float(result.statistic) / total - (bins - 1) / (total - 1))
    room = min(bins - (bins - 1) ** 2 / (total - 1), 2 - 1 / (total - 1)) - 1
    share = n / total
    effect = min(1.0, math.sqrt(phi2 / room / (4 * share * (1 - share))))
    p_value = float(result.pvalue)
    return Finding("chi_squared", float(result.statistic), p_value, effect, p_value < P_LIMIT and effect >= V_FLOOR)


def align(baseline: dict[str, int], current: dict[str, int], most: int = 50) -> tuple[list[int], list[int]]:
    """Counts of categories side by side: the `most` most frequent over both sides, then all others together."""
    names = sorted(
        baseline.keys() | current.keys(), key=lambda name: (-baseline.get(name, 0) - current.get(name, 0), name)
    )
    sides: list[list[int]] = []
    for side in (baseline, current):
        counts = [side.get(name, 0) for name in names[:most]]
        sides.append(counts + ([sum(side.get(name, 0) for name in names[most:])] if len(names) > most else []))
    return sides[0], sides[1]
