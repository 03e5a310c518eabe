"""terraform/modules/monitoring: formatted, valid, tested by mocks; names that exist; rules that see the right objects."""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trending_assets.deadlines import DEADLINE
from trending_assets.monitoring.cloudwatch import HEARTBEAT, SELECTION
from trending_assets.settings import Settings
from trending_assets_tests.unit.terraform.conftest import TERRAFORM, Module, Terraform
from trending_assets_tests.unit.terraform.eventbridge import filtered, matches

MODULE = TERRAFORM / "modules" / "monitoring"
PUBLISHED = {one.metric for one in SELECTION} | {HEARTBEAT}
ABSENCE = {
    "partition-overdue",
    "partitions-missing",
    "exporter-heartbeat",
    "exporter-blind",
    "daemon-heartbeat",
    "drift-report-silent",
    "report-not-landed",
    "bundle-not-landed",
    "landings-unseen",
}


def text() -> str:
    """The module's source."""
    return "\n".join(path.read_text() for path in sorted(MODULE.glob("*.tf")))


def names_in(source: str) -> set[str]:
    """Metrics of the exporter's namespace that the source names: in alarms and in graphs."""
    alarms = re.findall(r'\bmetric\s*=\s*"(\w+)"\n\s*statistic', source)
    graphs = re.findall(r'\[var\.namespace, "(\w+)"', source)
    lists = [
        name for found in re.findall(r"for metric in \[([^\]]*)\]", source) for name in re.findall(r'"(\w+)"', found)
    ]
    return {*alarms, *graphs, *lists}


def test_terraform_names_what_the_exporter_publishes_and_nothing_else() -> None:
    assert names_in(text()) == PUBLISHED


@pytest.mark.parametrize("renamed", sorted(PUBLISHED))
def test_a_metric_that_is_renamed_on_one_side_is_caught(renamed: str) -> None:
    assert names_in(text().replace(f'"{renamed}"', f'"{renamed}2"')) != PUBLISHED


def test_the_deadline_and_the_names_are_the_package_s() -> None:
    source = text()
    assert f'default     = "{DEADLINE:%H:%M}"' in source
    for pattern in (r'"\^\[A-Za-z0-9\._#-\]\{1,100\}\$"', r'"\^\[a-z\]\[a-z0-9-\]\{1,15\}\$"'):
        assert re.search(pattern, source), "settings.py and variables.tf take different values"
    settings = {name: field.metadata for name, field in Settings.model_fields.items() if "cloudwatch" in name}
    assert "^[A-Za-z0-9._#-]{1,100}$" in str(settings) and "^[a-z][a-z0-9-]{1,15}$" in str(settings)


def test_no_file_names_a_registry_or_holds_state() -> None:
    for path in TERRAFORM.rglob("*"):
        if path.is_file() and ".terraform" not in path.parts and path.suffix in {".tf", ".hcl", ".tfvars"}:
            assert not re.search(r"registry\.[\w-]+\.(io|com|org)", path.read_text()), path
    ignored = (TERRAFORM.parent / ".gitignore").read_text().splitlines()
    assert {".terraform/", ".terraform.lock.hcl", "*.tfstate"} <= set(ignored)


def test_everything_is_formatted(binary: str) -> None:
    done = subprocess.run([binary, "fmt", "-check", "-recursive", TERRAFORM], capture_output=True, text=True)
    assert done.returncode == 0, f"terraform fmt -recursive terraform changes {done.stdout}"


@pytest.mark.slow
def test_the_module_is_valid(terraform: Terraform) -> None:
    done = terraform.run("validate", "-no-color")
    assert done.returncode == 0, done.stderr


def runs(terraform: Terraform) -> dict[str, str]:
    """`terraform test` of the module: each run's status."""
    done = terraform.run("test", "-json", "-filter=tests/monitoring.tftest.hcl")
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    found = [message["test_run"] for message in messages if message["type"] == "test_run"]
    return {run["run"]: run["status"] for run in found if "status" in run}


@pytest.mark.slow
def test_every_run_of_terraform_test_passes(terraform: Terraform) -> None:
    found = runs(terraform)
    assert {name for name, status in found.items() if status != "pass"} == set()
    assert len(found) >= 12


