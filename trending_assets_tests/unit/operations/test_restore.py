"""Restoring a lake from versions, on the packaged S3 server: bytes of every moment, twice, and after a kill."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.http_client import Client
from bench.made_lake import DAY, days_until, publish_made
from bench.made_marts import Made
from bench.publish_load import Seen, check
from bench.server_process import server, trending_serve
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.operations import restore
from trending_assets.operations.object_versions import bring_back, object_versions, same_bytes, versioned_store
from trending_assets.s3 import free_port
from trending_assets.serving.pointer import POINTER, read_pointer
from trending_assets.serving.versions import prune
from trending_assets.store import S3Store
from trending_assets_tests.e2e.running import clean_environment, trending

pytestmark = [pytest.mark.s3, pytest.mark.usefixtures("s3_env")]


def versioned(name: str) -> Lake:
    """An empty lake on a bucket of its own that keeps versions."""
    lake = open_lake(f"s3://{name}/lake")
    assert isinstance(lake.store, S3Store)
    lake.store.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return lake


def s3_of(lake: Lake) -> S3Store:
    assert isinstance(lake.store, S3Store)
    return lake.store


def moment() -> datetime:
    """A moment after all that was written and before all that will be: S3 tells whole seconds."""
    time.sleep(1.1 - time.time() % 1)
    now = datetime.now(UTC).replace(microsecond=0)
    time.sleep(1.1 - time.time() % 1)
    return now


def contents(lake: Lake) -> dict[str, str]:
    """Hash of every current object."""
    return {key: hashlib.sha256(lake.store.get(key) or b"").hexdigest() for key in lake.store.list("")}


def version_ids(lake: Lake) -> set[tuple[str, str]]:
    return {(one.key, one.id) for versions in object_versions(s3_of(lake)) for one in versions}


def bring(lake: Lake, to: datetime, prefix: str = "") -> restore.Plan:
    found = restore.plan(s3_of(lake), to, prefix)
    restore.carry_out(s3_of(lake), found, lambda done, total: None)
    return found


def key(day: int) -> str:
    return f"marts/trends/date=2026-01-{day:02d}/data.parquet"


@pytest.fixture(scope="module")
def generations(s3_url: dict[str, str]) -> Iterator[tuple[Lake, list[tuple[datetime, dict[str, str]]]]]:
    """Three generations of days: written, replaced and added to, some deleted and one of these written again."""
    patch = pytest.MonkeyPatch()
    for name, value in s3_url.items():
        patch.setenv(name, value)
    lake = versioned("generations")
    known = []
    for day in range(1, 11):
        lake.store.put(key(day), b"first %d" % day)
    lake.store.put("genre/registry.json", b"one")
    known.append((moment(), contents(lake)))
    for day in (2, 3, 11, 12):
        lake.store.put(key(day), b"second %d" % day)
    for day in (4, 5):
        lake.store.delete(key(day))
    lake.store.put("genre/registry.json", b"two")
    known.append((moment(), contents(lake)))
    lake.store.put(key(4), b"third 4")
    lake.store.put(key(13), b"third 13")
    for day in (1, 12):
        lake.store.delete(key(day))
    known.append((moment(), contents(lake)))
    yield lake, known
    patch.undo()


def test_every_moment_comes_back_byte_for_byte(generations: Any) -> None:
    lake, known = generations
    for turn in (0, 2, 1, 0, 1, 2):
        to, expected = known[turn]
        before = version_ids(lake)
        bring(lake, to)
        assert contents(lake) == expected
        there = version_ids(lake)
        assert there > before, "nothing that was there is lost"
        again = bring(lake, to)
        assert not again.steps and version_ids(lake) == there, "a second restore writes nothing"
        assert "Nothing to do" in again.lines(done=True)[-1]


def test_a_prefix_leaves_the_rest_alone(generations: Any) -> None:
    lake, known = generations
    bring(lake, known[2][0])
    bring(lake, known[0][0], "marts/")
    found = contents(lake)
    assert found["genre/registry.json"] == known[2][1]["genre/registry.json"]
    assert {k: v for k, v in found.items() if k.startswith("marts/")} == {
        k: v for k, v in known[0][1].items() if k.startswith("marts/")
    }


def test_the_report_names_the_partitions_that_change(generations: Any, tmp_path: Path) -> None:
    lake, known = generations
    bring(lake, known[2][0])
    before = version_ids(lake)
    arguments = ("lake", "restore", "--lake", lake.uri, "--to", known[1][0].isoformat(), "--prefix", "marts/")
    env = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    done = trending(*arguments, "--report", "r.csv", "--dry-run", cwd=tmp_path, **env)
    assert done.returncode == 0, done.stderr
    assert "1 replaced" not in done.stdout and "2 brought back, 2 taken away" in done.stdout
    assert (tmp_path / "r.csv").read_text().splitlines() == [
        "table,date,change",
        "marts/trends,2026-01-01,back",
        "marts/trends,2026-01-04,gone",
        "marts/trends,2026-01-12,back",
        "marts/trends,2026-01-13,gone",
    ]
    assert version_ids(lake) == before, "a dry run writes nothing"
    shown = trending(
        "lake", "versions", "--lake", lake.uri, "--table", "marts/trends", "--day", "2026-01-04", cwd=tmp_path, **env
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[1].startswith("*") and "deleted" in shown.stdout


def test_a_kill_in_the_middle_and_the_same_again(s3_url: dict[str, str], tmp_path: Path) -> None:
    lake = versioned("killed")
    for n in range(200):
        lake.store.put(f"raw/charts/date=2026-01-01/{n}", b"a%d" % n)
    to, expected = moment(), contents(lake)
    for n in range(200):
        lake.store.put(f"raw/charts/date=2026-01-01/{n}", b"b%d" % n)
    lake.store.put("raw/charts/date=2026-01-02/1", b"new")
    command = [
        sys.executable,
        "-m",
        "trending_assets.cli",
        "lake",
        "restore",
        "--lake",
        lake.uri,
        "--to",
        to.isoformat(),
    ]
    env = clean_environment(**s3_url)
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert process.stderr is not None
    first = process.stderr.readline()
    assert "of 201" in first, first + process.stderr.read()
    process.kill()
    process.wait()
    half = contents(lake)
    assert half != expected and any(half[k] == expected.get(k) for k in half), "it was in the middle"
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert contents(lake) == expected
    assert "1 taken away" in done.stdout


async def _poll(port: int, seen: Seen, stop: Path) -> None:
    mine: list[str] = []
    seen.snapshots.append(mine)
    async with Client("127.0.0.1", port) as client:
        while not stop.exists():
            for target in ("/v1/trends", "/v1/titles/movie-1000/history", "/v1/days"):
                seen.answers += 1
                check(target, await client.get(target, {}), mine, seen)


@pytest.mark.slow
def test_the_api_sees_the_old_state_or_the_new_one(s3_url: dict[str, str], tmp_path: Path) -> None:
    """Objects of then were cleared away, so that a pointer that came first would name what is not there."""
    import asyncio
    import threading

    lake = versioned("served")
    old = publish_made(lake, Made(20, 20, seed=1), days_until(DAY, 3))
    to = moment()
    for seed in (2, 3):
        now = publish_made(lake, Made(20, 20, seed=seed), days_until(DAY, 3))
    prune(lake.store, keep=1, now=lambda: datetime.now(UTC) + timedelta(hours=2))
    assert set(old.objects) - set(now.objects) and not set(old.objects) & _objects(lake)
    port, seen, stop = free_port(), Seen(), tmp_path / "stop"
    env = {**s3_url, "TRENDING_STATE_DIR": str(tmp_path / "state"), "TRENDING_API_DRAIN_SECONDS": "0"}
    with server(trending_serve(lake.uri, port), port, env=env):
        poller = threading.Thread(target=lambda: asyncio.run(_poll(port, seen, stop)))
        poller.start()
        try:
            time.sleep(1)
            bring(lake, to)
            time.sleep(2)
        finally:
            stop.touch()
            poller.join()
    assert not seen.faults and seen.answers > 100
    assert seen.snapshots == [[now.days[DAY].snapshot, old.days[DAY].snapshot]]
    again = read_pointer(lake.store)
    assert again is not None and (again.days, again.history) == (old.days, old.history)
    assert again.version == now.version + 1
    assert not bring(lake, to).steps, "a second restore publishes nothing"


def _objects(lake: Lake) -> set[str]:
    return {name.rpartition("/")[2].removesuffix(".bundle") for name in lake.store.list("serving/objects")}


def test_an_object_that_is_gone_for_good_stops_it_before_anything_is_written() -> None:
    lake = versioned("goneforgood")
    publish_made(lake, Made(20, 20, seed=1), [DAY])
    to = moment()
    publish_made(lake, Made(20, 20, seed=2), [DAY])
    s3 = s3_of(lake)
    old = restore.plan(s3, to)
    assert old.pointer is not None
    for versions in object_versions(s3, "serving/objects/"):
        if versions[0].key.rpartition("/")[2].removesuffix(".bundle") in old.pointer.objects:
            for one in versions:
                s3.client.delete_object(Bucket=s3.bucket, Key=f"lake/{one.key}", VersionId=one.id)
    before = contents(lake)
    with pytest.raises(PermanentFailure, match="gone for good"):
        restore.plan(s3, to)
    assert contents(lake) == before
    assert restore.plan(s3, to, "serving/bundle/").changes, "tables can be restored by themselves"


def test_nothing_was_published_then() -> None:
    lake = versioned("unpublished")
    lake.store.put(key(1), b"a")
    to = moment()
    publish_made(lake, Made(20, 20, seed=1), [DAY])
    served = lake.store.get(POINTER)
    found = bring(lake, to)
    assert lake.store.get(POINTER) == served and "what is served stays" in "\n".join(found.lines(done=True))
    assert lake.days("serving/bundle") == []


def test_what_was_written_before_versioning_comes_back() -> None:
    lake = open_lake("s3://latecomer/lake")
    lake.store.put(key(1), b"unversioned")
    with pytest.raises(PermanentFailure, match="keeps no versions"):
        versioned_store(lake.uri)
    to = moment()
    versioned("latecomer").store.put(key(1), b"later")
    bring(lake, to)
    assert lake.store.get(key(1)) == b"unversioned"


def test_where_an_etag_is_no_hash_the_origin_tells() -> None:
    """Buckets that encrypt by KMS: a copy has another ETag than what it was copied from."""
    lake = versioned("encrypted")
    lake.store.put(key(1), b"first")
    lake.store.put(key(1), b"other")
    s3 = s3_of(lake)
    _, first = next(object_versions(s3, key(1)))
    bring_back(s3, first)
    current, other, _ = next(object_versions(s3, key(1)))
    assert same_bytes(s3, replace(current, etag="x"), first)
    assert not same_bytes(s3, replace(current, etag="x"), other)


def test_wrong_moments_and_places(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="a folder keeps no versions"):
        versioned_store(str(tmp_path))
    lake = versioned("moments")
    lake.store.put(key(1), b"a")
    now = datetime.now(UTC)
    with pytest.raises(PermanentFailure, match="is not over yet"):
        restore.plan(s3_of(lake), now + timedelta(hours=1))
    with pytest.raises(PermanentFailure, match="Nothing under the lake was there"):
        restore.plan(s3_of(lake), now - timedelta(days=5))


def test_a_lifecycle_that_takes_versions_away_bounds_the_moment() -> None:
    lake = versioned("lifecycle")
    lake.store.put(key(1), b"a")
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    s3_of(lake).client.put_bucket_lifecycle_configuration(Bucket="lifecycle", LifecycleConfiguration={"Rules": [rule]})
    later = datetime.now(UTC) + timedelta(days=100)
    with pytest.raises(PermanentFailure, match="has every version since"):
        restore.plan(s3_of(lake), later - timedelta(days=31), now=later)
    restore.plan(s3_of(lake), later - timedelta(days=29), now=later)
