"""A real HTTP server on loopback that answers as a test says, and a client of TMDb that asks it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar

from pydantic import SecretStr

from trending_assets.raw.clock import accept_datetime
from trending_assets.raw.tmdb.api import Tmdb, tmdb
from trending_assets.settings import Settings

DAY = date(2013, 5, 3)
KEY = "0123456789abcdef0123456789abcdef"
MEMENTO = {"Memento-Datetime": accept_datetime(DAY)}

Reply = tuple[int, dict[str, str], bytes]
T = TypeVar("T")


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that gives up early is part of the tests


@contextmanager
def served(answer: Callable[[str, Any], Reply]) -> Iterator[str]:
    """`answer` gets path and headers. A Content-Length that it names itself is kept, however wrong."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path, self.headers)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def settings_of(url: str, key: str = KEY, **more: Any) -> Settings:
    """Settings for a server; fast, unless a test says otherwise."""
    values = {"tmdb_url": f"{url}/3", "tmdb_exports_url": f"{url}/p/exports", "tmdb_requests_per_second": 5000.0}
    return Settings(**{**values, "tmdb_api_key": SecretStr(key), **more})


def asked(url: str, ask: Callable[[Tmdb], Awaitable[T]], today: date | None = None, **more: Any) -> T:
    """What a client of the server gets."""

    async def run() -> T:
        async with tmdb(settings_of(url, **more), today) as api:
            return await ask(api)

    return asyncio.run(run())


def ok(content: Any, **headers: str) -> Reply:
    """A JSON answer for DAY."""
    return 200, {**MEMENTO, **headers}, json.dumps(content).encode()
