"""The FastAPI app: every path that the fast lane does not know, and the page. Imports no Dagster."""

from functools import partial

from fastapi import FastAPI

from api import asked, handlers, openapi, page, routes
from api.bundles import Bundles
from api.classify import Classifier
from api.dagster_runs import DagsterRuns
from api.metrics import Metrics
from api.page.posters import Posters
from trending_assets import __doc__ as product
from trending_assets.settings import Settings


def build(lake_uri: str, bundles: Bundles, metrics: Metrics, settings: Settings) -> FastAPI:
    """API and page over the bundles."""
    app = FastAPI(
        title="Trending Now",
        version="1",
        description=product or "",
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,  # FastAPI's pages load scripts from a third party
        redoc_url=None,
        openapi_url=None,  # routes.py serves it with the headers of the other answers
    )
    app.state.bundles, app.state.metrics = bundles, metrics
    app.state.lake_uri = lake_uri
    app.state.dagster_url = settings.dagster_url
    app.state.dagster = DagsterRuns(settings.dagster_url) if settings.dagster_url else None
    app.state.classifier = Classifier(lake_uri)
    app.state.first_day = settings.first_day
    app.state.posters = Posters(settings.tmdb_images_url, settings.state_dir / "posters")
    app.state.versions = bundles.versions
    app.state.answer = partial(asked.answer, app)
    handlers.install(app)
    for router in (routes.v1, routes.undated, routes.posted, routes.snapshots, routes.operations, page.router):
        app.include_router(router)
    page.mount_static(app)
    openapi.install(app)
    return app
