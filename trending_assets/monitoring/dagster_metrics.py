"""What Dagster's storage tells: runs, and when its daemons were last alive. Needs neither daemon nor webserver.

Series: six a job (48) and one a daemon (six or so).
"""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from trending_assets.failures import PermanentFailure

if TYPE_CHECKING:
    from dagster import DagsterInstance
    from prometheus_client import Metric

JOBS = ("daily", "everything", "genre_training", "prompts", "rescore", "watch", "__ASSET_JOB")
"""Jobs that are counted by name; the last is Dagster's own, for assets chosen by hand or by automation."""
OTHER = "other"


def open_instance() -> "DagsterInstance":
    """The instance of DAGSTER_HOME. Raises PermanentFailure without one."""
    home = os.environ.get("DAGSTER_HOME")
    if not home or not os.path.isdir(home):
        raise PermanentFailure("DAGSTER_HOME names no folder, so nothing is known of Dagster's runs. Set it.")
    from dagster import DagsterInstance

    return DagsterInstance.get()


def dagster_families(instance: "DagsterInstance", now: datetime) -> Iterator["Metric"]:
    """Runs and daemons at `now` (UTC)."""
    yield from _runs(instance, now)
    yield from _daemons(instance, now)


def _runs(instance: "DagsterInstance", now: datetime) -> Iterator["Metric"]:
    from dagster import DagsterRunStatus as Status
    from dagster import RunsFilter

    from trending_assets.monitoring.gauges import by_one, gauges

    groups = {
        "queued": [Status.QUEUED, Status.NOT_STARTED, Status.STARTING],
        "running": [Status.STARTED, Status.CANCELING],
        "success": [Status.SUCCESS],
        "failure": [Status.FAILURE],
        "canceled": [Status.CANCELED],
    }
    counts: dict[tuple[str, ...], float] = {}
    for status, statuses in groups.items():
        for job in JOBS:
            counts[job, status] = instance.get_runs_count(RunsFilter(job_name=job, statuses=statuses))
        known = sum(counts[job, status] for job in JOBS)
        counts[OTHER, status] = instance.get_runs_count(RunsFilter(statuses=statuses)) - known
    yield gauges(
        "trending_runs", "Runs in Dagster's storage; fewer once old ones are deleted.", ("job", "status"), counts
    )
    durations = dict[str, float]()
    for job in JOBS:
        filters = RunsFilter(job_name=job, statuses=[Status.SUCCESS])
        for record in instance.get_run_records(filters, limit=1):
            if record.start_time is not None and record.end_time is not None:
                durations[job] = record.end_time - record.start_time
    yield gauges(
        "trending_run_duration_seconds",
        "How long a job's newest successful run took.",
        ("job",),
        by_one(durations.items()),
    )
    oldest = instance.get_run_records(RunsFilter(statuses=groups["running"]), limit=1, ascending=True)
    started = [record.start_time for record in oldest if record.start_time is not None]
    age = now.timestamp() - started[0] if started else 0.0
    yield gauges(
        "trending_run_oldest_running_seconds",
        "Seconds since the start of the oldest run under way; 0 without one.",
        (),
        {(): age},
    )


def _daemons(instance: "DagsterInstance", now: datetime) -> Iterator["Metric"]:
    from trending_assets.monitoring.gauges import by_one, gauges

    ages = dict.fromkeys(instance.get_required_daemon_types(), float("inf"))
    for name, heartbeat in instance.get_daemon_heartbeats().items():
        if name in ages:
            ages[name] = now.timestamp() - heartbeat.timestamp
    yield gauges(
        "trending_daemon_heartbeat_age_seconds",
        "Seconds since a daemon that Dagster needs was last alive; +Inf where it never was.",
        ("daemon",),
        by_one(ages.items()),
    )
