"""Simulated days against the module's own alarms: who is paged, and when. Minute 0 is midnight (UTC) of the second day."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.core import GaugeMetricFamily

from trending_assets.deadlines import DEADLINE, due_at, due_days
from trending_assets.monitoring.cloudwatch import chosen
from trending_assets_tests.unit.terraform.alarms import Metrics, breaching
from trending_assets_tests.unit.terraform.conftest import Module

pytestmark = pytest.mark.slow
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
DUE = DEADLINE.hour * 60 + DEADLINE.minute
DAY = 24 * 60
FIRST = date(2026, 1, 1)
LOOKS_BACK = [0, 3, 12]
"""Periods beyond its own that CloudWatch may look back."""


def alarms(module: Module) -> dict[str, dict[str, Any]]:
    """The module's metric alarms by their short names."""
    found = module.of("aws_cloudwatch_metric_alarm")
    return {alarm["alarm_name"].removeprefix("trending-now-prod-"): alarm for alarm in found}


def exported(alive: Callable[[int], bool], there: Callable[[int, date], bool], minutes: Iterable[int]) -> Metrics:
    """What CloudWatch has of an exporter that publishes each minute while it is `alive`, over one daily table of which a
    day is `there` from some minute on. Nothing else of the pipeline has to live for that."""
    metrics = Metrics()
    for minute in filter(alive, minutes):
        now = MIDNIGHT + timedelta(minutes=minute)
        missing = [day for day in due_days(now, FIRST) if not there(minute, day)]
        overdue = (now - due_at(missing[0])).total_seconds() if missing else 0.0
        families = [
            GaugeMetricFamily("trending_partitions_missing", "of a test", labels=["table"]),
            GaugeMetricFamily("trending_partition_overdue_seconds", "of a test", labels=["table"]),
        ]
        families[0].add_metric(["drift/report"], len(missing))
        families[1].add_metric(["drift/report"], overdue)
        for datum in chosen(families, "prod"):
            dimensions = tuple(sorted((d["Name"], d["Value"]) for d in datum["Dimensions"]))
            metrics.put(("TrendingNow", datum["MetricName"], dimensions), minute, datum["Value"])
    return metrics


def events(landed: Iterable[int], minutes: Iterable[int], works: Callable[[int], bool] = lambda _: True) -> Metrics:
    """What CloudWatch has of the log of landings: zeros by the heartbeat, ones by what landed and by the deadline."""
    metrics, landed = Metrics(), set(landed)
    for minute in filter(works, minutes):
        for name, one in (("DriftReportLanded", minute in landed), ("DeadlinePassed", minute % DAY == DUE)):
            metrics.put(("TrendingNow/Landing/prod", name, ()), minute, float(one))
    return metrics


def alarmed(alarm: dict[str, Any], metrics: Metrics, minutes: Iterable[int], further: int) -> list[int]:
    """Minutes in which the alarm is in state ALARM."""
    return [minute for minute in minutes if breaching(alarm, metrics, minute, further)]


def absent(module: Module, metrics: Metrics, minutes: Iterable[int], further: int) -> list[int]:
    """Minutes in which the composite alarm report-absent is in state ALARM."""
    found = alarms(module)
    both = [set(alarmed(found[name], metrics, minutes, further)) for name in ("report-not-landed", "deadline-passed")]
    return sorted(both[0] & both[1])


WATCHED = range(-30, DUE + 120)


@pytest.mark.parametrize("further", LOOKS_BACK)
def test_a_missing_day_pages_within_ten_minutes_with_the_daemon_dead(module: Module, further: int) -> None:
    """Nothing of Dagster takes part: the exporter sees that yesterday is not there."""
    metrics = exported(lambda _: True, lambda _, day: day < date(2026, 3, 1), range(-DAY, DUE + 120))
    minutes = alarmed(alarms(module)["partition-overdue"], metrics, WATCHED, further)
    assert minutes and DUE < minutes[0] <= DUE + 10
    assert minutes == list(range(minutes[0], WATCHED.stop)), "it stays until the day is there"


