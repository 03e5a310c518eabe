"""TMDb: a third-party client against the sandbox, real answers through our parsers, and a full-sized export.

`python -m bench.tmdb` prints all three; `--verbose` also what the client does with each real answer.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from bench.shared import SHARED

LINES = {"movie": 950_000, "tv": 250_000}
DAY = date(2026, 11, 20)

_CHILD = """
import asyncio, json, os, sys, time
from datetime import date
from trending_assets.contracts import TABLES, conform, validate
from trending_assets.lake import open_lake
from trending_assets.raw.tmdb.api import tmdb
from trending_assets.settings import Settings
import polars as pl, resource
day = date.fromisoformat(sys.argv[2])
frame = pl.DataFrame({"a": [1]}).unique()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
async def read():
    async with tmdb(Settings(tmdb_exports_url=sys.argv[1])) as api:
        return await api.catalogue(day)
begin = time.perf_counter()
exports = asyncio.run(read())
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
frame = pl.concat([export.frame for export in exports])
table = TABLES["raw/tmdb_catalogue"]
assert validate(conform(frame, table), table) == []
open_lake(sys.argv[3]).write(table.name, frame, day)
left_out = {reason: sum(e.left_out[reason] for e in exports) for reason in sorted(exports[0].left_out)}
print(json.dumps({
    "lines": sum(e.lines for e in exports), "rows": frame.height, "left_out": left_out,
    "quarantined": sum(len(e.bad) for e in exports), "seconds": seconds, "all_seconds": time.perf_counter() - begin,
    "before": before, "peak": peak, "peak_written": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
}))
"""


def third_party() -> int:
    """Print every call of tmdbsimple and whether it was answered right; gives the number that was not."""
    from bench.tmdb_calls import facts_of, outcomes
    from sandbox.generator import generate
    from sandbox.process import running

    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        generate(7, 30, DAY, world)
        with running(world) as sandbox:
            for bearer in (False, True):
                found = list(outcomes(sandbox.url, facts_of(world), bearer))
                bad = [entry for entry in found if entry[1]]
                wrong += len(bad)
                key = "v4 token" if bearer else "v3 key"
                print(
                    f"\n(a) tmdbsimple with a {key}, a sandbox of 30 generated days: {len(found) - len(bad)} of {len(found)}"
                )
                for written, trouble in found if not bearer else bad:
                    print(f"  {'WRONG' if trouble else 'ok   '} {written}" + (f"  {trouble}" if trouble else ""))
    return wrong


def real_answers(verbose: bool) -> int:
    """Print what every real answer is and what came out; gives the number that was not recognised or broke something."""
    from bench.tmdb_fixtures import readings

    if not (SHARED / "fixtures" / "tmdb").is_dir():
        print(f"\n(b) No real answers at {SHARED} (set TRENDING_SHARED): left out.")
        return 0
    found = list(readings(SHARED))
    bad = [one for one in found if not one.ok]
    print(
        f"\n(b) Real answers of TMDb: {len(found) - len(bad)} of {len(found)} recognised, client and parsers unbroken"
    )
    for one in found:
        print(f"  {'ok   ' if one.ok else 'WRONG'} {one.name}: {one.kind}; {one.outcome}")
        if verbose or not one.ok:
            print(f"        {one.client}")
    return len(bad)


def _line(media: str, number: int) -> dict[str, Any]:
    name = "original_title" if media == "movie" else "original_name"
    made = {"id": number, name: f"A made-up title with the number {number} é", "popularity": 1000 / (number + 1)}
    if media == "movie":
        made |= {"adult": number % 50 == 7, "video": number % 70 == 9}
    if number % 100_000 == 11:
        made |= {"id": number - 1}  # repeated
    if number % 100_000 == 13:
        made |= {name: " "}
    return made


def write_export(path: Path, media: str, lines: int) -> None:
    """An export in TMDb's shape, with every kind of line that is left out or broken."""
    with gzip.open(path, "wb", compresslevel=1) as out:
        for number in range(1, lines + 1):
            line = json.dumps(_line(media, number)).encode()
            out.write(line[:-9] + b"\n" if number % 100_000 == 17 else line + b"\n")


@contextmanager
def _folder_served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def full_export() -> dict[str, Any]:
    """Download and read an export of 1.2 million lines in a fresh process; print seconds, rows and peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for media, stem in (("movie", "movie_ids"), ("tv", "tv_series_ids")):
            write_export(folder / f"{stem}_{DAY:%m_%d_%Y}.json.gz", media, LINES[media])
        size = sum(path.stat().st_size for path in folder.iterdir())
        with _folder_served(folder) as url:
            command = [sys.executable, "-c", _CHILD, url, DAY.isoformat(), str(folder / "lake")]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    accounted = found["rows"] + sum(found["left_out"].values()) + found["quarantined"]
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in found["left_out"].items())
    mib = {name: found[name] / 1024 for name in ("before", "peak", "peak_written")}
    print(f"\n(c) Exports of {sum(LINES.values()):,} lines ({size / 1e6:.0f} MB of gzip) over HTTP in a fresh process:")
    print(f"  {found['seconds']:.1f} s, {found['lines'] / found['seconds']:,.0f} lines a second")
    print(f"  {found['lines']:,} lines = {found['rows']:,} rows + {left_out} + {found['quarantined']} quarantined")
    print(f"  peak memory {mib['peak']:.0f} MiB, of which {mib['before']:.0f} MiB for the imports alone")
    print(
        f"  with the contract checked and the partition written: {found['all_seconds']:.1f} s, peak {mib['peak_written']:.0f} MiB"
    )
    return found | {"accounted": accounted}


def main() -> int:
    """Print all three. Exit 1 where a call or an answer was not right, or a line was lost."""
    begin = time.monotonic()
    wrong = third_party() + real_answers("--verbose" in sys.argv)
    found = full_export()
    lost = found["lines"] - found["accounted"]
    print(f"\n{wrong} wrong, {lost} lines lost, {time.monotonic() - begin:.0f} s in all.")
    return 1 if wrong or lost or found["lines"] != sum(LINES.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
