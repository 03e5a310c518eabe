"""What a day's bundle costs: its size by kind of answer, and the time and memory of building and publishing it.

`python -m bench.publish_day [--titles 5000] [--documents 6000]`. The day is the last of a month whose 29 other days are
published already, in a folder. Seconds are the process's CPU seconds, as machines are shared. Memory is that of a process
that reads the marts and publishes them.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from bench.bundle_marts import made_day
from bench.linking_speed import _peak as peak
from trending_assets.lake import open_lake
from trending_assets.serving.audit import audit
from trending_assets.serving.build import Day, build
from trending_assets.serving.container import Container, pack
from trending_assets.serving.pointer import read_object
from trending_assets.serving.publish import publish
from trending_assets.serving.release import put_bundle, release
from trending_assets.serving.versions import rollback
from trending_assets.store import LocalStore

DAY = date(2026, 11, 30)
IMAGES = "https://image.tmdb.org/t/p"
MIB = 2**20
FRAMES = ("trends", "titles", "evidence", "charts", "drift", "calls")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--titles", type=int, default=5000)
    parser.add_argument("--documents", type=int, default=6000)
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        _memory(asked.memory)
        return
    with tempfile.TemporaryDirectory() as folder:
        day = made_day(DAY, asked.titles, asked.documents)
        _costs(Path(folder, "lake"), day)
        for name in FRAMES:
            getattr(day, name).write_parquet(Path(folder, name))
        subprocess.run([sys.executable, "-m", "bench.publish_day", "--memory", folder], check=True)


def _costs(folder: Path, day: Day) -> None:
    store = LocalStore(folder)
    spent: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        begin = time.process_time()
        result = step()
        spent[name] = time.process_time() - begin
        return result

    bundle = timed("build", lambda: build(day, IMAGES))
    assert timed("audit", lambda: audit(day, bundle)) == []
    data = timed("pack", lambda: pack(bundle.header, bundle.entries))
    others = [DAY - timedelta(days=n) for n in range(1, 30)]
    release(store, {other: put_bundle(store, f"{other:%Y%m%d}", data, bundle.cells)[0] for other in others})
    stored, _ = timed("put", lambda: put_bundle(store, bundle.snapshot, data, bundle.cells))
    pointer = timed("month and pointer", lambda: release(store, {DAY: stored}))
    whole = sum(spent.values())
    timed("again", lambda: release(store, {DAY: put_bundle(store, bundle.snapshot, data, bundle.cells)[0]}))
    assert timed("rollback", lambda: rollback(store, 1)).version == 3
    print(f"a day of {day.titles.height:,} titles and {day.evidence.height:,} documents: {len(data) / MIB:.1f} MiB")
    for kind, (count, *sizes) in sorted(_sizes(Container(data)).items()):
        body, zipped, broth = (size / MIB for size in sizes)
        print(f"  {kind:<13} {count:>6,} bodies {body:>7.2f} MiB, gzip {zipped:>6.2f}, brotli {broth:>6.2f}")
    month = read_object(store, pointer.history[f"{DAY:%Y-%m}"])
    print(f"  the history of its month, 30 days: {len(month) / MIB:.1f} MiB")
    steps = ("build", "audit", "pack", "put", "month and pointer")
    print(f"published in {whole:.2f} CPU seconds: " + ", ".join(f"{step} {spent[step]:.2f}" for step in steps))
    print(
        f"objects and pointer again, nothing changed: {spent['again']:.2f} s; rollback by a day: {spent['rollback']:.3f} s"
    )


def _sizes(whole: Container) -> dict[str, tuple[int, int, int, int]]:
    """By kind of answer: number, bytes of bodies, of gzip forms, of brotli forms."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for name in whole.names():
        entry = whole.find(name)
        assert entry is not None
        kind = name.split("/")[2].partition("?")[0] if name.startswith("/") else f"({name})"
        one = 1, len(entry.body), len(entry.gzip or b""), len(entry.brotli or b"")
        count, body, zipped, broth = found.get(kind, (0, 0, 0, 0))
        found[kind] = count + one[0], body + one[1], zipped + one[2], broth + one[3]
    return found


def _memory(folder: Path) -> None:
    frames = {name: pl.read_parquet(folder / name) for name in FRAMES}
    before = peak()
    publish(open_lake(str(folder / "once")), [Day(DAY, **frames, lineage=[])], IMAGES)
    print(f"peak memory {peak():,.0f} MiB; with the marts alone {before:,.0f} MiB")


if __name__ == "__main__":
    main()
