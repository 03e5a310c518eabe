"""The small values that pages, feeds and APIs print: numbers, ratings, years, times, addresses."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[,.\s\u202f']\d{3})+|\d+")
_YEAR = re.compile(r"(?<!\d)(18[7-9]\d|19\d\d|20\d\d)(?!\d)")
_SCALED = re.compile(
    r"([-+]?\d+(?:[.,]\d+)?)\s*(?:/|\bout of\b|\bof\b|\bvon\b|\bsur\b)\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE
)
_STARS = re.compile(r"[\u2605\u2b50](?:\ufe0f)?")
_ZONES = {  # hours from UTC, as feeds and pages write them (RFC 5322 section 4.3, and the common European ones)
    **{
        "UT": 0,
        "GMT": 0,
        "Z": 0,
        "EST": -5,
        "EDT": -4,
        "CST": -6,
        "CDT": -5,
        "MST": -7,
        "MDT": -6,
        "PST": -8,
        "PDT": -7,
    },
    **{
        "WET": 0,
        "WEST": 1,
        "BST": 1,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "JST": 9,
        "AEST": 10,
        "AEDT": 11,
    },
}
_DAY_FIRST = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")


def number(value: Any) -> float | None:
    """A number as pages print it: 4, 3.5, "3,5", "8/10" (the first number). None where there is none, or beyond 1e9."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        made = float(value) if -(10**9) < value < 10**9 else None  # also None for NaN
        return made
    found = _NUMBER.search(value[:200]) if isinstance(value, str) else None
    if found is None or len(found[0]) > 20:
        return None
    made = float(found[0].replace(",", "."))
    return made if abs(made) < 1e9 else None


def whole(value: Any) -> int | None:
    """A count as pages print it: 1897569, "1,897,569". None where there is none, or beyond 1e12."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        found = _GROUPED.search(value[:100])
        value = int(re.sub(r"\D", "", found[0])) if found and len(found[0]) <= 20 else -1
    return int(value) if 0 <= value <= 10**12 else None


def rating(value: Any) -> tuple[float | None, float | None]:
    """A rating and its best value as printed: "8/10", "3.5 out of 5", "80%", "★★★½" (of 5). The best is None where not said."""
    if isinstance(value, str):
        text = value[:200]
        if scaled := _SCALED.search(text):
            given, best = number(scaled[1]), number(scaled[2])
            if given is not None and best and given <= best:
                return given, best
            return None, None
        if stars := len(_STARS.findall(text)):
            return min(stars + 0.5 * ("½" in text), 5.0), 5.0
        if "%" in text:
            return number(text), 100.0 if number(text) is not None else None
    return number(value), None


def year(value: Any) -> int | None:
    """The first year from 1870 to 2099 in a value."""
    found = _YEAR.search(str(value)[:200]) if isinstance(value, str | int) and not isinstance(value, bool) else None
    return int(found[1]) if found else None


def moment(value: Any) -> datetime | None:
    """A time as ISO 8601, RFC 5322 or another common form, in UTC; without a zone it is read as UTC. None if unreadable."""
    if not isinstance(value, str) or not 4 <= len(value) <= 60:
        return None
    text = value.strip()
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        made = _any_form(text)  # type: ignore[assignment]
    if made is None:
        return None
    try:
        made = made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return made if made.year > 1 else None


def _any_form(text: str) -> datetime | None:
    from dateutil import parser

    try:
        return parser.isoparse(text)
    except (ValueError, OverflowError):
        pass
    try:
        # what a text leaves out must show: year 1 is no year of a document
        return parser.parse(
            text, default=datetime(1, 1, 1), dayfirst=bool(_DAY_FIRST.search(text)), tzinfos=_seconds_from_utc
        )
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _seconds_from_utc(name: str | None, offset: int | None) -> int:
    return offset if offset is not None else _ZONES.get((name or "").upper(), 0) * 3600


def host_of(url: str) -> str | None:
    """Lower-case host of an http(s) address; None for anything else."""
    try:
        parts = urlsplit(url)
        return parts.hostname.lower() if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def absolute(base: str, address: Any) -> str | None:
    """An address in a page as an absolute http(s) one; None where it is none, or longer than 2,000 characters."""
    if not isinstance(address, str) or not address.strip() or len(address) > 2_000:
        return None
    try:
        there = urljoin(base, address.strip())
    except ValueError:
        return None
    return there if host_of(there) and not re.search(r"[\s\x00-\x1f\x7f]", there) else None