def short(alarm: dict[str, Any]) -> str:
    """An alarm's name without project and environment."""
    return str(alarm["alarm_name"]).removeprefix("trending-now-prod-")


@pytest.mark.slow
def test_absence_is_breaching_and_nothing_else_is(module: Module) -> None:
    treat = {short(alarm): alarm["treat_missing_data"] for alarm in module.of("aws_cloudwatch_metric_alarm")}
    assert {name for name, how in treat.items() if how == "breaching"} == ABSENCE
    assert {name: how for name, how in treat.items() if name not in ABSENCE} == {
        "drift-large": "notBreaching",
        "drift-moderate": "notBreaching",
        "deadline-passed": "notBreaching",
    }


@pytest.mark.slow
def test_every_alarm_and_graph_looks_at_a_metric_with_just_these_dimensions(module: Module) -> None:
    there = {
        ("TrendingNow", one.metric, frozenset({"Environment": "prod", **one.dimensions}.items())) for one in SELECTION
    }
    there |= {("TrendingNow", HEARTBEAT, frozenset({("Environment", "prod")}))}
    for made in module.of("aws_cloudwatch_log_metric_filter"):
        (metric,) = made["metric_transformation"]
        there.add((metric["namespace"], metric["name"], frozenset()))
    own = set(there)
    for rule in module.of("aws_cloudwatch_event_rule"):
        there.add(("AWS/Events", "FailedInvocations", frozenset({("RuleName", rule["name"])})))
    alarms = {
        (alarm["namespace"], alarm["metric_name"], frozenset((alarm["dimensions"] or {}).items()))
        for alarm in module.of("aws_cloudwatch_metric_alarm")
    }
    (dashboard,) = module.of("aws_cloudwatch_dashboard")
    widgets = json.loads(dashboard["dashboard_body"])["widgets"]
    lines = [line for widget in widgets for line in widget["properties"].get("metrics", ())]
    graphs = {(space, name, frozenset(zip(rest[::2], rest[1::2], strict=True))) for space, name, *rest in lines}
    assert alarms <= there, "an alarm looks at a metric that nobody publishes"
    assert graphs <= there, "a graph shows a metric that nobody publishes"
    assert own <= graphs, "a metric that is paid for is on no graph"


@pytest.mark.slow
def test_graphs_do_not_overlap_and_name_their_alarms(module: Module) -> None:
    (dashboard,) = module.of("aws_cloudwatch_dashboard")
    widgets = json.loads(dashboard["dashboard_body"])["widgets"]
    cells = [
        (x, y) for w in widgets for x in range(w["x"], w["x"] + w["width"]) for y in range(w["y"], w["y"] + w["height"])
    ]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24
    shown = next(w for w in widgets if w["type"] == "alarm")["properties"]["alarms"]
    assert len(shown) == 2 + 1 + 8  # of 14 alarms three are states that page nobody by themselves


@pytest.mark.slow
def test_the_docs_tell_of_every_alarm_and_what_all_of_it_costs(module: Module) -> None:
    text = (TERRAFORM.parent / "docs" / "cloudwatch.md").read_text()
    composites, single = module.of("aws_cloudwatch_composite_alarm"), module.of("aws_cloudwatch_metric_alarm")
    table = text.split("| alarm |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([\w-]+)`", table)) == {short(alarm) for alarm in composites + single}
    rows = {
        "custom metrics": (len(SELECTION) + 1 + len(module.of("aws_cloudwatch_log_metric_filter")), 0.3),
        "metric alarms": (len(single), 0.1),
        "composite alarms": (len(composites), 0.5),
        "dashboards": (len(module.of("aws_cloudwatch_dashboard")), 3.0),
        "PutMetricData calls": (43_800, 0.01 / 1000),
    }
    for name, (number, price) in rows.items():
        assert f"| {name} | {number:,} | {number * price:.2f} |" in text
    assert f"| total | | {sum(number * price for number, price in rows.values()):.2f} |" in text


def created(key: str, bucket: str = "trends-lake") -> dict[str, Any]:
    """What S3 sends to EventBridge when an object is put, in the form of its user guide."""
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-03-02T02:11:12Z",
        "region": "eu-central-1",
        "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": {"key": key, "size": 5120, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "00617F08"},
            "request-id": "N4N7GDK58NMKJ12R",
            "requester": "111122223333",
            "source-ip-address": "10.0.0.1",
            "reason": "PutObject",
        },
    }


