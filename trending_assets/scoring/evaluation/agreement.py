"""One row an item: how an answer, its repetitions and its reordered twin compare with the truth and with each other.

A figure is null where it is not defined: nothing labelled, or no usable answer. `score`, the headline, is never null: it is
the mean over all repetitions, and one without a usable answer counts 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import Any

import polars as pl

FLAGS = ("about_title", "spam", "spoiler")
LISTS = ("genres", "vibe_tags")
REORDERED = "reordered"

_MILD = 0.25
"""Sentiment nearer to 0 than this is neutral: halfway between 0 and the 0.5 of "likes it"."""
_GOOD, _BAD = 6.5, 4.5
"""A vibe score from _GOOD on says that people like a title, up to _BAD that they dislike it; 5.5 is divided."""

Answer = Mapping[str, Any]
Truth = Mapping[str, Any]

_FLOATS = ("score", "sentiment_right", "sentiment_error", "sentiment", "true_sentiment", "repeatability", "order")
_COUNTS = tuple(f"{name}_{what}" for name in LISTS for what in ("hits", "claims", "labels"))
DOCUMENT_SCHEMA: dict[str, Any] = (
    {"item": pl.String, "labels": pl.String, "answered": pl.Float64}
    | dict.fromkeys(_FLOATS, pl.Float64)
    | {name: pl.Boolean for flag in FLAGS for name in (flag, f"true_{flag}")}
    | dict.fromkeys(_COUNTS, pl.Int64)
)
_DIGEST_FLOATS = (
    "score",
    "feeling_right",
    "primary_genre_right",
    "repeatability",
    "same_primary_genre",
    "order",
    "order_primary_genre_changed",
    "order_vibe_tags",
    "order_cited",
)
DIGEST_SCHEMA: dict[str, Any] = (
    {"item": pl.String, "labels": pl.String, "answered": pl.Float64}
    | dict.fromkeys(_DIGEST_FLOATS, pl.Float64)
    | {name: pl.Int64 for name in _COUNTS if name.startswith("vibe_tags")}
)


def frame_of(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows with `labels` and `item`, what they leave out as null, sorted by labels and item."""
    full = [dict.fromkeys(schema) | dict(row) for row in rows]
    return pl.DataFrame(full, schema=schema).sort("labels", "item")


def compare_document(truth: Truth, repetitions: Sequence[Answer | None], reordered: Answer | None) -> dict[str, Any]:
    """The columns of DOCUMENT_SCHEMA for one document, of its answers: repetition 0 first, None without a usable one."""
    first, answers = repetitions[0], [a for a in repetitions if a is not None]
    row: dict[str, Any] = {
        "answered": len(answers) / len(repetitions),
        "score": _mean(document_score(truth, a) if a else 0.0 for a in repetitions),
        "repeatability": _mean(same_document(a, b) for a, b in combinations(answers, 2)),
    }
    if first is None:
        return row
    wanted = true_sentiment(truth)
    row |= {
        "sentiment": first["sentiment"],
        "true_sentiment": wanted,
        "sentiment_right": float(_class(first["sentiment"]) == _class(wanted)),
        "sentiment_error": abs(first["sentiment"] - wanted),
        "order": None if reordered is None else same_document(first, reordered),
    }
    for flag in FLAGS:
        if truth.get(flag) is not None:
            row |= {flag: first[flag], f"true_{flag}": truth[flag]}
    for name in LISTS:
        row |= _counts(name, truth.get(name), first[name])
    return row


def compare_digest(truth: Truth, repetitions: Sequence[Answer | None], reordered: Answer | None) -> dict[str, Any]:
    """The columns of DIGEST_SCHEMA for one title, of its answers: repetition 0 first, None without a usable one."""
    first, answers = repetitions[0], [a for a in repetitions if a is not None]
    row: dict[str, Any] = {
        "answered": len(answers) / len(repetitions),
        "score": _mean(digest_score(truth, a) if a else 0.0 for a in repetitions),
        "repeatability": _mean(same_digest(a, b) for a, b in combinations(answers, 2)),
        "same_primary_genre": _mean(_same_genre(a, b) for a, b in combinations(answers, 2)),
    }
    if first is None:
        return row
    row |= {
        "feeling_right": float(_feeling(first) == truth["feeling"]) if "vibe_score" in first else None,
        "primary_genre_right": float(first["primary_genre"] in truth["genres"]),
    } | _counts("vibe_tags", truth["vibe_tags"], first["vibe_tags"])
    if reordered is not None:
        row |= {
            "order": same_digest(first, reordered),
            "order_primary_genre_changed": 1.0 - _same_genre(first, reordered),
            "order_vibe_tags": _jaccard(first["vibe_tags"], reordered["vibe_tags"]),
            "order_cited": _jaccard(_cited(first), _cited(reordered)),
        }
    return row


