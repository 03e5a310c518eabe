"""The API's paths. A day's answers stand twice: under /v1 by `date`, and under /v1/snapshots/{snapshot} for good."""

import asyncio
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import answers, live, models
from api.answers import Scene, composed
from api.classify import ClassifyAnswer, ClassifyRequest
from api.freshness import Freshness
from api.parameters import (
    SNAPSHOT,
    TITLE_ID,
    CompareParams,
    EvidenceParams,
    HistoryParams,
    LineageParams,
    Params,
    SearchParams,
    TrendsParams,
    dated,
)
from api.problems import PROBLEM_JSON, ProblemError
from api.ready import Ready
from api.reply import CACHE, AnyAnswer
from trending_assets.serving.encoding import to_json


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of errors."""
    meanings = {
        401: "The API key is missing or wrong.",
        403: "The API key has no right to this.",
        404: "The day, title, snapshot or asset is not there.",
        405: "Another method than the ones here.",
        413: "The body is too large.",
        422: "A parameter is wrong or unknown.",
        429: "Too many requests: Retry-After says when to ask again.",
        500: "Our mistake.",
        503: "No bundle can be served yet.",
    }
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {s: {"description": meanings[s], "content": {PROBLEM_JSON: schema}} for s in statuses}


UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since the ETag in If-None-Match."}}
EVERY = problems(401, 403, 404, 422, 429, 500, 503) | UNCHANGED

TitleId = Annotated[
    str, Path(pattern=TITLE_ID, description="movie-<tmdb id> or tv-<tmdb id>", examples=["movie-49047"])
]
Snapshot = Annotated[str, Path(pattern=SNAPSHOT, description="`snapshot` of an answer", examples=["0f1e2d3c4b5a6978"])]
Export = Literal["trends.parquet", "trends.csv", "titles.parquet", "titles.csv", "evidence.parquet", "evidence.csv"]


def scene_of(request: Request, query: Any) -> Scene:
    """What the request is about, from its `date`, its snapshot or its cursor."""
    return answers.scene(
        request.app.state.bundles,
        getattr(query, "date", None),
        request.path_params.get("snapshot"),
        getattr(query, "cursor", None),
    )


def _of_snapshot(snapshot: Snapshot) -> None:
    """The snapshot in the path, for OpenAPI and its check; `scene_of` reads it."""


v1 = APIRouter(prefix="/v1", tags=["v1"], responses=EVERY)
snapshots = APIRouter(
    prefix="/v1/snapshots/{snapshot}", tags=["snapshots"], responses=EVERY, dependencies=[Depends(_of_snapshot)]
)
# Each says what can happen there and no more: a test reaches every status of every path.
undated = APIRouter(prefix="/v1", tags=["v1"], responses=problems(401, 403, 422, 429, 500, 503) | UNCHANGED)
posted = APIRouter(prefix="/v1", tags=["v1"], responses=problems(401, 403, 413, 422, 429, 500, 503))
operations = APIRouter(tags=["operations"], responses=problems(500))

DayQuery, HistoryQuery, LineageQuery = dated(Params), dated(HistoryParams), dated(LineageParams)
BOTH = (v1, snapshots)
Compose = Callable[..., AnyAnswer]
ASKED: list[tuple[re.Pattern[str], type[Params], Compose]] = []
"""The same answers for the page (asked.py): pattern of the path, parameters, and compose."""


def _day(
    path: str,
    model: Any,
    summary: str,
    words: str,
    compose: Compose,
    params: type[Params] = Params,
    routers: tuple[APIRouter, ...] = BOTH,
) -> None:
    """Adds an answer of a day under /v1 and under a snapshot. `compose(scene, query)`, with title_id where the path has it."""
    for router in routers:
        taken = dated(params) if router is v1 else params
        handler = _titled(taken, compose) if "{title_id}" in path else _plain(taken, compose)
        router.add_api_route(
            path, handler, response_model=model, summary=summary, description=words, name=_operation(router, path)
        )
    if routers is not BOTH:
        return
    pattern = re.compile("/v1" + path.replace("{title_id}", "([^/]+)"))
    ASKED.append((pattern, dated(params), compose))


def _operation(router: APIRouter, path: str) -> str:
    """The operation's name, which generated clients use: title_evidence, or snapshot_title_evidence."""
    name = path.strip("/").replace("titles/{title_id}", "title").partition("/{")[0].replace("/", "_")
    return f"snapshot_{name}" if router is snapshots else name


