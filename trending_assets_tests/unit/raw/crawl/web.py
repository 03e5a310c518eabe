"""A small web of a test's own behind a forward proxy: answers by host and path, and what was asked of it."""

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from trending_assets.raw.crawl.job import DocumentJob, Manners
from trending_assets.raw.sources import Address

DAY = date(2026, 11, 20)
TODAY = date(2026, 11, 21)

Answer = tuple[int, dict[str, str], bytes]
Route = Answer | Callable[[dict[str, str], int], Answer]
"""What an address answers: always the same, or by the request's headers (lower case) and how often it was asked before."""


@dataclass
class Asked:
    """A request that came: its address, its headers, and when (monotonic seconds)."""

    url: str
    headers: dict[str, str]
    at: float


@dataclass
class Web:
    """The web: routes by address, requests in their order, and the proxy's address."""

    routes: MutableMapping[str, Route]
    proxy: str = ""
    asked: list[Asked] = field(default_factory=list)

    def times(self, url: str) -> int:
        """How often an address was asked for."""
        return sum(one.url == url for one in self.asked)


@contextmanager
def web(routes: Mapping[str, Route]) -> Iterator[Web]:
    """Serve the routes; what is not there is a 404."""
    made = Web(dict(routes))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            before = made.times(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.asked.append(Asked(self.path, headers, time.monotonic()))
            route = made.routes.get(self.path, (404, {}, b""))
            status, more, body = route(headers, before) if callable(route) else route
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if "Content-Length" not in more:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            if "Content-Length" in more:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        made.proxy = f"http://127.0.0.1:{server.server_address[1]}"
        yield made
        server.shutdown()


def rss(*items: tuple[str, str], day: date = DAY) -> bytes:
    """A feed of (address, title) on a day."""
    lines = "".join(
        f"<item><link>{url}</link><title>{title}</title><pubDate>{day:%d} Nov 2026 08:00:00 GMT</pubDate></item>"
        for url, title in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{lines}</channel></rss>'.encode()


def review(name: str) -> bytes:
    """A review page of a film."""
    work = f'{{"@type": "Movie", "name": "{name}"}}'
    data = f'{{"@context": "https://schema.org", "@type": "Review", "reviewBody": "A body.", "itemReviewed": {work}}}'
    return f'<html><body><script type="application/ld+json">{data}</script></body></html>'.encode()


def job(proxy: str, *lists: str, kind: str = "feed", **more: Any) -> DocumentJob:
    """A job over one day, without any delay; keywords of Manners and of DocumentJob change it."""
    of_manners = {name: more.pop(name) for name in list(more) if name in Manners.model_fields}
    manners = {"user_agent": "TrendingNow/0.1", "delay": 0.0, "delays": {}, "timeout": 5.0, "max_body_bytes": 100_000}
    given: dict[str, Any] = {
        "source": "test",
        "kind": kind,
        "document_kind": "review",
        "parser": None,
        "selectors": None,
        "addresses": [Address(feed=url) for url in lists],
        "partitions": {},
        "late_days": 3,
        "days": [DAY],
        "today": TODAY,
        "manners": Manners(**{**manners, "proxy": proxy or None, "allow": [], **of_manners}),
    }
    return DocumentJob(**{**given, **more})
