"""What of the scoring step waits, and for what: the state in which a used-up budget or a batch under way leaves a day."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import quarantine_of
from trending_assets.failures import Reason
from trending_assets.lake import Lake

TABLES = ("scoring/document_scores", "scoring/title_digests")
MEANING = {
    "budget": "the day's budget is used up; the next run with budget asks (TRENDING_LLM_DAILY_BUDGET_USD)",
    "batch": "a batch is under way; a later run takes its answers",
    "in_doubt": "a run ended before it heard the answer, which may have been paid for; `trending llm` says more",
}


def waiting(lake: Lake, table: str, days: Sequence[date]) -> pl.DataFrame:
    """Rows that wait: date, cause (a key of MEANING), rows."""
    kept = quarantine.read(lake, table, days).filter(pl.col("reason") == Reason.LLM_WAITS.value)
    cause = pl.col("detail").str.extract("^([a-z_]+):").alias("cause")
    return kept.group_by("date", cause).agg(pl.len().alias("rows")).sort("date", "cause")


def sentence(found: pl.DataFrame) -> str | None:
    """What waits, in a sentence; None where nothing does."""
    sums = found.group_by("cause").agg(pl.col("rows").sum()).sort("cause")
    said = [f"{rows} wait ({cause}): {MEANING.get(cause, cause)}" for cause, rows in sums.iter_rows()]
    return "; ".join(said) or None


def days(lake: Lake, first: date, last: date) -> list[date]:
    """Days from `first` to `last` on which something waits, ascending."""
    found = set[date]()
    for table in TABLES:
        there = [day for day in lake.days(quarantine_of(table)) if first <= day <= last]
        found |= set(waiting(lake, table, there)["date"].to_list())
    return sorted(found)
