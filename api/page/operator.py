"""The operator's page: what is late, what rests on what, drift, spend and the published days."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.live import LASTS
from api.page.render import answer, page, problem
from api.page.title import run_url
from trending_assets.drift.words import AGAINST_WORDS, TEST_WORDS, by_column

# The order in which data flows through the house; a stage that is not named comes last.
STAGES = ["raw", "staging", "linking", "scoring", "features", "trends", "genre", "drift", "marts", "serving"]
VERSIONS = 10

router = APIRouter(include_in_schema=False)


def stage_of(asset: str) -> str:
    """The group of an asset: the part of its name before the slash."""
    return asset.partition("/")[0]


def stages(assets: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(stage, its assets by name) in the order of flow; each asset with the names of what is upstream and downstream."""
    downstream: dict[str, list[str]] = {row["asset"]: [] for row in assets}
    for row in assets:
        for parent in row["upstream"]:
            downstream.setdefault(parent, []).append(row["asset"])
    named = {stage_of(row["asset"]) for row in assets}
    order = [stage for stage in STAGES if stage in named] + sorted(named - set(STAGES))
    ordered = sorted(assets, key=lambda row: str(row["asset"]))
    return [
        (stage, [{**row, "downstream": downstream[row["asset"]]} for row in ordered if stage_of(row["asset"]) == stage])
        for stage in order
    ]


def latest_first(results: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Freshness with the latest asset first; what is in time by name, what has no deadline last."""

    def key(row: Mapping[str, Any]) -> tuple[int, float, str]:
        late = row["late_seconds"]
        return (2 if late is None else 1 if late <= 0 else 0, -max(0, late or 0), str(row["asset"]))

    return sorted(results, key=key)


@router.get("/operator")
def operate(request: Request, date: Annotated[str | None, Query()] = None) -> Response:
    """Freshness of now; lineage, drift and spend of a day."""
    answers: dict[str, dict[str, Any]] = {}
    for part in ("days", "lineage", "drift", "spend", "freshness"):
        params = {"date": date} if part in ("lineage", "drift", "spend") else {}
        status, answers[part] = answer(request, f"/v1/{part}", params)
        if status != 200:
            return problem(request, status, answers[part])
    fresh, lineage = answers["freshness"], answers["lineage"]
    dagit_url = getattr(request.app.state, "dagster_url", None)
    runs = {row["asset"]: run_url(dagit_url, row["run_id"]) for row in [*lineage["assets"], *fresh["results"]]}
    found = by_column(answers["drift"]["results"])
    versions = getattr(request.app.state, "versions", None)
    context = {
        "day": lineage["date"],
        "days": answers["days"]["days"],
        "fresh": fresh,
        "freshness": latest_first(fresh["results"]),
        "late": [row for row in fresh["results"] if (row["late_seconds"] or 0) > 0],
        "lineage": lineage,
        "stages": stages(lineage["assets"]),
        "runs": runs,
        "drift": found,
        "drifted": [one for one in found if one.verdict == "drifted"],
        "spend": answers["spend"],
        "dagit_url": dagit_url,
        "versions": versions(VERSIONS) if versions else [],
    }
    return page(
        request, "operator.html", context | {"TEST_WORDS": TEST_WORDS, "AGAINST_WORDS": AGAINST_WORDS}, lasts=LASTS
    )
