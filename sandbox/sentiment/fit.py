"""Fits the linear model of sentiment. Needs scikit-learn; answering with the model does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sandbox.sentiment.data import Rows, Split, ends_of
from sandbox.sentiment.linear import BITS, Linear, features

CONFIG: dict[str, Any] = {"critics": 0.5, "long": 0.1, "neutral": 0.05, "strength": 32.0, "smoothing": 1.0, "ends": 60}
"""Weights of a row beside 1 of the target's own, the inverse strength of the L2 penalty, and the words taken of a long text.

Chosen on the valid part; the test part was not looked at.
"""


def train_linear(split: Split, neutral: list[str], out: Path, say: Callable[[str], None]) -> Path:
    """Fit on the training rows and write `linear.npz` to the folder `out`; gives its path. The test part is not read.

    Logistic regression over n-grams that are weighted by their log-count ratio (NB-SVM). `neutral` are texts without an
    opinion: each stands in for both labels, so that words of plots and news weigh nothing. The logit's scale is chosen on
    the valid part, so that a probability is as sure as it is right. Same rows, same bytes on one machine.
    """
    from sklearn.linear_model import LogisticRegression

    long = ends_of(split.long, CONFIG["ends"])
    both = Rows(neutral * 2, [0] * len(neutral) + [1] * len(neutral))
    sources = (
        (split.train, 1.0),
        (split.critics, CONFIG["critics"]),
        (long, CONFIG["long"]),
        (both, CONFIG["neutral"]),
    )
    texts = [text for rows, _ in sources for text in rows.texts]
    truth = np.array([label for rows, _ in sources for label in rows.labels])
    sure = np.concatenate([np.full(len(rows), weight) for rows, weight in sources])
    say(f"linear: n-grams of {len(texts):,} texts")
    matrix = _matrix(texts)
    up = CONFIG["smoothing"] + matrix.T @ (sure * truth)
    down = CONFIG["smoothing"] + matrix.T @ (sure * (1 - truth))
    ratio = np.abs(np.log((up / up.sum()) / (down / down.sum())))
    say("linear: fitting")
    model = LogisticRegression(C=CONFIG["strength"], solver="liblinear", tol=1e-3, random_state=0)
    model.fit(_level(matrix).multiply(ratio).tocsr(), truth, sample_weight=sure)
    weights, bias = model.coef_[0] * ratio, float(model.intercept_[0])
    logits = _level(_matrix(split.valid.texts)) @ weights + bias
    factor = calibration(logits, split.valid.labels)
    scale = float(np.abs(weights).max()) / 127
    out.mkdir(parents=True, exist_ok=True)
    path = out / "linear.npz"
    whole = np.round(weights / scale).astype(np.int8)
    np.savez_compressed(path, weights=whole, scale=np.float64(scale * factor), bias=np.float64(bias * factor))
    right = np.mean((np.array(Linear(path).logits(split.valid.texts)) > 0) == np.array(split.valid.labels, bool))
    say(f"linear: accuracy on the valid part {right:.3f}, {path.stat().st_size / 1e6:.2f} MB in {path}")
    return path


def calibration(logits: Any, labels: list[int]) -> float:
    """The factor of logits under which the labels are likeliest."""
    truth, factors = np.array(labels, float), np.geomspace(0.1, 3, 100)
    losses = [np.mean(np.logaddexp(0, logits * factor) - truth * logits * factor) for factor in factors]
    return float(factors[int(np.argmin(losses))])


def _matrix(texts: list[str]) -> Any:
    """Presence of n-grams: CSR matrix (texts, 2^BITS)."""
    from scipy.sparse import csr_matrix

    found = [features(text) for text in texts]
    ends = np.cumsum([0, *(len(row) for row in found)])
    columns = np.concatenate(found)
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), 1 << BITS))


def _level(matrix: Any) -> Any:
    from scipy.sparse import diags

    return (diags(1 / np.sqrt(np.maximum(1, matrix.getnnz(axis=1)))) @ matrix).tocsr()
