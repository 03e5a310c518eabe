"""Locust's scenarios against a real server: `python -m bench.locust_run` (10 minutes at 200 requests a second).

`--publish-every` publishes another version of the newest day meanwhile, and `--minutes` makes it a soak: the server's memory
is read before and after. Prints errors, p50 and p99 by scenario.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.made_lake import DAY, days_until, made_lake, publish_made
from bench.made_marts import Made
from bench.server_process import server, trending_serve
from trending_assets.lake import Lake
from trending_assets.s3 import free_port

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
WARM_UP = 20
"""Seconds of load before memory is read for the first time."""


@dataclass(frozen=True)
class Line:
    """A scenario's figures, or those of all; milliseconds."""

    name: str
    requests: int
    failures: int
    p50: float
    p99: float


@dataclass(frozen=True)
class Loaded:
    """What a run showed. `lines` end with that of all; `reasons` are Locust's words for failures; MiB of the server."""

    lines: list[Line]
    reasons: list[str]
    rss_before: float
    rss_after: float
    publishes: int


def locust(url: str, rate: int, seconds: int, folder: Path) -> tuple[list[Line], list[str]]:
    """Run Locust as a process of its own (it patches sockets when imported). Raises RuntimeError where it does not run."""
    command = [
        *(sys.executable, "-m", "locust", "--headless", "-f", str(LOCUSTFILE), "--host", url, "--only-summary"),
        *("--users", str(rate), "--spawn-rate", str(rate), "--run-time", f"{seconds}s", "--stop-timeout", "10"),
        *("--csv", str(folder / "locust"), "--exit-code-on-error", "0", "--reset-stats"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise RuntimeError(f"Locust failed:\n{done.stderr[-3000:]}")
    with (folder / "locust_stats.csv").open() as file:
        lines = [
            Line(
                row["Name"],
                int(row["Request Count"]),
                int(row["Failure Count"]),
                float(row["50%"] if row["50%"] != "N/A" else 0),
                float(row["99%"] if row["99%"] != "N/A" else 0),
            )
            for row in csv.DictReader(file)
        ]
    with (folder / "locust_failures.csv").open() as file:
        reasons = [f"{row['Occurrences']} x {row['Name']}: {row['Error']}" for row in csv.DictReader(file)]
    return lines, reasons


@contextmanager
def publishing(lake: Lake, titles: int, documents: int, every: float) -> Iterator[list[int]]:
    """Publish the newest day anew every so many seconds (0: never); gives the versions, which grow meanwhile."""
    versions: list[int] = []
    stopping = threading.Event()

    def publish() -> None:
        while not stopping.wait(every):
            made = Made(titles, documents, seed=100 + len(versions))
            versions.append(publish_made(lake, made, [DAY]).version)

    thread = threading.Thread(target=publish) if every else None
    if thread:
        thread.start()
    try:
        yield versions
    finally:
        stopping.set()
        if thread:
            thread.join()


def load(
    folder: Path, rate: int, seconds: int, days: int, titles: int, documents: int, publish_every: float, warm_up: int
) -> Loaded:
    """A made lake, a server over it, and Locust."""
    lake, port = made_lake(folder / "lake", days_until(DAY, days), titles, documents), free_port()
    env = {"TRENDING_STATE_DIR": str(folder / "state"), "TRENDING_API_DRAIN_SECONDS": "0"}
    with server(trending_serve(lake.uri, port), port, env=env) as one:
        with publishing(lake, titles, documents, publish_every) as versions:
            if warm_up:
                locust(one.url, rate, warm_up, folder)
            before = one.rss_mib()
            lines, reasons = locust(one.url, rate, seconds, folder)
        return Loaded(lines, reasons, before, one.rss_mib(), len(versions))


def main() -> None:
    """Print the figures; exit 1 on an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--host", metavar="URL", help="an API that runs elsewhere; without it one is started over a made lake"
    )
    parser.add_argument("--most-p99", type=float, metavar="MS", help="exit 1 where the p99 of all requests is higher")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=int, default=200, help="requests a second")
    parser.add_argument("--publish-every", type=float, default=0, help="seconds between publishes; 0: none")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--titles", type=int, default=500)
    parser.add_argument("--documents", type=int, default=2000)
    options = parser.parse_args()
    seconds = round(60 * options.minutes)
    with tempfile.TemporaryDirectory() as name:
        sizes = (options.days, options.titles, options.documents)
        if options.host:
            found = Loaded(*locust(options.host, options.rate, seconds, Path(name)), 0, 0, 0)
        else:
            found = load(Path(name), options.rate, seconds, *sizes, options.publish_every, WARM_UP)
    print(
        f"Measured on {platform.machine()}, {os.cpu_count()} cores (load {os.getloadavg()[0]:.1f} at the end),", end=" "
    )
    what = options.host or f"{options.days} days of {options.titles} titles"
    print(f"Python {platform.python_version()}; {what}.")
    print(f"{'':<28}{'requests':>10}{'errors':>8}{'p50 ms':>8}{'p99 ms':>8}")
    for line in found.lines:
        print(f"{line.name:<28}{line.requests:>10,}{line.failures:>8}{line.p50:>8.0f}{line.p99:>8.0f}")
    whole = found.lines[-1]
    print(f"{whole.requests / seconds:.0f} requests/s for {options.minutes:g} minutes, {whole.failures} errors.")
    if not options.host:
        memory = f"{found.rss_before:.0f} MiB before, {found.rss_after:.0f} after"
        print(f"{found.publishes} publishes meanwhile; the server: {memory}.")
    print(*found.reasons, sep="\n")
    slow = options.most_p99 is not None and whole.p99 > options.most_p99
    if slow:
        print(f"The p99 of {whole.p99:.0f} ms is above {options.most_p99:g} ms.")
    sys.exit(1 if whole.failures or slow or not whole.requests else 0)


if __name__ == "__main__":
    main()
