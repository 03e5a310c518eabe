"""Objects first, the pointer last: what is there already stays, what is broken is mended, and a crash leaves the old state."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from trending_assets.conditional import put_if_unchanged
from trending_assets.failures import TransientFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.serving.container import Container, Entry, pack, sound
from trending_assets.serving.pointer import POINTER, object_key, read_object, read_pointer
from trending_assets.serving.release import Stored, put_bundle, put_object, release
from trending_assets.store import LocalStore, Store
from trending_assets_tests.unit.serving.marts import container, history, publish_days, served, write_day

D1, D2, D3 = (date(2026, 12, 30) + timedelta(days=n) for n in range(3))
ORDERS = {D1: ["movie-1", "movie-2"], D2: ["tv-3", "movie-1"], D3: ["movie-2", "tv-3", "movie-1"]}


def stored(store: Store, snapshot: str, rank: int = 1) -> Stored:
    """A small bundle in the store, and one cell."""
    data = pack({"snapshot": snapshot}, [Entry("x", b"y")])
    return put_bundle(store, snapshot, data, {"movie-1": b'["",%d,0,0,0,0,0,0]' % rank})[0]


def ages(lake: Lake) -> dict[str, int]:
    found = sorted(Path(lake.uri).rglob("*.bundle"))
    return {path.name: path.stat().st_mtime_ns for path in found}


def test_a_rerun_writes_no_object_and_no_version(lake: Lake) -> None:
    write_day(lake, D1, ORDERS[D1])
    publish_days(lake, D1)
    before, pointer = ages(lake), served(lake)
    publish_days(lake, D1)
    assert ages(lake) == before and served(lake) == pointer


def test_a_sound_object_keeps_its_bytes_whatever_packed_it(lake: Lake) -> None:
    mine, other = (pack({"packed": n}, [Entry("x", b"y")]) for n in (1, 2))
    assert put_object(lake.store, "a" * 16, mine) == mine
    assert put_object(lake.store, "a" * 16, other) == mine
    assert lake.store.get(object_key("a" * 16)) == mine


def test_an_object_that_is_not_named_is_young_again(lake: Lake) -> None:
    data = pack({}, [Entry("x", b"y")])
    put_object(lake.store, "a" * 16, data)
    path = Path(lake.uri) / object_key("a" * 16)
    os.utime(path, (0, 0))
    put_object(lake.store, "a" * 16, data)
    assert path.stat().st_mtime > 0  # prune leaves it alone until the pointer names it


def test_a_broken_object_is_mended_by_the_next_publish(lake: Lake) -> None:
    write_day(lake, D1, ORDERS[D1])
    publish_days(lake, D1)
    key = object_key(served(lake).days[D1].snapshot)
    good = lake.store.get(key)
    assert good is not None
    lake.store.put(key, good[:100])
    publish_days(lake, D1)
    assert lake.store.get(key) == good


def test_an_object_that_vanished_is_not_named(lake: Lake) -> None:
    day = stored(lake.store, "a" * 16)
    lake.store.delete(object_key("a" * 16))
    with pytest.raises(TransientFailure, match="deleted before it was published"):
        release(lake.store, {D1: day})
    assert read_pointer(lake.store) is None


def test_a_day_published_anew_replaces_its_cells_alone(lake: Lake) -> None:
    release(lake.store, {D1: stored(lake.store, "a" * 16, 1), D2: stored(lake.store, "b" * 16, 2)})
    release(lake.store, {D1: stored(lake.store, "c" * 16, 3)})
    assert [cell["rank"] for cell in history(lake, "movie-1")] == [3, 2]
    assert served(lake).days[D2].snapshot == "b" * 16


class DiedError(Exception):
    """The publisher was killed."""


@dataclass(frozen=True)
class DyingStore(LocalStore):
    """A store whose user is killed before or after its n-th write."""

    at: int = 0
    steps: list[str] = field(default_factory=list)

    def put(self, key: str, data: bytes) -> None:
        self._step(f"before {key}")
        super().put(key, data)
        self._step(f"after {key}")

    def _step(self, name: str) -> None:
        self.steps.append(name)
        if len(self.steps) == self.at:
            raise DiedError(name)


def _two_published(folder: Path) -> Lake:
    """A lake whose first two days are served, and whose third waits."""
    lake = open_lake(str(folder))
    for day, order in ORDERS.items():
        write_day(lake, day, order)
    publish_days(lake, D1, D2)
    return lake


def _state(lake: Lake) -> tuple[bytes | None, dict[date, bytes], list[object]]:
    """What a reader gets: the pointer, every bundle that it names (whole), and a title's history."""
    whole = {day: read_object(lake.store, named.snapshot) for day, named in served(lake).days.items()}
    return lake.store.get(POINTER), whole, list(history(lake, "movie-1"))


