"""Days of the watched tables on which nothing happens, or one thing does."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from trending_assets.drift.watched import FED, SOURCED, predicted_titles, scores_by_source

DAY = date(2026, 2, 11)
SOURCES = ("posts", "reviews")
"""Sources that the days have documents of; the others are silent."""


def tables(
    day: date, sentiment: float = 0.2, rows: int = 300, site: str = "a.example", sources: Sequence[str] = SOURCES
) -> dict[str, pl.DataFrame]:
    """The lake's watched tables of one day, in the columns that are watched, and the frames made of them."""
    draw = np.random.default_rng(day.toordinal())
    ids = [f"movie-{n}" for n in range(rows)]
    scores = {
        "doc_id": ids,
        "sentiment": np.clip(draw.normal(sentiment, 0.3, rows), -1, 1),
        "enthusiasm": draw.integers(0, 101, rows),
        "genres": [["Drama", "War"] if n % 2 else [] for n in range(rows)],
        "vibe_tags": [["funny"]] * rows,
    }
    documents = {
        "doc_id": ids,
        "source": [f"raw/{sources[n // 2 % len(sources)]}" for n in range(rows)],
        "rating": [0.5 if n % 3 else None for n in range(rows)],
        "text": ["x" * int(n) for n in draw.integers(1, 400, rows)],
        "site": [site if n % 2 else "b.example" for n in range(rows)],
        "language": ["en"] * rows,
    }
    predicted = {
        "title_id": ids,
        "model": ["xgboost"] * rows,
        "genre": ["Drama", "War"] * (rows // 2),
        "predicted": [True, False] * (rows // 2),
        "probability": draw.uniform(0.3, 1, rows),
    }
    titles = {
        "title_id": ids,
        "title": [f"Title {n}" for n in range(rows)],
        "overview": ["x" * int(n) for n in draw.integers(20, 700, rows)],
        "tagline": [None] * rows,
        "keywords": [["k"] * int(n) for n in draw.integers(0, 20, rows)],
        "original_language": ["en" if n % 5 else "fr" for n in range(rows)],
        "year": draw.integers(1970, 2027, rows),
    }
    lake = {
        "scoring/document_scores": pl.DataFrame(scores),
        "scoring/title_digests": pl.DataFrame({"title_id": ids, "primary_genre": ["Drama", "War"] * (rows // 2)}),
        "linking/mentions": pl.DataFrame({"doc_id": ids, "confidence": draw.beta(5, 2, rows)}),
        "staging/documents": pl.DataFrame(documents),
        "staging/titles": pl.DataFrame(titles, schema_overrides={"tagline": pl.String, "year": pl.Int32}),
        "staging/charts": pl.DataFrame({"chart": ["box_office_us"] * 20, "unit": ["USD"] * 20}),
        "genre/predictions": pl.DataFrame(predicted),
        "features/title_signals": pl.DataFrame(
            {"title_id": ids, "authors": draw.poisson(3, rows), "voices": draw.gamma(3, 1.0, rows)}
        ),
    }
    dated = {name: frame.with_columns(date=pl.lit(day)) for name, frame in lake.items()}
    made = {
        SOURCED: scores_by_source(dated["scoring/document_scores"], dated["staging/documents"]),
        FED: predicted_titles(dated["staging/titles"], dated["genre/predictions"]),
    }
    return dated | made


def days_of(first: date, count: int) -> list[date]:
    """So many days from the first on."""
    return [first + timedelta(days=n) for n in range(count)]
