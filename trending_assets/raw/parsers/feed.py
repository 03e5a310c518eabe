"""RSS, Atom and JSON feeds and OPML lists: bytes in, plain values out."""

import calendar
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.boilerplate import without_boilerplate
from trending_assets.raw.items import BadItem, Item, Listing
from trending_assets.raw.json_values import at, dump, load_json
from trending_assets.raw.parsers.markup import check_size
from trending_assets.raw.plain_text import fold, plain
from trending_assets.raw.values import absolute, host_of, moment

LONGEST_LINE = 1_000
"""Characters of the longest headline or author."""
_END = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL)
_RATED = re.compile(
    r"\b(?:rated?|rating|ratings|scored?|gave|give|giving)\b.{0,200}?(?<![\d/.,])(\d{1,3}(?:[.,]\d)?)\s?/\s?(5|10|100)(?![\d/])",
    re.IGNORECASE | re.DOTALL,
)


def is_complete(body: bytes) -> bool:
    """True when a feed's end is there: a body that was cut off on its way lacks it."""
    end = body.rstrip(b"\x00 \r\n\t")[-2000:]
    return end.endswith(b"}") if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" else bool(_END.search(end))


def parse(body: bytes, url: str, content_type: str = "") -> Listing:
    """Items of an RSS (0.9x, 1.0, 2.0), Atom or JSON feed, and the next page (RFC 5005, next_url).

    No item is dropped: each is in `items` or in `bad`. Raises BadInput: WRONG_FORMAT where it is no feed, TOO_LARGE.
    """
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return _json_feed(body, url)
    import feedparser

    check_size(body.decode("latin-1"))
    headers = {"content-type": content_type, "content-location": url} if content_type else None
    # as a stream: bytes that are the name of a file would be opened
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.get("version") and not parsed.entries:
        raise BadInput(Reason.WRONG_FORMAT, "It is neither RSS nor Atom.")
    site = fold(parsed.feed.get("language"), 40)
    made = [_item(entry, url, site) for entry in parsed.entries]
    links = parsed.feed.get("links", [])
    further = (absolute(url, link.get("href")) for link in links if link.get("rel") == "next")
    return _listing(made, next((there for there in further if there), None))


def _listing(made: list[Item | BadItem], next_url: str | None) -> Listing:
    return Listing(
        [item for item in made if isinstance(item, Item)],
        [item for item in made if isinstance(item, BadItem)],
        next_url,
    )


def _item(entry: Any, base: str, site: str | None) -> Item | BadItem:
    link = absolute(base, entry.get("link"))
    if link is None and host_of(str(entry.get("id") or "")):
        link = absolute(base, entry.get("id"))
    details = [entry.get("summary_detail"), *entry.get("content", [])]
    tongue = next((found for d in details if d and (found := fold(d.get("language"), 40)) and found != site), None)
    return _made(
        link,
        base,
        lambda: json.dumps({k: str(v) for k, v in entry.items() if not k.endswith("_parsed")}, sort_keys=True).encode(),
        published_at=_time(entry),
        headline=_text_of(entry.get("title_detail"), LONGEST_LINE),
        texts=[_text_of(detail) for detail in details],
        author=fold(entry.get("author"), LONGEST_LINE),
        language=tongue,
        site_language=site,
    )


def _made(
    link: str | None,
    base: str,
    payload: Any,
    *,
    published_at: datetime | None,
    headline: str | None,
    texts: list[str | None],
    author: str | None,
    language: str | None,
    site_language: str | None,
) -> Item | BadItem:
    """The item, or why it can be none. The longest of the texts counts."""
    text = without_boilerplate(max(filter(None, texts), key=len, default=None))
    if link is None:
        sentence = "The feed item has no http address."
        return BadItem(base, Reason.NO_ADDRESS, sentence, payload(), published_at)
    if headline is None and text is None:
        sentence = "The feed item has neither a headline nor text."
        return BadItem(link, Reason.NO_TEXT, sentence, payload(), published_at)
    rating, best = stated_rating(text)
    return Item(link, published_at, headline, text, author, language, rating, best, None, site_language)


def _time(entry: Any) -> datetime | None:
    for name in ("published_parsed", "updated_parsed"):
        value = entry.get(name)
        if value:
            try:
                return datetime.fromtimestamp(calendar.timegm(value), UTC)
            except (ValueError, OverflowError, OSError, TypeError):
                continue
    return next((made for name in ("published", "updated") if (made := moment(entry.get(name)))), None)


def _text_of(detail: Any, longest: int | None = None) -> str | None:
    if not detail:
        return None
    made = fold(detail.get("value")) if detail.get("type") == "text/plain" else plain(detail.get("value"))
    return fold(made, longest) if longest else made


def _json_feed(body: bytes, url: str) -> Listing:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    value = load_json(body, "a feed")
    if not str(at(value, "version")).startswith("https://jsonfeed.org/version/") or not isinstance(
        at(value, "items"), list
    ):
        raise BadInput(Reason.WRONG_FORMAT, "It is JSON, yet no JSON Feed.")
    site = fold(at(value, "language"), 40)
    return _listing([_json_item(entry, url, site) for entry in value["items"]], absolute(url, at(value, "next_url")))


def _json_item(entry: Any, base: str, site: str | None) -> Item | BadItem:
    link = absolute(base, at(entry, "url")) or (
        absolute(base, at(entry, "id")) if host_of(str(at(entry, "id"))) else None
    )
    author = at(entry, "authors", 0, "name") or at(entry, "author", "name")
    return _made(
        link,
        base,
        lambda: dump(entry),
        published_at=moment(at(entry, "date_published")) or moment(at(entry, "date_modified")),
        headline=fold(at(entry, "title"), LONGEST_LINE),
        texts=[plain(at(entry, "content_html")), fold(at(entry, "content_text")), fold(at(entry, "summary"))],
        author=fold(author, LONGEST_LINE),
        language=fold(at(entry, "language"), 40),
        site_language=site,
    )


def stated_rating(text: str | None) -> tuple[float | None, float | None]:
    """Rating and best rating of a text that states one rating out of 5, 10 or 100, as in `I rated it 7/10`."""
    found = _RATED.findall((text or "")[:20_000])
    if len(found) != 1:
        return None, None
    rating, best = float(found[0][0].replace(",", ".")), float(found[0][1])
    return (rating, best) if rating <= best else (None, None)


def parse_opml(body: bytes) -> list[str]:
    """Feed addresses of an OPML list, each once, in its order. Raises BadInput (WRONG_FORMAT) where it is no OPML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(Reason.WRONG_FORMAT, f"It is no OPML: it is not well-formed XML ({error}).") from None
    if root.tag != "opml":
        raise BadInput(Reason.WRONG_FORMAT, f"It is no OPML: its root is <{root.tag}>.")
    found = (str(node.get("xmlUrl")) for node in root.iter("outline") if node.get("xmlUrl"))
    return list(dict.fromkeys(address for address in found if host_of(address)))
