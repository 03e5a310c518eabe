"""A paid LLM for the benchmarks: speaks chat completions on loopback, counts what was paid, stores answers, fails on demand.

`python -m bench.llm_endpoint` prints its address. What a document says decides what happens to it: `[[refusal]]` and the
other kinds of FAILURES fail as their name says. `[[kill before]]`, `[[kill paid]]` and `[[kill answered]]` kill the asking
process (its number is the API key `pid-N`) before the call is paid, after it, or once it is answered; each text kills once.
"""

import asyncio
import hashlib
import json
import os
import re
import signal
from collections import Counter
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ANSWER = {
    **{"sentiment": 0.5, "enthusiasm": 60, "about_title": True, "spam": False, "spoiler": False},
    **{"genres": ["Drama"], "vibe_tags": ["funny"]},
}
FAILURES = (
    *("refusal", "content_filter", "truncated", "empty", "invalid_json", "schema"),
    *("timeout", "connection", "rate_limit", "quota", "server_error", "bad_request"),
)
_MARK = re.compile(r"\[\[([a-z_ ]+)\]\]")


class PaidLlm:
    """What the endpoint did: how often each text was paid for, and the tokens of all paid calls."""

    def __init__(self) -> None:
        self.paid: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.stored: dict[str, dict[str, Any]] = {}
        self.killed: set[str] = set()

    def pay(self, body: dict[str, Any], text: str, content: str | None, **choice: Any) -> dict[str, Any]:
        """A completion that is paid for; its tokens are drawn from a hash of the text."""
        self.paid[text] += 1
        draw = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
        prompt, out = 1500 + draw % 4000, 50 + (draw >> 12) % 1500
        self.tokens.update(tokens_in=prompt, tokens_out=out)
        message = {"role": "assistant", "content": content, "refusal": choice.pop("refusal", None)}
        made = {
            "id": f"chatcmpl-{len(self.stored)}",
            "object": "chat.completion",
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": choice.pop("finish", "stop")}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": out, "total_tokens": prompt + out},
        }
        if body.get("store"):
            self.stored[body["metadata"]["call_id"]] = made
        return made

    async def complete(self, request: Request) -> Response:
        """POST /v1/chat/completions."""
        body = await request.json()
        text = json.loads(body["messages"][-1]["content"].split("\n")[1])["document"]["text"]
        marks = _MARK.findall(text)
        await self._kill(request, "kill before", text, marks)
        failure = next((mark for mark in marks if mark in FAILURES), None)
        answer = await self._failure(failure, body, text) if failure else JSONResponse(self.pay(body, text, _GOOD))
        await self._kill(request, "kill paid", text, marks)
        if "kill answered" in marks:
            asyncio.get_running_loop().call_later(0.004, self._kill_now, request, text)
        return answer

    async def _kill(self, request: Request, moment: str, text: str, marks: list[str]) -> None:
        if moment in marks and text not in self.killed:
            self._kill_now(request, text)
            await asyncio.sleep(0.05)

    def _kill_now(self, request: Request, text: str) -> None:
        if text in self.killed:
            return
        self.killed.add(text)
        with suppress(ProcessLookupError, ValueError):
            os.kill(int(request.headers["authorization"].rpartition("pid-")[2]), signal.SIGKILL)

    async def _failure(self, kind: str, body: dict[str, Any], text: str) -> Response:
        good = {
            "refusal": {"content": None, "refusal": "I cannot help with that."},
            "content_filter": {"content": None, "finish": "content_filter"},
            "truncated": {"content": _GOOD[:20], "finish": "length"},
            "empty": {"content": ""},
            "invalid_json": {"content": "Sure! Here is the JSON"},
            "schema": {"content": json.dumps(ANSWER | {"sentiment": 7})},
        }
        if kind in good:
            return JSONResponse(self.pay(body, text, **good[kind]))  # type: ignore[arg-type]
        if kind == "timeout":
            await asyncio.sleep(60)
        if kind == "connection":
            return _HangUp()
        status, code = {
            "rate_limit": (429, None),
            "quota": (429, "insufficient_quota"),
            "server_error": (500, None),
        }.get(kind, (400, None))
        return JSONResponse({"error": {"message": kind, "type": "x", "param": None, "code": code}}, status)

    async def listing(self, request: Request) -> Response:
        """GET /v1/chat/completions: stored completions, by metadata."""
        wanted = request.query_params.get("metadata[call_id]")
        found = [self.stored[wanted]] if wanted in self.stored else []
        return JSONResponse({"object": "list", "data": found, "has_more": False, "first_id": None, "last_id": None})

    async def counts(self, request: Request) -> Response:
        """GET /counts: texts paid for, the most payments of one text, tokens."""
        again = {text: number for text, number in self.paid.items() if number > 1}
        return JSONResponse(
            {
                "texts": len(self.paid),
                "paid": self.paid.total(),
                "again": len(again),
                **self.tokens,
                "kills": len(self.killed),
            }
        )

    async def reset(self, request: Request) -> Response:
        """POST /reset: all counts to nothing."""
        self.__init__()  # type: ignore[misc]
        return JSONResponse({})


_GOOD = json.dumps(ANSWER)


class _HangUp(Response):
    """Closes the connection in the middle of an answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def app() -> Starlette:
    """The endpoint as an ASGI app."""
    llm = PaidLlm()
    return Starlette(
        routes=[
            Route("/v1/chat/completions", llm.complete, methods=["POST"]),
            Route("/v1/chat/completions", llm.listing, methods=["GET"]),
            Route("/counts", llm.counts),
            Route("/reset", llm.reset, methods=["POST"]),
        ]
    )


def main() -> None:
    """Serve on a free port of loopback until a signal comes; the first line is the address."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(2048)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app(), log_level="critical", access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