# Sync handlers run in worker threads: reading a day that is not at hand may take its time.
def _plain(taken: Any, compose: Compose) -> Any:
    def handler(request: Request, query: Annotated[taken, Query()]) -> Response:
        return Ready(compose(scene_of(request, query), query))

    return handler


def _titled(taken: Any, compose: Compose) -> Any:
    def handler(request: Request, title_id: TitleId, query: Annotated[taken, Query()]) -> Response:
        return Ready(compose(scene_of(request, query), query, title_id))

    return handler


def _stored(path: str) -> Compose:
    """An answer that the bundle holds ready under the path."""
    return lambda scene, _query, *title: answers.stored(scene, path.format(title_id=title[0] if title else ""))


_day(
    "/trends",
    models.Trends,
    "The ranking of a day",
    "Titles by trend rank or by what is rising, with every score beside them; filtered by medium, TMDb genre, vibe tag, "
    "streaming platform and score.",
    answers.trends,
    TrendsParams,
)
_day(
    "/titles/{title_id}",
    models.Title,
    "A title on a day",
    "Facts, digest with its citations, genres by model, and the title's place in the ranking.",
    _stored("/v1/titles/{title_id}"),
)
_day(
    "/titles/{title_id}/evidence",
    models.Evidence,
    "The documents behind a title",
    "Documents of the last 7 days with links to the source, their scores and what made them.",
    answers.evidence,
    EvidenceParams,
)
for _path, _name in (("/genres", "TMDb genres"), ("/tags", "vibe tags"), ("/platforms", "streaming platforms")):
    _day(
        _path, models.Counts, f"The day's {_name}", f"The {_name} of ranked titles with counts.", _stored(f"/v1{_path}")
    )
_day(
    "/search",
    models.Search,
    "Search",
    "Ranked titles by words of their name, their original name, or their cast and crew; accents and endings do not matter.",
    answers.search,
    SearchParams,
)
_day("/charts", models.Charts, "Charts", "Chart entries that were known on the day.", _stored("/v1/charts"))
_day(
    "/drift",
    models.Drift,
    "Drift of the day's data",
    "Every watched column against the days before and the training set, test by test.",
    _stored("/v1/drift"),
)
_day(
    "/spend",
    models.Spend,
    "What the day's LLM calls cost",
    "Calls, tokens and US dollars by task, model, prompt version, mode and outcome.",
    _stored("/v1/spend"),
)

FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The table of the day.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


def _export(taken: Any) -> Any:
    def handler(request: Request, file: Export, query: Annotated[taken, Query()]) -> Response:
        return Ready(answers.stored(scene_of(request, query), f"/v1/exports/{file}"))

    return handler


for _router, _taken in ((v1, dated(Params)), (snapshots, Params)):
    _router.add_api_route(
        "/exports/{file}",
        _export(_taken),
        response_class=Response,
        responses=FILES,
        name=_operation(_router, "/export"),
        summary="A table of the day as a file",
        description="Ranking, titles or evidence, whole: Parquet as it lies in the lake, or CSV (lists joined by `|`).",
    )


@v1.get(
    "/titles/{title_id}/history",
    response_model=models.History,
    name="title_history",
    summary="A title's ranks over time",
)
def history(request: Request, title_id: TitleId, query: Annotated[HistoryQuery, Query()]) -> Response:  # type: ignore[valid-type]
    """The days from `from` (365 with the last one where it is left out) to `date`, oldest first."""
    return Ready(answers.history(scene_of(request, query), query, title_id))


