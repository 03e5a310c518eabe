"""An API over a lake with three published days, spoken to through ASGI."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from trending_assets.lake import Lake
from trending_assets_tests.unit.api.dagster_server import Dagit, webserver
from trending_assets_tests.unit.serving.marts import publish_days, write_day

DAYS = [date(2026, 11, 18) + timedelta(days=n) for n in range(3)]
ORDERS = (["movie-1", "movie-2"], ["tv-3", "movie-1"], ["movie-2", "tv-3", "movie-1"])

Get = Callable[..., httpx.Response]


def client_of(app: FastAPI) -> Get:
    """`get(path, method="GET", **httpx arguments)` against the app; a broken handler does not raise here."""

    async def ask(path: str, method: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **more)

    return lambda path, method="GET", **more: asyncio.run(ask(path, method, **more))


@pytest.fixture
def published(lake: Lake) -> Lake:
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(lake, day, order)
    publish_days(lake, *DAYS)
    return lake


@pytest.fixture
def app(published: Lake) -> Iterator[FastAPI]:
    made = create_app(published.uri, poll_seconds=0.0)
    yield made
    made.state.bundles.close()


@pytest.fixture
def get(app: FastAPI) -> Get:
    return client_of(app)


@pytest.fixture(scope="session")
def dagit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagit]:
    """A real Dagster webserver that knows a few runs."""
    with webserver(tmp_path_factory.mktemp("dagster")) as server:
        yield server
