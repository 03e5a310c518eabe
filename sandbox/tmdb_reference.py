"""TMDb's reference answers: configuration, countries, languages, certifications, and who streams in a world."""

from __future__ import annotations

from typing import Any

from sandbox.world import World

_SIZES = ["w92", "w154", "w185", "w342", "w500", "w780", "original"]
_CHANGE_KEYS = (
    "air_date alternative_titles cast crew genres images keywords name original_language overview release_dates title"
)
# ISO 3166-1, ISO 639-1 and the IANA zones of the countries that worlds have offers in.
_COUNTRIES = {
    "DE": ("Germany", "de", ["Europe/Berlin"]),
    "ES": ("Spain", "es", ["Europe/Madrid"]),
    "FR": ("France", "fr", ["Europe/Paris"]),
    "GB": ("United Kingdom", "en", ["Europe/London"]),
    "JP": ("Japan", "ja", ["Asia/Tokyo"]),
    "US": ("United States of America", "en", ["America/New_York", "America/Chicago", "America/Los_Angeles"]),
}
_LANGUAGES = {"de": "German", "en": "English", "es": "Spanish", "fr": "French", "ja": "Japanese"}
_RATINGS = {
    "movie": {"US": ["NR", "G", "PG", "PG-13", "R", "NC-17"]},
    "tv": {"US": ["NR", "TV-Y", "TV-G", "TV-PG", "TV-14", "TV-MA"]},
}


def configuration(host: str) -> dict[str, Any]:
    """Image address and sizes; images lie on the sandbox itself."""
    base = f"http://{host}/t/p/"
    sizes = {f"{kind}_sizes": _SIZES for kind in ("backdrop", "logo", "poster", "profile", "still")}
    return {"images": {"base_url": base, "secure_base_url": base, **sizes}, "change_keys": _CHANGE_KEYS.split()}


def configuration_part(name: str) -> Any:
    """Answer of /configuration/{name}; None for one that TMDb lacks."""
    if name == "countries":
        return [{"iso_3166_1": code, "english_name": n, "native_name": n} for code, (n, _, _) in _COUNTRIES.items()]
    if name == "languages":
        return [{"iso_639_1": code, "english_name": n, "name": n} for code, n in _LANGUAGES.items()]
    if name == "primary_translations":
        return [f"{language}-{code}" for code, (_, language, _) in _COUNTRIES.items()]
    if name == "timezones":
        return [{"iso_3166_1": code, "zones": zones} for code, (_, _, zones) in _COUNTRIES.items()]
    if name == "jobs":
        return [{"department": "Acting", "jobs": ["Actor"]}, {"department": "Directing", "jobs": ["Director"]}]
    return None


def certifications(media: str) -> dict[str, Any] | None:
    """Answer of /certification/{movie,tv}/list."""
    if media not in _RATINGS:
        return None
    return {
        "certifications": {
            country: [{"certification": rating, "meaning": "", "order": at} for at, rating in enumerate(ratings)]
            for country, ratings in _RATINGS[media].items()
        }
    }


def provider_list(world: World, media: str, region: str | None) -> dict[str, Any]:
    """Answer of /watch/providers/{movie,tv}: every platform with an offer, in a region where one is named."""
    named: dict[int, str] = {}
    for (kind, _), offers in world.providers.items():
        for offer in offers:
            if kind == media and region in (None, offer["region"]):
                named[offer["provider_id"]] = offer["provider_name"]
    return {
        "results": [
            {
                "display_priorities": {},
                "display_priority": at,
                "logo_path": None,
                "provider_name": name,
                "provider_id": number,
            }
            for at, (number, name) in enumerate(sorted(named.items()))
        ]
    }


def provider_regions(world: World) -> dict[str, Any]:
    """Answer of /watch/providers/regions."""
    codes = sorted({offer["region"] for offers in world.providers.values() for offer in offers})
    names = {code: _COUNTRIES.get(code, (code, "", []))[0] for code in codes}
    return {"results": [{"iso_3166_1": c, "english_name": name, "native_name": name} for c, name in names.items()]}
