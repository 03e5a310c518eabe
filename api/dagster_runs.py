"""Runs and days of every asset, asked of Dagster's GraphQL. The API imports no Dagster: this is its only tie to it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from api.access_log import tell

TIMEOUT = 2.0
PARTITIONS_TIMEOUT = 6.0
"""Seconds. The days of all assets over 13 years take Dagster half a second, and a second when it was just started."""
KEEP_SECONDS = 10.0
"""An answer, or that there is none, is kept this long: a Dagster that is down costs one wait and not one a request."""

LATEST = """
query Latest($daily: [AssetKeyInput!]!, $whole: [AssetKeyInput!]!, $day: String!) {
  daily: assetNodes(assetKeys: $daily) {
    assetKey { path }
    latest: latestMaterializationByPartition(partitions: [$day]) { runId timestamp }
  }
  whole: assetNodes(assetKeys: $whole) {
    assetKey { path }
    latest: assetMaterializations(limit: 1) { runId timestamp }
  }
}
"""
# A day that is being made anew, or whose new run failed, is still there: of the days that count, materializations are asked for.
PARTITIONS = """
query Partitions($daily: [AssetKeyInput!]!, $whole: [AssetKeyInput!]!, $days: [String!]!) {
  daily: assetNodes(assetKeys: $daily) {
    assetKey { path }
    latest: latestMaterializationByPartition(partitions: $days) { runId timestamp partition }
    last: assetMaterializations(limit: 1) { runId timestamp partition }
    statuses: assetPartitionStatuses { ... on TimePartitionStatuses { ranges { startKey endKey status } } }
  }
  whole: assetNodes(assetKeys: $whole) {
    assetKey { path }
    latest: assetMaterializations(limit: 1) { runId timestamp }
  }
}
"""


@dataclass(frozen=True)
class Run:
    """The run that last wrote an asset's partition, and when (UTC). Without an id it was reported to Dagster by hand."""

    run_id: str | None
    at: datetime


@dataclass(frozen=True)
class Partitions:
    """What is there of an asset: its days as ranges (both ends included, any order), and the runs that wrote some of them.

    `last` is the run that last wrote an asset which has no days.
    """

    ranges: Sequence[tuple[date, date]] = ()
    runs: Mapping[date, Run] = field(default_factory=dict)
    last: Run | None = None

    @property
    def oldest(self) -> date | None:
        """The first day that is there."""
        return min((first for first, _ in self.ranges), default=None)

    @property
    def newest(self) -> date | None:
        """The last day that is there."""
        return max((last for _, last in self.ranges), default=None)

    def __contains__(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.ranges)


class DagsterRuns:
    """Asks the webserver at `url`. For one event loop at a time."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._kept: dict[object, tuple[float, Any]] = {}
        self._asking: dict[object, asyncio.Task[Any]] = {}

    async def latest(self, day: date, daily: Sequence[str], whole: Sequence[str]) -> Mapping[str, Run] | None:
        """Latest run per asset for the day (daily assets) or ever (whole ones); None where Dagster does not answer."""
        variables = {"daily": _keys(daily), "whole": _keys(whole), "day": day.isoformat()}
        found: Mapping[str, Run] | None = await self._once(
            ("latest", day), lambda: self._ask(LATEST, variables, _latest, TIMEOUT)
        )
        return found

    async def partitions(
        self, days: Sequence[date], daily: Sequence[str], whole: Sequence[str]
    ) -> Mapping[str, Partitions] | None:
        """What is there per asset, with the runs of `days` and of the day written last; None where Dagster does not answer."""
        variables = {"daily": _keys(daily), "whole": _keys(whole), "days": [day.isoformat() for day in days]}
        found: Mapping[str, Partitions] | None = await self._once(
            ("partitions", *days), lambda: self._ask(PARTITIONS, variables, _partitions, PARTITIONS_TIMEOUT)
        )
        return found

    async def _once(self, key: object, ask: Callable[[], Awaitable[Any]]) -> Any:
        """What is kept for the key, else what is asked for it; who comes while it is asked waits for the same answer."""
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] <= KEEP_SECONDS:
            return kept[1]
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(self._keep(key, ask))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)  # a client that goes away does not take the answer of the others with it

    async def _keep(self, key: object, ask: Callable[[], Awaitable[Any]]) -> Any:
        value = await ask()
        now = time.monotonic()
        self._kept = {k: kept for k, kept in self._kept.items() if now - kept[0] <= KEEP_SECONDS}
        self._kept[key] = (now, value)
        return value

    async def _ask(self, query: str, variables: Mapping[str, Any], parse: Callable[[Any], Any], timeout: float) -> Any:
        import httpx  # a tenth of the start-up, which an API without Dagster does not need

        try:
            async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
                reply = await client.post(f"{self.url}/graphql", json={"query": query, "variables": variables})
            reply.raise_for_status()
            answer = reply.json()
            if answer.get("errors"):
                raise ValueError(answer["errors"][0].get("message", "a GraphQL error"))
            return parse(answer["data"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            tell("dagster does not answer", "warning", error=f"{type(error).__name__}: {error}")
            return None


def dagit_run_url(base: str, run_id: str) -> str:
    """The address of a run's page in Dagit."""
    return f"{base.rstrip('/')}/runs/{quote(run_id, safe='')}"


def _keys(names: Sequence[str]) -> list[dict[str, list[str]]]:
    return [{"path": name.split("/")} for name in names]


# What follows raises KeyError, TypeError, AttributeError or ValueError for an answer of another shape.


def _name(node: dict[str, Any]) -> str:
    return "/".join(node["assetKey"]["path"])


def _run(event: dict[str, Any]) -> Run:
    return Run(event["runId"] or None, datetime.fromtimestamp(float(event["timestamp"]) / 1000, UTC))


def _latest(data: dict[str, Any]) -> dict[str, Run]:
    nodes = [*data["daily"], *data["whole"]]
    return {_name(node): _run(event) for node in nodes for event in node["latest"] if event is not None}


def _partitions(data: dict[str, Any]) -> dict[str, Partitions]:
    found = {
        _name(node): Partitions(last=_run(node["latest"][0]) if node["latest"] else None) for node in data["whole"]
    }
    for node in data["daily"]:
        events = [event for event in [*node["last"], *node["latest"]] if event is not None and event["partition"]]
        runs = {date.fromisoformat(event["partition"]): _run(event) for event in events}
        made = [r for r in node["statuses"].get("ranges", ()) if r["status"] == "MATERIALIZED"]
        ranges = [(date.fromisoformat(r["startKey"]), date.fromisoformat(r["endKey"])) for r in made]
        found[_name(node)] = Partitions([*ranges, *((day, day) for day in runs)], runs)
    return found
