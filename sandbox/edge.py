"""The edge of the sandbox: proxy form, host, clock, counters and faults, before any face sees a request."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import sites
from sandbox.answers import json_answer, text_answer
from sandbox.clock import http_date, parse_http_date
from sandbox.faults import Faults, Plan, Rule, spoil
from sandbox.tmdb import tmdb_error
from sandbox.world import World

_OWN_HOST = re.compile(r"\[.*\]|\d+\.\d+\.\d+\.\d+|[^.]*")
_TMDB_KINDS = (
    (re.compile(r"/p/exports/"), "exports"),
    (re.compile(r"/t/p/"), "poster"),
    (re.compile(r"/3/configuration$"), "configuration"),
    (re.compile(r"/3/genre/"), "genres"),
    (re.compile(r"/3/trending/"), "trending"),
    (re.compile(r"/3/discover/"), "discover"),
    (re.compile(r"/3/search/"), "search"),
    (re.compile(r"/3/find/"), "find"),
    (re.compile(r"/3/(movie|tv)/\d+/reviews$"), "reviews"),
    (re.compile(r"/3/(movie|tv)/\d+/watch/providers$"), "watch_providers"),
    (re.compile(r"/3/(movie|tv)/\d+$"), "details"),
    (re.compile(r"/3/(movie|tv)/\w+$"), "lists"),
)
_LLM_KINDS = {
    "/v1/chat/completions": "chat_completions",
    "/v1/responses": "responses",
    "/v1/models": "models",
    "/v1/files": "files",
    "/v1/batches": "batches",
}


def kind_of(path: str) -> tuple[str, str]:
    """Face and path kind of an API path, for the counters."""
    if path.startswith("/v1/"):
        return "llm", next((kind for prefix, kind in _LLM_KINDS.items() if path.startswith(prefix)), "other")
    return "tmdb", next((kind for pattern, kind in _TMDB_KINDS if pattern.match(path)), "other")


class State:
    """What changes while the server runs: counters and faults."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.counts: dict[str, Counter[str]] = {"tmdb": Counter(), "sites": Counter(), "llm": Counter()}
        self.faulted: Counter[str] = Counter()

    def reset(self) -> None:
        """All counters and faults back to nothing."""
        for counts in self.counts.values():
            counts.clear()
        self.faulted.clear()
        self.faults.set(Plan())


class Edge:
    """ASGI middleware around the API app; answers the sites itself."""

    def __init__(self, app: ASGIApp, world: World, state: State) -> None:
        self.app, self.world, self.state = app, world, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope, host = _named(scope)
        path = scope["path"]
        own = _OWN_HOST.fullmatch(host) is not None
        if own and path.startswith("/sandbox/"):
            await self.app(scope, receive, send)
            return
        if not own and not sites.knows(self.world, host):
            sentence = f"The sandbox has no host {host!r}; this world's sites are listed at http://sandbox.example/."
            await text_answer(sentence, 502)(scope, receive, send)
            return
        face, kind = kind_of(path) if own else ("sites", sites.path_kind(host, path))
        self.state.counts[face][kind] += 1
        query = scope["query_string"].decode("latin-1")
        target = ("" if own else f"http://{host}") + path + (f"?{query}" if query else "")
        rule = None
        if self.state.faults.plan.rules:
            body, receive = await _buffered(scope, receive)
            rule = self.state.faults.decide(target, body)
        if rule is not None:
            self.state.faulted[rule.kind] += 1
            if rule.kind in ("http_500", "http_429"):
                await _refuse(rule, face)(scope, receive, send)
                return
            if rule.kind == "slow":
                await asyncio.sleep(rule.seconds)
            else:
                send = _Spoiler(rule, send)
        if face == "llm":
            await self.app(scope, receive, send)
            return
        try:
            clock = self._clock(scope)
        except ValueError as error:
            await text_answer(str(error), 400)(scope, receive, send)
            return
        scope["sandbox.clock"] = clock
        send = _dated(send, clock)
        if own:
            await self.app(scope, receive, send)
        else:
            await self._site(scope, host, path, query, clock)(scope, receive, send)

    def _site(self, scope: Scope, host: str, path: str, query: str, clock: datetime) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return text_answer("A sandbox site answers GET and HEAD only.", 405)
        raw = scope.get("raw_path") or path.encode()
        made = sites.respond(self.world, host, raw.decode("latin-1"), query, clock)
        return _validated(made, scope) if made.status_code == 200 else made

    def _clock(self, scope: Scope) -> datetime:
        for name, value in scope["headers"]:
            if name == b"accept-datetime":
                return parse_http_date(value.decode("latin-1"))
        return self.world.default_clock


