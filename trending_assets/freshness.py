"""Which days are missing: seen from the partitions that stand in the lake, not from the newest event.

Dagster's freshness policies look at the last materialization whatever its partition, so a backfill of an old day makes a
stale table look fresh. This looks at the days themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from trending_assets.deadlines import WATCHED_DAYS, due_days
from trending_assets.lake import Lake


@dataclass(frozen=True)
class Freshness:
    """State of one daily table: its newest day, and the due days of the last week that are not there."""

    table: str
    newest: date | None
    missing: tuple[date, ...]

    @property
    def sentence(self) -> str:
        """What is missing, for a person."""
        if not self.missing:
            return f"all of the last {WATCHED_DAYS} due days are there"
        days = ", ".join(day.isoformat() for day in self.missing)
        return f"missing: {days}; the newest day there is {self.newest or 'none'}"


def freshness(lake: Lake, tables: Iterable[str], now: datetime, first_day: date) -> list[Freshness]:
    """Freshness of each daily table, in the order given."""
    due = due_days(now, first_day)
    found = []
    for table in tables:
        there = lake.days(table)
        missing = tuple(day for day in due if day not in set(there))
        found.append(Freshness(table, there[-1] if there else None, missing))
    return found
