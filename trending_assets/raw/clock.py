"""Asking a server for a day of the past (RFC 7089), and refusing an answer that is of today."""

from datetime import UTC, date, datetime, timedelta

from trending_assets.failures import PermanentFailure

MEMENTO = "Memento-Datetime"


def accept_datetime(day: date) -> str:
    """Value of Accept-Datetime for the end of the day (23:59:59 UTC), as an HTTP-date of RFC 9110."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{weekday}, {day.day:02d} {months[day.month - 1]} {day.year:04d} 23:59:59 GMT"


def today_utc() -> date:
    """Today's date. Only used to tell whether a partition lies in the past, never written anywhere."""
    return datetime.now(UTC).date()


def is_past(day: date, today: date) -> bool:
    """True for a partition older than yesterday: only a server that can show the past may fill it."""
    return day < today - timedelta(days=1)


def past_refusal(what: str, day: date) -> str:
    """The sentence for an answer without Memento-Datetime to a request for a past day."""
    return (
        f"{what} cannot show the past: it answered for {day} without {MEMENTO}, so today's answer would stand under an old "
        "date. Only yesterday and today can be read from it; leave older partitions out."
    )


def check_memento(headers: object, what: str, day: date, today: date) -> None:
    """Raise PermanentFailure when the day is past and the answer's headers (a mapping) lack Memento-Datetime."""
    if is_past(day, today) and MEMENTO not in headers:  # type: ignore[operator]
        raise PermanentFailure(past_refusal(what, day))