def test_a_publisher_killed_anywhere_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    write_again = _two_published(tmp_path / "whole")
    old = _state(write_again)
    write_day(write_again, D1, ["movie-2", "movie-1"])
    publish_days(write_again, D1, D3)
    new = _state(write_again)
    seen, at = [], 0
    while True:
        at += 1
        lake = _two_published(tmp_path / str(at))
        write_day(lake, D1, ["movie-2", "movie-1"])
        dying = DyingStore(Path(lake.uri), at)
        try:
            publish_days(Lake(lake.uri, dying), D1, D3)
        except DiedError:
            pass
        else:
            break
        state = _state(lake)
        assert state in (old, new), dying.steps[-1]
        assert all(sound(lake.store.get(key) or b"") for key in lake.store.list("serving/objects"))
        seen.append(state == new)
        publish_days(lake, D1, D3)  # starting it again ends where an undisturbed run ends
        assert _state(lake) == new
    # Two bundles, two tables, two quarters, the pointer and its version: before and after each.
    assert len(seen) == 2 * (2 + 2 + 2 + 1 + 1)
    assert seen == [False] * 13 + [True] * 3  # killed behind the swap: the new state, though nobody was told


def _careless(store: Store, key: str, data: bytes, old: bytes | None, mark: str | None) -> bool:
    store.put(key, data)
    return True


@pytest.mark.parametrize("checked", [True, False])
def test_the_quarter_is_rewritten_from_what_the_faster_publisher_left(lake: Lake, checked: bool) -> None:
    """Two publishers of one quarter, the second at work between the first one's read and its put."""
    mine, others = stored(lake.store, "a" * 16, 1), stored(lake.store, "b" * 16, 2)
    faster: list[Callable[[], object]] = [lambda: release(lake.store, {D2: others})]

    def late(store: Store, key: str, data: bytes, old: bytes | None, mark: str | None) -> bool:
        if faster:
            faster.pop()()
        return (put_if_unchanged if checked else _careless)(store, key, data, old, mark)

    release(lake.store, {D1: mine}, put=late)
    ranks = [cell["rank"] for cell in history(lake, "movie-1")]
    assert ranks == ([1, 2] if checked else [1])  # unchecked, the faster one's day is lost
    assert set(served(lake).days) == ({D1, D2} if checked else {D1})


def test_the_table_of_a_day_lists_its_answers(lake: Lake) -> None:
    write_day(lake, D1, ORDERS[D1])
    publish_days(lake, D1)
    rows = {row["path"]: row for row in lake.read("serving/bundle", [D1]).to_dicts()}
    whole: Container = container(lake, D1)
    assert set(rows) == {name for name in whole.names() if name.startswith("/")}
    for path, row in rows.items():
        found = whole.find(path)
        assert found is not None
        packed = [None if form is None else len(form) for form in (found.gzip, found.brotli)]
        assert (row["content_type"], row["etag"], row["bytes"]) == (
            found.content_type.decode(),
            found.etag,
            len(found.body),
        )
        assert [row["gzip_bytes"], row["brotli_bytes"]] == packed
