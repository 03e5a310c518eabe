"""The page over the made answers, served by a real uvicorn on loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import StringIO
from types import SimpleNamespace
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from api.access_log import AccessLog
from api.edge import Edge
from api.gate import Gate
from api.metrics import Metrics
from api.page import WEB, mount_static, router
from trending_assets.settings import Settings
from trending_assets_tests.e2e.made_answers import answer

DAGIT = "http://127.0.0.1:3000"


def make_app(titles: int = 75, **state: Any) -> Edge:
    """The page over the made answers, as api/app.py mounts it over the real ones. `state` goes into app.state."""
    app = FastAPI()
    app.state.answer = partial(answer, titles=titles)
    app.state.bundles = SimpleNamespace(stale=False, state=None)
    app.state.posters = SimpleNamespace(get=lambda url: None)
    for name, value in state.items():
        setattr(app.state, name, value)
    app.include_router(router)
    mount_static(app)

    @app.get("/v1/search")
    def search(request: Request) -> Response:
        status, body = app.state.answer("/v1/search", dict(request.query_params))
        return JSONResponse(body, status)

    async def framework() -> FastAPI:
        return app

    bundles: Any = app.state.bundles
    bundles.state = None  # nothing for the fast lane
    return Edge(bundles, Metrics(bundles), AccessLog(StringIO()), Gate(Settings(_env_file=None)), framework)  # type: ignore[call-arg]


@contextmanager
def serving(app: Edge) -> Iterator[str]:
    """The app on a free port of loopback; yields its address."""
    assert (WEB / "node_modules").is_dir(), "D3 is not installed; run: python web/install.py"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started, "uvicorn did not start within 10 s"
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
