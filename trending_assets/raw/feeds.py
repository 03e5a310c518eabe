"""Feeds and OPML lists, bytes in and plain values out."""

import calendar
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from trending_assets.raw.plain_text import fold, plain

_END = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL)
_RATED = re.compile(
    r"\b(?:rated?|rating|ratings|scored?|gave|give|giving)\b.{0,200}?(?<![\d/.,])(\d{1,3}(?:[.,]\d)?)\s?/\s?(5|10|100)(?![\d/])",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Item:
    """An item of a feed. `published_at` is UTC, None where the feed gives no time."""

    url: str
    published_at: datetime | None
    headline: str | None
    text: str | None
    author: str | None
    language: str | None
    rating: float | None = None
    rating_max: float | None = None


@dataclass(frozen=True)
class BadItem:
    """An item that cannot become a document, with the reason in a sentence."""

    url: str
    reason: str
    payload: str
    payload_sha256: str
    published_at: datetime | None


@dataclass(frozen=True)
class FeedPage:
    """One page of a feed: items in the feed's order, and the next page by RFC 5005."""

    items: list[Item] = field(default_factory=list)
    bad: list[BadItem] = field(default_factory=list)
    next_url: str | None = None


def host_of(url: str) -> str | None:
    """Lower-case host of an http(s) address; None for anything else."""
    try:
        parts = urlsplit(url)
        return parts.hostname.lower() if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def is_complete(body: bytes) -> bool:
    """True when a feed's closing tag is there: a body that was cut off on its way lacks it."""
    return bool(_END.search(body.rstrip(b"\x00 \r\n\t")[-2000:]))


def parse_feed(body: bytes, url: str, content_type: str = "") -> FeedPage:
    """Read RSS or Atom. Never drops an item: each is in `items` or in `bad`. Raises ValueError where it is no feed."""
    import feedparser

    parsed = feedparser.parse(
        body,
        response_headers={"content-type": content_type, "content-location": url} if content_type else None,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise ValueError("it is neither RSS nor Atom")
    language = fold(parsed.feed.get("language"))
    page = FeedPage(next_url=_next(parsed.feed.get("links", []), url))
    for entry in parsed.entries:
        made = _item(entry, url, language)
        (page.items if isinstance(made, Item) else page.bad).append(made)  # type: ignore[arg-type]
    return page


def _next(links: list[Any], url: str) -> str | None:
    for link in links:
        if link.get("rel") == "next" and link.get("href"):
            try:
                there = urljoin(url, link["href"])
            except ValueError:
                return None
            return there if host_of(there) else None
    return None


def _time(entry: Any) -> datetime | None:
    for name in ("published_parsed", "updated_parsed"):
        value = entry.get(name)
        if value:
            try:
                return datetime.fromtimestamp(calendar.timegm(value), UTC)
            except (ValueError, OverflowError, OSError, TypeError):
                continue
    return None


def _text_of(detail: Any) -> str | None:
    if not detail:
        return None
    value = detail.get("value")
    return fold(value) if detail.get("type") == "text/plain" else plain(value)


def _item(entry: Any, base: str, language: str | None) -> Item | BadItem:
    try:
        link = urljoin(base, str(entry.get("link") or "").strip()) if entry.get("link") else None
    except ValueError:
        link = None
    if link is None and host_of(str(entry.get("id") or "")):
        link = str(entry.get("id"))
    published = _time(entry)
    headline = _text_of(entry.get("title_detail"))
    details = [entry.get("summary_detail"), *entry.get("content", [])]
    text = max((made for d in details if (made := _text_of(d))), key=len, default=None)
    reason = None
    if link is None or host_of(link) is None:
        reason = "The feed item has no http address."
    elif headline is None and text is None:
        reason = "The feed item has neither a headline nor text."
    if reason:
        payload = json.dumps(
            {k: str(v) for k, v in entry.items() if not k.endswith("_parsed")}, sort_keys=True, ensure_ascii=False
        )
        payload = payload.encode("utf-8", "replace").decode()
        sha = hashlib.sha256(payload.encode()).hexdigest()
        return BadItem(link if link and host_of(link) else base, reason, payload[:2000], sha, published)
    assert link is not None
    tongue = next((found for d in details if d and (found := fold(d.get("language")))), language)
    rating, rating_max = stated_rating(text)
    author = fold(entry.get("author"))
    return Item(link, published, headline, text, author, tongue, rating, rating_max)


def stated_rating(text: str | None) -> tuple[float | None, float | None]:
    """Rating and best rating of a text that states one rating out of 5, 10 or 100, as in `I rated it 7/10`."""
    found = _RATED.findall(text or "")
    if len(found) != 1:
        return None, None
    rating, best = float(found[0][0].replace(",", ".")), float(found[0][1])
    return (rating, best) if rating <= best else (None, None)


def parse_opml(body: bytes) -> list[str]:
    """Feed addresses of an OPML list, each once, in its order. Raises ValueError where it is no OPML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not well-formed XML: {error.msg}") from None
    if root.tag != "opml":
        raise ValueError(f"its root is <{root.tag}>, not <opml>")
    found = (str(node.get("xmlUrl")) for node in root.iter("outline") if node.get("xmlUrl"))
    return list(dict.fromkeys(address for address in found if host_of(address)))
