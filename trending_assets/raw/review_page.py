"""The schema.org Review of a page, in the many shapes that real pages give it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trending_assets.raw.plain_text import fold, moment, number, plain, year

BEST_RATING = 5.0
"""schema.org: where bestRating is left out, 5 is assumed."""
_MOVIES = frozenset({"Movie"})
_SHOWS = frozenset({"TVSeries", "TVSeason", "TVEpisode", "Series", "CreativeWorkSeason", "CreativeWorkSeries"})
_REVIEWS = frozenset({"Review", "CriticReview", "UserReview", "ReviewNewsArticle", "MediaReview"})
_DEPTH = 12
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Review:
    """What a page says of itself. Every field may be None, yet headline or text is there."""

    work_title: str | None
    work_year: int | None
    work_media_type: str | None
    author: str | None
    rating: float | None
    rating_max: float | None
    headline: str | None
    text: str | None
    published_at: datetime | None
    language: str | None


def parse_review(markup: str) -> Review:
    """Read the page's review. Raises ValueError with the reason, in a sentence, where there is none to read."""
    nodes, broken = _json_ld(markup)
    found = next(_reviews(nodes), None)
    if found is None:
        raise ValueError("The page's JSON-LD is broken." if broken else "The page has no schema.org Review.")
    made = _review(*found)
    if made.text is None and made.headline is None:
        raise ValueError("The page's review has neither a headline nor text.")
    return made


def _json_ld(markup: str) -> tuple[list[Any], bool]:
    """All JSON-LD values of a page, and whether some script could not be read."""
    import lxml.html
    from extruct.jsonld import JsonLdExtractor
    from lxml.etree import LxmlError

    try:
        parser = lxml.html.HTMLParser(encoding="utf-8")
        tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return [], False
    found: list[Any] = []
    broken = False
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not (script.text or "").strip():
            continue
        # one script at a time: a broken one must not take the others with it
        page = lxml.html.document_fromstring("<html><head></head><body></body></html>")
        copy = lxml.html.Element("script", type="application/ld+json")
        copy.text = _NOT_XML.sub(" ", script.text)
        page.body.append(copy)
        try:
            found += JsonLdExtractor().extract_items(page)
        except (ValueError, RecursionError):
            broken = True
    return found, broken


def _types(node: dict[str, Any]) -> frozenset[str]:
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(n.rsplit("/", 1)[-1].removeprefix("schema:") for n in names if isinstance(n, str))


def _walk(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Top nodes and what @graph and mainEntity hold, in the page's order."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(name), list | dict):
                yield from _walk(value[name], depth + 1)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]


def _reviews(nodes: list[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(review, reviewed work) pairs: reviews of their own first, then reviews that hang on a work or an article."""
    flat = [node for top in nodes for node in _walk(top)]
    by_id = {node["@id"]: node for node in flat if isinstance(node.get("@id"), str) and len(node) > 1}

    def work(review: dict[str, Any]) -> dict[str, Any]:
        item = next(iter(_dicts(review.get("itemReviewed"))), {})
        reference = item.get("@id")
        return by_id.get(reference, item) if isinstance(reference, str) and len(item) == 1 else item

    for node in flat:
        if _types(node) & _REVIEWS:
            yield node, work(node)
    for node in flat:
        for review in _dicts(node.get("review")) + _dicts(node.get("reviews")):
            is_work = bool(_types(node) & (_MOVIES | _SHOWS))
            yield review, node if is_work else work(review)


def _name(value: Any, depth: int = 0) -> str | None:
    """A name that is a string, a list of names or a node with one."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list) and depth < _DEPTH:
        names = [made for part in value if (made := _name(part, depth + 1))]
        return ", ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict) and depth < _DEPTH:
        return _name(value.get("name") or value.get("@value"), depth + 1)
    return None


def _first(value: Any) -> Any:
    value = value[0] if isinstance(value, list) and value else value
    return value.get("@value") if isinstance(value, dict) and "@value" in value else value


def _whole_work(work: dict[str, Any]) -> dict[str, Any]:
    """The series that a season or episode is part of, or the work itself."""
    for name in ("partOfSeries", "partOfTVSeries", "partOfSeason"):
        parent = next(iter(_dicts(work.get(name))), None)
        if parent and _name(parent.get("name")):
            return parent
    return work


def _rating(review: dict[str, Any]) -> tuple[float | None, float | None]:
    node = _first(review.get("reviewRating"))
    if not isinstance(node, dict):
        return number(node), (BEST_RATING if number(node) is not None else None)
    value = number(_first(node.get("ratingValue")))
    if value is None:
        return None, None
    best = number(_first(node.get("bestRating")))
    return value, best if best is not None and best > 0 else BEST_RATING


def _language(value: Any) -> str | None:
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    return fold(value)


def _review(review: dict[str, Any], work: dict[str, Any]) -> Review:
    types = _types(work)
    media = "movie" if types & _MOVIES else "tv" if types & _SHOWS else None
    whole = _whole_work(work) if media == "tv" else work
    years = (whole.get(n) for n in ("datePublished", "dateCreated", "startDate", "releaseDate", "copyrightYear"))
    rating, best = _rating(review)
    return Review(
        work_title=_name(whole.get("name")),
        work_year=next((found for value in years if (found := year(_first(value)))), None),
        work_media_type=media,
        author=_name(review.get("author")),
        rating=rating,
        rating_max=best,
        headline=_name(review.get("headline")) or _name(review.get("name")),
        text=next(
            (made for n in ("reviewBody", "articleBody", "description") if (made := plain(_first(review.get(n))))), None
        ),
        published_at=moment(_first(review.get("datePublished"))) or moment(_first(review.get("dateCreated"))),
        language=_language(review.get("inLanguage")),
    )
