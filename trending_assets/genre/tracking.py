"""Training runs and promotions in Weights & Biases: config, curves, tables, data in and model out. Offline unless told."""

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import POINTER, write_folder
from trending_assets.genre.card import card, of_slice, slice_means
from trending_assets.genre.models import Trained
from trending_assets.genre.runs import read_run
from trending_assets.genre.training import split_sizes
from trending_assets.settings import Settings

PROJECT = "trending-now-genre"
REGISTRY = "wandb-registry-model"
DATA = "genre-training-set"
"""Name of the artifact that a training takes in; what it gives is `genre-<kind>`."""
_log = logging.getLogger(__name__)


def track(
    trained: Trained, settings: Settings, training_set: pl.DataFrame, reference: str | None = None
) -> Path | None:
    """Write one W&B run of a training under <state_dir>/wandb and give its folder; None where tracking is disabled.

    The run holds the config, the curves (loss by step, what was measured on `valid`), the tables by genre, by slice and of
    confusions, the data as an artifact taken in (the DVC pointer where the model has one, and its metadata; `reference` is
    told as where the file lies) and the model with its card as one given out, under the aliases `candidate` and its id.
    Offline, a failure of W&B is a warning: a model is not lost for its diary. Online it raises PermanentFailure, for somebody
    counts on the run being there. Runs live outside the lake, for they carry wall-clock times.
    """
    meta = trained.model.meta
    config = meta.config | _provenance(trained) | {"kind": meta.kind, "genres": list(meta.genres)}
    config |= {f"rows_{split}": count for split, count in split_sizes(training_set).items()}

    def write(run: Any) -> None:
        _log_curves(run, trained.history)
        _log_tables(run, trained)
        with tempfile.TemporaryDirectory() as scratch:
            _data_in(run, trained, training_set, Path(scratch) / "data", reference)
            _model_out(run, trained, training_set, Path(scratch) / "model")

    return _run(settings, "train", meta.kind, f"{meta.kind}-{trained.model.id}", config, write)


def track_promotion(verdict: Mapping[str, Any], settings: Settings) -> Path | None:
    """Write a small W&B run of a verdict (a row of genre/champion: model, candidate_id, champion_id, promoted, production, …).

    Online, the registry's aliases follow: `champion` to what was promoted, `production` where the kind is served. W&B links
    nothing offline; there the run records which aliases point where, and the lake's registry is the truth. Gives the run's
    folder and fails as track does.
    """
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in verdict.items()}
    kind, champion = str(verdict["model"]), verdict.get("champion_id")
    aliases = ["champion", *(["production"] if verdict.get("production") else [])] if champion else []

    def write(run: Any) -> None:
        run.summary.update(plain | {"aliases": {alias: f"{kind}/{champion}" for alias in aliases}})
        if champion and settings.wandb_mode == "online":
            wandb_link(run, kind, str(champion), aliases)

    return _run(settings, "promotion", kind, f"{kind}-{verdict.get('candidate_id')}", plain, write)


def wandb_link(run: Any, kind: str, model_id: str, aliases: list[str]) -> None:
    """Point the registry's collection genre-<kind> and these aliases to a model that a training logged. Online only."""
    artifact = run.use_artifact(f"genre-{kind}:{model_id}", type="model")
    run.link_artifact(artifact, f"{REGISTRY}/genre-{kind}", aliases)


def _run(
    settings: Settings, job: str, group: str, name: str, config: Mapping[str, Any], write: Callable[[Any], None]
) -> Path | None:
    """One run from start to end; `write` puts into it what it holds."""
    if settings.wandb_mode == "disabled":
        return None
    try:
        folder = settings.state_dir.resolve()  # W&B adds wandb/ itself
        folder.mkdir(parents=True, exist_ok=True)
        with _environment(folder / "wandb"):
            import wandb

            run = wandb.init(
                project=PROJECT,
                job_type=job,
                group=group,
                name=name,
                dir=str(folder),
                mode=settings.wandb_mode,
                config=dict(config),
                # No git: the address of a checkout's remote may hold a token.
                settings=wandb.Settings(silent=True, console="off", x_disable_stats=True, disable_git=True),
                reinit="create_new",
            )
            try:
                write(run)
                run.finish()
            except BaseException:
                run.finish(exit_code=1)
                raise
            return _written(Path(run.dir).parent)
    except Exception as error:  # W&B raises its own errors, the network's and the disk's
        message = _without_key(f"W&B did not take the run ({settings.wandb_mode}): {type(error).__name__}: {error}")
        if settings.wandb_mode == "online":
            raise PermanentFailure(f"{message}. Check WANDB_API_KEY, or set TRENDING_WANDB_MODE=offline.") from None
        _log.warning(message)
        return None