def _named(scope: Scope) -> tuple[Scope, str]:
    """The scope with its path in origin form, and the host that the request is for (absolute form wins)."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    raw = scope.get("raw_path") or scope["path"].encode()
    if raw.startswith((b"http://", b"https://")):  # a server that leaves a proxy request's target as it came
        parts = urlsplit(raw.decode("latin-1"))
        host = parts.netloc
        scope = {
            **scope,
            "path": urlsplit(scope["path"]).path or "/",
            "raw_path": (parts.path or "/").encode("latin-1"),
        }
    elif b"?" in raw:
        scope = {**scope, "raw_path": raw.split(b"?", 1)[0]}
    return scope, re.sub(r":\d+$", "", host).lower()


async def _buffered(scope: Scope, receive: Receive) -> tuple[bytes, Receive]:
    """The request's body, and a receive that gives it again."""
    if scope["method"] in ("GET", "HEAD", "DELETE"):
        return b"", receive
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"".join(parts)
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return body, again


def _refuse(rule: Rule, face: str) -> Response:
    late = rule.kind == "http_429"
    status = 429 if late else 500
    headers = {"retry-after": str(rule.retry_after)} if late else None
    if face == "tmdb":
        if late:
            message = "Your request count (41) is over the allowed limit of (40)."
            return tmdb_error(429, 25, message, headers)
        return tmdb_error(500, 11, "Internal error: Something went wrong, contact TMDb.")
    if face == "llm":
        kind, code = ("requests", "rate_limit_exceeded") if late else ("server_error", None)
        message = "Rate limit reached; try again later." if late else "The server had an error (a sandbox fault)."
        return json_answer({"error": {"message": message, "type": kind, "param": None, "code": code}}, status, headers)
    text = "Too many requests." if late else "Internal server error."
    return Response(f"<html><body><h1>{text}</h1></body></html>", status, headers, "text/html; charset=utf-8")


class _Spoiler:
    """Holds an answer back and sends it spoiled."""

    def __init__(self, rule: Rule, send: Send) -> None:
        self.rule, self.send = rule, send
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = {name.lower(): value for name, value in self.start["headers"]}
        kept = [pair for pair in self.start["headers"] if pair[0].lower() != b"content-length"]
        if self.rule.kind == "cut_body":
            # Half of what Content-Length promises and no end: the server then closes the connection.
            length = [(b"content-length", str(len(self.body)).encode())]
            await self.send({**self.start, "headers": kept + length})
            half = self.body[: len(self.body) // 2]
            await self.send({"type": "http.response.body", "body": half, "more_body": True})
            return
        body = spoil(self.rule.kind, self.body, headers.get(b"content-type", b"").decode("latin-1"))
        await self.send({**self.start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
        await self.send({"type": "http.response.body", "body": body})


def _validated(made: Response, scope: Scope) -> Response:
    """The answer with an ETag of its body; 304 for a client that has just this one (RFC 9110, 13.1.2)."""
    etag = f'"{sha256(made.body).hexdigest()[:24]}"'
    known = b", ".join(value for name, value in scope["headers"] if name == b"if-none-match").decode("latin-1")
    if etag in known.replace("W/", "").split(", "):
        return Response(None, 304, {"etag": etag})
    made.headers["etag"] = etag
    return made


def _dated(send: Send, clock: datetime) -> Send:
    """Adds Memento-Datetime and Vary to an answer."""
    extra = [(b"memento-datetime", http_date(clock).encode()), (b"vary", b"accept-datetime")]

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return sender
