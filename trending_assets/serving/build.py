"""The answers of the API for one day, from the marts of that day."""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

import polars as pl
import polars.selectors as cs

from trending_assets.scoring.spend import by_task
from trending_assets.serving import search
from trending_assets.serving.container import Entry
from trending_assets.serving.encoding import end_of, to_json
from trending_assets.serving.exports import exports
from trending_assets.serving.facets import LISTS, counts, facets
from trending_assets.serving.history import COLUMNS, DECIMALS, Cells
from trending_assets.serving.listing import PAGE, READY, links, listing, next_page

ATTRIBUTION = (
    "This product uses the TMDB API but is not endorsed or certified by TMDB. Streaming platforms by JustWatch."
)
POSTER_SIZE = "w342"

_NOTES = {
    "none": "Nothing is ranked on this day: no document, chart or list names a title.",
    "charts_and_lists": "No documents were seen on this day: the ranking rests on charts and TMDb's lists alone.",
    "mentions": "No documents were seen on this day: the ranking rests on the days before, on charts and on TMDb's lists.",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Day:
    """What a day's answers are made of. Frames are the tables of that day alone, without the column `date`.

    `charts` is staging/charts with the title_id of linking/chart_entries (null where unlinked), `calls` scoring/ledger.
    """

    day: date
    trends: pl.DataFrame
    titles: pl.DataFrame
    evidence: pl.DataFrame
    charts: pl.DataFrame
    drift: pl.DataFrame
    calls: pl.DataFrame
    lineage: Sequence[Row]


@dataclass(frozen=True)
class Bundle:
    """A day's answers, the hash that each of them carries, and the day's cells of the history."""

    day: date
    entries: Sequence[Entry]
    snapshot: str
    cells: Cells

    @property
    def header(self) -> Row:
        """The head of the bundle's container."""
        return {"kind": "bundle", "date": self.day.isoformat(), "snapshot": self.snapshot}


def build(inputs: Day, images_url: str) -> Bundle:
    """All answers of the day. `images_url` is where posters lie (TMDb's image address).

    Every answer carries the snapshot, so the snapshot cannot be a hash of the final bodies: it is the first 16 hex digits of
    the SHA-256 over the same entries with an empty snapshot in them. Of the search database its rows are hashed, as SQLite
    writes its version into the file.
    """
    ranked = inputs.trends.sort("rank")
    rows = [to_json(row) for row in _ranked(ranked, images_url)]
    found, index = facets(ranked), search.indexed(ranked, inputs.titles)
    unstamped = [
        Entry("rows", b"".join(rows), effort=0),
        Entry("rows.offsets", struct.pack(f"<{len(rows) + 1}Q", 0, *accumulate(map(len, rows))), effort=0),
        Entry("facets", to_json(found), effort=0),
        *(entry for name in ("trends", "titles", "evidence") for entry in _export(inputs, name)),
    ]
    facts = _facts(inputs, ranked, found, images_url)

    def stamped(snapshot: str) -> Iterator[Entry]:
        stamp = {"date": inputs.day, "as_of": end_of(inputs.day), "snapshot": snapshot}
        yield from (Entry(name, to_json(stamp | value)) for name, value in facts.items())
        yield from _lists(stamp | _head(inputs, ranked), rows, found)

    mark = _digest([*unstamped, *stamped(""), Entry("search", to_json(index))])
    last = Entry("search", search.database(index), "application/vnd.sqlite3", effort=0)
    return Bundle(inputs.day, [*unstamped, *stamped(mark), last], mark, _cells(inputs.day, ranked))


def _digest(entries: Sequence[Entry]) -> str:
    whole = hashlib.sha256()
    for entry in sorted(entries, key=lambda e: e.name):
        whole.update(to_json([entry.name, entry.content_type, hashlib.sha256(entry.body).hexdigest()]))
    return whole.hexdigest()[:16]


def _ranked(ranked: pl.DataFrame, images_url: str) -> Iterator[Row]:
    for row in ranked.iter_rows(named=True):
        yield _with_poster(row, images_url) | {"links": links(row["title_id"])}


def _with_poster(row: Row, images_url: str) -> Row:
    path = row["poster_path"]
    return row | {"poster_url": f"{images_url.rstrip('/')}/{POSTER_SIZE}{path}" if path else None}


def _export(inputs: Day, name: str) -> list[Entry]:
    frame: pl.DataFrame = getattr(inputs, name)
    return exports(name, frame.select(pl.lit(inputs.day).alias("date"), pl.all()))


def _cells(day: date, ranked: pl.DataFrame) -> Cells:
    dated = ranked.select("title_id", pl.lit(day).alias("date"), *COLUMNS[1:]).with_columns(cs.float().round(DECIMALS))
    return {title: to_json(values) for title, *values in dated.iter_rows()}


def _head(inputs: Day, ranked: pl.DataFrame) -> Row:
    """What every answer of /v1/trends has beside its rows."""
    bases = set(ranked["basis"].unique().to_list())
    basis = "none" if ranked.is_empty() else "mentions" if "mentions" in bases else "charts_and_lists"
    models = pl.concat([inputs.evidence["model"], inputs.titles["digest_model"]]).drop_nulls().unique().sort()
    return {
        "basis": basis,
        "note": None if ranked["mentions"].sum() else _NOTES[basis],
        "scored_by": models.to_list(),
        "attribution": ATTRIBUTION,
    }


def _lists(head: Row, rows: Sequence[bytes], found: Row) -> Iterator[Entry]:
    yield Entry("trends.head", to_json(head), effort=0)
    for ready in READY:
        order = found["rising"] if ready.name == "rising" else range(len(rows))
        media = found["media_types"]
        chosen = [row for row in order if ready.media_type in (None, media[row])]
        more = next_page(head["snapshot"], PAGE, len(chosen), ready.params())
        page = (rows[row] for row in chosen[:PAGE])
        yield Entry(ready.path, listing(head, ready.name, len(chosen), PAGE, more, page), effort=2)


def _facts(inputs: Day, ranked: pl.DataFrame, found: Row, images_url: str) -> dict[str, Row]:
    """Every other answer, without date, as_of and snapshot."""
    answers: dict[str, Row] = {f"/v1/{name}": {"results": counts(found[name])} for name in LISTS}
    answers["/v1/charts"] = {"results": inputs.charts.sort("chart", "rank").to_dicts()}
    answers["/v1/drift"] = {"results": inputs.drift.sort("column", "against", "test").to_dicts()}
    answers["/v1/spend"] = _spend(inputs.calls)
    answers["/v1/lineage"] = {"source": "bundle", "assets": list(inputs.lineage)}
    trend = {row["title_id"]: row for row in ranked.iter_rows(named=True)}
    documents = _by_title(inputs.evidence)
    for title in inputs.titles.iter_rows(named=True):
        title_id = title["title_id"]
        mine = documents.get(title_id, [])
        answers[f"/v1/titles/{title_id}"] = {"title": _with_poster(title, images_url), "trend": trend.get(title_id)}
        answers[f"/v1/titles/{title_id}/evidence"] = {"title_id": title_id, "total": len(mine), "results": mine}
    return answers


def _spend(calls: pl.DataFrame) -> Row:
    """What the day's LLM calls cost, in all and by task, model, prompt version, mode and outcome."""
    sums = by_task(calls)
    return {"cost_usd": round(float(sums["cost_usd"].sum()), 9), "results": sums.to_dicts()}


def _by_title(evidence: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    newest_first = evidence.sort(["first_seen", "published_at", "doc_id"], descending=[True, True, False])
    for row in newest_first.iter_rows(named=True):
        found.setdefault(row["title_id"], []).append(row)
    return found
