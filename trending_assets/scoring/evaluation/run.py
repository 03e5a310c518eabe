"""Asks prompt versions about the items and turns the answers into figures. What was asked is never asked again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.failures import TransientFailure
from trending_assets.lake import Lake
from trending_assets.scoring.cache import Asker
from trending_assets.scoring.client import BAD_ANSWERS, Answer, Failure, Request, Result, request_key
from trending_assets.scoring.evaluation.agreement import (
    DIGEST_SCHEMA,
    DOCUMENT_SCHEMA,
    REORDERED,
    compare_digest,
    compare_document,
    frame_of,
)
from trending_assets.scoring.evaluation.in_use import candidate, prompt_in_use, with_prompt
from trending_assets.scoring.evaluation.items import (
    Item,
    gold_digests,
    gold_documents,
    labels_version,
    rated_documents,
)
from trending_assets.scoring.evaluation.metrics import Figure, digest_figures, document_figures
from trending_assets.scoring.schema import Task
from trending_assets.scoring.tally import Tally

TABLE = "scoring/evaluation"
ANSWERS = "scoring/evaluation_answers"

_KEY = list(TABLES[ANSWERS].key)


@dataclass(frozen=True)
class Effort:
    """What an evaluation may cost a version: `replicates` repetitions of the gold set, and so many rated documents."""

    replicates: int = 3
    rated: int = 200


def evaluate(lake: Lake, asker: Asker, tasks: Sequence[Task], effort: Effort, tally: Tally) -> pl.DataFrame:
    """The table scoring/evaluation with the figures of what is in use and, where there is one, of the candidate.

    Rows of versions that were evaluated stay as they are. A version is asked about again only where the gold set or the
    schema changed, or beside a candidate, for the documents that it has not seen. Raises PermanentFailure or
    TransientFailure where the endpoint is dead or left requests without an answer; all answers are kept.
    """
    table = lake.read(TABLE, missing="skip")
    for task in tasks:
        used, new = prompt_in_use(lake, task, asker.model), candidate(lake, task, asker.model)
        versions = [with_prompt(task, prompt) for prompt in (used, new) if prompt]
        if new is None and is_evaluated(table, versions[0], asker.model):
            continue
        items = items_of(lake, task, effort)
        for version in versions:
            collect(lake, asker, version, items, effort, tally)
        for version in versions:
            if not is_evaluated(table, version, asker.model):
                table = _with_figures(table, lake, version, asker.model)
    return table


def is_evaluated(table: pl.DataFrame, task: Task, model: str) -> bool:
    """True where the table has figures of the task's prompt by today's gold set and schema."""
    same = (pl.col("schema_version") == task.schema_version) & (pl.col("labels_version") == labels_version())
    return not table.filter(_of(task, model) & same).is_empty()


def items_of(lake: Lake, task: Task, effort: Effort) -> list[Item]:
    """What the task is asked about."""
    if task.name == "title_digest":
        return list(gold_digests())
    return [*gold_documents(), *rated_documents(lake, effort.rated)]


def calls_for(items: Sequence[Item], effort: Effort) -> int:
    """Requests that a version costs when none of it was asked before."""
    return sum(len(_variants(item, effort)) for item in items)


def collect(lake: Lake, asker: Asker, task: Task, items: Sequence[Item], effort: Effort, tally: Tally) -> None:
    """Have an answer of this version for every item, repetition and order; asks what scoring/evaluation_answers lacks."""
    stood = lake.read(ANSWERS, missing="skip")
    known = set(stood["request_key"])
    asked: dict[str, tuple[Item, str]] = {}
    requests: list[Request] = []
    for item in items:
        for variant, payload in _variants(item, effort).items():
            key = request_key(asker.model, task, payload, 0 if variant == "0" else variant)
            if key in known:
                tally.cache_hits += 1
            elif key not in asked:
                asked[key] = (item, variant)
                requests.append(Request(key, payload))
    rows: list[dict[str, Any]] = []
    silent: Counter[str] = Counter()

    def take(request: Request, result: Result) -> None:
        tally.add(result)
        if isinstance(result, Failure) and result.kind not in BAD_ANSWERS:
            silent[result.kind] += 1
        else:
            rows.append(_row(asker.model, task, *asked[request.key], request, result))

    try:
        asker.ask(task, requests, take)
    finally:
        if rows:
            fresh = conform(pl.DataFrame(rows, schema_overrides=TABLES[ANSWERS].schema), TABLES[ANSWERS])
            lake.write(ANSWERS, pl.concat([stood.join(fresh, on=_KEY, how="anti"), fresh]))
    if silent:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(silent.items()))
        raise TransientFailure(
            f"{silent.total()} of {len(requests)} requests of the evaluation got no answer ({kinds}). "
            "The others are kept; evaluate again to ask the rest."
        )


def _variants(item: Item, effort: Effort) -> dict[str, dict[str, Any]]:
    if item.labels == "ratings":
        return {"0": item.payload}  # agreement alone: the gold set measures repeatability and order
    return {str(n): item.payload for n in range(effort.replicates)} | {REORDERED: item.reordered()}


def _row(model: str, task: Task, item: Item, variant: str, request: Request, result: Result) -> dict[str, Any]:
    answer = isinstance(result, Answer)
    return {
        "task": task.name,
        "model": model,
        "prompt_version": task.prompt.version,
        "schema_version": task.schema_version,
        "labels": item.labels,
        "item": item.id,
        "variant": variant,
        "rating": item.truth.get("rating"),
        "request_key": request.key,
        "answered_by": result.model,
        "tokens_in": result.tokens_in,
        "tokens_out": result.tokens_out,
        "response": result.response if isinstance(result, Answer) else None,
        "failure": None if answer else f"{result.kind}: {result.reason}"[:300],  # type: ignore[union-attr]
    }


def compared(answers: pl.DataFrame, task: Task, model: str) -> pl.DataFrame:
    """Rows of agreement.py for the task's prompt version: one an item that it was asked about, sorted by labels and item.

    Gold items that today's gold set does not hold any more are left out.
    """
    digests = task.name == "title_digest"
    gold = {item.id: item.truth for item in (gold_digests() if digests else gold_documents())}
    compare, schema = (compare_digest, DIGEST_SCHEMA) if digests else (compare_document, DOCUMENT_SCHEMA)
    of_version = answers.filter(_of(task, model) & (pl.col("schema_version") == task.schema_version))
    rows: list[dict[str, Any]] = []
    for (labels, item), group in of_version.group_by(["labels", "item"]):
        found = {row["variant"]: row for row in group.iter_rows(named=True)}
        truth = gold.get(str(item)) if labels == "gold" else {"rating": next(iter(found.values()))["rating"]}
        if truth is None or "0" not in found:
            continue
        parsed = {v: orjson.loads(row["response"]) if row["response"] else None for v, row in found.items()}
        reordered = parsed.pop(REORDERED, None)
        repetitions = [parsed[variant] for variant in sorted(parsed, key=int)]
        rows.append({"labels": labels, "item": item} | compare(truth, repetitions, reordered))
    return frame_of(rows, schema)


def figures(frame: pl.DataFrame, task: Task) -> Iterable[tuple[str, str, Figure]]:
    """Labels, metric and figure of everything that a version's compared answers give."""
    of = digest_figures if task.name == "title_digest" else document_figures
    for (labels,), group in frame.group_by("labels", maintain_order=True):
        for metric, figure in of(group).items():
            yield str(labels), metric, figure


def _with_figures(table: pl.DataFrame, lake: Lake, task: Task, model: str) -> pl.DataFrame:
    frame = compared(lake.read(ANSWERS, missing="skip"), task, model)
    head = {
        "task": task.name,
        "model": model,
        "prompt_version": task.prompt.version,
        "schema_version": task.schema_version,
        "labels_version": labels_version(),
    }
    rows = [
        head | {"labels": labels, "metric": metric, "value": f.value, "low": f.low, "high": f.high, "n": f.n}
        for labels, metric, f in figures(frame, task)
    ]
    fresh = pl.DataFrame(rows, schema=TABLES[TABLE].schema)
    kept = table.filter(~_of(task, model))
    return conform(pl.concat([kept, fresh.select(kept.columns)]), TABLES[TABLE])


def _of(task: Task, model: str) -> pl.Expr:
    return (
        (pl.col("task") == task.name) & (pl.col("model") == model) & (pl.col("prompt_version") == task.prompt.version)
    )
