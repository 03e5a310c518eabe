"""Publishes and rollbacks while clients ask: `python -m bench.publish_load`.

A publisher process publishes a made day again and again, each time with other rows, and goes back a few versions now and then.
Clients check every answer: 200; the body is the one that its ETag names, and it is whole JSON; one snapshot and path have one
body; the snapshots that a client sees are those of versions in the order of their publication, so nothing is torn and
nothing goes backward. From the swap of the pointer to the first answer of the new version is measured by a client of its own.
"""

import argparse
import asyncio
import gzip
import hashlib
import json
import math
import multiprocessing
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.http_client import Client, Reply
from bench.made_lake import DAY, publish_made
from bench.made_marts import Made
from bench.server_process import Server, server, trending_serve
from trending_assets.lake import open_lake
from trending_assets.s3 import free_port
from trending_assets.serving.versions import rollback

TITLES, DOCUMENTS = 20, 20
BACK = 3
"""Versions that a rollback goes back."""
TARGETS: Sequence[tuple[str, Mapping[str, str]]] = (
    ("/v1/trends", {}),
    ("/v1/trends", {"Accept-Encoding": "gzip"}),
    ("/v1/trends?limit=7", {}),
    ("/v1/titles/movie-1000", {}),
    ("/v1/titles/movie-1000/history", {}),
    ("/v1/genres", {}),
    ("/v1/days", {}),
)
UNMARKED = "/history"
"""The ETag of a history is no hash of its body, and its snapshot none of a day: it is put together from months."""


@dataclass(frozen=True)
class Change:
    """A version of the pointer: the newest day's snapshot, and when the swap was over (CLOCK_MONOTONIC)."""

    version: int
    snapshot: str
    at: float
    back: bool


@dataclass
class Seen:
    """What the clients saw."""

    answers: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    snapshots: list[list[str]] = field(default_factory=list)
    bodies: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    served: dict[int, float] = field(default_factory=dict)


@dataclass
class Outcome:
    """The figures: every fault by its name, and seconds from swap to first answer, of publishes and of rollbacks."""

    changes: list[Change]
    answers: int
    faults: Counter[str]
    seconds: list[float]
    publishes: list[float]
    rollbacks: list[float]


def _publisher(lake_uri: str, publishes: int, rollback_every: int, pause: float, changes: Any) -> None:
    """Runs in a process of its own; puts every change, and None at the end or where it fails."""
    lake = open_lake(lake_uri)
    try:
        for turn in range(1, publishes + 1):
            pointer = publish_made(lake, Made(TITLES, DOCUMENTS, seed=turn), [DAY])
            changes.put(Change(pointer.version, pointer.days[DAY].snapshot, time.monotonic(), False))
            if rollback_every and turn % rollback_every == 0:
                time.sleep(pause + 1.0)  # for the publish to be seen before it goes
                pointer = rollback(lake.store, pointer.version - BACK)
                changes.put(Change(pointer.version, pointer.days[DAY].snapshot, time.monotonic(), True))
                time.sleep(1.0)
            time.sleep(pause)
    finally:
        changes.put(None)


async def _client(port: int, number: int, seen: Seen, stopping: asyncio.Event) -> None:
    mine: list[str] = []
    seen.snapshots.append(mine)
    async with Client("127.0.0.1", port) as client:
        turn = number
        while not stopping.is_set():
            target, headers = TARGETS[turn % len(TARGETS)]
            turn += 1
            started = time.monotonic()
            try:
                reply = await client.get(target, headers)
            except OSError as error:
                seen.faults[f"no answer ({type(error).__name__})"] += 1
                continue
            seen.seconds.append(time.monotonic() - started)
            seen.answers += 1
            check(target, reply, mine, seen)


def check(target: str, reply: Reply, mine: list[str], seen: Seen) -> None:
    """Count what is wrong with an answer, and note its snapshot."""
    if reply.status != 200:
        seen.faults[f"status {reply.status}"] += 1
        return
    packed = reply.headers.get("content-encoding") == "gzip"
    try:
        body = gzip.decompress(reply.body) if packed else reply.body
        snapshot = json.loads(body)["snapshot"]
    except (OSError, EOFError, ValueError, KeyError):
        seen.faults["torn: no whole JSON"] += 1
        return
    if target.endswith(UNMARKED):
        return
    mark = hashlib.sha256(body).hexdigest()[:32]
    if reply.headers.get("etag") != (f'"{mark}-gzip"' if packed else f'"{mark}"'):
        seen.faults["torn: not the body that the ETag names"] += 1
    if target == "/v1/days":
        return  # its body changes with the version, not with the snapshot alone
    seen.bodies.setdefault((target, snapshot), set()).add(mark)
    if not mine or mine[-1] != snapshot:
        mine.append(snapshot)


