"""dbt's models on DuckDB and on Spark over the same upstream tables: rows compared one by one, seconds and memory side by side.

`python -m bench.spark --lake DIR --from D --to D` takes the tables of a lake that is there; `--world DIR` makes one first (the
whole graph, minutes). `--sizes 100000,1000000` times stg_documents over one made day of so many documents instead.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from trending_assets.contracts import DOCUMENT_TABLES, TABLES, conform, empty
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import EVIDENCE_DAYS, LATE_DAYS, days_between
from trending_assets.staging.dbt import build_vars
from trending_assets.staging.dbt_project import dbt_resource
from trending_assets.staging.dbt_schema import MARTS, PROJECT_DIR, SOURCES, STAGING
from trending_assets.staging.dbt_spark import missing
from trending_assets.staging.dbt_target import target_of

ENGINES = ("duckdb", "spark")
_WORDS = "the film was long and loud but never dull, we laughed twice and went home late with a song in our heads"


@dataclass(frozen=True)
class Cost:
    """What a dbt call took: wall and processor seconds, and the most memory of all its processes together, in bytes."""

    seconds: float
    cpu: float
    peak: int

    def __str__(self) -> str:
        return f"{self.seconds:7.1f} s {self.cpu:7.1f} s {self.peak / 2**30:5.2f} GB"


def differences(one: pl.DataFrame, other: pl.DataFrame) -> list[str]:
    """In what two frames differ, exactly (floats too, null is null), as sentences; none where they are equal."""
    if one.schema != other.schema:
        return ["other columns or types"]
    if one.height != other.height:
        return [f"{one.height:,} rows and {other.height:,}"]
    found = []
    for name in one.columns:
        if one[name].equals(other[name], null_equal=True):
            continue
        unequal = sum(a != b for a, b in zip(one[name].to_list(), other[name].to_list(), strict=True))
        found.append(f"{name} differs in {unequal} of {one.height} rows")
    return found


@dataclass
class _Seen:
    cpu: dict[int, float]  # seconds by process
    peak: int = 0


@contextmanager
def _watched(process: "subprocess.Popen[str]") -> Iterator["_Seen"]:
    """Memory and processor time of a process and its children, looked at five times a second."""
    import psutil

    seen, done = _Seen({}), threading.Event()

    def look() -> None:
        while not done.wait(0.2):
            total = 0
            try:
                parent = psutil.Process(process.pid)
                for one in (parent, *parent.children(recursive=True)):
                    total += one.memory_info().rss
                    seen.cpu[one.pid] = sum(one.cpu_times()[:2])
            except psutil.Error:
                continue
            seen.peak = max(seen.peak, total)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def dbt(engine: str, command: str, select: str, lake: Lake, days: Sequence[date]) -> Cost:
    """Run dbt over some days of a lake. Raises PermanentFailure with the end of dbt's output."""
    resource = dbt_resource(engine)
    target = tempfile.mkdtemp(prefix=f"trending-{engine}-")
    variables = json.dumps(build_vars([day.isoformat() for day in days], lake.uri))
    arguments = [resource.dbt_executable, *resource.global_config_flags, command, "--select", select]
    arguments += ["--target", target_of(lake.uri, engine), "--vars", variables]
    told = {"DBT_PROFILES_DIR": str(PROJECT_DIR), "DBT_TARGET_PATH": target, "DBT_LOG_PATH": target}
    for table in (*STAGING, *MARTS):
        for day in days:
            Path(lake.location(table, day)).parent.mkdir(parents=True, exist_ok=True)
    log = Path(target) / "output.txt"
    begin = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            arguments, cwd=PROJECT_DIR, env=os.environ | told, text=True, stdout=output, stderr=subprocess.STDOUT
        )
        with _watched(process) as seen:
            process.wait()
    seconds = time.perf_counter() - begin
    if process.returncode:
        raise PermanentFailure(f"dbt failed on {engine}:\n" + "\n".join(log.read_text().splitlines()[-25:]))
    shutil.rmtree(target, ignore_errors=True)
    return Cost(seconds, sum(seen.cpu.values()), seen.peak)


def _copied(source: Lake, folder: Path, tables: Sequence[str], days: Sequence[date]) -> Lake:
    """A lake with those tables' partitions of the days that are there."""
    into = open_lake(str(folder))
    for table in tables:
        for day in days:
            data = source.store.get(source.key(table, day))
            if data is not None:
                into.store.put(into.key(table, day), data)
    return into


def compare(source: Lake, first: date, last: date, folder: Path, command: str = "build") -> bool:
    """Build (or `run`: without dbt's tests) every model by both engines and compare them; prints a table.

    True where every row is equal.
    """
    days = days_between(first, last)
    before = days_between(date.fromordinal(first.toordinal() - max(LATE_DAYS, EVIDENCE_DAYS)), last)
    lakes = {}
    for engine in ENGINES:  # of what dbt makes, only the days before: what is compared is made here
        lakes[engine] = _copied(source, folder / engine, [name for name in SOURCES if name not in STAGING], before)
        _copied(source, folder / engine, STAGING, [day for day in before if day < first])
    print(
        f"{len(days)} days of {source.uri}, {first} to {last}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.\n"
    )
    print(f"dbt {command + ' (wall, processor s)':25} " + "   ".join(f"{engine:>28}" for engine in ENGINES))
    for group in ("staging", "marts"):
        costs = {engine: dbt(engine, command, f"tag:{group}", lakes[engine], days) for engine in ENGINES}
        print(f"  {group:27}" + "   ".join(f"{costs[engine]!s:>28}" for engine in ENGINES), flush=True)
    print("\ntable                    rows      equal  columns  days whose object is byte for byte the lake's (DuckDB)")
    rows = good = 0
    for table in (*STAGING, *MARTS):
        one, other = (lakes[engine].read(table, days) for engine in ENGINES)
        found = [text for day in days for text in differences(_of(one, day), _of(other, day))]
        equal = sum(_of(one, day).height for day in days if not differences(_of(one, day), _of(other, day)))
        there = source.days(table)
        same = sum(day in there and source.sha256(table, day) == lakes["duckdb"].sha256(table, day) for day in days)
        columns = len(TABLES[table].schema)
        print(f"{table:20} {one.height:>8,} {equal:>10,}  {columns:>7}  {same} of {len(days)}  " + "; ".join(found))
        rows, good = rows + one.height, good + equal
    print(f"{len((*STAGING, *MARTS))} tables, {rows:,} rows, {good:,} equal in every column.")
    print(
        f"Positive control: a value changed on purpose is {'found' if _control(lakes['duckdb'], days) else 'NOT found'}."
    )
    return rows == good


