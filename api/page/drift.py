"""Pages of drift as the pipeline put them in the lake: our report of a day, and whylogs' own view of its profiles.

They are whole in themselves and carry their style and script with them. Neither is let at anything else: the policy allows
what stands in the page and nothing from elsewhere, and a sandbox keeps it from this origin's name and storage.
"""

import hashlib
import re
from datetime import date

from fastapi import APIRouter, Request, Response

from api.access_log import tell
from api.library import ATTEMPTS
from api.page.render import problem
from api.page.send import FIELDS, HTML, REVALIDATE
from api.problems import problem_body
from api.ready import Ready
from api.reply import Answer
from trending_assets.drift.pages import page_key
from trending_assets.store import open_store

_POLICY = (
    b"default-src 'none'; script-src 'unsafe-inline'%b; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
)
REPORT_POLICY = _POLICY % b""
WHYLOGS_POLICY = _POLICY % b" 'unsafe-eval'"
"""Handlebars, from which whylogs' page is made in the browser, compiles its templates there."""

router = APIRouter(include_in_schema=False)


@router.get("/operator/drift/{day}")
def report(request: Request, day: str) -> Response:
    """Our report of a day."""
    return _page(request, "drift/report", day, REPORT_POLICY)


@router.get("/operator/profiles/{day}")
def profiles(request: Request, day: str) -> Response:
    """whylogs' view of a day's profiles."""
    return _page(request, "drift/profiles", day, WHYLOGS_POLICY)


def _page(request: Request, table: str, day: str, policy: bytes) -> Response:
    """The page out of the lake, by one of the worker threads in which FastAPI runs plain functions."""
    if (known := _day(day)) is None:
        return _problem(request, 404, f"{day[:40]} is no day. Days are written like 2026-02-11.")
    try:
        _, store = open_store(request.app.state.lake_uri, ATTEMPTS)
        html = store.get(page_key(table, known))
    except Exception as error:  # whatever the storage says: the visitor may come back
        tell("drift page not read", "warning", table=table, day=day, error=f"{type(error).__name__}: {error}")
        return _problem(request, 503, "The storage cannot be read just now.")
    if html is None:
        return _problem(request, 404, f"{table} has no page for {day}: it comes with the day's materialization.")
    mark = hashlib.sha256(html).hexdigest()[:32]
    return Ready(Answer(html, mark, REVALIDATE, HTML, fields=FIELDS, policy=policy))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _problem(request: Request, status: int, detail: str) -> Response:
    return problem(request, status, problem_body(status, detail, request.url.path))
