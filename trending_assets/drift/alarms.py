"""Which findings are alarms: family-wise over everything that is tested in a week, and large enough to matter.

Holm's procedure (1979) over all tests of a day at 1 - (1 - 5%)^(1/7): with nothing going on, a week brings a false alarm in at
most 5% of weeks. p alone comes with every large day, so an effect has to reach its floor, too. Severity is by effect alone.
"""

from collections.abc import Sequence

from trending_assets.drift.statistics import Finding

WEEKLY = 0.05
"""Share of quiet weeks in which anything may alarm."""
DAILY = 1 - (1 - WEEKLY) ** (1 / 7)
FLOORS = {
    "missing": 0.02,
    "mean": 0.1,
    "median": 0.1,
    "mann_whitney": 0.1,
    "ks": 0.04,
    "psi": 0.01,
    "chi_squared": 0.05,
    "schema": 0.0,
    "quality": 0.5,
}
"""Effects below which a shift is harmless: a tenth of a standard deviation, whatever it is measured by."""
STEPS = {
    "missing": (0.05, 0.2),
    "mean": (0.2, 0.5),
    "median": (0.2, 0.5),
    "mann_whitney": (0.2, 0.5),
    "ks": (0.08, 0.2),
    "psi": (0.1, 0.25),
    "chi_squared": (0.1, 0.3),
    "schema": (0.05, 0.2),
    "quality": (1.0, 2.0),
}
"""Effects from which a shift is moderate and large: Cohen's .2 and .5 sd, PSI's usual .1 and .25, and what matches them."""


WEIGHTS = {"chi_squared": 3.0, "psi": 0.5, "missing": 0.5}
"""Parts of the level, where not 1: a shift of categories may go in many directions and has one test; numbers have three."""


def adjusted(p_values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Weighted Holm-adjusted p-values, in the order given; with equal weights Holm's own."""
    order = sorted(range(len(p_values)), key=lambda n: p_values[n] / weights[n])
    found, worst, left = [1.0] * len(p_values), 0.0, sum(weights)
    for n in order:
        worst = max(worst, min(1.0, p_values[n] / weights[n] * left))
        found[n], left = worst, left - weights[n]
    return found


def alarms(findings: Sequence[Finding], level: float = DAILY) -> list[bool]:
    """Whether each of a family of findings is an alarm."""
    return [
        p <= level and finding.effect >= FLOORS[finding.test]
        for p, finding in zip(
            adjusted([f.p_value for f in findings], [WEIGHTS.get(f.test, 1.0) for f in findings]), findings, strict=True
        )
    ]


def severity(test: str, effect: float | None) -> str:
    """none, small, moderate or large."""
    if effect is None or test not in STEPS or effect < FLOORS[test]:
        return "none"
    moderate, large = STEPS[test]
    return "large" if effect >= large else "moderate" if effect >= moderate else "small"
