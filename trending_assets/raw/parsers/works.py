"""The film or show that a schema.org node describes: names, ids, people, ratings."""

import re
from typing import Any
from urllib.parse import urljoin

from trending_assets.raw import values
from trending_assets.raw.items import Work
from trending_assets.raw.parsers.structured_data import Graph, Node, types
from trending_assets.raw.plain_text import plain

BEST_RATING = 5.0
"""schema.org: where bestRating is left out, 5 is assumed."""
MAX_PEOPLE = 20
LONGEST_LINE = 1_000
MOVIES = frozenset({"Movie"})
SHOWS = frozenset(
    {"TVSeries", "TVSeason", "TVEpisode", "Series", "Episode", "CreativeWorkSeason", "CreativeWorkSeries"}
)
WORKS = MOVIES | SHOWS
_PARTS = frozenset({"TVSeason", "TVEpisode", "Episode", "CreativeWorkSeason"})
_DATES = ("datePublished", "dateCreated", "startDate", "releaseDate", "copyrightYear")
_IMDB = re.compile(r"https?://(?:[\w-]+\.)?imdb\.com/(?:[a-z]{2}/)?title/(tt\d{7,10})(?!\d)")
_IMDB_ID = re.compile(r"tt\d{7,10}")
_TMDB = re.compile(r"https?://(?:www\.)?themoviedb\.org/(movie|tv)/(\d{1,10})(?!\d)")
_TITLE_YEAR = re.compile(r"^(.+?)\s*\((?:TV (?:Mini )?Series )?((?:18[7-9]|19\d|20\d)\d)(?:[-–](?:\d{4})?)?\s*\)$")
_DEPTH = 8


def name_of(graph: Graph, value: Any, depth: int = 0) -> str | None:
    """A name that is a string, a list of names or a node with one; an address is none."""
    if isinstance(value, str):
        return None if value.startswith(("http://", "https://")) else plain(value, LONGEST_LINE)
    if depth >= _DEPTH:
        return None
    if isinstance(value, list):
        names = [made for part in value[:MAX_PEOPLE] if (made := name_of(graph, part, depth + 1))]
        return ", ".join(dict.fromkeys(names))[:LONGEST_LINE] or None
    if isinstance(value, dict):
        node = graph.node(value)
        return name_of(graph, node.get("name") or node.get("@value"), depth + 1)
    return None


def first(value: Any) -> Any:
    """The first value of a property, out of its list and out of a JSON-LD value object."""
    value = value[0] if isinstance(value, list) and value else value
    return value.get("@value") if isinstance(value, dict) and "@value" in value else value


def scaled(graph: Graph, given: Any) -> tuple[float | None, float | None]:
    """Value and best value of a Rating (a node, or what is printed); both None without a value.

    Where bestRating is left out, what is printed counts ("8/10"), then schema.org's 5, then the next usual scale: an 8 is
    out of 10.
    """
    given = first(given)
    node = graph.node(given) if isinstance(given, dict) else {"ratingValue": given}
    value, printed = values.rating(first(node.get("ratingValue")))
    if value is None:
        return None, None
    stated = values.number(first(node.get("bestRating")))
    usual = next((best for best in (BEST_RATING, 10.0, 100.0) if value <= best), BEST_RATING)
    return value, stated if stated is not None and stated > 0 else printed or usual


def whole_of(graph: Graph, node: Node) -> Node:
    """The series that a season or episode is part of, or the work itself."""
    for _ in range(3):
        if not types(node) & _PARTS:
            break
        above = ("partOfSeries", "partOfTVSeries", "partOfSeason", "isPartOf")
        parents = (parent for name in above for parent in graph.nodes_of(node.get(name)))
        parent = next((p for p in parents if name_of(graph, p.get("name")) or p.get("partOfSeries")), None)
        if parent is None:
            break
        node = parent
    return node


def media_type(node: Node) -> str | None:
    """movie, tv, or None for another thing."""
    kinds = types(node)
    return "movie" if kinds & MOVIES else "tv" if kinds & SHOWS else None


def work_of(graph: Graph, node: Node, url: str) -> Work | None:
    """The work that a node describes; of an episode or season its series. None where it has neither a title nor an id."""
    whole = whole_of(graph, node)
    title, year = title_and_year(graph, whole)
    # the id of an episode is none of its series
    found = None if types(whole) & _PARTS else next(iter(ids(graph, whole, url)), None)
    return Work(title, year, media_type(node), found, people(graph, whole)) if title or found else None


def title_and_year(graph: Graph, node: Node) -> tuple[str | None, int | None]:
    """Title without a year in brackets, and the year of the first of its dates, else the one in brackets."""
    title = name_of(graph, node.get("name"))
    year = next((found for name in _DATES if (found := values.year(first(node.get(name))))), None)
    if title and (dated := _TITLE_YEAR.match(title)):
        return dated[1], year or int(dated[2])
    return title, year


def ids(graph: Graph, node: Node, url: str) -> list[str]:
    """Ids that a work gives for itself: IMDb's (tt…) first, then TMDb's as a title_id. Addresses are read against `url`."""
    stated: list[str] = []
    for name in ("sameAs", "url", "@id", "identifier", "mainEntityOfPage"):
        value = node.get(name)
        for part in value[:50] if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                inner = graph.node(part)
                part = first(inner.get("value") or inner.get("url") or inner.get("@id"))
            if isinstance(part, str) and len(part) < 500:
                bare = name == "identifier" and _IMDB_ID.fullmatch(part)
                stated.append(f"https://www.imdb.com/title/{part}/" if bare else _joined(url, part.strip()))
    imdb = [found[1] for address in stated if (found := _IMDB.match(address))]
    tmdb = [f"{found[1]}-{found[2]}" for address in stated if (found := _TMDB.match(address))]
    return list(dict.fromkeys(imdb + tmdb))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def people(graph: Graph, node: Node) -> tuple[str, ...]:
    """Directors, creators and actors by name, MAX_PEOPLE at most; companies left out."""
    found: list[str] = []
    for name in ("director", "directors", "creator", "creators", "actor", "actors"):
        value = node.get(name)
        for part in value[:MAX_PEOPLE] if isinstance(value, list) else [value]:
            inner = graph.node(part) if isinstance(part, dict) else {}
            if part and "Organization" not in types(inner) and (made := name_of(graph, part)):
                found.append(made)
    return tuple(dict.fromkeys(found))[:MAX_PEOPLE]
