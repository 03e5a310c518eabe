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
from typing import TYPE_CHECKING, Any, NamedTuple

from api.access_log import AccessLog
from api.bundles import Bundles, State
from api.lane import lane
from api.metrics import Metrics
from api.problems import ProblemError, problem_message
from api.reply import POLICY, AnyAnswer, Body, Headers, lines, matches, pairs, whole

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.gate import Gate

ANSWER = "trending.answer"
"""Type of the message by which a route gives its answer as an Answer, for the edge to send in the form that is asked for."""
MOST_BODY = 64 * 1024
OUR_MISTAKE = "Our mistake. Its log line is {}."
GUARD: Headers = [  # of what the framework sends and of problems; an Answer brings its own
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", POLICY),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_IDS, _PROCESS = count(1), token_hex(8)


class Instant(NamedTuple):
    """An answer that is there: status, fields as lines of HTTP/1.1, body."""

    status: int
    head: bytes
    body: Body


def encoded(fields: dict[str, str], body: bytes) -> Headers:
    """Fields as ASGI wants them, with the body's length."""
    found = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    return [*found, (b"content-length", str(len(body)).encode())]


class Asked:
    """What of a request's fields every answer needs."""

    __slots__ = ("accept", "known", "origin", "request_id")

    def __init__(self, scope: "Scope") -> None:
        self.accept = self.known = self.origin = given = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                self.accept = value
            elif name == b"if-none-match":
                self.known = value
            elif name == b"origin":
                self.origin = value
            elif name == b"x-request-id":
                given = value
        self.request_id = given.decode() if given and _REQUEST_ID.fullmatch(given) else f"{_PROCESS}{next(_IDS):016x}"


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
        self.draining = False  # the server is about to stop: each answer is the last of its connection

    def instant(self, scope: "Scope") -> Instant | None:
        """The whole answer of a GET that is kept or that the fast lane knows, None where the framework has to answer."""
        try:
            return self._instant(scope)
        except Exception:  # the framework may do without what broke here
            self._log.event("fast lane failed", "error", path=scope["path"], traceback=traceback.format_exc())
            return None

    def _instant(self, scope: "Scope") -> Instant | None:
        started = time.perf_counter()
        state = self._bundles.state
        if state is None or scope["method"] != "GET":
            return None
        key = scope["path"], scope["query_string"]
        found = state.kept.get(key)
        if found is None or found.expires < started:
            if (found := lane(state, *key)) is None:
                return None
            state.kept.put(key, found)
        asked = Asked(scope)
        more = b"x-request-id: %b\r\n" % asked.request_id.encode()
        if state.stale:
            more += b"x-stale: true\r\n"
        try:
            if asked.origin:
                more += lines(self._gate.cors(asked.origin))
            if self._gate.closed:
                more += lines(self._gate.check(scope))
        except ProblemError as error:
            body, fields = problem_message(error.status, str(error), scope["path"], error.headers)
            answer = Instant(error.status, lines(encoded(fields, body) + GUARD) + more, body)
        else:
            head, unchanged, etag, content = found.form(asked.accept)
            if asked.known and matches(asked.known, etag):
                answer = Instant(304, unchanged + more, b"")
            else:
                answer = Instant(200, head + more, content)
        seconds = time.perf_counter() - started
        self._metrics.observe("GET", found.route, answer.status, seconds)
        self._log.request(asked.request_id, "GET", found.route, answer.status, seconds)
        return answer

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if (instant := self.instant(scope)) is not None:
            await send({"type": "http.response.start", "status": instant.status, "headers": pairs(instant.head)})
            await send({"type": "http.response.body", "body": whole(instant.body)})
            return
        started = time.perf_counter()
        method, path, asked = scope["method"], scope["path"], Asked(scope)
        exchange = Exchange(send, method == "HEAD", asked, self._bundles.stale)
        route = "unmatched"
        self._metrics.under_way += 1
        try:
            if asked.origin:
                if method == "OPTIONS":
                    await exchange.empty(self._gate.preflight(asked.origin))
                    return
                exchange.more += self._gate.cors(asked.origin)
            exchange.more += self._gate.check(scope)
            route = await self._pass_on(scope, receive, exchange, self._bundles.state)
        except ProblemError as error:
            await exchange.problem(error.status, str(error), path, error.headers)
        except Exception:
            trace = traceback.format_exc()  # as text: a renderer that shows local variables could show a secret
            self._log.event(
                "request failed", "error", request_id=asked.request_id, method=method, path=path, traceback=trace
            )
            if exchange.status and not exchange.complete:  # too late for another answer: the client sees the cut
                raise
            if not exchange.complete:
                await exchange.problem(500, OUR_MISTAKE.format(asked.request_id), path)
        finally:
            self._metrics.under_way -= 1
            seconds = time.perf_counter() - started
            self._metrics.observe(method, route, exchange.status or 499, seconds)
            self._log.request(asked.request_id, method, route, exchange.status, seconds)

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
        if answer is not None and answer.keep and state is not None:
            answer.route = str(template)
            state.kept.put((scope["path"], scope["query_string"]), answer)
        return str(template)


class Exchange:
    """One answer on its way out."""

    __slots__ = ("_asked", "_head", "_send", "complete", "given", "more", "request_id", "status")

    def __init__(self, send: "Send", head: bool, asked: Asked, stale: bool) -> None:
        self._send, self._head, self._asked = send, head, asked
        self.request_id, self.status, self.complete = asked.request_id, 0, False
        self.given: AnyAnswer | None = None
        self.more: Headers = [(b"x-request-id", asked.request_id.encode())]
        if stale:
            self.more.append((b"x-stale", b"true"))

    async def answer(self, answer: AnyAnswer) -> None:
        """Send the form of an answer that the client likes best, or that it has it."""
        head, unchanged, etag, body = answer.form(self._asked.accept)
        known = bool(self._asked.known) and matches(self._asked.known, etag)
        self.status = 304 if known else 200
        headers = pairs(unchanged if known else head) + self.more
        await self._send({"type": "http.response.start", "status": self.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"" if known or self._head else whole(body)})
        self.complete = True

    async def empty(self, headers: Headers) -> None:
        """Send 204."""
        self.status = 204
        await self._send({"type": "http.response.start", "status": 204, "headers": headers + GUARD + self.more})
        await self._send({"type": "http.response.body", "body": b""})

    async def problem(self, status: int, detail: str, path: str, headers: dict[str, str] | None = None) -> None:
        """Send a problem."""
        body, fields = problem_message(status, detail, path, headers)
        self.status = status
        start = {"type": "http.response.start", "status": status, "headers": encoded(fields, body) + GUARD + self.more}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b"" if self._head else body})
        self.complete = True

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
