"""`trending lake report-to-dagster`: Dagster's storage learns what the lake has.

After a lost database the lake has days that Dagster does not know; after a restore Dagster knows days that the lake has no
longer. Materializations are reported without a run, upstream first. Automation that starts after that asks for nothing old.
"""

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from trending_assets.contracts import TABLES, validate
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.retention import days_kept

if TYPE_CHECKING:
    import dagster as dg

SAID = "Reported from the lake, without a run (`trending lake report-to-dagster`)."
CHECK = "contract"

Progress = Callable[[int, int], None]
Day = date | None
"""None: a table without days."""


@dataclass
class Difference:
    """By table: days to report as materialized, and tables whose history is wiped first, with the days that are gone."""

    report: dict[str, list[Day]] = field(default_factory=dict)
    gone: dict[str, list[date]] = field(default_factory=dict)

    @property
    def events(self) -> int:
        return sum(map(len, self.report.values()))


def report(lake: str, changed: Path | None, dry_run: bool, progress: Progress) -> list[str]:
    """Do it, or only say it; gives the lines for a person. Raises PermanentFailure with a sentence."""
    import dagster as dg

    opened, again = open_lake(lake), _changed(changed) if changed else {}
    if not os.environ.get("DAGSTER_HOME"):
        raise PermanentFailure("DAGSTER_HOME names no folder with dagster.yaml, so there is no storage to report to.")
    with dg.DagsterInstance.get() as instance:
        found = difference(opened, instance, tables(), again)
        if not dry_run:
            tell(opened, instance, found, progress)
    verb = "would be " if dry_run else ""
    lines = [f"  {table:<28} {len(days):,} {verb}reported" for table, days in found.report.items() if days]
    lines += [
        f"  {table:<28} history {verb}wiped: {len(days):,} days that Dagster knew are not in the lake ({days[0]} to {days[-1]})"
        for table, days in found.gone.items()
    ]
    return [*lines, f"{found.events:,} materializations {verb}reported to Dagster, of {len(found.report):,} tables."]


def tables() -> list[str]:
    """Tables of the graph, upstream first."""
    from trending_assets.definitions import defs

    graph = defs.resolve_asset_graph()
    return [key.to_user_string() for level in graph.toposorted_asset_keys_by_level for key in sorted(level)]


def _changed(file: Path) -> dict[str, set[Day]]:
    try:
        with file.open() as lines:
            rows = list(csv.DictReader(lines))
        found: dict[str, set[Day]] = {}
        for row in rows:
            found.setdefault(row["table"], set()).add(date.fromisoformat(row["date"]) if row["date"] else None)
        return found
    except (OSError, KeyError, ValueError) as error:
        raise PermanentFailure(f"{file} is no report of `trending lake restore --report`: {error}") from None


def difference(
    lake: Lake, instance: "dg.DagsterInstance", names: Sequence[str], again: Mapping[str, set[Day]]
) -> Difference:
    """What Dagster has to be told. `again` are days that are reported although it knows them.

    Of what is gone, days that retention.py keeps no longer are left alone. Dagster cannot forget a single day, so the history
    of a table with days that are gone is wiped and all its days are reported.
    """
    import dagster as dg

    found = Difference()
    for name in names:
        key = dg.AssetKey(name.split("/"))
        if name not in TABLES:
            continue
        if TABLES[name].daily:
            there = lake.days(name)
            known = {date.fromisoformat(day) for day in instance.get_materialized_partitions(key)}
            kept = days_kept(name)
            gone = [d for d in sorted(known - set(there)) if kept is None or not there or (there[-1] - d).days < kept]
            if gone:
                found.gone[name], known = gone, set()
            found.report[name] = [d for d in there if d not in known or d in again.get(name, set())]
        elif lake.store.get(lake.key(name)) is not None:
            known_at_all = instance.get_latest_materialization_event(key) is not None
            found.report[name] = [] if known_at_all and None not in again.get(name, set()) else [None]
    return found


def tell(lake: Lake, instance: "dg.DagsterInstance", found: Difference, progress: Progress) -> None:
    """Report it. A table without days is held against its contract, so that what waits for that check is not held up."""
    import dagster as dg

    done = 0
    for name in found.gone:
        instance.wipe_assets([dg.AssetKey(name.split("/"))])
    for name, days in found.report.items():
        key = dg.AssetKey(name.split("/"))
        for day in days:
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    key,
                    description=SAID,
                    partition=day.isoformat() if day else None,
                    metadata={"dagster/uri": lake.location(name, day)},
                )
            )
            if day is None:
                instance.report_runless_asset_event(_checked(lake, name))
            done += 1
            progress(done, found.events)


def _checked(lake: Lake, name: str) -> "dg.AssetCheckEvaluation":
    import dagster as dg

    problems = validate(lake.read(name), TABLES[name])
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(name.split("/")),
        check_name=CHECK,
        passed=not problems,
        description="; ".join([SAID, *problems[:5]]),
        severity=dg.AssetCheckSeverity.ERROR,
        blocking=True,
    )
