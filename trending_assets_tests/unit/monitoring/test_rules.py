"""Rules and dashboards: promtool's checks and tests, what each alert has to have, and that every metric exists in code."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitoring.grafana.__main__ import DASHBOARDS, FOLDER
from monitoring.grafana.model import text_of
from trending_assets.monitoring.dagster_metrics import JOBS
from trending_assets.monitoring.exporter import Exporter
from trending_assets.monitoring.service import EVERY, parts
from trending_assets_tests.prometheus import FOLDER as PROMETHEUS
from trending_assets_tests.prometheus import installed, promtool
from trending_assets_tests.unit.api.conftest import served
from trending_assets_tests.unit.monitoring.made import full_lake
from trending_assets_tests.unit.monitoring.promql import metric_names
from trending_assets_tests.unit.monitoring.test_exporter import settings_of

needs_promtool = pytest.mark.skipif(
    not installed(), reason="there is no Prometheus on this machine (Debian's package prometheus has one)"
)
RULES = [
    rule
    for f in sorted(PROMETHEUS.glob("rules/*.yml"))
    for g in yaml.safe_load(f.read_text())["groups"]
    for rule in g["rules"]
]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
PANELS = [panel for board in DASHBOARDS.values() for panel in board["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
TEMPLATED = [
    query for rule in ALERTS.values() for query in re.findall(r'query\s+"([^"]*)"', rule["annotations"]["description"])
]
TESTS = sorted(PROMETHEUS.glob("tests/*.yml"))
DOCS = PROMETHEUS.parent.parent / "docs" / "alerts.md"
BY_PROMETHEUS = {"up", "ALERTS"}


@needs_promtool
def test_the_configuration_and_its_rules_are_valid() -> None:
    checked = promtool("check", "config", "prometheus.yml")
    assert checked.returncode == 0, checked.stderr
    assert f"{len(list(PROMETHEUS.glob('rules/*.yml')))} rule files found" in checked.stdout


@needs_promtool
@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_the_rules_pass_their_tests(file: Path) -> None:
    ran = promtool("test", "rules", str(file))
    assert ran.returncode == 0, ran.stdout + ran.stderr


@needs_promtool
def test_a_broken_rule_fails_them(tmp_path: Path) -> None:
    """The page for a missing day, made to wait for twenty minutes more."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "tests").mkdir()
    for part in ("rules", "tests"):
        text = (PROMETHEUS / part / "pipeline.yml").read_text()
        changed = text.replace("for: 3m", "for: 23m")
        assert (part == "rules") == (changed != text)
        (tmp_path / part / "pipeline.yml").write_text(changed)
    ran = promtool("test", "rules", str(tmp_path / "tests" / "pipeline.yml"))
    assert ran.returncode == 1 and "DayMissing" in ran.stdout + ran.stderr


def test_a_missing_day_pages_within_ten_minutes_at_the_committed_pace() -> None:
    """Seen by the exporter, scraped, evaluated, and waited for, each as late as it can be. When it fires is promtool's test."""

    def seconds(text: str) -> int:
        return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]

    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    pace = [config["global"][name] for name in ("scrape_interval", "evaluation_interval")]
    assert not any("scrape_interval" in job for job in config["scrape_configs"])
    assert EVERY + sum(map(seconds, (*pace, ALERTS["DayMissing"]["for"]))) < 600


def groups() -> Iterator[dict[str, Any]]:
    for file in TESTS:
        yield from yaml.safe_load(file.read_text())["tests"]


def fired(group: dict[str, Any]) -> set[bool]:
    """What a group of tests expects: True where its alert fires at some time, False where it does not at another."""
    ours = [test for test in group.get("promql_expr_test", []) if f'alertname="{group["name"]}"' in test["expr"]]
    return {bool(test.get("exp_alerts")) for test in group.get("alert_rule_test", [])} | {
        bool(test["exp_samples"]) for test in ours
    }


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_fires_stays_silent_and_is_tried_without_data(alert: str) -> None:
    found = set[bool]().union(*(fired(group) for group in groups() if group["name"] == alert))
    assert found == {True, False}, f"{alert} has no test in which it {'fires' if True not in found else 'is silent'}"
    files = [file for file in TESTS if any(g["name"] == alert for g in yaml.safe_load(file.read_text())["tests"])]
    for file in files:  # one group says of all alerts of a file at once what fires without a series
        (empty,) = (g for g in yaml.safe_load(file.read_text())["tests"] if g["name"] == "no data")
        assert not empty["input_series"]
        assert [t["expr"] for t in empty["promql_expr_test"]] == [
            'count by (alertname, severity) (ALERTS{alertstate="firing"})'
        ]


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_what_to_do(alert: str) -> None:
    rule = ALERTS[alert]
    assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"})
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    file, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert file.endswith("/docs/alerts.md") and anchor == alert.lower()
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^#|\Z)", DOCS.read_text(), re.MULTILINE | re.DOTALL))
    assert set(sections) == set(ALERTS)
    assert "**Do**" in sections[alert] and f"({rule['labels']['severity']})" in sections[alert]


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_committed_dashboard_is_what_the_python_makes(name: str) -> None:
    assert (FOLDER / name).read_text() == text_of(DASHBOARDS[name]), "run python -m monitoring.grafana"
    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(DASHBOARDS)


