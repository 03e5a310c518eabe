"""What happens to every request: id, limits, the fast lane, answers that are kept, headers, one log line, one count.

Pure ASGI and without FastAPI, which is imported behind it: `framework` gives the FastAPI app once that is there.
"""

import re
import time
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from api.access_log import AccessLog
from api.bundles import Bundles, State
from api.lane import lane
from api.metrics import Metrics
from api.problems import ProblemError, problem_message
from api.reply import POLICY, Answer, Headers, matches

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.gate import Gate

ANSWER = "trending.answer"
"""Type of the message by which a route gives its answer as an Answer, for the edge to send in the form that is asked for."""
MOST_BODY = 64 * 1024
OUR_MISTAKE = "Our mistake. Its log line is {}."
GUARD: Headers = [  # of what the framework sends and of problems; an Answer brings its own
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_IDS, _PROCESS = count(1), token_hex(8)


class Edge:
    """The outermost app for HTTP."""

    def __init__(
        self,
        bundles: Bundles,
        metrics: Metrics,
        log: AccessLog,
        gate: "Gate",
        framework: Callable[[], Awaitable["ASGIApp"]],
    ) -> None:
        self._bundles, self._metrics, self._log, self._gate, self._framework = bundles, metrics, log, gate, framework

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        started = time.perf_counter()
        method, path, query = scope["method"], scope["path"], scope["query_string"]
        accept = known = given = origin = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept = value
            elif name == b"if-none-match":
                known = value
            elif name == b"x-request-id":
                given = value
            elif name == b"origin":
                origin = value
        request_id = given.decode() if given and _REQUEST_ID.fullmatch(given) else f"{_PROCESS}{next(_IDS):016x}"
        exchange = Exchange(send, method == "HEAD", accept, known, request_id, self._bundles.stale)
        route = "unmatched"
        try:
            if origin:
                if method == "OPTIONS":
                    await exchange.empty(self._gate.preflight(origin))
                    return
                exchange.more += self._gate.cors(origin)
            exchange.more += self._gate.check(scope)
            state = self._bundles.state
            found = None
            if state is not None and (method == "GET" or method == "HEAD"):
                found = state.kept.get((path, query))
                if found is None and (found := lane(state, path, query)) is not None and found.keep:
                    state.kept.put((path, query), found)
            if found is not None:
                route = found.route
                await exchange.answer(found)
            else:
                route = await self._pass_on(scope, receive, exchange, state)
        except ProblemError as error:
            await exchange.problem(error.status, str(error), path, error.headers)
        except Exception:
            trace = traceback.format_exc()  # as text: a renderer that shows local variables could show a secret
            self._log.event("request failed", "error", request_id=request_id, method=method, path=path, traceback=trace)
            if exchange.status and not exchange.complete:  # too late for another answer: the client sees the cut
                raise
            if not exchange.complete:
                await exchange.problem(500, OUR_MISTAKE.format(request_id), path)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.observe(method, route, exchange.status or 499, seconds)
            self._log.request(request_id, method, route, exchange.status, seconds)

    async def _pass_on(self, scope: "Scope", receive: "Receive", exchange: "Exchange", state: State | None) -> str:
        """Let the framework answer. Gives the route's template."""
        app = await self._framework()
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else {**scope}
        inner["state"] = {**scope.get("state", {}), "serving": state, "request_id": exchange.request_id}
        try:
            await app(inner, _bounded(scope, receive), exchange.send)
        finally:
            # The route's template, such as /v1/titles/{title_id}; a mount's folder for its files.
            template = getattr(inner.get("route"), "path", None) or inner.get("root_path") or "unmatched"
        answer = exchange.given
        if answer is not None and answer.keep and state is not None and scope["method"] in ("GET", "HEAD"):
            answer.route = str(template)
            state.kept.put((scope["path"], scope["query_string"]), answer)
        return str(template)


class Exchange:
    """One answer on its way out."""

    __slots__ = ("_accept", "_head", "_known", "_send", "complete", "given", "more", "request_id", "status")

    def __init__(self, send: "Send", head: bool, accept: bytes, known: bytes, request_id: str, stale: bool) -> None:
        self._send, self._head, self._accept, self._known = send, head, accept, known
        self.request_id, self.status, self.complete = request_id, 0, False
        self.given: Answer | None = None
        self.more: Headers = [(b"x-request-id", request_id.encode())]
        if stale:
            self.more.append((b"x-stale", b"true"))

    async def answer(self, answer: Answer) -> None:
        """Send the form of an answer that the client likes best, or that it has it."""
        headers, etag, body = answer.form(self._accept)
        if self._known and matches(self._known, etag):
            self.status = 304
            kept = [
                pair for pair in headers if pair[0] not in (b"content-length", b"content-type", b"content-encoding")
            ]
            await self._send({"type": "http.response.start", "status": 304, "headers": kept + self.more})
            await self._send({"type": "http.response.body", "body": b""})
            return
        self.status = 200
        await self._send({"type": "http.response.start", "status": 200, "headers": headers + self.more})
        await self._send({"type": "http.response.body", "body": b"" if self._head else bytes(body)})

    async def empty(self, headers: Headers) -> None:
        """Send 204."""
        self.status = 204
        await self._send({"type": "http.response.start", "status": 204, "headers": headers + GUARD + self.more})
        await self._send({"type": "http.response.body", "body": b""})

    async def problem(self, status: int, detail: str, path: str, headers: dict[str, str] | None = None) -> None:
        """Send a problem."""
        body, fields = problem_message(status, detail, path, headers)
        pairs = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
        pairs.append((b"content-length", str(len(body)).encode()))
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": pairs + GUARD + self.more})
        await self._send({"type": "http.response.body", "body": b"" if self._head else body})

    async def send(self, message: "Message") -> None:
        """What the framework sends through: headers that an answer sets itself, such as a page's CSP, stay."""
        if message["type"] == ANSWER:
            self.given = message["answer"]
            await self.answer(message["answer"])
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given: Headers = [*message["headers"]]
            there = {name for name, _ in given}
            message = {
                **message,
                "headers": given + [pair for pair in (*self.more, *GUARD) if pair[0] not in there],
            }
        elif message["type"] == "http.response.body":
            self.complete = not message.get("more_body", False)
            if self._head:
                message = {**message, "body": b""}
        await self._send(message)


def _bounded(scope: "Scope", receive: "Receive") -> "Receive":
    """The request's body up to MOST_BODY. Raises ProblemError 413 beyond."""
    if scope["method"] in ("GET", "HEAD"):
        return receive
    from starlette.exceptions import HTTPException  # FastAPI passes it on; any other it takes for a broken body

    too_large = f"A body may have {MOST_BODY} bytes, not more."
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if length.isdigit() and int(length) > MOST_BODY:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    seen = 0

    async def counted() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BODY:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
        return message

    return counted
