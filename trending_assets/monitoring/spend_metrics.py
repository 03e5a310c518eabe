"""What LLM calls cost today, and the calls whose outcome is not known: five series, from the ledger."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trending_assets.monitoring.gauges import gauge
from trending_assets.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric


def spend_families(settings: Settings) -> Iterator["Metric"]:
    """Today's (UTC) money and the open calls. Raises PermanentFailure where the ledger cannot be read."""
    from trending_assets.scoring.asker import ledger_url
    from trending_assets.scoring.ledger import Ledger

    ledger = Ledger(ledger_url(settings))
    spend, budget = ledger.spend(), settings.llm_daily_budget_usd
    deadlines = [call.deadline for call in ledger.asked()]
    doubtful = sum(deadline < time.time() for deadline in deadlines)
    yield gauge("trending_llm_spent_today_usd", "US dollars that LLM calls cost today (UTC).", spend.spent_usd)
    yield gauge(
        "trending_llm_reserved_today_usd", "US dollars that calls under way may cost at most.", spend.reserved_usd
    )
    yield gauge(
        "trending_llm_budget_daily_usd",
        "US dollars that LLM calls of a day may cost; +Inf without a bound.",
        float("inf") if budget is None else budget,
    )
    yield gauge(
        "trending_llm_calls_under_way", "LLM calls that still wait for their answer.", len(deadlines) - doubtful
    )
    yield gauge(
        "trending_llm_calls_in_doubt",
        "LLM calls past their deadline of which nobody knows whether they were paid.",
        doubtful,
    )
