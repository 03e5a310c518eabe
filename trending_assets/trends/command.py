"""`trending rank`: the ranking from files alone, strictly causal; and what a backtest of it judges."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.features.files import FileFeatures, features_of_files
from trending_assets.files import write_file
from trending_assets.partitions import days_between
from trending_assets.trends.detect import detect
from trending_assets.trends.rank import rank_days

RANKED = (
    *("date", "title_id", "score", "rank"),  # what the command has always written; more comes after it
    *("rising_score", "rising_rank", "expected", "expected_low", "expected_high"),
    *("lift", "lift_low", "lift_high"),
)
"""Columns that `trending rank` writes, as trends/trend_scores has them."""

LEAD_DAYS = 14
"""Days before the first judged one that are ranked too: a title may have been listed that long before its event."""

Step = Callable[[str, int, int], None]


def rank_files(
    titles: Path,
    documents: Path,
    charts: Path | None,
    first: date,
    last: date,
    out: Path,
    step: Step = lambda what, done, total: None,
) -> int:
    """Rank the titles of each day from `first` to `last`, both included; gives the number of rows written.

    Reads Parquet files in the shapes of a world. A day's ranking rests on the documents that were published and the charts
    that were dated on the day or in the weeks before it: cutting the files after the day changes nothing. Writes RANKED for
    every title of the catalogue. Raises PermanentFailure, one sentence, for a wrong file, column or range.
    """
    if last < first:
        raise PermanentFailure(f"The last day {last} is before the first day {first}.")
    step("linking", 0, 1)
    features = features_of_files(titles, documents, charts, first, last)
    return write_file(_ranked(features, days_between(first, last), step).select(RANKED), out)


def _ranked(features: FileFeatures, days: list[date], step: Step) -> pl.DataFrame:
    frames = []
    for number, day in enumerate(days):
        frames.append(rank_days(features.title_days([day]), [day], None, features.sites))
        step(f"ranking {day}", number + 1, len(days))
    return pl.concat(frames)


@dataclass(frozen=True)
class Ranked:
    """What a backtest judges: `counts` and `scores` by day, with alerts, release dates and voices where they are known.

    Columns as in `trends/backtest/run.py`.
    """

    counts: pl.DataFrame
    scores: pl.DataFrame
    alerts: pl.DataFrame | None = None
    releases: pl.DataFrame | None = None
    voices: pl.DataFrame | None = None


def scores_of_files(
    titles: Path,
    documents: Path,
    charts: Path | None,
    first: date,
    last: date,
    step: Step = lambda what, done, total: None,
) -> Ranked:
    """The rankings of the days from 14 before `first` to `last`, each as causal as `trending rank`, and what was said.

    Counts go from the files' first day to 7 days after `last`: those days decide how good a ranking was, and no ranking
    sees them. Raises PermanentFailure, one sentence, for a wrong file or column.
    """
    from trending_assets.linking.worlds import read_documents
    from trending_assets.trends.backtest.days import AHEAD
    from trending_assets.trends.backtest.scores import JUDGED

    oldest = min(read_documents(documents)["date"], default=first)
    start = max(first - timedelta(days=LEAD_DAYS), min(oldest, first))
    step("linking", 0, 1)
    features = features_of_files(titles, documents, charts, min(oldest, start), last + timedelta(days=AHEAD))
    days = days_between(start, last)
    ranked = _ranked(features, days, step)
    said = features.signals.filter(pl.col("authors") > 0).select("date", "title_id", "authors")
    return Ranked(
        said,
        ranked.select("date", *JUDGED),
        detect(features.signals, days),
        features.titles.select("title_id", "release_date").drop_nulls(),
        features.voices.select("date", "title_id", "voice_id"),
    )
