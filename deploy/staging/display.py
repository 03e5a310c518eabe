"""What a person sees while staging works, and the tables at the end."""

import time
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from deploy.staging.drive import Outcome
    from deploy.staging.system import System
    from deploy.staging.watch import Seen

LINE_SECONDS = 15.0
PAGES = {"webserver": "Dagit", "viewer": "Dagit, read-only", "api": "API and page", "prometheus": "Prometheus"}


class Display:
    """Lines with the seconds since the start. On a terminal one more that changes; elsewhere one every 15 seconds."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._begun, self._last = time.monotonic(), 0.0
        self._status = self.console.status("starting") if self.console.is_terminal else None

    def __enter__(self) -> "Display":
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def tell(self, sentence: str) -> None:
        """A line that stays."""
        self.console.print(f"{time.monotonic() - self._begun:6.0f} s  {sentence}", markup=False, soft_wrap=True)

    def addresses(self, system: "System") -> None:
        """Where a browser may look while it works."""
        for name, what in PAGES.items():
            if name in system.ports:
                self.tell(f"  {what:<18}{system.url(name)}")

    def day(self, day: date, there: int, of: int, runs: dict[str, int], clock: datetime, seen: "Seen") -> None:
        """How a day stands."""
        under_way = runs.get("STARTED", 0) + runs.get("STARTING", 0)
        line = (
            f"{day}: {there} of {of} tables · runs: {runs.get('SUCCESS', 0)} done, {under_way} under way, "
            f"{runs.get('QUEUED', 0)} queued, {runs.get('FAILURE', 0)} failed · clock {clock:%a %H:%M} · "
            f"API: {seen.answers:,} answers, {seen.faults.total()} faults"
        )
        if self._status:
            self._status.update(line)
        elif time.monotonic() - self._last > LINE_SECONDS:
            self._last = time.monotonic()
            self.tell(line)


def summary(outcome: "Outcome") -> Table:
    """What happened, as a table of two columns."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column()
    for day, seconds in outcome.seconds.items():
        table.add_row(f"day {day}", f"whole and served {seconds:.0f} s after 03:00")
    ended = ", ".join(f"{n} {status.lower()}" for status, n in sorted(outcome.runs.items()))
    table.add_row("runs", f"{sum(outcome.runs.values())}, all by automation: {ended}")
    table.add_row("retried runs", str(outcome.retried))
    for recovery in outcome.recoveries:
        steps = ", ".join(f"{step} after {seconds:.1f} s" for step, seconds in recovery.steps.items())
        table.add_row(f"kill -9, {recovery.fault}", steps)
    if outcome.restarts:
        table.add_row("started again", ", ".join(f"{name} {n}×" for name, n in sorted(outcome.restarts.items())))
    seen = outcome.seen
    table.add_row(
        "API answers checked",
        f"{seen.answers:,} ({seen.before:,} times 503 before the first publish), {seen.faults.total()} faults, "
        f"slowest {seen.longest * 1000:.0f} ms, {len(seen.versions)} versions served",
    )
    table.add_row("partitions", f"{outcome.tables} tables × {len(outcome.seconds)} days, {outcome.rows:,} rows")
    table.add_row("LLM calls", f"{outcome.calls:,}, none paid for twice")
    table.add_row("logs in S3", f"{outcome.logs:,} objects")
    table.add_row("Prometheus", f"{outcome.targets} targets" if outcome.targets else "not here")
    return table
