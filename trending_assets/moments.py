"""Moments as people write them on a command line."""

from datetime import UTC, datetime

from trending_assets.failures import PermanentFailure


def moment(text: str, option: str) -> datetime:
    """A day (its first instant) or a day with a time; UTC unless it names an offset. Raises PermanentFailure."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise PermanentFailure(f"{option} {text} is no moment; write it as 2013-05-04 or 2013-05-04T12:30.") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
