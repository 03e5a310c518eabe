"""What the page asks: the API's answers without HTTP, as parsed JSON. Page and API cannot disagree."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from anyio import from_thread
from fastapi import FastAPI
from pydantic import ValidationError

from api import live, routes
from api.answers import scene
from api.handlers import explain
from api.parameters import TITLE_ID
from api.problems import ProblemError, problem_body
from api.reply import AnyAnswer


def answer(app: FastAPI, path: str, params: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """(status, parsed body) of GET `path` with `params`. For a worker thread of the app."""
    try:
        parsed: dict[str, Any] = orjson.loads(_answer(app, path, params).body)
    except ValidationError as error:
        return 422, problem_body(422, explain(error), path)
    except ProblemError as error:
        return error.status, problem_body(error.status, str(error), path)
    return 200, parsed


def _answer(app: FastAPI, path: str, params: Mapping[str, str]) -> AnyAnswer:
    bundles, dagster = app.state.bundles, app.state.dagster
    if path == "/v1/freshness":
        return from_thread.run(live.freshness, scene(bundles, None), app.state.first_day, dagster)
    if path == "/v1/lineage":
        query: Any = routes.LineageQuery.model_validate(params)
        return from_thread.run(live.lineage, scene(bundles, query.date), query, dagster)
    for pattern, taken, compose in routes.ASKED:
        if (match := pattern.fullmatch(path)) is not None:
            title = match.groups()
            if title and not re.fullmatch(TITLE_ID, title[0]):
                raise ProblemError(422, f"title_id: String should match pattern '{TITLE_ID}'.")
            query = taken.model_validate(params)
            asked = scene(bundles, getattr(query, "date", None), cursor=getattr(query, "cursor", None))
            return compose(asked, query, *title)
    raise ProblemError(404, "Nothing is at this address. /openapi.json lists what is.")
