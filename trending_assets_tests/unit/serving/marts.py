"""Small marts for tests: two films and a show over some days, in the contract's columns."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.lake import Lake
from trending_assets.serving.container import Container
from trending_assets.serving.history import COLUMNS, Quarter
from trending_assets.serving.lineage import Node
from trending_assets.serving.pointer import Pointer, read_object, read_pointer
from trending_assets.serving.publish import Marts, inputs_of, publish

IMAGES = "https://image.tmdb.org/t/p"
TITLES = {"movie-1": "Heat", "movie-2": "Alien", "tv-3": "The Wire"}
CHARTED = ((1, "Heat"), (2, "Nobody Knows"))
GENRES = {"movie-1": ["Crime", "Drama"], "movie-2": ["Science Fiction"], "tv-3": ["Crime"]}
TABLES_READ = (
    *("marts/trends", "marts/titles", "marts/evidence", "staging/charts", "linking/chart_entries"),
    *("drift/report", "scoring/ledger"),
)
GRAPH: Mapping[str, Node] = {
    "raw/posts": Node((), "2", True),
    "genre/champion": Node(("raw/posts",), "1", False),
    "marts/trends": Node(("raw/posts", "genre/champion"), "1", True),
    "marts/other": Node(("raw/posts",), "1", True),
    "serving/bundle": Node(("marts/trends",), "1", True),
}


def _filled(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows with the contract's columns: what a row leaves out is the least or first value of its column."""
    schema = TABLES[table].schema
    made = []
    for row in rows:
        whole: dict[str, Any] = {}
        for column in TABLES[table].columns:
            plain = {pl.String: "x", pl.Boolean: False}.get(column.dtype, [])  # type: ignore[call-overload]
            if column.dtype in (pl.Int32, pl.Int64, pl.Float64):
                plain = max(column.low or 0, 0)
            elif column.values:
                plain = column.values[0]
            whole[column.name] = row.get(column.name, None if column.nullable else plain)
        made.append(whole)
    return conform(pl.DataFrame(made, schema=schema), TABLES[table])


def trends(order: Sequence[str]) -> pl.DataFrame:
    """marts/trends of a day with the titles ranked in this order."""
    return _filled(
        "marts/trends",
        [
            {
                "title_id": title,
                "rank": at + 1,
                "title": TITLES[title],
                "media_type": title.split("-")[0],
                "score": 10.0 - at,
                "rising_rank": len(order) - at,
                "rising_score": 1.0 + at,
                "basis": "mentions",
                "direction": "rising",
                "mentions": 3,
                "lift": 1.5,
                "genres": GENRES[title],
                "platforms": ["Netflix"] if title == "tv-3" else [],
                "poster_path": "/p.jpg" if title == "movie-1" else None,
            }
            for at, title in enumerate(order)
        ],
    )


def titles(order: Sequence[str]) -> pl.DataFrame:
    """marts/titles of the same titles."""
    return _filled(
        "marts/titles",
        [
            {
                "title_id": title,
                "tmdb_id": int(title.split("-")[1]),
                "media_type": title.split("-")[0],
                "title": TITLES[title],
                "poster_path": "/p.jpg" if title == "movie-1" else None,
                "digest_model": "sandbox-lexicon-1",
                "summary": [{"sentence": "Loved.", "doc_ids": ["d1"]}],
                "left_out": [{"reason": "spam", "documents": 2}],
            }
            for title in order
        ],
    )


def evidence(order: Sequence[str], day: date) -> pl.DataFrame:
    """marts/evidence: two documents of every title."""
    return _filled(
        "marts/evidence",
        [
            {
                "title_id": title,
                "doc_id": f"{title}-{n}",
                "first_seen": day,
                "published_at": datetime(day.year, day.month, day.day, n, tzinfo=UTC),
                "model": "sandbox-lexicon-1",
            }
            for title in order
            for n in (1, 2)
        ],
    )


def charts(day: date) -> pl.DataFrame:
    """staging/charts: two entries."""
    rows = [{"chart": "box_office", "chart_date": day, "rank": n, "title": title} for n, title in CHARTED]
    return _filled("staging/charts", rows)


def chart_entries(day: date) -> pl.DataFrame:
    """linking/chart_entries: the first of them linked."""
    linked = {1: "movie-1"}
    rows = [{"chart": "box_office", "chart_date": day, "rank": n, "title_id": linked.get(n)} for n, _ in CHARTED]
    return _filled("linking/chart_entries", rows)


def drift() -> pl.DataFrame:
    """drift/report: one test."""
    return _filled("drift/report", [{"column": "staging/documents.kind", "test": "psi", "verdict": "no_baseline"}])


def calls() -> pl.DataFrame:
    """scoring/ledger: two answers and a refusal."""
    paid = {"task": "document_score", "model": "gpt-5-mini", "mode": "realtime", "tokens_in": 100, "cost_usd": 0.001}
    rows = [paid | {"call_id": str(n), "state": "answered", "kind": ""} for n in range(2)]
    return _filled("scoring/ledger", [*rows, paid | {"call_id": "2", "state": "failed", "kind": "refusal"}])


def write_day(lake: Lake, day: date, order: Sequence[str]) -> None:
    """All that serving/bundle reads of a day."""
    lake.write("marts/trends", trends(order), day)
    lake.write("marts/titles", titles(order), day)
    lake.write("marts/evidence", evidence(order, day), day)
    lake.write("staging/charts", charts(day), day)
    lake.write("linking/chart_entries", chart_entries(day), day)
    lake.write("drift/report", drift(), day)
    lake.write("scoring/ledger", calls(), day)


def read_marts(lake: Lake, days: Sequence[date]) -> Marts:
    """What the asset's inputs would be for a run over these days."""
    return Marts(*(lake.read(table, days) for table in TABLES_READ))


def publish_days(lake: Lake, *days: date) -> None:
    """Build and publish the bundles of days whose marts are there."""
    publish(lake, inputs_of(lake, days, read_marts(lake, days), GRAPH), IMAGES)


def served(lake: Lake) -> Pointer:
    """The pointer of a lake in which something is published."""
    pointer = read_pointer(lake.store)
    assert pointer is not None
    return pointer


def container(lake: Lake, day: date) -> Container:
    """The bundle of a day that the pointer names."""
    return Container(read_object(lake.store, served(lake).days[day].snapshot))


def answer(lake: Lake, day: date, path: str) -> dict[str, Any]:
    """A ready answer of a published day."""
    found = container(lake, day).find(path)
    assert found is not None, f"{path} is not in the bundle of {day}"
    parsed: dict[str, Any] = orjson.loads(found.body)
    return parsed


def history(lake: Lake, title_id: str) -> list[dict[str, Any]]:
    """A title's published history, oldest first."""
    cells: list[dict[str, Any]] = []
    for _, name in sorted(served(lake).history.items()):
        quarter = Quarter(Container(read_object(lake.store, name)))
        found = (quarter.cells(day).get(title_id) for day in quarter.days)
        cells += [dict(zip(COLUMNS, orjson.loads(cell), strict=True)) for cell in found if cell]
    return cells
