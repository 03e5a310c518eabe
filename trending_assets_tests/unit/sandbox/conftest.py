"""One generated world and one running sandbox for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from sandbox.generator import generate
from sandbox.process import SandboxProcess, running

LAST_DAY = date(2026, 11, 20)
DAYS = 12


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated world of 12 days."""
    folder = tmp_path_factory.mktemp("world") / "small"
    generate(3, DAYS, LAST_DAY, folder)
    return folder


@pytest.fixture(scope="session")
def sandbox_process(small_world: Path) -> Iterator[SandboxProcess]:
    """A real sandbox process."""
    with running(small_world) as process:
        yield process


@pytest.fixture(scope="session")
def _clients(sandbox_process: SandboxProcess) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    base = sandbox_process.url
    with (
        httpx.Client(base_url=base, trust_env=False, params={"api_key": "sandbox"}) as api,
        httpx.Client(proxy=sandbox_process.proxy, trust_env=False) as web,
    ):
        yield api, web


@pytest.fixture
def api(_clients: tuple[httpx.Client, httpx.Client]) -> httpx.Client:
    """A client of TMDb and the LLM; counters and faults are reset before each test."""
    assert _clients[0].post("/sandbox/reset").status_code == 200
    return _clients[0]


@pytest.fixture
def web(api: httpx.Client, _clients: tuple[httpx.Client, httpx.Client]) -> httpx.Client:
    """A client that reaches http://*.example through the sandbox as a forward proxy."""
    return _clients[1]


def at(day: date) -> dict[str, str]:
    """The header that asks for the end of a day."""
    from sandbox.clock import end_of_day, http_date

    return {"Accept-Datetime": http_date(end_of_day(day))}
