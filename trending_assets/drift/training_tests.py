"""The day against the training set: further from it than on the days before?

What a model is fed on a day never looks just like what it learned from (a day's titles are newer, say), and an alarm on that
would never end. So the distance is compared with the distances of the days before; a lasting moderate one is noted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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

    p is one-sided, by Student's t on the root of the distance (PSI, chi-squared by its rows) of the day against the roots of the
    days before it, which are believed to differ as independent rows do at least. With fewer than 7 of those there is no alarm.
    """
    from scipy.special import stdtr

    if current["count"] == current["nulls"] or base["count"] == base["nulls"]:
        return []
    filled = [row for row in past if row["count"] > row["nulls"]][-WINDOW:]
    today, root, floor = _distance(current, base)
    before = np.array([_distance(row, base)[1] for row in filled])
    detail = f"Against the training set (known through {base['last_day']}): {_words(current)} {today.effect:.3f}"
    if len(before) < LEAST_DAYS:
        return [Tested(replace(today, p_value=1.0), f"{detail}.", decides=False, noted=_far(today))]
    effects = [_distance(row, base)[0].effect for row in filled]
    room = max(float(before.std(ddof=1)), floor) * np.sqrt(1 + 1 / len(before))
    p = float(stdtr(len(before) - 1, -(root - float(before.mean())) / room))
    detail += f"; on the {len(before)} days before it was {np.mean(effects):.3f}."
    return [Tested(replace(today, p_value=p), detail, noted=_far(today))]


def _far(finding: Finding) -> bool:
    return severity(finding.test, finding.effect) in ("moderate", "large")


def _words(row: Row) -> str:
    return "PSI" if row["kind"] == "numeric" else "Cramér's V"


def _distance(row: Row, base: Row) -> tuple[Finding, float, float]:
    """(finding, root of the distance, what that root differs by for independent rows): sqrt((1/n + 1/m) / 2)."""
    if row["kind"] == "numeric":
        learned, today = base["bin_counts"], row["bin_counts"]
        found = psi(learned, today)
    else:
        sides = [dict(zip(one["categories"], one["category_counts"], strict=True)) for one in (base, row)]
        learned, today = align(sides)[1]
        found = chi_squared(learned, today)
    rows = 1 / sum(today) + 1 / sum(learned)
    distance = found.statistic if row["kind"] == "numeric" else found.statistic * rows
    return found, float(np.sqrt(distance)), float(np.sqrt(rows / 2))
