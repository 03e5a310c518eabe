"""`make up` as a newcomer has it: two addresses, a ranking, a page with bubbles, Dagit with everything materialized."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
import pytest

from trending_assets.s3 import free_port
from trending_assets_tests.e2e.running import TRENDING, clean_environment

pytestmark = [pytest.mark.slow]


@dataclass
class Up:
    process: subprocess.Popen[str]
    dagit: str
    api: str
    exporter: str


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("up")
    dagit, api, sandbox, exporter = free_port(), free_port(), free_port(), free_port()
    ports = ["--dagit-port", str(dagit), "--api-port", str(api), "--sandbox-port", str(sandbox)]
    ports += ["--exporter-port", str(exporter)]
    env = clean_environment(TRENDING_STATE_DIR=str(folder / "state"))
    log = folder / "out.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [TRENDING, "up", *ports], stdout=output, stderr=output, text=True, env=env, cwd=folder
        )
    try:
        end = time.monotonic() + 600
        while "Ctrl-C stops everything" not in log.read_text():
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.5)
        assert f"http://127.0.0.1:{dagit}" in log.read_text() and f"http://127.0.0.1:{api}" in log.read_text()
        yield Up(process, *(f"http://127.0.0.1:{port}" for port in (dagit, api, exporter)))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def test_the_newest_day_is_ranked(up: Up) -> None:
    body, days = httpx.get(f"{up.api}/v1/trends").json(), httpx.get(f"{up.api}/v1/days").json()["days"]
    assert body["date"] == days[-1] and len(days) == 14
    assert [row["rank"] for row in body["results"]] == list(range(1, len(body["results"]) + 1))


def test_dagit_lists_every_asset_as_materialized(up: Up) -> None:
    query = "{assetNodes{assetKey{path} partitionStats{numMaterialized numPartitions} assetMaterializations(limit:1){runId}}}"
    nodes = httpx.post(f"{up.dagit}/graphql", json={"query": query}, timeout=120).json()["data"]["assetNodes"]
    assert len(nodes) >= 28
    for node in nodes:
        assert node["assetMaterializations"], node["assetKey"]["path"]
        if stats := node["partitionStats"]:
            assert stats["numMaterialized"] == stats["numPartitions"] == 14, node["assetKey"]["path"]


def test_lineage_leads_from_the_bundle_to_the_pages_with_runs(up: Up) -> None:
    body = httpx.get(f"{up.api}/v1/lineage", timeout=30).json()
    assets = {entry["asset"]: entry for entry in body["assets"]}
    seen, todo = set(), ["serving/bundle"]
    while todo:
        name = todo.pop()
        seen.add(name)
        todo += [parent for parent in assets[name]["upstream"] if parent not in seen]
    assert {"raw/posts", "raw/reviews", "raw/tmdb_titles", "scoring/document_scores"} <= seen
    assert body["source"] == "dagster" and assets["raw/posts"]["run_id"]


def test_the_exporter_sees_the_days_the_runs_and_the_daemons(up: Up) -> None:
    def shows(*lines: str) -> bool:
        text = httpx.get(f"{up.exporter}/metrics").text
        return all(line in text for line in lines)

    end = time.monotonic() + 120
    while not shows(
        *(f'trending_exporter_up{{part="{part}"}} 1.0' for part in ("lake", "tables", "ledger", "dagster"))
    ):
        assert time.monotonic() < end, httpx.get(f"{up.exporter}/metrics").text
        time.sleep(0.5)
    assert shows('trending_partitions_missing{table="serving/bundle"} 0.0')
    assert shows(
        'trending_runs{job="everything",status="success"}', 'trending_daemon_heartbeat_age_seconds{daemon="SENSOR"}'
    )


@pytest.mark.browser
def test_the_page_draws_bubbles_and_a_table_of_the_same_titles(up: Up, browser: Any) -> None:
    page = browser.new_page()
    page.goto(up.api)
    page.wait_for_selector("a.bubble")
    bubbles = page.eval_on_selector_all("a.bubble", "all => all.map(a => a.dataset.title)")
    table = page.eval_on_selector_all("#ranking tbody tr", "all => all.map(tr => tr.dataset.title)")
    page.close()
    ranked = [row["title_id"] for row in httpx.get(f"{up.api}/v1/trends", params={"limit": 20}).json()["results"]]
    assert table[:20] == ranked and len(bubbles) >= 20
    assert set(bubbles) <= set(table)


def test_ctrl_c_stops_everything_that_was_started(up: Up) -> None:
    children = psutil.Process(up.process.pid).children(recursive=True)
    assert len(children) >= 4
    os.kill(up.process.pid, signal.SIGINT)
    assert up.process.wait(60) == 0
    _, alive = psutil.wait_procs(children, timeout=15)
    assert not alive
