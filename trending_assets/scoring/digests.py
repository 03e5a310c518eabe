"""scoring/title_digests: what people say of a title, every sentence with the documents that say so.

The vibe score is no part of the LLM's answer (vibe.py), and what the answer names is kept only where the evidence carries it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.cache import AnswerCache, Asker
from trending_assets.scoring.client import Answer, Failure, Request, request_key
from trending_assets.scoring.evidence import (
    OUT_OF_SUMMARY,
    chosen,
    evidence,
    left_out,
    linked_documents,
    summarize,
    supported,
)
from trending_assets.scoring.guards import Sources
from trending_assets.scoring.prompts import clean
from trending_assets.scoring.schema import MAX_SENTENCES, MAX_TAGS, Task
from trending_assets.scoring.tally import Tally
from trending_assets.scoring.vocabulary import to_vocabulary

TABLE = "scoring/title_digests"
MAX_WORDS = 60
MAX_TEXT = 600
MAX_OVERVIEW = 1000

_SILENT: dict[str, Any] = {
    "too_little": True,
    "vibe_tags": [],
    "primary_genre": None,
    "secondary_genre": None,
    "summary": [],
}
_UNANSWERED: dict[str, Any] = {
    "dropped": [],
    "model": None,
    "prompt_version": None,
    "request_key": None,
    "tokens_in": 0,
    "tokens_out": 0,
}
_MARKS_OF_EVIDENCE = ("title_id", "documents", "voices", "sites", "vibe_weight", "sentiment", "vibe_score")


@dataclass(frozen=True)
class Digest:
    """The content columns of a digest, and what was dropped of the answer, counted by reason."""

    columns: dict[str, Any]
    dropped: Counter[str]


def digest_payload(title: Mapping[str, Any] | None, documents: pl.DataFrame) -> dict[str, Any]:
    """The request's data: the title's facts and the chosen documents (doc_id and text) in order of doc_id.

    No score goes in: a new prompt of the document scores asks a digest anew only where it changes which documents count.
    """
    facts = title or {"title": None, "year": None, "genres": [], "overview": None}
    return {
        "task": "title_digest",
        "title": {
            "name": clean(facts["title"], 300),
            "year": facts["year"],
            "genres": to_vocabulary(facts["genres"]),
            "overview": clean(facts["overview"], MAX_OVERVIEW),
        },
        "documents": [
            {"doc_id": doc_id, "text": clean(text, MAX_TEXT)}
            for doc_id, text in documents.select("doc_id", "text").iter_rows()
        ],
    }


def check_digest(
    response: Mapping[str, Any],
    payload: Mapping[str, Any],
    tags: Set[str] = frozenset(),
    genres: Set[str] = frozenset(),
) -> Digest:
    """Hold an answer that keeps the schema against what a schema cannot say.

    A sentence is dropped and counted that cites nothing or a document that was not in the request, that breaks a guard
    (guards.py), or that leads past 60 words or 4 sentences. Without a sentence there is too little to say. A tag that is not
    among `tags`, and a genre that is neither among `genres` nor one of the title's own, is dropped and counted.
    """
    title = payload["title"]
    facts = [str(title[name] or "") for name in ("name", "year", "overview")] + list(title["genres"])
    sources = Sources(title["name"], facts, {d["doc_id"]: d["text"] for d in payload["documents"]})
    kept: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    words = 0
    for entry in response["summary"]:
        sentence, cited = " ".join(entry["sentence"].split()), list(dict.fromkeys(entry["doc_ids"]))
        length = len(sentence.split())
        if not length:
            dropped["empty"] += 1
        elif not cited:
            dropped["uncited"] += 1
        elif not set(cited) <= sources.documents.keys():
            dropped["unknown_document"] += 1
        elif problem := sources.problem(sentence, cited):
            dropped[problem] += 1
        elif words + length > MAX_WORDS or len(kept) == MAX_SENTENCES:
            dropped["over_length"] += 1
        else:
            kept.append({"sentence": sentence, "doc_ids": cited})
            words += length
    named_tags = dict.fromkeys(response["vibe_tags"])
    named_genres = dict.fromkeys(g for g in (response["primary_genre"], response["secondary_genre"]) if g)
    stand = [tag for tag in named_tags if tag in tags]
    fit = [genre for genre in named_genres if genre in genres or genre in title["genres"]]
    dropped["unsupported_tag"] += len(named_tags) - len(stand)
    dropped["unsupported_genre"] += len(named_genres) - len(fit)
    if response["too_little"] or not kept:
        return Digest(_SILENT | {"no_summary": "too_little" if response["too_little"] else "no_sentence"}, +dropped)
    columns = {
        "too_little": False,
        "vibe_tags": stand[:MAX_TAGS],
        "primary_genre": fit[0] if fit else None,
        "secondary_genre": fit[1] if len(fit) > 1 else None,
        "summary": kept,
        "no_summary": None,
    }
    return Digest(columns, +dropped)


def digest_titles(
    lake: Lake,
    days: Sequence[date],
    scores: pl.DataFrame,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    clusters: pl.DataFrame,
    titles: pl.DataFrame,
    asker: Asker,
    task: Task,
) -> tuple[pl.DataFrame, Tally]:
    """Digests of each day; rows of scoring/title_digests with `date`, and what they took.

    `scores`, `mentions`, `documents` and `clusters` hold the evidence window of every day, `titles` the days themselves. A
    title whose digest failed keeps its row with the vibe score, and what came back goes to the quarantine. Raises
    PermanentFailure or TransientFailure where the endpoint is dead.
    """
    linked = linked_documents(scores, mentions, documents, clusters)
    cache = AnswerCache(lake, task)
    tally, rows = Tally(), list[dict[str, Any]]()
    for day in sorted(days):
        rows += _digest_day(lake, day, linked, titles, cache, asker, task, tally)
    return pl.DataFrame(rows, schema={"date": pl.Date, **TABLES[TABLE].schema}), tally


def _digest_day(
    lake: Lake,
    day: date,
    linked: pl.DataFrame,
    titles: pl.DataFrame,
    cache: AnswerCache,
    asker: Asker,
    task: Task,
    tally: Tally,
) -> list[dict[str, Any]]:
    found = evidence(day, linked)
    heads = summarize(found)
    asked = heads.filter("asked").select("title_id")
    of_day = titles.filter(pl.col("date") == day).join(asked, on="title_id", how="semi")
    facts = {
        row["title_id"]: row for row in of_day.select("title_id", "title", "year", "genres", "overview").to_dicts()
    }
    requests: dict[str, Request] = {}
    picked = chosen(found.join(asked, on="title_id", how="semi"))
    for (title_id,), group in picked.group_by("title_id", maintain_order=True):
        payload = digest_payload(facts.get(str(title_id)), group)
        requests[str(title_id)] = Request(request_key(asker.model, task, payload), payload)
    results = cache.settle(day, requests.values(), asker, tally)

    rows: list[dict[str, Any]] = []
    lost: list[quarantine.Row] = []
    apart, tags, genres = left_out(found), supported(found, "vibe_tags"), supported(found, "genres")
    nothing: frozenset[str] = frozenset()
    for head in heads.iter_rows(named=True):
        title_id = head["title_id"]
        base = {"date": day, **{name: head[name] for name in _MARKS_OF_EVIDENCE}}
        base["left_out"] = _counts(apart.get(title_id, {}), asked=head["asked"])
        for entry in base["left_out"]:
            tally.notes[f"left_out_{entry['reason']}"] += entry["documents"]
        if title_id not in requests:
            said = {"too_little": not head["enough"], "no_summary": "over_cap" if head["enough"] else "too_few"}
            rows.append(base | _SILENT | said | _UNANSWERED)
            continue
        request = requests[title_id]
        result = results[request.key]
        if isinstance(result, Failure):
            lost.append(result.quarantined(title_id))
            rows.append(base | _SILENT | {"too_little": False, "no_summary": "no_answer"} | _UNANSWERED)
            continue
        digest = check_digest(
            orjson.loads(result.response), request.payload, tags.get(title_id, nothing), genres.get(title_id, nothing)
        )
        for reason, parts in digest.dropped.items():
            tally.notes[f"dropped_{reason}"] += parts
        tally.notes["too_little_to_say"] += digest.columns["too_little"]
        dropped = [{"reason": reason, "parts": parts} for reason, parts in sorted(digest.dropped.items())]
        rows.append(base | digest.columns | {"dropped": dropped} | _answered(result, request, task))
    quarantine.replace(lake, TABLE, day, lost)
    tally.rows += heads.height
    tally.notes["quarantined"] += len(lost)
    tally.notes["not_asked_too_few_documents"] += heads.filter(~pl.col("enough")).height
    tally.notes["not_asked_over_cap"] += heads.filter(pl.col("enough") & ~pl.col("asked")).height
    return rows


def _counts(documents: Mapping[str, int], asked: bool) -> list[dict[str, Any]]:
    """A title's left_out. Where the LLM was not asked, nothing was left out of a request."""
    return [
        {"reason": reason, "documents": count}
        for reason, count in sorted(documents.items())
        if asked or reason not in OUT_OF_SUMMARY
    ]


def _answered(answer: Answer, request: Request, task: Task) -> dict[str, Any]:
    return {
        "model": answer.model,
        "prompt_version": task.prompt.version,
        "request_key": request.key,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
    }
