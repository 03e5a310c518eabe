"""What is watched for drift, and the fixed bins that make days add up: the only place with bin edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from trending_assets.genre.training import text_of
from trending_assets.raw.sources import load_sources

SOURCED = "scores by source"
"""Scores with the raw table that their document came from; frames by name carry it beside the lake's tables."""
FED = "predicted titles"
"""Titles of the day's predictions with what the models read of them; likewise."""
SENTIMENT = (-0.8, -0.6, -0.4, -0.2, -0.05, 0.05, 0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Watched:
    """A watched column: `name` is table.column as profiles name it; `edges` are the inner edges of a numeric one's bins."""

    name: str
    table: str
    value: pl.Expr
    edges: tuple[float, ...] = ()

    @property
    def kind(self) -> Literal["numeric", "categorical"]:
        """numeric where it has bins, else categorical."""
        return "numeric" if self.edges else "categorical"


def _of(table: str, column: str, edges: tuple[float, ...] = ()) -> Watched:
    return Watched(f"{table}.{column}", table, pl.col(column), edges)


WATCHED: tuple[Watched, ...] = (
    _of("scoring/document_scores", "sentiment", SENTIMENT),
    _of("scoring/document_scores", "enthusiasm", (10, 20, 30, 40, 50, 60, 70, 80, 90)),
    _of("scoring/document_scores", "genres"),
    _of("scoring/document_scores", "vibe_tags"),
    *(
        Watched(
            f"scoring/document_scores.sentiment_{source}",
            SOURCED,
            pl.when(pl.col("source") == f"raw/{source}").then("sentiment"),
            SENTIMENT,
        )
        for source in (entry.name for entry in load_sources().documents)
    ),
    _of("scoring/title_digests", "primary_genre"),
    _of("linking/mentions", "confidence", (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)),
    _of("staging/documents", "rating", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
    Watched(
        "staging/documents.text_length",
        "staging/documents",
        pl.col("text").str.len_chars(),
        (25, 50, 75, 100, 150, 200, 400, 800, 1600, 3200, 6400),
    ),
    _of("staging/documents", "site"),
    _of("staging/documents", "language"),
    _of("features/title_signals", "authors", (1, 2, 3, 5, 8, 13, 21, 34, 55)),
    _of("features/title_signals", "voices", (0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55)),
    Watched(
        "genre/predictions.genre",
        "genre/predictions",
        pl.when(pl.col("predicted")).then(pl.col("model") + ": " + pl.col("genre")),
    ),
    Watched(
        "genre/predictions.probability",
        "genre/predictions",
        pl.when(pl.col("predicted")).then("probability"),
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
    ),
    Watched(
        "genre/predictions.text_length", FED, pl.col("text").str.len_chars(), (50, 100, 150, 200, 300, 400, 600, 800)
    ),
    Watched("genre/predictions.keywords", FED, pl.col("keywords").list.len(), (1, 3, 5, 10, 15, 20, 30)),
    Watched("genre/predictions.language", FED, pl.col("language")),
    Watched("genre/predictions.decade", FED, (pl.col("year") // 10 * 10).cast(pl.String) + "s"),
    Watched("staging/charts.unit", "staging/charts", pl.col("chart") + ": " + pl.col("unit").fill_null("no unit")),
)
"""Bins hold their lower edge and not their upper one."""


def values_of(watched: Watched, frame: pl.DataFrame, day: date) -> pl.Series:
    """The watched column's values of a day, lists exploded (an empty list is one null), from a frame with `date`.

    Predictions keep only what was predicted, and a source's scores only those of the source: another row is no value and no null.
    """
    values = frame.filter(pl.col("date") == day).select(watched.value.alias("value"))["value"]
    if values.dtype == pl.List(pl.String):
        values = values.explode(empty_as_null=True)
    if watched.table in ("genre/predictions", SOURCED):
        values = values.drop_nulls()
    return values.cast(pl.Float64 if watched.kind == "numeric" else pl.String)


def bin_counts(values: pl.Series, edges: Sequence[float]) -> list[int]:
    """Non-null values per bin: one more than edges, the first below the first edge, the last from the last edge up."""
    import numpy as np

    places = np.searchsorted(np.asarray(edges, float), values.drop_nulls().to_numpy(), side="right")
    return [int(n) for n in np.bincount(places, minlength=len(edges) + 1)]


def scores_by_source(scores: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """date, source and sentiment of the days' scored documents: the frame SOURCED."""
    both = scores.select("date", "doc_id", "sentiment").join(
        documents.select("date", "doc_id", "source"), on=["date", "doc_id"], maintain_order="left"
    )
    return both.select("date", "source", "sentiment")


def predicted_titles(titles: pl.DataFrame, predicted: pl.DataFrame) -> pl.DataFrame:
    """date, text, keywords, language and year of the titles that were predicted on each day: the frame FED."""
    asked = titles.join(predicted.select("date", "title_id").unique(), on=["date", "title_id"], how="semi")
    return asked.sort("date", "title_id").select(
        "date", text_of(), "keywords", pl.col("original_language").alias("language"), "year"
    )
