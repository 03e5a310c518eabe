"""Types, and the columns that tables of several stages share."""

import polars as pl

from trending_assets.contracts.table import Column, Dtype

TEXT, INT, BIG, REAL, FLAG, DAY = pl.String, pl.Int32, pl.Int64, pl.Float64, pl.Boolean, pl.Date
TIME = pl.Datetime("us", "UTC")
TEXTS = pl.List(pl.String)

MEDIA_TYPES = ("movie", "tv")
KINDS = ("post", "review", "news")


def col(name: str, dtype: Dtype, meaning: str, **rules: object) -> Column:
    """A column; `rules` are nullable, low, high and values."""
    return Column(name, dtype, meaning, **rules)  # type: ignore[arg-type]


def share(name: str, meaning: str, nullable: bool = False) -> Column:
    """A number from 0 to 1."""
    return Column(name, REAL, meaning, nullable, 0.0, 1.0)


def count(name: str, meaning: str) -> Column:
    """A whole number from 0."""
    return Column(name, INT, meaning, low=0)


def null(name: str, dtype: Dtype, meaning: str, **rules: object) -> Column:
    """A column that may be null."""
    return col(name, dtype, meaning, nullable=True, **rules)


MEDIA = col("media_type", TEXT, "movie or tv", values=MEDIA_TYPES)
TMDB_ID = col("tmdb_id", BIG, "TMDb's id; films and TV count apart", low=1)
TITLE_ID = col("title_id", TEXT, "movie-<tmdb id> or tv-<tmdb id>")
DOC_ID = col("doc_id", TEXT, "first 16 hex digits of the SHA-256 of the canonical URL")
GENRE = col("genre", TEXT, "genre of the project's vocabulary")
