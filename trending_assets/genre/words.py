"""Words of a text as numbers (TF-IDF), and one logistic regression a genre over them: a part of both models.

Alone this is the usual baseline, TF-IDF + LR; XGBoost and BERT stand on it and have to beat it.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.bundle import Files

TERMS_JSON, IDF_NPY = "terms.json", "idf.npy"
FILES = (TERMS_JSON, IDF_NPY)
TERMS = 30_000
"""Words and word pairs that are kept, the most frequent ones."""
STRENGTH = 10.0
"""scikit-learn's C."""
SURE = 6.0
"""Log odds of a genre that every row of a small training has, or none."""


@dataclass(frozen=True)
class Words:
    """A fitted vocabulary: texts to sparse TF-IDF rows."""

    vectorizer: Any

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "Words":
        """Of texts that a vocabulary of at most TERMS words and word pairs is read off. Same texts, same vocabulary."""
        least = 2 if len(texts) >= 500 else 1
        vectorizer = _vectorizer(most=TERMS, least=least)
        try:
            vectorizer.fit(texts)
        except ValueError:  # every text shorter than the smallest term
            vectorizer = _vectorizer(most=TERMS).fit(["nothing"])
        return cls(vectorizer)

    @classmethod
    def from_files(cls, files: Files) -> "Words":
        """As `files` wrote it."""
        vectorizer = _vectorizer(terms=json.loads(files[TERMS_JSON]))
        vectorizer.idf_ = from_npy(files[IDF_NPY]).astype(np.float64)
        return cls(vectorizer)

    @property
    def files(self) -> Files:
        """terms.json and idf.npy."""
        terms = list(self.vectorizer.get_feature_names_out())
        return {TERMS_JSON: json.dumps(terms, ensure_ascii=False).encode(), IDF_NPY: npy(self.vectorizer.idf_)}

    def rows(self, texts: Sequence[str]) -> Any:
        """Sparse matrix of shape (texts, terms)."""
        from scipy.sparse import csr_matrix

        if not len(texts):  # scikit-learn refuses none
            return csr_matrix((0, len(self.vectorizer.idf_)))
        return self.vectorizer.transform(texts)


def texts_of(rows: pl.DataFrame, column: str = "text") -> list[str]:
    """Texts of rows (text, media_type) with the medium as a word of its own, for some genres are TV's alone."""
    lead = pl.when(pl.col("media_type") == "tv").then(pl.lit("onairtv ")).otherwise(pl.lit(""))
    found: list[str] = rows.select(pl.concat_str([lead, pl.col(column)]).alias("found"))["found"].to_list()
    return found


def plain_text() -> pl.Expr:
    """Title and overview alone, as a title without details is known."""
    return pl.concat_str(["title", "overview"], separator="\n", ignore_nulls=True).str.strip_chars().alias("plain")


def fit_logistic(rows: Any, truth: Flags, strength: float = STRENGTH) -> Matrix:
    """Weights of shape (terms + 1, genres), the intercept last, from sparse rows and labels (rows, genres).

    Positive titles of a genre weigh as much as all others together.
    """
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((rows.shape[1] + 1, truth.shape[1]))
    for column in range(truth.shape[1]):
        wanted = truth[:, column]
        if wanted.all() or not wanted.any():
            weights[-1, column] = SURE if wanted.all() else -SURE
            continue
        model = LogisticRegression(
            C=strength, class_weight="balanced", solver="liblinear", random_state=0, max_iter=200
        )
        model.fit(rows, wanted)
        weights[:-1, column], weights[-1, column] = model.coef_[0], model.intercept_[0]
    return weights


def log_odds(weights: Matrix, rows: Any) -> Matrix:
    """Log odds of shape (rows, genres) from weights as `fit_logistic` gives them."""
    return np.asarray(rows @ weights[:-1] + weights[-1])


def npy(array: Any) -> bytes:
    """An array as the bytes of a .npy file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def from_npy(data: bytes) -> Any:
    """The array of a .npy file's bytes."""
    return np.load(io.BytesIO(data), allow_pickle=False)


def _vectorizer(most: int | None = None, least: int = 1, terms: list[str] | None = None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        ngram_range=(1, 2),
        max_features=most,
        min_df=least,
        vocabulary=terms,
        sublinear_tf=True,
        stop_words="english",
    )
