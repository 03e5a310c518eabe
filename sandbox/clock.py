"""The clock of a request: the moment of the past that a client asks for (RFC 7089 Accept-Datetime)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def parse_http_date(text: str) -> datetime:
    """Read an HTTP-date such as `Thu, 28 Feb 2013 23:59:59 GMT`. Raises ValueError with one sentence."""
    try:
        moment = datetime.strptime(text.strip(), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None or http_date(moment) != text.strip():
        raise ValueError(
            f"Accept-Datetime {text!r} is not an HTTP-date; write it like 'Thu, 28 Feb 2013 23:59:59 GMT'."
        )
    return moment


def http_date(moment: datetime) -> str:
    """IMF-fixdate of RFC 9110 (always English, always GMT); RSS's RFC 822 date has the same form."""
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} GMT"
    )


def end_of_day(day: date) -> datetime:
    """23:59:59 UTC of the day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def clock_us(clock: datetime) -> int:
    """The last microsecond that the clock covers: an HTTP-date has whole seconds and covers all of its second."""
    return (int((clock - _EPOCH).total_seconds()) + 1) * 1_000_000 - 1