@v1.get("/days", response_model=models.Days, summary="The days that there are")
def days(request: Request, query: Annotated[DayQuery, Query()]) -> Response:  # type: ignore[valid-type]
    """Published days up to the asked one, oldest first."""
    return Ready(answers.days(scene_of(request, query), query))


@v1.get("/compare", response_model=models.Compare, summary="Two days side by side")
def compare(request: Request, query: Annotated[CompareParams, Query()]) -> Response:
    """How titles' places and scores differ between two days, the largest differences of score first."""
    return Ready(answers.compare(scene_of(request, None), query))


ASKED += [
    (re.compile("/v1/titles/([^/]+)/history"), HistoryQuery, answers.history),
    (re.compile("/v1/days"), DayQuery, answers.days),
    (re.compile("/v1/compare"), CompareParams, answers.compare),
]


@v1.get("/lineage", response_model=models.Lineage, summary="What the day's answers rest on")
async def lineage(request: Request, query: Annotated[LineageQuery, Query()]) -> Response:  # type: ignore[valid-type]
    """Assets with upstream, code version and data hash; with their latest runs while Dagster answers."""
    scene = await asyncio.to_thread(scene_of, request, query)
    return Ready(await live.lineage(scene, query, request.app.state.dagster))


_day(
    "/lineage",
    models.Lineage,
    "What the snapshot's answers rest on",
    "Assets with upstream, code version and data hash, as the bundle carries them: runs are not part of a snapshot.",
    lambda scene, query: live.chosen(scene, answers.stored(scene, "/v1/lineage"), query.asset),
    LineageParams,
    routers=(snapshots,),
)


@undated.get("/freshness", response_model=Freshness, summary="How fresh every asset is")
async def freshness(request: Request, _query: Annotated[Params, Query()]) -> Response:
    """Newest day, when the next one is expected and how late it is: by Dagster, or by the bundle where Dagster is down."""
    scene = await asyncio.to_thread(scene_of, request, None)
    return Ready(await live.freshness(scene, request.app.state.first_day, request.app.state.dagster))


@posted.post("/classify", response_model=ClassifyAnswer, summary="The genres of a title that you describe")
async def classify(request: Request, title: ClassifyRequest) -> Response:
    """What XGBoost and BERT (in this process) and the LLM (by a call that may cost) say; a model that cannot answer says why."""
    found = await request.app.state.classifier.classify(title)
    return _live(found.model_dump(mode="json"))


def _live(body: Any) -> Response:
    """An answer of this moment, which no cache keeps."""
    return Response(to_json(body), headers={"Cache-Control": "no-store"}, media_type="application/json")


@operations.get("/healthz", response_model=models.Health, summary="The process answers")
async def healthz() -> Response:
    """Alive, whatever it serves."""
    return _live({"status": "ok"})


@operations.get("/readyz", response_model=models.Ready, summary="A bundle is served", responses=problems(503))
async def readyz(request: Request) -> Response:
    """Ready for traffic: a bundle is served, fresh or stale."""
    if request.app.state.bundles.draining:
        raise ProblemError(503, "This server is about to stop. Ask another one.")
    state = request.app.state.bundles.need()
    return _live({"status": "ready", "date": state.newest.day, "version": state.pointer.version})


@operations.get(
    "/metrics",
    response_class=Response,
    summary="Prometheus metrics",
    responses={200: {"description": "Exposition format.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Requests, durations and the served bundle."""
    text = request.app.state.metrics.text()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"})


@operations.get("/openapi.json", include_in_schema=False)
async def document(request: Request) -> Response:
    """The description of all this."""
    return Ready(composed(orjson.dumps(request.app.openapi()), CACHE))
