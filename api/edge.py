"""What happens to every request: id, headers, HEAD, one log line, one count, and a problem where code broke."""

import re
import time
import traceback
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bundles import Bundles
from api.metrics import Metrics
from api.problems import problem_response

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger("trending.api")


class Edge:
    """Pure ASGI: the answer is not buffered. A header that the answer sets itself, such as a page's CSP, stays."""

    def __init__(self, app: ASGIApp, bundles: Bundles, metrics: Metrics) -> None:
        self._app, self._bundles, self._metrics = app, bundles, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        method, started, status = scope["method"], time.perf_counter(), 0
        inner = {**scope, "method": "GET"} if method == "HEAD" else scope

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = request_id
                if self._bundles.stale:
                    headers["X-Stale"] = "true"
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(inner, receive, answer)
        except Exception:
            trace = traceback.format_exc()  # as text: a renderer that shows local variables could show a secret
            log.error("request failed", request_id=request_id, method=method, path=scope["path"], traceback=trace)
            if (
                status
            ):  # too late for another answer: the server cuts the connection, and the client sees that it is cut
                raise
            broken = problem_response(500, f"Our mistake. Its log line is {request_id}.", scope["path"])
            await broken(inner, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            route = _template(inner)
            self._metrics.observe(method, route, status or 499, seconds)
            log.info(
                "request",
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                milliseconds=round(1000 * seconds, 2),
            )


def _template(scope: Scope) -> str:
    """The route's template, such as /v1/titles/{title_id}; a mount's folder for its files; `unmatched` otherwise."""
    path = getattr(scope.get("route"), "path", None)
    return str(path) if path else (scope.get("root_path") or "unmatched")
