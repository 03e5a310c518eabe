"""Answers that ask Dagster, and do without it where it is down."""

from datetime import UTC, date, datetime
from typing import Any

import orjson

from api import freshness as fresh
from api.answers import Scene, composed, stored
from api.dagster_runs import DagsterRuns
from api.problems import ProblemError
from api.reply import Answer, AnyAnswer, Stored
from trending_assets.serving.encoding import to_json

LIVE, LASTS = b"public, max-age=10", 10.0


async def lineage(scene: Scene, query: Any, dagster: DagsterRuns | None) -> AnyAnswer:
    """The record that the bundle carries, with the latest runs while Dagster answers."""
    ready = stored(scene, "/v1/lineage")
    if dagster is None:
        return chosen(scene, ready, query.asset)
    value = orjson.loads(ready.body)
    assets = value["assets"]
    daily = [a["asset"] for a in assets if a["partition"]]
    runs = await dagster.latest(scene.bundle.day, daily, [a["asset"] for a in assets if not a["partition"]])
    if runs is not None:
        value["source"] = "dagster"
        for asset in assets:
            if (run := runs.get(asset["asset"])) is not None:
                asset |= {"run_id": run.run_id, "materialized_at": run.at}
    return composed(to_json(value | {"assets": _of(assets, query.asset, scene)}), LIVE, LASTS)


def chosen(scene: Scene, ready: Stored, asset: str | None) -> AnyAnswer:
    """The whole record, or one asset of it."""
    if asset is None:
        return ready
    value = orjson.loads(ready.body)
    return composed(to_json(value | {"assets": _of(value["assets"], asset, scene)}), scene.cache)


def _of(assets: list[dict[str, Any]], asset: str | None, scene: Scene) -> list[dict[str, Any]]:
    found = [row for row in assets if asset in (None, row["asset"])]
    if not found:
        raise ProblemError(404, f"{asset} is no asset of {scene.bundle.day}. /v1/lineage lists them.")
    return found


async def freshness(scene: Scene, first_day: date, dagster: DagsterRuns | None) -> Answer:
    """How fresh every asset of the newest bundle's record is, at this moment."""
    record = orjson.loads(stored(scene, "/v1/lineage").body)["assets"]
    found = await fresh.freshness(record, scene.bundle.day, first_day, datetime.now(UTC), dagster)
    return composed(to_json(found.model_dump()), LIVE, LASTS)
