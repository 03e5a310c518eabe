"""Gzip in pieces."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.tmdb.gunzip import PIECE, Gunzip


def _unpack(parts: list[bytes], most: int = 10_000_000) -> bytes:
    unzip = Gunzip("The file", most)
    pieces = [piece for part in parts for piece in unzip.feed(part)] + list(unzip.done())
    assert all(0 < len(piece) <= PIECE for piece in pieces)
    return b"".join(pieces)


def _parts(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=3), st.integers(1, 500))
def test_any_members_in_any_parts(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    assert _unpack(_parts(packed, size)) == b"".join(members)
    assert _unpack(_parts(packed + b"\0" * 9, size)) == b"".join(members)


@given(st.binary(max_size=100).filter(lambda data: not data.startswith(b"\x1f\x8b")), st.integers(1, 7))
def test_what_is_no_gzip_passes(data: bytes, size: int) -> None:
    assert _unpack(_parts(data, size)) == data


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_a_cut_is_seen_wherever_it_is(content: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(content)
    end = data.draw(st.integers(2, len(packed) - 1))
    with pytest.raises(BadInput) as caught:
        _unpack([packed[:end]])
    assert caught.value.reason is Reason.CUT_OFF


def test_a_broken_middle_and_a_wrong_checksum_are_seen() -> None:
    packed = bytearray(gzip.compress(b"line\n" * 50_000))
    for at in (len(packed) // 2, len(packed) - 6):
        broken = packed.copy()
        broken[at] ^= 0xFF
        with pytest.raises(BadInput, match=r"The file is (broken gzip|gzip that is cut off)") as caught:
            _unpack([bytes(broken)])
        assert caught.value.reason is Reason.CUT_OFF


def test_a_bomb_is_stopped_at_its_bound() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    unzip, out = Gunzip("The file", 5_000_000), 0
    with pytest.raises(BadInput, match=r"more than 5,000,000 bytes once it is unpacked") as caught:
        for piece in unzip.feed(bomb):
            out += len(piece)
    assert caught.value.reason is Reason.TOO_LARGE
    assert out <= 5_000_000
    assert len(_unpack([bomb], 50_000_000)) == 50_000_000
