"""Parquet files in the shapes of a world, as the stages' functions want them: for the commands `link` and `rank`."""

from pathlib import Path

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.files import read_file
from trending_assets.linking.catalogue import OPTIONAL

_OPTIONAL: dict[str, pl.DataType] = {
    "author": pl.String(),
    "headline": pl.String(),
    "text": pl.String(),
    "rating": pl.Float64(),
    "rating_max": pl.Float64(),
    "work_title": pl.String(),
    "work_year": pl.Int32(),
    "work_media_type": pl.String(),
    "work_id": pl.String(),
    "work_people": pl.List(pl.String),
    "original_title": pl.String(),
    "year": pl.Int32(),
    "popularity": pl.Float64(),
    "release_date": pl.String(),
    "media_type": pl.String(),
    "genres": pl.List(pl.String),
    "runtime": pl.Float64(),
    "original_language": pl.String(),
    "days_in_release": pl.Int32(),
    "value": pl.Float64(),
    "unit": pl.String(),
    **OPTIONAL,
}


def read_table(path: Path, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> pl.DataFrame:
    """The named columns of a Parquet file; optional ones that it lacks are null.

    Raises PermanentFailure when the file is not there, is no Parquet file, or lacks a required column.
    """
    frame = read_file(path)
    lacking = [name for name in required if name not in frame.columns]
    if lacking:
        raise PermanentFailure(
            f"The {what} file {path} lacks the column{'s' * (len(lacking) > 1)} {', '.join(lacking)}."
        )
    missing = [pl.lit(None, dtype=_OPTIONAL[name]).alias(name) for name in optional if name not in frame.columns]
    return frame.with_columns(missing).select(*required, *optional)


def _typed(frame: pl.DataFrame, path: Path, what: str, types: dict[str, pl.DataType]) -> pl.DataFrame:
    for name, dtype in types.items():
        try:
            frame = frame.with_columns(pl.col(name).cast(dtype))
        except pl.exceptions.PolarsError:
            raise PermanentFailure(
                f"The column {name} of the {what} file {path} holds {frame.schema[name]}, which is no {dtype}."
            ) from None
    return frame


def read_titles(path: Path) -> pl.DataFrame:
    """Titles in the columns of staging/titles that linking and features read."""
    facts: dict[str, pl.DataType] = {
        "year": pl.Int32(),
        "popularity": pl.Float64(),
        "genres": pl.List(pl.String),
        "runtime": pl.Float64(),
        "original_language": pl.String(),
        **OPTIONAL,
    }
    required = ("tmdb_id", "media_type", "title")
    frame = read_table(path, "titles", required, ("original_title", "release_date", *facts))
    frame = _typed(frame, path, "titles", {"tmdb_id": pl.Int64(), "title": pl.String(), **facts})  # type: ignore[arg-type]
    frame = frame.rename({"runtime": "runtime_minutes"})
    if frame.schema["release_date"] != pl.Date:
        frame = frame.with_columns(pl.col("release_date").cast(pl.String).str.to_date("%Y-%m-%d", strict=False))
    return frame.with_columns(
        pl.format("{}-{}", "media_type", "tmdb_id").alias("title_id"),
        pl.coalesce("original_title", "title").alias("original_title"),
    ).unique("title_id", keep="first", maintain_order=True)


def read_documents(path: Path) -> pl.DataFrame:
    """Documents in the columns of staging/documents; `doc_id` is the URL, `date` the day of publication (UTC)."""
    frame = read_table(
        path,
        "documents",
        ("url", "site", "kind", "published_at"),
        (
            "author",
            "headline",
            "text",
            "rating",
            "rating_max",
            "work_title",
            "work_year",
            "work_media_type",
            "work_id",
            "work_people",
        ),
    )
    if not isinstance(frame.schema["published_at"], pl.Datetime):
        frame = _typed(frame, path, "documents", {"published_at": pl.Datetime("us", "UTC")})  # type: ignore[dict-item]
    if frame.schema["published_at"].time_zone is None:  # type: ignore[attr-defined]
        frame = frame.with_columns(pl.col("published_at").dt.replace_time_zone("UTC"))
    frame = frame.with_columns(pl.col("published_at").dt.convert_time_zone("UTC"))
    if frame["published_at"].null_count():
        raise PermanentFailure(f"The documents file {path} has rows without published_at.")
    share = pl.col("rating") / pl.col("rating_max")
    return (
        frame.unique("url", keep="first", maintain_order=True)
        .with_columns(
            pl.col("url").alias("doc_id"),
            pl.col("published_at").dt.date().alias("date"),
            pl.format("{}/{}", "site", pl.col("author").fill_null("")).alias("author_id"),
            pl.when(share.is_finite() & share.is_between(0, 1)).then(share).alias("rating"),
        )
        .drop("author", "rating_max")
    )


def read_charts(path: Path) -> pl.DataFrame:
    """Chart entries in the columns of staging/charts; `chart_date` is the world's `date`."""
    frame = read_table(
        path, "charts", ("chart", "date", "rank", "title"), ("days_in_release", "value", "unit", "year", "media_type")
    )
    types = {"date": pl.Date(), "rank": pl.Int32(), "days_in_release": pl.Int32(), "value": pl.Float64()}
    frame = _typed(frame, path, "charts", types)  # type: ignore[arg-type]
    medium = (
        pl.when(pl.col("chart").str.contains(r"(?i)box.?office|film"))
        .then(pl.lit("movie"))
        .when(pl.col("chart").str.contains(r"\bTV\b"))
        .then(pl.lit("tv"))
    )
    return frame.rename({"date": "chart_date"}).with_columns(pl.coalesce("media_type", medium).alias("media_type"))
