"""Errors as RFC 9457 problem details, the same five fields for every one of them."""

from http import HTTPStatus
from typing import Any

import orjson

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 5


class ProblemError(Exception):
    """An answer that is an error. `detail` is one sentence for a person."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


def problem_body(status: int, detail: str, path: str) -> dict[str, Any]:
    """The five fields."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": path}


def problem_message(
    status: int, detail: str, path: str, headers: dict[str, str] | None = None
) -> tuple[bytes, dict[str, str]]:
    """A problem's body and headers, which no cache keeps."""
    more = {"Content-Type": PROBLEM_JSON, "Cache-Control": "no-store", **(headers or {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        more.setdefault("Retry-After", str(RETRY_SECONDS))
    return orjson.dumps(problem_body(status, detail, path)), more
