"""Errors as RFC 9457 problem details, the same five fields for every one of them."""

from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 5


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="about:blank: the status says it all", examples=["about:blank"])
    title: str = Field(description="the status in words", examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(description="what is wrong and what to do", examples=["No bundle of 2020-01-01 is published."])
    instance: str = Field(description="path that was asked for", examples=["/v1/trends"])


class ProblemError(Exception):
    """An answer that is an error. `detail` is one sentence for a person."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def problem_body(status: int, detail: str, path: str) -> dict[str, Any]:
    """The five fields."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": path}


def problem_response(status: int, detail: str, path: str, headers: dict[str, str] | None = None) -> Response:
    """A problem as a response that no cache keeps."""
    more = {"Cache-Control": "no-store", **(headers or {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        more["Retry-After"] = str(RETRY_SECONDS)
    return Response(orjson.dumps(problem_body(status, detail, path)), status, more, PROBLEM_JSON)


def explain(error: RequestValidationError | ValidationError) -> str:
    """Which parameter is wrong and why, in one line."""
    parts = []
    for wrong in error.errors():
        name = str(wrong["loc"][-1]) if wrong["loc"] else "request"
        if wrong["type"] == "extra_forbidden":
            parts.append(f"{name}: unknown parameter")
        else:
            parts.append(f"{name}: {wrong['msg'].removeprefix('Value error, ')}")
    return "; ".join(parts) + "."


def install(app: FastAPI) -> None:
    """Answer every error of the app with a problem."""

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> Response:
        return problem_response(error.status, error.detail, request.url.path)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(422, explain(error), request.url.path)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        detail = {
            404: "Nothing is at this address. /openapi.json lists what is.",
            405: f"{request.method} is not possible here, only {(error.headers or {}).get('Allow', 'GET')}.",
        }.get(error.status_code, str(error.detail))
        return problem_response(error.status_code, detail, request.url.path, dict(error.headers or {}))
