"""How large a film's release may be, from catalogue facts alone: known long before anybody writes about it.

A linear model of the logarithm of the first week's US gross by genres, runtime, language and sequel, in the manner of Sharda and
Delen (2006) and Simonoff and Sparrow (2000). Its coefficients stand in release_size.yaml; `python -m bench.ranking_fit`
fits them.
"""

from functools import cache
from pathlib import Path

import polars as pl
import yaml

FACTS = ("title", "media_type", "genres", "runtime_minutes", "original_language")
"""Columns of staging/titles that are read."""
COEFFICIENTS = Path(__file__).with_name("release_size.yaml")
SEQUEL = r"(?i)\b(?:[2-9]|ii|iii|iv|v|vi)\b|\bpart\b|:\s"
"""A title that counts itself, or has a second title: `Iron Man 3`, `Star Wars: Episode …`."""
USUAL_MINUTES = 105.0
"""Stands in for a runtime that is not known."""


def terms(genres: list[str]) -> dict[str, pl.Expr]:
    """The model's terms by name, as expressions over FACTS; 0 or 1 but for `runtime` (20 minutes, clipped)."""
    minutes = pl.when(pl.col("runtime_minutes") > 0).then(pl.col("runtime_minutes")).fill_null(USUAL_MINUTES)
    return {
        **{genre: pl.col("genres").list.contains(genre) for genre in genres},
        "runtime": ((minutes - USUAL_MINUTES) / 20).clip(-1.5, 2.5),
        "english": pl.col("original_language") == "en",
        "sequel": pl.col("title").str.contains(SEQUEL),
    }


@cache
def _coefficients() -> dict[str, float]:
    return {name: float(value) for name, value in yaml.safe_load(COEFFICIENTS.read_text()).items()}


def release_size() -> pl.Expr:
    """Expected log10 of the first week's US gross in dollars; null for a show, and for a film without genres."""
    by_name = dict(_coefficients())
    total = pl.lit(by_name.pop("intercept"))
    genres = [name for name in by_name if name[0].isupper()]
    for name, expression in terms(genres).items():
        total = total + by_name[name] * expression.cast(pl.Float64).fill_null(0.0)
    film = (pl.col("media_type") == "movie") & (pl.col("genres").list.len() > 0)
    return pl.when(film).then(total).alias("release_size")
