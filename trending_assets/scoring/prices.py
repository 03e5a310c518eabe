"""What an answer costs, by the dated price table prices.yaml, and the most that a request can cost."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import yaml

PRICES = Path(__file__).with_name("prices.yaml")
NANO = 1_000_000_000
"""Nano-dollars of a US dollar: money is counted in whole ones."""
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_NANO_PER_TOKEN = Decimal(1000)  # US dollars per million tokens, in nano-dollars per token


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens, from a day on; `batch` is the share of it that the Batch API costs."""

    valid_from: date
    input: float
    cached: float
    output: float
    batch: float = 0.5

    def nano(self, tokens_in: int, tokens_cached: int, tokens_out: int, batch: bool = False) -> int:
        """Cost in nano-dollars, rounded up; `tokens_cached` is the part of `tokens_in` that the provider had cached."""
        parts = (
            (tokens_in - tokens_cached, self.input),
            (tokens_cached, self.cached),
            (tokens_out, self.output),
        )
        dollars = sum((Decimal(tokens) * Decimal(str(price)) for tokens, price in parts), Decimal(0))
        share = Decimal(str(self.batch)) if batch else Decimal(1)
        return int((dollars * share * _NANO_PER_TOKEN).to_integral_value(ROUND_CEILING))


FREE = Price(date.min, 0.0, 0.0, 0.0)


@cache
def price_table() -> dict[str, tuple[Price, ...]]:
    """The table by model, oldest price first."""
    loaded = yaml.safe_load(PRICES.read_text(encoding="utf-8"))
    return {
        model: tuple(sorted((Price(**entry) for entry in entries), key=lambda p: p.valid_from))
        for model, entries in loaded.items()
    }


def price_of(model: str, on: date) -> Price | None:
    """The price of a model on a day, None where the table has none. `sandbox-…` models cost nothing."""
    if model.startswith("sandbox-"):
        return FREE
    entries = price_table().get(model) or price_table().get(_SNAPSHOT.sub("", model), ())
    return next((price for price in reversed(entries) if price.valid_from <= on), None)


def price_bound(model: str, url: str, on: date) -> Price:
    """What the budget takes as the model's price: its own; where the table has none, the dearest of each kind of token.

    A model without a price on this machine or in a private network is one's own, and costs nothing.
    """
    known = price_of(model, on)
    if known is not None:
        return known
    if _is_own(url):
        return FREE
    every = [price for entries in price_table().values() for price in entries]
    return Price(
        on,
        max(p.input for p in every),
        max(p.cached for p in every),
        max(p.output for p in every),
        max(p.batch for p in every),
    )


def _is_own(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def cost_usd(
    model: str, tokens_in: int, tokens_cached: int, tokens_out: int, on: date, batch: bool = False
) -> float | None:
    """Cost in US dollars; `tokens_cached` is the part of `tokens_in` that the provider had cached. None: price unknown."""
    price = price_of(model, on)
    return None if price is None else price.nano(tokens_in, tokens_cached, tokens_out, batch) / 1e9
