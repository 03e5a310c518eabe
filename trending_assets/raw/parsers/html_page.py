"""A plain HTML page as a document: by the selectors that its source declares, and by a library where it declares none."""

import logging
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw import values
from trending_assets.raw.boilerplate import without_boilerplate
from trending_assets.raw.items import Item, Work
from trending_assets.raw.parsers.markup import html_tree, too_deep
from trending_assets.raw.plain_text import fold
from trending_assets.raw.sources import Selectors

MAX_ELEMENTS = 20_000
"""Elements of a page whose main text is looked for: trafilatura takes up to 3 s for as many (100,000 links: 10 s, 400 MB)."""
LONGEST_LINE = 1_000
_LAST_DATE = "2100-01-01"  # htmldate's own limit is today: the same page would be read differently tomorrow
_PUBLISHED = (
    "//meta[@property='article:published_time' or @property='og:article:published_time' or @itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='publishdate' or @name='dc.date' or @name='DC.date.issued']/@content",
    "//time[@pubdate or @itemprop='datePublished']/@datetime",
    "//article//time/@datetime",
)


def parse(markup: str, url: str, selectors: Selectors | None) -> list[Item]:
    """The document of a page, in a list of its own.

    What a selector picks counts, its first match with text; a selector may end in `::text` or `::attr(name)`. Without one,
    `text` is the main text by trafilatura and headline, author, time and language are the page's metadata; a rating and a
    work are only read by selectors. Raises BadInput: NO_TEXT, BROKEN_MARKUP, TOO_LARGE.
    """
    tree = html_tree(markup)
    chosen = selectors or Selectors()
    picked = {name: _picked(tree, css) for name, css in chosen if isinstance(css, str)}
    said = picked.get
    text = said("text") if chosen.text else main_text(tree, url)
    if text is None and too_deep(tree):
        raise BadInput(Reason.BROKEN_MARKUP, "The page nests tags so deep that its rest could not be read.")
    metadata = None if chosen.headline and chosen.author and chosen.published else _metadata(tree, url)
    headline = said("headline") if chosen.headline else _title(metadata)
    author = said("author") if chosen.author else fold(metadata and metadata.author, LONGEST_LINE)
    text = without_boilerplate(text)
    if text and author and not chosen.text:
        text = fold(text.removeprefix(f"By {author}").lstrip(" ,.|"))
    if text is None and headline is None:
        raise BadInput(Reason.NO_TEXT, "The page has neither a headline nor text where its source's selectors look.")
    rating, best = values.rating(said("rating"))
    title = said("work_title")
    year = values.year(said("work_year"))
    language = tree.get("lang") or next(iter(tree.xpath("//meta[@http-equiv='content-language']/@content")), None)
    return [
        Item(
            url=url,
            published_at=values.moment(said("published")) if chosen.published else _published(tree, metadata),
            headline=headline,
            text=text,
            author=author,
            language=None,
            rating=rating,
            rating_max=None if rating is None else chosen.rating_max or best,
            work=Work(title, year) if title else None,
            site_language=fold(language, 40),
        )
    ]


def main_text(tree: Any, url: str) -> str | None:
    """The main text of a page, without its heading, navigation, comments and the like.

    Raises BadInput (TOO_LARGE) beyond MAX_ELEMENTS.
    """
    _check_elements(tree)
    from trafilatura import bare_extraction

    _quiet()
    try:
        found = bare_extraction(tree, url=url, include_comments=False, include_tables=False, with_metadata=False)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError, IndexError):
        return None  # on odd markup the library gives up in more than one way
    text = None if found is None or isinstance(found, dict) else found.text
    heading = next((made for node in tree.iter("h1") if (made := fold(node.text_content()))), None)
    first, _, rest = (text or "").partition("\n")
    return fold(rest if rest and fold(first) == heading else text)


def _check_elements(tree: Any) -> None:
    elements = int(tree.xpath("count(//*)"))
    if elements > MAX_ELEMENTS:
        raise BadInput(
            Reason.TOO_LARGE,
            f"The page has {elements:,} elements; a main text is looked for in {MAX_ELEMENTS:,} at most.",
        )


def _metadata(tree: Any, url: str) -> Any:
    _check_elements(tree)
    from trafilatura.metadata import extract_metadata

    _quiet()
    dates = {"original_date": True, "extensive_search": False, "max_date": _LAST_DATE}
    try:
        return extract_metadata(tree, url, dates, extensive=False)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError, IndexError):
        return None


def _title(metadata: Any) -> str | None:
    """The page's title without the name of its site at the end."""
    title = fold(metadata and metadata.title, LONGEST_LINE)
    site = fold(metadata and metadata.sitename)
    if title and site:
        for rule in (" - ", " | ", " – ", " — ", " · "):
            title = title.removesuffix(f"{rule}{site}")
    return title


def _published(tree: Any, metadata: Any) -> datetime | None:
    """The time that the page states, else the day that htmldate finds."""
    for path in _PUBLISHED:
        for stated in tree.xpath(path)[:3]:
            if made := values.moment(str(stated)):
                return made
    day = values.moment(getattr(metadata, "date", None))
    return day.replace(tzinfo=UTC) if day else None


def _picked(tree: Any, css: str) -> str | None:
    """Text of the first match that has any."""
    for found in tree.xpath(css_path(css)):
        text = found if isinstance(found, str) else " ".join(found.itertext())
        if made := fold(str(text)):
            return made
    return None


@lru_cache(maxsize=256)
def css_path(css: str) -> str:
    """The selector as XPath. Raises BadInput (WRONG_FORMAT) where it is no CSS selector."""
    from cssselect.parser import SelectorError
    from parsel.csstranslator import HTMLTranslator

    try:
        return str(HTMLTranslator().css_to_xpath(css))
    except (SelectorError, ValueError) as error:
        raise BadInput(Reason.WRONG_FORMAT, f"sources.yaml has a selector that is no CSS ({css}): {error}.") from None


@lru_cache(maxsize=1)
def _quiet() -> None:
    """Trafilatura and htmldate log an error for every page without a text; that is said in quarantine."""
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
