"""Thresholds per genre and the evaluation table with its slices: the same few lines for every model."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.calibration import calibration_error

_CUTS = np.round(np.arange(0.02, 0.981, 0.01), 2)
MIN_VALID = 3
"""Positive titles of the validation split below which a threshold cannot be tuned and stays at 0.5."""
MIN_TESTED = 10
"""Titles with a genre from which it counts in the macro mean; where no genre has as many, each that has one does."""
MACRO, MICRO = "macro", "micro"
LONG = 400
"""Characters of overview from which a plot is a long one."""
_MEANS = ("threshold", "precision", "recall", "f1", "ece")


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
    """Per column the cut from .02 to .98 with the best F1 (the middle one of equals), 0.5 with fewer than MIN_VALID positives.

    The F1 of a cut is the mean of what the labels give and of what calibrated probabilities expect (Lipton et al. 2014):
    of a genre with twenty titles the labels alone would choose by chance.
    """
    chosen: list[float] = []
    for column in range(truth.shape[1]):
        actual = truth[:, column]
        if actual.sum() < MIN_VALID:
            chosen.append(0.5)
            continue
        said = probabilities[:, column]
        predicted = said[:, None] >= _CUTS[None, :]
        claims = predicted.sum(axis=0)
        f1 = 2 * (predicted & actual[:, None]).sum(axis=0) / (claims + actual.sum())
        f1 += 2 * (predicted * said[:, None]).sum(axis=0) / (claims + said.sum())
        best = np.flatnonzero(f1 >= f1.max() - 1e-12)
        chosen.append(float(_CUTS[best[len(best) // 2]]))
    return tuple(chosen)


def evaluate(
    probabilities: Matrix, thresholds: Sequence[float], genres: Sequence[str], actual: pl.Series
) -> list[dict[str, Any]]:
    """Rows (genre, threshold, precision, recall, f1, ece, support) of titles, then one for the macro mean and one for micro.

    A genre of the titles that the model never learned counts as found nowhere (threshold 1, F1 0). `macro` is the plain mean
    over the genres with MIN_TESTED titles, `micro` takes all decisions in one pot; their support is the number of titles.
    `ece` is the expected calibration error in ten equal bins. A model without any genre gives zeros.
    """
    tested = sorted(set(actual.explode(empty_as_null=False).drop_nulls()) | set(genres)) if genres else []
    truth = label_matrix(actual, tested)
    said, found = np.zeros(truth.shape), np.zeros(truth.shape, bool)
    cuts = [1.0] * len(tested)
    for column, genre in enumerate(tested):
        if genre in genres:
            learned = list(genres).index(genre)
            said[:, column], cuts[column] = probabilities[:, learned], float(thresholds[learned])
            found[:, column] = said[:, column] >= cuts[column]
    rows: list[dict[str, Any]] = [
        {"genre": genre, "threshold": cuts[n], **_figures(found[:, n], truth[:, n])}
        | {"ece": calibration_error(said[:, n], truth[:, n]), "support": int(truth[:, n].sum())}
        for n, genre in enumerate(tested)
    ]
    counted = [r for r in rows if r["support"] >= MIN_TESTED] or [r for r in rows if r["support"]]
    macro: dict[str, Any] = {
        name: float(np.mean([row[name] for row in counted])) if counted else 0.0 for name in _MEANS
    }
    micro: dict[str, Any] = {"threshold": macro["threshold"], **_figures(found.ravel(), truth.ravel())}
    micro["ece"] = calibration_error(said.ravel(), truth.ravel())
    return [*rows, *({"genre": n, **m, "support": len(actual)} for n, m in ((MACRO, macro), (MICRO, micro)))]


def _figures(found: Any, wanted: Any) -> dict[str, float]:
    hits, claims, support = int((found & wanted).sum()), int(found.sum()), int(wanted.sum())
    return {
        "precision": hits / claims if claims else 0.0,
        "recall": hits / support if support else 0.0,
        "f1": 2 * hits / (claims + support) if claims + support else 0.0,
    }


def slices(titles: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """Parts of test titles (media_type, year, language, overview) that are looked at on their own, as flags of the rows.

    Empty ones are left out.
    """
    decade = pl.col("year") // 10 * 10
    length = pl.col("overview").str.len_chars()
    parts = [("film", pl.col("media_type") == "movie"), ("tv", pl.col("media_type") == "tv")]
    parts += [(f"{d}s", decade == d) for d in sorted(titles.select(decade.alias("d"))["d"].drop_nulls().unique())]
    parts += [("en", pl.col("language") == "en"), ("other languages", pl.col("language") != "en")]
    parts += [("short", length < LONG), ("long", length >= LONG)]
    for name, part in parts:
        flags = titles.select(part.fill_null(False).alias("part"))["part"]
        if flags.any():
            yield name, flags


def confusion(found: Flags, truth: Flags, genres: Sequence[str]) -> pl.DataFrame:
    """actual, predicted, titles: how many titles with one genre were given the other. Shape (genres x genres, 3).

    On the diagonal stand the right ones; off it, a title counts only where it has the actual genre without the predicted one.
    """
    wrong = truth.T.astype(int) @ (found & ~truth).astype(int)
    right = (truth & found).sum(axis=0)
    rows = [
        {"actual": actual, "predicted": said, "titles": int(right[a] if a == p else wrong[a, p])}
        for a, actual in enumerate(genres)
        for p, said in enumerate(genres)
    ]
    return pl.DataFrame(rows, schema={"actual": pl.String, "predicted": pl.String, "titles": pl.Int64})
