"""Thresholds per genre and the evaluation table: the same few lines for every model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CUTS = np.round(np.arange(0.02, 0.981, 0.01), 2)
MIN_VALID = 3
"""Positive titles of the validation split below which a threshold cannot be tuned and stays at 0.5."""


def label_matrix(genres: pl.Series, columns: Sequence[str]) -> Flags:
    """Lists of genres as one flag a row and column: shape (rows, columns)."""
    place = {genre: n for n, genre in enumerate(columns)}
    flags = np.zeros((len(genres), len(columns)), dtype=bool)
    for row, names in enumerate(genres.to_list()):
        for name in names:
            if name in place:
                flags[row, place[name]] = True
    return flags


def tune_thresholds(probabilities: Matrix, truth: Flags) -> tuple[float, ...]:
    """Per column the cut from .02 to .98 with the best F1 (the middle one of equals), 0.5 with fewer than MIN_VALID positives."""
    chosen: list[float] = []
    for column in range(truth.shape[1]):
        actual = truth[:, column]
        if actual.sum() < MIN_VALID:
            chosen.append(0.5)
            continue
        predicted = probabilities[:, column, None] >= _CUTS[None, :]
        hits = (predicted & actual[:, None]).sum(axis=0)
        f1 = 2 * hits / (predicted.sum(axis=0) + actual.sum())
        best = np.flatnonzero(f1 >= f1.max() - 1e-12)
        chosen.append(float(_CUTS[best[len(best) // 2]]))
    return tuple(chosen)


def evaluate(
    probabilities: Matrix, thresholds: Sequence[float], genres: Sequence[str], actual: pl.Series
) -> list[dict[str, Any]]:
    """Rows (genre, threshold, precision, recall, f1, support) on a test split, and one for the macro mean.

    A genre of the test split that the model never learned counts as found nowhere (threshold 1, F1 0). `macro` is the plain
    mean over the genres with test support; its threshold is the mean threshold and its support the number of titles.
    A model without any genre gives the macro row alone, with F1 0.
    """
    tested = sorted(set(actual.explode(empty_as_null=False).drop_nulls()) | set(genres)) if genres else []
    truth = label_matrix(actual, tested)
    rows: list[dict[str, Any]] = []
    for column, genre in enumerate(tested):
        learned = list(genres).index(genre) if genre in genres else None
        cut = 1.0 if learned is None else float(thresholds[learned])
        found = np.zeros(len(actual), bool) if learned is None else probabilities[:, learned] >= cut
        wanted = truth[:, column]
        hits, claims, support = int((found & wanted).sum()), int(found.sum()), int(wanted.sum())
        rows.append(
            {
                "genre": genre,
                "threshold": cut,
                "precision": hits / claims if claims else 0.0,
                "recall": hits / support if support else 0.0,
                "f1": 2 * hits / (claims + support) if claims + support else 0.0,
                "support": support,
            }
        )
    counted = [row for row in rows if row["support"]]
    means = {
        name: float(np.mean([row[name] for row in counted])) if counted else 0.0
        for name in ("threshold", "precision", "recall", "f1")
    }
    return [*rows, {"genre": "macro", **means, "support": len(actual)}]
