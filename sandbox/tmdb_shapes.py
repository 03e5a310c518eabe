"""TMDb's JSON shapes for titles of a world: list items, details and what is appended to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zlib import crc32

from sandbox.clock import clock_us
from sandbox.genres import genre_id
from sandbox.world import Row, TitleKey, World, as_utc, day_of

PAGE_SIZE = 20


def poster_path(world: World, row: Row) -> str | None:
    """Path of the drawn poster, or None in a replayed world, whose posters are not known."""
    return f"/sb-{row['media_type']}-{row['tmdb_id']}.svg" if world.posters else None


def item(world: World, row: Row, seen: Row | None = None) -> dict[str, Any]:
    """A list item. `seen` is a row of tmdb_lists whose dated fields win over the catalogue's."""
    own = seen or row
    media = row["media_type"]
    ids = own.get("genre_ids")
    title = own["title"] or ""
    original = row.get("original_title") or title
    day = own.get("release_date") or ""
    shared = {
        "adult": False,
        "backdrop_path": None,
        "genre_ids": ids if ids is not None else [genre_id(name) for name in row.get("genres") or []],
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


def person_id(name: str) -> int:
    """A stable id for a person or keyword whose TMDb id the world does not hold."""
    return crc32(name.encode()) % 9_000_000 + 1


def credits(row: Row) -> dict[str, Any]:
    """Cast in billing order and the directors."""
    cast = [
        {
            "adult": False,
            "gender": 0,
            "id": person_id(name),
            "known_for_department": "Acting",
            "name": name,
            "original_name": name,
            "popularity": 0.0,
            "profile_path": None,
            "character": "",
            "credit_id": f"sb{row['tmdb_id']:x}c{order}",
            "order": order,
        }
        for order, name in enumerate(row["cast"] or [])
    ]
    crew = [
        {
            "adult": False,
            "gender": 0,
            "id": person_id(name),
            "known_for_department": "Directing",
            "name": name,
            "original_name": name,
            "popularity": 0.0,
            "profile_path": None,
            "credit_id": f"sb{row['tmdb_id']:x}d{order}",
            "department": "Directing",
            "job": "Director",
        }
        for order, name in enumerate(row["directors"] or [])
    ]
    return {"cast": cast, "crew": crew}


def reviews(world: World, key: TitleKey, clock: datetime, page: int) -> dict[str, Any]:
    """TMDb's own user reviews that the clock can see, oldest first. Replayed worlds have none."""
    rows = [
        row for row in world.reviews.get(key, []) if int(row["created_at"].timestamp() * 1_000_000) <= clock_us(clock)
    ]
    results = []
    for row in rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        number = f"{crc32((row['author'] + row['content']).encode()):08x}"
        made = as_utc(row["created_at"]).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        results.append(
            {
                "author": row["author"],
                "author_details": {
                    "name": "",
                    "username": row["author"],
                    "avatar_path": None,
                    "rating": row["rating"],
                },
                "content": row["content"],
                "created_at": made,
                "id": f"sb{number}",
                "updated_at": made,
                "url": f"http://sandbox.example/review/sb{number}",
            }
        )
    return {"page": page, "results": results, "total_pages": -(-len(rows) // PAGE_SIZE), "total_results": len(rows)}


def watch_providers(world: World, key: TitleKey) -> dict[str, Any]:
    """Offers per region; empty results where the world knows none."""
    results: dict[str, Any] = {}
    for row in world.providers.get(key, []):
        region = results.setdefault(
            row["region"], {"link": f"http://sandbox.example/{key[0]}/{key[1]}/watch?locale={row['region']}"}
        )
        offers = region.setdefault(row["offer"], [])
        offers.append(
            {
                "logo_path": None,
                "provider_id": row["provider_id"],
                "provider_name": row["provider_name"],
                "display_priority": len(offers),
            }
        )
    return {"results": results}


def _appended(world: World, row: Row, clock: datetime, part: str) -> dict[str, Any] | None:
    movie = row["media_type"] == "movie"
    key = (row["media_type"], row["tmdb_id"])
    if part == "credits":
        return credits(row)
    if part == "keywords":
        words = [{"id": person_id(word), "name": word} for word in row["keywords"] or []]
        return {"keywords" if movie else "results": words}
    if part == "release_dates" and movie:
        if not row["release_date"]:
            return {"results": []}
        dated = {
            "certification": "",
            "descriptors": [],
            "iso_639_1": "",
            "note": "",
            "release_date": f"{row['release_date']}T00:00:00.000Z",
            "type": 3,
        }
        return {"results": [{"iso_3166_1": "US", "release_dates": [dated]}]}
    if part == "content_ratings" and not movie:
        return {"results": []}
    if part == "watch/providers":
        return watch_providers(world, key)
    if part == "external_ids":
        return {"imdb_id": row["imdb_id"], "wikidata_id": None, "facebook_id": None, "instagram_id": None}
    if part == "reviews":
        return reviews(world, key, clock, 1)
    if part == "alternative_titles":
        other = row["original_title"]
        named = [{"iso_3166_1": "", "title": other, "type": ""}] if other and other != row["title"] else []
        return {"titles" if movie else "results": named}
    return None


def detail(world: World, row: Row, clock: datetime, parts: list[str]) -> dict[str, Any]:
    """A movie or tv detail; unknown facts as TMDb serves an obscure title ("" overview, 0 votes, null runtime)."""
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
        out |= {
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
    else:
        out |= {
            "created_by": [],
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
    for part in parts:
        added = _appended(world, row, clock, part)
        if added is not None:
            out[part] = added
    return out


def popularity(world: World, row: Row, day: date) -> float:
    """Popularity as the newest list snapshot of that day or before says; else the catalogue's."""
    table = world.caches.get("popularity")
    if table is None:
        table = world.caches["popularity"] = {}
        for (media, _), days in world.lists.items():
            for snapshot, rows in days.items():
                at = table.setdefault(snapshot, {})
                for entry in rows:
                    at[(media, entry["tmdb_id"])] = entry["popularity"]
    known = table.get(day)
    if known is None and world.list_days:
        before = [snapshot for snapshot in world.list_days if snapshot <= day]
        known = table[before[-1]] if before else {}
    value = (known or {}).get((row["media_type"], row["tmdb_id"]))
    return float(value if value is not None else row["popularity"] or 0.0)
