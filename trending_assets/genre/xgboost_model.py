"""XGBoost over TF-IDF: words and word pairs, their latent directions, and whether it is TV. Saved without pickle."""

import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from trending_assets.genre.bundle import Files
from trending_assets.genre.evaluation import Flags, Matrix

FILES = ("booster.ubj", "terms.json", "idf.npy", "directions.npy")
CONFIG: dict[str, Any] = {
    "terms": 20_000,
    "direct_terms": 4_000,
    "directions": 150,
    "n_estimators": 200,
    "learning_rate": 0.1,
    "max_depth": 4,
    "subsample": 0.8,
    "colsample_bytree": 0.3,
    "max_bin": 64,
    "seed": 0,
}
"""The `direct_terms` most frequent terms are features of their own; all terms feed the latent directions (truncated SVD)."""
THREADS = 1
"""More give the same bytes, but wait for each other in a busy loop: beside other work two threads took four times as long."""


def fit(train: pl.DataFrame, truth: Flags) -> Files:
    """Train on rows (text, media_type) and their labels, shape (rows, genres). Same rows, same bytes.

    One tree a genre and round (binary logistic), histogram splits. Words come as they are: no list of genre words is masked.
    """
    import xgboost
    from sklearn.decomposition import TruncatedSVD
    from threadpoolctl import threadpool_limits

    vectorizer = _vectorizer(CONFIG["terms"])
    try:
        tfidf = vectorizer.fit_transform(train["text"].to_list())
    except ValueError:  # every text shorter than the smallest term
        vectorizer = _vectorizer(CONFIG["terms"]).fit(["nothing"])
        tfidf = vectorizer.transform(train["text"].to_list())
    frequency = np.asarray((tfidf > 0).sum(axis=0)).ravel()
    order = np.lexsort((np.arange(len(frequency)), -frequency))  # most frequent first: the direct ones are a prefix
    terms = vectorizer.get_feature_names_out()[order]
    tfidf = tfidf[:, order]
    directions = min(CONFIG["directions"], min(tfidf.shape) - 1)
    # One BLAS thread: with more, sums come in another order and the bytes change from machine load to machine load.
    with threadpool_limits(limits=1):
        if directions > 0:
            basis = TruncatedSVD(directions, random_state=CONFIG["seed"]).fit(tfidf).components_
        else:
            basis = np.zeros((0, len(terms)))
        files: Files = {
            "terms.json": json.dumps(list(terms), ensure_ascii=False).encode(),
            "idf.npy": _npy(vectorizer.idf_[order]),
            "directions.npy": _npy(basis.astype(np.float32)),
        }
        features = _features(*_read_back(files), train)
    model = xgboost.XGBClassifier(
        **{k: CONFIG[k] for k in ("n_estimators", "learning_rate", "max_depth", "subsample")},
        colsample_bytree=CONFIG["colsample_bytree"],
        max_bin=CONFIG["max_bin"],
        random_state=CONFIG["seed"],
        objective="binary:logistic",
        tree_method="hist",
        multi_strategy="one_output_per_tree",
        n_jobs=THREADS,
    ).fit(features, truth.astype(np.int8))
    return files | {"booster.ubj": bytes(model.get_booster().save_raw("ubj"))}


def load(files: Files, genres: Sequence[str]) -> Callable[[pl.DataFrame], Matrix]:
    """The model, ready to be asked many times: rows (text, media_type) to probabilities, shape (rows, genres)."""
    import xgboost
    from threadpoolctl import threadpool_limits

    booster = xgboost.Booster()
    booster.load_model(bytearray(files["booster.ubj"]))
    booster.set_param({"nthread": THREADS})
    vectorizer, basis = _read_back(files)

    def probabilities(rows: pl.DataFrame) -> Matrix:
        if rows.is_empty():
            return np.zeros((0, len(genres)))
        with threadpool_limits(limits=1):
            features = _features(vectorizer, basis, rows)
        return booster.inplace_predict(features).astype(np.float64).reshape(rows.height, len(genres))

    return probabilities


def _vectorizer(most: int | None = None, terms: list[str] | None = None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        ngram_range=(1, 2), max_features=most, vocabulary=terms, sublinear_tf=True, stop_words="english"
    )


def _read_back(files: Files) -> tuple[Any, Any]:
    """The vectorizer and the latent directions of a model's files."""
    vectorizer = _vectorizer(terms=json.loads(files["terms.json"]))
    vectorizer.idf_ = _from_npy(files["idf.npy"])
    return vectorizer, _from_npy(files["directions.npy"])


def _features(vectorizer: Any, basis: Any, rows: pl.DataFrame) -> Any:
    """Sparse float32 rows: direct terms, latent directions, TV flag."""
    from scipy import sparse

    tfidf = vectorizer.transform(rows["text"].to_list())
    tv = (rows["media_type"] == "tv").to_numpy().astype(np.float32)[:, None]
    parts = [tfidf[:, : CONFIG["direct_terms"]], (tfidf @ basis.T).astype(np.float32), tv]
    return sparse.hstack(parts, format="csr", dtype=np.float32)


def _npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _from_npy(data: bytes) -> Any:
    return np.load(io.BytesIO(data), allow_pickle=False)
