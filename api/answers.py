"""From a path and its parameters to the bytes of an answer: for the API's routes and for the page alike."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
from pydantic import ValidationError

from api.bundles import Bundle, Bundles
from api.models import DayQuery, TrendsQuery
from api.problems import ProblemError, explain, problem_body

TITLE_ID = r"^(movie|tv)-[1-9][0-9]{0,11}$"
_TITLE_PATH = re.compile(r"/v1/titles/(?P<title>[^/]+)(/history|/evidence)?")


def find(bundle: Bundle, path: str, query: DayQuery) -> tuple[bytes, str]:
    """The answer's (bytes, etag) from a day's bundle. Raises ProblemError 404 where the day has none."""
    if isinstance(query, TrendsQuery):
        return bundle.ranking(query.model_copy(update={"date": None}))
    found = bundle.body(path)
    if found is None:
        named = _TITLE_PATH.fullmatch(path)
        what = f"{named['title']} is not ranked on" if named else f"{path} is not part of"
        raise ProblemError(404, f"{what} {bundle.day}. /v1/trends lists the titles of a day, /v1/days the days.")
    return found


def answer(bundles: Bundles, path: str, params: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """(status, parsed body) of GET `path` with `params`: what the page is made of. Runs in a worker thread."""
    if (look := bundles.look()) is not None:
        waiting, seconds = look
        with suppress(TimeoutError):  # the look goes on; what is at hand answers
            waiting.result(seconds)
    try:
        query = (TrendsQuery if path == "/v1/trends" else DayQuery).model_validate(params)
        body, _ = find(bundles.get(query.date), path, query)
    except ValidationError as error:
        return 422, problem_body(422, explain(error), path)
    except ProblemError as error:
        return error.status, problem_body(error.status, error.detail, path)
    parsed: dict[str, Any] = orjson.loads(body)
    return 200, parsed
