"""The client of TMDb against real servers on loopback: retries, Retry-After, budget, circuit, bounds, and its secrets."""

import asyncio
import base64
import gzip
import json
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from trending_assets.failures import PermanentFailure, Reason, TransientFailure, TrendingError
from trending_assets.raw.retrying import full_jitter
from trending_assets.raw.tmdb import client as http_client
from trending_assets.raw.tmdb.api import Tmdb, tmdb
from trending_assets.raw.tmdb.client import ATTEMPTS, FAILURES_IN_A_ROW, SPARE_RETRIES, BadAnswer, retry_after
from trending_assets.settings import Settings
from trending_assets_tests.unit.raw.tmdb.server import DAY, KEY, MEMENTO, Reply, asked, ok, served, settings_of

TOKEN = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"HS256"}', b'{"aud":"x"}', b"signature")
)


def _film(url: str, **more: Any) -> dict[str, Any] | None:
    return asked(url, lambda api: api.answer("movie/603", DAY, dict), **more)


def _failure(url: str, **more: Any) -> TrendingError:
    with pytest.raises(TrendingError) as caught:
        _film(url, **more)
    return caught.value


def _reason(url: str) -> Reason:
    failure = _failure(url)
    assert isinstance(failure, BadAnswer)
    assert str(failure).count(".") >= 1
    return failure.reason


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "full_jitter", lambda attempt: full_jitter(attempt, first=0.01, longest=0.05))


