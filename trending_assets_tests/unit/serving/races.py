"""Two publishers that race, round after round, and what a reader then finds: who was told "published" must be there."""

import json
import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from trending_assets.conditional import Mark, PutIf, put_if_unchanged
from trending_assets.failures import TransientFailure
from trending_assets.serving.container import Container, Entry, pack, sound
from trending_assets.serving.history import Quarter, quarter_of
from trending_assets.serving.pointer import (
    Pointer,
    object_key,
    read_object,
    read_pointer,
    read_version,
    versions,
)
from trending_assets.serving.release import put_bundle, release
from trending_assets.store import S3Store, Store

FIRST, DAYS = date(2026, 1, 1), 50
TITLE = "movie-1"
MEET_SECONDS = 2.0


@dataclass
class Outcome:
    """What the rounds came to. A sound publisher has no `problems`; `refused` are puts that were not taken."""

    rounds: int = 0
    acknowledged: int = 0
    given_up: int = 0
    refused: int = 0
    version: int = 0
    lost: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def s3_store(bucket: str, address: str) -> S3Store:
    """A client of its own of a bucket that it makes where there is none; credentials are AWS's own variables."""
    import boto3
    from botocore.config import Config

    client = boto3.client("s3", endpoint_url=address, config=Config(retries={"mode": "standard", "max_attempts": 5}))
    with suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
        client.create_bucket(Bucket=bucket)
    return S3Store(bucket, "lake", client)


def careless(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark) -> bool:
    """Compare-and-swap switched off: what a publisher without it would do."""
    store.put(key, data)
    return True


def race(stores: Sequence[Store], reader: Store, rounds: int, seed: int, put: PutIf = put_if_unchanged) -> Outcome:
    """Let the publishers (one a store) each publish a day of its own, `rounds` times at once; look after every round.

    In every second round they meet between reading and replacing the pointer, so that one of them has to be refused; in the
    others they come as they come. `reader` is a way to the same objects without faults.
    """
    outcome, timing = Outcome(rounds), random.Random(seed)
    first = read_pointer(reader)
    outcome.version = first.version if first else 0
    with ThreadPoolExecutor(len(stores)) as pool:
        for number in range(rounds):
            meeting = threading.Barrier(len(stores)) if timing.random() < 0.5 else None
            days = [FIRST + timedelta(days=(number * len(stores) + at) % DAYS) for at in range(len(stores))]
            tries = [
                pool.submit(_publish, store, day, number, _meeting(put, meeting, outcome))
                for store, day in zip(stores, days, strict=True)
            ]
            told = [day for day, one in zip(days, tries, strict=True) if one.result()]
            outcome.acknowledged += len(told)
            outcome.given_up += len(days) - len(told)
            _look(reader, told, number, outcome)
    _look_back(reader, outcome)
    return outcome


def _publish(store: Store, day: date, number: int, put: PutIf) -> bool:
    """Publish a day with this round's content. True: the publisher was told that it is published."""
    snapshot = _snapshot(day, number)
    data = pack(
        {"kind": "bundle", "date": day.isoformat(), "snapshot": snapshot}, [Entry("round", str(number).encode())]
    )
    try:
        stored, _ = put_bundle(store, snapshot, data, {TITLE: b'{"round":%d}' % number})
        release(store, {day: stored}, put=put)
    except TransientFailure:
        return False
    except Exception as error:  # botocore's own, after its last try
        if type(error).__module__.partition(".")[0] != "botocore":
            raise
        return False
    return True


def _snapshot(day: date, number: int) -> str:
    return f"{day:%Y%m%d}{number:08x}"


def _meeting(put: PutIf, meeting: threading.Barrier | None, outcome: Outcome) -> PutIf:
    waited: list[bool] = []

    def late(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark) -> bool:
        if meeting is not None and not waited:
            waited.append(True)
            with suppress(threading.BrokenBarrierError):  # the other one did not get this far
                meeting.wait(MEET_SECONDS)
        done = put(store, key, data, old, mark)
        outcome.refused += not done
        return done

    return late


def _look(reader: Store, told: Sequence[date], number: int, outcome: Outcome) -> None:
    """The days of who was told so are served, with their content and their cell of the history; versions only grow."""
    pointer = read_pointer(reader) or Pointer()
    if pointer.version < outcome.version:
        outcome.problems.append(f"round {number}: version {pointer.version} after {outcome.version}")
    outcome.version = pointer.version
    for day in told:
        published = pointer.days.get(day)
        if published is None or published.snapshot != _snapshot(day, number):
            outcome.lost.append(f"round {number}: {day}")
            continue
        found = Container(read_object(reader, published.snapshot)).find("round")
        if found is None or bytes(found.body) != str(number).encode():
            outcome.problems.append(f"round {number}: the bundle of {day} is another")
        quarter = Quarter(Container(read_object(reader, pointer.history[quarter_of(day)])))
        cell = quarter.cells(day).get(TITLE) if day in quarter.days else None
        if cell is None or json.loads(cell) != {"round": number}:
            outcome.lost.append(f"round {number}: {day} in the history")


def _look_back(reader: Store, outcome: Outcome) -> None:
    """Every version is there, counted without a gap, each with one changed day, and every object that one names is whole."""
    there = versions(reader)
    if there != list(range(1, outcome.version + 1)):
        outcome.problems.append(f"{len(there)} versions are kept of {outcome.version}")
    before, names = Pointer(), set[str]()
    for version in there:
        pointer = read_version(reader, version)
        if pointer is None or pointer.version != version:
            outcome.problems.append(f"version {version} is not what its name says")
            continue
        changed = [day for day in pointer.days if pointer.days[day] != before.days.get(day)]
        if len(changed) != 1 or before.days.keys() - pointer.days.keys():
            outcome.problems.append(f"version {version} changed {len(changed)} days")
        before, names = pointer, names | pointer.objects
    outcome.problems += [f"{name} is not whole" for name in names if not sound(reader.get(object_key(name)) or b"")]
