"""Named automation conditions and freshness policies.

Roots run on a clock. What is downstream follows when something above it changed, is requested for the newest week and not
only for the newest day (a source that comes back after two days is caught up), and never builds on a table whose blocking
check failed.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import dagster as dg

from trending_assets.deadlines import DEADLINE, WEEKLY_WINDOW
from trending_assets.run_sizes import AUTOMATION
from trending_assets.settings import get_settings

DAILY_CRON = "0 3 * * *"
"""03:00 UTC: TMDb's export of the day and yesterday's charts are out by then."""
RETRY_CRON = "40 * * * *"
"""Three times between 03:00 and the deadline."""
WEEKLY_CRON = "0 5 * * 1"
LOOK_BACK = timedelta(days=7)

DAILY_FRESHNESS = dg.FreshnessPolicy.cron(
    deadline_cron=f"{DEADLINE.minute} {DEADLINE.hour} * * *", lower_bound_delta=timedelta(hours=6), timezone="UTC"
)
WEEKLY_FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=WEEKLY_WINDOW, warn_window=timedelta(days=8))


def again() -> dg.AutomationCondition[dg.AssetKey]:
    """Once an hour, what failed of the last two days: a store or a source that was away for longer than a step waits.

    An hour apart, because this knows no permanent failures: what can never succeed fails a run an hour for two days, not one
    a minute for good.
    """
    return (
        dg.AutomationCondition.cron_tick_passed(RETRY_CRON)
        & dg.AutomationCondition.execution_failed()
        & dg.AutomationCondition.in_latest_time_window(timedelta(days=2))
        & ~dg.AutomationCondition.in_progress()
    )


def on_schedule() -> dg.AutomationCondition[dg.AssetKey]:
    """For roots: yesterday's partition once a day at 03:00 UTC, whatever happened before, and again where that failed."""
    condition = dg.AutomationCondition.on_cron(DAILY_CRON) | again()
    return condition.with_label("daily at 03:00 UTC")  # type: ignore[return-value]


class SameDayMissing(dg.AutomationCondition[dg.AssetKey]):
    """True for the days on which one of the windowed dependencies has no partition of that very day, and is not asked for.

    `any_deps_missing` would ask for the whole window, which no lake has in its first month. What this tick asks for is made
    before, in the same run: one day is one run, and not one for each step of the graph.
    """

    def __init__(self, deps: Sequence[dg.AssetKey]) -> None:
        self._deps = tuple(deps)

    @property
    def name(self) -> str:
        return "same_day_missing"

    def evaluate(self, context: dg.AutomationContext[dg.AssetKey]) -> dg.AutomationResult[dg.AssetKey]:
        candidates = context.candidate_subset
        days = candidates.expensively_compute_partition_keys()
        instance = context.asset_graph_view.instance
        there = [set(instance.get_materialized_partitions(dep)) for dep in self._deps]
        for dep, days_there in zip(self._deps, there, strict=True):
            asked = context.request_subsets_by_key.get(dep)
            days_there |= asked.expensively_compute_partition_keys() if asked else set()
        missing = {day for day in days if any(day not in days_there for days_there in there)}
        return dg.AutomationResult(context, candidates.compute_intersection_with_partition_keys(missing))


def _deps_passed(past: Sequence[dg.AssetKey]) -> dg.AutomationCondition[dg.AssetKey]:
    """True where the blocking checks of every dependency passed, or it is asked for in this tick.

    In one run a failed check stops what is downstream. Dagster's own all_deps_blocking_checks_passed would wait for the run to
    end, because our checks are no part of their asset's step. Of dependencies in the `past` no check may have failed: a lake's
    first day has no past, and nothing there that could have passed.
    """
    passed = dg.AutomationCondition.all_checks_match(dg.AutomationCondition.check_passed(), blocking_only=True)
    of_the_day = dg.AutomationCondition.all_deps_match(passed | dg.AutomationCondition.will_be_requested())
    if not past:
        return of_the_day  # type: ignore[return-value]
    failed = dg.AutomationCondition.any_checks_match(dg.AutomationCondition.check_failed(), blocking_only=True)
    before = dg.AssetSelection.assets(*past)
    return of_the_day.ignore(before) & ~dg.AutomationCondition.any_deps_match(failed).allow(before)  # type: ignore[return-value]


def follow(
    windowed: Sequence[dg.AssetKey] = (), past: Sequence[dg.AssetKey] = (), aside: Sequence[dg.AssetKey] = ()
) -> dg.AutomationCondition[dg.AssetKey]:
    """For what is downstream: when a dependency of the last 7 days changed and all same-day dependencies are there.

    `windowed` are the dependencies that are read over a trailing window that ends with the day itself: of those the day has
    to be there, earlier days (before the history began, say) need not. `past` are those whose window ends before the day.
    `aside` are read where they are there: they are not waited for, and a change of them asks for nothing.
    """
    missing = dg.AutomationCondition.any_deps_missing()
    if windowed or past:
        missing = missing.ignore(dg.AssetSelection.assets(*windowed, *past))
    blocked = missing | SameDayMissing(windowed) if windowed else missing
    condition = (
        dg.AutomationCondition.eager()
        .replace("in_latest_time_window", dg.AutomationCondition.in_latest_time_window(LOOK_BACK))
        .replace("any_deps_missing", blocked)
    )
    condition = condition | (again() & ~blocked & ~dg.AutomationCondition.any_deps_in_progress())
    condition = condition & _deps_passed(past)
    if aside:
        condition = condition.ignore(dg.AssetSelection.assets(*aside))
    return condition.with_label("follows its dependencies")  # type: ignore[return-value]


def weekly(first_at_once: bool = False) -> dg.AutomationCondition[dg.AssetKey]:
    """For models and the backtest: made anew every Monday at 05:00 UTC.

    `first_at_once`: and as soon as a dependency is there while there is none yet. A new lake serves on its first day, not on
    the first Monday.
    """
    condition = dg.AutomationCondition.on_cron(WEEKLY_CRON)
    if not first_at_once:
        return condition.with_label("Mondays at 05:00 UTC")  # type: ignore[return-value]
    arrived = dg.AutomationCondition.any_deps_match(dg.AutomationCondition.newly_updated())
    first = dg.AutomationCondition.missing() & arrived & ~dg.AutomationCondition.in_progress()
    return (condition | first).with_label("Mondays at 05:00 UTC, the first at once")  # type: ignore[return-value]


def automation_sensor() -> dg.AutomationConditionSensorDefinition:
    """The sensor that evaluates every condition above; started with the code location unless settings say otherwise."""
    return dg.AutomationConditionSensorDefinition(
        name="automation",
        target=dg.AssetSelection.all(),
        use_user_code_server=True,  # SameDayMissing is our own, so the code server evaluates it
        default_status=dg.DefaultSensorStatus.RUNNING if get_settings().automation else dg.DefaultSensorStatus.STOPPED,
        minimum_interval_seconds=60,
        run_tags=AUTOMATION.tags(),
        description="Requests what the automation conditions of the assets ask for.",
    )


def hourly(job: Any) -> dg.ScheduleDefinition:
    """Runs a job a quarter past every hour."""
    running = get_settings().automation
    return dg.ScheduleDefinition(
        name=f"{job.name}_hourly",
        job=job,
        cron_schedule="15 * * * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING if running else dg.DefaultScheduleStatus.STOPPED,
        description=f"Runs the job {job.name} every hour.",
    )
