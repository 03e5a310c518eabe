"""Every error of the FastAPI app becomes a problem."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from api.edge import OUR_MISTAKE
from api.problems import ProblemError, problem_message


def problem_response(status: int, detail: str, path: str, headers: dict[str, str] | None = None) -> Response:
    """A problem as a response."""
    body, more = problem_message(status, detail, path, headers)
    return Response(body, status, more)


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
        return problem_response(error.status, error.detail, request.url.path, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(422, explain(error), request.url.path)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # FastAPI's for a body that is no text; what is no JSON is a 422 already
            return problem_response(422, "The body is no JSON in UTF-8.", request.url.path)
        detail = {
            404: "Nothing is at this address. /openapi.json lists what is.",
            405: f"{request.method} is not possible here, only {(error.headers or {}).get('Allow', 'GET')}.",
        }.get(error.status_code, str(error.detail))
        return problem_response(error.status_code, detail, request.url.path, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def _broken(request: Request, error: Exception) -> Response:
        # The edge logs it under the id that is told here; nothing of the error itself gets out.
        return problem_response(500, OUR_MISTAKE.format(request.state.request_id), request.url.path)