def _of(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    return frame.filter(pl.col("date") == day)


def _control(lake: Lake, days: Sequence[date]) -> bool:
    """Whether the smallest change of one number of one row shows."""
    frame = lake.read("marts/trends", days)
    score = frame["score"].to_list()
    changed = frame.with_columns(score=pl.Series([*score[:-1], score[-1] * (1 + 2**-52)], dtype=pl.Float64))
    return differences(frame, changed) == [f"score differs in 1 of {frame.height} rows"]


def made_day(lake: Lake, day: date, documents: int) -> None:
    """A day of raw documents, posts and reviews half and half, of some 200 characters; the late window before it is empty."""
    for n, table in enumerate(DOCUMENT_TABLES):
        for empty_day in days_between(date.fromordinal(day.toordinal() - LATE_DAYS), day):
            lake.write(table, empty(TABLES[table]), empty_day)
        if n < 2:
            number = pl.int_range(documents // 2, eager=True).alias("n")
            frame = pl.DataFrame(number).select(
                url=pl.format(
                    "https://Site{}.example/{}/{}/?utm_source=x&id={}#top", pl.col("n") % 50, pl.lit(n), "n", "n"
                ),
                site=pl.format("site{}.example", pl.col("n") % 50),
                kind=pl.lit(("review", "post")[n]),
                author=pl.format("author {}", pl.col("n") % 5000),
                published_at=pl.lit(datetime(day.year, day.month, day.day, tzinfo=UTC)),
                headline=pl.format("Film  {}", pl.col("n") % 3000),
                text=pl.format("{}\n\n{} times, {}\u00a0of 10", pl.lit(_WORDS), "n", pl.col("n") % 11),
                rating=(pl.col("n") % 11).cast(pl.Float64),
                rating_max=pl.lit(10.0),
                language=pl.lit("en-US"),
                work_title=pl.lit(None, pl.String),
                work_year=pl.lit(None, pl.Int32),
                work_media_type=pl.lit(None, pl.String),
                work_id=pl.lit(None, pl.String),
                work_people=pl.lit([], pl.List(pl.String)),
                payload_sha256=pl.col("n").hash(7).cast(pl.String),
            )
            lake.write(table, conform(frame, TABLES[table]), day)


def sizes(counts: Sequence[int], folder: Path) -> None:
    """Seconds and memory of stg_documents alone (dbt run, without tests) over one made day of each size."""
    day = date(2026, 11, 20)
    print(f"stg_documents, one made day, dbt run; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.\n")
    print(" documents   " + "   ".join(f"{engine:>28}" for engine in ENGINES) + "   equal")
    for count in counts:
        lake = open_lake(str(folder / str(count)))
        made_day(lake, day, count)
        costs, made = {}, {}
        for engine in ENGINES:
            costs[engine] = dbt(engine, "run", "stg_documents", lake, [day])
            made[engine] = lake.read("staging/documents", [day])
        equal = not differences(made["duckdb"], made["spark"]) and made["spark"].height == count // 2 * 2
        print(f"{count:>10,}   " + "   ".join(f"{costs[e]!s:>28}" for e in ENGINES) + f"   {equal}", flush=True)
        shutil.rmtree(lake.uri)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.spark", description=__doc__)
    parser.add_argument("--world", help="a world's folder: the whole graph makes the upstream tables first")
    parser.add_argument("--lake", help="a lake whose tables are there (kept as it is); with --world: where it is made")
    parser.add_argument("--from", dest="first", type=date.fromisoformat)
    parser.add_argument("--to", dest="last", type=date.fromisoformat)
    parser.add_argument("--models-alone", action="store_true", help="dbt run: the models without dbt's tests")
    parser.add_argument("--sizes", help="documents of one made day, separated by commas")
    given = parser.parse_args(arguments)
    if why := missing():
        print(why, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="trending-bench-") as scratch:
        if given.sizes:
            sizes([int(count) for count in given.sizes.split(",")], Path(scratch))
            return 0
        if not given.first or not given.last or not (given.lake or given.world):
            parser.error("--from and --to are needed, and --lake or --world; or --sizes")
        lake = given.lake or f"{scratch}/lake"
        if given.world:
            days = ["--from", given.first.isoformat(), "--to", given.last.isoformat()]
            run = [
                str(Path(sys.executable).with_name("trending")),
                "run",
                "--world",
                given.world,
                *days,
                "--lake",
                lake,
            ]
            subprocess.run(run, check=True)
        command = "run" if given.models_alone else "build"
        return 0 if compare(open_lake(lake), given.first, given.last, Path(scratch), command) else 1


if __name__ == "__main__":
    sys.exit(main())
