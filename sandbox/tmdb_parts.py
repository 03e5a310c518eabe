"""What TMDb serves beside a title's details: credits, keywords, reviews and the rest, alone or appended to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from sandbox.clock import clock_us
from sandbox.tmdb_dated import as_of, changes_of
from sandbox.tmdb_shapes import credit_id, item_at, paged, person_id, poster_path
from sandbox.world import Row, World, as_utc


@dataclass(frozen=True)
class Asked:
    """A title at a clock, and the page that was asked for."""

    world: World
    row: Row
    clock: datetime
    page: int = 1

    @property
    def movie(self) -> bool:
        return bool(self.row["media_type"] == "movie")

    @property
    def key(self) -> tuple[str, int]:
        return self.row["media_type"], self.row["tmdb_id"]


Part = Callable[[Asked], dict[str, Any] | None]


def _person(name: str, department: str) -> dict[str, Any]:
    return {
        "adult": False,
        "gender": 0,
        "id": person_id(name),
        "known_for_department": department,
        "name": name,
        "original_name": name,
        "popularity": 0.0,
        "profile_path": None,
    }


def credits(asked: Asked) -> dict[str, Any]:
    """Cast in billing order and the directors."""
    row = asked.row
    cast = [
        {**_person(name, "Acting"), "character": "", "credit_id": credit_id(row, "c", at), "order": at}
        for at, name in enumerate(row["cast"] or [])
    ]
    crew = [
        {
            **_person(name, "Directing"),
            "credit_id": credit_id(row, "d", at),
            "department": "Directing",
            "job": "Director",
        }
        for at, name in enumerate(row["directors"] or [])
    ]
    return {"cast": cast, "crew": crew}


def _aggregate_credits(asked: Asked) -> dict[str, Any] | None:
    if asked.movie:
        return None
    both = credits(asked)
    for person in both["cast"]:
        role = {"credit_id": person.pop("credit_id"), "character": person.pop("character"), "episode_count": 0}
        person |= {"roles": [role], "total_episode_count": 0}
    for person in both["crew"]:
        job = {"credit_id": person.pop("credit_id"), "job": person.pop("job"), "episode_count": 0}
        person |= {"jobs": [job], "total_episode_count": 0}
    return both


def _keywords(asked: Asked) -> dict[str, Any]:
    words = [{"id": person_id(word), "name": word} for word in asked.row["keywords"] or []]
    return {"keywords" if asked.movie else "results": words}


def _release_dates(asked: Asked) -> dict[str, Any] | None:
    if not asked.movie:
        return None
    day = as_of(asked.world, asked.row, asked.clock.date())["release_date"]
    dated = {
        "certification": "",
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{day}T00:00:00.000Z",
        "type": 3,
    }
    return {"results": [{"iso_3166_1": "US", "release_dates": [dated]}] if day else []}


def _releases(asked: Asked) -> dict[str, Any] | None:
    """The older form of release_dates."""
    found = _release_dates(asked)
    if found is None:
        return None
    return {
        "countries": [
            {
                "iso_3166_1": country["iso_3166_1"],
                "certification": "",
                "descriptors": [],
                "primary": True,
                "release_date": country["release_dates"][0]["release_date"][:10],
            }
            for country in found["results"]
        ]
    }


def watch_providers(asked: Asked) -> dict[str, Any]:
    """Offers per region; empty results where the world knows none."""
    results: dict[str, Any] = {}
    media, tmdb_id = asked.key
    for row in asked.world.providers.get(asked.key, []):
        link = f"http://sandbox.example/{media}/{tmdb_id}/watch?locale={row['region']}"
        region = results.setdefault(row["region"], {"link": link})
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


def _external_ids(asked: Asked) -> dict[str, Any]:
    ids = dict.fromkeys(("wikidata_id", "facebook_id", "instagram_id", "twitter_id"))
    more = {} if asked.movie else dict.fromkeys(("freebase_mid", "freebase_id", "tvdb_id", "tvrage_id"))
    return {"imdb_id": asked.row["imdb_id"], **more, **ids}


def review(row: Row) -> dict[str, Any]:
    """A user review of the world (a row of tmdb_reviews.parquet)."""
    number = f"{crc32((row['author'] + row['content']).encode()):08x}"
    made = as_utc(row["created_at"]).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    author = {"name": "", "username": row["author"], "avatar_path": None, "rating": row["rating"]}
    return {
        "author": row["author"],
        "author_details": author,
        "content": row["content"],
        "created_at": made,
        "id": f"sb{number}",
        "updated_at": made,
        "url": f"http://sandbox.example/review/sb{number}",
    }


def reviews(asked: Asked) -> dict[str, Any]:
    """TMDb's own user reviews that the clock can see, oldest first. Replayed worlds have none."""
    rows = [
        row
        for row in asked.world.reviews.get(asked.key, [])
        if int(row["created_at"].timestamp() * 1_000_000) <= clock_us(asked.clock)
    ]
    return paged(rows, asked.page, review)


