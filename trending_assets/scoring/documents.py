"""scoring/document_scores: one answer a linked document, equal requests asked once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.cache import AnswerCache, Asker
from trending_assets.scoring.client import Answer, Failure, Request, request_key
from trending_assets.scoring.prompts import clean
from trending_assets.scoring.schema import Task
from trending_assets.scoring.tally import Tally

TABLE = "scoring/document_scores"
MAX_TEXT = 6000
"""Characters of a text that are sent: enough for an opinion, and a bound on what one document may cost."""
MAX_HEADLINE = 300


def document_payload(row: Mapping[str, Any]) -> dict[str, Any]:
    """The request's data of a row with text, headline, title, rating, rating_max; each may be None."""
    return {
        "task": "document_score",
        "document": {
            "text": clean(row["text"], MAX_TEXT),
            "headline": clean(row["headline"], MAX_HEADLINE),
            "title": clean(row["title"], MAX_HEADLINE),
            "rating": row["rating"],
            "rating_max": row["rating_max"],
        },
    }


def scores_of(answer: Answer) -> dict[str, Any]:
    """The columns of an answer: scores as checked, lists without repeats, the model and its tokens."""
    scores = orjson.loads(answer.response)
    return scores | {
        "genres": list(dict.fromkeys(scores["genres"])),
        "vibe_tags": list(dict.fromkeys(scores["vibe_tags"])),
        "model": answer.model,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
    }


def linked_documents(documents: pl.DataFrame, mentions: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Linked documents with their surest title: date, doc_id, url, text, headline, title_id, title, rating, rating_max.

    Sorted by date and doc_id. `rating` is on 0 to 1, so `rating_max` is 1 where there is a rating.
    """
    best = (
        mentions.filter(pl.col("title_id").is_not_null())
        .sort("date", "doc_id", "confidence", "title_id", descending=[False, False, True, False])
        .unique(["date", "doc_id"], keep="first", maintain_order=True)
        .select("date", "doc_id", "title_id")
    )
    return (
        documents.select("date", "doc_id", "url", "headline", "text", "rating")
        .join(best, on=["date", "doc_id"])
        .join(titles.select("date", "title_id", "title"), on=["date", "title_id"], how="left")
        .with_columns(rating_max=pl.when(pl.col("rating").is_not_null()).then(1.0))
        .sort("date", "doc_id")
    )


def _by_turns(asked: Sequence[tuple[dict[str, Any], Request]]) -> list[Request]:
    """The requests in the order in which they are asked: each title's first document, then each title's second, …"""
    turns = Counter[str]()
    ordered = list[tuple[int, int]]()
    for number, (row, _) in enumerate(asked):
        ordered.append((turns[row["title_id"]], number))
        turns[row["title_id"]] += 1
    return [asked[number][1] for _, number in sorted(ordered)]


def score_documents(
    lake: Lake,
    days: Sequence[date],
    documents: pl.DataFrame,
    mentions: pl.DataFrame,
    titles: pl.DataFrame,
    asker: Asker,
    task: Task,
) -> tuple[pl.DataFrame, Tally]:
    """Score the linked documents of each day; rows of scoring/document_scores with `date`, and what it took.

    Writes the day's answers to scoring/document_cache, and the documents without a usable answer, or whose answer has to
    wait, to the quarantine. Where the budget ends, every title has had its turn. Raises PermanentFailure or
    TransientFailure where the endpoint is dead.
    """
    linked = linked_documents(documents, mentions, titles)
    cache = AnswerCache(lake, task)
    tally, rows = Tally(), list[dict[str, Any]]()
    for day in sorted(days):
        asked: list[tuple[dict[str, Any], Request]] = []
        for row in linked.filter(pl.col("date") == day).iter_rows(named=True):
            payload = document_payload(row)
            asked.append((row, Request(request_key(asker.model, task, payload), payload)))
            tally.notes["texts_cut"] += len(row["text"]) > MAX_TEXT
        results = cache.settle(day, _by_turns(asked), asker, tally)
        lost: list[quarantine.Row] = []
        for row, request in asked:
            result = results[request.key]
            if isinstance(result, Failure):
                lost.append(result.quarantined(row["url"]))
                continue
            found = {"date": day, "doc_id": row["doc_id"], "request_key": request.key}
            rows.append(found | scores_of(result) | {"prompt_version": task.prompt.version})
        quarantine.replace(lake, TABLE, day, lost)
        tally.rows += len(asked)
        tally.notes["equal_inputs"] += len(asked) - len(results)
        tally.notes["quarantined"] += len(lost)
    return pl.DataFrame(rows, schema={"date": pl.Date, **TABLES[TABLE].schema}), tally
