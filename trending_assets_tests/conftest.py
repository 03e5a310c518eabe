"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.staging.postgres import installed, postgres
from trending_assets.lake import Lake, open_lake
from trending_assets.s3 import environment, free_port, s3_server
from trending_assets.scoring import prompts
from trending_assets_tests import chromium
from trending_assets_tests.unit.scoring.oracle import copied_prompts

REPO = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data. Skips with a reason where it is absent."""
    folder = Path(os.environ.get("TRENDING_SHARED", REPO.parent / "shared"))
    if not (folder / "worlds").is_dir():
        pytest.skip(f"real worlds are not at {folder}; set TRENDING_SHARED to the folder that holds them")
    return folder


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """An empty lake in a folder of the test's own."""
    yield open_lake(str(tmp_path / "lake"))


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state folder of the test's own: what one test paid an LLM for, no other finds in the ledger."""
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="session")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The packaged S3 server; yields AWS's variables for it."""
    port = free_port()
    with s3_server(tmp_path_factory.mktemp("s3"), port):
        yield environment(port)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the prompts that the tasks read, to add versions to."""
    copy = copied_prompts(tmp_path / "prompts")
    monkeypatch.setattr(prompts, "PROMPTS", copy)
    return copy


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A Postgres of the session's own; yields its address for SQLAlchemy. Skips where the machine has none."""
    if not installed():
        pytest.skip("there is no Postgres on this machine (Debian's package postgresql has one)")
    with postgres(free_port()) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium of the module's own. Skips with a reason where none is installed."""
    if not chromium.installed():
        pytest.skip("there is no chromium on PATH (Debian's package chromium has one)")
    with chromium.chromium() as one:
        yield one


@pytest.fixture
def s3_env(s3_url: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's variables point at the packaged S3 server."""
    for name, value in s3_url.items():
        monkeypatch.setenv(name, value)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests first: of two workers one keeps them, with the lakes that they share, and neither waits at the end."""
    items.sort(key=lambda item: "/e2e/" not in item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran against a real world of ../shared."""
    ran = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call" and "shared" in getattr(report, "fixturenames", ())
    ]
    worlds = [report for report in ran if "world" in report.keywords]
    terminalreporter.write_line(
        f"{len(worlds)} tests ran against a real world, {len(ran)} in all against real data of ../shared."
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let a report know which fixtures its test used."""
    outcome = yield
    outcome.get_result().fixturenames = tuple(getattr(item, "fixturenames", ()))  # type: ignore[attr-defined]
