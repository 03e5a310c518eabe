"""What grows in a machine's state folder: W&B runs, the copies that wait for `wandb sync`, and logs."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from trending_assets.retention import LOG_DAYS, RUN_DAYS, SYNCED_RUN_DAYS


def clear_state(state: Path, now: datetime, dry_run: bool) -> list[str]:
    """Delete synced runs after a week, other runs after half a year, copies that no run waits with, and old logs.

    A copy in `wandb/data` is written while its run runs: one that is older than the oldest run which is not synced yet
    belongs to none of these.
    """
    wandb = state / "wandb"
    runs = [folder for folder in (*wandb.glob("offline-run-*"), *wandb.glob("run-*")) if folder.is_dir()]
    old = [run for run in runs if _over(run, now)]
    waiting = [_begun(run) for run in runs if run not in old and not _synced(run)]
    keep_from = min(waiting, default=now.timestamp())
    copies = [f for name in ("data", "cache") for f in (wandb / name).rglob("*") if f.is_file()]
    copies = [file for file in copies if file.stat().st_mtime < keep_from]
    logs = [f for f in (state / "logs").glob("*") if f.is_file() and _age(f, now) > timedelta(days=LOG_DAYS)]
    if not dry_run:
        for run in old:
            shutil.rmtree(run, ignore_errors=True)
        for file in (*copies, *logs):
            file.unlink(missing_ok=True)
    if not (old or copies or logs):
        return []
    verb = "would be deleted" if dry_run else "deleted"
    return [f"  {state}: {len(old):,} W&B runs, {len(copies):,} copies of theirs and {len(logs):,} logs {verb}"]


def _synced(run: Path) -> bool:
    return not run.name.startswith("offline-") or any(run.glob("*.wandb.synced"))


def _over(run: Path, now: datetime) -> bool:
    files = [*run.glob("*.wandb.synced")] or [*run.glob("*.wandb")] or [run]
    days = SYNCED_RUN_DAYS if _synced(run) else RUN_DAYS
    return max(timedelta(seconds=now.timestamp() - file.stat().st_mtime) for file in files) > timedelta(days=days)


def _begun(run: Path) -> float:
    """Seconds since 1970 of the first file of a run."""
    return min((file.stat().st_mtime for file in run.rglob("*") if file.is_file()), default=run.stat().st_mtime) - 60


def _age(file: Path, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - file.stat().st_mtime)
