"""The day against the training set: further from it than on the days before?

What a model is fed on a day never looks just like what it learned from (a day's titles are newer, say), and an alarm on that
would never end. So the distance is compared with the distances of the days before; a lasting moderate one is noted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trending_assets.drift.alarms import severity
from trending_assets.drift.column_tests import Tested
from trending_assets.drift.day_null import WINDOW
from trending_assets.drift.statistics import Finding, align, chi_squared, psi

LEAST_DAYS = 7

Row = Mapping[str, Any]


def training_tests(current: Row, past: Sequence[Row], base: Row) -> list[Tested]:
    """PSI (numbers) or chi-squared (categories) of a row of drift/profiles against a `training` row of drift/baseline.

    p is one-sided, by Student's t on the roots of PSI or of V: the day's against those of the days before it. With fewer than 7
    of those there is no alarm.
    """
    from scipy.special import stdtr

    if current["count"] == current["nulls"] or base["count"] == base["nulls"]:
        return []
    filled = [row for row in past if row["count"] > row["nulls"]][-WINDOW:]
    found = [_distance(row, base) for row in [*filled, current]]
    today = found[-1]
    before = np.sqrt([one.effect for one in found[:-1]])
    detail = f"Against the training set (known through {base['last_day']}): {today.test} {today.effect:.3f}"
    if len(before) < LEAST_DAYS:
        return [
            Tested(
                Finding(today.test, today.statistic, 1.0, today.effect), f"{detail}.", decides=False, noted=_far(today)
            )
        ]
    mean, deviation = float(before.mean()), float(before.std(ddof=1))
    room = deviation * np.sqrt(1 + 1 / len(before))
    t = (np.sqrt(today.effect) - mean) / room if room > 0 else 0.0
    p = float(stdtr(len(before) - 1, -t))
    detail += f"; on the days before it was {mean**2:.3f}."
    return [Tested(Finding(today.test, today.statistic, p, today.effect), detail, noted=_far(today))]


def _far(finding: Finding) -> bool:
    return severity(finding.test, finding.effect) in ("moderate", "large")


def _distance(row: Row, base: Row) -> Finding:
    if row["kind"] == "numeric":
        return psi(base["bin_counts"], row["bin_counts"])
    sides = [dict(zip(one["categories"], one["category_counts"], strict=True)) for one in (base, row)]
    learned, today = align(sides)[1]
    return chi_squared(learned, today)
