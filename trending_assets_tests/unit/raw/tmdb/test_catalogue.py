"""The daily id exports: every line is a row, counted or in quarantine; cut files are asked for again."""

import gzip
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import BadInput, PermanentFailure, Reason, TransientFailure
from trending_assets.raw.tmdb.catalogue import LONGEST_LINE, MOST_BROKEN, Export, ExportReader
from trending_assets_tests.unit.raw.tmdb.server import DAY, Reply, asked, served

URL = "https://files.example/movie_ids.json.gz"


def _read(raw: bytes, size: int = 1 << 20) -> Export:
    reader = ExportReader("movie", URL)
    for at in range(0, len(raw), size):
        reader.feed(raw[at : at + size])
    return reader.done()


def _line(tmdb_id: Any = 1, name: Any = "A", popularity: Any = 2.5, **more: Any) -> bytes:
    return json.dumps({"id": tmdb_id, "original_title": name, "popularity": popularity, **more}).encode()


def test_what_is_left_out_is_counted_and_what_is_broken_is_kept() -> None:
    lines = [
        _line(1, " A "),
        _line(2, adult=True),
        _line(3, video=True),
        _line(4, " "),
        _line(5, None),
        _line(1, "Again"),
        b"",
        b'{"id": 5,',
        b"[1]",
        b'{"original_title": "no id"}',
        _line("6"),
        _line(7, popularity=-1),
        _line(8, popularity="high"),
        _line(9, popularity=None),
        b'{"id": 10, "original_title": "x", "popularity": NaN}',
        b"\xff\xfe",
        b"[" * 5000,
        _line(10**25),
        _line(11, "B\x00C"),
        b"\r",
    ]
    export = _read(b"\n".join(lines))
    assert export.frame.rows() == [("movie", 1, "A", 2.5), ("movie", 9, "A", 0.0), ("movie", 11, "BC", 2.5)]
    assert export.left_out == {"adult": 1, "video": 1, "blank": 2, "repeated": 1}
    assert export.lines == 18 == export.frame.height + export.left_out.total() + len(export.bad)
    assert [row["url"] for row in export.bad][:2] == [f"{URL}#L8", f"{URL}#L9"]
    assert Counter(row["reason"] for row in export.bad) == {"wrong_format": 6, "bad_row": 4}
    assert export.bad[0]["payload"] == '{"id": 5,'


@given(
    st.lists(st.binary(max_size=40) | st.just(_line(7)) | st.just(_line(8, "", 0)) | st.just(b""), max_size=12),
    st.integers(1, 50),
)
def test_any_lines_in_any_pieces_are_rows_or_counted(lines: list[bytes], size: int) -> None:
    raw = b"\n".join(lines)
    try:
        export = _read(raw, size)
    except BadInput as error:  # nothing but broken lines
        assert error.reason is Reason.WRONG_FORMAT and b'"id"' not in raw
        return
    assert export.lines == sum(1 for line in raw.split(b"\n") if line.strip())
    assert export.lines == export.frame.height + export.left_out.total() + len(export.bad)
    assert len({(row["url"], row["payload_sha256"], row["detail"]) for row in export.bad}) == len(export.bad)
    table = TABLES["raw/tmdb_catalogue"]
    assert validate(conform(export.frame, table), table) == []


def test_a_line_without_end_is_cut_and_the_next_one_read() -> None:
    export = _read(_line(1) + b"\n" + b'{"id": 2, "x": "' + b"a" * (3 * LONGEST_LINE) + b'"}\n' + _line(3), 100_000)
    assert export.frame["tmdb_id"].to_list() == [1, 3]
    assert [row["reason"] for row in export.bad] == ["too_large"]
    assert export.lines == 3


def test_an_export_of_broken_lines_is_unreadable() -> None:
    for raw in (b"<html>\n<body>", _line(1) + b"\n" + b"{\n" * (MOST_BROKEN + 1)):
        with pytest.raises(BadInput, match="lines that cannot be read") as caught:
            _read(raw)
        assert caught.value.reason is Reason.WRONG_FORMAT
    assert _read(b"").frame.is_empty()


MOVIES, SHOWS = "/p/exports/movie_ids_05_03_2013.json.gz", "/p/exports/tv_series_ids_05_03_2013.json.gz"
_SHOWS = gzip.compress(b'{"id": 1, "original_name": "S", "popularity": 0.0}\n', mtime=0)


def _catalogue(url: str, today: date = date(2013, 6, 1)) -> list[Export]:
    return asked(url, lambda api: api.catalogue(DAY), today, tmdb_api_key=None)


@pytest.mark.parametrize("spoil", ["cut", "checksum"])
def test_the_export_of_the_day_needs_no_key_and_a_spoiled_one_is_asked_for_again(spoil: str) -> None:
    whole = gzip.compress(b"\n".join(_line(n) for n in range(1, 2000)))
    broken = whole[:-12] if spoil == "cut" else whole[:-8] + b"\0" * 8
    tries: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        tries[path] += 1
        assert "api_key" not in path
        return 200, {}, _SHOWS if path == SHOWS else whole if tries[path] > 1 else broken

    with served(answer) as url:
        movies, shows = _catalogue(url)
    assert tries == {MOVIES: 2, SHOWS: 1}
    assert movies.frame.height == 1999 and shows.frame.rows() == [("tv", 1, "S", 0.0)]


def test_an_export_that_stays_cut_fails_in_a_way_that_may_pass() -> None:
    with (
        served(lambda path, headers: (200, {}, _SHOWS[:-9])) as url,
        pytest.raises(TransientFailure, match=r"movie_ids_05_03_2013\.json\.gz is gzip that is cut off"),
    ):
        _catalogue(url)


@pytest.mark.parametrize("body", [_SHOWS, gzip.compress(_SHOWS, mtime=0)])
def test_an_export_that_is_labelled_as_gzipped_on_its_way_is_read(body: bytes) -> None:
    with served(lambda path, headers: (200, {"Content-Encoding": "gzip"}, body)) as url:
        assert _catalogue(url)[1].frame.height == 1


@pytest.mark.parametrize("status", [403, 404])
def test_a_day_without_an_export_is_named(status: int) -> None:
    with served(lambda path, headers: (status, {}, b"")) as url:
        with pytest.raises(PermanentFailure, match=r"no id export for 2013-05-03 .*movie_ids_05_03.*three months"):
            _catalogue(url)
        with pytest.raises(TransientFailure, match=r"published at about 08:00 UTC"):
            _catalogue(url, today=DAY)


def test_an_export_of_something_else_fails_for_good() -> None:
    with served(lambda path, headers: (200, {}, b"<html>moved</html>")) as url, pytest.raises(PermanentFailure):
        _catalogue(url)
