"""A reply for tiny_llm that knows the gold set: right, wrong or unsteady as the words in the system message say."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import orjson

from trending_assets.scoring.evaluation.items import Item, gold_digests, gold_documents
from trending_assets.scoring.prompts import PROMPTS, newest_prompt
from trending_assets.scoring.schema import digest_schema
from trending_assets_tests.unit.scoring.tiny_llm import Reply, completion, data_of

WRONG = "ANSWER WRONGLY."
"""A prompt that says so gets wrong sentiments and genres."""
SPAM_BLIND = "NEVER SAY SPAM."
MOODY = "ANSWER BY ORDER."
"""A prompt that says so gets other tags for reordered requests."""


def new_version(folder: Path, task: str, more: str) -> str:
    """Write a further version of a prompt: the newest with some words more. Gives its version."""
    newest = newest_prompt(task, folder)
    source = (folder / task / f"{newest.number}.md").read_text().partition("---\n")[2].partition("---\n")[2]
    number = newest.number + 1
    (folder / task / f"{number}.md").write_text(f"---\nversion: {number}\n---\n{source}\n{more}\n")
    return newest_prompt(task, folder).version


def copied_prompts(folder: Path) -> Path:
    """A copy of the packaged prompts, to add versions to."""
    shutil.copytree(PROMPTS, folder)
    return folder


def document_answer(item: Item, system: str = "") -> dict[str, Any]:
    """The right answer about a gold document, or the one that the system message asks for."""
    truth, wrong = item.truth, WRONG in system
    sentiment = 0.7 * truth["sentiment"]
    return {
        "sentiment": (-sentiment or 0.7) if wrong else sentiment,
        "enthusiasm": 50,
        "about_title": bool(truth["about_title"]),
        "spam": truth["spam"] and SPAM_BLIND not in system,
        "spoiler": truth["spoiler"],
        "genres": ["Soap"] if wrong else truth["genres"] or [],
        "vibe_tags": truth["vibe_tags"] or [],
    }


def digest_answer(item: Item, system: str = "") -> dict[str, Any]:
    """The right answer about a gold title, or the one that the system message asks for."""
    truth, wrong = item.truth, WRONG in system
    ids = [document["doc_id"] for document in item.payload["documents"]]
    answer: dict[str, Any] = {
        "too_little": False,
        "vibe_score": 5.5 + 2.5 * (truth["feeling"] if not wrong else -truth["feeling"]),
        "vibe_tags": truth["vibe_tags"],
        "primary_genre": "Soap" if wrong else truth["genres"][0],
        "secondary_genre": None,
        "summary": [{"sentence": "People say so.", "doc_ids": ids[:2]}],
    }
    return {name: answer[name] for name in digest_schema()["properties"]}


_ITEMS = {item.id: item for item in (*gold_documents(), *gold_digests())}


def item_of(payload: dict[str, Any]) -> tuple[Item | None, bool]:
    """The gold item that a request asks about, None for another one, and whether its order is another."""
    sorted_documents = sorted(payload.get("documents", []), key=lambda document: document["doc_id"])
    plain = payload | ({"documents": sorted_documents} if "documents" in payload else {})
    key = hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    item = _ITEMS.get(key)
    return item, item is not None and orjson.dumps(item.payload) != orjson.dumps(payload)


def reply(body: dict[str, Any]) -> Reply:
    """The answer of the oracle; a document that is not of the gold set is liked where it says so."""
    system = body["messages"][0]["content"]
    payload = data_of(body)
    item, reordered = item_of(payload)
    if item is None:
        liked = 0.8 if "good" in payload["document"]["text"] else -0.8
        flags = {"about_title": True, "spam": False, "spoiler": False}
        sentiment = -liked if WRONG in system else liked
        return completion({"sentiment": sentiment, "enthusiasm": 50, **flags, "genres": [], "vibe_tags": []})
    answer = (digest_answer if "documents" in payload else document_answer)(item, system)
    if reordered and MOODY in system:
        other: dict[str, Any] = {"primary_genre": "Soap"} if "documents" in payload else {"sentiment": 0.0}
        answer |= {"vibe_tags": ["campy"]} | other
    return completion(answer)
