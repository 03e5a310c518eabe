"""Where Scrapy's requests go out: unpacking with a bound, the circuit of each host, and what a crawl is measured by."""

import zlib
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

import pybreaker
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.addresses import guard_of, literal
from trending_assets.raw.crawl.outcomes import bad_input, bad_status

FAILURES_IN_A_ROW = 10
"""So many in a row, and a host is left alone for a while."""
CIRCUIT_SECONDS = 30


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """A body without its content encoding (gzip or deflate), of at most `limit` bytes.

    Raises BadInput: TOO_LARGE beyond the limit, CUT_OFF where the stream lacks its end, ENCODING where it is none.
    """
    windows = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(encoding)
    if windows is None:
        raise BadInput(Reason.ENCODING, f"The body is encoded as {encoding[:40]!r}, which was not asked for.")
    for window in windows:
        try:
            return _inflate(body, window, limit)
        except zlib.error:
            continue
    raise BadInput(Reason.ENCODING, f"The body is said to be {encoding} and is not.")


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts, size, rest = list[bytes](), 0, body
    while rest:  # gzip allows several members one after another
        stream = zlib.decompressobj(window)
        parts.append(stream.decompress(rest, limit - size + 1))
        size += len(parts[-1])
        if size > limit:
            raise BadInput(Reason.TOO_LARGE, f"The body unpacks to more than {limit:,} bytes.")
        if not stream.eof:
            raise BadInput(Reason.CUT_OFF, "The packed body is cut off before its end.")
        rest = stream.unused_data
        if window != 31 or not rest.startswith(b"\x1f\x8b"):
            break
    return b"".join(parts)


class Circuits:
    """A circuit breaker for each host. A host that failed FAILURES_IN_A_ROW times is not asked for CIRCUIT_SECONDS."""

    def __init__(self) -> None:
        self._of: dict[str, pybreaker.CircuitBreaker] = {}
        self._opened: dict[str, float] = {}

    def check(self, host: str) -> None:
        """Raise BadInput(CIRCUIT_OPEN) while the host is left alone."""
        opened = self._opened.get(host)
        if opened is not None and monotonic() < opened + CIRCUIT_SECONDS:
            raise BadInput(
                Reason.CIRCUIT_OPEN, f"{host} failed {FAILURES_IN_A_ROW} times in a row and is left alone for a while."
            )

    def note(self, host: str, failure: BadInput | None) -> None:
        """Count the outcome of a request."""
        if failure is None and host not in self._of:
            return
        breaker = self._of.setdefault(
            host, pybreaker.CircuitBreaker(fail_max=FAILURES_IN_A_ROW, reset_timeout=CIRCUIT_SECONDS)
        )

        def outcome() -> None:
            if failure is not None:
                raise failure

        with suppress(BadInput, pybreaker.CircuitBreakerError):
            breaker.call(outcome)
        if breaker.current_state == pybreaker.STATE_OPEN:
            self._opened[host] = monotonic()
        else:
            self._opened.pop(host, None)


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler between a circuit and a bounded unpacking. Counts go to the crawl's stats, by day."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._stats = crawler.stats
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._circuits = Circuits()
        self._behind_proxy = guard_of(crawler.settings.getlist("TRENDING_ALLOW"))
        self._last: dict[str, float] = {}
        self._proxy: str | None = crawler.settings.get("TRENDING_PROXY")

    async def download_request(self, request: Request) -> Response:
        """The whole, unpacked answer. Raises BadInput, or Scrapy's errors for what broke on the way."""
        host = urlsplit(request.url).hostname or ""
        if self._proxy is not None:
            request.meta["proxy"] = self._proxy
            self._check_literal(host, urlsplit(request.url).port or 80)
        self._circuits.check(host)
        self._measure(host, request)
        try:
            response = self._unpacked(await super().download_request(request), request)
        except Exception as error:
            failure = bad_input(error)
            self._circuits.note(host, failure if failure.reason.transient else None)
            raise
        failed = bad_status(response.status) if response.status >= 500 else None
        self._circuits.note(host, failed)
        return response

    def _check_literal(self, host: str, port: int) -> None:
        """Behind a proxy the reactor sees the proxy's address alone, so an address that the URL spells out is checked here."""
        spelled = literal(host)
        if spelled is not None:
            self._behind_proxy.check(spelled, port)

    def _measure(self, host: str, request: Request) -> None:
        now, last = monotonic(), self._last.get(host)
        self._last[host] = now
        assert self._stats is not None
        if last is not None:
            self._stats.min_value(f"gap/{host}", now - last)
        self._stats.inc_value(f"requests/{_day(request)}")

    def _unpacked(self, response: Response, request: Request) -> Response:
        assert self._stats is not None
        self._stats.inc_value(f"bytes/{_day(request)}", len(response.body))
        encodings = [
            part.strip().lower() for v in response.headers.getlist("Content-Encoding") for part in v.split(b",")
        ]
        encodings = [part for part in encodings if part not in (b"", b"identity")]
        if not encodings or not response.body:
            return response
        body = response.body
        for encoding in reversed(encodings):
            body = unpack(body, encoding.decode("latin-1"), self._limit)
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, headers=headers)


def _day(request: Request) -> str:
    """The day that a request is for; empty for a robots.txt, which is of all days."""
    return str(request.cb_kwargs.get("day", ""))
