"""Small inputs of the scoring step."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES

DAY = date(2026, 3, 10)


def table(name: str, rows: list[dict[str, Any]], dated: bool = True) -> pl.DataFrame:
    """A frame of a contract's columns; what a row leaves out is a neutral value."""
    neutral: dict[Any, Any] = {pl.String: "", pl.Int32: 1, pl.Int64: 1, pl.Float64: 0.5, pl.Boolean: False}
    columns = TABLES[name].columns
    full = []
    for row in rows:
        base = {
            c.name: None
            if c.nullable
            else []
            if isinstance(c.dtype, pl.List)
            else neutral.get(c.dtype, datetime(2026, 3, 10, tzinfo=UTC))
            for c in columns
        }
        full.append(base | ({"date": row.get("date", DAY)} if dated else {}) | row)
    schema = TABLES[name].schema | ({"date": pl.Date()} if dated else {})
    return pl.DataFrame(full, schema=schema)


def documents(texts: dict[str, str], day: date = DAY, **more: Any) -> pl.DataFrame:
    """Documents by doc_id; each is by an author of its own."""
    rows = [
        {
            "date": day,
            "doc_id": doc_id,
            "url": f"http://a.example/{doc_id}",
            "site": "a.example",
            "kind": "post",
            "author_id": f"a.example/{doc_id}",
            "published_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            "text": text,
        }
        | more
        for doc_id, text in texts.items()
    ]
    return table("staging/documents", rows)


def mentions(links: dict[str, str | None], day: date = DAY) -> pl.DataFrame:
    """Links from doc_id to title_id."""
    rows = [
        {"date": day, "doc_id": d, "title_id": t, "confidence": 0.9 if t else 0.0, "method": "exact"}
        for d, t in links.items()
    ]
    return table("linking/mentions", rows)


def titles(names: dict[str, str], *days: date) -> pl.DataFrame:
    """Titles by title_id, on each of the days."""
    rows = [
        {"date": day, "title_id": i, "media_type": "movie", "title": n, "original_title": n, "genres": ["Drama"]}
        for day in days or (DAY,)
        for i, n in names.items()
    ]
    return table("staging/titles", rows)
