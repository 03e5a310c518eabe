"""What a headless run tells a person: a line or a bar per asset, and one sentence per failure."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dagster as dg
from dagster import DagsterEvent, DagsterEventType

from trending_assets.io_manager import RANGE_ROWS

Listener = Callable[[DagsterEvent], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Show a listener every event of runs in this process that have the logger `progress`."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class _Handler(logging.Handler):
    """Passes Dagster's structured events on, and prints warnings that an asset logs."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        if event is not None:
            for listener in list(_listeners):
                listener(event)
        elif record.levelno >= logging.WARNING:
            message = meta.get("orig_message") or record.getMessage()
            if not message.startswith("Dependencies for step"):  # what follows a failure is not worth a line each
                print(f"  {message}", file=sys.stderr)


@dg.logger
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """Dagster logger `progress`: quiet but for warnings and what a listener shows."""
    logger = logging.Logger("trending.progress", logging.DEBUG)
    logger.addHandler(_Handler())
    return logger


@dataclass
class RunDisplay:
    """Collects a run's events: shows steps as they end and keeps what failed, by asset.

    `assets` names the tables that a step makes. On a terminal a bar; elsewhere one plain line a table.
    """

    title: str
    total: int
    assets: dict[str, list[str]]
    failures: dict[str, str] = field(default_factory=dict)
    failed_checks: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    _done: int = 0

    def __post_init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._console = Console(file=sys.stdout, highlight=False)  # stdout of now: the run redirects it later
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<34}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> "RunDisplay":
        _listeners.append(self._on_event)
        self._console.print(self.title)
        self._bar.start()
        self._task = self._bar.add_task("starting", total=self.total)
        return self

    def __exit__(self, *_: object) -> None:
        _listeners.remove(self._on_event)
        self._bar.stop()

    def _name(self, event: DagsterEvent) -> str:
        return ", ".join(self.assets.get(event.step_key or "", [])) or (event.step_key or "run").replace("__", "/")

    def _on_event(self, event: DagsterEvent) -> None:
        kind = event.event_type
        if kind == DagsterEventType.STEP_START:
            self._bar.update(self._task, description=_short(self._name(event)))
        elif kind == DagsterEventType.ASSET_MATERIALIZATION:
            self._count_rows(event)
        elif kind == DagsterEventType.ASSET_CHECK_EVALUATION:
            found = event.asset_check_evaluation_data
            if not found.passed and found.severity == dg.AssetCheckSeverity.ERROR:
                name = found.asset_key.to_user_string()
                self.failed_checks[f"{name} ({found.check_name})"] = found.description or "the check failed"
        elif kind in (DagsterEventType.STEP_SUCCESS, DagsterEventType.STEP_SKIPPED, DagsterEventType.STEP_FAILURE):
            self._end(event, kind)

    def _count_rows(self, event: DagsterEvent) -> None:
        found = event.step_materialization_data.materialization.metadata
        name = event.asset_key.to_user_string() if event.asset_key else ""
        for label in (RANGE_ROWS, "dagster/row_count"):
            if label in found:
                self.rows[name] = int(found[label].value)  # type: ignore[arg-type]
                return
        if (entry := found.get("dagster/partition_row_count")) is not None:
            self.rows[name] = self.rows.get(name, 0) + int(entry.value)  # type: ignore[arg-type]

    def _end(self, event: DagsterEvent, kind: DagsterEventType) -> None:
        self._done += 1
        self._bar.update(self._task, completed=self._done)
        names = self.assets.get(event.step_key or "", [])
        if kind == DagsterEventType.STEP_FAILURE:
            why = _reason(event)
            for name in names or [self._name(event)]:
                self.failures[name] = why.removeprefix(f"{name}: ")
            label = self._name(event)
            self._console.print(f"  failed   {label}: {why.removeprefix(f'{label}: ')}", soft_wrap=True)
        elif kind == DagsterEventType.STEP_SUCCESS and names and not self._console.is_terminal:
            seconds = event.step_success_data.duration_ms / 1000
            for name in names:
                rows = f"{self.rows[name]:>10,} rows" if name in self.rows else ""
                self._console.print(f"  {self._done:>3}/{self.total}  {name:<28}{rows:<18}{seconds:6.1f} s")


def _short(names: str) -> str:
    return names if len(names) <= 34 else names[:33] + "…"


def _reason(event: DagsterEvent) -> str:
    """The sentence of a dg.Failure or of our own error; the type and message of anything else."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return " ".join(error.message.split())[:600] if error else "failed without a message"
