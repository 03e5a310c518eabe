"""Training and asking a genre model, whichever kind it is."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.genre import bert_model, calibration, xgboost_model
from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.bundle import MODEL_JSON, NEVER, Files, Kind, Meta, model_id
from trending_assets.genre.catalogues import TMDB
from trending_assets.genre.encoder import PACKAGED
from trending_assets.genre.evaluation import MACRO, confusion, evaluate, label_matrix, slices, tune_thresholds
from trending_assets.genre.masking import masked
from trending_assets.genre.training import SPLITS, trainable_genres
from trending_assets.genre.words import from_npy, npy, plain_text

_log = logging.getLogger(__name__)
_MODULES: dict[Kind, ModuleType] = {"xgboost": xgboost_model, "bert": bert_model}
CALIBRATION = "calibration.npy"
FILES: dict[Kind, tuple[str, ...]] = {kind: (*module.FILES, CALIBRATION) for kind, module in _MODULES.items()}
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
        """Rows (text, media_type) to calibrated probabilities, shape (rows, genres of the model)."""
        if not self.meta.genres:
            return np.zeros((rows.height, 0))
        return self._loaded(rows)

    @cached_property
    def _loaded(self) -> Callable[[pl.DataFrame], Matrix]:
        scores = _MODULES[self.meta.kind].load(self.files, self.meta.genres)
        weights = from_npy(self.files[CALIBRATION])
        return lambda rows: calibration.apply(weights, scores(rows))

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
    """What a training gives: the model, its evaluation table, the loss by step, and which genres it takes for which."""

    model: GenreModel
    evaluation: pl.DataFrame
    history: list[dict[str, float]]
    confusion: pl.DataFrame | None = None

    @property
    def macro_f1(self) -> float:
        """Macro F1 on the test split."""
        return float(self.evaluation.filter(slice="test", genre=MACRO)["f1"][0])


def train(
    kind: Kind,
    training_set: pl.DataFrame,
    version: str,
    progress: Progress = _log.info,
    extra_files: Files | None = None,
    encoder: str = PACKAGED,
    epochs: int | None = None,
) -> Trained:
    """Train on the split `train` of a frame like genre/training_set, calibrate and tune on `valid`, evaluate on the others.

    Genres with fewer than 3 training titles are left out. With none left the result is a model that predicts nothing, and a
    warning. What is evaluated is the model as read back from its files. `extra_files` go into the bundle as they are;
    `encoder` is what BERT starts from, `epochs` how often it reads the titles where that is not what its CONFIG says.
    """
    parts = {split: training_set.filter(pl.col("split") == split) for split in SPLITS}
    learned, catalogue = _sides(training_set)
    genres = trainable_genres(learned)
    through = training_set["trained_through"].max() if training_set.height else NEVER
    config = dict(_MODULES[kind].CONFIG)
    if kind == "bert":
        config |= {"encoder": encoder} | ({"epochs": epochs} if epochs else {})

    def finished(files: Files, thresholds: tuple[float, ...]) -> GenreModel:
        meta = Meta(kind, genres, thresholds, version, through, config)  # type: ignore[arg-type]
        return GenreModel(files | (extra_files or {}) | {MODEL_JSON: meta.to_json()})

    history: list[dict[str, float]] = []
    if genres:
        progress(f"{kind}: {learned.height:,} titles, {len(genres)} genres")
        truth = label_matrix(learned["genres"], genres)
        valid = parts["valid"]
        actual = label_matrix(valid["genres"], genres)
        if kind == "bert":
            files, history = bert_model.fit(learned, truth, catalogue, progress, encoder, (valid, actual), epochs)
        else:
            files, history = xgboost_model.fit(learned, truth, catalogue, progress)
        progress(f"{kind}: calibrating on {valid.height:,} titles")
        weights, thresholds = _settle(kind, files, genres, valid, actual)
        model = finished(files | {CALIBRATION: npy(weights)}, thresholds)
    else:
        _log.warning(
            "The training set of %d titles has no genre with 3 training titles: the %s model predicts nothing. "
            "Materialize days with more titles that have overviews, then train again.",
            training_set.height,
            kind,
        )
        model = finished({}, ())
    test = parts["test"]
    said = model.probabilities(test)
    found = confusion(said >= np.array(model.meta.thresholds), label_matrix(test["genres"], genres), genres)
    rows = list(_evaluated(model, test, said, parts["later"]))
    return Trained(model, _evaluation_table(kind, rows, model), history, found)


def _sides(training_set: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Training rows of the sources that are tested on, and those of catalogues, which name genres in their own way."""
    held = set(training_set.filter(pl.col("split") != "train")["source"]) | {TMDB}
    train = training_set.filter(pl.col("split") == "train")
    own = pl.col("source").is_in(list(held))
    return train.filter(own), train.filter(~own)


def _settle(
    kind: Kind, files: Files, genres: tuple[str, ...], valid: pl.DataFrame, actual: Flags
) -> tuple[Matrix, tuple[float, ...]]:
    """Calibration and thresholds from the validation split, read with and without tagline and keywords."""
    scores = _MODULES[kind].load(files, genres)
    both = [valid, valid.with_columns(plain_text().alias("text"))]
    said = np.concatenate([scores(rows) for rows in both])
    truth = np.concatenate([actual, actual])
    weights = calibration.fit(said, truth)
    return weights, tune_thresholds(calibration.apply(weights, said), truth)


def _evaluated(model: GenreModel, test: pl.DataFrame, said: Matrix, later: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows of the evaluation: by genre of the test split (of which the model `said` so), of it masked and of later titles;
    the means alone of its slices."""
    genres, cuts = model.meta.genres, model.meta.thresholds
    hidden = masked(test)
    whole = {"test": (test, said), "masked": (hidden, model.probabilities(hidden))}
    for name, (titles, answers) in (whole | {"later": (later, model.probabilities(later))}).items():
        for row in evaluate(answers, cuts, genres, titles["genres"]):
            yield {"slice": name} | row
    for part, flags in slices(test):
        for row in evaluate(said[flags.to_numpy()], cuts, genres, test["genres"].filter(flags))[-2:]:
            yield {"slice": part} | row


def _evaluation_table(kind: Kind, rows: list[dict[str, Any]], model: GenreModel) -> pl.DataFrame:
    identity = {
        "model_id": model.id,
        "data_version": model.meta.data_version,
        "trained_through": model.meta.trained_through,
    }
    return conform(pl.DataFrame([row | identity for row in rows]), TABLES[f"genre/{kind}"])
