"""Unpacking with a bound, and the circuit of a host."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.handler import FAILURES_IN_A_ROW, Circuits, unpack


@given(st.binary(min_size=1, max_size=3000), st.sampled_from(["gzip", "x-gzip", "deflate"]))
def test_what_was_packed_comes_back(body: bytes, encoding: str) -> None:
    packed = gzip.compress(body) if "gzip" in encoding else zlib.compress(body)
    assert unpack(packed, encoding, len(body)) == body


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_a_packed_body_that_is_cut_off_is_never_taken_for_whole(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body)
    cut = packed[: data.draw(st.integers(1, len(packed) - 1))]
    with pytest.raises(BadInput) as caught:
        unpack(cut, "gzip", 10_000)
    assert caught.value.reason in (Reason.CUT_OFF, Reason.ENCODING)


def test_members_of_gzip_follow_each_other_and_raw_deflate_is_read() -> None:
    assert unpack(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", 100) == b"one two"
    raw = zlib.compressobj(wbits=-15)
    assert unpack(raw.compress(b"text") + raw.flush(), "deflate", 100) == b"text"


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(b"0" * 10_000_000, mtime=0), "gzip", Reason.TOO_LARGE),
        (gzip.compress(b"0" * 600, mtime=0) * 2, "gzip", Reason.TOO_LARGE),
        (b"no gzip at all", "gzip", Reason.ENCODING),
        (b"anything", "br", Reason.ENCODING),
    ],
)
def test_bombs_and_lies_are_refused(body: bytes, encoding: str, reason: Reason) -> None:
    with pytest.raises(BadInput) as caught:
        unpack(body, encoding, 1000)
    assert caught.value.reason is reason


def test_a_host_that_fails_again_and_again_is_left_alone() -> None:
    circuits = Circuits()
    for _ in range(FAILURES_IN_A_ROW - 1):
        circuits.note("a.example", True)
    circuits.check("a.example")
    circuits.note("a.example", True)
    with pytest.raises(BadInput, match=r"a\.example failed 10 times in a row") as caught:
        circuits.check("a.example")
    assert caught.value.reason is Reason.CIRCUIT_OPEN
    circuits.check("b.example")