@contextmanager
def _raw(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server below HTTP: `talk` gets each connection after the request's head."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65_536)
                    talk(connection)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()


def test_a_v3_key_goes_into_the_query_and_a_v4_token_into_a_header() -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(path: str, headers: Any) -> Reply:
        seen.append((path, headers["Authorization"]))
        return ok({"id": 603})

    with served(answer) as url:
        _film(url)
        _film(url, tmdb_api_key=SecretStr(f"  {TOKEN}\n"))
    assert seen == [(f"/3/movie/603?api_key={KEY}", None), ("/3/movie/603", f"Bearer {TOKEN}")]


@pytest.mark.parametrize("key", ["two words", "schlüssel", "line\nbreak"])
def test_a_key_that_is_none_is_refused_before_anything_is_sent(key: str) -> None:
    failure = _failure("http://127.0.0.1:9", tmdb_api_key=SecretStr(key))
    assert isinstance(failure, PermanentFailure)
    assert "TMDB_API_KEY" in str(failure) and key not in str(failure)


def test_what_passes_is_asked_for_again() -> None:
    troubles: list[Reply] = [
        (429, {"Retry-After": "0"}, b"{}"),
        (503, {}, b"busy"),
        (200, {**MEMENTO, "Content-Length": "900"}, b'{"id": 603, "ti'),  # ends before its announced length
        (200, MEMENTO, b'{"id": 603, "ti'),  # complete, yet its JSON is cut
        (200, {**MEMENTO, "Content-Encoding": "gzip"}, gzip.compress(b'{"id": 603}')[:-9]),
    ]
    replies = iter([*troubles, ok({"id": 603, "title": "The Matrix"})])
    with served(lambda path, headers: next(replies)) as url:

        async def ask(api: Tmdb) -> tuple[dict[str, Any] | None, int, int]:
            return await api.answer("movie/603", DAY, dict), api.web.stats.requests, api.web.stats.retries

        found, requests, retries = asked(url, ask)
    assert found == {"id": 603, "title": "The Matrix"}
    assert (requests, retries) == (ATTEMPTS, ATTEMPTS - 1)


def test_the_tries_end() -> None:
    tries: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        tries[path] += 1
        return 500, {}, b"{}"

    with served(answer) as url:
        assert _reason(url) is Reason.HTTP_TRANSIENT
    assert tries.total() == ATTEMPTS


def test_a_retry_after_holds_back_every_request() -> None:
    """Of ten requests under way, those not yet sent wait too: after the 429 the server sees nothing for its second."""
    times: list[float] = []

    def answer(path: str, headers: Any) -> Reply:
        times.append(time.monotonic())
        return (429, {"Retry-After": "1"}, b"{}") if len(times) == 1 else ok({"id": 1})

    async def ask(api: Tmdb) -> None:
        await http_client.gather([api.answer(f"movie/{n}", DAY, dict) for n in range(10)])

    with served(answer) as url:
        asked(url, ask, tmdb_concurrency=10, tmdb_requests_per_second=4.0)
    assert len(times) == 11
    assert all(later - times[0] >= 0.99 for later in times[1:])  # a lower bound, not a speed


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_retry_after_is_seconds_or_nothing(value: str, sent: str) -> None:
    seconds = retry_after({"retry-after": value, "date": sent})
    assert seconds is None or seconds >= 0


def test_a_long_retry_after_fails_the_run_at_once() -> None:
    tries: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        tries[path] += 1
        return 429, {"Retry-After": "3600"}, b"{}"

    with served(answer) as url:
        failure = _failure(url)
    assert isinstance(failure, TransientFailure) and failure.retry_after == 3600
    assert "asks to wait 3600 seconds" in str(failure)
    assert tries.total() == 1


def test_a_dead_service_is_left_alone_with_one_sentence() -> None:
    tries: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        tries["all"] += 1
        return 503, {}, b"{}"

    async def ask(api: Tmdb) -> None:
        await api.details([("movie", n) for n in range(1, 400)], DAY)

    with (
        served(answer) as url,
        pytest.raises(
            TransientFailure, match=r"failed \d+ times in a row and is left alone until later: TMDb at "
        ) as caught,
    ):
        asked(url, ask, tmdb_concurrency=8)
    assert str(caught.value).startswith("TMDb failed 5")
    assert str(caught.value).endswith("answers HTTP 503.")
    assert FAILURES_IN_A_ROW <= tries["all"] < FAILURES_IN_A_ROW + 8  # those under way when the circuit opened


def test_retries_stay_within_their_budget() -> None:
    """Every request fails once in a while, so no circuit opens; yet no more than the budget is asked again."""
    tries: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        tries["all"] += 1
        return ok({"id": 1, "title": "x"}) if tries["all"] % 3 == 0 else (500, {}, b"{}")

    async def ask(api: Tmdb) -> tuple[int, int, int]:
        for n in range(200):
            with suppress(BadAnswer):
                await api.answer(f"movie/{n}", DAY, dict)
        return api.web.stats.requests, api.web.stats.retries, tries["all"]

    with served(answer) as url:
        requests, retries, arrived = asked(url, ask)
    assert requests == arrived == 200 + retries
    assert SPARE_RETRIES < retries <= SPARE_RETRIES + 0.2 * 200


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_refused(status: int) -> None:
    seen: list[str] = []

    def answer(path: str, headers: Any) -> Reply:
        seen.append(path)
        return status, {"Location": f"/elsewhere?api_key={KEY}"}, b""

    with served(answer) as url:
        failure = _failure(url)
    assert isinstance(failure, PermanentFailure)
    assert f"redirects (HTTP {status})" in str(failure) and KEY not in str(failure)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason"),
    [
        (400, {}, b'{"status_code": 22}', Reason.HTTP_ERROR),
        (422, {}, b"", Reason.HTTP_ERROR),
        (204, {}, b"", Reason.HTTP_ERROR),
        (200, {}, b"<html>", Reason.WRONG_FORMAT),
        (200, {}, b"[1, 2]", Reason.WRONG_FORMAT),
        (200, {}, b'{"success": false, "status_code": 34, "status_message": "x"}', Reason.WRONG_FORMAT),
        (200, {}, b"", Reason.CUT_OFF),
        (200, {}, b'{"a": NaN}', Reason.WRONG_FORMAT),
        (200, {}, b'{"a": 1e999}', Reason.WRONG_FORMAT),
        (200, {}, b"[" * 100_000, Reason.WRONG_FORMAT),
        (200, {}, b'{"title": "caf\xe9"}', Reason.WRONG_FORMAT),
        (200, {"Content-Encoding": "br"}, b"{}", Reason.ENCODING),
        (200, {}, b'{"title": "' + b"a" * 3_000_000 + b'"}', Reason.TOO_LARGE),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * 6_000_000), Reason.TOO_LARGE),
    ],
)
def test_an_unusable_answer_has_its_reason(status: int, headers: dict[str, str], body: bytes, reason: Reason) -> None:
    with served(lambda path, _: (status, {**MEMENTO, **headers}, body)) as url:
        assert _reason(url) is reason


