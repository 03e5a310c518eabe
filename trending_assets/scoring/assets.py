"""Assets of the group scoring: thin wiring over documents.py and digests.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from trending_assets import quarantine
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import DAILY, EVIDENCE_DAYS, EVIDENCE_WINDOW, to_days
from trending_assets.retries import TRY_AGAIN
from trending_assets.scoring import documents as scored
from trending_assets.scoring import evidence, waiting
from trending_assets.scoring.digests import digest_titles
from trending_assets.scoring.evaluation.in_use import TABLE as PROMPTS
from trending_assets.scoring.evaluation.in_use import task_in_use
from trending_assets.scoring.schema import Task, digest_task, document_task
from trending_assets.scoring.spend import by_task
from trending_assets.scoring.tally import Tally
from trending_assets.settings import get_settings
from trending_assets.table_asset import source, table_asset

if TYPE_CHECKING:
    from trending_assets.scoring.asker import LlmAsker

POOL = "llm"
"""Bounds how many runs ask the LLM side by side. That nothing is paid for twice is the ledger's work."""


@contextmanager
def _asker(lake: Lake) -> Iterator["LlmAsker"]:
    """The LLM; a permanent failure ends the step for good, a transient one asks for two more tries of the step."""
    from trending_assets.scoring.asker import LlmAsker

    try:
        with LlmAsker(get_settings(), lake=lake) as asker:
            yield asker
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    except TransientFailure as error:
        raise dg.RetryRequested(max_retries=2, seconds_to_wait=error.retry_after or 30) from error


def _report(context: dg.AssetExecutionContext, task: Task, tally: Tally, asker: "LlmAsker", **more: object) -> None:
    tally.retries += asker.retries
    for model in sorted(tally.unpriced):
        context.log.warning(f"prices.yaml has no price for {model}: the cost of its calls is not known.")
    for kind, number in sorted(tally.waiting.items()):
        context.log.warning(f"{number} of {task.name} wait ({kind}): {waiting.MEANING[kind]}")
    facts = tally.metadata() | {"prompt_version": task.prompt.version, "schema_version": task.schema_version}
    spend = asker.ledger.spend()
    facts |= {"spent_today_usd": spend.spent_usd, "reserved_today_usd": spend.reserved_usd}
    context.add_output_metadata({k: "unknown" if v is None else v for k, v in (facts | more).items()})


@table_asset(
    "scoring/document_scores",
    kinds={"polars", "openai"},
    code_version="1",
    ins={
        "documents": source("staging/documents"),
        "mentions": source("linking/mentions"),
        "titles": source("staging/titles"),
    },
    aside=[PROMPTS],
    pool=POOL,
)
def document_scores(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    documents: pl.DataFrame,
    mentions: pl.DataFrame,
    titles: pl.DataFrame,
) -> pl.DataFrame:
    """Scores of the day's linked documents."""
    opened = lake.open()
    with _asker(opened) as asker:
        task = task_in_use(opened, document_task(), asker.model)
        days = to_days(context.partition_keys)
        frame, tally = scored.score_documents(opened, days, documents, mentions, titles, asker, task)
    _report(context, task, tally, asker)
    return frame


@table_asset(
    "scoring/title_digests",
    kinds={"polars", "openai"},
    code_version="2",
    ins={
        "scores": source("scoring/document_scores", EVIDENCE_WINDOW),
        "mentions": source("linking/mentions", EVIDENCE_WINDOW),
        "documents": source("staging/documents", EVIDENCE_WINDOW),
        "clusters": source("staging/clusters", EVIDENCE_WINDOW),
        "titles": source("staging/titles"),
    },
    aside=[PROMPTS],
    pool=POOL,
)
def title_digests(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    scores: pl.DataFrame,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    clusters: pl.DataFrame,
    titles: pl.DataFrame,
) -> pl.DataFrame:
    """Digests of the titles that were written about in the window."""
    opened = lake.open()
    with _asker(opened) as asker:
        task = task_in_use(opened, digest_task(), asker.model)
        days = to_days(context.partition_keys)
        frame, tally = digest_titles(opened, days, scores, mentions, documents, clusters, titles, asker, task)
    rule = (
        f"at least {evidence.MIN_DOCUMENTS} documents by {evidence.MIN_AUTHORS} authors in {EVIDENCE_DAYS} days; "
        f"the {evidence.MAX_TITLES} titles with most authors; at most {evidence.MAX_DOCUMENTS} documents a request"
    )
    _report(context, task, tally, asker, asked_about=rule)
    return frame


@dg.asset_check(
    asset=dg.AssetKey(["scoring", "document_scores"]),
    name="nothing_lost",
    description="Every linked document of the day has a score or stands in quarantine with the reason.",
    blocking=True,
    retry_policy=TRY_AGAIN,
    partitions_def=DAILY,
)
def nothing_lost(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
    """Linked documents = rows of scores + rows in quarantine, day by day."""
    opened, wrong, counts = lake.open(), list[str](), {"linked": 0, "scored": 0, "quarantined": 0}
    for day in to_days(context.partition_keys):
        mentions = opened.read("linking/mentions", [day], ["doc_id", "title_id"])
        linked = mentions.filter(pl.col("title_id").is_not_null())["doc_id"].n_unique()
        rows = opened.read(scored.TABLE, [day], ["doc_id"]).height
        kept = quarantine.read(opened, scored.TABLE, [day]).height
        if linked != rows + kept:
            wrong.append(f"{day}: {linked} linked documents, but {rows} scored and {kept} in quarantine")
        for name, value in zip(counts, (linked, rows, kept), strict=True):
            counts[name] += value
    return dg.AssetCheckResult(passed=not wrong, metadata=counts, description="; ".join(wrong[:5]) or None)


@table_asset(
    "scoring/ledger",
    kinds={"polars"},
    code_version="1",
    deps=["scoring/document_scores", "scoring/title_digests"],
)
def ledger(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    """The day's calls, copied from the ledger's database."""
    from trending_assets.scoring.record import record

    opened, days = lake.open(), to_days(context.partition_keys)
    with _asker(opened) as asker:
        frame = record(asker.ledger, opened, days)
    table = by_task(frame)
    context.add_output_metadata(
        {
            "cost_usd": float(frame["cost_usd"].sum()),
            "calls": dg.MetadataValue.md(table.to_pandas().to_markdown(index=False)) if table.height else "none",
        }
    )
    return frame


ASSETS = [document_scores, title_digests, ledger, nothing_lost]
