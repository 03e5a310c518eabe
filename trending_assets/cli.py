"""`trending …`: thin commands over the same functions that the assets call."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.keys_command import app as keys
from trending_assets.counter import counter
from trending_assets.failures import PermanentFailure, TrendingError
from trending_assets.genre.cli import app as genre
from trending_assets.interrupts import interruptible, wait_for_interrupt
from trending_assets.operations.cli import app as lake_versions
from trending_assets.options import Documents, From, LakeUri, Out, Port, Titles, To, World

app = typer.Typer(
    help="Trending Now: what is rising in film and TV, from the scraped page to the served number.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(genre, name="genre")
app.add_typer(keys, name="keys")
app.add_typer(lake_versions, name="lake")
serving = typer.Typer(
    help="Versions of what the API serves: list them, go back to one, clear away.", no_args_is_help=True
)
app.add_typer(serving, name="serving")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PermanentFailure(f"{option} {text} is not a day; write it as YYYY-MM-DD.") from None


@app.command()
def run(first: From, last: To, lake: LakeUri, world: World = "live") -> None:
    """Materialize the whole graph for a range of days, without Dagit. Exit 1 names what failed."""
    from trending_assets.run import check_range, run_range, world_served
    from trending_assets.up import report

    start, end = _day(first, "--from"), _day(last, "--to")
    check_range(start, end)
    with world_served(world):
        ended = run_range(start, end, lake)
    if ended.failures:
        report(ended.failures)
        if ended.whole:
            print("Every day is materialized: what failed are checks.", file=sys.stderr)
        raise typer.Exit(1)
    print("Everything is materialized.")


@app.command()
def serve(lake: LakeUri, port: Port = 8000) -> None:
    """Serve the API and the page from a lake."""
    from api.service import serve as serve_api
    from trending_assets.ports import check_port
    from trending_assets.settings import get_settings
    from trending_assets.store import absolute_lake

    check_port(port, "the API")
    serve_api(absolute_lake(lake), get_settings().api_host, port)


@app.command()
def exporter(
    lake: LakeUri,
    port: Port = 9108,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 in a container.")] = "127.0.0.1",
) -> None:
    """Serve metrics of pipeline, data, models and money to Prometheus, from the lake and from Dagster's storage."""
    from trending_assets.monitoring.service import serve as serve_metrics
    from trending_assets.ports import check_port
    from trending_assets.settings import get_settings
    from trending_assets.store import absolute_lake

    check_port(port, "the exporter")
    serve_metrics(absolute_lake(lake), host, port, get_settings())


@app.command()
def sandbox(world: Annotated[Path, typer.Option(help="A world's folder.")], port: Port = 8900) -> None:
    """Serve a small internet on loopback from a world's folder: TMDb, sites and feeds, an LLM."""
    from sandbox.server import serve as serve_world
    from trending_assets.ports import check_port

    check_port(port, "the sandbox")
    serve_world(world, "127.0.0.1", port)


@app.command()
def s3(
    folder: Annotated[Path, typer.Option("--dir", help="Folder that holds the objects.")], port: Port = 8333
) -> None:
    """Serve S3 from a folder (SeaweedFS), to try s3:// lakes on one machine."""
    from trending_assets.ports import check_port
    from trending_assets.s3 import environment, s3_server

    check_port(port, "the S3 server")
    with s3_server(folder.resolve(), port) as url:
        print(f"S3 at {url}. In the shell that uses it:")
        for name, value in environment(port).items():
            print(f"  export {name}={value}")
        wait_for_interrupt()


@app.command()
def up(
    dagit_port: Annotated[int, typer.Option(help="Port of Dagit.")] = 3000,
    api_port: Annotated[int, typer.Option(help="Port of API and page.")] = 8000,
    sandbox_port: Annotated[int, typer.Option(help="Port of the sandbox.")] = 8900,
    exporter_port: Annotated[int, typer.Option(help="Port of the metrics of pipeline and data.")] = 9108,
) -> None:
    """Materialize the sandbox world's last 14 days, then serve Dagit, API, page and metrics until Ctrl-C."""
    from trending_assets.up import up as start

    raise typer.Exit(start(dagit_port, api_port, sandbox_port, exporter_port))


@app.command()
def status(lake: LakeUri) -> None:
    """Newest day of every table, and due days that are missing. Exit 1 where one is."""
    from datetime import UTC, datetime

    from trending_assets.freshness import freshness
    from trending_assets.lake import open_lake
    from trending_assets.monitoring.partition_metrics import daily_tables
    from trending_assets.settings import get_settings

    found = freshness(open_lake(lake), daily_tables(), datetime.now(UTC), get_settings().first_day)
    for state in found:
        print(f"{state.table:<26} {state.newest or '-'!s:<12} {state.sentence}")
    raise typer.Exit(1 if any(state.missing for state in found) else 0)


@app.command()
def link(titles: Titles, documents: Documents, out: Out) -> None:
    """Link documents to titles: url, title_id (null: left unlinked), confidence."""
    from trending_assets.linking.command import link_files

    print(f"{link_files(titles, documents, out):,} rows in {out}")


@app.command()
def score(documents: Documents, out: Out) -> None:
    """Score documents by the configured LLM: sentiment, enthusiasm, vibe tags and what they cost."""
    from trending_assets.scoring.command import score_files
    from trending_assets.settings import get_settings

    print("\n".join(score_files(documents, out, get_settings(), counter).lines()))


