"""`trending backtest`: the backtest on bare files, with its table on the terminal, its page and its tables in a folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trending_assets.failures import PermanentFailure
from trending_assets.files import write_file
from trending_assets.trends.backtest import report, tables
from trending_assets.trends.backtest.days import Range
from trending_assets.trends.backtest.run import OURS, Result, Step, backtest
from trending_assets.trends.command import scores_of_files

FRAMES = ("methods", "days", "differences", "coverage", "reliability", "strata", "events")


def backtest_files(titles: Path, documents: Path, charts: Path | None, tuning: Range, test: Range, out: Path) -> Result:
    """Rank the days of the files as `trending rank` does, judge them, and write report.html and the tables into `out`.

    Shows progress on standard error. Raises PermanentFailure, one sentence, for wrong files or days.
    """
    _need_order(tuning, test)
    with progress() as step:
        ranked = scores_of_files(titles, documents, charts, tuning[0], test[1], step)
        result = backtest(
            ranked.counts,
            ranked.scores,
            tuning,
            test,
            alerts=ranked.alerts,
            releases=ranked.releases,
            voices=ranked.voices,
            step=step,
        )
    for name in FRAMES:
        write_file(getattr(result, name), out / f"{name}.parquet")
    write_file(tables.tidy(result), out / "backtest.parquet")
    try:
        (out / "report.html").write_text(report.page(result, f"Documents of {documents.name}"), encoding="utf-8")
    except OSError as error:
        raise PermanentFailure(f"{out / 'report.html'} cannot be written: {error.strerror or error}.") from None
    return result


def _need_order(tuning: Range, test: Range) -> None:
    for (first, last), names in ((tuning, ("--tuning-from", "--tuning-to")), (test, ("--from", "--to"))):
        if last < first:
            raise PermanentFailure(f"{names[1]} {last} is before {names[0]} {first}.")
    if tuning[1] >= test[0]:
        raise PermanentFailure(f"--tuning-to {tuning[1]} is not before --from {test[0]}: tuning must not see the test.")


def show(result: Result) -> None:
    """The table on standard output, ours in bold, and what it says."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    head, body = tables.methods(result)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in head:
        table.add_column(column, no_wrap=True)
    for row in body:
        table.add_row(*(Text(cell, style="bold" if row[0] == OURS else "") for cell in row))
    console = Console(highlight=False)
    # Off a terminal rich would fold at 80 columns; a table that is cut helps nobody.
    console.width = max(console.width, 110)
    console.print(table)
    for line in ["", tables.days_in_words(result), *tables.sentences(result), tables.covered(result)]:
        console.print(Text(line), soft_wrap=True)


@contextmanager
def progress() -> Iterator[Step]:
    """A bar on a terminal, elsewhere a plain line each tenth, both on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr, highlight=False)
    if not console.is_terminal:
        yield _line
        return
    columns = TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, total: bar.update(task, description=what[:40], completed=done, total=total)


def _line(what: str, done: int, total: int) -> None:
    if done and (done >= total or done % max(total // 10, 1) == 0):
        print(f"  {done}/{total}  {what}", file=sys.stderr)
