"""A real Prometheus over the real API and the real exporter, with the committed rules: targets, rules, alerts."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from monitoring.grafana.__main__ import DASHBOARDS
from trending_assets.deadlines import due_days
from trending_assets.partitions import days_between
from trending_assets.s3 import free_port
from trending_assets_tests.e2e.running import TRENDING, clean_environment
from trending_assets_tests.prometheus import installed, prometheus
from trending_assets_tests.unit.monitoring.made import full_lake

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not installed(), reason="there is no Prometheus on this machine (Debian's package prometheus has one)"
    ),
]


@dataclass(frozen=True)
class Watched:
    """Prometheus' address, the API's, and the exporter's process."""

    url: str
    api: str
    exporter: "subprocess.Popen[bytes]"

    def ask(self, path: str, **parameters: str) -> Any:
        return httpx.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=10).json()["data"]

    def until(self, what: str, done: Callable[[], bool], seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, f"{what}: {self.ask('targets')} {self.ask('alerts')}"
            time.sleep(0.2)

    def alerts(self) -> dict[str, str]:
        """State of each alert that is pending or firing."""
        return {alert["labels"]["alertname"]: alert["state"] for alert in self.ask("alerts")["alerts"]}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One day of one table is missing, the last day drifted, and Dagster is nowhere: no home, no daemon, no webserver."""
    folder = tmp_path_factory.mktemp("watched")
    now = datetime.now(UTC)
    days = days_between(now.date() - timedelta(days=9), now.date() - timedelta(days=1))
    hole = due_days(now, days[0])[3]
    lake = full_lake(folder / "lake", days, without={("marts/trends", hole)})
    env = clean_environment(TRENDING_STATE_DIR=str(folder / "state"), TRENDING_FIRST_DAY=days[0].isoformat())
    api, exporter = free_port(), free_port()
    processes: list[subprocess.Popen[bytes]] = []
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        for command, port in (("serve", api), ("exporter", exporter)):
            arguments = [TRENDING, command, "--lake", lake.uri, "--port", str(port)]
            process = subprocess.Popen(arguments, cwd=folder, env=env, stdout=log, stderr=log)
            stack.callback(process.wait, 30)
            stack.callback(process.kill)
            processes.append(process)
        moved = {"127.0.0.1:8000": f"127.0.0.1:{api}", "127.0.0.1:9108": f"127.0.0.1:{exporter}"}
        url = stack.enter_context(prometheus(folder, moved))
        yield Watched(url, f"http://127.0.0.1:{api}", processes[1])


def test_both_targets_are_up(watched: Watched) -> None:
    def up() -> bool:
        targets = watched.ask("targets")["activeTargets"]
        return {t["labels"]["job"]: t["health"] for t in targets} == {"trending-api": "up", "trending-exporter": "up"}

    watched.until("both targets are up", up)


def test_every_rule_is_evaluated_and_healthy(watched: Watched) -> None:
    def rules() -> list[dict[str, Any]]:
        return [rule for group in watched.ask("rules")["groups"] for rule in group["rules"]]

    watched.until("every rule was evaluated", lambda: all(rule["health"] != "unknown" for rule in rules()))
    assert len(rules()) >= 30 and {rule["health"] for rule in rules()} == {"ok"}


def test_a_missing_day_alerts_without_any_dagster(watched: Watched) -> None:
    """It waits its three minutes; that it fires after them is promtool's test."""
    watched.until("DayMissing", lambda: "DayMissing" in watched.alerts())
    (alert,) = (a for a in watched.ask("alerts")["alerts"] if a["labels"]["alertname"] == "DayMissing")
    assert alert["labels"]["severity"] == "page" and "marts/trends (1)" in alert["annotations"]["description"]
    assert not watched.ask("query", query="trending_daemon_heartbeat_age_seconds")["result"]
    (dagster,) = watched.ask("query", query='trending_exporter_up{part="dagster"}')["result"]
    assert dagster["value"][1] == "0"


def test_a_large_drift_fires_at_once(watched: Watched) -> None:
    watched.until("DriftLarge", lambda: watched.alerts().get("DriftLarge") == "firing")
    assert "DriftModerate" not in watched.alerts() and "DriftReportAbsent" not in watched.alerts()


def test_every_panel_shows_something_but_those_of_dagster(watched: Watched) -> None:
    def empty() -> set[str]:
        httpx.get(f"{watched.api}/v1/trends")
        return {
            panel["title"]
            for board in DASHBOARDS.values()
            for panel in board["panels"]
            for target in panel.get("targets", [])
            if not watched.ask("query", query=target["expr"].replace("$__rate_interval", "10s"))["result"]
        }

    of_dagster = {"Runs that ended", "Runs under way", "How long runs take", "Daemons"}
    watched.until("only Dagster's are empty", lambda: empty() == of_dagster)


def test_an_exporter_that_dies_is_noticed(watched: Watched) -> None:
    watched.until("all is seen", lambda: "DayMissing" in watched.alerts())
    assert "ExporterDown" not in watched.alerts()
    watched.exporter.kill()
    watched.until("ExporterDown", lambda: "ExporterDown" in watched.alerts())