def test_every_panel_has_what_a_reader_needs() -> None:
    for panel in PANELS:
        assert panel["title"] and panel["description"].endswith(".") and panel["fieldConfig"]["defaults"]["unit"]
        for place in (panel, *panel["targets"]):
            assert place["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    for board in DASHBOARDS.values():
        (variable,) = board["templating"]["list"]
        assert (variable["name"], variable["type"]) == ("datasource", "datasource")
        titles = [panel["title"] for panel in board["panels"]]
        assert len(set(titles)) == len(titles)
        places = [tuple(panel["gridPos"].values()) for panel in board["panels"]]
        assert all(x + w <= 24 for x, _, w, _ in places) and len({place[:2] for place in places}) == len(places)


@needs_promtool
def test_every_query_of_a_dashboard_parses(tmp_path: Path) -> None:
    def check(queries: list[str]) -> int:
        rules = [{"record": f"query:{n}", "expr": q.replace("$__rate_interval", "5m")} for n, q in enumerate(queries)]
        file = tmp_path / "queries.yml"
        file.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))
        return promtool("check", "rules", str(file)).returncode

    assert check(QUERIES) == 0
    assert check([*QUERIES, "sum by (trending_runs"]) != 0


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What API and exporter expose over a lake that has everything, and a Dagster that ran once."""
    import dagster as dg

    folder = tmp_path_factory.mktemp("exposed")
    lake = full_lake(folder / "lake", [date(2026, 11, 19), date(2026, 11, 20)])
    home = folder / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")

    @dg.op
    def works() -> None: ...

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        with dg.DagsterInstance.get() as instance:
            dg.GraphDefinition(name=JOBS[0], node_defs=[works]).to_job().execute_in_process(instance=instance)
        chosen = parts(lake.uri, settings_of(folder))
        exporter, registry = Exporter(chosen), CollectorRegistry()
        for part in chosen:
            exporter.read(part)
        registry.register(exporter)
        pipeline = generate_latest(registry).decode()
    with served(lake.uri, folder / "state") as api:
        api.get("/v1/trends")
        return pipeline + api.get("/metrics").text


def names_in(text: str) -> set[str]:
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}


def unknown(text: str) -> set[str]:
    """Metrics of rules and dashboards that neither code nor a recording rule has."""
    asked = [*(rule["expr"] for rule in RULES), *TEMPLATED, *QUERIES]
    return set().union(*map(metric_names, asked)) - names_in(text) - RECORDED - BY_PROMETHEUS


def test_every_metric_of_a_rule_or_a_dashboard_exists_in_code(exposed: str) -> None:
    assert unknown(exposed) == set()


@pytest.mark.parametrize(
    "name", ["trending_partitions_missing", "trending_bundle_stale", "trending_run_duration_seconds"]
)
def test_a_renamed_metric_is_caught(exposed: str, name: str) -> None:
    assert unknown(re.sub(rf"\b{name}\b", f"{name}_new", exposed)) == {name}


def test_every_metric_of_ours_is_on_a_dashboard_or_in_a_rule(exposed: str) -> None:
    asked = set().union(*map(metric_names, [*(rule["expr"] for rule in RULES), *QUERIES]))
    ours = {name for name in names_in(exposed) if name.startswith("trending_")}
    assert ours - asked == {
        "trending_http_request_duration_seconds_sum",
        "trending_bundle_day_timestamp_seconds",  # as an age it is
    }


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        (
            'sum by (job, le) (rate(a_bucket{le="0.1",x=~"b|c"}[5m])) / on () group_left (z) b:c:rate5m',
            {"a_bucket", "b:c:rate5m"},
        ),
        ('absent(up{job="x"}) or time() - day_seconds > 54.25 * 3600', {"up", "day_seconds"}),
        ("max(one) - min(two offset 1h) != 0 and topk(10, three) > bool 1e3", {"one", "two", "three"}),
        ("count(count by (column) (alarm)) or vector(0)", {"alarm"}),
        ("histogram_quantile(0.99, sum without (instance) (d_bucket)) > +Inf", {"d_bucket"}),
    ],
)
def test_metric_names_of_an_expression(expression: str, names: set[str]) -> None:
    assert metric_names(expression) == names
