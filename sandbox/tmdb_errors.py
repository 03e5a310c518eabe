"""TMDb's error bodies, and the keys that it takes."""

from __future__ import annotations

import base64
import binascii
import re

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sandbox.answers import json_answer

_ERRORS: dict[int, tuple[int, str]] = {
    # TMDb's status code: HTTP status and message, facts of its API
    3: (401, "Authentication failed: You do not have permissions to access the service."),
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    11: (500, "Internal error: Something went wrong, contact TMDb."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    25: (429, "Your request count (41) is over the allowed limit of (40)."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    34: (404, "The resource you requested could not be found."),
    42: (405, "This request method is not supported for this resource."),
}
SANDBOX_KEY = "sandbox"
_V3 = re.compile(r"[0-9a-fA-F]{32}")
_PART = re.compile(r"[A-Za-z0-9_-]+")


class TmdbError(Exception):
    """An error by TMDb's status code."""

    def __init__(self, code: int) -> None:
        super().__init__(_ERRORS[code][1])
        self.code = code


def tmdb_error(code: int, headers: dict[str, str] | None = None) -> Response:
    """The answer of one of TMDb's status codes."""
    http, message = _ERRORS[code]
    return json_answer({"success": False, "status_code": code, "status_message": message}, http, headers)


def is_v4_token(text: str) -> bool:
    """Whether a text has the form of a JWT: three base64url parts, the first a JSON object with `alg`."""
    parts = text.split(".")
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts):
        return False
    try:
        head = orjson.loads(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (binascii.Error, orjson.JSONDecodeError):
        return False
    return isinstance(head, dict) and "alg" in head


def check_key(request: Request) -> None:
    """Raise TmdbError 7 unless there is a v3 key as api_key or a v4 token as Bearer; the word `sandbox` will do for either."""
    key = request.query_params.get("api_key", "")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if _V3.fullmatch(key) or key == SANDBOX_KEY:
        return
    if scheme.lower() == "bearer" and (is_v4_token(token.strip()) or token.strip() == SANDBOX_KEY):
        return
    raise TmdbError(7)
