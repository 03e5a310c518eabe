"""Small helpers for HTTP answers, shared by the three faces."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

JSON_TYPE = "application/json;charset=utf-8"


def json_answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(data), status, headers, JSON_TYPE)


def raw_json(body: bytes) -> Response:
    """A JSON answer whose bytes are made already."""
    return Response(body, 200, None, JSON_TYPE)


def text_answer(sentence: str, status: int) -> Response:
    """A plain sentence with a status."""
    return Response(sentence + "\n", status, None, "text/plain; charset=utf-8")


def clock_of(request: Request) -> datetime:
    """The clock that the edge put on the request."""
    clock: datetime = request.scope["sandbox.clock"]
    return clock


def tokens(text: str) -> int:
    """The sandbox's token count: one for every four characters, rounded up. It is not any vendor's tokenizer."""
    return math.ceil(len(text) / 4)
