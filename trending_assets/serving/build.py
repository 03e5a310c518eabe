"""The answers of the API for one day, as bytes, from the marts of that day and the ranks of the days before."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
import polars as pl

from trending_assets.scoring.spend import by_task

ATTRIBUTION = (
    "This product uses the TMDB API but is not endorsed or certified by TMDB. Streaming platforms by JustWatch."
)
HISTORY = ("rank", "score", "level", "lift", "mentions", "authors", "sites")
POSTER_SIZE = "w342"

_NOTES = {
    "none": "Nothing is ranked on this day: no document, chart or list names a title.",
    "charts_and_lists": "No documents were seen on this day: the ranking rests on charts and TMDb's lists alone.",
    "mentions": "No documents were seen on this day: the ranking rests on the days before, on charts and on TMDb's lists.",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Day:
    """What a day's answers are made of. Frames are the marts of that day alone, without the column `date`."""

    day: date
    trends: pl.DataFrame
    titles: pl.DataFrame
    evidence: pl.DataFrame
    drift: pl.DataFrame
    calls: pl.DataFrame
    history: Mapping[str, Sequence[Row]]
    days: Sequence[date]
    lineage: Sequence[Row]


@dataclass(frozen=True)
class Bundle:
    """Ready answers: rows (path, body, etag) in the contract's columns, and the hash that every body carries."""

    frame: pl.DataFrame
    snapshot: str


def to_json(value: object) -> bytes:
    """JSON with sorted keys, times in UTC with Z: equal values give equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def etag(body: bytes) -> str:
    """First 32 hex digits of the SHA-256 of a body."""
    return hashlib.sha256(body).hexdigest()[:32]


def histories(trends: pl.DataFrame) -> dict[str, list[Row]]:
    """Per title its ranks over all days of the frame (marts/trends with `date`), oldest first."""
    found: dict[str, list[Row]] = {}
    for row in trends.select("title_id", "date", *HISTORY).sort("title_id", "date").iter_rows(named=True):
        found.setdefault(row.pop("title_id"), []).append(row)
    return found


def history_until(rows: Sequence[Row], day: date, served_days: int) -> list[Row]:
    """The rows of the `served_days` days that end with `day`: nothing from after it."""
    first = day - timedelta(days=served_days - 1)
    return [row for row in rows if first <= row["date"] <= day]


def build(inputs: Day, images_url: str) -> Bundle:
    """All answers of the day. `images_url` is where posters lie (TMDb's image address).

    Every body carries the snapshot, so the snapshot cannot be a hash of the final bodies: it is the first 16 hex digits of
    the SHA-256 over the sorted (path, etag) of the same bodies without the key `snapshot`, which is then put into each.
    """
    answers = _answers(inputs, images_url)
    marks = [[path, etag(to_json(body))] for path, body in sorted(answers.items())]
    snapshot = hashlib.sha256(to_json(marks)).hexdigest()[:16]
    bodies = {path: to_json({**body, "snapshot": snapshot}) for path, body in sorted(answers.items())}
    frame = pl.DataFrame(
        {"path": list(bodies), "body": list(bodies.values()), "etag": [etag(body) for body in bodies.values()]},
        schema={"path": pl.String, "body": pl.Binary, "etag": pl.String},
    )
    return Bundle(frame, snapshot)


def _spend(calls: pl.DataFrame) -> Row:
    """What the day's LLM calls cost, in all and by task, model, prompt version, mode and outcome."""
    sums = by_task(calls)
    return {"cost_usd": round(float(sums["cost_usd"].sum()), 9), "results": sums.to_dicts()}


def _answers(inputs: Day, images_url: str) -> dict[str, Row]:
    stamp: Row = {"date": inputs.day}
    ranked = [_with_poster(row, images_url) for row in inputs.trends.sort("rank").iter_rows(named=True)]
    answers: dict[str, Row] = {
        "/v1/trends": stamp | _ranking(inputs, ranked),
        "/v1/days": stamp | {"days": list(inputs.days), "newest": max(inputs.days, default=inputs.day)},
        "/v1/drift": stamp | {"results": inputs.drift.sort("column", "test").to_dicts()},
        "/v1/spend": stamp | _spend(inputs.calls),
        "/v1/lineage": stamp | {"source": "bundle", "assets": list(inputs.lineage)},
    }
    trend = {row["title_id"]: row for row in inputs.trends.iter_rows(named=True)}
    documents = _by_title(inputs.evidence)
    for title in inputs.titles.iter_rows(named=True):
        title_id = title["title_id"]
        mine, name = documents.get(title_id, []), {"title_id": title_id}
        facts = {"title": _with_poster(title, images_url), "trend": trend.get(title_id)}
        past = {"title": title["title"], "history": list(inputs.history.get(title_id, []))}
        answers[f"/v1/titles/{title_id}"] = stamp | facts
        answers[f"/v1/titles/{title_id}/history"] = stamp | name | past
        answers[f"/v1/titles/{title_id}/evidence"] = stamp | name | {"total": len(mine), "results": mine}
    return answers


def _ranking(inputs: Day, ranked: Sequence[Row]) -> Row:
    bases = {row["basis"] for row in ranked}
    basis = "none" if not ranked else "mentions" if "mentions" in bases else "charts_and_lists"
    seen = sum(row["mentions"] for row in ranked)
    models = pl.concat([inputs.evidence["model"], inputs.titles["digest_model"]]).drop_nulls().unique().sort()
    return {
        "basis": basis,
        "note": None if seen else _NOTES[basis],
        "total": len(ranked),
        "limit": len(ranked),
        "days": list(inputs.days),
        "scored_by": models.to_list(),
        "attribution": ATTRIBUTION,
        "results": [row | {"links": _links(row["title_id"])} for row in ranked],
    }


def _links(title_id: str) -> dict[str, str]:
    itself = f"/v1/titles/{title_id}"
    return {"self": itself, "history": f"{itself}/history", "evidence": f"{itself}/evidence"}


def _with_poster(row: Row, images_url: str) -> Row:
    path = row["poster_path"]
    return row | {"poster_url": f"{images_url.rstrip('/')}/{POSTER_SIZE}{path}" if path else None}


def _by_title(evidence: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    newest_first = evidence.sort(["first_seen", "published_at", "doc_id"], descending=[True, True, False])
    for row in newest_first.iter_rows(named=True):
        found.setdefault(row["title_id"], []).append(row)
    return found