DAY = date(2026, 3, 1).isoformat()
OTHERS = (
    f"drift/report/date={DAY}/data.parquet",  # another lake in the bucket's root
    f"other/lake/drift/report/date={DAY}/data.parquet",
    f"team/lake/drift/profiles/date={DAY}/data.parquet",
    f"team/lake/drift/report/date={DAY}/report.html",
    f"team/lake/drift/report/date={DAY}/data.parquet.tmp",
    f"team/lake/quarantine/drift/report/date={DAY}/data.parquet",
    "team/lake/drift/report/data.parquet",
    "team/lake/serving/current.json",
)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "table"), [("report", "drift/report"), ("bundle", "serving/bundle")])
def test_a_rule_sees_its_object_and_no_other(module: Module, rule: str, table: str) -> None:
    (pattern,) = [
        json.loads(made["event_pattern"])
        for made in module.of("aws_cloudwatch_event_rule")
        if made["name"] == f"trending-now-prod-{rule}-landed"
    ]
    (logged,) = [
        made["pattern"]
        for made in module.of("aws_cloudwatch_log_metric_filter")
        if made["name"] == f"trending-now-prod-{rule}-landed"
    ]
    landed = created(f"team/lake/{table}/date={DAY}/data.parquet")
    assert matches(pattern, landed) and filtered(logged, landed)
    for key in OTHERS:
        assert not matches(pattern, created(key)), key
    assert not matches(pattern, created(landed["detail"]["object"]["key"], "another-bucket"))
    assert not matches(pattern, {**landed, "detail-type": "Object Deleted"})
    other = {"report": "serving/bundle", "bundle": "drift/report"}[rule]
    assert not filtered(logged, created(f"team/lake/{other}/date={DAY}/data.parquet"))
    heartbeat = {"source": "aws.events", "detail-type": "Scheduled Event", "resources": ["arn:rule/beat"], "detail": {}}
    assert not matches(pattern, heartbeat) and not filtered(logged, heartbeat)


@pytest.mark.slow
def test_the_clock_strikes_by_its_own_rule_alone(module: Module) -> None:
    (pattern,) = [
        made["pattern"]
        for made in module.of("aws_cloudwatch_log_metric_filter")
        if made["name"] == "trending-now-prod-deadline"
    ]
    struck = {
        "source": "aws.events",
        "resources": ["arn:aws:events:eu-central-1:111122223333:rule/a-rule"],
        "detail": {},
    }
    assert filtered(pattern, struck)
    assert not filtered(pattern, {**struck, "resources": ["arn:aws:events:eu-central-1:111122223333:rule/another"]})


WRONG = (
    ("alarms.tf", 'missing    = "breaching"', 'missing    = "notBreaching"', "absence_is_the_failure"),
    ("alarms.tf", "threshold = var.overdue_seconds", "threshold = 3600", "thresholds_come_from_variables"),
    ("alarms.tf", "Environment = var.environment", 'Environment = "prod"', "names_carry_the_environment"),
    ("landing.tf", "date=*/data.parquet", "date=*/*", "rules_look_at_the_lake_s_keys"),
    ("landing.tf", 'default_value = "0"', "default_value = null", "zeros_where_nothing_landed"),
    ("landing.tf", "hours * 12 + 6", "hours * 12", "the_window_outlasts_the_passing_deadline"),
    ("variables.tf", "var.overdue_seconds <= 120", "var.overdue_seconds <= 7200", "wrong_values_are_refused"),
)
"""File, what is right, what is wrong, and the run that says so."""


@pytest.mark.slow
def test_terraform_test_catches_a_module_gone_wrong(terraform: Terraform, tmp_path: Path) -> None:
    copy = tmp_path / "monitoring"
    shutil.copytree(terraform.folder, copy, symlinks=True)
    for name, right, wrong, _ in WRONG:
        source = (copy / name).read_text()
        assert right in source, right
        (copy / name).write_text(source.replace(right, wrong))
    failed = {name for name, status in runs(Terraform(copy, terraform.environment)).items() if status != "pass"}
    assert {run for *_, run in WRONG} <= failed
    assert "everything_is_tagged" not in failed, "what is right still passes"
