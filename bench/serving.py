"""CPU of a request to our API, beside hello worlds, Datasette and DuckDB on the same rows: `python -m bench.serving`.

Every server runs on one core and wrk on another; the figure is the user and system time of the server's process by request,
the best of some rounds in which all take turns (the machine may be busy, and then wall-clock figures are worth little).
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.made_lake import DAY
from bench.server_process import Server, server, trending_serve
from bench.serving_year import Year, year
from bench.wrk import Run, installed, wrk
from trending_assets.s3 import free_port

SERVER_CORE, CLIENT_CORE = 0, min(1, (os.cpu_count() or 1) - 1)
BASE = "FastAPI hello"


@dataclass(frozen=True)
class Cell:
    """What is measured: a server, the paths that are asked for in turn, and headers."""

    label: str
    server: str
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Figure:
    """The best round of a cell."""

    milliseconds: float
    run: Run
    answer_bytes: int


def commands(one: Year, ports: Mapping[str, int]) -> dict[str, tuple[list[str], str, dict[str, str]]]:
    """How each server is started, the path that says that it is ready, and its environment."""
    apps = [sys.executable, "-m", "bench.serving_apps"]
    datasette = str(Path(sys.executable).parent / "datasette")
    return {
        "raw": ([*apps, "raw", str(ports["raw"])], "/", {}),
        "fastapi": ([*apps, "fastapi", str(ports["fastapi"])], "/", {}),
        "ours": (trending_serve(str(one.lake), ports["ours"]), "/v1/trends", {}),
        "datasette": (
            [*(datasette, "serve", "-i", str(one.sqlite)), *("--port", str(ports["datasette"]))],
            "/-/versions.json",
            {},
        ),
        "duckdb": (
            [*apps, "duckdb", str(ports["duckdb"])],
            f"/trends?date={DAY}",
            {"YEAR_DAYS": str(one.lake / "marts/trends"), "YEAR_BY_TITLE": str(one.by_title)},
        ),
    }


def cells(one: Year, etag: str) -> list[Cell]:
    """Everything that is measured."""
    titles = one.made.ids
    top, pages = ["/v1/trends"], [f"/v1/titles/{title}" for title in titles]
    past = [f"{page}/history" for page in pages]
    gz, br = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}
    bare = "_shape=array&_nocount=1&_nofacet=1"
    return [
        Cell("raw ASGI hello", "raw", ["/"]),
        Cell(BASE, "fastapi", ["/"]),
        Cell("ours, top 50", "ours", top),
        Cell("ours, top 50, gzip", "ours", top, gz),
        Cell("ours, top 50, br", "ours", top, br),
        Cell("ours, top 50, 304", "ours", top, {"If-None-Match": etag}),
        Cell("ours, title page", "ours", pages),
        Cell("ours, title page, gzip", "ours", pages, gz),
        Cell("ours, title page, br", "ours", pages, br),
        Cell("ours, history", "ours", past),
        Cell("ours, history, gzip", "ours", past, gz),
        Cell("ours, history, br", "ours", past, br),
        Cell("Datasette, top 50", "datasette", [f"/year/trends.json?date={DAY}&_sort=rank&_size=50&{bare}"]),
        Cell(
            "Datasette, history",
            "datasette",
            [f"/year/trends.json?title_id={title}&_sort=date&_size=365&{bare}" for title in titles],
        ),
        Cell("DuckDB, top 50", "duckdb", [f"/trends?date={DAY}"]),
        Cell("DuckDB, history", "duckdb", [f"/history/{title}" for title in titles]),
    ]


def measure(cell: Cell, one: Server, seconds: int) -> Figure:
    """One round of a cell. Raises RuntimeError where an answer was an error."""
    reply = httpx.get(one.url + cell.paths[0], headers={"Accept-Encoding": "identity", **cell.headers}, timeout=60)
    if reply.status_code not in (200, 304):
        raise RuntimeError(f"{cell.label}: {reply.status_code} {reply.text[:200]}")
    before = one.cpu_seconds()
    run = wrk(one.url, cell.paths, cell.headers, seconds, core=CLIENT_CORE)
    spent = one.cpu_seconds() - before
    if run.errors or not run.requests:
        raise RuntimeError(f"{cell.label}: {run.errors} errors in {run.requests} requests")
    return Figure(1000 * spent / run.requests, run, reply.num_bytes_downloaded)


def measure_all(one: Year, rounds: int, seconds: int) -> Iterator[tuple[Cell, Figure]]:
    """The best round of every cell; all servers are up at once and idle but for the one that is asked."""
    ports = {name: free_port() for name in ("raw", "fastapi", "ours", "datasette", "duckdb")}
    with ExitStack() as stack:
        state = stack.enter_context(tempfile.TemporaryDirectory())
        running = {
            name: stack.enter_context(
                server(command, ports[name], ready, SERVER_CORE, {**env, "TRENDING_STATE_DIR": state})
            )
            for name, (command, ready, env) in commands(one, ports).items()
        }
        etag = httpx.get(running["ours"].url + "/v1/trends", headers={"Accept-Encoding": "identity"}).headers["etag"]
        found: dict[str, Figure] = {}
        listed = cells(one, etag)
        for _ in range(rounds):
            for cell in listed:
                figure = measure(cell, running[cell.server], seconds)
                if cell.label not in found or figure.milliseconds < found[cell.label].milliseconds:
                    found[cell.label] = figure
        print(f"Memory of our server after all this: {_memory(running['ours'])}.")
        for cell in listed:
            yield cell, found[cell.label]


def cold_start(one: Year, times: int) -> None:
    """From the start of the process to the first answer of the ranking."""
    best: Server | None = None
    memory = ""
    for _ in range(times):
        port = free_port()
        with tempfile.TemporaryDirectory() as state:
            env = {"TRENDING_STATE_DIR": state, "TRENDING_API_DRAIN_SECONDS": "0"}
            with server(trending_serve(str(one.lake), port), port, "/v1/trends", SERVER_CORE, env) as ours:
                if best is None or ours.ready_seconds < best.ready_seconds:
                    best, memory = ours, _memory(ours)
    assert best is not None
    print(
        f"Cold start with {one.days} days of {one.titles:,} titles, best of {times}: {best.ready_seconds:.2f} s",
        end=" ",
    )
    print(f"({best.ready_cpu:.2f} s of CPU) from the process's start to the first 200 of /v1/trends; then {memory}.")


def _memory(one: Server) -> str:
    return f"{one.rss_mib():.0f} MiB resident, {one.own_mib():.0f} MiB of them its own and no mapped file"


def main() -> None:
    """Print the figures and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--titles", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of a cell in a round")
    options = parser.parse_args()
    if not installed():
        sys.exit("wrk is needed: install Debian's package wrk.")
    one = year(options.days, options.titles)
    load = os.getloadavg()[0]
    print(
        f"Measured on {platform.machine()}, {os.cpu_count()} cores (load {load:.1f}), Python {platform.python_version()}."
    )
    cold_start(one, options.rounds)
    found = {cell.label: figure for cell, figure in measure_all(one, options.rounds, options.seconds)}
    base, top, past = found[BASE].milliseconds, found["ours, top 50"].milliseconds, found["ours, history"].milliseconds
    print(f"\n{'':<26}{'CPU ms':>8}{'x FastAPI hello':>17}{'bytes':>8}{'p50 ms':>8}{'p99 ms':>8}")
    for label, figure in found.items():
        print(
            f"{label:<26}{figure.milliseconds:>8.3f}{base / figure.milliseconds:>17.2f}{figure.answer_bytes:>8,}"
            f"{figure.run.p50:>8.1f}{figure.run.p99:>8.1f}"
        )
    print(f"\nTop 50: {found['Datasette, top 50'].milliseconds / top:.0f}x less CPU than Datasette,", end=" ")
    print(f"{found['DuckDB, top 50'].milliseconds / top:.0f}x less than DuckDB per request.")
    print(f"History: {found['Datasette, history'].milliseconds / past:.0f}x less CPU than Datasette,", end=" ")
    print(f"{found['DuckDB, history'].milliseconds / past:.0f}x less than DuckDB per request.")


if __name__ == "__main__":
    main()
