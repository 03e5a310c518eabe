"""`trending lake …`: what an operator does to a lake as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from trending_assets.counter import counter
from trending_assets.options import LakeUri

app = typer.Typer(
    help="The lake as a whole: its versions, what is kept how long, and what Dagster knows of it.", no_args_is_help=True
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.command("restore")
def restore(
    lake: LakeUri,
    to: Annotated[str, typer.Option("--to", help="A moment, 2013-05-04 or 2013-05-04T12:30:15 (UTC).")],
    prefix: Annotated[
        str, typer.Option(help="Only objects whose key begins so: marts/, raw/charts/date=2026-05.")
    ] = "",
    report: Annotated[
        Path | None, typer.Option(help="File (CSV) to write the partitions to whose bytes change: table, date, change.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Bring a lake on a versioned bucket back to what it was at a moment. No version is lost; a second run changes nothing."""
    from trending_assets.moments import moment
    from trending_assets.operations import restore as restoring
    from trending_assets.operations.object_versions import versioned_store

    root, store = versioned_store(lake)
    print(f"Looking at the versions of {root}.")
    found = restoring.plan(store, moment(to, "--to"), prefix)
    if report is not None:
        report.write_text(restoring.report(found))
    if not dry_run:
        restoring.carry_out(store, found, counter)
    print("\n".join(found.lines(done=not dry_run)))
    if report is not None:
        print(f"The partitions that change are in {report}.")


@app.command("versions")
def versions(
    lake: LakeUri,
    table: Annotated[str | None, typer.Option(help="A table, as marts/trends.")] = None,
    day: Annotated[str | None, typer.Option(help="Its day, YYYY-MM-DD; without it a table that has no days.")] = None,
    key: Annotated[str | None, typer.Option(help="Instead of both: an object's key within the lake.")] = None,
) -> None:
    """The versions of one partition, newest first: when it was written or deleted, and its size. * is current."""
    from trending_assets.operations.versions_command import listing

    print("\n".join(listing(lake, table, day, key)))


@app.command("prune")
def prune(
    lake: LakeUri,
    state: Annotated[
        bool, typer.Option("--state/--no-state", help="Also clear W&B runs and logs of this machine's state folder.")
    ] = True,
    dry_run: DryRun = False,
) -> None:
    """Delete what retention.py keeps no longer. What a window, a model or a served day still needs stays whatever its age."""
    from trending_assets.operations.prune_command import prune as clear_away

    print("\n".join(clear_away(lake, state, dry_run, counter)))


@app.command("report-to-dagster")
def report_to_dagster(
    lake: LakeUri,
    changed: Annotated[
        Path | None, typer.Option(help="Report of `trending lake restore`: its partitions are reported anew.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Tell Dagster's storage (DAGSTER_HOME) what the lake has: after a lost database, or a restore. Stop the daemon first.

    Partitions that Dagster does not know are reported as materialized, without a run; what it knows and the lake has not is
    forgotten, so that it counts as missing.
    """
    from trending_assets.operations.dagster_command import report

    print("\n".join(report(lake, changed, dry_run, counter)))
