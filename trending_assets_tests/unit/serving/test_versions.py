"""Going back, and clearing away: nothing that is served, kept or about to be named is ever deleted."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.serving.command import listing
from trending_assets.serving.container import Entry, pack
from trending_assets.serving.pointer import (
    POINTER,
    object_key,
    read_object,
    read_pointer,
    read_version,
    version_key,
    versions,
)
from trending_assets.serving.release import put_bundle, put_object, release
from trending_assets.serving.versions import Pruned, prune, rollback
from trending_assets_tests.unit.serving.marts import answer, history, publish_days, served, write_day

D1, D2 = date(2026, 11, 18), date(2026, 11, 19)
REPO = Path(__file__).parents[3]


def publish_made(lake: Lake, day: date, number: int) -> None:
    """A small bundle of a day, published."""
    data = pack({"number": number}, [Entry("x", b"y")])
    cells = {"movie-1": b'{"number":%d}' % number}
    release(lake.store, {day: put_bundle(lake.store, f"{number:016x}", data, cells)[0]})


def grow_old(lake: Lake) -> None:
    """Every object was put long ago."""
    for path in Path(lake.uri, "serving", "objects").iterdir():
        os.utime(path, (0, 0))


def objects(lake: Lake) -> set[str]:
    return {key.split("/")[-1].removesuffix(".bundle") for key in lake.store.list("serving/objects")}


def all_sound(lake: Lake) -> None:
    """Whatever a kept version names can be read."""
    for version in versions(lake.store):
        pointer = read_version(lake.store, version)
        assert pointer is not None
        for name in pointer.objects:
            read_object(lake.store, name)


def test_rollback_serves_what_a_version_had_as_a_new_version(lake: Lake) -> None:
    write_day(lake, D1, ["movie-1", "movie-2"])
    publish_days(lake, D1)
    first = served(lake)
    write_day(lake, D1, ["movie-2", "movie-1"])
    write_day(lake, D2, ["tv-3"])
    publish_days(lake, D1, D2)
    back = rollback(lake.store, 1)
    assert (back.version, back.days, back.history) == (3, first.days, first.history) and served(lake) == back
    assert answer(lake, D1, "/v1/trends")["results"][0]["title_id"] == "movie-1"
    assert [cell["rank"] for cell in history(lake, "movie-1")] == [1] and history(lake, "tv-3") == []
    assert rollback(lake.store, 2).version == 4  # and forward again
    assert set(served(lake).days) == {D1, D2} and [cell["rank"] for cell in history(lake, "movie-1")] == [2]
    assert versions(lake.store) == [1, 2, 3, 4]


def test_rollback_to_what_is_served_changes_nothing(lake: Lake) -> None:
    publish_made(lake, D1, 1)
    before = lake.store.get(POINTER)
    assert rollback(lake.store, 1).version == 1 and lake.store.get(POINTER) == before


def test_rollback_brings_a_lost_pointer_back(lake: Lake) -> None:
    publish_made(lake, D1, 1)
    publish_made(lake, D2, 2)
    whole = served(lake)
    lake.store.delete(POINTER)
    back = rollback(lake.store, 2)
    assert (back.version, back.days) == (3, whole.days)


def test_rollback_needs_the_version_and_its_objects(lake: Lake) -> None:
    publish_made(lake, D1, 1)
    publish_made(lake, D1, 2)
    with pytest.raises(PermanentFailure, match="Version 7 .* is not kept"):
        rollback(lake.store, 7)
    lake.store.delete(object_key(f"{1:016x}"))
    before = lake.store.get(POINTER)
    with pytest.raises(PermanentFailure, match="Version 1 cannot come back: .* is not there"):
        rollback(lake.store, 1)
    lake.store.put(object_key(f"{1:016x}"), b"half")
    with pytest.raises(PermanentFailure, match="Version 1 cannot come back: .* is not whole"):
        rollback(lake.store, 1)
    assert lake.store.get(POINTER) == before


def test_prune_keeps_what_the_last_versions_name(lake: Lake) -> None:
    for number in range(1, 8):
        publish_made(lake, D1 if number % 2 else D2, number)
    grow_old(lake)
    named = {name for n in (5, 6, 7) if (p := read_version(lake.store, n)) for name in p.objects}
    assert prune(lake.store, keep=3) == Pruned(
        versions=4, objects=4 * 2 - 1
    )  # version 5 still names day 2 of version 4
    assert versions(lake.store) == [5, 6, 7] and objects(lake) == named
    all_sound(lake)
    assert rollback(lake.store, 5).days[D2].snapshot == f"{4:016x}"
    assert prune(lake.store, keep=3).versions == 1


def test_prune_keeps_thirty_versions_when_nobody_says_how_many(lake: Lake) -> None:
    for number in range(1, 33):
        publish_made(lake, D1, number)
    grow_old(lake)
    assert prune(lake.store) == Pruned(versions=2, objects=4)
    assert versions(lake.store) == list(range(3, 33))
    all_sound(lake)


def test_prune_leaves_young_objects_alone(lake: Lake) -> None:
    """A publisher puts its objects first and names them at the end."""
    publish_made(lake, D1, 1)
    publish_made(lake, D1, 2)
    put_object(lake.store, "f" * 16, pack({}, [Entry("x", b"y")]))
    before = objects(lake)
    assert prune(lake.store, keep=1) == Pruned(versions=1, objects=0) and objects(lake) == before
    later = datetime.now(UTC) + timedelta(hours=2)
    assert prune(lake.store, keep=1, now=lambda: later).objects == 3
    assert objects(lake) == served(lake).objects


def test_prune_between_a_publishers_object_and_its_pointer(lake: Lake) -> None:
    """The object was there, old and named by nobody, when a publisher of the same content came."""
    publish_made(lake, D1, 1)
    data = pack({"number": 2}, [Entry("x", b"y")])
    put_object(lake.store, f"{2:016x}", data)
    grow_old(lake)
    waiting = put_bundle(lake.store, f"{2:016x}", data, {"movie-1": b"{}"})[0]
    prune(lake.store, keep=1)
    release(lake.store, {D2: waiting})
    all_sound(lake)


def test_prune_refuses_to_leave_nothing(lake: Lake) -> None:
    with pytest.raises(PermanentFailure, match="nothing is published"):
        prune(lake.store)
    publish_made(lake, D1, 1)
    with pytest.raises(PermanentFailure, match="--keep 0 would leave nothing"):
        prune(lake.store, keep=0)


@pytest.mark.s3
def test_prune_and_rollback_on_s3(s3_env: None) -> None:
    lake = open_lake("s3://versions/lake")
    for number in range(1, 5):
        publish_made(lake, D1, number)
    assert prune(lake.store, keep=2) == Pruned(versions=2, objects=0)  # all objects are young
    later = datetime.now(UTC) + timedelta(hours=2)
    assert prune(lake.store, keep=2, now=lambda: later).objects == 4
    all_sound(lake)
    back = rollback(lake.store, 3)
    assert back.version == 5 and back.days[D1].snapshot == f"{3:016x}"
    assert lake.store.get(version_key(5)) == back.to_bytes()


def trending(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "trending_assets.cli", "serving", *arguments],
        capture_output=True,
        text=True,
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": str(REPO)},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_commands(lake: Lake) -> None:
    for number in (1, 2, 3):
        publish_made(lake, D1 if number < 3 else D2, number)
    code, said = trending("rollback", "--lake", lake.uri, "--to", "1")
    assert (
        code == 0
        and said == "Version 4 is served, with what version 1 had: 1 day, changed 2026-11-18 to 2026-11-19 (2).\n"
    )
    code, said = trending("list", "--lake", lake.uri)
    assert code == 0 and said.splitlines() == [
        "      1  2026-11-18  1 day",
        "      2  2026-11-18  1 day, changed 2026-11-18",
        "      3  2026-11-19  2 days, changed 2026-11-19",
        "*     4  2026-11-18  1 day, changed 2026-11-18 to 2026-11-19 (2)",
    ]
    assert trending("prune", "--lake", lake.uri, "--keep", "2") == (0, "2 versions and 0 objects are deleted.\n")
    for wrong, sentence in (
        (("rollback", "--to", "9"), "trending: Version 9 of serving/current.json is not kept."),
        (("prune", "--keep", "0"), "trending: --keep 0 would leave nothing to serve"),
    ):
        code, said = trending(wrong[0], "--lake", lake.uri, *wrong[1:])
        assert code == 1 and said.startswith(sentence) and said.count("\n") == 1


def test_a_lake_without_anything_says_so(lake: Lake) -> None:
    with pytest.raises(PermanentFailure, match="Nothing is published in .*lake. Materialize serving/bundle first."):
        listing(lake.uri)
    assert read_pointer(lake.store) is None
