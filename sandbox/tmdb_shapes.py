"""TMDb's JSON shapes for titles of a world: list items and details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zlib import crc32

from sandbox.genres import genre_id
from sandbox.tmdb_dated import as_of, genre_ids, popularity
from sandbox.world import Row, World, day_of

PAGE_SIZE = 20
T = TypeVar("T")


def paged(items: Sequence[T], page: int, make: Callable[[T], Any], size: int = PAGE_SIZE) -> dict[str, Any]:
    """One page of a list in TMDb's shape."""
    return {
        "page": page,
        "results": [make(entry) for entry in items[(page - 1) * size : page * size]],
        "total_pages": -(-len(items) // size),
        "total_results": len(items),
    }


def poster_path(world: World, row: Row) -> str | None:
    """Path of the drawn poster, or None in a replayed world, whose posters are not known."""
    return f"/sb-{row['media_type']}-{row['tmdb_id']}.svg" if world.posters else None


def person_id(name: str) -> int:
    """A stable id for a person or keyword whose TMDb id the world does not hold."""
    return crc32(name.encode()) % 9_000_000 + 1


def item(world: World, row: Row, seen: Row | None = None) -> dict[str, Any]:
    """A list item. `seen` is a row of tmdb_lists whose dated fields win over the catalogue's."""
    own = seen or row
    media = row["media_type"]
    title = own["title"] or ""
    original = row.get("original_title") or title
    day = own.get("release_date") or ""
    shared = {
        "adult": False,
        "backdrop_path": None,
        "genre_ids": genre_ids(own),
        "id": row["tmdb_id"],
        "original_language": own.get("original_language") or "en",
        "overview": row.get("overview") or "",
        "popularity": own.get("popularity") or 0.0,
        "poster_path": poster_path(world, row),
        "vote_average": own.get("vote_average") or 0.0,
        "vote_count": own.get("vote_count") or 0,
    }
    if media == "movie":
        return {**shared, "title": title, "original_title": original, "release_date": day, "video": False}
    return {**shared, "name": title, "original_name": original, "first_air_date": day, "origin_country": []}


def item_at(world: World, row: Row, clock: datetime) -> dict[str, Any]:
    """A list item of a title of the catalogue, with the facts and the popularity that were known at the clock."""
    facts = as_of(world, row, clock.date())
    return item(world, {**facts, "popularity": popularity(world, row, clock.date())})


def detail(world: World, row: Row, clock: datetime) -> dict[str, Any]:
    """A movie or tv detail; unknown facts as TMDb serves an obscure title ("" overview, 0 votes, null runtime)."""
    row = as_of(world, row, clock.date())
    movie = row["media_type"] == "movie"
    released = day_of(row["release_date"] or "")
    runtime = int(row["runtime"]) if row["runtime"] else 0
    out: dict[str, Any] = {
        "adult": False,
        "backdrop_path": None,
        "genres": [{"id": genre_id(name), "name": name} for name in row["genres"] or []],
        "homepage": "",
        "id": row["tmdb_id"],
        "original_language": row["original_language"] or "en",
        "overview": row["overview"] or "",
        "popularity": popularity(world, row, clock.date()),
        "poster_path": poster_path(world, row),
        "production_companies": [],
        "production_countries": [],
        "spoken_languages": [],
        "tagline": row["tagline"] or "",
        "vote_average": row["vote_average"] or 0.0,
        "vote_count": row["vote_count"] or 0,
    }
    day = row["release_date"] or (f"{row['year']:04d}-01-01" if row["year"] else "")
    if movie:
        return out | {
            "belongs_to_collection": None,
            "budget": 0,
            "imdb_id": row["imdb_id"],
            "original_title": row["original_title"] or row["title"],
            "release_date": day,
            "revenue": 0,
            "runtime": runtime,
            "status": "Post Production" if released and released > clock.date() else "Released",
            "title": row["title"],
            "video": False,
        }
    return out | {
        "created_by": [
            {
                "id": person_id(name),
                "credit_id": credit_id(row, "d", at),
                "name": name,
                "gender": 0,
                "profile_path": None,
            }
            for at, name in enumerate(row["directors"] or [])
        ],
        "episode_run_time": [runtime] if runtime else [],
        "first_air_date": day,
        "in_production": False,
        "languages": [row["original_language"] or "en"],
        "last_air_date": None,
        "last_episode_to_air": None,
        "name": row["title"],
        "networks": [],
        "next_episode_to_air": None,
        "number_of_episodes": 0,
        "number_of_seasons": 0,
        "origin_country": [],
        "original_name": row["original_title"] or row["title"],
        "seasons": [],
        "status": "In Production" if released and released > clock.date() else "Returning Series",
        "type": "Scripted",
    }


def credit_id(row: Row, role: str, order: int) -> str:
    """Id of a credit: role c is cast, d directors."""
    return f"sb{row['media_type'][0]}{row['tmdb_id']:x}{role}{order}"
