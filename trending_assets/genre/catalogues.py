"""Titles of other catalogues than TMDb: read, brought into one shape, and their genre names in the project's vocabulary."""

import io
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.files import read_file
from trending_assets.scoring.vocabulary import to_vocabulary
from trending_assets.store import open_store

TMDB = "tmdb"
"""What a row of TMDb has in `source`, whichever file it came in."""

_TEXT = {"title": pl.String, "overview": pl.String, "tagline": pl.String}
_LISTS = ("genres", "keywords")
_BLANK = {
    "tmdb_id": pl.Int64,
    "source": pl.String,
    "source_id": pl.String,
    "release_date": pl.String,
    "year": pl.Int32,
    "original_language": pl.String,
    **_TEXT,
}
# Names that Wikipedia and IMDb print for a genre that we call otherwise. What names no genre of ours (Silent, Short, Sports,
# Biography, Noir, Independent, …) is left out: Noir is a style that TMDb files under Crime, Thriller or Drama alike.
_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "animated": ("Animation",),
    "historical": ("History",),
    "musical": ("Music",),
    "sci-fi": ("Science Fiction",),
    "political": ("Politics",),
    "romantic": ("Romance",),
    "suspense": ("Thriller",),
    "slasher": ("Horror",),
    "martial arts": ("Action",),
    "reality-tv": ("Reality",),
    "talk-show": ("Talk",),
    "children's": ("Family",),
    "romantic comedy": ("Romance", "Comedy"),
    "black comedy": ("Comedy",),
    "satire": ("Comedy",),
}


def genres_of(names: Iterable[str], source: str = TMDB) -> list[str]:
    """Genre names of a source in the project's vocabulary, each once. TMDb's names mean what scoring.vocabulary says."""
    if source == TMDB:
        return to_vocabulary(names)
    found = (genre for name in names for genre in _OTHER_NAMES.get(name.strip().lower()) or to_vocabulary([name]))
    return list(dict.fromkeys(found))


def shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of a file in the shape of a world's titles.parquet, with a title_id, and null or empty where it lacks a column.

    A row without a title_id is named by medium and tmdb_id ("movie-11"), else by source and source_id; one that has none of
    them is left out. `source` is "tmdb" for each row with a tmdb_id. Raises PolarsError for a column of the wrong type.
    """
    frame = frame.with_columns(pl.lit(None, dtype=t).alias(n) for n, t in _BLANK.items() if n not in frame.columns)
    if "media_type" not in frame.columns:
        frame = frame.with_columns(media_type=pl.lit("movie"))
    if "title_id" not in frame.columns:
        frame = frame.with_columns(
            title_id=pl.coalesce(
                pl.col("media_type") + "-" + pl.col("tmdb_id").cast(pl.String),
                pl.col("source") + "-" + pl.col("source_id").cast(pl.String),
            )
        )
    no_list = pl.lit([], dtype=pl.List(pl.String))
    lists = [
        (pl.col(n).cast(pl.List(pl.String)).fill_null(no_list) if n in frame.columns else no_list).alias(n)
        for n in _LISTS
    ]
    texts = [pl.col(name).cast(pl.String).str.strip_chars() for name in _TEXT]
    rows = frame.with_columns(
        *lists,
        *texts,
        pl.col("media_type").fill_null("movie"),
        source=pl.when(pl.col("tmdb_id").is_not_null())
        .then(pl.lit(TMDB))
        .otherwise(pl.col("source").cast(pl.String).fill_null("other")),
    )
    return rows.filter(pl.col("title_id").is_not_null())


def read_catalogue(uri: str) -> pl.DataFrame:
    """The rows of a catalogue's Parquet file (a path, or s3://bucket/key) that are no TMDb ones, in one shape.

    Raises PermanentFailure where the file is not there, is no Parquet file, or names no titles.
    """
    frame = _read_s3(uri) if uri.startswith("s3://") else read_file(Path(uri).expanduser())
    if not {"title", "overview"} <= set(frame.columns) or not ({"title_id"} <= set(frame.columns)
                                                              or {"source", "source_id"} <= set(frame.columns)):  # fmt: skip
        raise PermanentFailure(
            f"The catalogue {uri} needs the columns title, overview, source and source_id; it has {', '.join(frame.columns)}."
        )
    try:
        rows = shaped(frame)
    except pl.exceptions.PolarsError as error:
        raise PermanentFailure(
            f"The catalogue {uri} has a column of the wrong type: {str(error).splitlines()[0]}"
        ) from None
    return rows.filter(pl.col("source") != TMDB)


def _read_s3(uri: str) -> pl.DataFrame:
    folder, _, name = uri.rpartition("/")
    _, store = open_store(folder)
    data = store.get(name)
    if data is None:
        raise PermanentFailure(f"There is no file {uri}.")
    try:
        return pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise PermanentFailure(f"{uri} is no Parquet file: {str(error).splitlines()[0]}") from None
