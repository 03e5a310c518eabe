"""scoring/title_digests: what people say of a title, every sentence with the documents that say so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.asker import Asker
from trending_assets.scoring.cache import AnswerCache
from trending_assets.scoring.client import Answer, Failure, Request, request_key
from trending_assets.scoring.evidence import chosen, evidence, summarize
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
    "vibe_score": None,
    "vibe_tags": [],
    "primary_genre": None,
    "secondary_genre": None,
    "summary": [],
}
_UNASKED: dict[str, Any] = {
    "model": None,
    "prompt_version": None,
    "request_key": None,
    "tokens_in": 0,
    "tokens_out": 0,
}


@dataclass(frozen=True)
class Digest:
    """The content columns of a digest, and the sentences that were dropped, counted by reason."""

    columns: dict[str, Any]
    dropped: Counter[str]


def digest_payload(title: Mapping[str, Any] | None, documents: pl.DataFrame) -> dict[str, Any]:
    """The request's data: the title's facts and the chosen documents (doc_id, text, sentiment) in order of doc_id."""
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
            {"doc_id": doc_id, "text": clean(text, MAX_TEXT), "sentiment": sentiment}
            for doc_id, text, sentiment in documents.select("doc_id", "text", "sentiment").iter_rows()
        ],
    }


def check_digest(response: Mapping[str, Any], doc_ids: set[str]) -> Digest:
    """Hold an answer that keeps the schema against what a schema cannot say.

    A sentence that cites nothing, cites a document that was not in the request, or leads past 60 words or 4 sentences is
    dropped and counted. Without a sentence or a vibe score there is too little to say.
    """
    kept: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    words = 0
    for entry in response["summary"]:
        sentence, cited = " ".join(entry["sentence"].split()), list(dict.fromkeys(entry["doc_ids"]))
        length = len(sentence.split())
        if not length:
            dropped["empty_sentence"] += 1
        elif not cited:
            dropped["uncited_sentence"] += 1
        elif not set(cited) <= doc_ids:
            dropped["unknown_document_cited"] += 1
        elif words + length > MAX_WORDS or len(kept) == MAX_SENTENCES:
            dropped["over_60_words_or_4_sentences"] += 1
        else:
            kept.append({"sentence": sentence, "doc_ids": cited})
            words += length
    if response["too_little"] or not kept or response["vibe_score"] is None:
        return Digest(_SILENT, dropped)
    primary, secondary = response["primary_genre"], response["secondary_genre"]
    columns = {
        "too_little": False,
        "vibe_score": response["vibe_score"],
        "vibe_tags": list(dict.fromkeys(response["vibe_tags"]))[:MAX_TAGS],
        "primary_genre": primary,
        "secondary_genre": secondary if primary and secondary != primary else None,
        "summary": kept,
    }
    return Digest(columns, dropped)


def digest_titles(
    lake: Lake,
    days: Sequence[date],
    scores: pl.DataFrame,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    titles: pl.DataFrame,
    asker: Asker,
    task: Task,
) -> tuple[pl.DataFrame, Tally]:
    """Digests of each day; rows of scoring/title_digests with `date`, and what they took.

    `scores`, `mentions` and `documents` hold the evidence window of every day, `titles` the days themselves. A title whose
    digest failed goes to the quarantine. Raises PermanentFailure or TransientFailure where the endpoint is dead.
    """
    cache = AnswerCache(lake, task)
    tally, rows = Tally(), list[dict[str, Any]]()
    for day in sorted(days):
        rows += _digest_day(lake, day, (scores, mentions, documents), titles, cache, asker, task, tally)
    return pl.DataFrame(rows, schema={"date": pl.Date, **TABLES[TABLE].schema}), tally


def _digest_day(
    lake: Lake,
    day: date,
    window: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    titles: pl.DataFrame,
    cache: AnswerCache,
    asker: Asker,
    task: Task,
    tally: Tally,
) -> list[dict[str, Any]]:
    found = evidence(day, *window)
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
    for head in heads.iter_rows(named=True):
        title_id = head["title_id"]
        base = {"date": day, **{name: head[name] for name in ("title_id", "documents", "sentiment")}}
        if title_id not in requests:
            rows.append(base | _SILENT | _UNASKED)
            continue
        request = requests[title_id]
        result = results[request.key]
        if isinstance(result, Failure):
            lost.append(result.quarantined(title_id))
            continue
        digest = check_digest(orjson.loads(result.response), {d["doc_id"] for d in request.payload["documents"]})
        tally.notes.update(digest.dropped)
        tally.notes["too_little_to_say"] += digest.columns["too_little"]
        rows.append(base | digest.columns | _asked(result, request, task))
    quarantine.replace(lake, TABLE, day, lost)
    tally.rows += heads.height
    tally.notes["quarantined"] += len(lost)
    tally.notes["not_asked_too_few_documents"] += heads.filter(~pl.col("enough")).height
    tally.notes["not_asked_over_cap"] += heads.filter(pl.col("enough") & ~pl.col("asked")).height
    return rows


def _asked(answer: Answer, request: Request, task: Task) -> dict[str, Any]:
    return {
        "model": answer.model,
        "prompt_version": task.prompt.version,
        "request_key": request.key,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
    }
