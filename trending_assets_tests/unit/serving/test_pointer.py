"""The pointer: equal content has equal bytes, and publishers at once lose nothing."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.serving.pointer import POINTER, Pointer, Published, read_object, read_pointer, swap
from trending_assets.store import S3Store

hexes = st.text("0123456789abcdef", min_size=16, max_size=64)
pointers = st.dictionaries(st.dates(), st.builds(Published, hexes, hexes)).map(Pointer)


@given(pointers)
def test_bytes_come_back_and_do_not_depend_on_order(pointer: Pointer) -> None:
    data = pointer.to_bytes()
    assert Pointer.from_bytes(data) == pointer
    assert Pointer(dict(reversed(list(pointer.days.items())))).to_bytes() == data


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"days":{"x":{}}}', b'{"days":{"2026-01-01":{}}}'])
def test_another_object_in_its_place_is_refused(data: bytes) -> None:
    with pytest.raises(PermanentFailure, match="is no pointer"):
        Pointer.from_bytes(data)


def _race(lakes: list[Lake], rounds: int) -> Pointer:
    """Every lake handle publishes `rounds` days of its own at once; the pointer that stands at the end."""
    barrier = threading.Barrier(len(lakes))

    def publish(at: int) -> None:
        barrier.wait()
        for n in range(rounds):
            day = date(2026, 1, 1) + timedelta(days=at * rounds + n)
            swap(lakes[at], lambda old: old.with_days({day: Published("0" * 64, "0" * 16)}))  # noqa: B023

    with ThreadPoolExecutor(len(lakes)) as pool:
        list(pool.map(publish, range(len(lakes))))
    pointer = read_pointer(lakes[0])
    assert pointer is not None
    return pointer


def test_publishers_in_threads_lose_nothing(lake: Lake) -> None:
    assert len(_race([lake, lake], 50).days) == 100


_PUBLISHER = """
import sys
from datetime import date, timedelta
from trending_assets.lake import open_lake
from trending_assets.serving.pointer import Published, swap
lake, first = open_lake(sys.argv[1]), date.fromisoformat(sys.argv[2])
sys.stdin.read(1)
for n in range(50):
    swap(lake, lambda old: old.with_days({first + timedelta(days=n): Published("0" * 64, "0" * 16)}))
"""


def test_publishers_in_processes_lose_nothing(lake: Lake) -> None:
    start = {"stdin": subprocess.PIPE, "cwd": Path(__file__).parents[3], "env": dict(os.environ)}
    command = [sys.executable, "-c", _PUBLISHER, lake.uri]
    both: list[subprocess.Popen[bytes]] = [
        subprocess.Popen([*command, first], **start)  # type: ignore[call-overload]
        for first in ("2026-01-01", "2027-01-01")
    ]
    for publisher in both:
        assert publisher.stdin is not None
        publisher.stdin.write(b"x")
        publisher.stdin.close()
    assert [publisher.wait(30) for publisher in both] == [0, 0]
    pointer = read_pointer(lake)
    assert pointer is not None and len(pointer.days) == 100


def test_an_unchanged_pointer_is_not_written_again(lake: Lake) -> None:
    one = {date(2026, 1, 1): Published("0" * 64, "0" * 16)}
    swap(lake, lambda old: old.with_days(one))
    place = Path(lake.uri) / POINTER
    before = place.stat().st_mtime_ns, place.read_bytes()
    swap(lake, lambda old: old.with_days(one))
    assert (place.stat().st_mtime_ns, place.read_bytes()) == before


def test_an_object_must_have_the_bytes_of_its_name(lake: Lake) -> None:
    with pytest.raises(TransientFailure, match="is not there"):
        read_object(lake, "0" * 64)
    lake.store.put(f"serving/objects/{'0' * 64}.parquet", b"half")
    with pytest.raises(TransientFailure, match="does not have the bytes"):
        read_object(lake, "0" * 64)


@pytest.mark.s3
@pytest.mark.slow
def test_publishers_on_s3_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trending_assets.s3 import environment, free_port, s3_server

    port = free_port()
    with s3_server(tmp_path, port):
        for name, value in environment(port).items():
            monkeypatch.setenv(name, value)
        lakes = [open_lake("s3://race/lake") for _ in range(2)]
        conflicts = _count_conflicts(lakes)
        for n in range(10):
            _collide(lakes, date(2026, 1, 1) + timedelta(days=2 * n))
        pointer = read_pointer(lakes[0])
        assert pointer is not None and len(pointer.days) == 20
        assert conflicts[0] >= 10  # every round one of the two was refused and came again


def _collide(lakes: list[Lake], first: date) -> None:
    """Two publishers that both read the pointer before either writes it."""
    both_have_read = threading.Barrier(2)

    def publish(at: int) -> None:
        tries = 0

        def change(old: Pointer) -> Pointer:
            nonlocal tries
            tries += 1
            if tries == 1:
                both_have_read.wait(30)
            return old.with_days({first + timedelta(days=at): Published("0" * 64, "0" * 16)})

        swap(lakes[at], change)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish, range(2)))


def _count_conflicts(lakes: list[Lake]) -> list[int]:
    """Counts the puts that were refused with 409 or 412, as botocore hears of them."""
    count = [0]

    def heard(parsed: dict[str, Any], **_: Any) -> None:
        count[0] += parsed["ResponseMetadata"]["HTTPStatusCode"] in (409, 412)

    for lake in lakes:
        assert isinstance(lake.store, S3Store)
        lake.store.client.meta.events.register("after-call.s3.PutObject", heard)
    return count
