"""What LLM calls cost, summed: the rows of scoring/ledger as people want to see them."""

import polars as pl

KEYS = ["task", "model", "prompt_version", "mode", "outcome"]
SUMS = ["tokens_in", "tokens_cached", "tokens_out", "cost_usd"]


def by_task(calls: pl.DataFrame) -> pl.DataFrame:
    """Calls by date (where the rows have one) and KEYS: calls, and SUMS; `outcome` is answered, unpaid or how it failed.

    A cost that is not known counts as nothing.
    """
    outcome = pl.when(pl.col("kind") != "").then(pl.col("kind")).otherwise("state").alias("outcome")
    keys = [*(["date"] if "date" in calls.columns else []), *KEYS]
    sums = [pl.col(name).sum() for name in SUMS]
    return calls.with_columns(outcome).group_by(keys).agg(pl.len().cast(pl.Int64).alias("calls"), *sums).sort(keys)
