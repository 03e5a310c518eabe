"""The pointer: equal content has equal bytes, versions count every change, and publishers at once lose nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.conditional import Mark, put_if_unchanged
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.lake import Lake
from trending_assets.serving.pointer import (
    POINTER,
    Pointer,
    Published,
    object_key,
    read_object,
    read_pointer,
    read_version,
    swap,
    version_key,
    versions,
)
from trending_assets.store import Store

hexes = st.text("0123456789abcdef", min_size=16, max_size=64)
quarters = st.dictionaries(st.dates().map(lambda day: f"{day:%Y-%m}"), hexes)
pointers = st.builds(
    Pointer, st.integers(0, 10**6), st.dictionaries(st.dates(), st.builds(Published, hexes, hexes)), quarters
)
ONE = Published("0" * 16, "0" * 64)
D1, D2, D3 = (date(2026, 1, 1) + timedelta(days=n) for n in range(3))


def with_day(day: date, published: Published = ONE) -> Callable[[Pointer], Pointer]:
    """A change that publishes a day."""
    return lambda old: old.with_days({day: published}, {})


@given(pointers)
def test_bytes_come_back_and_do_not_depend_on_order(pointer: Pointer) -> None:
    data = pointer.to_bytes()
    assert Pointer.from_bytes(data) == pointer
    turned = dict(reversed(list(pointer.days.items()))), dict(reversed(list(pointer.history.items())))
    assert Pointer(pointer.version, *turned).to_bytes() == data


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"{}", b'{"days":{"x":{}}}', b'{"days":{"2026-01-01":{}}}', b'{"days":{}}'),
        *(b'{"days":{},"version":"x","history":{}}', b'{"days":{},"version":1,"history":7}'),
    ],
)
def test_another_object_in_its_place_is_refused(data: bytes) -> None:
    with pytest.raises(PermanentFailure, match="is no pointer"):
        Pointer.from_bytes(data)


def test_versions_count_every_change_and_stay(lake: Lake) -> None:
    assert read_pointer(lake.store) is None and versions(lake.store) == []
    made = [swap(lake.store, with_day(day)) for day in (D1, D2, D3)]
    assert [pointer.version for pointer in made] == versions(lake.store) == [1, 2, 3]
    for pointer in made:
        assert lake.store.get(version_key(pointer.version)) == pointer.to_bytes()
        assert read_version(lake.store, pointer.version) == pointer
    assert lake.store.get(POINTER) == made[-1].to_bytes()
    assert read_version(lake.store, 4) is None


def test_an_unchanged_pointer_is_not_written_again(lake: Lake) -> None:
    first = swap(lake.store, with_day(D1))
    files = {path: path.stat().st_mtime_ns for path in Path(lake.uri).rglob("*.json")}
    assert swap(lake.store, with_day(D1)) == first
    assert {path: path.stat().st_mtime_ns for path in Path(lake.uri).rglob("*.json")} == files


def test_a_change_does_not_choose_its_version(lake: Lake) -> None:
    swap(lake.store, with_day(D1))
    assert swap(lake.store, lambda old: replace(with_day(D2)(old), version=99)).version == 2
    assert swap(lake.store, lambda old: replace(old, version=99)).version == 2  # a number alone is no change


def test_a_version_whose_own_copy_is_missing_is_the_current_one(lake: Lake) -> None:
    pointer = swap(lake.store, with_day(D1))
    lake.store.delete(version_key(1))  # as after a crash right behind the swap
    assert read_version(lake.store, 1) == pointer
    swap(lake.store, with_day(D2))
    assert lake.store.get(version_key(1)) == pointer.to_bytes()  # the outgoing one is kept before the swap


def test_a_lost_pointer_goes_on_counting(lake: Lake) -> None:
    swap(lake.store, with_day(D1))
    swap(lake.store, with_day(D2))
    lake.store.delete(POINTER)
    assert swap(lake.store, with_day(D3)).version == 3


def test_a_put_whose_answer_was_lost_counts_once(lake: Lake) -> None:
    """The put took place, its answer did not come, and somebody else published right after."""
    lost: list[bool] = []

    def put(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark) -> bool:
        if lost:
            return put_if_unchanged(store, key, data, old, mark)
        lost.append(put_if_unchanged(store, key, data, old, mark))
        swap(store, with_day(D2))
        return False

    swap(lake.store, with_day(D3))
    assert swap(lake.store, with_day(D1), put=put).version == 2
    pointer = read_pointer(lake.store)
    assert pointer is not None and pointer.version == 3 and set(pointer.days) == {D1, D2, D3}


def test_a_pointer_that_others_change_all_the_time_is_given_up(lake: Lake) -> None:
    with pytest.raises(TransientFailure, match="changed by others, or could not be written, 3 times"):
        swap(lake.store, with_day(D1), attempts=3, put=lambda *_: False)
    assert read_pointer(lake.store) is None


_PUBLISHER = """
import sys
from datetime import date, timedelta
from trending_assets.store import open_store
from trending_assets.serving.pointer import Published, swap
(_, store), first = open_store(sys.argv[1]), date.fromisoformat(sys.argv[2])
sys.stdin.read(1)
for n in range(50):
    swap(store, lambda old: old.with_days({first + timedelta(days=n): Published("0" * 16, "0" * 64)}, {}))
print([name for name in ("polars", "pyarrow", "boto3", "dagster") if name in sys.modules])
"""


def test_publishers_in_processes_lose_nothing_and_import_nothing_heavy(lake: Lake) -> None:
    start = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": Path(__file__).parents[3]}
    command = [sys.executable, "-c", _PUBLISHER, lake.uri]
    both: list[subprocess.Popen[bytes]] = [
        subprocess.Popen([*command, first], env=dict(os.environ), **start)  # type: ignore[call-overload]
        for first in ("2026-01-01", "2027-01-01")
    ]
    for publisher in both:
        assert publisher.stdin is not None
        publisher.stdin.write(b"x")
        publisher.stdin.flush()
    assert [publisher.communicate(timeout=60)[0].strip() for publisher in both] == [b"[]", b"[]"]
    pointer = read_pointer(lake.store)
    assert pointer is not None and len(pointer.days) == 100 and pointer.version == 100
    assert versions(lake.store) == list(range(1, 101))


def test_an_object_must_be_whole(lake: Lake) -> None:
    with pytest.raises(TransientFailure, match="is not there"):
        read_object(lake.store, "0" * 16)
    lake.store.put(object_key("0" * 16), b"half")
    with pytest.raises(TransientFailure, match="is not whole"):
        read_object(lake.store, "0" * 16)
