"""A little catalogue whose genres can be read off its words."""

from datetime import date

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.genre.training import build_training_set

DAY = date(2026, 2, 11)
_WORDS = {
    "Horror": "ghost blood haunted scream demon cellar",
    "Comedy": "joke laugh prank clumsy wedding silly",
    "Western": "sheriff saloon cowboy ranch outlaw horse",
    "Talk": "host guests couch interview evening studio",
}


def titles(count: int) -> pl.DataFrame:
    """Rows of staging/titles: genres in turn, an overview of the genre's words in an order of the row's own."""
    rows = []
    for n in range(count):
        genre = list(_WORDS)[n % len(_WORDS)]
        words = _WORDS[genre].split()
        overview = " ".join(words[(n * 5 + k * (1 + n % 3)) % 6] for k in range(9)) + f" in town{n} with person{n * 7}."
        media = "tv" if genre == "Talk" else "movie"
        rows.append({"title_id": f"{media}-{n + 1}", "tmdb_id": n + 1, "media_type": media, "title": f"Word{n}x"}
                    | {"original_title": f"Word{n}x", "overview": overview, "genres": [genre]}
                    | {name: [] for name in ("keywords", "cast", "directors", "platforms")} | {"has_details": True})  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["staging/titles"].schema)


def training_set(count: int) -> pl.DataFrame:
    """The same as genre/training_set."""
    return build_training_set(titles(count), DAY)
