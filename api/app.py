"""The app: routes, page, errors and what surrounds them. Imports no Dagster."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api import page, problems
from api.answers import answer
from api.bundles import Bundles
from api.dagster_runs import DagsterRuns
from api.edge import Edge
from api.metrics import Metrics
from api.routes import look, operations, v1
from trending_assets import __doc__ as product
from trending_assets.settings import get_settings


def create_app(lake_uri: str, dagster_url: str | None = None, poll_seconds: float = 1.0) -> FastAPI:
    """API and page over the bundles published in a lake.

    `dagster_url` is the webserver that /v1/lineage asks for runs. The pointer is looked at by requests, at most once in
    `poll_seconds`. `app.state.answer(path, params)` gives (status, parsed body) to the page.
    """
    bundles = Bundles(lake_uri, poll_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await look(bundles)
        yield
        bundles.close()

    app = FastAPI(
        title="Trending Now",
        version="1",
        description=product or "",
        docs_url=None,  # FastAPI's pages load scripts from a third party
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.bundles, app.state.metrics = bundles, Metrics(bundles)
    app.state.draining = False  # set on SIGTERM: ready no more, but still answering
    app.state.dagster = DagsterRuns(dagster_url) if dagster_url else None
    app.state.answer = partial(answer, bundles)
    problems.install(app)
    app.include_router(v1)
    app.include_router(operations)
    app.include_router(page.router)
    page.mount_static(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match", "X-Request-ID"],
        expose_headers=["ETag", "X-Stale", "X-Request-ID"],
    )
    app.add_middleware(Edge, bundles=bundles, metrics=app.state.metrics)
    app.openapi = partial(_openapi, app, app.openapi)  # type: ignore[method-assign]
    return app


def _openapi(app: FastAPI, generate: Any) -> dict[str, Any]:
    """FastAPI's document with our one error shape in place of its own two."""
    if app.openapi_schema is None:
        document = generate()
        schemas = document["components"]["schemas"]
        schemas["Problem"] = problems.Problem.model_json_schema()
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
    return app.openapi_schema or generate()


def serve(lake_uri: str, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; no request is lost (drain.py). One JSON log line a request, on stderr."""
    import logging
    import sys

    import structlog
    import uvicorn

    from api.drain import DrainingServer

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app = create_app(lake_uri, get_settings().dagster_url)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    DrainingServer(config, get_settings().api_drain_seconds, partial(setattr, app.state, "draining", True)).run()
