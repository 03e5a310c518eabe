"""The baseline of what the genre models are fed: their training set, profiled like a day."""

import hashlib
from collections.abc import Sequence
from datetime import date

import polars as pl

from trending_assets.drift.profiles import BASELINE, profile_column
from trending_assets.drift.watched import Watched

FED = {
    "genre/predictions.text_length": pl.col("text").str.len_chars().cast(pl.Float64),
    "genre/predictions.language": pl.col("language"),
    "genre/predictions.decade": (pl.col("year") // 10 * 10).cast(pl.String) + "s",
    "genre/predictions.keywords": pl.col("keywords").list.len().cast(pl.Float64),
}
"""Watched columns that describe what a model is fed, as they are read from the training set."""


def training_baseline(training_set: pl.DataFrame, watched: Sequence[Watched], day: date) -> pl.DataFrame:
    """Rows of drift/baseline against `training` with `date`, one for each watched column of FED.

    Of genre/training_set the product's own titles count that a model was trained or chosen by: no other catalogue's, and none
    of the split `later`. `version` is of these rows' content; without any there are no rows.
    """
    titles = training_set.filter((pl.col("source") == "tmdb") & (pl.col("split") != "later")).sort("title_id")
    if titles.is_empty():
        return pl.DataFrame(schema=BASELINE)
    read = titles.select("title_id", "text", "language", "year", "keywords", "trained_through")
    known = {
        "against": "training",
        "version": hashlib.sha256(read.write_ndjson().encode()).hexdigest()[:16],
        "first_day": None,
        "last_day": titles["trained_through"].max(),
        "days": 1,
    }
    rows = [
        profile_column(one, titles.select(FED[one.name].alias("value"))["value"], day) | known
        for one in watched
        if one.name in FED
    ]
    return pl.DataFrame(rows, schema=BASELINE)
