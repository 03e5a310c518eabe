"""The web page: rankings, titles, search and operation as HTML that works without script; D3 draws from it.

Everything shown comes from the API's own answers, through `app.state.answer(path, params) -> (status, body)`: page and
API cannot disagree. `app.state.dagster_url` is where runs can be looked at, `app.state.bundles.stale` whether the storage
could not be read; both may be missing.
"""

from fastapi import APIRouter

from api.page import drift, operator, posters, ranking, title
from api.page.static import WEB, mount_static

router = APIRouter(include_in_schema=False)
for _part in (ranking, title, operator, drift, posters):
    router.include_router(_part.router)

__all__ = ["WEB", "mount_static", "router"]