@pytest.mark.parametrize("further", LOOKS_BACK)
def test_a_day_in_time_pages_nobody(module: Module, further: int) -> None:
    metrics = exported(
        lambda _: True, lambda minute, day: day < date(2026, 3, 1) or minute >= DUE - 1, range(-DAY, DUE + 120)
    )
    for name in ("partition-overdue", "partitions-missing", "exporter-heartbeat"):
        assert alarmed(alarms(module)[name], metrics, WATCHED, further) == []


def test_one_late_publication_pages_nobody(module: Module) -> None:
    metrics = exported(lambda minute: minute not in {100, 101}, lambda *_: True, range(-DAY, DUE + 120))
    for name in ("partition-overdue", "exporter-heartbeat"):
        assert alarmed(alarms(module)[name], metrics, WATCHED, 3) == []


@pytest.mark.parametrize("name", ["partition-overdue", "exporter-heartbeat"])
@pytest.mark.parametrize("further", [0, 3])
def test_a_dead_exporter_pages_within_ten_minutes(module: Module, name: str, further: int) -> None:
    died = DUE - 30
    metrics = exported(lambda minute: minute < died, lambda *_: True, range(-DAY, DUE + 120))
    minutes = alarmed(alarms(module)[name], metrics, range(died, DUE + 120), further)
    assert minutes and minutes[0] <= died + 10


def test_the_same_alarm_that_forgives_missing_data_never_pages(module: Module) -> None:
    """The control: what treat_missing_data is for."""
    metrics = exported(lambda minute: minute < DUE - 30, lambda _, day: day < date(2026, 3, 1), range(-DAY, DUE + 120))
    alarm = alarms(module)["partition-overdue"]
    assert alarmed(alarm, metrics, WATCHED, 3)
    assert alarmed({**alarm, "treat_missing_data": "notBreaching"}, metrics, WATCHED, 3) == []


@pytest.mark.parametrize("further", LOOKS_BACK)
@pytest.mark.parametrize("yesterday", [2 * 60, 5 * 60 + 59, 9 * 60, 23 * 60])
def test_a_report_that_does_not_land_pages_within_ten_minutes_without_exporter_and_daemon(
    module: Module, further: int, yesterday: int
) -> None:
    """Even where yesterday's came late."""
    metrics = events([yesterday - DAY], range(-DAY, DUE + 120))
    minutes = absent(module, metrics, WATCHED, further)
    assert minutes and DUE < minutes[0] <= DUE + 10
    assert len(minutes) >= 15, "long enough for an alarm that looks once a minute"


def test_without_the_heartbeat_an_old_landing_would_hide_that_today_s_is_missing(module: Module) -> None:
    """The control: what the zeros are for. Of a metric with one point a day CloudWatch goes on using the old one."""
    late = 23 * 60 - DAY
    sparse = events([late], range(-DAY, DUE + 120), lambda minute: minute == late or minute % DAY == DUE)
    assert absent(module, events([late], range(-DAY, DUE + 120)), WATCHED, 12)[0] <= DUE + 10
    assert absent(module, sparse, WATCHED, 12)[0] > DUE + 30


@pytest.mark.parametrize("further", LOOKS_BACK)
@pytest.mark.parametrize("landed", [1, 3 * 60, DUE - 5])
def test_a_report_that_landed_pages_nobody_all_day(module: Module, further: int, landed: int) -> None:
    assert absent(module, events([landed - DAY, landed], range(-DAY, DAY)), range(-30, DAY), further) == []


def test_events_that_are_no_longer_heard_page(module: Module) -> None:
    broke = 60
    metrics = events([-DAY + 120], range(-DAY, DUE), lambda minute: minute < broke)
    minutes = alarmed(alarms(module)["landings-unseen"], metrics, range(-30, DUE), 1)
    assert minutes and broke < minutes[0] <= broke + 25
    assert alarmed(alarms(module)["landings-unseen"], events([], range(-DAY, DUE)), range(-30, DUE), 1) == []
