"""Small evidence: documents of voices about titles, in the frames that a digest reads."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from trending_assets.scoring.evidence import linked_documents
from trending_assets_tests.unit.scoring.frames import DAY, mentions, table

Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]


def world(voices: list[dict[str, Any]]) -> Frames:
    """Scores, mentions, documents and clusters of documents: doc_id, author, and what differs from a plain good one."""
    scores, links, docs, whose = [], [], [], []
    for voice in voices:
        day, doc_id = voice.get("date", DAY), voice["doc_id"]
        at = datetime(day.year, day.month, day.day, voice.get("hour", 12), tzinfo=UTC)
        judged = {"date": day, "doc_id": doc_id, "sentiment": voice.get("sentiment", 0.5)}
        judged |= {"about_title": voice.get("about_title", True), "spam": voice.get("spam", False)}
        judged |= {name: voice.get(name, []) for name in ("genres", "vibe_tags")}
        if voice.get("scored", True):
            scores.append(judged)
        links.append(mentions({doc_id: voice.get("title", "movie-1")}, day))
        text = {"text": voice.get("text", "Good."), "headline": voice.get("headline"), "kind": "post"}
        docs.append({"date": day, "doc_id": doc_id, "author_id": voice["author"], "published_at": at} | text)
        whose.append({"date": day, "doc_id": doc_id, "cluster_id": voice.get("copy_of", doc_id)})
    made = {
        "scoring/document_scores": scores,
        "staging/documents": docs,
        "staging/clusters": whose,
    }
    frames = {name: table(name, rows) for name, rows in made.items()}
    linked = pl.concat(links) if links else table("linking/mentions", [])
    return frames["scoring/document_scores"], linked, frames["staging/documents"], frames["staging/clusters"]


def linked(voices: list[dict[str, Any]]) -> pl.DataFrame:
    """The linked documents of `world`."""
    return linked_documents(*world(voices))