@app.command()
def llm(
    lake: Annotated[str | None, typer.Option(help="A lake, to show its calls and what of it waits.")] = None,
    again: Annotated[
        list[str] | None,
        typer.Option(
            "--ask-again",
            help="Let paid failures of this kind (refusal, schema, …), or calls in_doubt, be asked and paid again.",
        ),
    ] = None,
) -> None:
    """Show what LLM calls cost today, which have no known outcome, and what waits for budget or a batch."""
    from trending_assets.lake import open_lake
    from trending_assets.scoring.status import ask_again, status
    from trending_assets.settings import get_settings

    settings = get_settings()
    if again:
        print(f"{ask_again(settings, again):,} calls may be asked again.")
    print("\n".join(status(settings, open_lake(lake) if lake else None)))


@app.command()
def prompts(
    lake: LakeUri,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Measure the version in use and a new one; decide.")
    ] = False,
    use: Annotated[str | None, typer.Option(help="Put a version into use by hand: TASK=VERSION.")] = None,
) -> None:
    """Prompt versions side by side: how well each scores, and which one is in use."""
    from trending_assets.lake import open_lake
    from trending_assets.scoring.evaluation import command
    from trending_assets.settings import get_settings

    opened, settings = open_lake(lake), get_settings()
    if use:
        print(command.use(opened, settings, use))
    if evaluate:
        tally = command.evaluate(opened, settings, counter)
        print(f"{tally.calls:,} calls, {tally.cache_hits:,} answers were known.")
    print(command.listing(opened, settings))


@app.command()
def rank(
    titles: Titles,
    documents: Documents,
    first: From,
    last: To,
    out: Out,
    charts: Annotated[Path | None, typer.Option(help="Parquet of charts, in the shape of a world's.")] = None,
) -> None:
    """Rank every title on each day by what was known at its end: popular now, rising, and what is expected.

    Writes date, title_id, score, rank (popular now), rising_score, rising_rank, the mentions expected over the next 7 days
    and the lift, each with its 95% interval.
    """
    from trending_assets.trends.backtest.command import progress
    from trending_assets.trends.command import rank_files

    with progress() as step:
        rows = rank_files(titles, documents, charts, _day(first, "--from"), _day(last, "--to"), out, step)
    print(f"{rows:,} rows in {out}")


@app.command()
def backtest(
    titles: Titles,
    documents: Documents,
    tuning_first: Annotated[str, typer.Option("--tuning-from", help="First day that baselines are tuned on.")],
    tuning_last: Annotated[str, typer.Option("--tuning-to", help="Last of those days.")],
    first: From,
    last: To,
    out: Annotated[Path, typer.Option(help="Folder for report.html and the tables.")],
    charts: Annotated[Path | None, typer.Option(help="Parquet of charts, in the shape of a world's.")] = None,
) -> None:
    """Judge the ranking of past days by what was mentioned next, beside baselines tuned on earlier days."""
    from trending_assets.trends.backtest.command import backtest_files, show

    tuning = _day(tuning_first, "--tuning-from"), _day(tuning_last, "--tuning-to")
    test = _day(first, "--from"), _day(last, "--to")
    show(backtest_files(titles, documents, charts, tuning, test, out))
    print(f"The page is {out / 'report.html'}.")


@app.command()
def features(
    lake: LakeUri,
    title: Annotated[str, typer.Option(help="movie-<tmdb id> or tv-<tmdb id>.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="A moment, 2013-05-04 or 2013-05-04T12:30 (UTC); now without it.")
    ] = None,
) -> None:
    """A title's features: from the online store, or with --as-of as they were known at a moment."""
    from trending_assets.features.store.command import show
    from trending_assets.lake import open_lake

    show(open_lake(lake), title, as_of)


@serving.command("list")
def serving_list(lake: LakeUri) -> None:
    """Versions of what is served, oldest first: newest day, days, and which of them changed. * is served now."""
    from trending_assets.serving.command import listing

    print("\n".join(listing(lake)))


@serving.command("rollback")
def serving_rollback(
    lake: LakeUri, version: Annotated[int, typer.Option("--to", help="Number of the version, as list shows it.")]
) -> None:
    """Serve again what an earlier version had. It becomes a new version, so this can be undone, too."""
    from trending_assets.serving.command import rollback

    print(rollback(lake, version))


@serving.command("prune")
def serving_prune(
    lake: LakeUri, keep: Annotated[int, typer.Option(help="How many of the last versions stay.")] = 30
) -> None:
    """Delete older versions, and what no kept one names and is older than an hour."""
    from trending_assets.serving.command import prune

    print(prune(lake, keep))


@app.command()
def drift(
    baseline: Annotated[Path, typer.Option(help="Parquet that the current one is held against.")],
    current: Annotated[Path, typer.Option(help="Parquet to test.")],
    out: Out,
    block: Annotated[
        str | None,
        typer.Option(
            help="Column whose equal values make rows alike (title_id, say): tests count blocks. "
            "By default the first such column that both files have; none: rows are independent."
        ),
    ] = None,
) -> None:
    """Test two files for drift, column by column: statistic, p-value, effect, drifted."""
    from trending_assets.drift.command import drift_files

    found = drift_files(baseline, current, out, block)
    drifted = f"Drifted: {', '.join(found.drifted)}." if found.drifted else "Nothing drifted."
    print(
        f"{found.rows:,} rows in {out}. {drifted} Rows count {f'by {found.block}' if found.block else 'as independent'}."
    )


def main() -> None:
    """Entry point: an error that a person can act on is one sentence and exit 1; a wrong call is exit 2."""
    interruptible()
    try:
        app()
    except TrendingError as error:
        print(f"trending: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\ntrending: stopped.", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        if os.environ.get("TRENDING_DEBUG"):
            raise
        print(
            f"trending: unexpected {type(error).__name__}: {error}. TRENDING_DEBUG=1 shows where.",
            file=sys.stderr,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
