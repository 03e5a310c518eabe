"""Automation by real ticks: roots on the clock, what is downstream after them, late days within the look-back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from trending_assets.checks import contract_checks
from trending_assets.contracts import TABLES, empty
from trending_assets.failures import PermanentFailure
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.partitions import HISTORY_WINDOW, to_days
from trending_assets.table_asset import source, table_asset


def dated(frame: pl.DataFrame, days: list[date]) -> pl.DataFrame:
    return pl.concat([frame.with_columns(pl.lit(day).alias("date")) for day in days])


@table_asset("staging/lists", kinds={"polars"}, code_version="1", root=True)
def lists(context: dg.AssetExecutionContext) -> pl.DataFrame:
    row = pl.DataFrame({"title_id": ["movie-1"], "media_type": ["movie"], "list": ["popular"], "rank": [1]})
    return dated(row, to_days(context.partition_keys))


@table_asset("features/title_day", kinds={"polars"}, code_version="1", ins={"lists": source("staging/lists")})
def features(context: dg.AssetExecutionContext, lists: pl.DataFrame) -> pl.DataFrame:
    return dated(empty(TABLES["features/title_day"]), to_days(context.partition_keys))


@table_asset(
    "trends/alerts",
    kinds={"polars"},
    code_version="1",
    ins={"past": source("features/title_day", HISTORY_WINDOW)},
)
def alerts(context: dg.AssetExecutionContext, past: pl.DataFrame) -> pl.DataFrame:
    return dated(empty(TABLES["trends/alerts"]), to_days(context.partition_keys))


@table_asset("scoring/prompts", kinds={"polars"}, code_version="1", root=True)
def decided(context: dg.AssetExecutionContext) -> pl.DataFrame:
    return empty(TABLES["scoring/prompts"])


@table_asset(
    "trends/trend_scores",
    kinds={"polars"},
    code_version="1",
    ins={"lists": source("staging/lists")},
    aside=["scoring/prompts"],
)
def with_aside(context: dg.AssetExecutionContext, lists: pl.DataFrame) -> pl.DataFrame:
    return dated(empty(TABLES["trends/trend_scores"]), to_days(context.partition_keys))


class Harness:
    """A ticking daemon over a real instance and a real lake, without threads."""

    def __init__(
        self,
        folder: Path,
        instance: dg.DagsterInstance,
        assets: Sequence[dg.AssetsDefinition] = (lists, features, alerts),
        checks: Sequence[dg.AssetChecksDefinition] = (),
    ) -> None:
        lake = LakeResource(uri=str(folder))
        self.resources = {"lake": lake, "io_manager": LakeIOManager(lake=lake)}
        self.assets = list(assets)
        self.defs = dg.Definitions(assets=self.assets, asset_checks=checks, resources=self.resources)
        self.instance = instance
        self.cursor: Any = None

    def tick(self, when: datetime) -> dict[str, set[str]]:
        """What the automation requests at that moment: asset -> partition keys."""
        result = dg.evaluate_automation_conditions(
            defs=self.defs, instance=self.instance, evaluation_time=when, cursor=self.cursor
        )
        self.cursor = result.cursor
        asked = [asset.key for asset in self.assets]
        requested = {key.to_user_string(): result.get_requested_partitions(key) for key in asked}
        return {name: {str(k) for k in keys} for name, keys in requested.items() if keys}

    def materialize(self, asset: dg.AssetsDefinition, *days: date) -> None:
        for day in days:
            done = dg.materialize(
                self.assets,
                selection=[asset],
                partition_key=day.isoformat(),
                resources=self.resources,
                instance=self.instance,
            )
            assert done.success


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path / "lake", dg.DagsterInstance.ephemeral())


NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TODAY = date(2026, 3, 9)
YESTERDAY = TODAY - timedelta(days=1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def test_three_days_run_by_themselves(harness: Harness) -> None:
    harness.tick(NOON)
    for n in range(1, 4):
        day = TODAY + timedelta(days=n - 1)
        assert harness.tick(at(TODAY + timedelta(days=n), 2, 59)) == {}
        key = {day.isoformat()}
        asked = harness.tick(at(TODAY + timedelta(days=n), 3, 1))
        assert asked["staging/lists"] == key
        for asset in harness.assets:
            harness.materialize(asset, day)
        assert harness.tick(at(TODAY + timedelta(days=n), 3, 5)) == {}, "nothing is asked for twice"


def test_a_day_that_arrives_late_is_followed(harness: Harness) -> None:
    harness.tick(NOON)
    late = TODAY - timedelta(days=4)
    harness.materialize(lists, late)
    assert harness.tick(at(TODAY, 12, 5)).get("features/title_day") == {late.isoformat()}


def test_a_day_beyond_the_look_back_is_left_alone(harness: Harness) -> None:
    harness.tick(NOON)
    harness.materialize(lists, TODAY - timedelta(days=30))
    assert harness.tick(at(TODAY, 12, 5)) == {}


def test_missing_days_of_a_window_do_not_hold_the_ranking_back(harness: Harness) -> None:
    """The lake begins yesterday: 27 of the 28 days of the window are not there."""
    harness.tick(NOON)
    harness.materialize(lists, YESTERDAY)
    harness.materialize(features, YESTERDAY)
    asked = harness.tick(at(TODAY, 12, 5))
    assert YESTERDAY.isoformat() in asked.get("trends/alerts", set())


def test_what_depends_on_a_missing_same_day_table_waits(harness: Harness) -> None:
    harness.tick(NOON)
    asked = harness.tick(at(TODAY, 12, 5))
    assert "features/title_day" not in asked


def test_what_stands_aside_is_neither_waited_for_nor_followed(tmp_path: Path) -> None:
    """The prompts are decided on Mondays: a new lake scores before that, and a decision asks for no old day."""
    checks = contract_checks(["scoring/prompts"])
    harness = Harness(tmp_path / "lake", dg.DagsterInstance.ephemeral(), (lists, decided, with_aside), checks)
    harness.tick(NOON)
    harness.materialize(lists, YESTERDAY)
    assert harness.tick(at(TODAY, 12, 5)) == {"trends/trend_scores": {YESTERDAY.isoformat()}}
    harness.materialize(with_aside, YESTERDAY)
    done = dg.materialize([decided], resources=harness.resources, instance=harness.instance)
    assert done.success and harness.tick(at(TODAY, 12, 10)) == {}
    harness.materialize(lists, TODAY - timedelta(days=2))
    assert harness.tick(at(TODAY, 12, 15)) == {"trends/trend_scores": {(TODAY - timedelta(days=2)).isoformat()}}


def test_what_failed_is_asked_for_again_by_the_hour_for_two_days(tmp_path: Path) -> None:
    """As where the store was away for longer than a step waits: once an hour, until it is there."""
    away = True

    @table_asset("staging/lists", kinds={"polars"}, code_version="1", root=True)
    def root(context: dg.AssetExecutionContext) -> pl.DataFrame:
        if away:
            raise PermanentFailure("The store is away.")
        return dated(empty(TABLES["staging/lists"]), to_days(context.partition_keys))

    instance = dg.DagsterInstance.ephemeral()
    harness = Harness(tmp_path / "lake", instance, (root,))
    harness.tick(NOON)
    tomorrow, asked = TODAY + timedelta(days=1), {"staging/lists": {TODAY.isoformat()}}

    def run() -> bool:
        return dg.materialize(
            [root],
            partition_key=TODAY.isoformat(),
            resources=harness.resources,
            instance=instance,
            raise_on_error=False,
        ).success

    assert harness.tick(at(tomorrow, 3, 1)) == asked
    assert not run()
    assert harness.tick(at(tomorrow, 3, 20)) == {}, "not at once"
    assert harness.tick(at(tomorrow, 3, 41)) == asked
    assert not run()
    assert harness.tick(at(tomorrow, 4, 10)) == {}
    assert harness.tick(at(tomorrow, 4, 41)) == asked
    away = False
    assert run()
    assert harness.tick(at(tomorrow, 5, 41)) == {}, "what is there is not asked for again"
