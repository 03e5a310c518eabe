"""The service: what uvicorn runs. The fast lane answers as soon as the bundle is mapped; FastAPI is imported behind it."""

import asyncio
import contextlib
import gc
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from api.access_log import LOG
from api.bundles import Bundles
from api.edge import Edge
from api.gate import Gate
from api.metrics import Metrics
from trending_assets.settings import Settings, get_settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

FLUSH_SECONDS = 0.5


class Service:
    """ASGI app over the bundles published in a lake."""

    def __init__(self, lake_uri: str, settings: Settings, poll_seconds: float = 0.5) -> None:
        """The pointer is looked at every `poll_seconds` by a worker thread, never by a request."""
        self._lake_uri, self._poll_seconds, self._settings = lake_uri, poll_seconds, settings
        self.log = LOG
        self.bundles = Bundles(lake_uri, Path(settings.state_dir) / "served")
        self.metrics = Metrics(self.bundles)
        self.edge = Edge(self.bundles, self.metrics, self.log, Gate(settings), self._framework)
        self._built: Future[FastAPI] = Future()
        self._building = threading.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http":
            await self.edge(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: "Receive", send: "Send") -> None:
        await receive()
        await asyncio.to_thread(self.bundles.start)
        threading.Thread(target=self._build, name="framework", daemon=True).start()
        self._tasks = [asyncio.create_task(self._poll()), asyncio.create_task(self._flush())]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self._tasks:
            task.cancel()
        if self._built.done() and self._built.exception() is None:
            await asyncio.to_thread(self._built.result().state.classifier.close)  # it may have started a scorer of ours
        self.log.flush()
        await send({"type": "lifespan.shutdown.complete"})

    async def _poll(self) -> None:
        await asyncio.to_thread(self.bundles.warm)
        while True:
            await asyncio.to_thread(self.bundles.refresh)
            await asyncio.sleep(self._poll_seconds)

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            with contextlib.suppress(OSError):  # stderr is gone: the answers still matter
                self.log.flush()

    def drain(self) -> None:
        """Say from now on that this server is not ready; it goes on answering."""
        self.edge.draining = self.bundles.draining = True

    def app(self) -> "FastAPI":
        """The FastAPI app, built when first asked for. Any thread may ask."""
        with self._building:
            if not self._built.done():
                try:
                    from api.app import build

                    self._built.set_result(build(self._lake_uri, self.bundles, self.metrics, self._settings))
                except Exception as error:
                    self.log.event("framework not built", "error", reason=f"{type(error).__name__}: {error}")
                    self._built.set_exception(error)
        return self._built.result()

    def _build(self) -> None:
        with contextlib.suppress(Exception):  # it is logged, and every request that needs it says so
            self.app()
        gc.collect()
        gc.freeze()  # what stands now stays: it need not be looked through again and again

    async def _framework(self) -> "ASGIApp":
        if self._built.done():
            return self._built.result()
        return await asyncio.to_thread(self.app)


def create_service(lake_uri: str, poll_seconds: float = 0.5) -> Service:
    """The service over a lake, by the settings of the environment."""
    return Service(lake_uri, get_settings(), poll_seconds)


def serve(lake_uri: str, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; no request is lost (drain.py). One JSON log line a request, on stderr."""
    import uvicorn

    from api.drain import DrainingServer
    from api.protocol import protocol_of

    gc.set_threshold(20_000, 20, 20)  # a request leaves nothing in cycles
    service = create_service(lake_uri)
    config = uvicorn.Config(
        service,
        host=host,
        port=port,
        http=protocol_of(service.edge),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has drained
        DrainingServer(config, get_settings().api_drain_seconds, service.drain).run()
