"""`trending rank`: the ranking from files alone, strictly causal."""

from datetime import date
from pathlib import Path

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.features.files import features_of_files
from trending_assets.files import write_file
from trending_assets.partitions import days_between
from trending_assets.trends.rank import rank_days

RANKED = (
    *("date", "title_id", "score", "rank", "rising_score", "rising_rank"),
    *("expected", "expected_low", "expected_high", "lift", "lift_low", "lift_high"),
)
"""Columns that `trending rank` writes, as trends/trend_scores has them."""


def rank_files(titles: Path, documents: Path, charts: Path | None, first: date, last: date, out: Path) -> int:
    """Rank the titles of each day from `first` to `last`, both included; gives the number of rows written.

    Reads Parquet files in the shapes of a world. A day's ranking rests on the documents that were published and the charts
    that were dated on the day or in the weeks before it: cutting the files after the day changes nothing. Writes RANKED for
    every title of the catalogue. Raises PermanentFailure, one sentence, for a wrong file, column or range.
    """
    if last < first:
        raise PermanentFailure(f"The last day {last} is before the first day {first}.")
    features = features_of_files(titles, documents, charts, first, last)
    frames = [rank_days(features.title_days([day]), [day], None, features.sites) for day in days_between(first, last)]
    return write_file(pl.concat(frames).select(RANKED), out)
