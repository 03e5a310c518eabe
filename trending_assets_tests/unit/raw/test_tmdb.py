"""TMDb: JSON to rows, the id export's lines, and a client that keeps its key to itself."""

import asyncio
import gzip
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure, TransientFailure, TrendingError
from trending_assets.raw.clock import accept_datetime
from trending_assets.raw.http_client import retry_after
from trending_assets.raw.tmdb import _export_rows, tmdb
from trending_assets.raw.tmdb_shapes import detail_row, list_row
from trending_assets.settings import Settings

DAY = date(2013, 5, 3)
KEY = "0123secret4567"
Reply = tuple[int, dict[str, str], bytes]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that gives up early is part of the tests


@contextmanager
def _server(answer: Callable[[str, Any], Reply]) -> Iterator[str]:
    """A real HTTP server on loopback; `answer` gets path and headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path, self.headers)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _details(url: str, key: str = KEY, day: date = DAY) -> tuple[pl.DataFrame, list[tuple[str, int]]]:
    async def ask() -> tuple[pl.DataFrame, list[tuple[str, int]]]:
        settings = Settings(tmdb_url=f"{url}/3", tmdb_exports_url=f"{url}/p/exports", tmdb_api_key=SecretStr(key))
        async with tmdb(settings) as api:
            return await api.details([("movie", 603), ("tv", 1)], day)

    return asyncio.run(ask())


MEMENTO = {"Memento-Datetime": accept_datetime(DAY)}


def test_a_429_is_waited_for_and_a_404_is_left_out() -> None:
    seen: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        assert headers["Accept-Datetime"] == "Fri, 03 May 2013 23:59:59 GMT"
        assert f"api_key={KEY}" in path
        seen[path] += 1
        if "/tv/" in path:
            return 404, {}, b"{}"
        if seen[path] == 1:
            return 429, {"Retry-After": "0"}, b"{}"
        if seen[path] == 2:
            return 200, MEMENTO, b'{"title": "The Ma'
        return 200, MEMENTO, b'{"title": "The Matrix", "vote_count": 0, "vote_average": 8.2, "release_date": ""}'

    with _server(answer) as url:
        rows, gone = _details(url)
    assert gone == [("tv", 1)]
    assert rows.select("title", "vote_average", "release_date").rows() == [("The Matrix", None, None)]
    assert validate(conform(rows, TABLES["raw/tmdb_titles"]), TABLES["raw/tmdb_titles"]) == []


def test_a_v4_token_goes_into_a_header() -> None:
    def answer(path: str, headers: Any) -> Reply:
        assert "api_key" not in path
        assert headers["Authorization"] == "Bearer eyJhbGciOi"
        return 200, MEMENTO, b'{"name": "x"}'

    with _server(answer) as url:
        assert _details(url, "eyJhbGciOi")[0].height == 2


def test_a_past_day_without_memento_fails_for_good() -> None:
    with _server(lambda path, headers: (200, {}, b'{"title": "x"}')) as url, pytest.raises(PermanentFailure) as caught:
        _details(url)
    assert "cannot show the past" in str(caught.value)
    assert "2013-05-03" in str(caught.value)


@pytest.mark.parametrize(("status", "kind"), [(401, PermanentFailure), (503, TransientFailure)])
def test_the_key_is_in_no_error_and_no_log(
    status: int, kind: type[TrendingError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {"Retry-After": "3600"}  # longer than anyone waits: no retry
    with _server(lambda path, _: (status, headers, b"{}")) as url, pytest.raises(kind) as caught:
        _details(url)
    assert str(status) in str(caught.value)
    assert KEY not in str(caught.value) + repr(caught.value) + caplog.text


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after({"retry-after": "7"}) == 7.0
    dates = {"retry-after": "Fri, 03 May 2013 10:00:30 GMT", "date": "Fri, 03 May 2013 10:00:00 GMT"}
    assert retry_after(dates) == 30.0
    assert retry_after({"retry-after": "soon"}) is None


def _catalogue(url: str) -> tuple[pl.DataFrame, dict[str, int]]:
    async def ask() -> tuple[pl.DataFrame, dict[str, int]]:
        async with tmdb(Settings(tmdb_exports_url=f"{url}/p/exports", tmdb_api_key=None)) as api:
            return await api.catalogue(DAY)

    return asyncio.run(ask())


def test_the_export_of_the_day_needs_no_key_and_counts_what_it_leaves_out() -> None:
    movies: list[Any] = [
        {"adult": False, "id": 1, "original_title": "A", "popularity": 2.5, "video": False},
        {"adult": True, "id": 2, "original_title": "B", "popularity": 1, "video": False},
        {"adult": False, "id": 3, "original_title": "C", "popularity": 1, "video": True},
        {"adult": False, "id": 4, "original_title": " ", "popularity": 1, "video": False},
        {"adult": False, "id": 1, "original_title": "A", "popularity": 2.5, "video": False},
    ]
    tries: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        tries[path] += 1
        if path == "/p/exports/movie_ids_05_03_2013.json.gz":
            whole = gzip.compress("\n".join([*map(json.dumps, movies), '{"id": 5,']).encode())
            return 200, {}, whole if tries[path] > 1 else whole[:-12]
        assert path == "/p/exports/tv_series_ids_05_03_2013.json.gz"
        return 200, {}, gzip.compress(b'{"id": 1, "original_name": "S", "popularity": 0.0}\n')

    with _server(answer) as url:
        frame, left_out = _catalogue(url)
    assert frame.rows() == [("movie", 1, "A", 2.5), ("tv", 1, "S", 0.0)]
    assert left_out == {"adult": 1, "blank": 1, "broken": 1, "repeated": 1, "video": 1}


def test_a_missing_export_is_named() -> None:
    with _server(lambda path, headers: (404, {}, b"")) as url, pytest.raises(PermanentFailure, match="movie_ids_05_03"):
        _catalogue(url)


@given(st.lists(st.binary(max_size=40) | st.just(b'{"id": 7, "original_title": "x"}'), max_size=10))
def test_any_export_lines_are_rows_or_counted(lines: list[bytes]) -> None:
    raw = b"\n".join(lines)
    left_out: Counter[str] = Counter()
    frame = _export_rows("movie", raw, left_out)
    assert frame.height + left_out.total() == sum(1 for line in raw.split(b"\n") if line.strip())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = (
    "id title name original_title genres keywords results credits cast crew vote_average vote_count runtime "
    "episode_run_time release_date popularity watch/providers external_ids created_by genre_ids poster_path"
)
_ITEM = st.dictionaries(st.sampled_from(_NAMES.split()), _JSON)


@given(_ITEM, st.sampled_from(["movie", "tv"]))
def test_any_item_becomes_a_row_of_the_contract(item: dict[str, Any], media: str) -> None:
    row = detail_row(media, 1, item, DAY)
    if row is not None:
        table = TABLES["raw/tmdb_titles"]
        assert validate(conform(pl.DataFrame([row], schema=table.schema), table), table) == []
    entry = list_row(media, "popular", 1, item)
    if entry["tmdb_id"] and entry["title"]:
        table = TABLES["raw/tmdb_lists"]
        assert validate(conform(pl.DataFrame([entry], schema=table.schema), table), table) == []


def test_real_answers(shared: Path) -> None:
    index = json.loads((shared / "fixtures/http/index.json").read_text())
    films = {
        e["uri"]: json.loads((shared / "fixtures/http" / e["file"]).read_text())
        for e in index
        if "api.themoviedb.org/3/movie/603?" in e["uri"] and e["status"] == 200
    }
    assert films
    for item in films.values():
        row = detail_row("movie", 603, item, DAY)
        assert row is not None
        assert row["imdb_id"] == "tt0133093"
        assert row["runtime"] == 136
        assert "Action" in row["genres"]
