"""By when data has to be there: one deadline for Dagster's policies, the checks, `trending status` and the API.

Imports nothing but the standard library.
"""

from datetime import UTC, date, datetime, time, timedelta

DEADLINE = time(6, 0)
"""UTC time by which yesterday's partition has to be there."""
WATCHED_DAYS = 7
WEEKLY_WINDOW = timedelta(days=9)
"""Age at which what is made once a week is late."""


def due_at(day: date) -> datetime:
    """The instant (UTC) by which a day's partition has to be there."""
    return datetime.combine(day + timedelta(days=1), DEADLINE, UTC)


def due_days(now: datetime, first_day: date) -> list[date]:
    """The last 7 days that have to be there at `now` (UTC), none before the history began."""
    newest = now.date() - timedelta(days=1 if now.time() >= DEADLINE else 2)
    days = (newest - timedelta(days=n) for n in reversed(range(WATCHED_DAYS)))
    return [day for day in days if day >= first_day]
