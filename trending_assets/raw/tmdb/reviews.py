"""TMDb's user reviews as documents: whose reviews are asked for on a day, and which of them are new."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES
from trending_assets.failures import Reason
from trending_assets.raw.first_seen import first_seen, start_of
from trending_assets.raw.plain_text import fold, plain
from trending_assets.raw.tmdb.api import Tmdb, bad_answer, bad_item, item_bytes
from trending_assets.raw.tmdb.client import BadAnswer, gather
from trending_assets.raw.values import moment, number

TABLE = "raw/tmdb_reviews"
REVIEW_PAGES = 25
"""Pages of 20 that are read of one title's reviews."""
KNOWN_DAYS = 28
"""A review without a time is new unless a partition of this many days before has it."""
BEST = 10.0
_ID = re.compile(r"[0-9A-Za-z]{1,64}")
KEY = ["media_type", "tmdb_id"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Review:
    """An item of an answer: a row, or what goes to quarantine. `url` is None where it has no usable id."""

    url: str | None
    published: datetime | None
    row: Row | None
    bad: quarantine.Row | None


@dataclass
class Visible:
    """The reviews that TMDb shows at the end of a day, by address; and what is no review, with its own address.

    `seen` counts every item of the answers, and an answer that cannot be read as one.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    bad: dict[str, quarantine.Row] = field(default_factory=dict)
    published: dict[str, datetime | None] = field(default_factory=dict)
    unaddressed: list[quarantine.Row] = field(default_factory=list)
    seen: int = 0

    def add(self, review: Review) -> None:
        """Take an item; of an address that is shown twice the first one counts."""
        self.seen += 1
        if review.url is None and review.bad:
            self.unaddressed.append(review.bad)
        elif review.url is not None and review.url not in self.published:
            self.published[review.url] = review.published
            if review.row:
                self.rows[review.url] = review.row
            elif review.bad:
                self.bad[review.url] = review.bad


@dataclass
class Chosen:
    """What becomes of a day's reviews: seen = rows + bad + already_seen + outside + repeats."""

    frame: pl.DataFrame
    bad: list[quarantine.Row]
    counts: dict[str, int]


def titles_to_ask(titles: pl.DataFrame, lists: pl.DataFrame, day: date) -> pl.DataFrame:
    """Rows of raw/tmdb_titles whose reviews are asked for: on a list of the day, or fetched on it and with reviews."""
    fresh = (pl.col("fetched_on") == day) & (pl.col("review_count").fill_null(1) > 0)
    listed = titles.join(lists.select(KEY).unique(), on=KEY, how="semi")
    return pl.concat([listed, titles.filter(fresh)]).unique(KEY).sort(KEY)


def review_address(item: Mapping[str, Any], review_id: str) -> str:
    """https://www.themoviedb.org/review/<id>, unless the API names an address of its own host for that id."""
    given = item.get("url")
    if isinstance(given, str) and given.startswith(("http://", "https://")) and given.endswith(f"/review/{review_id}"):
        host = urlsplit(given).hostname or ""
        if host and host.removeprefix("www.") not in ("themoviedb.org", "tmdb.org"):
            return given
    return f"https://www.themoviedb.org/review/{review_id}"


def review_row(item: Mapping[str, Any], url: str, title: Row, day: date) -> Row:
    """A review as a raw document. `title` is the title's row of raw/tmdb_titles; `text` is None where it has none."""
    details = item.get("author_details")
    details = details if isinstance(details, dict) else {}
    rating = number(details.get("rating"))
    rating = rating if rating is not None and 0 <= rating <= BEST else None
    return {
        "url": url,
        "site": urlsplit(url).hostname,
        "kind": "review",
        "author": fold(item.get("author")) or fold(details.get("username")),
        "published_at": moment(item.get("created_at")) or start_of(day),
        "headline": None,
        "text": plain(item.get("content")),
        "rating": rating,
        "rating_max": BEST if rating is not None else None,
        "language": fold(item.get("iso_639_1")),
        "work_title": title["title"],
        "work_year": title["release_date"].year if title["release_date"] else None,
        "work_media_type": title["media_type"],
        "work_id": f"{title['media_type']}-{title['tmdb_id']}",
        "work_people": [],
        "payload_sha256": hashlib.sha256(item_bytes(item)).hexdigest(),
    }


def read_review(title: Row, day: date, place: int, address: str, item: Any) -> Review:
    """An item of a title's reviews; `address` is its own for where it has no usable id."""
    review_id = item.get("id") if isinstance(item, dict) else None
    if not isinstance(review_id, str) or not _ID.fullmatch(review_id):
        return Review(None, None, None, bad_item("reviews", address, Reason.BAD_ROW, "A review without an id.", item))
    url, published = review_address(item, review_id), moment(item.get("created_at"))
    row = review_row(item, url, title, day)
    if row["text"]:
        return Review(url, published, row, None)
    return Review(url, published, None, bad_item("reviews", url, Reason.NO_TEXT, "A review without text.", item))


async def visible_reviews(tmdb: Tmdb, titles: pl.DataFrame, day: date) -> Visible:
    """Every review of some titles (rows of raw/tmdb_titles) at the end of the day."""

    async def ask(title: Row) -> list[Review]:
        path = f"{title['media_type']}/{title['tmdb_id']}/reviews"
        try:
            return await tmdb.pages(path, day, REVIEW_PAGES, partial(read_review, title, day))
        except BadAnswer as error:
            return [Review(None, None, None, bad_answer("reviews", tmdb.address(path), error))]

    found = Visible()
    for reviews in await gather([ask(title) for title in titles.to_dicts()]):
        for review in reviews:
            found.add(review)
    return found


def choose(
    visible: Mapping[date, Visible], partitions: Mapping[date, Collection[str]], late_days: int
) -> dict[date, Chosen]:
    """What is new on each day. `partitions` are the addresses of days that are in the lake, quarantined ones included."""
    contract = TABLES[TABLE]
    chosen: dict[date, Chosen] = {}
    for day, picked in first_seen({d: v.published for d, v in visible.items()}, partitions, late_days).items():
        found = visible[day]
        rows = [found.rows[url] for url in picked.new if url in found.rows]
        bad = [found.bad[url] for url in picked.new if url in found.bad] + found.unaddressed
        counts = {
            "seen": found.seen,
            "kept": len(rows),
            "quarantined": len(bad),
            "already_seen": len(picked.already_seen),
            "outside": len(picked.outside),
            "repeats": found.seen - len(found.published) - len(found.unaddressed),
        }
        chosen[day] = Chosen(pl.DataFrame(rows, schema=contract.schema).sort("url"), bad, counts)
    return chosen
