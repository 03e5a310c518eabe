"""TMDb's JSON to rows: list items, details and what is appended to them. Odd types and empty strings become null."""

import re
from datetime import date
from typing import Any

from trending_assets.raw.plain_text import fold

CAST = 10
RELEASE_KINDS = {1: "premiere", 2: "theatrical", 3: "theatrical", 4: "digital", 5: "physical", 6: "tv"}
"""TMDb's release types; 2 is a limited theatrical release."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T|$)")


def _text(value: Any) -> str | None:
    return value.replace("\x00", "").strip() or None if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    """The day of an ISO day or time."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) and _DAY.match(value) else None
    except ValueError:
        return None


def whole(value: Any) -> int | None:
    """A number from 0 up without a fraction that fits 62 bits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**62:
        return None
    return int(value) if int(value) == value else None


def _real(value: Any, high: float = 1e9) -> float | None:
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= high else None
    )


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _node(item: dict[str, Any], name: str) -> dict[str, Any]:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _names(value: Any, key: str = "name") -> list[str]:
    """Names of a list of nodes, in its order, each once."""
    found = (fold(part.get(key)) for part in _dicts(value))
    return list(dict.fromkeys(name for name in found if name))


def _by(nodes: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """The nodes by a number that they carry; those without it last."""
    return sorted(nodes, key=lambda node: node[key] if isinstance(node.get(key), int) else 10_000)


def _votes(item: dict[str, Any]) -> tuple[float | None, int | None]:
    """Mean and number of votes; a title without votes has no mean, whatever figure stands there."""
    count = whole(item.get("vote_count"))
    return (_real(item.get("vote_average"), 10) if count else None), count


def _titles(item: dict[str, Any]) -> tuple[str | None, str | None]:
    """Title and original title."""
    original = fold(item.get("original_title")) or fold(item.get("original_name"))
    return fold(item.get("title")) or fold(item.get("name")) or original, original


def list_row(media: str, name: str, rank: int, item: dict[str, Any]) -> dict[str, Any]:
    """A list item as a row of raw/tmdb_lists. tmdb_id and title are None where the item lacks them."""
    average, count = _votes(item)
    ids = item.get("genre_ids")
    title, original = _titles(item)
    return {
        "media_type": media,
        "list": name,
        "rank": rank,
        "tmdb_id": whole(item.get("id")) or None,
        "title": title,
        "original_title": original,
        "release_date": _day(item.get("release_date") or item.get("first_air_date")),
        "popularity": _real(item.get("popularity")),
        "vote_average": average,
        "vote_count": count,
        "genre_ids": [i for i in map(whole, ids) if i] if isinstance(ids, list) else [],
        "original_language": _text(item.get("original_language")),
    }


def _runtime(item: dict[str, Any]) -> float | None:
    """Minutes of a film, or of a show's first listed episode length; TMDb writes 0 for unknown."""
    episodes = item.get("episode_run_time")
    value = item.get("runtime") or (episodes[0] if isinstance(episodes, list) and episodes else None)
    return _real(value) or None


def platforms(providers: dict[str, Any], region: str) -> list[str]:
    """Flat-rate streaming platforms of a region (ISO 3166-1), in TMDb's display order, of an answer of watch/providers."""
    offers = _dicts(_node(_node(providers, "results"), region).get("flatrate"))
    return _names(_by(offers, "display_priority"), "provider_name")


def alternative_titles(item: dict[str, Any]) -> list[str]:
    """Other names than title and original title, of an item with alternative_titles (films: titles, TV: results)."""
    named = _node(item, "alternative_titles")
    known = set(_titles(item))
    return [name for name in _names(named.get("titles") or named.get("results"), "title") if name not in known]


def releases(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The earliest release by country and kind, ascending by day, of an item with release_dates (films only)."""
    first: dict[tuple[str, str], date] = {}
    for country in _dicts(_node(item, "release_dates").get("results")):
        code = _text(country.get("iso_3166_1"))
        for release in _dicts(country.get("release_dates")):
            kind, day = RELEASE_KINDS.get(whole(release.get("type")) or 0), _day(release.get("release_date"))
            if code and kind and day:
                first[code, kind] = min(first.get((code, kind), day), day)
    return [
        {"country": code, "kind": kind, "date": day}
        for (code, kind), day in sorted(first.items(), key=lambda entry: (entry[1], entry[0]))
    ]


def certification(item: dict[str, Any], region: str) -> str | None:
    """Age rating in a region, of an item with release_dates (films) or content_ratings (TV)."""
    for country in _dicts(_node(item, "content_ratings").get("results")):
        if country.get("iso_3166_1") == region and (rating := _text(country.get("rating"))):
            return rating
    for country in _dicts(_node(item, "release_dates").get("results")):
        if country.get("iso_3166_1") == region:
            rated = (_text(release.get("certification")) for release in _dicts(country.get("release_dates")))
            return next((rating for rating in rated if rating), None)
    return None


def detail_row(media: str, tmdb_id: int, item: dict[str, Any], day: date, region: str) -> dict[str, Any] | None:
    """Details (with what tmdb.APPENDED names) as a row of raw/tmdb_titles; None where TMDb has no name for the title."""
    title, original = _titles(item)
    if title is None:
        return None
    average, count = _votes(item)
    credits, keywords = _node(item, "credits"), _node(item, "keywords")
    crew = [p for p in _dicts(credits.get("crew")) if p.get("job") == "Director"]
    return {
        "media_type": media,
        "tmdb_id": tmdb_id,
        "imdb_id": _text(item.get("imdb_id")) or _text(_node(item, "external_ids").get("imdb_id")),
        "title": title,
        "original_title": original,
        "release_date": _day(item.get("release_date") or item.get("first_air_date")),
        "overview": _text(item.get("overview")),
        "tagline": _text(item.get("tagline")),
        "genres": _names(item.get("genres")),
        "keywords": _names(keywords.get("keywords") or keywords.get("results")),
        "popularity": _real(item.get("popularity")),
        "vote_average": average,
        "vote_count": count,
        "runtime": _runtime(item),
        "original_language": _text(item.get("original_language")),
        "cast": _names(_by(_dicts(credits.get("cast")), "order"))[:CAST],
        "directors": (_names(item.get("created_by")) if media == "tv" else []) or _names(crew),
        "platforms": platforms(_node(item, "watch/providers"), region),
        "poster_path": _text(item.get("poster_path")),
        "alternative_titles": alternative_titles(item),
        "releases": releases(item),
        "certification": certification(item, region),
        "review_count": whole(_node(item, "reviews").get("total_results")),
        "fetched_on": day,
    }
