"""Pairs of titles as two catalogues print them: F1 of same_title beside rapidfuzz's scorers: `python -m bench.linking_pairs`.

The threshold of each scorer is chosen on the tuning half (by SHA-256 of the key), F1 is of the other half. `--fit` prints the
coefficients of linking/same.py, fitted on the tuning half.
"""

import sys

import numpy as np
import polars as pl
from scipy.optimize import minimize

from bench import linking_data as data
from trending_assets.linking.fold import Array
from trending_assets.linking.same import evidence, same_title

PRIOR = {
    "always": (-7.0, 2.0), "equal": (5.0, 1.0), "a part is equal": (2.0, 1.0), "spelling": (6.0, 2.0), "words": (5.0, 2.0),
    "numbers differ": (-3.0, 0.3), "same year": (0.5, 0.3), "a year apart": (0.0, 0.3), "years apart": (-3.0, 0.3),
}  # fmt: skip
"""Mean and spread of each coefficient before any pair was seen."""


def f1(score: Array, label: Array, threshold: float) -> tuple[float, float, float]:
    """F1, precision and recall of the pairs whose score is at least the threshold."""
    said = score >= threshold
    right = float((said & label).sum())
    precision, recall = right / max(float(said.sum()), 1.0), right / float(label.sum())
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall


def best(score: Array, label: Array) -> float:
    """The threshold of greatest F1, the middle of a plateau."""
    steps = np.linspace(score.min(), score.max(), 400)
    values = np.array([f1(score, label, float(t))[0] for t in steps])
    return float(np.median(steps[values >= values.max() - 1e-9]))


def fit(pairs: pl.DataFrame) -> dict[str, float]:
    """Coefficients of a logistic regression on the evidence, classes weighted alike so that .5 is the middle.

    A Gaussian prior holds them near PRIOR: the pairs hold no two works that a number or years tell apart.
    """
    columns = ("left_title", "right_title", "left_year", "right_year")
    rows = [{"always": 1.0} | evidence(*row) for row in pairs.select(columns).iter_rows()]
    matrix = np.array([[row[name] for name in PRIOR] for row in rows])
    label = pairs["label"].to_numpy() == 1
    weight = np.where(label, 0.5 / label.mean(), 0.5 / (1 - label.mean()))
    mean, spread = (np.array(values) for values in zip(*PRIOR.values(), strict=True))

    def loss(w: Array) -> tuple[float, Array]:
        score = matrix @ w
        off = (w - mean) / spread
        slope = weight * (1 / (1 + np.exp(-score)) - label)
        value = float((weight * (np.logaddexp(0, score) - label * score)).sum() + 0.5 * off @ off)
        return value, matrix.T @ slope + off / spread

    return dict(zip(PRIOR, map(float, minimize(loss, mean, jac=True, method="L-BFGS-B").x), strict=True))


def main() -> None:
    """Print F1 of every scorer on the held-out half."""
    if not data.ready():
        return
    from rapidfuzz import fuzz

    pairs = pl.read_parquet(data.SHARED / "data" / "er_title_pairs.parquet")
    tuning = data.tuning_half(pairs["key"])
    if "--fit" in sys.argv:
        for name, value in fit(pairs.filter(tuning)).items():
            print(f'    "{name}": {value:.1f},')
        return
    columns = ("left_title", "right_title", "left_year", "right_year")
    scorers = {
        "same_title": lambda a, b, x, y: same_title(a, b, x, y),
        "rapidfuzz ratio": lambda a, b, x, y: fuzz.ratio(a, b),
        "rapidfuzz WRatio": lambda a, b, x, y: fuzz.WRatio(a, b),
    }
    label, train = (pairs["label"] == 1).to_numpy(), tuning.to_numpy()
    print(
        f"er_title_pairs, held-out half by key: {int((~train).sum()):,} pairs, {int(label[~train].sum()):,} of them the same."
    )
    for name, scorer in scorers.items():
        score = np.array([scorer(*row) for row in pairs.select(columns).iter_rows()])
        threshold = best(score[train], label[train])
        value, precision, recall = f1(score[~train], label[~train], threshold)
        wrong = int((~label[~train] & (score[~train] >= threshold)).sum())
        print(
            f"  {name:<17} F1 {value:.4f}   precision {precision:.4f}   recall {recall:.4f}   "
            f"threshold {threshold:.3f}   different ones taken for the same: {wrong} of {int((~label[~train]).sum())}"
        )


if __name__ == "__main__":
    main()
