"""How good earlier predictions turned out, on the day on which their labels were there.

The ranking is judged as trends/backtest judges it: by the voices that were counted after it was made. Genres are judged by
TMDb's on titles that the model did not learn from, the LLM's sentiment by the ratings that its documents carry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.genre.catalogues import TMDB, genres_of
from trending_assets.genre.evaluation import MACRO, MICRO, evaluate
from trending_assets.genre.groups import title_group
from trending_assets.genre.unseen import read_seen
from trending_assets.lake import Lake
from trending_assets.partitions import LABEL_DAYS, days_between
from trending_assets.trends.backtest.metrics import lists, ndcg

LEAST_LABELS = 30
"""Labels below which a metric is not stated: its chance error would be larger than what it should show."""
LEAST_EXPECTED = 1.0
"""Expected mentions from which a title's interval is judged: below, an interval of 0 to 0 holds by itself."""
_SCHEMA = {"date": pl.Date(), **TABLES["drift/quality"].schema}


@dataclass(frozen=True)
class Measured:
    """A metric and the number of labels that it rests on; no value where they are too few or it is not defined."""

    value: float | None
    labels: int


NOTHING = Measured(None, 0)


def _measured(value: float, labels: int) -> Measured:
    return Measured(None if labels < LEAST_LABELS or isnan(value) else value, labels)


def ranking_gain(said: pl.DataFrame, counted: pl.DataFrame | None) -> Measured:
    """NDCG@20 of titles ordered by what was said of them; the gain is what was counted. Labels are the titles counted.

    `said` has title_id and score, `counted` title_id and seen (above 0; None where a day was not counted). A title that was
    counted and not ranked could have taken a place.
    """
    if said.is_empty() or counted is None:
        return NOTHING
    both = said.join(counted, on="title_id", how="full", coalesce=True).sort("title_id")
    score = both["score"].fill_null(-np.inf).to_numpy()
    gain = both["seen"].cast(pl.Float64).fill_null(0.0).to_numpy()
    return _measured(float(ndcg(lists(score[None, :]), gain[None, :])[0]), counted.height)


def interval_coverage(said: pl.DataFrame, counted: pl.DataFrame | None) -> Measured:
    """Share of titles whose count lies in the interval that was stated (0.95 is right); labels are the titles judged.

    `said` has title_id, expected, expected_low and expected_high, `counted` as above; who was not counted has 0. Judged are
    titles of which at least LEAST_EXPECTED mentions were expected.
    """
    if counted is None:
        return NOTHING
    judged = said.filter(pl.col("expected") >= LEAST_EXPECTED).join(counted, on="title_id", how="left")
    inside = judged.select(pl.col("seen").fill_null(0).is_between("expected_low", "expected_high").sum()).item()
    return _measured(inside / max(judged.height, 1), judged.height)


def genre_figures(
    predicted: pl.DataFrame, titles: pl.DataFrame, seen: pl.DataFrame | None
) -> tuple[Measured, Measured]:
    """Macro F1 over genres, and the share of predicted genres that are right; labels are the titles.

    `predicted` has title_id, genre and predicted of one model, `titles` title_id, title and genres as TMDb prints them, and
    `seen` title_id and group of what the model learned from. Judged are titles with a genre of the vocabulary that the model
    learned neither from itself nor from another title of their group; where it is not known what it learned, none is.
    """
    if seen is None or predicted.is_empty():
        return NOTHING, NOTHING
    asked = titles.join(predicted.select("title_id").unique(), on="title_id", how="semi").sort("title_id")
    known = asked.with_columns(
        group=pl.Series([title_group(title) for title in asked["title"]], dtype=pl.String),
        known=pl.Series([genres_of(labels, TMDB) for labels in asked["genres"]], dtype=pl.List(pl.String)),
    ).filter(pl.col("known").list.len() > 0)
    for key in ("title_id", "group"):
        known = known.join(seen.select(key).unique(), on=key, how="anti", maintain_order="left")
    if known.is_empty():
        return NOTHING, NOTHING
    genres = predicted["genre"].unique().sort().to_list()
    said = known.select("title_id").join(
        predicted.filter("predicted").group_by("title_id").agg("genre"),
        on="title_id",
        how="left",
        maintain_order="left",
    )
    flags = np.array([[float(name in (row or [])) for name in genres] for row in said["genre"].to_list()])
    figures = {row["genre"]: row for row in evaluate(flags, [0.5] * len(genres), genres, known["known"])}
    return _measured(figures[MACRO]["f1"], known.height), _measured(figures[MICRO]["precision"], known.height)