async def _watch(port: int, seen: Seen, stopping: asyncio.Event) -> None:
    """Note when each version is served first; versions never shrink."""
    last = 0
    async with Client("127.0.0.1", port) as client:
        while not stopping.is_set():
            try:
                reply = await client.get("/v1/days")
            except OSError:
                continue  # the others count it
            if reply.status == 200:
                version = json.loads(reply.body)["version"]
                if version < last:
                    seen.faults["backward: a version came before"] += 1
                last = max(last, version)
                seen.served.setdefault(version, time.monotonic())
            await asyncio.sleep(0.005)


def order_faults(changes: Sequence[Change], seen: Seen) -> Counter[str]:
    """Snapshots that nobody published, bodies that differ under one snapshot, and steps backward."""
    faults: Counter[str] = Counter()
    sequence = [change.snapshot for change in sorted(changes, key=lambda change: change.version)]
    for mine in seen.snapshots:
        at = 0
        for snapshot in mine:
            try:
                at = sequence.index(snapshot, at)
            except ValueError:
                faults["backward" if snapshot in sequence else "torn: a snapshot that nobody published"] += 1
    faults["torn: two bodies under one snapshot"] = sum(len(marks) - 1 for marks in seen.bodies.values())
    return +faults


async def _load(
    one: Server, lake_uri: str, first: Change, publishes: int, clients: int, rollback_every: int, pause: float
) -> Outcome:
    spawn = multiprocessing.get_context("spawn")
    queue: Any = spawn.Queue()
    seen, stopping, changes = Seen(), asyncio.Event(), [first]
    asking = [asyncio.create_task(_client(one.port, n, seen, stopping)) for n in range(clients)]
    asking.append(asyncio.create_task(_watch(one.port, seen, stopping)))
    publisher = spawn.Process(target=_publisher, args=(lake_uri, publishes, rollback_every, pause, queue))
    publisher.start()
    while (change := await asyncio.to_thread(queue.get)) is not None:
        changes.append(change)
    await asyncio.to_thread(publisher.join)
    for _ in range(200):  # until the last version is served
        if max(seen.served, default=0) >= changes[-1].version:
            break
        await asyncio.sleep(0.05)
    stopping.set()
    await asyncio.gather(*asking)
    if publisher.exitcode:
        seen.faults["the publisher failed"] += 1
    if max(seen.served, default=0) < changes[-1].version:
        seen.faults["the last version was never served"] += 1
    waits = {
        change.version: min(
            (at for version, at in seen.served.items() if version >= change.version), default=float("inf")
        )
        - change.at
        for change in changes[1:]
    }
    return Outcome(
        changes,
        seen.answers,
        seen.faults + order_faults(changes, seen),
        seen.seconds,
        [waits[change.version] for change in changes[1:] if not change.back],
        [waits[change.version] for change in changes[1:] if change.back],
    )


def publish_under_load(
    folder: Path, publishes: int, clients: int = 8, rollback_every: int = 50, pause: float = 0.0
) -> Outcome:
    """A served lake in `folder`, `publishes` publishes, a rollback after each `rollback_every`-th (0: none)."""
    lake = open_lake(str(folder / "lake"))
    pointer = publish_made(lake, Made(TITLES, DOCUMENTS, seed=0), [DAY])
    first = Change(pointer.version, pointer.days[DAY].snapshot, time.monotonic(), False)
    port = free_port()
    env = {"TRENDING_STATE_DIR": str(folder / "state"), "TRENDING_API_DRAIN_SECONDS": "0"}
    with server(trending_serve(lake.uri, port), port, env=env) as one:
        return asyncio.run(_load(one, lake.uri, first, publishes, clients, rollback_every, pause))


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return (
        f"median {statistics.median(ordered):.2f} s, p99 {ordered[math.ceil(0.99 * len(ordered)) - 1]:.2f} s, "
        f"most {ordered[-1]:.2f} s"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publishes", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rollback-every", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = publish_under_load(Path(folder), options.publishes, options.clients, options.rollback_every)
    rollbacks = f"; rollback to served: {_spread(found.rollbacks)}" if found.rollbacks else ""
    print(f"{len(found.publishes):,} publishes and {len(found.rollbacks)} rollbacks under {options.clients} clients,")
    print(f"  {found.answers:,} answers checked: {dict(found.faults) or '0 torn, 0 backward, 0 other than 200'}.")
    print(f"  Publish to served: {_spread(found.publishes)}{rollbacks}.")
    longest = sorted(found.seconds)
    print(f"  An answer took {1000 * statistics.median(longest):.1f} ms (median), {1000 * longest[-1]:.0f} ms at most.")


if __name__ == "__main__":
    main()
