"""Training runs in Weights & Biases: config, loss, the per-genre table and the model as an artifact. Offline unless told."""

import logging
import os
import tempfile
from pathlib import Path

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import write_folder
from trending_assets.genre.models import Trained
from trending_assets.settings import Settings

PROJECT = "trending-now-genre"
_log = logging.getLogger(__name__)


def track(trained: Trained, settings: Settings, training_rows: int) -> Path | None:
    """Write one W&B run of a training under <state_dir>/wandb and give its folder; None where tracking is disabled.

    Offline, a failure of W&B is a warning: a model is not lost for its diary. Online it raises PermanentFailure, for somebody
    counts on the run being there. Runs live outside the lake, for they carry wall-clock times.
    """
    if settings.wandb_mode == "disabled":
        return None
    try:
        return _track(trained, settings, training_rows)
    except Exception as error:  # W&B raises its own errors, the network's and the disk's
        message = f"W&B did not take the run ({settings.wandb_mode}): {type(error).__name__}: {error}"
        if settings.wandb_mode == "online":
            raise PermanentFailure(f"{message}. Check WANDB_API_KEY, or set TRENDING_WANDB_MODE=offline.") from error
        _log.warning(message)
        return None


def _track(trained: Trained, settings: Settings, training_rows: int) -> Path:
    os.environ.setdefault("WANDB_SILENT", "true")
    os.environ.setdefault("WANDB_CONSOLE", "off")
    import wandb

    meta = trained.model.meta
    folder = settings.state_dir.resolve()  # W&B adds wandb/ itself
    folder.mkdir(parents=True, exist_ok=True)
    provenance = {
        "model_id": trained.model.id,
        "data_version": meta.data_version,
        "trained_through": meta.trained_through.isoformat(),
    }
    run = wandb.init(
        project=PROJECT,
        job_type="train",
        group=meta.kind,
        name=f"{meta.kind}-{trained.model.id}",
        dir=str(folder),
        mode=settings.wandb_mode,
        config=meta.config | provenance | {"kind": meta.kind, "genres": list(meta.genres), "rows": training_rows},
        settings=wandb.Settings(silent=True, console="off", x_disable_stats=True),
        reinit="create_new",
    )
    try:
        for step in trained.history:
            run.log({"train/loss": step["loss"]}, step=int(step["step"]))
        table = trained.evaluation.drop("model_id", "data_version", "trained_through")
        macro = trained.evaluation.filter(trained.evaluation["genre"] == "macro").to_dicts()[0]
        run.log(
            {
                "test/genres": wandb.Table(
                    columns=list[str | int](table.columns), data=[list(row) for row in table.iter_rows()]
                )
            }
        )
        run.summary.update({f"test/macro_{name}": macro[name] for name in ("f1", "precision", "recall")})
        with tempfile.TemporaryDirectory() as scratch:
            write_folder(trained.model.files, Path(scratch))
            artifact = wandb.Artifact(f"genre-{meta.kind}", type="model", metadata=provenance)
            artifact.add_dir(scratch)
            run.log_artifact(artifact)
            run.finish()
    except BaseException:
        run.finish(exit_code=1)
        raise
    return Path(run.dir).parent
