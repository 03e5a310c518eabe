"""What Dagster's storage tells, from a real instance with real runs."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.monitoring.dagster_metrics import JOBS, dagster_families, open_instance
from trending_assets_tests.unit.monitoring.test_partition_and_table_metrics import value


@dg.op
def fails() -> None:
    raise RuntimeError("told to")


@dg.op
def works() -> None: ...


@dg.job
def daily() -> None:
    works()


@dg.job
def watch() -> None:
    fails()


@dg.job
def adhoc() -> None:
    works()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    home = tmp_path_factory.mktemp("home")
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        with open_instance() as opened:
            for job in (daily, daily, watch, adhoc):
                job.execute_in_process(instance=opened, raise_on_error=False)
            yield opened


def test_runs_count_by_job_and_outcome_and_none_is_left_out(instance: dg.DagsterInstance) -> None:
    found = list(dagster_families(instance, datetime.now(UTC)))
    for job, status, count in (
        ("daily", "success", 2),
        ("watch", "failure", 1),
        ("other", "success", 1),
        ("daily", "failure", 0),
        ("prompts", "queued", 0),
    ):
        assert value(found, "trending_runs", job=job, status=status) == count
    assert sum(s.value for f in found if f.name == "trending_runs" for s in f.samples) == 4
    took = value(found, "trending_run_duration_seconds", job="daily")
    assert took is not None and took > 0
    assert value(found, "trending_run_duration_seconds", job="watch") is None  # it never succeeded
    assert value(found, "trending_run_oldest_running_seconds") == 0


def test_a_run_under_way_gets_older(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(daily)
    instance.report_dagster_event(
        dg.DagsterEvent("PIPELINE_START", job_name="daily", message="started"), run_id=run.run_id
    )
    started = instance.get_run_records(dg.RunsFilter(run_ids=[run.run_id]))[0].start_time
    assert started is not None
    found = list(dagster_families(instance, datetime.fromtimestamp(started + 100, UTC)))
    assert value(found, "trending_run_oldest_running_seconds") == pytest.approx(100, abs=1e-3)
    assert value(found, "trending_runs", job="daily", status="running") == 1
    instance.delete_run(run.run_id)


def test_a_daemon_that_never_lived_is_infinitely_old(instance: dg.DagsterInstance) -> None:
    from dagster._daemon.types import DaemonHeartbeat

    now = time.time()
    instance.add_daemon_heartbeat(DaemonHeartbeat(now - 40, "SENSOR", "one", []))
    found = list(dagster_families(instance, datetime.fromtimestamp(now, UTC)))
    assert value(found, "trending_daemon_heartbeat_age_seconds", daemon="SENSOR") == pytest.approx(40, abs=1e-3)
    assert value(found, "trending_daemon_heartbeat_age_seconds", daemon="SCHEDULER") == float("inf")


def test_every_job_of_ours_is_counted_by_name() -> None:
    from trending_assets.definitions import defs

    ours = {job.name for job in defs.resolve_all_job_defs()}
    assert ours == set(JOBS)


@pytest.mark.parametrize("home", [None, "/nowhere/at/all"])
def test_without_a_home_a_sentence(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    if home:
        monkeypatch.setenv("DAGSTER_HOME", home)
    with pytest.raises(PermanentFailure, match="DAGSTER_HOME names no folder"):
        open_instance()
