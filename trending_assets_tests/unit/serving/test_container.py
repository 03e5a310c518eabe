"""The container of ready answers and the quarters of history: what goes in comes out, whole or not at all."""

import gzip
from datetime import date, timedelta
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.serving.container import LEAST, Container, Entry, key_of, pack, sound
from trending_assets.serving.encoding import etag
from trending_assets.serving.history import Quarter, write_quarter

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
bodies = st.binary(max_size=40) | st.binary(min_size=1, max_size=9).map(lambda unit: unit * 200)
entries = st.dictionaries(
    names, st.tuples(bodies, st.sampled_from(["application/json", "text/csv"]), st.integers(0, 2))
)


@settings(deadline=None)
@given(entries)
def test_what_goes_in_comes_out(made: dict[str, tuple[bytes, str, int]]) -> None:
    whole = Container(pack({"kind": "x"}, [Entry(name, *rest) for name, rest in made.items()]))
    assert whole.names() == sorted(made) and whole.header == {"kind": "x"}
    for name, (body, kind, effort) in made.items():
        found = whole.find(name)
        assert found is not None and bytes(found.body) == body
        assert (found.content_type, found.etag) == (kind.encode(), etag(body))
        forms = found.gzip, found.brotli
        assert (None not in forms) == (effort > 0 and len(body) >= LEAST)
        if found.gzip and found.brotli:
            assert gzip.decompress(found.gzip) == brotli.decompress(bytes(found.brotli)) == body
        assert whole.body(key_of(name.encode()), name.encode()) == (body, bytes.fromhex(etag(body)))
    assert whole.find("".join(made) + "another") is None


def test_bytes_do_not_depend_on_the_order(tmp_path: Path) -> None:
    made = [Entry(f"/{n}", str(n).encode() * 300) for n in range(50)]
    data = pack({"b": 1, "a": 2}, made)
    assert pack({"a": 2, "b": 1}, reversed(made)) == data and sound(data)
    (tmp_path / "file").write_bytes(data)
    found = Container.open(tmp_path / "file").find("/7")
    assert found is not None and bytes(found.body) == b"7" * 300


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="/x is there twice"):
        pack({}, [Entry("/x", b"1"), Entry("/x", b"2")])


def test_any_change_is_unsound() -> None:
    data = pack({}, [Entry("/x", b"body")])
    assert sound(data)
    for at in range(len(data)):
        assert not sound(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]), at
        assert not sound(data[:at])
    assert not sound(data + b"x")


D1 = date(2026, 11, 1)
days = st.integers(0, 29).map(lambda n: D1 + timedelta(days=n))
cells = st.dictionaries(
    st.sampled_from(["movie-1", "movie-2", "tv-3"]), st.integers(0, 9).map(lambda n: b'{"rank":%d}' % n)
)
history = st.dictionaries(days, cells, min_size=1, max_size=8)


@settings(deadline=None)
@given(history, history, days, days)
def test_a_quarter_gives_the_rows_of_any_days(
    first: dict[date, dict[str, bytes]], later: dict[date, dict[str, bytes]], low: date, high: date
) -> None:
    before = write_quarter(None, first)
    data = write_quarter(Quarter(Container(before)), later)
    together = {**first, **later}
    assert write_quarter(None, together) == data  # the way there leaves no trace
    quarter = Quarter(Container(data))
    assert quarter.days == sorted(together)
    for title in ("movie-1", "movie-2", "tv-3"):
        wanted = b"".join(
            together[day][title] + b"," for day in sorted(together) if low <= day <= high and title in together[day]
        )
        span = quarter.span(key_of(title.encode()), title.encode(), low, high)
        assert (bytes(span[0]) if span else b"") == wanted
    for day in together:
        assert quarter.cells(day) == together[day]
