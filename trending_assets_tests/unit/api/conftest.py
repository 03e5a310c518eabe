"""The API over a lake with three published days, spoken to over HTTP."""

import socket
import threading
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
from trending_assets.lake import Lake
from trending_assets.settings import Settings
from trending_assets_tests.unit.api.dagster_server import Dagit, webserver
from trending_assets_tests.unit.serving.marts import publish_days, write_day

DAYS = [date(2026, 11, 18) + timedelta(days=n) for n in range(3)]
ORDERS = (["movie-1", "movie-2"], ["tv-3", "movie-1"], ["movie-2", "tv-3", "movie-1"])
POLL_SECONDS = 0.02

Get = Callable[..., httpx.Response]


class Api:
    """A served API: `get(path, method="GET", **httpx arguments)` asks it."""

    def __init__(self, service: Service, url: str) -> None:
        self.service, self.url = service, url
        self._client = httpx.Client(base_url=url, timeout=30)

    def get(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        return self._client.request(method, path, **more)

    def close(self) -> None:
        self._client.close()


@contextmanager
def served(lake_uri: str, state_dir: Path, **settings: Any) -> Iterator[Api]:
    """The API over a lake on a port of its own, in a thread."""
    chosen = Settings(_env_file=None, state_dir=state_dir, **settings)  # type: ignore[call-arg]
    service = Service(lake_uri, chosen, POLL_SECONDS)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(service, http=protocol_of(service.edge), log_config=None, server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        api = Api(service, f"http://127.0.0.1:{bound.getsockname()[1]}")
        try:
            api.get("/healthz").raise_for_status()
            yield api
        finally:
            api.close()
            server.should_exit = True
            thread.join(10)


@pytest.fixture
def published(lake: Lake) -> Lake:
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(lake, day, order)
    publish_days(lake, *DAYS)
    return lake


@pytest.fixture
def api(published: Lake, tmp_path: Path) -> Iterator[Api]:
    with served(published.uri, tmp_path / "state") as made:
        yield made


@pytest.fixture
def get(api: Api) -> Get:
    return api.get


@pytest.fixture(scope="session")
def dagit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagit]:
    """A real Dagster webserver that knows a few runs."""
    with webserver(tmp_path_factory.mktemp("dagster")) as server:
        yield server
