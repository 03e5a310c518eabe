"""Automation of the whole graph, tick by tick, without its work: from an empty lake to the first bundle, and after failures."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData

from trending_assets.monitoring.partition_metrics import daily_tables

EVENING = datetime(2026, 3, 11, 20, tzinfo=UTC)
"""A Wednesday: Monday's training is far away."""
DAY = "2026-03-11"
BUNDLE = dg.AssetKey(["serving", "bundle"])


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    from trending_assets.definitions import defs as real

    return real


class Daemon:
    """Evaluates the conditions of the real graph and says of everything requested that it was made."""

    def __init__(self, defs: dg.Definitions) -> None:
        self.defs, self.instance = defs, dg.DagsterInstance.ephemeral()
        self.graph = defs.resolve_asset_graph()
        self.cursor: Any = None

    def tick(self, when: datetime) -> dict[dg.AssetKey, set[Any]]:
        found = dg.evaluate_automation_conditions(
            defs=self.defs, instance=self.instance, evaluation_time=when, cursor=self.cursor
        )
        self.cursor = found.cursor
        keys = self.graph.materializable_asset_keys
        requested = {key: set(found.get_requested_partitions(key)) for key in keys}
        return {key: days for key, days in requested.items() if days}

    def make(self, key: dg.AssetKey, partition: str | None) -> None:
        self.instance.report_runless_asset_event(dg.AssetMaterialization(key, partition=partition))
        made = self.instance.fetch_materializations(key, limit=1).records[0]
        target = AssetCheckEvaluationTargetMaterializationData(
            storage_id=made.storage_id, run_id=made.run_id, timestamp=made.timestamp
        )
        for check in self.graph.get_check_keys_for_assets({key}):
            node = self.graph.get(check)
            if node.blocking:
                self.instance.report_runless_asset_event(
                    dg.AssetCheckEvaluation(
                        asset_key=key,
                        check_name=check.name,
                        passed=True,
                        metadata={},
                        target_materialization_data=target,
                        partition=partition if node.partitions_def else None,
                    )
                )

    def made(self, key: dg.AssetKey) -> set[str]:
        return set(self.instance.get_materialized_partitions(key))


def work(daemon: Daemon, start: datetime) -> None:
    """Tick once a minute and make what is asked for, until nothing is for two ticks."""
    quiet = 0
    for minute in range(30):
        asked = daemon.tick(start + timedelta(minutes=minute))
        quiet = 0 if asked else quiet + 1
        if quiet == 2:
            return
        for key in daemon.graph.toposorted_asset_keys:
            for partition in asked.get(key, ()):
                daemon.make(key, partition)


def test_an_empty_lake_comes_to_its_first_bundle_by_automation_alone(defs: dg.Definitions) -> None:
    """Also on a Wednesday: the genre models are trained as soon as there is something to learn from."""
    daemon = Daemon(defs)
    assert daemon.tick(EVENING) == {}
    work(daemon, datetime(2026, 3, 12, 3, 0, 30, tzinfo=UTC))
    keys = [dg.AssetKey(name.split("/")) for name in daily_tables()]
    assert [key.to_user_string() for key in keys if DAY not in daemon.made(key)] == []
    assert BUNDLE in keys


def test_the_models_are_trained_once_and_then_on_mondays(defs: dg.Definitions) -> None:
    daemon = Daemon(defs)
    titles, trained = dg.AssetKey(["staging", "titles"]), dg.AssetKey(["genre", "training_set"])
    daemon.tick(EVENING)
    daemon.make(titles, "2026-03-10")
    assert trained in daemon.tick(EVENING + timedelta(minutes=1))
    daemon.make(trained, None)
    daemon.make(titles, "2026-03-09")
    assert trained not in daemon.tick(EVENING + timedelta(minutes=2))
    daemon.tick(datetime(2026, 3, 16, 5, 0, 30, tzinfo=UTC))
    daemon.make(titles, "2026-03-15")
    assert trained in daemon.tick(datetime(2026, 3, 16, 5, 2, tzinfo=UTC)), "as soon as Monday's titles are there"


def test_any_part_of_the_graph_can_be_run(defs: dg.Definitions) -> None:
    """Automation asks for some of the assets; a check that is made for all assets or none would fail the sensor's tick."""
    job = defs.resolve_implicit_global_asset_job_def()
    for key in defs.resolve_asset_graph().materializable_asset_keys:
        assert job.get_subset(asset_selection={key}), key


def test_a_check_that_cannot_be_run_in_part_would_be_noticed(defs: dg.Definitions) -> None:
    """The control of the test above: how the check of missing days once stopped all automation."""

    @dg.multi_asset_check(name="all_or_none", specs=[dg.AssetCheckSpec("c", asset=name) for name in ("one", "other")])
    def check() -> Iterator[dg.AssetCheckResult]:
        yield from ()

    @dg.asset
    def one() -> None: ...

    @dg.asset
    def other() -> None: ...

    job = dg.Definitions([one, other], asset_checks=[check]).resolve_implicit_global_asset_job_def()
    with pytest.raises(dg.DagsterInvalidSubsetError):
        job.get_subset(asset_selection={dg.AssetKey("one")})
