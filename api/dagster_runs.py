"""The latest run of every asset, asked of Dagster's GraphQL. The API imports no Dagster: this is its only tie to it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import structlog

TIMEOUT = 2.0
KEEP_SECONDS = 10.0
"""An answer, or that there is none, is kept this long: a Dagster that is down costs one wait and not one a request."""

QUERY = """
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

log = structlog.get_logger("trending.api")


@dataclass(frozen=True)
class Run:
    """The run that last wrote an asset's partition, and when (UTC)."""

    run_id: str
    at: datetime


class DagsterRuns:
    """Asks the webserver at `url`."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/graphql"
        self._kept: dict[date, tuple[float, Mapping[str, Run] | None]] = {}

    async def latest(self, day: date, daily: Sequence[str], whole: Sequence[str]) -> Mapping[str, Run] | None:
        """Latest run per asset for the day (daily assets) or ever (whole ones); None where Dagster does not answer."""
        kept = self._kept.get(day)
        if kept is None or time.monotonic() - kept[0] > KEEP_SECONDS:
            runs = await self._ask(day, daily, whole)
            self._kept = {d: k for d, k in self._kept.items() if time.monotonic() - k[0] <= KEEP_SECONDS}
            kept = self._kept[day] = (time.monotonic(), runs)
        return kept[1]

    async def _ask(self, day: date, daily: Sequence[str], whole: Sequence[str]) -> Mapping[str, Run] | None:
        import httpx  # a tenth of the start-up, which an API without Dagster does not need

        variables = {"daily": _keys(daily), "whole": _keys(whole), "day": day.isoformat()}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
                reply = await client.post(self._url, json={"query": QUERY, "variables": variables})
            reply.raise_for_status()
            return _parse(reply.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("dagster does not answer", error=f"{type(error).__name__}: {error}")
            return None


def _keys(names: Sequence[str]) -> list[dict[str, list[str]]]:
    return [{"path": name.split("/")} for name in names]


def _parse(reply: dict[str, Any]) -> dict[str, Run]:
    """Runs by asset. Raises ValueError for a GraphQL error, KeyError, TypeError or AttributeError for another shape."""
    if reply.get("errors"):
        raise ValueError(reply["errors"][0].get("message", "a GraphQL error"))
    runs = {}
    for node in [*reply["data"]["daily"], *reply["data"]["whole"]]:
        for event in node["latest"]:
            if event is not None:
                at = datetime.fromtimestamp(float(event["timestamp"]) / 1000, UTC)
                runs["/".join(node["assetKey"]["path"])] = Run(event["runId"], at)
    return runs