def rating_agreement(scores: pl.DataFrame, documents: pl.DataFrame) -> Measured:
    """Spearman's rank correlation of sentiment and rating over the documents that have both; labels are those documents.

    `scores` has doc_id, sentiment, about_title and spam, `documents` doc_id and rating. Left out is what is not about the
    title, and spam.
    """
    counted = scores.filter(pl.col("about_title") & ~pl.col("spam"))
    both = counted.join(documents.drop_nulls("rating"), on="doc_id").sort("doc_id")
    if both["sentiment"].n_unique() < 2 or both["rating"].n_unique() < 2:
        return Measured(None, both.height)
    return _measured(float(both.select(pl.corr("sentiment", "rating", method="spearman")).item()), both.height)


def quality_days(lake: Lake, days: Sequence[date]) -> pl.DataFrame:
    """Rows of drift/quality with `date`, the same subjects and metrics each day. A value is null where the lake lacks what
    it rests on, as on its first days, or has too few labels. Raises PermanentFailure where a day's own tables are missing."""
    return pl.DataFrame([row for day in days for row in _day(lake, day)], schema=_SCHEMA, orient="row")


def _day(lake: Lake, day: date) -> list[tuple[object, ...]]:
    """A day's rows: one day is in memory at a time, and of it the columns that are judged."""
    yesterday, week_ago = day - timedelta(days=1), day - timedelta(days=LABEL_DAYS)
    since = days_between(week_ago + timedelta(days=1), day)
    counts = _read(lake, "features/title_signals", since, "title_id", "authors").filter(pl.col("authors") > 0)
    popular = _read(lake, "trends/trend_scores", [yesterday], "title_id", "score")
    forecast = _read(lake, "trends/trend_scores", [week_ago], "title_id", "expected", "expected_low", "expected_high")
    today, week = _counted(counts, [day]), _counted(counts, since)
    macro_f1, precision = _genres(lake, week_ago, day)
    scores = lake.read("scoring/document_scores", [day], ["doc_id", "sentiment", "about_title", "spam"])
    agreement = rating_agreement(scores, lake.read("staging/documents", [day], ["doc_id", "rating"]))
    expected = ranking_gain(forecast.select("title_id", score="expected"), week)
    found = [
        ("trends/trend_scores.score", "ndcg_20", yesterday, ranking_gain(popular, today)),
        ("trends/trend_scores.expected", "ndcg_20", week_ago, expected),
        ("trends/trend_scores.expected", "coverage_95", week_ago, interval_coverage(forecast, week)),
        ("genre/predictions.genre", "macro_f1", week_ago, macro_f1),
        ("genre/predictions.genre", "precision", week_ago, precision),
        ("scoring/document_scores.sentiment", "spearman", day, agreement),
    ]
    return [(day, subject, metric, made, one.value, one.labels) for subject, metric, made, one in found]


def _read(lake: Lake, table: str, days: Sequence[date], *columns: str) -> pl.DataFrame:
    """Columns of earlier days, which a lake need not have."""
    return lake.read(table, days, columns, missing="skip")


def _counted(counts: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame | None:
    """title_id and seen (voices by day) over the days; None where one of them has no voice at all: nobody looked."""
    there = counts.filter(pl.col("date").is_in(days))
    if there["date"].n_unique() < len(days):
        return None
    return there.group_by("title_id").agg(seen=pl.col("authors").sum()).sort("title_id")


def _genres(lake: Lake, made_on: date, day: date) -> tuple[Measured, Measured]:
    """Figures of what the champion in production predicted on `made_on`, by TMDb's genres of `day`."""
    columns = "title_id", "genre", "predicted", "champion", "data_version"
    predicted = _read(lake, "genre/predictions", [made_on], *columns).filter("champion")
    if predicted.is_empty():
        return NOTHING, NOTHING
    titles = lake.read("staging/titles", [day], ["title_id", "title", "genres"])
    return genre_figures(predicted, titles, read_seen(lake, predicted["data_version"][0]))
