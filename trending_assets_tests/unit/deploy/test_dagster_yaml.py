"""Dagster's instances: accepted by Dagster's own schemas, of one mind, and set as the operation needs it."""

import importlib
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._config import process_config, resolve_to_config_type
from dagster._core.instance.config import dagster_instance_config

from deploy.staging.compose import DEPLOY

FOLDER = DEPLOY / "dagster"
MARK = "# -- common --"
ADDRESSES = {
    "PGHOST": "postgres",
    "PGPORT": "5432",
    "PGUSER": "trending",
    "PGPASSWORD": "hush",
    "PGDATABASE": "trending",
    "DAGSTER_LOGS_BUCKET": "logs",
    "DAGSTER_CODE_SERVER_HOST": "code-server",
    "DAGSTER_RUN_TASK_DEFINITION": "trending-now-dev-run",
}
CLASSES = ("compute_logs", "local_artifact_storage", "run_coordinator", "run_launcher", "scheduler")


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ADDRESSES.items():
        monkeypatch.setenv(name, value)


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())
    return found


def accepted(tmp_path: Path, text: str) -> dict[str, Any]:
    """The instance's configuration as Dagster reads it from a home. Raises DagsterInvalidConfigError."""
    (tmp_path / "dagster.yaml").write_text(text)
    config, _ = dagster_instance_config(str(tmp_path))
    return dict(config)


@pytest.mark.parametrize("name", ["local.yaml", "compose.yaml", "production.yaml"])
def test_dagster_accepts_it(name: str, tmp_path: Path) -> None:
    text = (FOLDER / name).read_text()
    assert accepted(tmp_path, text)
    with pytest.raises(dg.DagsterInvalidConfigError):
        accepted(tmp_path, text + "\nrun_monitorings: {enabled: true}\n")


@pytest.mark.parametrize("name", ["compose.yaml", "production.yaml"])
def test_every_class_accepts_its_configuration(name: str) -> None:

    config = read(name)
    seen = 0
    for part in CLASSES:
        if part not in config:
            continue
        entry = config[part]
        made = getattr(importlib.import_module(entry["module"]), entry["class"])
        schema = resolve_to_config_type(made.config_type())
        found = process_config(schema, entry.get("config", {}))
        assert found.success, (part, found.errors)
        wrong = process_config(schema, {**entry.get("config", {}), "no_such_field": 1})
        assert not wrong.success, part
        seen += 1
    assert seen == (5 if name == "production.yaml" else 4)


def test_the_two_differ_in_the_launcher_alone() -> None:
    compose, production = read("compose.yaml"), read("production.yaml")
    assert production.pop("run_launcher")["class"] == "EcsRunLauncher"
    assert compose == production
    one, other = ((FOLDER / name).read_text().split(MARK) for name in ("compose.yaml", "production.yaml"))
    assert len(one) == len(other) == 3 and one[1] == other[1]


def test_nothing_but_crashed_workers_is_run_again_as_a_whole() -> None:
    config = read("production.yaml")
    assert config["run_retries"] == {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False}
    monitoring = config["run_monitoring"]
    assert monitoring["enabled"] and 0 < monitoring["start_timeout_seconds"] < monitoring["max_runtime_seconds"]


def test_a_backfill_leaves_room_for_the_day() -> None:
    runs = read("production.yaml")["concurrency"]["runs"]
    (backfill,) = [limit for limit in runs["tag_concurrency_limits"] if limit["key"] == "dagster/backfill"]
    assert backfill["limit"] < runs["max_concurrent_runs"]


def test_nothing_is_written_outside_tmp() -> None:
    config = read("production.yaml")
    assert config["local_artifact_storage"]["config"]["base_dir"].startswith("/tmp/")
    assert config["compute_logs"]["config"]["local_dir"].startswith("/tmp/")
    assert set(config["storage"]) == {"postgres"}


def test_no_value_is_a_secret_and_every_address_comes_from_the_environment() -> None:
    def names(part: object) -> list[str]:
        if isinstance(part, dict):
            mine = [str(part["env"])] if set(part) == {"env"} else []
            return mine + [name for value in part.values() for name in names(value)]
        return [name for value in part for name in names(value)] if isinstance(part, list) else []

    config = read("production.yaml")
    database = config["storage"]["postgres"]["postgres_db"]
    assert all(set(value) == {"env"} for value in database.values())
    workspace = read("workspace.yaml")
    assert set(names(config) + names(workspace)) == set(ADDRESSES)


def test_the_workspace_is_the_code_server_alone() -> None:
    from dagster._core.workspace.load import location_origins_from_config

    origins = location_origins_from_config(read("workspace.yaml"), str(FOLDER / "workspace.yaml"))
    (origin,) = origins.values()
    assert (origin.location_name, getattr(origin, "host", None), getattr(origin, "port", None)) == (
        "trending_assets",
        "code-server",
        4000,
    )
