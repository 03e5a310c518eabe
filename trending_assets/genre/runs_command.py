"""`trending genre runs`: the W&B runs of trainings and promotions, and what one of them holds."""

from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure
from trending_assets.genre.runs import RunFile, find_runs, read_run


def list_runs(folder: Path) -> list[str]:
    """One line a run, oldest first. Raises PermanentFailure where there is none."""
    runs = sorted((read_run(path) for path in find_runs(folder)), key=lambda run: run.started)
    if not runs:
        raise PermanentFailure(f"{folder} holds no W&B run. Train a genre model, or name the folder with --dir.")
    lines = [f"{'run':<10} {'job':<10} {'name':<26} {'macro F1':>8}  state"]
    for run in runs:
        score = run.summary.get("test/macro_f1")
        shown = f"{score:.3f}" if isinstance(score, float | int) else "-"
        lines.append(f"{run.id:<10} {run.job:<10} {run.name:<26} {shown:>8}  {_state(run)}")
    return lines


def show_run(folder: Path, name: str) -> list[str]:
    """Config, history, summary, tables and artifacts of a run, by its id, its name or its folder.

    Raises PermanentFailure where no run, or more than one, goes by that name.
    """
    own = Path(name)
    found = [read_run(path) for path in find_runs(own if own.is_dir() else folder)]
    runs = found if own.is_dir() else [run for run in found if name in (run.id, run.name, run.folder.name)]
    if not runs:
        raise PermanentFailure(f"{folder} holds no W&B run {name}. `trending genre runs` lists them.")
    if len(runs) > 1:
        ids = ", ".join(run.id for run in runs)
        raise PermanentFailure(f"{name} are {len(runs)} runs: name one of {ids}.")
    return _lines(runs[0])


def _lines(run: RunFile) -> list[str]:
    lines = [f"run {run.id} ({run.name}), {run.job}, project {run.project}, {_state(run)}", f"  in {run.folder}"]
    lines += ["config", *_pairs(run.config)]
    measures = sorted({name for row in run.history for name in row} - {"step"})
    lines.append(f"history: {len(run.history):,} steps")
    for name in measures:
        values = [row[name] for row in run.history if name in row]
        lines.append(f"  {name}: {len(values):,} values, first {_short(values[0])}, last {_short(values[-1])}")
    tables = [f"  {name}: {rows:,} rows, {columns} columns" for name, (rows, columns) in sorted(run.tables.items())]
    lines += ["tables", *tables, "summary"]
    lines += _pairs({name: value for name, value in run.summary.items() if not _is_table(value)})
    lines.append("artifacts")
    for artifact in run.artifacts:
        way = "in " if artifact.used else "out"
        lines.append(f"  {way} {artifact.name} ({artifact.type}), aliases {', '.join(artifact.aliases)}")
        lines += [f"      {name}: {_short(value)}" for name, value in sorted(artifact.metadata.items())]
        lines += [f"      {path}, {size:,} bytes" for path, size in sorted(artifact.files.items())]
    return [*lines, f"`wandb sync {run.folder}` uploads it."]


def _pairs(values: dict[str, Any]) -> list[str]:
    return [f"  {name}: {_short(value)}" for name, value in sorted(values.items()) if not name.startswith("_")]


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and value.get("_type") == "table-file"


def _state(run: RunFile) -> str:
    return "not finished" if run.exit_code is None else f"failed ({run.exit_code})" if run.exit_code else "finished"


def _short(value: Any) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
