"""30 days in one range against one day, and 30 days on two processes: `python -m bench.backfill [WORLD …]`.

`--days N` takes fewer days (and as many before them, a week at most), `--two-processes` leaves out the day alone.

The whole daily graph through the real spiders and clients, in fresh processes, over the generated world and, where it is at
hand, spring-2013. Both begin in the same lake, which has a week before them and models; the models are kept. The sandbox is
the internet here: what it costs itself is not counted. Seconds are of the clock, CPU is of the process and all it started.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from bench.process_cost import Cost, measured
from bench.shared import SHARED
from bench.side_by_side import compare

DAYS, BEFORE = 30, 7
GOAL = 8.0
"""A range of 30 days may cost this many times one day."""
STAGES = ("raw", "staging", "linking", "scoring", "features", "trends", "genre", "drift", "marts", "serving")


def span(world: Path, days: int) -> tuple[date, date]:
    """First and last of so many days: the world's last ones, of spring-2013 those from 8 April."""
    if world.name == "spring-2013":
        return date(2013, 4, 8), date(2013, 4, 8) + timedelta(days=days - 1)
    last = pl.scan_parquet(world / "documents.parquet").select(pl.col("published_at").dt.date().max()).collect().item()
    return last - timedelta(days=days - 1), last


def named_sandbox(url: str) -> dict[str, str]:
    """Settings under which a process talks to the sandbox at `url` alone."""
    from trending_assets.run import sandbox_environment
    from trending_assets.scoring.endpoint import embedded_model
    from trending_assets.settings import get_settings

    return sandbox_environment(url, embedded_model(get_settings()))


@contextmanager
def served(world: Path) -> Iterator[dict[str, str]]:
    """The world on loopback; the environment of processes that use it."""
    from sandbox.process import running

    with running(world) as sandbox:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRENDING_", "DAGSTER_"))}
        yield (
            kept | named_sandbox(sandbox.url) | {"TRENDING_WANDB_MODE": "disabled", "DAGSTER_DISABLE_TELEMETRY": "yes"}
        )


