"""Small frames in the columns that linking reads."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

TITLES = [
    ("movie-1", "movie", "Iron Man", 2008, 90.0),
    ("movie-2", "movie", "Iron Man 3", 2013, 80.0),
    ("movie-3", "movie", "Alien", 1979, 60.0),
    ("movie-4", "movie", "Aliens", 1986, 55.0),
    ("movie-5", "movie", "It", 1990, 30.0),
    ("movie-6", "movie", "Her", 2013, 30.0),
    ("movie-7", "movie", "Up", 2009, 70.0),
    ("movie-8", "movie", "Heat", 1995, 50.0),
    ("movie-9", "movie", "42", 2013, 20.0),
    ("movie-10", "movie", "Dune", 1984, 10.0),
    ("movie-11", "movie", "Dune", 2021, 95.0),
    ("movie-12", "movie", "Fargo", 1996, 40.0),
    ("tv-12", "tv", "Fargo", 2014, 41.0),
    ("movie-13", "movie", "The Brothers Bloom", 2008, 8.0),
    ("movie-14", "movie", "Titanic", 1997, 70.0),
    ("movie-15", "movie", "Titanic", 1953, 9.5),
    ("movie-16", "movie", "King Kong", 2005, 30.0),
    ("movie-17", "movie", "King Kong", 1976, 20.0),
    ("movie-18", "movie", "Total Recall", 2012, None),
    ("movie-19", "movie", "Total Recall", 1990, 43.0),
    ("movie-20", "movie", "School of Rock", 2003, 25.0),
    ("movie-21", "movie", "I Saw the Devil", 2010, 12.0),
    ("movie-22", "movie", "1917", 2019, 60.0),
    ("movie-23", "movie", "Ocean's Eleven", 2001, 60.0),
    ("movie-24", "movie", "Silver Linings Playbook", 2012, 60.0),
    ("movie-25", "movie", "The Island", 2005, 37.0),
    ("movie-26", "movie", "Dumb and Dumber", 1994, 40.0),
    ("movie-27", "movie", "Dumb & Dumber", 1994, 0.4),
    ("movie-28", "movie", "Amazing", 2012, 1.0),
]


def titles(rows: list[tuple[Any, ...]] | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        [(i, m, t, t, y, p) for i, m, t, y, p in (TITLES if rows is None else rows)],
        schema={
            "title_id": pl.String,
            "media_type": pl.String,
            "title": pl.String,
            "original_title": pl.String,
            "year": pl.Int32,
            "popularity": pl.Float64,
        },
        orient="row",
    )


def document(text: str, year: int = 2013, kind: str = "post", **more: Any) -> pl.DataFrame:
    row = {
        "doc_id": "d1",
        "kind": kind,
        "published_at": datetime(year, 5, 3, tzinfo=UTC),
        "headline": None,
        "text": text,
        "work_title": None,
        "work_year": None,
        "work_media_type": None,
        **more,
    }
    texts = dict.fromkeys(["headline", "text", "work_title", "work_media_type"], pl.String)
    return pl.DataFrame([row], schema_overrides={**texts, "work_year": pl.Int32})


def chart(title: str, rank: int = 1, days: int | None = None, year: int | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        [("box_office_us", date(2013, 5, 5), rank, title, year, "movie", days)],
        schema={
            "chart": pl.String,
            "chart_date": pl.Date,
            "rank": pl.Int32,
            "title": pl.String,
            "year": pl.Int32,
            "media_type": pl.String,
            "days_in_release": pl.Int32,
        },
        orient="row",
    )
