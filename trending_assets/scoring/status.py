"""`trending llm`: what LLM calls cost, what is in doubt, and what of a lake waits."""

from collections import Counter
from datetime import date, timedelta

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.scoring.asker import ledger_url
from trending_assets.scoring.client import BAD_ANSWERS
from trending_assets.scoring.ledger import Ledger, spend_day
from trending_assets.scoring.record import TABLE
from trending_assets.scoring.spend import by_task
from trending_assets.scoring.waiting import MEANING, TABLES, waiting
from trending_assets.settings import Settings

RELEASABLE = ("in_doubt", *BAD_ANSWERS)
LAKE_DAYS = 7


def status(settings: Settings, lake: Lake | None = None) -> list[str]:
    """Lines for a person: today's budget, calls whose outcome is not known, and a lake's last week of calls and waiting."""
    ledger = Ledger(ledger_url(settings))
    spend, budget = ledger.spend(), settings.llm_daily_budget_usd
    bound = "no budget is set" if budget is None else f"of a budget of {budget:g}"
    lines = [
        f"{spend_day()} (UTC): {spend.spent_usd:.6f} US dollars spent, {spend.reserved_usd:.6f} reserved for calls under way, "
        f"{bound}.",
        *_open_calls(ledger),
    ]
    if lake is None:
        return lines
    days = [day for day in lake.days(TABLE)][-LAKE_DAYS:]
    for row in by_task(lake.read(TABLE, days, missing="skip")).iter_rows(named=True):
        lines.append(
            f"{row['date']}  {row['task']:<15} {row['model']}  prompt {row['prompt_version']}  {row['mode']:<8} "
            f"{row['outcome']:<10} {row['calls']:>7,} calls  {row['tokens_in']:>11,} in  {row['tokens_cached']:>11,} cached  "
            f"{row['tokens_out']:>9,} out  {row['cost_usd']:.6f} US dollars"
        )
    return lines + _waiting(lake)


def _open_calls(ledger: Ledger) -> list[str]:
    calls = Counter((call.task, call.model, call.mode, call.batch) for call in ledger.asked())
    return [
        f"{number:,} calls without a known outcome: {task} by {model}"
        + (f", batch {batch}" if mode == "batch" else "")
        + "."
        for (task, model, mode, batch), number in sorted(calls.items())
    ]


def _waiting(lake: Lake) -> list[str]:
    last = max((day for table in TABLES for day in lake.days(table)), default=None)
    if last is None:
        return ["Nothing was scored in this lake yet."]
    days = [last - timedelta(days=n) for n in range(LAKE_DAYS)]
    frames = [waiting(lake, table, days).with_columns(table=pl.lit(table)) for table in TABLES]
    rows = pl.concat(frames).sort("date", "table", "cause")
    return [
        f"{day}  {n:,} rows of {table} wait: {MEANING.get(cause, cause)}." for day, cause, n, table in _ordered(rows)
    ]


def _ordered(rows: pl.DataFrame) -> list[tuple[date, str, int, str]]:
    return rows.select("date", "cause", "rows", "table").rows()


def ask_again(settings: Settings, kinds: list[str]) -> int:
    """Let paid failures or calls in doubt be asked, and paid, again; gives their number. Raises PermanentFailure."""
    wrong = [kind for kind in kinds if kind not in RELEASABLE]
    if wrong:
        raise PermanentFailure(f"--ask-again {wrong[0]} is unknown; take one of {', '.join(RELEASABLE)}.")
    # A call in doubt has no kind yet: nothing is known of it.
    return Ledger(ledger_url(settings)).release(["" if kind == "in_doubt" else kind for kind in kinds])
