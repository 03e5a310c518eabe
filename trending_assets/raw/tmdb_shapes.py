"""TMDb's JSON to rows: list items and details. Tolerant of what is missing, of odd types and of empty strings."""

from datetime import date
from typing import Any

CAST = 10
REGION = "US"


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (ValueError, TypeError):
        return None


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**62 else None


def _real(value: Any, high: float = 1e9) -> float | None:
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= high else None
    )


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _names(value: Any, key: str = "name") -> list[str]:
    """Names of a list of nodes, in its order, each once."""
    found = (_text(part.get(key)) for part in _dicts(value))
    return list(dict.fromkeys(name for name in found if name))


def _votes(item: dict[str, Any]) -> tuple[float | None, int | None]:
    """Mean and number of votes; a title without votes has no mean, whatever figure stands there."""
    count = _whole(item.get("vote_count"))
    return (_real(item.get("vote_average"), 10) if count else None), count


def list_row(media: str, name: str, rank: int, item: dict[str, Any]) -> dict[str, Any]:
    """A list item as a row of raw/tmdb_lists. tmdb_id and title are None where the item lacks them."""
    average, count = _votes(item)
    ids = item.get("genre_ids")
    original = _text(item.get("original_title")) or _text(item.get("original_name"))
    return {
        "media_type": media,
        "list": name,
        "rank": rank,
        "tmdb_id": _whole(item.get("id")) or None,
        "title": _text(item.get("title")) or _text(item.get("name")) or original,
        "original_title": original,
        "release_date": _day(item.get("release_date") or item.get("first_air_date")),
        "popularity": _real(item.get("popularity")),
        "vote_average": average,
        "vote_count": count,
        "genre_ids": [i for i in ids if isinstance(i, int)] if isinstance(ids, list) else [],
        "original_language": _text(item.get("original_language")),
    }


def _runtime(item: dict[str, Any]) -> float | None:
    """Minutes of a film, or of a show's first listed episode length; TMDb writes 0 for unknown."""
    episodes = item.get("episode_run_time")
    value = item.get("runtime") or (episodes[0] if isinstance(episodes, list) and episodes else None)
    return _real(value) or None


def _cast(credits: dict[str, Any]) -> list[str]:
    people = _dicts(credits.get("cast"))
    people.sort(key=lambda p: p["order"] if isinstance(p.get("order"), int) else 10_000)
    return _names(people)[:CAST]


def _node(item: dict[str, Any], name: str) -> dict[str, Any]:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _platforms(item: dict[str, Any]) -> list[str]:
    """Flat-rate streaming platforms of the region, TMDb's display order."""
    region = _node(_node(_node(item, "watch/providers"), "results"), REGION)
    offers = _dicts(region.get("flatrate"))
    offers.sort(key=lambda o: o["display_priority"] if isinstance(o.get("display_priority"), int) else 10_000)
    return _names(offers, "provider_name")


def detail_row(media: str, tmdb_id: int, item: dict[str, Any], day: date) -> dict[str, Any] | None:
    """Details (with credits, keywords, providers and external ids appended) as a row of raw/tmdb_titles.

    None where TMDb has no name for the title.
    """
    original = _text(item.get("original_title")) or _text(item.get("original_name"))
    title = _text(item.get("title")) or _text(item.get("name")) or original
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
        "cast": _cast(credits),
        "directors": (_names(item.get("created_by")) if media == "tv" else []) or _names(crew),
        "platforms": _platforms(item),
        "poster_path": _text(item.get("poster_path")),
        "fetched_on": day,
    }
