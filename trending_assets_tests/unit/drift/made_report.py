"""A made day of drift tables in the contract's shapes: what drifted, what is noted, what is quiet, and a quiet day."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES, conform

DAY = date(2026, 2, 11)
HOSTILE = '<script>alert("x")</script>&"\'><img src=x onerror=alert(2)>'
VERSIONS = {"trailing": "3f8a1c2e9b7d4056", "training": "b1946ac92492d234"}
NUMERIC: dict[str, tuple[tuple[float, ...], float, float]] = {
    "scoring/document_scores.sentiment": ((-0.8, -0.6, -0.4, -0.2, -0.05, 0.05, 0.2, 0.4, 0.6, 0.8), 0.15, 0.35),
    "scoring/document_scores.enthusiasm": ((10, 20, 30, 40, 50, 60, 70, 80, 90), 55, 20),
    "staging/documents.rating": ((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), 0.68, 0.18),
    "staging/documents.text_length": ((25, 50, 75, 100, 150, 200, 400, 800, 1600, 3200, 6400), 300, 260),
    "features/title_signals.authors": ((1, 2, 3, 5, 8, 13, 21, 34, 55), 5, 4),
}
CATEGORIES: dict[str, dict[str, float]] = {
    "scoring/document_scores.vibe_tags": {
        **{"slow burn": 9.0, "feel-good": 8, "tense": 8, "bleak": 6, "funny": 14, "tear-jerker": 4, "cosy": 3},
        **{
            "stylish": 5,
            "mind-bending": 4,
            HOSTILE: 2,
            "a tag whose name goes on for longer than any column is wide": 3,
        },
        **{f"tag {n}": 1 for n in range(12)},
    },
    "staging/documents.language": {"en": 82.0, "es": 6, "fr": 4, "de": 3, "pt": 3, "ja": 2},
    "staging/documents.site": {"letters.example": 40.0, "reviews.example": 25, "talk.example": 20, "news.example": 15},
}
DISTRIBUTION = ("mann_whitney", "ks", "psi")
PLAIN: dict[str, Any] = dict.fromkeys(("minimum", "mean", "median", "maximum", "stddev"))
EMPTY: dict[str, Any] = {"bin_edges": [], "bin_counts": [], "categories": [], "category_counts": [], "profile": b""}


def _numeric(column: str, count: int, nulls: int, shift: float, seed: int) -> dict[str, Any]:
    edges, mean, spread = NUMERIC[column]
    low = -1.0 if column.endswith("sentiment") else 0.0
    high = 1.0 if edges[-1] < 1 else np.inf
    values = np.clip(np.random.default_rng(seed).normal(mean + shift * spread, spread, count - nulls), low, high)
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return {
        **{"column": column, "kind": "numeric", "count": count, "nulls": nulls, **EMPTY},
        **{"minimum": values.min(), "mean": values.mean(), "median": float(np.median(values)), "maximum": values.max()},
        **{"stddev": values.std(), "bin_edges": [float(e) for e in edges], "bin_counts": counts.tolist()},
    }


def _categorical(column: str, count: int, weights: dict[str, float], seed: int) -> dict[str, Any]:
    names = sorted(weights)
    share = np.array([weights[name] for name in names])
    counts = np.random.default_rng(seed).multinomial(count, share / share.sum())
    row = {"column": column, "kind": "categorical", "count": count, "nulls": 0, **PLAIN, **EMPTY}
    return row | {"categories": names, "category_counts": counts.tolist()}


def made_profiles(quiet: bool = False) -> pl.DataFrame:
    """drift/profiles of the day: sentiment falls, two tags rise and ratings are missing, unless the day is quiet."""
    strong = 0.0 if quiet else -0.9
    rows = [
        _numeric(name, 812, 0 if quiet or "rating" not in name else 300, strong if "sentiment" in name else 0.0, n)
        for n, name in enumerate(NUMERIC)
    ]
    for n, (name, weights) in enumerate(CATEGORIES.items()):
        moved = {"bleak": 16.0, HOSTILE: 9.0, "new tag": 2.0} if "tags" in name and not quiet else {}
        rows.append(_categorical(name, 1624, weights | moved, 50 + n))
    return conform(pl.DataFrame(rows, schema=TABLES["drift/profiles"].schema), TABLES["drift/profiles"])


def made_baseline() -> pl.DataFrame:
    """drift/baseline of the day: 14 trailing days of every column, the training set of two."""
    rows: list[dict[str, Any]] = []
    trailing: dict[str, Any] = {"against": "trailing", "version": VERSIONS["trailing"], "days": 14}
    trailing |= {"first_day": DAY - timedelta(days=14), "last_day": DAY - timedelta(days=1)}
    for n, name in enumerate(NUMERIC):
        if name != "features/title_signals.authors":
            rows.append(_numeric(name, 11_402, 120, 0.0, 100 + n) | trailing)
    for n, (name, weights) in enumerate(CATEGORIES.items()):
        rows.append(_categorical(name, 22_804, weights, 150 + n) | trailing)
    training: dict[str, Any] = {"against": "training", "version": VERSIONS["training"], "first_day": None, "days": 1}
    training |= {"last_day": DAY - timedelta(days=9)}
    for name in ("scoring/document_scores.sentiment", "staging/documents.text_length"):
        rows.append(_numeric(name, 5_000, 0, 0.1, 200) | training)
    return conform(pl.DataFrame(rows, schema=TABLES["drift/baseline"].schema), TABLES["drift/baseline"])


def row_of(column: str, test: str, **others: Any) -> dict[str, Any]:
    """A row of drift/report that found nothing, but for `others`."""
    row = {"column": column, "test": test, "against": "trailing", "statistic": 0.012, "p_value": 0.41, "effect": 0.02}
    row |= {
        "severity": "none",
        "drifted": False,
        "verdict": "stable",
        "detail": "As on the days before.",
        "current": 812,
    }
    return row | {"baseline": 11_402, "baseline_version": VERSIONS["trailing"]} | others


ALARM = {"drifted": True, "verdict": "drifted"}
NO_BASELINE = dict.fromkeys(("statistic", "p_value", "effect", "drifted", "baseline_version")) | {
    **{"verdict": "no_baseline", "detail": "No day before this one has values.", "baseline": 0}
}


def made_report(quiet: bool = False) -> pl.DataFrame:
    """drift/report of the day."""
    rows = []
    for column in NUMERIC:
        known = {} if column != "features/title_signals.authors" else NO_BASELINE
        rows += [
            row_of(column, test, **known) for test in ("missing", "minimum", "maximum", "mean", "median", *DISTRIBUTION)
        ]
    for column in CATEGORIES:
        rows += [row_of(column, test) for test in ("missing", "chi_squared")]
    rows += [row_of("scoring/document_scores", "schema", statistic=None, p_value=None, effect=None)]
    rows += [row_of("trends/trend_scores.expected", "quality", p_value=None)]
    if not quiet:
        changed = {(row["column"], row["test"]): row for row in rows}
        _alarm(changed)
        rows = list(changed.values())
    return conform(pl.DataFrame(rows, schema=TABLES["drift/report"].schema), TABLES["drift/report"])


def _alarm(rows: dict[tuple[str, str], dict[str, Any]]) -> None:
    sentiment, tags = "scoring/document_scores.sentiment", "scoring/document_scores.vibe_tags"
    fell = "Texts are far less friendly than on the 14 days before: the mean fell from 0.15 to −0.16 (0.9 standard deviations)."
    large = ALARM | {"severity": "large", "p_value": 1e-9}
    rows[sentiment, "mann_whitney"] |= large | {"statistic": -14.2, "effect": 0.9, "detail": fell}
    spread = "The whole distribution moved: 35% of the values lie where 2% did."
    rows[sentiment, "ks"] |= large | {"statistic": 0.35, "effect": 0.35, "detail": spread}
    rows[sentiment, "psi"] |= large | {"statistic": 0.83, "effect": 0.83, "detail": spread}
    more = f"Tags moved: bleak rose from 7% to 16%; “{HOSTILE}” from 2% to 9%."
    rows[tags, "chi_squared"] |= ALARM | {
        "statistic": 214.0,
        "p_value": 0.0004,
        "effect": 0.19,
        "severity": "moderate",
        "detail": more,
    }
    missing = "37% of the ratings are missing, 1% were on the 14 days before."
    rows["staging/documents.rating", "missing"] |= ALARM | {
        "statistic": 21.0,
        "p_value": 1e-7,
        "effect": 0.36,
        "severity": "moderate",
        "detail": missing,
    }
    longer = "Texts are a little longer than on the days before; too little for an alarm."
    rows["staging/documents.text_length", "ks"] |= {
        "verdict": "noted",
        "severity": "small",
        "p_value": 0.0006,
        "effect": 0.08,
        "detail": longer,
    }
    category = f"A category is new: “{HOSTILE}” (9% of the values)."
    rows["scoring/document_scores", "schema"] |= {"verdict": "noted", "detail": category}
    worse = "The forecast of 4 February was worse than usual: NDCG@20 0.61, 0.78 on the weeks before."
    rows["trends/trend_scores.expected", "quality"] |= ALARM | {
        "severity": "moderate",
        "effect": 0.17,
        "statistic": 0.61,
        "detail": worse,
    }


def made_quality() -> pl.DataFrame:
    """drift/quality of the day: one figure without enough labels."""
    week_ago = DAY - timedelta(days=7)
    rows = [
        ("trends/trend_scores.score", "ndcg_20", DAY - timedelta(days=1), 0.842, 311),
        ("trends/trend_scores.expected", "ndcg_20", week_ago, 0.612, 874),
        ("trends/trend_scores.expected", "coverage_95", week_ago, 0.948, 211),
        ("genre/predictions.genre", "macro_f1", week_ago, None, 12),
        ("genre/predictions.genre", "precision", week_ago, None, 12),
        ("scoring/document_scores.sentiment", "spearman", DAY, 0.713, 512),
    ]
    return conform(pl.DataFrame(rows, schema=TABLES["drift/quality"].schema, orient="row"), TABLES["drift/quality"])


def made_day(quiet: bool = False) -> tuple[date, pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What `report_page` takes."""
    return DAY, made_report(quiet), made_profiles(quiet), made_baseline(), made_quality()