def _written(folder: Path) -> Path:
    """The run's folder, once its file is whole: W&B's own process writes on for a moment after finish() came back."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if any(read_run(path).exit_code is not None for path in folder.glob("run-*.wandb")):
            return folder
        time.sleep(0.02)
    raise TimeoutError(f"{folder} was not written to its end")


@contextmanager
def _environment(folder: Path) -> Iterator[None]:
    """W&B says nothing, and keeps the files that wait for `wandb sync` beside the runs and not in the user's home."""
    wanted = {"WANDB_SILENT": "true", "WANDB_CONSOLE": "off"}
    wanted |= {"WANDB_DATA_DIR": str(folder / "data"), "WANDB_CACHE_DIR": str(folder / "cache")}
    new = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)


def _without_key(text: str) -> str:
    key = os.environ.get("WANDB_API_KEY", "")
    return " ".join((text.replace(key, "***") if key else text).split())


def _provenance(trained: Trained) -> dict[str, str]:
    meta = trained.model.meta
    return {
        "model_id": trained.model.id,
        "data_version": meta.data_version,
        "trained_through": meta.trained_through.isoformat(),
    }


def _log_curves(run: Any, history: list[dict[str, float]]) -> None:
    """Rows of step and measures: `loss` is of the training batch, names that begin with valid are of that split."""
    steps: dict[int, dict[str, float]] = {}
    for row in history:
        measures = {
            f"valid/{name[5:].strip('_/')}" if name.startswith("valid") else f"train/{name}": value
            for name, value in row.items()
            if name != "step"
        }
        steps.setdefault(int(row["step"]), {}).update(measures)
    for step in sorted(steps):
        run.log(steps[step], step=step)


def _log_tables(run: Any, trained: Trained) -> None:
    tested = of_slice(trained.evaluation, "test")
    tables = {
        "test/genres": tested.drop("model_id", "data_version", "trained_through", "slice", strict=False),
        "test/slices": slice_means(trained.evaluation),
    }
    if trained.confusion is not None:
        tables["test/confusion"] = trained.confusion
    run.log({name: _table(frame) for name, frame in tables.items()})
    for row in tested.filter(pl.col("genre").is_in(["macro", "micro"])).to_dicts():
        names = [name for name in ("f1", "precision", "recall", "ece") if name in row]
        run.summary.update({f"test/{row['genre']}_{name}": row[name] for name in names})


def _table(frame: pl.DataFrame) -> Any:
    import wandb

    return wandb.Table(columns=list[str | int](frame.columns), data=[list(row) for row in frame.iter_rows()])


def _data_in(run: Any, trained: Trained, training_set: pl.DataFrame, folder: Path, reference: str | None) -> None:
    """The training set as an artifact that the run used: DVC's pointer, not the rows, which carry others' texts."""
    import wandb

    meta = trained.model.meta
    metadata: dict[str, Any] = {"data_version": meta.data_version, "trained_through": meta.trained_through.isoformat()}
    metadata |= {"rows": split_sizes(training_set)} | ({"file": reference} if reference else {})
    artifact = wandb.Artifact(DATA, type="dataset", metadata=metadata)
    folder.mkdir()
    (folder / "data_version.txt").write_text(f"{meta.data_version}\n")
    if POINTER in trained.model.files:
        (folder / POINTER).write_bytes(trained.model.files[POINTER])
    artifact.add_dir(str(folder))
    # What use_artifact does with a new artifact, but for waiting; it refuses to offline, where `wandb sync` does it later.
    run._log_artifact(artifact, is_user_created=True, use_after_commit=True)


def _model_out(run: Any, trained: Trained, training_set: pl.DataFrame, folder: Path) -> None:
    import wandb

    write_folder(trained.model.files, folder)
    (folder / "README.md").write_text(card(trained, training_set))
    metadata = _provenance(trained) | {"macro_f1": trained.macro_f1}
    artifact = wandb.Artifact(f"genre-{trained.model.meta.kind}", type="model", metadata=metadata)
    artifact.add_dir(str(folder))
    run.log_artifact(artifact, aliases=["candidate", trained.model.id])
