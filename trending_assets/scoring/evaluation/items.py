"""What a prompt version is asked about: the gold set's documents and digests, and rated documents of the lake."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import yaml

from trending_assets.lake import Lake
from trending_assets.scoring.digests import digest_payload
from trending_assets.scoring.documents import document_payload

GOLD = Path(__file__).with_name("gold.yaml")
NEWEST_DAYS = 28
"""Rated documents come from so many of the lake's newest days."""
MIN_TEXT = 40
_LIKED = 0.7
"""Sentiment that a digest's request gives for a document that is labelled as liked; its negative for a disliked one."""

_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_NAMED = r"\b(?:rating|score|grade|verdict|note|wertung|nota|voto)\s*[:=]\s*"
_RATING_FORMS = re.compile(
    rf"(?:{_NAMED})?{_NUMBER}\s*(?:/|\bout of\b|\bof\b|\bsur\b|\bvon\b|\bsu\b|\bde\b|\bz\b)\s*(?:5|10|20|100)\b"
    rf"|(?:{_NAMED})?{_NUMBER}\s*(?:%|-?\s?(?:stars?|sternen?|étoiles?|estrellas?|stelle|points?|punkte)\b)"
    rf"|{_NAMED}(?:{_NUMBER}|[A-F][+-]?(?![A-Za-z]))"
    r"|[★☆⭐⯨✩✪✭✮✯🌟½]+"
    r"|\b(?:one|two|three|four|five|zero)(?: and a half)? stars?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Item:
    """A thing that is asked about, with what is known of it. `id` is a hash of the payload, so other words are another item."""

    labels: str
    payload: dict[str, Any]
    truth: Mapping[str, Any]

    @property
    def id(self) -> str:
        return hashlib.sha256(orjson.dumps(self.payload, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]

    def reordered(self) -> dict[str, Any]:
        """The payload in another order: a digest's documents, or the fields of a document, from last to first."""
        if "documents" in self.payload:
            return self.payload | {"documents": self.payload["documents"][::-1]}
        return self.payload | {"document": dict(reversed(self.payload["document"].items()))}


def labels_version() -> str:
    """First 12 hex digits of the SHA-256 of the gold set."""
    return hashlib.sha256(GOLD.read_bytes()).hexdigest()[:12]


@cache
def gold_documents() -> tuple[Item, ...]:
    """The labelled documents. Truth: sentiment, about_title (None for spam), spam, spoiler, genres and vibe_tags or None."""
    return tuple(
        Item("gold", document_payload(_row(document, title)), _truth(document))
        for title in _titles()
        for document in title["documents"]
    )


@cache
def gold_digests() -> tuple[Item, ...]:
    """A digest a title, of its documents that are about it and no spam. Truth: feeling, genres, vibe_tags."""
    return tuple(_digest(title) for title in _titles())


@cache
def _titles() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(GOLD.read_text(encoding="utf-8"))
    return loaded


def _row(document: Mapping[str, Any], title: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": document["text"],
        "headline": document.get("headline"),
        "title": title["name"],
        "rating": None,
        "rating_max": None,
    }


def _truth(document: Mapping[str, Any]) -> dict[str, Any]:
    spam = document.get("spam", False)
    return {
        "sentiment": document["sentiment"],
        "about_title": None if spam else document.get("about", True),  # of an advertisement both can be said
        "spam": spam,
        "spoiler": document.get("spoiler", False),
        "genres": document.get("genres"),
        "vibe_tags": document.get("tags"),
    }


def _digest(title: Mapping[str, Any]) -> Item:
    good = [d for d in title["documents"] if d.get("about", True) and not d.get("spam", False)]
    rows = [
        {
            "title_id": "movie-1",
            "doc_id": hashlib.sha256(d["text"].encode()).hexdigest()[:16],
            "author_id": f"gold.example/{n}",
            "published_at": datetime(2026, 1, 1, tzinfo=UTC),
            "text": d["text"],
            "sentiment": _LIKED * d["sentiment"],
        }
        for n, d in enumerate(good)
    ]
    facts = {"title": title["name"], **{name: title[name] for name in ("year", "genres", "overview")}}
    wanted = title["digest"]
    truth = {"feeling": wanted["feeling"], "genres": wanted["genres"], "vibe_tags": wanted["tags"]}
    return Item("gold", digest_payload(facts, pl.DataFrame(rows).sort("doc_id")), truth)


def without_rating(text: str) -> str:
    """A text without the forms in which people write their rating (8/10, four stars, ★★★½, 85 %, grade: B+)."""
    return " ".join(_RATING_FORMS.sub(" ", text).split())


def rated_documents(lake: Lake, most: int) -> tuple[Item, ...]:
    """At most `most` documents of the lake's newest days whose author gave a rating, which the request does not hold.

    Which ones: those with the lowest SHA-256 of their doc_id, so the sample is the same each time. Truth: rating (0 to 1).
    """
    days = lake.days("staging/documents")[-NEWEST_DAYS:]
    columns = ["doc_id", "headline", "text", "rating", "work_title"]
    frame = lake.read("staging/documents", days, columns, missing="skip").filter(pl.col("rating").is_not_null())
    items: dict[str, Item] = {}
    for row in sorted(frame.iter_rows(named=True), key=lambda row: hashlib.sha256(row["doc_id"].encode()).digest()):
        if len(items) >= most:
            break
        text = without_rating(row["text"])
        if len(text) < MIN_TEXT:
            continue
        headline = without_rating(row["headline"]) if row["headline"] else None
        hidden = {"text": text, "headline": headline, "title": row["work_title"], "rating": None, "rating_max": None}
        item = Item("ratings", document_payload(hidden), {"rating": row["rating"]})
        items.setdefault(item.id, item)
    return tuple(items.values())
