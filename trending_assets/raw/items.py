"""What a parser makes of bytes: plain values, before they are rows."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from trending_assets.failures import Reason


@dataclass(frozen=True)
class Work:
    """The film or show that a document declares to be about. Every field may be unknown.

    `work_id` is an IMDb id (tt…) or a title_id (movie-603); `people` are directors, creators and actors, as named.
    """

    title: str | None = None
    year: int | None = None
    media_type: str | None = None
    work_id: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A document. `published_at` is UTC, None where the source gives no time. A rating is on the site's own scale.

    `language` is the document's own tag; `site_language` that of the feed or page template around it, which is often wrong.
    """

    url: str
    published_at: datetime | None
    headline: str | None
    text: str | None
    author: str | None
    language: str | None
    rating: float | None = None
    rating_max: float | None = None
    work: Work | None = None
    site_language: str | None = None


@dataclass(frozen=True)
class BadItem:
    """An item that cannot become a document: the reason it is counted by, a sentence, and the bytes that it stands in."""

    url: str
    reason: Reason
    detail: str
    payload: bytes
    published_at: datetime | None = None

    @property
    def payload_sha256(self) -> str:
        """Hex SHA-256 of the payload."""
        return hashlib.sha256(self.payload).hexdigest()


@dataclass(frozen=True)
class Listing:
    """One page of a feed or API: items in its order, and the address of the next page."""

    items: list[Item] = field(default_factory=list)
    bad: list[BadItem] = field(default_factory=list)
    next_url: str | None = None


@dataclass(frozen=True)
class ChartRow:
    """A place of a chart's edition. `value` is in `unit` (usd, hours, views, …)."""

    chart: str
    chart_date: date
    rank: int
    title: str
    value: float | None = None
    unit: str | None = None
    days_in_release: int | None = None


@dataclass(frozen=True)
class Edition:
    """An edition of a chart: its rows, and its lines that could not be read (each of them quarantined)."""

    rows: list[ChartRow] = field(default_factory=list)
    bad: list[BadItem] = field(default_factory=list)
