"""XGBoost over dense features: latent directions of TF-IDF, what linear models say, and the medium. Saved without pickle."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from trending_assets.genre import words
from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.bundle import Files
from trending_assets.genre.calibration import Scores, log_odds
from trending_assets.genre.evaluation import label_matrix
from trending_assets.genre.groups import bucket
from trending_assets.genre.words import Words, from_npy, npy

FILES = ("booster.ubj", "directions.npy", "linear.npy", "catalogue.npy", *words.FILES)
CONFIG: dict[str, Any] = {
    "terms": words.TERMS,
    "directions": 150,
    "folds": 5,
    "catalogue_label_titles": 100,
    "catalogue_strength": 3.0,
    "n_estimators": 150,
    "learning_rate": 0.06,
    "max_depth": 3,
    "subsample": 0.7,
    "colsample_bytree": 0.3,
    "min_child_weight": 5,
    "reg_lambda": 5.0,
    "max_bin": 64,
    "seed": 0,
}
THREADS = 1
"""More give the same bytes, but wait for each other in a busy loop: beside other work two threads took four times as long."""
PARTS = 1


def fit(
    train: pl.DataFrame, truth: Flags, catalogue: pl.DataFrame, progress: Callable[[str], None]
) -> tuple[Files, list[dict[str, float]]]:
    """Train on rows (text, title, overview, media_type, group) and their labels, shape (rows, genres): files, loss by round.

    Each title is learned twice, with and without tagline and keywords, so that a title without details is understood, too.
    Features are latent directions (truncated SVD of TF-IDF), the log odds of a logistic regression a genre (for the
    training rows out of fold by group: stacking, Wolpert 1992), those of a catalogue's own labels, and whether it is TV.
    One tree a genre and round (binary logistic), histogram splits. Same rows, same bytes.
    """
    import xgboost
    from sklearn.decomposition import TruncatedSVD
    from threadpoolctl import threadpool_limits

    rows = train.with_columns(words.plain_text())
    whole, plain = words.texts_of(rows), words.texts_of(rows, "plain")
    other = words.texts_of(catalogue.with_columns(words.plain_text()), "plain")
    # One BLAS thread: with more, sums come in another order and the bytes change from machine load to machine load.
    with threadpool_limits(limits=1):
        vocabulary = Words.fit([*whole, *plain, *other])
        views, foreign = [vocabulary.rows(whole), vocabulary.rows(plain)], vocabulary.rows(other)
        progress(f"xgboost: linear models of {rows.height:,} titles and {catalogue.height:,} of catalogues")
        linear, out_of_fold = _stacked(views, truth, train["group"].to_list())
        foreign_linear = _foreign(foreign, catalogue["labels"].to_list())
        stacked = _stack(*views)
        size = min(CONFIG["directions"], min(stacked.shape) - 1)
        basis = np.zeros((0, stacked.shape[1]))
        if size > 0:
            basis = TruncatedSVD(size, random_state=CONFIG["seed"]).fit(stacked).components_
        files: Files = vocabulary.files | {
            "directions.npy": npy(basis.astype(np.float16)),
            "linear.npy": npy(linear.astype(np.float16)),
            "catalogue.npy": npy(foreign_linear.astype(np.float16)),
        }
        parts = _Parts(files)
        tv = np.tile((train["media_type"] == "tv").to_numpy(), 2)
        features = parts.features(stacked, np.concatenate(out_of_fold), tv)
    wanted = np.concatenate([truth, truth]).astype(np.int8)
    progress(f"xgboost: {CONFIG['n_estimators']} rounds over {features.shape[1]} features")
    model = xgboost.XGBClassifier(
        **{k: CONFIG[k] for k in ("n_estimators", "learning_rate", "max_depth", "subsample", "colsample_bytree")},
        **{k: CONFIG[k] for k in ("min_child_weight", "reg_lambda", "max_bin")},
        random_state=CONFIG["seed"],
        objective="binary:logistic",
        eval_metric="logloss",
        tree_method="hist",
        multi_strategy="one_output_per_tree",
        n_jobs=THREADS,
    ).fit(features, wanted, eval_set=[(features, wanted)], verbose=False)
    losses = model.evals_result()["validation_0"]["logloss"]
    history = [{"step": step + 1.0, "loss": float(loss)} for step, loss in enumerate(losses)]
    return files | {"booster.ubj": bytes(model.get_booster().save_raw("ubj"))}, history


def load(files: Files, genres: Sequence[str]) -> Callable[[pl.DataFrame], Scores]:
    """The model, ready to be asked many times: rows (text, media_type) to log odds, shape (rows, 1, genres)."""
    import xgboost
    from threadpoolctl import threadpool_limits

    booster = xgboost.Booster()
    booster.load_model(bytearray(files["booster.ubj"]))
    booster.set_param({"nthread": THREADS})
    vocabulary, parts = Words.from_files(files), _Parts(files)

    def scores(rows: pl.DataFrame) -> Scores:
        if rows.is_empty():
            return np.zeros((0, PARTS, len(genres)))
        with threadpool_limits(limits=1):
            found = vocabulary.rows(words.texts_of(rows))
            said = words.log_odds(parts.linear, found)
            features = parts.features(found, said, (rows["media_type"] == "tv").to_numpy())
        probabilities = booster.inplace_predict(features).astype(np.float64).reshape(rows.height, 1, len(genres))
        return log_odds(probabilities)

    return scores


class _Parts:
    """What makes features of TF-IDF rows, as it was saved."""

    def __init__(self, files: Files) -> None:
        self.basis = from_npy(files["directions.npy"]).astype(np.float64)
        self.linear = from_npy(files["linear.npy"]).astype(np.float64)
        self.catalogue = from_npy(files["catalogue.npy"]).astype(np.float64)

    def features(self, rows: Any, said: Matrix, tv: Any) -> Any:
        """float32 of shape (rows, directions + genres + catalogue's labels + 1)."""
        parts = [rows @ self.basis.T, said, words.log_odds(self.catalogue, rows), tv[:, None]]
        return np.hstack([np.asarray(part, dtype=np.float32) for part in parts])


def _stacked(views: list[Any], truth: Flags, groups: list[str]) -> tuple[Matrix, list[Matrix]]:
    """Weights learned on all rows of all views, and each view's log odds by weights that have not seen a row's group."""
    fold = np.array([bucket(group) % CONFIG["folds"] for group in groups])
    found = [np.zeros(truth.shape) for _ in views]
    for held in range(CONFIG["folds"]):
        out, seen = fold == held, fold != held
        if not out.any():
            continue
        weights = np.zeros((views[0].shape[1] + 1, truth.shape[1]))
        if seen.any():
            weights = words.fit_logistic(_stack(*[view[seen] for view in views]), np.concatenate([truth[seen]] * 2))
        for said, view in zip(found, views, strict=True):
            said[out] = words.log_odds(weights, view[out])
    return words.fit_logistic(_stack(*views), np.concatenate([truth] * 2)), found


def _foreign(rows: Any, labels: list[list[str]]) -> Matrix:
    """Weights for a catalogue's own labels, those of at least CONFIG["catalogue_label_titles"] titles."""
    counts = Counter(label for row in labels for label in set(row))
    kept = sorted(label for label, titles in counts.items() if titles >= CONFIG["catalogue_label_titles"])
    flags = label_matrix(pl.Series(labels, dtype=pl.List(pl.String)), kept)
    return words.fit_logistic(rows, flags, CONFIG["catalogue_strength"])


def _stack(*views: Any) -> Any:
    from scipy import sparse

    return sparse.vstack(views, format="csr")
