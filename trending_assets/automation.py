"""Named automation conditions and freshness policies.

Roots run on a clock. What is downstream follows when something above it changed, is requested for the newest week and not
only for the newest day (a source that comes back after two days is caught up), and never builds on a table whose blocking
check failed.
"""

from datetime import timedelta

import dagster as dg

from trending_assets.settings import get_settings

DAILY_CRON = "0 3 * * *"
"""03:00 UTC: TMDb's export of the day and yesterday's charts are out by then."""
WEEKLY_CRON = "0 5 * * 1"
LOOK_BACK = timedelta(days=7)

DAILY_FRESHNESS = dg.FreshnessPolicy.cron(
    deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=6), timezone="UTC"
)
WEEKLY_FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=9), warn_window=timedelta(days=8))


def on_schedule() -> dg.AutomationCondition[dg.AssetKey]:
    """For roots: yesterday's partition once a day at 03:00 UTC, whatever happened before."""
    return dg.AutomationCondition.on_cron(DAILY_CRON).with_label("daily at 03:00 UTC")  # type: ignore[return-value]


def follow(windowed: dg.AssetSelection | None = None) -> dg.AutomationCondition[dg.AssetKey]:
    """For what is downstream: when a dependency of the last 7 days changed and all same-day dependencies are there.

    `windowed` names dependencies that are read over a trailing window: their missing days (before the history began, say)
    do not hold the asset back.
    """
    missing = dg.AutomationCondition.any_deps_missing()
    if windowed is not None:
        missing = missing.ignore(windowed)
    condition = (
        dg.AutomationCondition.eager()
        .replace("in_latest_time_window", dg.AutomationCondition.in_latest_time_window(LOOK_BACK))
        .replace("any_deps_missing", missing.with_label("any_deps_missing"))
    )
    return (condition & dg.AutomationCondition.all_deps_blocking_checks_passed()).with_label(  # type: ignore[return-value]
        "follows its dependencies"
    )


def weekly() -> dg.AutomationCondition[dg.AssetKey]:
    """For models: trained anew every Monday at 05:00 UTC."""
    return dg.AutomationCondition.on_cron(WEEKLY_CRON).with_label("Mondays at 05:00 UTC")  # type: ignore[return-value]


def automation_sensor() -> dg.AutomationConditionSensorDefinition:
    """The sensor that evaluates every condition above; started with the code location unless settings say otherwise."""
    return dg.AutomationConditionSensorDefinition(
        name="automation",
        target=dg.AssetSelection.all(),
        default_status=dg.DefaultSensorStatus.RUNNING
        if get_settings().automation
        else dg.DefaultSensorStatus.STOPPED,
        minimum_interval_seconds=60,
        description="Requests what the automation conditions of the assets ask for.",
    )
