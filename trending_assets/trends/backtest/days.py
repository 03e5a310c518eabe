"""Which days are judged. Imports nothing heavy: the definitions read it."""

from collections.abc import Sequence
from datetime import date

Range = tuple[date, date]
"""First and last day, both included."""

WARM_UP = 28
"""Days of history, itself included, that a judged day must have."""
AHEAD = 7
"""Days after a judged day that decide how good its ranking was."""
LEAST = 7
"""Days that must be judged for tuning and for the test each, where a lake is split by itself."""
NEEDED = WARM_UP - 1 + 2 * (LEAST + AHEAD)
"""Days that a lake must know."""


def split(days: Sequence[date]) -> tuple[Range, Range] | None:
    """Tuning and test days of a lake that knows `days` (ascending); None where they are too few.

    After 28 days to look back on, the first half of the rest is for tuning and the second for the test.
    """
    if len(days) < NEEDED:
        return None
    rest = days[WARM_UP - 1 :]
    half = len(rest) // 2
    return (rest[0], rest[half - 1]), (rest[half], rest[-1])
