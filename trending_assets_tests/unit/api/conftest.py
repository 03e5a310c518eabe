"""The API over a lake with three published days, spoken to over HTTP."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.protocol import protocol_of
from api.service import Service
from trending_assets.lake import Lake, open_lake
from trending_assets.settings import Settings
from trending_assets_tests.unit.api.dagster_server import Dagit, webserver
from trending_assets_tests.unit.serving.marts import publish_days, write_day

DAYS = [date(2026, 11, 18) + timedelta(days=n) for n in range(3)]
ORDERS = (["movie-1", "movie-2"], ["tv-3", "movie-1"], ["movie-2", "tv-3", "movie-1"])
POLL_SECONDS = 0.02

Get = Callable[..., httpx.Response]


class Api:
    """A served API: `get(path, method="GET", **httpx arguments)` asks it."""

    shortcuts = 0  # requests that were answered without a task

    def __init__(self, service: Service, url: str) -> None:
        self.service, self.url = service, url
        self._client = httpx.Client(base_url=url, timeout=30)

    def get(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        return self._client.request(method, path, **more)

    def stream(self, path: str, **more: Any) -> Any:
        return self._client.stream("GET", path, **more)

    def close(self) -> None:
        self._client.close()


def _counting(api: Api) -> type:
    class Counting(protocol_of(api.service.edge)):  # type: ignore[misc]
        def _start_asgi_task(self, cycle: Any, app: Any) -> None:
            super()._start_asgi_task(cycle, app)
            api.shortcuts += bool(cycle.response_complete)

    return Counting


@contextmanager
def served(lake_uri: str, state_dir: Path, plain: bool = False, **settings: Any) -> Iterator[Api]:
    """The API over a lake on a port of its own, in a thread; `plain`: by uvicorn's own protocol."""
    chosen = Settings(_env_file=None, state_dir=state_dir, **settings)  # type: ignore[call-arg]
    service = Service(lake_uri, chosen, POLL_SECONDS)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        api = Api(service, f"http://127.0.0.1:{bound.getsockname()[1]}")
        http: Any = "httptools" if plain else _counting(api)
        server = uvicorn.Server(uvicorn.Config(service, http=http, log_config=None, server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        try:
            api.get("/healthz").raise_for_status()
            yield api
        finally:
            api.close()
            server.should_exit = True
            thread.join(10)


def publish_orders(lake: Lake) -> Lake:
    """The lake with its three days published."""
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(lake, day, order)
    publish_days(lake, *DAYS)
    return lake


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """One lake for a module whose tests only read."""
    return publish_orders(open_lake(str(tmp_path_factory.mktemp("lake"))))


@pytest.fixture(scope="module")
def api(published: Lake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with served(published.uri, tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture(scope="module")
def get(api: Api) -> Get:
    return api.get


@pytest.fixture(scope="session")
def dagit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagit]:
    """A real Dagster webserver that knows a few runs."""
    with webserver(tmp_path_factory.mktemp("dagster")) as server:
        yield server
