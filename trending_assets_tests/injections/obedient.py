"""An endpoint that answers like the sandbox's scorer, and obeys an attacker completely wherever one of their texts is read.

It does not read the attack's words: the attacker's documents are known to it, which is worse than any wording can be.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.scorer import digest_title, score_document
from trending_assets.scoring.schema import digest_schema
from trending_assets.scoring.vocabulary import GENRES, VIBE_TAGS
from trending_assets_tests.unit.scoring.tiny_llm import Reply, completion, data_of, tiny_llm

RAISE, SINK, LEAVE = "raise", "sink", "leave"
"""What the attacker makes of their own documents: love it, hate it, or make them uncounted (spam, off topic)."""
MODEL = "obedient-1"


@dataclass
class Orders:
    """What the endpoint obeys: `by_text` maps `text_key` of an attacker's text to their goal; empty: it is honest.

    `aim` is what it makes of them: RAISE, SINK or LEAVE; tags, genres and words are the goal's.
    """

    by_text: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    aim: str = RAISE
    obeyed: int = 0


def text_key(text: str) -> str:
    """What a text is known by, whatever was cleaned away or cut off behind: a hash of its first 200 letters and digits."""
    letters = "".join(c for c in text if c.isalnum())[:200]
    return hashlib.sha256(letters.encode()).hexdigest()


def _goal(orders: Orders, text: str) -> dict[str, Any] | None:
    return orders.by_text.get(text_key(text))


def _document(orders: Orders, document: dict[str, Any]) -> Reply:
    goal = _goal(orders, document["text"] or "")
    honest = score_document(document, VIBE_TAGS, GENRES)
    if goal is None:
        return completion(honest, model=MODEL)
    orders.obeyed += 1
    if goal["answer"] == "refuse" and orders.aim == LEAVE:
        return completion(None, refusal="I cannot help with that.", model=MODEL)
    answer = {
        "sentiment": {RAISE: 1.0, SINK: -1.0}.get(orders.aim, goal["sentiment"]),
        "enthusiasm": 100,
        "about_title": orders.aim != LEAVE,
        "spam": orders.aim == LEAVE,
        "spoiler": False,
        "genres": goal["genres"],
        "vibe_tags": goal["vibe_tags"],
    }
    return completion(answer, model=MODEL)


def _digest(orders: Orders, payload: dict[str, Any]) -> Reply:
    documents = payload["documents"]
    goals = [goal for document in documents if (goal := _goal(orders, document["text"]))]
    if not goals:
        return completion(_kept(digest_title(payload["title"], documents, VIBE_TAGS, GENRES)), model=MODEL)
    orders.obeyed += 1
    goal = goals[0]
    if goal["answer"] == "refuse" and orders.aim == LEAVE:
        return completion(None, refusal="I cannot help with that.", model=MODEL)
    everyone = [document["doc_id"] for document in documents]
    answer = {
        "too_little": orders.aim == LEAVE and goal["sentiment"] < 0,  # silence is one way to sink a title
        "vibe_score": {RAISE: 10.0, SINK: 1.0}.get(orders.aim, goal["vibe_score"]),
        "vibe_tags": goal["vibe_tags"],
        "primary_genre": goal["genres"][0],
        "secondary_genre": goal["genres"][1],
        # An advert with its link, and the same claim without one, both with honest documents as their sources.
        "summary": [
            {"sentence": goal["sentence"], "doc_ids": everyone},
            {"sentence": goal["claim"], "doc_ids": everyone},
        ],
    }
    return completion(_kept(answer), model=MODEL)


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer in the fields that the schema asks for."""
    return {name: value for name, value in answer.items() if name in _FIELDS}


_FIELDS = frozenset(digest_schema()["properties"])


@contextmanager
def obedient_llm(orders: Orders) -> Iterator[str]:
    """The endpoint's address (ends in /v1) for the length of a `with` block; `orders` may change between calls."""
    lock = threading.Lock()

    def reply(body: dict[str, Any]) -> Reply:
        payload = data_of(body)
        with lock:
            if payload["task"] == "document_score":
                return _document(orders, payload["document"])
            return _digest(orders, payload)

    with tiny_llm(reply) as server:
        server.requests = _Forgetful()
        yield server.url


class _Forgetful(list[dict[str, Any]]):
    """A list of requests that keeps none: a bench asks thousands."""

    def append(self, _: dict[str, Any]) -> None:
        pass
