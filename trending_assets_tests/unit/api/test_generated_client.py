"""A Python client generated from the OpenAPI document, used against a server."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trending_assets_tests.unit.api.conftest import Api

PACKAGE = "generated_trending_client"
BIN = Path(sys.executable).parent


@pytest.fixture
def sources(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The client's folder, made by openapi-python-client and importable."""
    document = tmp_path / "openapi.json"
    document.write_bytes(api.get("/openapi.json").content)
    done = subprocess.run(
        [
            *(str(BIN / "openapi-python-client"), "generate", "--path", str(document), "--meta", "none"),
            *("--output-path", str(tmp_path / PACKAGE), "--fail-on-warning"),
        ],
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},  # it formats with ruff
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / PACKAGE
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def operation(api: Api, path: str, method: str = "get") -> Callable[..., Any]:
    """The client's function for a path: modules are named by tag and operationId."""
    found = api.get("/openapi.json").json()["paths"][path][method]
    name = re.sub("_+", "_", found["operationId"])
    module = importlib.import_module(f"{PACKAGE}.api.{found['tags'][0]}.{name}")
    sync: Callable[..., Any] = module.sync_detailed
    return sync


def test_a_generated_client_reads_the_api(api: Api, sources: Path) -> None:
    client = importlib.import_module(PACKAGE).Client(base_url=api.url)
    listed = operation(api, "/v1/trends")(client=client, limit=2)
    assert listed.status_code == 200 and type(listed.parsed).__name__ == "Trends"
    assert [row.title_id for row in listed.parsed.results] == ["movie-2", "tv-3"]
    plain = api.get("/v1/trends?limit=2").json()
    assert [row.to_dict() for row in listed.parsed.results] == plain["results"] and listed.parsed.next_ == plain["next"]
    assert listed.parsed.as_of.isoformat() == "2026-11-21T00:00:00+00:00"

    rows = []
    for title in ("movie-1", "movie-2", "tv-3"):
        history = operation(api, "/v1/titles/{title_id}/history")(title, client=client)
        rows.append([(str(row[0]), row[1]) for row in history.parsed.history])
    assert rows[0] == [("2026-11-18", 1), ("2026-11-19", 2), ("2026-11-20", 3)] and rows[2][0] == ("2026-11-19", 1)

    snapshot = listed.parsed.snapshot
    pinned = operation(api, "/v1/snapshots/{snapshot}/trends")(snapshot, client=client)
    assert [row.title_id for row in pinned.parsed.results] == ["movie-2", "tv-3", "movie-1"]


def test_a_generated_client_reads_a_problem(api: Api, sources: Path) -> None:
    package = importlib.import_module(PACKAGE)
    client = package.Client(base_url=api.url)
    missing = operation(api, "/v1/titles/{title_id}")("movie-9", client=client)
    assert missing.status_code == 404 and json.loads(missing.content)["status"] == 404
    assert type(missing.parsed).__name__ == "Problem" and "movie-9" in missing.parsed.detail


def test_a_document_that_lacks_a_schema_is_caught(api: Api, tmp_path: Path) -> None:
    """The control: a generator that let everything pass would show nothing."""
    document = api.get("/openapi.json").json()
    del document["components"]["schemas"]["Trends"]
    (tmp_path / "broken.json").write_text(json.dumps(document))
    done = subprocess.run(
        [
            *(str(BIN / "openapi-python-client"), "generate", "--path", str(tmp_path / "broken.json")),
            *("--meta", "none", "--output-path", str(tmp_path / "broken"), "--fail-on-warning"),
        ],
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
