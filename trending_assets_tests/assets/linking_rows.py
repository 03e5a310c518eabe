"""Rows of staging tables for the asset tests of linking, features and trends."""

from datetime import UTC, date, datetime

import dagster as dg
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.partitions import DAILY

D1, D2 = date(2013, 5, 3), date(2013, 5, 4)


def fill(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a table, null where a row says nothing."""
    schema = TABLES[table].schema
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def documents(day: date) -> pl.DataFrame:
    """Two posts on D1, none on D2."""
    common = {"source": "raw/posts", "site": "x", "kind": "post", "author_id": "x/ann", "text_hash": "0"}
    when = {"published_at": datetime(2013, 5, 3, 9, tzinfo=UTC)}
    rows = [
        {"doc_id": "a", "url": "http://x/a", "text": "I rated Iron Man 3 8/10", "rating": 0.8, **common, **when},
        {"doc_id": "b", "url": "http://x/b", "text": "hello", **common, **when},
    ]
    return fill("staging/documents", *(rows if day == D1 else []))


def titles() -> pl.DataFrame:
    """Iron Man 3 alone."""
    name = "Iron Man 3"
    lists: dict[str, list[str]] = {c: [] for c in ("genres", "keywords", "cast", "directors", "platforms")}
    return fill(
        "staging/titles",
        {
            "title_id": "movie-1",
            "tmdb_id": 1,
            "media_type": "movie",
            "title": name,
            "original_title": name,
            "year": 2013,
            "release_date": date(2013, 5, 3),
            "has_details": True,
            **lists,
        },
    )


def entries(day: date) -> pl.DataFrame:
    """Iron Man 3 in first place."""
    return fill(
        "staging/charts",
        {"chart": "box_office_us", "chart_date": day, "rank": 1, "title": "Iron Man 3", "media_type": "movie"},
    )


def upstream(*tables: str) -> list[dg.AssetSpec]:
    """Tables that the lake already holds, as assets that a job may read."""
    return [dg.AssetSpec(table.split("/"), partitions_def=DAILY) for table in tables]
