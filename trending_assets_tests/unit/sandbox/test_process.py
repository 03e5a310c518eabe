"""The process helper, and the absolute form of a request's target with both of uvicorn's parsers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Scope

from sandbox.process import running
from sandbox.server import create_app


def test_process_ends_with_its_block(small_world: Path) -> None:
    with running(small_world) as process:
        assert httpx.get(f"{process.url}/sandbox/stats", trust_env=False).status_code == 200
    assert process.process.poll() is not None
    with running(small_world) as process:
        process.kill()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{process.url}/sandbox/stats", trust_env=False)


def test_dead_process_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"code 2:\n.*no titles\.parquet"), running(tmp_path):
        pass


def test_absolute_target_left_in_the_scope(small_world: Path) -> None:
    """h11 hands a proxy request's target over as it came; httptools splits it."""
    app, sent = create_app(small_world), []
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "http://screenchat.example/robots.txt",
        "raw_path": b"http://screenchat.example/robots.txt",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 200 and b"screenchat.example/sitemap.xml" in sent[1]["body"]
