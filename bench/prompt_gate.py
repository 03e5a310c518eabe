"""What the gate of prompt versions lets through: `python -m bench.prompt_gate [--trials N] [--seed N]`.

Simulated versions answer the gold set and 200 rated documents. A version gets each aspect of a document right with a chance
that depends on its quality; what is hard is hard for all versions (the correlation SHARED). The gate judges a candidate whose
true mean score differs from that of the version in use by a chosen amount: the figures are the shares that it accepts.
"""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import norm

from trending_assets.scoring.evaluation.agreement import (
    DIGEST_SCHEMA,
    DOCUMENT_SCHEMA,
    FLAGS,
    compare_digest,
    compare_document,
    frame_of,
)
from trending_assets.scoring.evaluation.gate import compare
from trending_assets.scoring.evaluation.items import Item, gold_digests, gold_documents
from trending_assets.scoring.schema import digest_schema

SHARED = 0.6
REPLICATES = 3
RATED = 200
QUALITY = 0.8
"""Chance of the version in use to get an aspect right."""
DIFFERENCES = (-0.1, -0.05, -0.03, 0.0, 0.03, 0.05)
_ASPECTS = 16

Answer = dict[str, Any]
Answers = Callable[[Item, np.ndarray, float], Answer]


def document_answer(item: Item, chance: np.ndarray, quality: float) -> Answer:
    """An answer about a document; `chance` is uniform, shape (_ASPECTS,): an aspect is right where it is below its chance."""
    truth = item.truth
    if "rating" in truth:
        noise = norm.ppf(np.clip(chance[0], 1e-6, 1 - 1e-6)) * 1.2 * (1 - quality)
        return {"sentiment": float(np.clip(2 * truth["rating"] - 1 + noise, -1, 1))} | _BARE
    right = chance[0] < quality
    label = truth["sentiment"]
    wrong = (1 if chance[1] < 0.5 else -1) if label == 0 else 0
    flags = {
        flag: bool(truth[flag]) == bool(chance[2 + n] < 1 - (1 - quality) / 4) for n, flag in enumerate(FLAGS)
    }  # a flag is easier than the rest
    lists = {
        "genres": _some(truth["genres"], chance[5:8], quality, "War"),
        "vibe_tags": _some(truth["vibe_tags"], chance[8:12], quality, "campy"),
    }
    return {"sentiment": 0.7 * (label if right else wrong)} | flags | lists


_BARE: Answer = dict.fromkeys(FLAGS, False) | {"genres": [], "vibe_tags": []}


def digest_answer(item: Item, chance: np.ndarray, quality: float) -> Answer:
    """An answer about a title, as `document_answer`."""
    truth = item.truth
    feeling = truth["feeling"] if chance[0] < quality else 0 if truth["feeling"] else 1
    answer: Answer = {
        "too_little": False,
        "secondary_genre": None,
        "vibe_score": 5.5 + 2.5 * feeling,
        "primary_genre": truth["genres"][0] if chance[1] < quality else "Soap",
        "vibe_tags": _some(truth["vibe_tags"], chance[8:12], quality, "campy"),
        "summary": [],
    }
    return {name: answer[name] for name in digest_schema()["properties"]}


def _some(labels: Sequence[str] | None, chance: np.ndarray, quality: float, stranger: str) -> list[str]:
    labels = labels or []
    kept = [name for name, u in zip(labels, chance, strict=False) if u < quality]
    return kept if len(kept) == len(labels) else [*kept, stranger]


def items_of(digests: bool, rng: np.random.Generator) -> list[Item]:
    """The gold items and, for documents, made rated ones: ratings skewed to the good side, as people give them."""
    if digests:
        return list(gold_digests())
    rated = [
        Item("ratings", {"document": {"n": n}}, {"rating": float(r)}) for n, r in enumerate(rng.beta(3, 1.5, RATED))
    ]
    return [*gold_documents(), *rated]


def version(
    items: Sequence[Item], hard: np.ndarray, quality: float, rng: np.random.Generator, digests: bool
) -> pl.DataFrame:
    """The compared answers of a version. `hard`, standard normal, shape (items, _ASPECTS), is shared by versions."""
    answer: Answers = digest_answer if digests else document_answer
    tries = REPLICATES + 1
    own = rng.standard_normal((len(items), _ASPECTS))[:, None, :]
    slips = rng.standard_normal((len(items), tries, _ASPECTS))
    # Most of what is a version's own stays the same over its repetitions.
    mixed = np.sqrt(SHARED) * hard[:, None, :] + np.sqrt(0.9 * (1 - SHARED)) * own + np.sqrt(0.1 * (1 - SHARED)) * slips
    chance = norm.cdf(mixed)
    rows = []
    for n, item in enumerate(items):
        count = tries if item.labels == "gold" else 1
        given = [answer(item, chance[n, k], quality) for k in range(count)]
        repetitions, reordered = (given[:-1], given[-1]) if count > 1 else (given, None)
        compared = (compare_digest if digests else compare_document)(item.truth, repetitions, reordered)
        rows.append({"labels": item.labels, "item": item.id} | compared)
    return frame_of(rows, DIGEST_SCHEMA if digests else DOCUMENT_SCHEMA)


def mean_score(quality: float, digests: bool, seed: int, trials: int = 20) -> float:
    """The mean score that a version of this quality has."""
    scores = []
    for trial in range(trials):
        rng = np.random.default_rng([seed, trial])
        items = items_of(digests, rng)
        hard = rng.standard_normal((len(items), _ASPECTS))
        scores.append(version(items, hard, quality, rng, digests)["score"].mean())
    return float(np.mean(scores))  # type: ignore[arg-type]


def quality_for(difference: float, digests: bool, seed: int) -> float:
    """The quality whose mean score differs by `difference` from that of QUALITY, found on a grid with the same draws."""
    grid = np.arange(QUALITY - 0.25, 0.9951, 0.025)
    scores = [mean_score(float(quality), digests, seed) for quality in grid]
    return float(np.interp(mean_score(QUALITY, digests, seed) + difference, scores, grid))


def accepted(difference: float, digests: bool, trials: int, seed: int) -> float:
    """Share of candidates with this true difference that the gate accepts."""
    quality, yes = quality_for(difference, digests, seed), 0
    for trial in range(trials):
        rng = np.random.default_rng([seed, 1000 + trial])
        items = items_of(digests, rng)
        hard = rng.standard_normal((len(items), _ASPECTS))
        used, new = (version(items, hard, q, rng, digests) for q in (QUALITY, quality))
        yes += compare(used, new).accepted
    return yes / trials


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("| true difference | document_score accepted | title_digest accepted |\n|---|---|---|")
    for difference in DIFFERENCES:
        shares = [accepted(difference, digests, options.trials, options.seed) for digests in (False, True)]
        print(f"| {difference:+.2f} | {shares[0]:.3f} | {shares[1]:.3f} |", flush=True)


if __name__ == "__main__":
    main()
