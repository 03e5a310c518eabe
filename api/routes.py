"""The API's paths."""

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from api import models
from api.answers import TITLE_ID, find
from api.bundles import Bundle, Bundles
from api.dagster_runs import DagsterRuns
from api.problems import PROBLEM_JSON, ProblemError
from trending_assets.serving.build import etag, to_json

CACHE = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    meanings = {
        404: "The day, title or asset is not there.",
        422: "A parameter is wrong or unknown.",
        500: "Our mistake.",
        503: "No bundle can be served yet.",
    }
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {s: {"description": meanings[s], "content": {PROBLEM_JSON: schema}} for s in statuses}


_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since the ETag in If-None-Match."}}

v1 = APIRouter(prefix="/v1", tags=["v1"], responses=_problems(404, 422, 500, 503) | _UNCHANGED)
operations = APIRouter(tags=["operations"], responses=_problems(500))

AnyDay = Annotated[models.DayQuery, Query()]
TitleId = Annotated[str, Path(pattern=TITLE_ID, description="movie-<tmdb id> or tv-<tmdb id>")]


async def look(bundles: Bundles) -> None:
    """Let a look at the pointer happen when it is due, without holding up the event loop."""
    if (due := bundles.look()) is not None:
        waiting, seconds = due
        await asyncio.wait({asyncio.wrap_future(waiting)}, timeout=seconds)


async def bundle_of(request: Request, query: models.DayQuery) -> Bundle:
    """The bundle that a request is about."""
    bundles: Bundles = request.app.state.bundles
    await look(bundles)
    if bundles.at_hand(query.date):
        return bundles.get(query.date)
    return await asyncio.to_thread(bundles.get, query.date)


def send(request: Request, body: bytes, mark: str, cache: str = CACHE) -> Response:
    """The body with its strong ETag, or 304 where the client has it."""
    headers = {"ETag": f'"{mark}"', "Cache-Control": cache}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if "*" in known or headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def _ready(request: Request, query: models.DayQuery) -> Response:
    bundle = await bundle_of(request, query)
    return send(request, *find(bundle, request.url.path, query))


@v1.get("/trends", response_model=models.Trends, summary="The ranking of a day")
async def trends(request: Request, query: Annotated[models.TrendsQuery, Query()]) -> Response:
    """Titles by trend rank with every score beside it, filtered by medium, TMDb genre and streaming platform."""
    return await _ready(request, query)


@v1.get("/titles/{title_id}", response_model=models.Title, summary="A title on a day")
async def title(request: Request, title_id: TitleId, query: AnyDay) -> Response:
    """Facts, digest with its citations, genres by model, and the title's place in the ranking."""
    return await _ready(request, query)


@v1.get("/titles/{title_id}/history", response_model=models.History, summary="A title's ranks over time")
async def history(request: Request, title_id: TitleId, query: AnyDay) -> Response:
    """Up to 90 days that end with the day, oldest first."""
    return await _ready(request, query)


@v1.get("/titles/{title_id}/evidence", response_model=models.Evidence, summary="The documents behind a title")
async def evidence(request: Request, title_id: TitleId, query: AnyDay) -> Response:
    """Documents of the last 7 days with links to the source, their scores and what made them."""
    return await _ready(request, query)


@v1.get("/days", response_model=models.Days, summary="The days that there are")
async def days(request: Request, query: AnyDay) -> Response:
    """Days up to the asked one, oldest first."""
    return await _ready(request, query)


@v1.get("/drift", response_model=models.Drift, summary="Drift of the day's data")
async def drift(request: Request, query: AnyDay) -> Response:
    """Every watched column against the 14 days before."""
    return await _ready(request, query)


@v1.get("/spend", response_model=models.Spend, summary="What the day's LLM calls cost")
async def spend(request: Request, query: AnyDay) -> Response:
    """Calls, tokens and US dollars by task, model, prompt version, mode and outcome."""
    return await _ready(request, query)


@v1.get("/lineage", response_model=models.Lineage, summary="What the day's answers rest on")
async def lineage(request: Request, query: Annotated[models.LineageQuery, Query()]) -> Response:
    """Assets with upstream, code version and data hash; with their latest runs while Dagster answers."""
    bundle = await bundle_of(request, query)
    body, mark = find(bundle, "/v1/lineage", query)
    dagster: DagsterRuns | None = request.app.state.dagster
    if dagster is None and query.asset is None:
        return send(request, body, mark)
    value = orjson.loads(body)
    assets = value["assets"]
    if dagster is not None:
        daily = [a["asset"] for a in assets if a["partition"]]
        runs = await dagster.latest(bundle.day, daily, [a["asset"] for a in assets if not a["partition"]])
        if runs is not None:
            value["source"] = "dagster"
            found = {a["asset"]: runs.get(a["asset"]) for a in assets}
            assets = [
                a | ({"run_id": run.run_id, "materialized_at": run.at} if (run := found[a["asset"]]) else {})
                for a in assets
            ]
    if query.asset is not None:
        assets = [a for a in assets if a["asset"] == query.asset]
        if not assets:
            raise ProblemError(404, f"{query.asset} is no asset of {bundle.day}. /v1/lineage lists them.")
    body = to_json(value | {"assets": assets})
    return send(request, body, etag(body), "public, max-age=10")


@operations.get("/healthz", response_model=models.Health, summary="The process answers")
async def healthz() -> Response:
    return Response(b'{"status":"ok"}', headers={"Cache-Control": "no-store"}, media_type="application/json")


@operations.get("/readyz", response_model=models.Ready, summary="A bundle is served", responses=_problems(503))
async def readyz(request: Request) -> Response:
    if request.app.state.draining:
        raise ProblemError(503, "This server is about to stop. Ask another one.")
    bundle = await bundle_of(request, models.DayQuery(date=None))
    body = to_json({"status": "ready", "date": bundle.day})
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


@operations.get(
    "/metrics",
    response_class=Response,
    summary="Prometheus metrics",
    responses={200: {"description": "Exposition format.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    await look(request.app.state.bundles)
    return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
