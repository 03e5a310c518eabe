"""People of a world: those whom its titles name as cast or directors, under the ids that the credits give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.tmdb_shapes import credit_id, item_at, person_id
from sandbox.world import Row, World

Credit = tuple[Row, str, int]
"""A title, the role (cast, crew) and the place in it."""


def people(world: World) -> dict[int, tuple[str, list[Credit]]]:
    """Name and credits by person id. Of two names with one id the first in alphabetical order has it."""
    known: dict[int, tuple[str, list[Credit]]] | None = world.caches.get("people")
    if known is None:
        by_name: dict[str, list[Credit]] = {}
        for _, row in sorted(world.titles.items()):
            for role, names in (("cast", row["cast"]), ("crew", row["directors"])):
                for at, name in enumerate(names or []):
                    by_name.setdefault(name, []).append((row, role, at))
        known = {}
        for name, credits in sorted(by_name.items()):
            known.setdefault(person_id(name), (name, credits))
        world.caches["people"] = known
    return known


def person_item(world: World, number: int, clock: datetime) -> dict[str, Any]:
    """A person as a list item, with up to three titles."""
    name, credits = people(world)[number]
    best = sorted(credits, key=lambda credit: (-(credit[0]["popularity"] or 0.0), credit[0]["tmdb_id"]))
    titles = list({(row["media_type"], row["tmdb_id"]): row for row, _, _ in best}.values())
    return {
        "adult": False,
        "gender": 0,
        "id": number,
        "known_for": [{**item_at(world, row, clock), "media_type": row["media_type"]} for row in titles[:3]],
        "known_for_department": _department(credits),
        "name": name,
        "original_name": name,
        "popularity": float(len(credits)),
        "profile_path": None,
    }


def _department(credits: list[Credit]) -> str:
    roles = [role for _, role, _ in credits]
    return "Acting" if roles.count("cast") >= roles.count("crew") else "Directing"


def person_detail(world: World, number: int) -> dict[str, Any]:
    """What /person/{id} tells."""
    name, credits = people(world)[number]
    return {
        "adult": False,
        "also_known_as": [],
        "biography": "",
        "birthday": None,
        "deathday": None,
        "gender": 0,
        "homepage": None,
        "id": number,
        "imdb_id": None,
        "known_for_department": _department(credits),
        "name": name,
        "place_of_birth": None,
        "popularity": float(len(credits)),
        "profile_path": None,
    }


def person_part(world: World, number: int, part: str, clock: datetime) -> dict[str, Any] | None:
    """What stands behind /person/{id}/…; None for a part that TMDb lacks."""
    if part in ("movie_credits", "tv_credits", "combined_credits"):
        return _credits(world, number, part.partition("_")[0], clock)
    if part == "images":
        return {"profiles": []}
    if part == "external_ids":
        names = "freebase_mid freebase_id imdb_id tvrage_id wikidata_id facebook_id instagram_id tiktok_id twitter_id"
        return dict.fromkeys(names.split())
    if part == "translations":
        data = {"biography": "", "name": ""}
        language = {"iso_3166_1": "US", "iso_639_1": "en", "name": "English", "english_name": "English"}
        return {"translations": [{**language, "data": data}]}
    if part == "changes":
        return {"changes": []}
    if part == "tagged_images":
        return {"page": 1, "results": [], "total_pages": 0, "total_results": 0}
    return None


def _credits(world: World, number: int, media: str, clock: datetime) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {"cast": [], "crew": []}
    for row, role, at in people(world)[number][1]:
        if media not in ("combined", row["media_type"]):
            continue
        made = item_at(world, row, clock) | {"credit_id": credit_id(row, "c" if role == "cast" else "d", at)}
        made |= {"media_type": row["media_type"]} if media == "combined" else {}
        made |= {"character": "", "order": at} if role == "cast" else {"department": "Directing", "job": "Director"}
        found[role].append(made)
    return found


def credit(world: World, wanted: str, clock: datetime) -> dict[str, Any] | None:
    """What /credit/{id} tells of a credit; None where the world has no such credit."""
    index: dict[str, tuple[int, Row, str]] | None = world.caches.get("credits")
    if index is None:
        index = world.caches["credits"] = {
            credit_id(row, "c" if role == "cast" else "d", at): (number, row, role)
            for number, (_, credits) in people(world).items()
            for row, role, at in credits
        }
    if wanted not in index:
        return None
    number, row, role = index[wanted]
    cast = role == "cast"
    return {
        "credit_type": role,
        "department": "Acting" if cast else "Directing",
        "job": "Actor" if cast else "Director",
        "media": {**item_at(world, row, clock), "media_type": row["media_type"], "character": ""},
        "media_type": row["media_type"],
        "id": wanted,
        "person": {key: value for key, value in person_item(world, number, clock).items() if key != "known_for"},
    }
