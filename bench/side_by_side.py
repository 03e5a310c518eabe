"""30 days on two processes that write one lake: what `python -m bench.backfill` prints last.

Days may not simply be halved: many tables read a window of earlier days, which the other process is still making. So the graph
is cut into phases, and a phase begins when the one before it is done for all days. A table comes a phase after what it reads
over a window. What reads its own earlier days, or has no days, is not halved in time: whole tables go to one process or to the
other. Dagster's own partition mappings say which is which.
"""

import hashlib
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from bench.process_cost import Cost, Running

PROCESSES = 2
IN_ORDER = ("raw/", "scoring/document_scores", "scoring/title_digests", "features/online", "serving/bundle")
"""Tables that rest on their own earlier days or versions, which no mapping says: what is new on a day, which day's call to the
LLM answers a later day too, what the online store holds, and how often was published."""


@dataclass(frozen=True)
class Phase:
    """Tables of a phase by step: those whose days are halved, and those of which each process takes some whole."""

    halved: tuple[str, ...]
    whole: tuple[str, ...]


def phases() -> list[Phase]:
    """The daily graph in phases, each with the names of its tables in order."""
    import dagster as dg

    from trending_assets.definitions import ASSETS, defs

    graph = defs.resolve_asset_graph()
    daily = defs.resolve_job_def("daily")
    chosen = {key for key in graph.materializable_asset_keys if key in daily.asset_layer.selected_asset_keys}
    step = {key: asset.op.name for asset in ASSETS for key in asset.keys}

    def whole(key: dg.AssetKey) -> bool:
        return not graph.get(key).is_partitioned or key.to_user_string().startswith(IN_ORDER)

    def apart(key: dg.AssetKey, parent: dg.AssetKey) -> bool:
        mapping = graph.get(key).partition_mappings.get(parent)
        return isinstance(mapping, dg.TimeWindowPartitionMapping) or whole(key) or whole(parent)

    number = dict.fromkeys(step.values(), 0)
    changed = True
    while changed:  # a step's tables share a phase, so the phases settle in rounds
        changed = False
        for key in graph.toposorted_asset_keys:
            for parent in graph.get(key).parent_keys if key in chosen else ():
                if parent in chosen and step[parent] != step[key]:
                    least = number[step[parent]] + apart(key, parent)
                    changed |= least > number[step[key]]
                    number[step[key]] = max(number[step[key]], least)
    found = []
    for place in sorted({number[step[key]] for key in chosen}):
        here = sorted((key for key in chosen if number[step[key]] == place), key=lambda key: key.to_user_string())
        names = [tuple(k.to_user_string() for k in here if whole(k) is kind) for kind in (False, True)]
        found.append(Phase(*names))
    return found


def share(days: list[date], index: int, count: int) -> tuple[date, date]:
    """First and last day of a process's part of the days."""
    cuts = [round(len(days) * n / count) for n in range(count + 1)]
    return days[cuts[index]], days[cuts[index + 1] - 1]


def _worker(index: int, first: str, last: str) -> None:
    """A process: for each line on standard input the next phase, and a line on standard output when it is done."""
    from bench.part_of_graph import materialize

    whole_range = date.fromisoformat(first), date.fromisoformat(last)
    days = [whole_range[0] + timedelta(days=n) for n in range((whole_range[1] - whole_range[0]).days + 1)]
    order = phases()  # loads the definitions
    print("ready", flush=True)
    for phase, _ in zip(order, sys.stdin, strict=False):
        materialize(phase.whole[index::PROCESSES], *whole_range)
        materialize(phase.halved, *share(days, index, PROCESSES))
        print("done", flush=True)


def _start(index: int, first: date, last: date, environment: Mapping[str, str], folder: Path) -> Running:
    arguments = [str(index), first.isoformat(), last.isoformat()]
    return Running("bench.side_by_side", arguments, environment, folder / f"errors-{index}.log")


def _all(workers: list[Running], line: str) -> float:
    """When all workers have said the line."""
    for worker in workers:
        worker.expect(line)
    return time.perf_counter()


def digests(lake: Path) -> dict[str, str]:
    """SHA-256 of each object of the tables."""
    files = (path for path in sorted(lake.rglob("*")) if path.is_file())
    return {path.relative_to(lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def different(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, int]:
    """Objects that are not in both with the same bytes, counted by table."""
    counts: dict[str, int] = {}
    for key in sorted(set(one) | set(other)):
        if one.get(key) != other.get(key):
            table = "/".join(key.split("/")[:2])
            counts[table] = counts.get(table, 0) + 1
    return counts


def compare(before: Path, single: Path, first: date, last: date, environment: Mapping[str, str], alone: Cost) -> float:
    """Make the days on PROCESSES processes in a copy of the lake before them; print speed-up and bytes. Gives the speed-up."""
    folder = before.parent / "side-by-side"
    shutil.copytree(before, folder)
    env = {**environment, "TRENDING_LAKE": str(folder / "lake"), "TRENDING_STATE_DIR": str(folder / "state")}
    begin = time.perf_counter()
    workers = [_start(index, first, last, env, folder) for index in range(PROCESSES)]
    marks = [_all(workers, "ready")]
    for _ in phases():
        for worker in workers:
            worker.tell("go")
        marks.append(_all(workers, "done"))
    for worker in workers:
        worker.tell()
    costs = [worker.cost() for worker in workers]
    seconds = time.perf_counter() - begin
    speed_up = alone.seconds / seconds
    spent = [f"{after - earlier:.1f}" for earlier, after in pairwise(marks)]
    print(
        f"  {PROCESSES} processes into one lake: {seconds:.1f} s, speed-up {speed_up:.2f}x over one process; CPU "
        f"{sum(cost.cpu for cost in costs):.1f} s against {alone.cpu:.1f} s"
    )
    print(f"    started in {marks[0] - begin:.1f} s, then {len(spent)} phases of {', '.join(spent)} s")
    ours, theirs = digests(folder / "lake"), digests(single / "lake")
    counts = different(ours, theirs)
    named = ", ".join(f"{table} {count}" for table, count in counts.items()) or "none"
    print(f"    objects that differ from those of one process, of {len(theirs):,}: {named}", flush=True)
    return speed_up


if __name__ == "__main__":
    _worker(int(sys.argv[1]), sys.argv[2], sys.argv[3])
