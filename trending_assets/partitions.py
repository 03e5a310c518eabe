"""The one daily partitions definition and the trailing windows: the only place with offsets.

A partition is the UTC day on which something was first seen. The newest partition is yesterday: a day is complete before
it is materialized.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import dagster as dg

from trending_assets.settings import get_settings

DAILY = dg.DailyPartitionsDefinition(start_date=get_settings().first_day.isoformat(), timezone="UTC")

LATE_DAYS = 3
"""A document may reach us this many days after it was published and still be new."""
EVIDENCE_DAYS = 7
"""Days of documents that a title digest and the evidence of a title rest on."""
HISTORY_DAYS = 28
"""Days of features that a ranking looks back on."""
PAST_DAYS = 28
"""Days before the day that make an account known and a site's volume usual."""
MOVE_DAYS = 7
"""Days after which a title's popularity is compared."""
BASELINE_DAYS = 28
"""Days before D that the drift baseline of D is made of."""
NULL_DAYS = 56
"""Days before D whose distance from their own baselines says what is usual."""
LABEL_DAYS = 7
"""Days after which it was counted what a forecast of the next 7 days foretold."""


def _trailing(days: int, end_offset: int = 0) -> dg.TimeWindowPartitionMapping:
    return dg.TimeWindowPartitionMapping(
        start_offset=-days, end_offset=end_offset, allow_nonexistent_upstream_partitions=True
    )


YESTERDAY = _trailing(1, -1)
LATE_WINDOW = _trailing(LATE_DAYS)
EVIDENCE_WINDOW = _trailing(EVIDENCE_DAYS - 1)
HISTORY_WINDOW = _trailing(HISTORY_DAYS - 1)
PAST_WINDOW = _trailing(PAST_DAYS)
MOVE_WINDOW = _trailing(MOVE_DAYS)
PROFILED_WINDOW = _trailing(BASELINE_DAYS)
NULL_WINDOW = _trailing(BASELINE_DAYS + NULL_DAYS)
JUDGED_WINDOW = _trailing(BASELINE_DAYS)
FORETOLD_WINDOW = _trailing(LABEL_DAYS, -1)
COUNTED_WINDOW = _trailing(LABEL_DAYS - 1)


def days_between(first: date, last: date) -> list[date]:
    """All days from first to last, both included. Empty when last is before first."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def to_days(keys: Iterable[str]) -> list[date]:
    """Partition keys (YYYY-MM-DD) as sorted dates."""
    return sorted(date.fromisoformat(key) for key in keys)