def test_a_byte_order_mark_is_no_trouble() -> None:
    with served(lambda path, _: (200, MEMENTO, b'\xef\xbb\xbf{"id": 603}')) as url:
        assert _film(url) == {"id": 603}


def test_connections_that_fail_have_their_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert _reason(f"http://127.0.0.1:{port}") is Reason.UNREACHABLE
    with _raw(lambda connection: None) as url:
        assert _reason(url) is Reason.CUT_OFF
    with _raw(lambda connection: connection.sendall(b"no HTTP at all\r\n\r\n")) as url:
        assert _reason(url) is Reason.CUT_OFF

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            time.sleep(0.02)
            connection.sendall(b" ")

    async def ask(api: Tmdb) -> object:  # each byte is in time, the whole is not
        return await api.web.get(f"{api.url}/movie/603", DAY, http_client.Body, most=http_client.Bounds(seconds=0.2))

    with _raw(drip) as url, pytest.raises(BadAnswer) as caught:
        asked(url, ask)
    assert caught.value.reason is Reason.TIMEOUT


def test_an_address_that_is_none_is_named() -> None:
    failure = _failure("ftp://127.0.0.1")
    assert isinstance(failure, PermanentFailure)
    assert "has no http(s) address" in str(failure)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    failure = _failure("http://127.0.0.1:9", tmdb_url="https://ann:hunter2@tmdb.example/3")
    assert isinstance(failure, PermanentFailure)
    assert "TRENDING_TMDB_URL" in str(failure) and "hunter2" not in str(failure)


def test_a_past_day_without_memento_fails_for_good() -> None:
    with served(lambda path, headers: (200, {}, b'{"id": 603}')) as url:
        failure = _failure(url)
        assert isinstance(failure, PermanentFailure)
        assert "cannot show the past" in str(failure) and "2013-05-03" in str(failure)
        assert _film(url, today=date(2013, 5, 4)) == {"id": 603}


@pytest.mark.parametrize("key", [KEY, TOKEN])
@pytest.mark.parametrize("status", [200, 301, 401, 403, 404, 418, 429, 500])
def test_a_key_that_the_server_repeats_is_in_no_error_log_or_file(
    status: int, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {**MEMENTO, "Retry-After": "3600" if status == 429 else "0", "Location": f"/?k={key}", "X-Key": key}
    body = json.dumps({"id": 1, "title": key, "overview": f"You sent {key}!"}).encode()

    async def ask(api: Tmdb) -> str:
        found = await api.details([("movie", 603)], DAY)  # id 1 is not 603: quarantined with its payload
        return f"{found.rows.to_dicts()} {found.bad} {found.gone}"

    with served(lambda path, _: (status, headers, body)) as url:
        try:
            told = asked(url, ask, tmdb_api_key=SecretStr(key))
        except TrendingError as error:
            told = f"{error} {error!r} {error.__cause__!r} {error.__context__!r}"
    assert key not in told + caplog.text
    if status == 200:
        assert "[key]" in told


def test_no_key_is_in_the_settings_that_a_client_prints() -> None:
    async def show() -> str:
        async with tmdb(settings_of("http://127.0.0.1:9")) as api:
            return repr(api)

    assert KEY not in asyncio.run(show())
    assert Settings.model_fields["tmdb_requests_per_second"].default == 40.0


def test_the_rate_is_kept() -> None:
    """At two a second, the second of three waits half a second and the third a whole one."""

    async def ask(api: Tmdb) -> float:
        await http_client.gather([api.answer(f"movie/{n}", DAY, dict) for n in range(3)])
        return api.web.stats.rate_limit_seconds

    with served(lambda path, headers: ok({"id": 1})) as url:
        assert 1.0 < asked(url, ask, tmdb_concurrency=3, tmdb_requests_per_second=2.0) <= 1.5


def test_the_client_names_itself_and_asks_for_a_day(tmp_path: Path) -> None:
    def answer(path: str, headers: Any) -> Reply:
        assert headers["Accept-Datetime"] == "Fri, 03 May 2013 23:59:59 GMT"
        assert headers["User-Agent"].startswith("TrendingNow/")
        assert headers["Accept-Encoding"] == "gzip"
        return ok({"id": 603})

    with served(answer) as url:
        assert _film(url) == {"id": 603}
