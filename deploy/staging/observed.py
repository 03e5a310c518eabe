"""What Dagster's Postgres, the lake and the ledger say, read by staging itself with the services' own environment."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.staging.system import System
from trending_assets.lake import Lake, open_lake
from trending_assets.monitoring.partition_metrics import daily_tables
from trending_assets.staging.dbt_target import environment

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun


class Observed:
    """Dagster's instance, the lake and the tables that a day consists of."""

    def __init__(self, instance: "DagsterInstance", lake: Lake) -> None:
        self.instance, self.lake = instance, lake
        self.tables: Sequence[str] = daily_tables()

    def known(self) -> dict[str, set[str]]:
        """Table -> partitions that Dagster knows as materialized."""
        import dagster as dg

        return {
            table: set(self.instance.get_materialized_partitions(dg.AssetKey(table.split("/"))))
            for table in self.tables
        }

    def lacking(self, day: date) -> list[str]:
        """Tables of which Dagster does not know the day."""
        return [table for table, days in self.known().items() if day.isoformat() not in days]

    def runs(self) -> "list[DagsterRun]":
        """All runs, the newest first."""
        return list(self.instance.get_runs())

    def by_status(self) -> dict[str, int]:
        """How many runs are in each status."""
        return dict(Counter(run.status.value for run in self.runs()))

    def started(self) -> "list[DagsterRun]":
        """Runs whose worker is at work."""
        return [run for run in self.runs() if run.status.value == "STARTED"]

    def idle(self) -> bool:
        """No run is queued or under way."""
        return all(run.is_finished for run in self.runs())

    def ticks(self, sensor: str) -> int:
        """How many ticks of a sensor are done."""
        for state in self.instance.all_instigator_state():
            if state.instigator_name == sensor:
                ticks = self.instance.get_ticks(state.instigator_origin_id, state.selector_id)
                return sum(tick.status.value != "STARTED" for tick in ticks)
        return 0

    def heartbeats(self) -> float:
        """When the oldest of the daemons that Dagster needs was last alive (by the clock that it sees); 0 where one never was."""
        found: Mapping[str, object] = self.instance.get_daemon_heartbeats()
        times = [getattr(found.get(name), "timestamp", 0.0) for name in self.instance.get_required_daemon_types()]
        return min(times, default=0.0)

    def calls(self) -> list[tuple[str, str]]:
        """(request key, state) of every call in the ledger."""
        import sqlalchemy as sa

        from trending_assets.scoring.ledger_database import CALLS, engine_of

        engine = engine_of(os.environ["TRENDING_LLM_LEDGER"], os.getpid())
        with engine.connect() as connection:
            return [(row.request_key, row.state) for row in connection.execute(sa.select(CALLS))]


@contextmanager
def observed(system: System) -> Iterator[Observed]:
    """Open Dagster's instance and the lake as the services have them."""
    with environment(system.services["code-server"].environment):
        import dagster as dg

        home = Path(os.environ["DAGSTER_HOME"])
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield Observed(instance, open_lake(os.environ["TRENDING_LAKE"]))
