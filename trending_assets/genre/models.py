"""Training and asking a genre model, whichever kind it is."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.genre import bert_model, xgboost_model
from trending_assets.genre.bundle import MODEL_JSON, NEVER, Files, Kind, Meta, model_id
from trending_assets.genre.evaluation import Matrix, evaluate, label_matrix, tune_thresholds
from trending_assets.genre.training import trainable_genres

_log = logging.getLogger(__name__)
_MODULES: dict[Kind, ModuleType] = {"xgboost": xgboost_model, "bert": bert_model}
FILES: dict[Kind, tuple[str, ...]] = {kind: module.FILES for kind, module in _MODULES.items()}
Progress = Callable[[str], None]


@dataclass(frozen=True)
class GenreModel:
    """A trained model, read back from its files. Without genres it predicts nothing. It is loaded when it is first asked."""

    files: Files
    meta: Meta = field(init=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meta", Meta.from_files(self.files))
        object.__setattr__(self, "id", model_id(self.files))

    def probabilities(self, rows: pl.DataFrame) -> Matrix:
        """Rows (text, media_type) to probabilities, shape (rows, genres of the model)."""
        if not self.meta.genres:
            return np.zeros((rows.height, 0))
        return np.clip(self._loaded(rows), 0.0, 1.0)

    @cached_property
    def _loaded(self) -> Callable[[pl.DataFrame], Matrix]:
        loaded: Callable[[pl.DataFrame], Matrix] = _MODULES[self.meta.kind].load(self.files, self.meta.genres)
        return loaded

    def predict(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows (title_id, text, media_type) to one row a title and genre: title_id, genre, probability, predicted."""
        genres = self.meta.genres
        long = pl.DataFrame(
            {
                "title_id": np.repeat(rows["title_id"].to_numpy(), len(genres)),
                "genre": list(genres) * rows.height,
                "probability": self.probabilities(rows).ravel(),
                "threshold": list(self.meta.thresholds) * rows.height,
            },
            schema={"title_id": pl.String, "genre": pl.String, "probability": pl.Float64, "threshold": pl.Float64},
        )
        return long.with_columns(predicted=pl.col("probability") >= pl.col("threshold")).drop("threshold")


@dataclass(frozen=True)
class Trained:
    """What a training gives: the model, its evaluation table, and the loss by step where the kind has one."""

    model: GenreModel
    evaluation: pl.DataFrame
    history: list[dict[str, float]]
    confusion: pl.DataFrame | None = None

    @property
    def macro_f1(self) -> float:
        """Macro F1 on the test split."""
        return float(self.evaluation.filter(pl.col("genre") == "macro")["f1"][0])


def train(
    kind: Kind,
    training_set: pl.DataFrame,
    version: str,
    progress: Progress = _log.info,
    extra_files: Files | None = None,
) -> Trained:
    """Train on the split `train`, tune thresholds on `valid`, evaluate on `test` of a frame like genre/training_set.

    Genres with fewer than 3 training titles are left out. With none left the result is a model that predicts nothing, and a
    warning. What is evaluated is the model as read back from its files. `extra_files` go into the bundle as they are.
    """
    parts = {split: training_set.filter(pl.col("split") == split) for split in ("train", "valid", "test")}
    genres = trainable_genres(parts["train"])
    through = training_set["trained_through"].max() if training_set.height else NEVER
    module = _MODULES[kind]

    def finished(weights: Files, thresholds: tuple[float, ...]) -> GenreModel:
        meta = Meta(kind, genres, thresholds, version, through, dict(module.CONFIG))  # type: ignore[arg-type]
        return GenreModel(weights | (extra_files or {}) | {MODEL_JSON: meta.to_json()})

    history: list[dict[str, float]] = []
    if genres:
        progress(f"{kind}: {parts['train'].height} titles, {len(genres)} genres")
        truth = label_matrix(parts["train"]["genres"], genres)
        if kind == "bert":
            weights, history = bert_model.fit(parts["train"], truth, progress)
        else:
            weights = xgboost_model.fit(parts["train"], truth)
        draft = finished(weights, (0.5,) * len(genres))
        valid = parts["valid"]
        model = finished(weights, tune_thresholds(draft.probabilities(valid), label_matrix(valid["genres"], genres)))
    else:
        _log.warning(
            "The training set of %d titles has no genre with 3 training titles: the %s model predicts nothing. "
            "Materialize days with more titles that have overviews, then train again.",
            training_set.height,
            kind,
        )
        model = finished({}, ())
    test = parts["test"]
    rows = evaluate(model.probabilities(test), model.meta.thresholds, genres, test["genres"])
    return Trained(model, _evaluation_table(kind, rows, model), history)


def _evaluation_table(kind: Kind, rows: list[dict[str, Any]], model: GenreModel) -> pl.DataFrame:
    identity = {
        "model_id": model.id,
        "data_version": model.meta.data_version,
        "trained_through": model.meta.trained_through,
    }
    return conform(pl.DataFrame([row | identity for row in rows]), TABLES[f"genre/{kind}"])
