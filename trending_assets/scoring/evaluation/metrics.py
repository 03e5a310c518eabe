"""Figures with 95% bootstrap intervals over documents. Each resamples whole documents, 2,000 times, always the same ones."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from trending_assets.scoring.evaluation.agreement import FLAGS, LISTS

DRAWS = 2000
Floats = NDArray[np.float64]
Statistic = Callable[[NDArray[np.int64]], Floats]
"""Figures of resampled documents: places, shape (draws, documents), give one figure a draw; NaN where it is undefined."""


@dataclass(frozen=True)
class Figure:
    """A figure, its interval, and the documents that it rests on."""

    value: float
    low: float
    high: float
    n: int


def bootstrap(statistic: Statistic, n: int) -> Figure | None:
    """The figure of n documents with the percentile interval of DRAWS resamples. None where it is undefined."""
    value = point(statistic, n)
    if value is None:
        return None
    drawn = statistic(np.random.default_rng(0).integers(0, n, (DRAWS, n)))
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Figure(round(value, 6), round(float(low), 6), round(float(high), 6), n)


def point(statistic: Statistic, n: int) -> float | None:
    """The figure of n documents alone. None where it is undefined."""
    value = float(statistic(np.arange(n)[None, :])[0]) if n else np.nan
    return None if np.isnan(value) else value


def mean(values: ArrayLike) -> Statistic:
    """The mean."""
    x = np.asarray(values, float)
    return lambda places: x[places].mean(axis=1)


def kappa(found: ArrayLike, true: ArrayLike) -> Statistic:
    """Cohen's kappa of two flags. NaN where both are constant and equal: then there was nothing to tell apart."""
    f, t = np.asarray(found, float), np.asarray(true, float)

    def of(places: NDArray[np.int64]) -> Floats:
        a, b = f[places], t[places]
        same, p, q = (a == b).mean(axis=1), a.mean(axis=1), b.mean(axis=1)
        chance = p * q + (1 - p) * (1 - q)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(chance < 1, (same - chance) / (1 - chance), np.nan)

    return of


def micro_f1(hits: ArrayLike, claims: ArrayLike, labels: ArrayLike) -> Statistic:
    """F1 over all tags of all documents together. NaN where there is neither a claim nor a label."""
    h, c, s = (np.asarray(x, float) for x in (hits, claims, labels))

    def of(places: NDArray[np.int64]) -> Floats:
        total = c[places].sum(axis=1) + s[places].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, 2 * h[places].sum(axis=1) / total, np.nan)

    return of


def spearman(x: ArrayLike, y: ArrayLike) -> Statistic:
    """Spearman's rank correlation, ties at their mean rank. NaN where one side is constant."""
    a, b = np.asarray(x, float), np.asarray(y, float)

    def of(places: NDArray[np.int64]) -> Floats:
        p, q = rankdata(a[places], axis=1), rankdata(b[places], axis=1)
        p, q = p - p.mean(axis=1, keepdims=True), q - q.mean(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            result: Floats = (p * q).sum(axis=1) / np.sqrt((p**2).sum(axis=1) * (q**2).sum(axis=1))
        return result

    return of


def document_figures(compared: pl.DataFrame) -> dict[str, Figure]:
    """All figures of documents of one kind of labels (agreement.DOCUMENT_SCHEMA), those that are defined."""
    means = ("score", "answered", "repeatability", "order")
    figures = {name: _mean_of(compared, name) for name in means}
    figures["sentiment_class"] = _mean_of(compared, "sentiment_right")
    figures["sentiment_mae"] = _mean_of(compared, "sentiment_error")
    known = compared.drop_nulls(["sentiment", "true_sentiment"])
    figures["sentiment_spearman"] = bootstrap(spearman(known["sentiment"], known["true_sentiment"]), known.height)
    for flag in FLAGS:
        figures[f"{flag}_kappa"] = bootstrap(*flag_kappa(compared, flag))
    for name in LISTS:
        figures[f"{name}_f1"] = _f1_of(compared, name)
    return {name: figure for name, figure in figures.items() if figure is not None}


def digest_figures(compared: pl.DataFrame) -> dict[str, Figure]:
    """All figures of digests (agreement.DIGEST_SCHEMA), those that are defined."""
    names = ["score", "answered", "repeatability", "same_primary_genre"]
    names += ["order", "order_primary_genre_changed", "order_vibe_tags", "order_cited"]
    figures = {name: _mean_of(compared, name) for name in names}
    figures["feeling_class"] = _mean_of(compared, "feeling_right")
    figures["primary_genre"] = _mean_of(compared, "primary_genre_right")
    figures["vibe_tags_f1"] = _f1_of(compared, "vibe_tags")
    return {name: figure for name, figure in figures.items() if figure is not None}


def flag_kappa(compared: pl.DataFrame, flag: str) -> tuple[Statistic, int]:
    """Cohen's kappa of a flag with its label, and the documents that have both."""
    known = compared.drop_nulls([flag, f"true_{flag}"])
    return kappa(known[flag], known[f"true_{flag}"]), known.height


def _mean_of(compared: pl.DataFrame, name: str) -> Figure | None:
    known = compared[name].drop_nulls()
    return bootstrap(mean(known), known.len())


def _f1_of(compared: pl.DataFrame, name: str) -> Figure | None:
    columns = [f"{name}_{what}" for what in ("hits", "claims", "labels")]
    known = compared.drop_nulls(columns)
    return bootstrap(micro_f1(*(known[column] for column in columns)), known.height)
