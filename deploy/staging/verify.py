"""What has to be true after the days were worked: each function gives the sentences of what is not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trending_assets.contracts import TABLES, validate
from trending_assets.failures import TrendingError
from trending_assets.lake import Lake

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun


def objects(lake: Lake, tables: Sequence[str], days: Sequence[date]) -> list[str]:
    """Every table has exactly one Parquet object for each of the days, and no day besides; a page may lie beside it."""
    wrong = []
    for table in tables:
        found = {key for key in lake.store.list(table) if key.endswith(".parquet")}
        expected = {lake.key(table, day) for day in days}
        wrong += [f"{key} is not in the lake." for key in sorted(expected - found)]
        wrong += [f"{key} is in the lake and no partition of these days." for key in sorted(found - expected)]
    return wrong


def contracts(lake: Lake, tables: Sequence[str], days: Sequence[date]) -> list[str]:
    """Every partition can be read and keeps its table's contract."""
    wrong = []
    for table in tables:
        for day in days:
            try:
                problems = validate(lake.read(table, [day]).drop("date"), TABLES[table])
            except TrendingError as error:
                problems = [str(error)]
            wrong += [f"{table} of {day}: {problem}" for problem in problems]
    return wrong


def materialized(known: Mapping[str, Iterable[str]], days: Sequence[date]) -> list[str]:
    """Dagster knows each of the days of every table as materialized. `known`: table -> partition keys."""
    return [
        f"Dagster does not know {table} of {day} as materialized."
        for table, keys in sorted(known.items())
        for day in days
        if day.isoformat() not in set(keys)
    ]


def balanced(lake: Lake, counts: Mapping[tuple[str, date], Mapping[str, int]]) -> list[str]:
    """What came in = rows + quarantine + already seen + outside, by the counts on the materialization of each partition."""
    from trending_assets.raw.documents import lost

    wrong = []
    for (table, day), found in sorted(counts.items()):
        problem = lost(lake, table, day, found) if "seen" in found else "the materialization carries no counts"
        wrong += [f"{table} of {day}: {problem}."] if problem else []
    return wrong


def settled(runs: Sequence["DagsterRun"]) -> list[str]:
    """No run is queued or under way."""
    return [f"Run {run.run_id[:8]} is still {run.status.value}." for run in runs if not run.is_finished]


def paid_once(calls: Sequence[tuple[str, str]], answers: int) -> list[str]:
    """No request is paid for twice, and none went past the ledger.

    `calls`: (request key, state) of every call in the ledger; `answers`: how many calls the LLM itself counted.
    """
    live = Counter(key for key, state in calls if state != "unpaid")
    wrong = [f"The request {key[:12]} has {n} calls that are paid for." for key, n in sorted(live.items()) if n > 1]
    if answers > len(calls):
        wrong.append(f"The LLM was asked {answers} times; the ledger knows of {len(calls)} calls.")
    return wrong


def targets(active: Sequence[Mapping[str, Any]], expected: int) -> list[str]:
    """Prometheus sees all targets, and all of them up."""
    wrong = [f"Prometheus sees {t['labels']['job']} {t['health']}." for t in active if t["health"] != "up"]
    return wrong if len(active) == expected else [*wrong, f"Prometheus has {len(active)} targets, not {expected}."]


def pages(alerts: Sequence[Mapping[str, Any]]) -> list[str]:
    """No alert of severity page fires or is about to."""
    return [
        f"The alert {alert['labels']['alertname']} is {alert['state']}: {alert['annotations'].get('description', '')}"
        for alert in alerts
        if alert["labels"].get("severity") == "page"
    ]


def no_secret(folder: Path, hidden: Iterable[str]) -> list[str]:
    """No log in the folder holds one of the secrets."""
    needles = [secret.encode() for secret in hidden]
    return [
        f"{log.name} holds a secret."
        for log in sorted(folder.glob("*.log"))
        if any(needle in log.read_bytes() for needle in needles)
    ]


def counts_of(
    instance: "DagsterInstance", tables: Sequence[str], days: Sequence[date]
) -> Mapping[Any, Mapping[str, int]]:
    """The counts on the newest materialization of each partition: (table, day) -> name -> number."""
    import dagster as dg

    from trending_assets.raw.wiring import counts_of as counts

    return {(table, day): counts(instance, dg.AssetKey(table.split("/")), day) for table in tables for day in days}
