"""A training on the training set of a lake, from its bytes to what is published, wherever it runs. Imports no Dagster."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import POINTER, Kind
from trending_assets.lake import Lake
from trending_assets.settings import Settings

if TYPE_CHECKING:
    from trending_assets.genre.models import GenreModel, Progress

TRAINING_SET = "genre/training_set"


@dataclass(frozen=True)
class Fitted:
    """What a training reports: facts of the materialization, and a warning or none."""

    facts: dict[str, Any]
    warning: str | None


def fit(lake: Lake, kind: Kind, training_set: pl.DataFrame, settings: Settings, progress: "Progress") -> Fitted:
    """Train on the lake's training set and publish: the model and its entry in the registry, the evaluation, W&B's run.

    Until everything is trained and held against its contract, the lake gets nothing but the version of the training set. Raises
    PermanentFailure where DVC's remote, the contract, the registry or W&B (online) refuse, or the lake does not give the model
    back as its kind's candidate. (A check in the asset's own step would make automation leave the contract's check out.)
    """
    from trending_assets.genre.models import train
    from trending_assets.genre.registry import read_registry, register
    from trending_assets.genre.tracking import track
    from trending_assets.genre.versions import keep_version

    read_registry(lake)  # one that is none is better known before hours of training
    table, data = f"genre/{kind}", lake.store.get(lake.key(TRAINING_SET)) or b""
    version = hashlib.sha256(data).hexdigest()
    pointer = keep_version(lake, data, settings)
    trained = train(kind, training_set, version, progress, {POINTER: pointer.encode()}, settings.genre_encoder)
    if problems := validate(conform(trained.evaluation, TABLES[table]), TABLES[table]):
        raise PermanentFailure(f"{table} breaks its contract: {'; '.join(problems)}.")
    key = register(lake, trained.model)
    _must_be_kept(lake, trained.model)
    lake.write(table, trained.evaluation)
    run = track(trained, settings, training_set, lake.location(TRAINING_SET))
    facts = {
        "macro_f1": trained.macro_f1,
        "model_id": trained.model.id,
        "data_version": version,
        "model": f"{lake.uri}/{key}",
        "wandb_run": str(run) if run else "disabled or not written",
        "dagster/row_count": trained.evaluation.height,
        "dagster/uri": lake.location(table),
    }
    none = None if trained.model.meta.genres else f"No genre has 3 training titles: the {kind} model predicts nothing."
    return Fitted(facts, none)


def _must_be_kept(lake: Lake, model: "GenreModel") -> None:
    from trending_assets.genre.registry import load, read_registry

    candidate = read_registry(lake).of(model.meta.kind).candidate
    if candidate != model.id:
        raise PermanentFailure(
            f"The candidate is {candidate}, not {model.id}: another training was faster. Train again."
        )
    if load(lake, model.meta.kind, candidate).files != model.files:
        raise PermanentFailure(f"The lake does not give back the files of {candidate}. Train again.")