def at(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the lake and the state in a folder of their own."""
    return {**environment, "TRENDING_LAKE": str(folder / "lake"), "TRENDING_STATE_DIR": str(folder / "state")}


def run(first: date, last: date, folder: Path, environment: Mapping[str, str]) -> tuple[Cost, dict[str, float]]:
    """A range in a process of its own: its cost, and the seconds of every step."""
    days = [first.isoformat(), last.isoformat()]
    cost = measured("bench.backfill", ["--run", *days], at(folder, environment), folder / "errors.log")
    steps: dict[str, float] = json.loads(cost.output.splitlines()[-1])
    return cost, steps


def _run(first: str, last: str) -> None:
    """What the process of its own does: `trending run`, and the seconds of its steps as JSON."""
    import dagster as dg

    from trending_assets.progress import listening
    from trending_assets.run import run_range

    seconds: dict[str, float] = {}

    def note(event: dg.DagsterEvent) -> None:
        if event.event_type == dg.DagsterEventType.STEP_SUCCESS and event.step_key:
            seconds[event.step_key] = event.step_success_data.duration_ms / 1000

    with listening(note):
        ended = run_range(date.fromisoformat(first), date.fromisoformat(last), os.environ["TRENDING_LAKE"])
    if not ended.whole:  # an alarm of drift is the world's, which did drift
        raise SystemExit("\n".join(f"{name}: {why}" for name, why in ended.failures.items()))
    print(json.dumps(seconds))


def by_stage(steps: Mapping[str, float], tables: frozenset[str]) -> dict[str, float]:
    """Seconds of each stage's tables, of dbt's calls, and of all checks together."""
    found: dict[str, float] = defaultdict(float)
    for step, seconds in steps.items():
        stage, _, _ = step.partition("_")
        name = "dbt (staging, marts)" if step.endswith("_dbt") else stage if step in tables else "checks"
        found[name] += seconds
    return dict(found)


def show(one: tuple[Cost, dict[str, float]], many: tuple[Cost, dict[str, float]], days: int) -> float:
    """Print both costs, their ratio and the stages. Gives the ratio of the clock."""
    from trending_assets.definitions import ASSETS

    tables = frozenset(asset.op.name for asset in ASSETS)
    ratio, cpu = many[0].seconds / one[0].seconds, many[0].cpu / one[0].cpu
    print(f"  {'':<22}{'one day':>10}{f'{days} days':>10}{'ratio':>8}")
    goal = f"  (goal: {GOAL:g}x)" if days == DAYS else ""
    print(f"  {'seconds':<22}{one[0].seconds:>10.1f}{many[0].seconds:>10.1f}{ratio:>7.2f}x{goal}")
    print(f"  {'CPU seconds':<22}{one[0].cpu:>10.1f}{many[0].cpu:>10.1f}{cpu:>7.2f}x")
    print(f"  {'peak memory, MiB':<22}{one[0].peak:>10,.0f}{many[0].peak:>10,.0f}{many[0].peak / one[0].peak:>7.2f}x")
    parts = [by_stage(steps, tables) for _, steps in (one, many)]
    order = {name: place for place, name in enumerate((*STAGES, "dbt (staging, marts)", "checks"))}
    for name in sorted(set(parts[0]) | set(parts[1]), key=lambda n: order.get(n, len(order))):
        print(f"    {name:<20}{parts[0].get(name, 0):>10.1f}{parts[1].get(name, 0):>10.1f}")
    rest = [cost.seconds - sum(steps.values()) for cost, steps in (one, many)]
    print(f"    {'start and Dagster':<20}{rest[0]:>10.1f}{rest[1]:>10.1f}")
    slowest = sorted(many[1].items(), key=lambda item: -item[1])[:6]
    print("  slowest of the range: " + ", ".join(f"{name.replace('__', '/')} {s:.1f} s" for name, s in slowest))
    more = (many[0].cpu - one[0].cpu) / (days - 1)
    print(f"  a day more in a range costs {more:.1f} CPU seconds, {more / one[0].cpu:.2f} of a day alone", flush=True)
    return ratio


def judge(world: Path, days: int, alone: bool) -> None:
    """Print the figures of a world."""
    first, last = span(world, days)
    with tempfile.TemporaryDirectory() as name, served(world) as environment:
        folder = Path(name)
        before, one, many = (folder / part for part in ("before", "one", "many"))
        before.mkdir()
        run(first - timedelta(days=min(BEFORE, days)), first - timedelta(days=1), before, environment)
        single = None
        if alone:
            shutil.copytree(before, one)
            single = run(first, first, one, environment)
        shutil.copytree(before, many)
        ranged = run(first, last, many, environment)
        documents = sum(
            pl.scan_parquet(many / f"lake/staging/documents/date={day}/data.parquet").select(pl.len()).collect().item()
            for day in (first + timedelta(days=n) for n in range(days))
        )
        print(f"\n{world.name}, {first} to {last}, {documents / days:,.0f} documents a day:", flush=True)
        if single:
            show(single, ranged, days)
        compare(before, many, first, last, environment, ranged[0])


def main(arguments: list[str]) -> None:
    """Print the figures of the worlds named, or of the generated one and spring-2013."""
    from sandbox.generator import default_world

    parser = argparse.ArgumentParser(prog="bench.backfill", description=__doc__)
    parser.add_argument("worlds", nargs="*", type=Path, metavar="WORLD", help="folder of a world, or: generated")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--two-processes", action="store_true", help="leave out the day alone")
    chosen = parser.parse_args(arguments)
    if not 2 <= chosen.days <= DAYS:
        parser.error(f"--days has to be from 2 to {DAYS}.")
    spring = SHARED / "worlds" / "spring-2013"
    worlds = chosen.worlds or [Path("generated"), *([spring] if spring.is_dir() else [])]
    print(f"On {os.cpu_count()} cores; other work on the machine shows in the seconds, and less in CPU seconds.")
    print(f"Load on the machine before: {os.getloadavg()[0]:.1f}.", flush=True)
    for world in worlds:
        if world == Path("generated"):
            with tempfile.TemporaryDirectory() as folder:
                judge(default_world(Path(folder)), chosen.days, not chosen.two_processes)
        else:
            judge(world.resolve(), chosen.days, not chosen.two_processes)
    if not chosen.worlds and not spring.is_dir():
        print(f"\nNo real data at {SHARED} (set TRENDING_SHARED): spring-2013 is left out.")


if __name__ == "__main__":
    _run(*sys.argv[2:]) if sys.argv[1:2] == ["--run"] else main(sys.argv[1:])
