"""Categories that no day of the window had: news where the same does not happen every other day."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trending_assets.drift.day_null import WINDOW


@dataclass(frozen=True)
class Novelty:
    """Never seen categories with their share of the day's rows, most frequent first; their joint share and p-value."""

    names: list[tuple[str, float]]
    share: float
    p_value: float


def novelty(past: Sequence[Mapping[str, int]], current: Mapping[str, int], design: float) -> Novelty:
    """What is new in `current` (category: rows) against the last days of `past`, oldest first.

    If nothing changed, all x rows of a category fall into the day with probability (n / (n + m))^x; rows in clusters count as
    x / design, of which the first brings the category; times the categories that are there. It is no news where past days
    brought half as many rows that were new to them (a p of its root; in a young lake fewer days make it less surprising
    besides): then p is the day's place among them.
    """
    p, names, share = _against(past[-WINDOW:], current, design)
    earlier = [
        _against(past[max(0, n - WINDOW) : n], past[n], design)[0] for n in range(max(1, len(past) - WINDOW), len(past))
    ]
    as_new = sum(one <= math.sqrt(p) for one in earlier)
    if as_new:
        p = max(p, (1 + as_new) / (1 + len(earlier)))
    return Novelty(names, share, p)


def _against(
    past: Sequence[Mapping[str, int]], current: Mapping[str, int], design: float
) -> tuple[float, list[tuple[str, float]], float]:
    seen = set().union(*past) if past else set()
    n, m = sum(current.values()), sum(sum(day.values()) for day in past)
    new = sorted(
        ((rows, name) for name, rows in current.items() if name not in seen and rows), key=lambda r: (-r[0], r[1])
    )
    if not new or not m:
        return 1.0, [], 0.0
    p = min(1.0, len(seen | set(current)) * (n / (n + m)) ** max(0.0, new[0][0] / max(1.0, design) - 1))
    return p, [(name, rows / n) for rows, name in new], sum(rows for rows, _ in new) / n
