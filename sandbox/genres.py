"""TMDb's genre ids (facts of its API). Films and shows use different lists."""

from __future__ import annotations

from zlib import crc32

MOVIE_GENRES: dict[str, int] = {
    "Action": 28,
    "Adventure": 12,
    "Animation": 16,
    "Comedy": 35,
    "Crime": 80,
    "Documentary": 99,
    "Drama": 18,
    "Family": 10751,
    "Fantasy": 14,
    "History": 36,
    "Horror": 27,
    "Music": 10402,
    "Mystery": 9648,
    "Romance": 10749,
    "Science Fiction": 878,
    "TV Movie": 10770,
    "Thriller": 53,
    "War": 10752,
    "Western": 37,
}
TV_GENRES: dict[str, int] = {
    "Action & Adventure": 10759,
    "Animation": 16,
    "Comedy": 35,
    "Crime": 80,
    "Documentary": 99,
    "Drama": 18,
    "Family": 10751,
    "Kids": 10762,
    "Mystery": 9648,
    "News": 10763,
    "Reality": 10764,
    "Sci-Fi & Fantasy": 10765,
    "Soap": 10766,
    "Talk": 10767,
    "War & Politics": 10768,
    "Western": 37,
}
# Names that a world's bare entries carry and TMDb spells in another way.
_OTHER_NAMES: dict[str, int] = {"Sci-Fi": 878, "Musical": 10402, "Foreign": 10769}


def genre_id(name: str) -> int:
    """TMDb's id of a genre name; a name that TMDb lacks gets a stable id from 9,000,000 up."""
    for table in (MOVIE_GENRES, TV_GENRES, _OTHER_NAMES):
        if name in table:
            return table[name]
    return 9_000_000 + crc32(name.encode()) % 100_000


def genre_name(media_type: str, number: int) -> str | None:
    """The name of an id in a medium's list, else in the other one's; None for an id that TMDb lacks."""
    tables = (MOVIE_GENRES, TV_GENRES) if media_type == "movie" else (TV_GENRES, MOVIE_GENRES)
    return next((name for table in tables for name, known in table.items() if known == number), None)


def genre_list(media_type: str) -> list[dict[str, object]]:
    """The answer of /genre/{movie,tv}/list, in the order of the names."""
    table = MOVIE_GENRES if media_type == "movie" else TV_GENRES
    return [{"id": number, "name": name} for name, number in table.items()]
