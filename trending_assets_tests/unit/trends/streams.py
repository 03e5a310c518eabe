"""Streams of features: Poisson authors with a weekday pattern, without and with planted bursts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.features.title_day import title_days

START = date(2020, 1, 6)
WEEK = np.array([0.8, 0.78, 0.85, 0.9, 1.05, 1.25, 1.4])
"""Volume from Monday to Sunday, after spring-2013."""
SCHEMA = {"date": pl.Date, **TABLES["features/title_signals"].schema}


def feature(day: date, title_id: str, authors: int = 0, **more: object) -> dict[str, object]:
    counts: dict[str, float] = {
        "mentions": authors,
        "authors": authors,
        "sites": min(authors, 1),
        "posts": authors,
        "reviews": 0,
    }
    counts |= {"voices": float(authors), "known_authors": authors, "counted_sites": min(authors, 1)}
    lists = {"by_site": [{"site": "s", "authors": authors}] if authors else [], "charts": [], "lists": []}
    return {**dict.fromkeys(SCHEMA), "date": day, "title_id": title_id, **counts, **lists, **more}


def frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def stream(
    seed: int, days: int, rates: Iterable[float], bursts: dict[tuple[int, int], int] | None = None
) -> pl.DataFrame:
    """Title movie-<n+1> has rates[n] authors a day; bursts adds authors at (title, day)."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        counts = rng.poisson(np.asarray(list(rates)) * WEEK[day % 7])
        for (title, at), more in (bursts or {}).items():
            counts[title] += more if at == day else 0
        rows += [feature(START + timedelta(days=day), f"movie-{n + 1}", int(counts[n])) for n in np.nonzero(counts)[0]]
    return frame(rows)


def day(n: int) -> date:
    return START + timedelta(days=n)


def title_features(
    signals: pl.DataFrame, days: Sequence[date], facts: Iterable[Mapping[str, object]] = ()
) -> pl.DataFrame:
    """features/title_day of the days, over a catalogue of `facts` (by default of nothing beside what has signals)."""
    schema = {"date": pl.Date, **TABLES["staging/titles"].schema}
    rows = [{**dict.fromkeys(schema), "media_type": "movie", **row, "date": day} for row in facts for day in days]
    return title_days(signals, pl.DataFrame(rows, schema=schema), days)
