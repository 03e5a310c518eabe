"""What a scoring step did and cost: calls, cache hits, tokens, US dollars, failures and what waits by kind."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from trending_assets.scoring.client import Failure, Result
from trending_assets.scoring.prices import NANO


@dataclass
class Tally:
    """Counts of one step. `rows` were to be scored; equal inputs share one request, so hits + calls + waiting <= rows.

    `failures` are those of calls of this step; `failed_before` were paid for by an earlier one and are not asked again.
    """

    rows: int = 0
    calls: int = 0
    cache_hits: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    failed_before: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    models: set[str] = field(default_factory=set)
    unpriced: set[str] = field(default_factory=set)
    tokens: Counter[str] = field(default_factory=Counter)
    cost: int = 0

    def add(self, result: Result) -> None:
        """Count a result. A bad answer was paid for, too; what was paid for before costs nothing now."""
        if isinstance(result, Failure) and result.waits:
            self.waiting[result.kind] += 1
            return
        if isinstance(result, Failure):
            (self.failures if result.fresh else self.failed_before)[result.kind] += 1
        if not result.fresh:
            self.cache_hits += 1
            return
        self.calls += 1
        self.models.add(result.model)
        self.tokens.update(tokens_in=result.tokens_in, tokens_cached=result.tokens_cached, tokens_out=result.tokens_out)
        if result.cost is None:
            self.unpriced.add(result.model)
        self.cost += result.cost or 0

    @property
    def cost_usd(self) -> float | None:
        """US dollars of all calls; None where a model's price is unknown."""
        return None if self.unpriced else self.cost / NANO

    def metadata(self) -> dict[str, Any]:
        """Plain values for an asset's metadata."""
        return {
            "llm_calls": self.calls,
            "llm_cache_hits": self.cache_hits,
            "llm_models": ", ".join(sorted(self.models)) or "none asked",
            "tokens_in": self.tokens["tokens_in"],
            "tokens_cached": self.tokens["tokens_cached"],
            "tokens_out": self.tokens["tokens_out"],
            "cost_usd": self.cost_usd,
            "failures": dict(sorted(self.failures.items())),
            "failed_before": dict(sorted(self.failed_before.items())),
            "waiting": dict(sorted(self.waiting.items())),
            "retries": dict(sorted(self.retries.items())),
            "notes": dict(sorted(self.notes.items())),
        }
