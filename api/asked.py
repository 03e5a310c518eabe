"""What the page asks: the API's answers without HTTP, as parsed JSON. Page and API cannot disagree."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from api import answers, routes
from api.bundles import Bundles
from api.handlers import explain
from api.parameters import TITLE_ID
from api.problems import ProblemError, problem_body


def answer(bundles: Bundles, path: str, params: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """(status, parsed body) of GET `path` with `params`. Meant for a worker thread."""
    try:
        for pattern, taken, compose in routes.ASKED:
            if (match := pattern.fullmatch(path)) is None:
                continue
            title = match.groups()
            if title and not re.fullmatch(TITLE_ID, title[0]):
                return 422, problem_body(422, f"title_id: String should match pattern '{TITLE_ID}'.", path)
            query: Any = taken.model_validate(params)
            scene = answers.scene(bundles, getattr(query, "date", None), cursor=getattr(query, "cursor", None))
            parsed: dict[str, Any] = orjson.loads(compose(scene, query, *title).body)
            return 200, parsed
    except ValidationError as error:
        return 422, problem_body(422, explain(error), path)
    except ProblemError as error:
        return error.status, problem_body(error.status, str(error), path)
    return 404, problem_body(404, "Nothing is at this address. /openapi.json lists what is.", path)
