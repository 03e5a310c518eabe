"""/v1/lineage: with the runs that Dagster knows, and without Dagster from the bundle's own record."""

import socket
from pathlib import Path
from typing import Any

import orjson
import pytest

from api import models
from api.freshness import Freshness
from trending_assets.lake import Lake
from trending_assets_tests.unit.api.conftest import served
from trending_assets_tests.unit.api.dagster_server import Dagit, answering


def node(path: str, *events: dict[str, str] | None) -> dict[str, Any]:
    return {"assetKey": {"path": path.split("/")}, "latest": list(events)}


GOOD = {
    "data": {
        "daily": [node("marts/trends", {"runId": "run-1", "timestamp": "1795132800123"}), node("raw/posts", None)],
        "whole": [node("genre/champion", {"runId": "run-0", "timestamp": "1795046400000"})],
    }
}


def test_runs_of_dagster_are_merged_and_asked_for_once(published: Lake, tmp_path: Path) -> None:
    with answering(200, orjson.dumps(GOOD)) as (url, asked), served(published.uri, tmp_path, dagster_url=url) as api:
        body = api.get("/v1/lineage").json()
        one = api.get("/v1/lineage", params={"asset": "marts/trends"}).json()
    models.Lineage.model_validate(body)
    rows = {row["asset"]: row for row in body["assets"]}
    assert body["source"] == "dagster" and one["assets"] == [rows["marts/trends"]]
    assert rows["marts/trends"]["run_id"] == "run-1"
    assert rows["marts/trends"]["materialized_at"] == "2026-11-20T00:00:00.123000Z"
    assert rows["genre/champion"]["run_id"] == "run-0" and rows["raw/posts"]["run_id"] is None
    assert len(asked) == 1 and asked[0]["variables"]["day"] == "2026-11-20"
    assert asked[0]["variables"]["whole"] == [{"path": ["genre", "champion"]}]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"broken"),
        (200, b"<html>"),
        (200, b'{"errors":[{"message":"no such field"}]}'),
        (200, b'{"data":null}'),
        (200, b"[]"),
        (200, b'{"data":{"daily":[{"assetKey":null,"latest":[{"runId":"x","timestamp":"1"}]}],"whole":[]}}'),
        (404, b""),
    ],
)
def test_a_dagster_that_answers_nonsense_is_left_out(published: Lake, tmp_path: Path, status: int, body: bytes) -> None:
    with answering(status, body) as (url, asked), served(published.uri, tmp_path, dagster_url=url) as api:
        reply = api.get("/v1/lineage")
    assert len(asked) == 1
    assert (reply.status_code, reply.json()["source"]) == (200, "bundle")
    with served(published.uri, tmp_path) as api:
        assert reply.content == api.get("/v1/lineage").content


def test_a_dagster_that_is_down_or_slow_costs_one_wait(published: Lake, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{free.getsockname()[1]}"
    with served(published.uri, tmp_path, dagster_url=down) as api:
        assert api.get("/v1/lineage").json()["source"] == "bundle"
    with (
        answering(200, orjson.dumps(GOOD), wait=2.5) as (slow, asked),
        served(published.uri, tmp_path, dagster_url=slow) as api,
    ):
        assert api.get("/v1/lineage").json()["source"] == "bundle"
        assert api.get("/v1/lineage").json()["source"] == "bundle"
        assert len(asked) == 1


def test_a_snapshot_keeps_the_record_without_runs(published: Lake, tmp_path: Path) -> None:
    with answering(200, orjson.dumps(GOOD)) as (url, asked), served(published.uri, tmp_path, dagster_url=url) as api:
        snapshot = api.get("/v1/trends").json()["snapshot"]
        reply = api.get(f"/v1/snapshots/{snapshot}/lineage")
        one = api.get(f"/v1/snapshots/{snapshot}/lineage", params={"asset": "marts/trends"})
        none = api.get(f"/v1/snapshots/{snapshot}/lineage", params={"asset": "no/such"})
    assert reply.json()["source"] == "bundle" and "immutable" in reply.headers["cache-control"] and not asked
    assert [row["asset"] for row in one.json()["assets"]] == ["marts/trends"] and none.status_code == 404


@pytest.mark.slow
def test_a_real_dagster_webserver_answers_the_query(published: Lake, tmp_path: Path, dagit: Dagit) -> None:
    with served(published.uri, tmp_path, dagster_url=dagit.url) as api:
        body = api.get("/v1/lineage").json()
        fresh = api.get("/v1/freshness").json()
    rows = {row["asset"]: row for row in body["assets"]}
    assert body["source"] == "dagster"
    assert rows["marts/trends"]["run_id"] == dagit.runs["marts/trends 2026-11-20"]
    assert rows["genre/champion"]["run_id"] == dagit.runs["genre/champion"]
    assert rows["marts/other"]["run_id"] is None and rows["raw/posts"]["run_id"] is None
    models.Lineage.model_validate(body)
    Freshness.model_validate(fresh)
    assert fresh["source"] == "dagster" and {row["asset"] for row in fresh["results"]} == set(rows)
