"""A real server under load: restarts, publishes, made requests by the thousand, and Locust's scenarios. Each with a control."""

import asyncio
import dataclasses
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bench.api_contract import contract, fuzz
from bench.http_client import Reply
from bench.locust_run import load, locust
from bench.made_lake import DAY, days_until, made_lake
from bench.publish_load import Change, Seen, check, order_faults, publish_under_load
from bench.rolling_restart import restart_all
from bench.server_process import Server, server, trending_serve
from trending_assets.s3 import free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made_lake(tmp_path_factory.mktemp("made") / "lake", days_until(DAY, 3)).uri


@pytest.fixture(scope="module")
def served(lake: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    env = {"TRENDING_STATE_DIR": str(tmp_path_factory.mktemp("state")), "TRENDING_API_DRAIN_SECONDS": "0"}
    with server(trending_serve(lake, port), port, env=env) as one:
        yield one


def test_sigterm_under_load_loses_no_request(lake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path))
    outcome = asyncio.run(restart_all(lake, drain_seconds=1.0, rounds=1, clients=8))
    assert outcome.answered > 100 and len(outcome.exits) == 2
    assert not outcome.failed


def test_without_the_drain_the_same_load_loses_some(lake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path))
    assert asyncio.run(restart_all(lake, drain_seconds=0.0, rounds=1, clients=8)).failed


def test_thirty_publishes_under_load(tmp_path: Path) -> None:
    found = publish_under_load(tmp_path, publishes=30, clients=4, rollback_every=10)
    assert not found.faults
    assert (len(found.publishes), len(found.rollbacks)) == (30, 3)
    assert [change.version for change in found.changes] == list(range(1, 35))
    assert found.answers > 500


def reply_of(body: dict[str, object], **more: str) -> Reply:
    data = json.dumps(body).encode()
    return Reply(200, {"etag": f'"{hashlib.sha256(data).hexdigest()[:32]}"', **more}, data)


def test_what_is_torn_is_seen() -> None:
    def faults(reply: Reply) -> list[str]:
        seen = Seen()
        check("/v1/trends", reply, [], seen)
        return list(seen.faults)

    whole = reply_of({"snapshot": "a", "rows": [1, 2]})
    packed = dataclasses.replace(
        whole,
        headers={"etag": whole.headers["etag"][:-1] + '-gzip"', "content-encoding": "gzip"},
        body=gzip.compress(whole.body),
    )
    assert faults(whole) == faults(packed) == []
    assert faults(dataclasses.replace(whole, body=whole.body.replace(b"1", b"3"))) == [
        "torn: not the body that the ETag names"
    ]
    assert faults(dataclasses.replace(packed, body=packed.body[:-9])) == ["torn: no whole JSON"]
    assert faults(dataclasses.replace(whole, body=whole.body[:-3])) == ["torn: no whole JSON"]
    assert faults(Reply(503, {}, b"{}")) == ["status 503"]


def test_what_goes_backward_is_seen() -> None:
    changes = [Change(n, name, 0.0, False) for n, name in enumerate("abcab", 1)]  # the last two: rollbacks to a and b
    for mine, fault in (
        ("abcab", None),
        ("ac", None),
        ("aca", None),
        ("bcb", None),
        ("cbab", "backward"),
        ("ax", "torn"),
    ):
        found = order_faults(changes, Seen(snapshots=[list(mine)]))
        assert [name.partition(":")[0] for name in found] == ([fault] if fault else []), mine
    two = Seen(bodies={("/v1/trends", "a"): {"one", "other"}})
    assert order_faults(changes, two) == {"torn: two bodies under one snapshot": 1}


def test_made_requests_find_nothing(served: Server) -> None:
    found = contract(served.url, cases=500, examples=3)
    assert (found.failures, found.odd) == ([], [])
    assert found.cases >= 500
    listed = httpx.get(f"{served.url}/openapi.json").json()["paths"]
    asked = {operation for operation, statuses in found.statuses.items() if 200 in statuses}
    assert asked >= {f"{method.upper()} {path}" for path, methods in listed.items() for method in methods}


def test_made_requests_find_an_answer_that_breaks_the_document(served: Server, tmp_path: Path) -> None:
    """The control: the same server under a document that says something else."""
    document = httpx.get(f"{served.url}/openapi.json").json()
    document["paths"] = {"/v1/days": document["paths"]["/v1/days"]}
    document["components"]["schemas"]["Days"]["properties"]["newest"] = {"type": "integer"}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    found = fuzz(served.url, examples=3, document=tmp_path / "openapi.json")
    assert any("GET /v1/days" in failure for failure in found.failures)


def test_locust_scenarios(tmp_path: Path) -> None:
    found = load(tmp_path, 20, 8, days=2, titles=60, documents=100, publish_every=1, warm_up=0)
    whole = found.lines[-1]
    assert whole.name == "Aggregated" and whole.requests > 20
    assert (whole.failures, found.reasons) == (0, [])
    assert found.publishes > 0
    assert {"/v1/trends", "/v1/search", "/v1/trends (poll)", "/v1/exports/…"} <= {line.name for line in found.lines}


def test_locust_counts_errors(tmp_path: Path) -> None:
    """The control: a server without anything published answers 503."""
    port = free_port()
    env = {"TRENDING_STATE_DIR": str(tmp_path / "state"), "TRENDING_API_DRAIN_SECONDS": "0"}
    with server(trending_serve(str(tmp_path / "empty"), port), port, "/healthz", env=env) as one:
        lines, reasons = locust(one.url, 20, 6, tmp_path)
    assert lines[-1].requests > 0 and lines[-1].failures == lines[-1].requests and reasons