def _alternative_titles(asked: Asked) -> dict[str, Any]:
    other = asked.row["original_title"]
    names = [{"iso_3166_1": "", "title": other, "type": ""}] if other and other != asked.row["title"] else []
    return {"titles" if asked.movie else "results": names}


def _images(asked: Asked) -> dict[str, Any]:
    path = poster_path(asked.world, asked.row)
    size = {"aspect_ratio": 0.667, "height": 450, "width": 300}
    poster = {**size, "iso_639_1": None, "file_path": path, "vote_average": 0.0, "vote_count": 0}
    return {"backdrops": [], "logos": [], "posters": [poster] if path else []}


def _translations(asked: Asked) -> dict[str, Any]:
    row = as_of(asked.world, asked.row, asked.clock.date())
    data = {"homepage": "", "overview": row["overview"] or "", "tagline": row["tagline"] or ""}
    data |= {"title" if asked.movie else "name": row["title"]}
    language = {"iso_3166_1": "US", "iso_639_1": "en", "name": "English", "english_name": "English"}
    return {"translations": [{**language, "data": data}]}


def _alike(asked: Asked, people_first: bool) -> dict[str, Any]:
    """Titles of the medium that share genres (and people), the most alike and popular first."""
    mine, team = set(asked.row["genres"] or []), {*(asked.row["cast"] or []), *(asked.row["directors"] or [])}
    found = []
    for key, row in asked.world.titles.items():
        if key[0] != asked.key[0] or key == asked.key:
            continue
        genres = len(mine & set(row["genres"] or []))
        people = len(team & {*(row["cast"] or []), *(row["directors"] or [])})
        if genres or people:
            order = (people, genres) if people_first else (genres, people)
            found.append(((-order[0], -order[1], -(row["popularity"] or 0.0), key[1]), row))
    found.sort(key=lambda pair: pair[0])
    return paged([row for _, row in found], asked.page, lambda row: item_at(asked.world, row, asked.clock))


def _changes(asked: Asked) -> dict[str, Any]:
    """The title's own changes up to the clock, by change key."""
    by_key: dict[str, list[dict[str, Any]]] = {}
    for day, key, old, new in changes_of(asked.world, asked.key):
        if day <= asked.clock.date():
            number = f"sb{crc32(f'{asked.key}{day}{key}'.encode()):08x}"
            time = f"{day} 07:00:00 UTC"
            change = {"id": number, "action": "updated", "time": time, "iso_639_1": "en", "iso_3166_1": "US"}
            by_key.setdefault(key, []).append({**change, "value": new, "original_value": old})
    return {"changes": [{"key": key, "items": found} for key, found in sorted(by_key.items())]}


def _nothing(asked: Asked) -> dict[str, Any]:
    return {"results": []}


def _tv_only(asked: Asked) -> dict[str, Any] | None:
    return None if asked.movie else {"results": []}


def _no_pages(asked: Asked) -> dict[str, Any]:
    return paged([], asked.page, dict)


PARTS: dict[str, Part] = {
    "aggregate_credits": _aggregate_credits,
    "alternative_titles": _alternative_titles,
    "changes": _changes,
    "content_ratings": _tv_only,
    "credits": credits,
    "episode_groups": _tv_only,
    "external_ids": _external_ids,
    "images": _images,
    "keywords": _keywords,
    "lists": _no_pages,
    "recommendations": lambda asked: _alike(asked, True),
    "release_dates": _release_dates,
    "releases": _releases,
    "reviews": reviews,
    "screened_theatrically": _tv_only,
    "similar": lambda asked: _alike(asked, False),
    "similar_movies": lambda asked: _alike(asked, False) if asked.movie else None,
    "translations": _translations,
    "videos": _nothing,
    "watch/providers": watch_providers,
}
"""What stands behind /3/movie|tv/{id}/…; a part that the medium does not have is None."""


def appended(asked: Asked, names: list[str]) -> dict[str, Any]:
    """The parts of append_to_response; a name that TMDb lacks is left out without a word, as TMDb does."""
    parts = {name: PARTS[name](asked) for name in names if name in PARTS}
    return {name: part for name, part in parts.items() if part is not None}
