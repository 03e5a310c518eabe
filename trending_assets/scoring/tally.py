"""What a scoring step did and cost: calls, cache hits, tokens, US dollars, failures by kind."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trending_assets.scoring.client import Failure, Result
from trending_assets.scoring.prices import cost_usd


@dataclass
class Tally:
    """Counts of one step. `rows` were to be scored; equal inputs share one request, so hits + calls <= rows."""

    rows: int = 0
    calls: int = 0
    cache_hits: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    _tokens: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, result: Result) -> None:
        """Count the result of one call; a bad answer was paid for, too."""
        self.calls += 1
        if isinstance(result, Failure):
            self.failures[result.kind] += 1
        used = self._tokens[result.model]
        used[0] += result.tokens_in
        used[1] += result.tokens_cached
        used[2] += result.tokens_out

    @property
    def models(self) -> list[str]:
        """Models that answered calls of this step."""
        return sorted(self._tokens)

    def unpriced(self, on: date) -> list[str]:
        """Models that answered and that the price table does not know on that day."""
        return [model for model in self.models if cost_usd(model, 0, 0, 0, on) is None]

    def cost(self, on: date) -> float | None:
        """US dollars of all calls by the prices of that day; None where a model's price is unknown."""
        used = sorted(self._tokens.items())
        costs = [cost_usd(model, fresh, cached, out, on) for model, (fresh, cached, out) in used]
        return None if None in costs else round(sum((cost or 0.0 for cost in costs), 0.0), 8)

    def metadata(self, on: date) -> dict[str, Any]:
        """Plain values for an asset's metadata."""
        totals = [sum(used[i] for used in self._tokens.values()) for i in range(3)]
        return {
            "llm_calls": self.calls,
            "llm_cache_hits": self.cache_hits,
            "llm_models": ", ".join(self.models) or "none asked",
            "tokens_in": totals[0],
            "tokens_cached": totals[1],
            "tokens_out": totals[2],
            "cost_usd": self.cost(on),
            "failures": dict(sorted(self.failures.items())),
            "notes": dict(sorted(self.notes.items())),
        }
