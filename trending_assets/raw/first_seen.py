"""Which documents are new on a day: visible at its end, and in no earlier partition."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True)
class Selection:
    """Addresses of one day, each in exactly one of the three lists, ascending."""

    new: list[str] = field(default_factory=list)
    already_seen: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def start_of(day: date) -> datetime:
    """00:00:00 UTC of the day."""
    return datetime.combine(day, time(), tzinfo=UTC)


def first_day_wanted(day: date, partitions: Collection[date], late_days: int) -> date:
    """The oldest publication day whose documents may be new on `day`.

    A document of an earlier day is late only when that day was watched, so all partitions from then on must exist. Without
    the partition of the day before, only the day's own documents count: the rest is history that nobody had watched.
    """
    first = day
    while first > day - timedelta(days=late_days) and first - timedelta(days=1) in partitions:
        first -= timedelta(days=1)
    return first


def first_seen(
    visible: Mapping[date, Mapping[str, datetime | None]],
    partitions: Mapping[date, Collection[str]],
    late_days: int,
) -> dict[date, Selection]:
    """Sort what is visible on each day into new, already seen and outside the window.

    `visible[D]` maps each address that the feeds show at the end of D to its publication time (None: the feed gives none).
    `partitions` are the addresses of partitions in the lake; days of `visible` are partitions too, whose content is decided
    here. Older than the window or later than the day is outside. An undated document is new unless a partition has it.
    """
    known: dict[date, set[str]] = {day: set(urls) for day, urls in partitions.items() if day not in visible}
    result: dict[date, Selection] = {}
    for day in sorted(visible):
        watched = {d for d in known if d < day}
        low = start_of(first_day_wanted(day, watched, late_days))
        high = start_of(day + timedelta(days=1))
        window = {d for d in watched if d >= day - timedelta(days=late_days)}
        recent = set().union(*(known[d] for d in window))
        ever = set().union(*(known[d] for d in watched))
        chosen = Selection()
        for url, published in sorted(visible[day].items()):
            if published is not None and not low <= published < high:
                chosen.outside.append(url)
            elif url in (ever if published is None else recent):
                chosen.already_seen.append(url)
            else:
                chosen.new.append(url)
        known[day] = set(chosen.new)
        result[day] = chosen
    return result
