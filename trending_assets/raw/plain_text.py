"""Plain text of the HTML that feeds and pages carry, and the small values that they print."""

import html
import re
from datetime import UTC, datetime
from typing import Any

_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|ol|h[1-6]|blockquote|tr|td)\b[^>]*>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_SURROGATES = re.compile("[\ud800-\udfff\x00]")


def fold(text: Any) -> str | None:
    """One line of text with single spaces; None for what is no text or blank."""
    if not isinstance(text, str):
        return None
    return _SPACE.sub(" ", _SURROGATES.sub("", text)).strip() or None


def plain(markup: Any) -> str | None:
    """Text of an HTML fragment, entities decoded, on one line. None where nothing is left."""
    if not isinstance(markup, str):
        return None
    if "<" in markup:
        from w3lib.html import remove_comments, remove_tags, remove_tags_with_content

        markup = remove_tags_with_content(remove_comments(markup), which_ones=("script", "style"))
        markup = remove_tags(_BREAK.sub(" ", markup))
    return fold(html.unescape(markup))


def number(value: Any) -> float | None:
    """A number as pages print it: 4, 3.5, "3,5", "8/10" (the first number). None where there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        made = float(value)
    else:
        found = _NUMBER.search(value) if isinstance(value, str) else None
        if found is None:
            return None
        made = float(found[0].replace(",", "."))
    return made if abs(made) < 1e9 else None  # also false for NaN


def year(value: Any) -> int | None:
    """The first year from 1800 to 2099 in a value."""
    found = _YEAR.search(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    return int(found[1]) if found else None


def moment(value: Any) -> datetime | None:
    """A time as ISO 8601 or another common form, in UTC; without a zone it is read as UTC. None where it cannot be read."""
    if not isinstance(value, str) or not value.strip() or len(value) > 60:
        return None
    from dateutil import parser

    try:
        made = parser.isoparse(value.strip())
    except (ValueError, OverflowError):
        try:
            made = parser.parse(value, default=datetime(1, 1, 1))
        except (ValueError, OverflowError, TypeError):
            return None
    try:
        made = made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return made if made.year > 1 else None