def document_score(truth: Truth, answer: Answer) -> float:
    """Agreement with the truth, 0 to 1: the mean of sentiment, flags, genres and vibe tags, as far as they are labelled.

    Sentiment counts by class (one class off is half right), or by distance where the truth is a rating.
    """
    if "rating" in truth:
        return 1.0 - abs(answer["sentiment"] - true_sentiment(truth)) / 2
    parts = [1.0 - abs(_class(answer["sentiment"]) - truth["sentiment"]) / 2]
    parts.append(fmean(answer[flag] == truth[flag] for flag in FLAGS if truth[flag] is not None))
    parts += [_f1(truth[name], answer[name]) for name in LISTS if truth[name] is not None]
    return fmean(parts)


def digest_score(truth: Truth, answer: Answer) -> float:
    """Agreement with the truth, 0 to 1: the mean of primary genre, vibe tags and, where the schema asks for it, feeling.

    "Too little" is 0: there is enough.
    """
    if answer["too_little"]:
        return 0.0
    parts = [float(answer["primary_genre"] in truth["genres"]), _f1(truth["vibe_tags"], answer["vibe_tags"])]
    if "vibe_score" in answer:
        feeling = _feeling(answer)
        parts.append(0.0 if feeling is None else 1.0 - abs(feeling - truth["feeling"]) / 2)
    return fmean(parts)


def same_document(one: Answer, other: Answer) -> float:
    """How alike two answers about a document are, 0 to 1: the mean of sentiment, flags, genres and vibe tags."""
    flags = fmean(one[flag] == other[flag] for flag in FLAGS)
    parts = [1.0 - abs(one["sentiment"] - other["sentiment"]) / 2, flags]
    return fmean([*parts, *(_jaccard(one[name], other[name]) for name in LISTS)])


def same_digest(one: Answer, other: Answer) -> float:
    """How alike two answers about a title are, 0 to 1: the mean of genre, vibe tags and, where asked for, vibe score."""
    parts = [_same_genre(one, other), _jaccard(one["vibe_tags"], other["vibe_tags"])]
    if "vibe_score" in one and "vibe_score" in other:
        scores = [one["vibe_score"], other["vibe_score"]]
        parts.append(float(scores[0] == scores[1]) if None in scores else 1.0 - abs(scores[0] - scores[1]) / 9)
    return fmean(parts)


def true_sentiment(truth: Truth) -> float:
    """The labelled sentiment, or the rating (0 to 1) on sentiment's scale (-1 to 1)."""
    return float(2 * truth["rating"] - 1) if "rating" in truth else float(truth["sentiment"])


def _class(sentiment: float) -> int:
    return 0 if abs(sentiment) < _MILD else 1 if sentiment > 0 else -1


def _feeling(answer: Answer) -> int | None:
    vibe = answer["vibe_score"]
    if answer["too_little"] or vibe is None:
        return None
    return 1 if vibe >= _GOOD else -1 if vibe <= _BAD else 0


def _same_genre(one: Answer, other: Answer) -> float:
    return float(one["primary_genre"] == other["primary_genre"])


def _cited(answer: Answer) -> set[str]:
    return {doc_id for sentence in answer["summary"] for doc_id in sentence["doc_ids"]}


def _counts(name: str, labels: Sequence[str] | None, claims: Sequence[str]) -> dict[str, int]:
    if labels is None:
        return {}
    hits = len(set(labels) & set(claims))
    return {f"{name}_hits": hits, f"{name}_claims": len(set(claims)), f"{name}_labels": len(set(labels))}


def _f1(labels: Sequence[str], claims: Sequence[str]) -> float:
    size = len(set(labels)) + len(set(claims))
    return 2 * len(set(labels) & set(claims)) / size if size else 1.0


def _jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a | b else 1.0


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fmean(found) if found else None
