"""What an answer costs, by the dated price table prices.yaml."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

PRICES = Path(__file__).with_name("prices.yaml")
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens, from a day on."""

    valid_from: date
    input: float
    cached: float
    output: float


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
        return Price(date.min, 0.0, 0.0, 0.0)
    entries = price_table().get(model) or price_table().get(_SNAPSHOT.sub("", model), ())
    return next((price for price in reversed(entries) if price.valid_from <= on), None)


def cost_usd(model: str, tokens_in: int, tokens_cached: int, tokens_out: int, on: date) -> float | None:
    """Cost in US dollars; `tokens_cached` is the part of `tokens_in` that the provider had cached. None: price unknown."""
    price = price_of(model, on)
    if price is None:
        return None
    fresh = tokens_in - tokens_cached
    return (fresh * price.input + tokens_cached * price.cached + tokens_out * price.output) / 1e6
