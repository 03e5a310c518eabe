"""The web page: the ranked table and a title's page as HTML that works without script; D3 draws the chart from it.

Everything shown comes from the API's own answers, through `app.state.answer(path, params) -> (status, body)`: page and
API cannot disagree.
"""

import math
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.digest_words import DROPPED, LEFT_OUT, NO_SUMMARY

WEB = Path(__file__).resolve().parent.parent / "web"
TOP = 60  # bubbles that stay readable, and rows of the first view
ALL = 500  # the API's largest limit
GROUPS = {"genre": "Genre", "platform": "Platform", "tag": "Vibe tag", "vibe": "Vibe score"}
MEDIA = {"": "All", "movie": "Films", "tv": "TV shows"}
ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
BASIS = {
    "mentions": "Ranked by how many people are expected to write about a title next, by charts and by TMDb's lists.",
    "charts_and_lists": "Ranked by charts and TMDb's lists.",
    "none": "Nothing was seen on this day.",
}
# D3 modules that each page imports: the import map names them, and the preload saves round trips.
D3_CHART = ["selection", "transition", "color", "dispatch", "ease", "interpolate", "timer"]
D3_CHART += ["force", "quadtree", "hierarchy"]
D3_HISTORY = ["selection", "shape", "path"]
LIFT_SPAN = 4.0  # the lift scale of the table runs from 1/16 to 16, in powers of two

router = APIRouter(include_in_schema=False)


def safe_href(url: object) -> str | None:
    """The URL when it is http(s) with a host, else None: data must not smuggle in javascript: or data: links."""
    try:
        parts = urlsplit(str(url or "").strip())
    except ValueError:
        return None
    return str(url).strip() if parts.scheme in ("http", "https") and parts.netloc else None


def long_day(value: object) -> str:
    """`2026-11-20` as `Friday 20 November 2026`; other text as it is."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(value: object) -> str:
    """`2026-11-20` as `20 Nov 2026`; other text as it is."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{day.day} {day:%b %Y}"


def number(value: float | None, digits: int = 1) -> str:
    """A figure for people: thousands by comma, fixed decimals; an en dash for none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def lift_x(value: float | None) -> float:
    """Place of a lift on the 0 to 100 scale of the interval drawing (log2, 1 in the middle, ends cut)."""
    power = math.log2(value) if value and value > 0 else -LIFT_SPAN
    return round(50 + 50 * max(-1.0, min(1.0, power / LIFT_SPAN)), 1)


def tone(row: Mapping[str, Any]) -> str:
    """Class of a title's movement: rise2, rise1, steady, fall1, fall2 (2: threefold, or down to a third)."""
    lift, direction = row.get("lift") or 0.0, row.get("direction")
    if direction == "rising":
        return "rise2" if lift >= 3 else "rise1"
    if direction == "falling":
        return "fall2" if lift <= 1 / 3 else "fall1"
    return "steady"


def main_genre(row: Mapping[str, Any]) -> str | None:
    """The genre that a title is grouped under: the LLM's, else BERT's, XGBoost's, TMDb's first."""
    named = [row.get(key) for key in ("genre_llm", "genre_model")] + list(row.get("genres") or [])
    return next((genre for genre in named if genre), None)


def bar_parts(row: Mapping[str, Any], best: float) -> list[tuple[str, float, float]]:
    """(class, x, width) of the parts of a score's bar on 0 to 100, where 100 is the best score of the view."""
    parts, x = [], 0.0
    for name in ("mention", "release", "chart", "list"):
        width = 100 * (row.get(f"{name}_points") or 0.0) / best if best > 0 else 0.0
        parts.append((name, round(x, 2), round(width, 2)))
        x += width
    return parts


def number_citations(summary: Sequence[Mapping[str, Any]] | None) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The digest's sentences with numbered citations, and the number of every cited doc_id, in order of first use."""
    numbers: dict[str, int] = {}
    sentences = []
    for part in summary or []:
        doc_ids = list(dict.fromkeys(part.get("doc_ids") or []))
        for doc_id in doc_ids:
            numbers.setdefault(doc_id, len(numbers) + 1)
        sentences.append({"text": part.get("sentence") or "", "cites": [(numbers[d], d) for d in doc_ids]})
    return sentences, numbers


def link(path: str, **params: str | int | None) -> str:
    """A link of the page without its empty parameters."""
    kept = {key: value for key, value in params.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def title_link(title_id: str, day: str) -> str:
    return link(f"/titles/{quote(title_id, safe='')}", date=day)


_templates = Jinja2Templates(directory=WEB / "templates")
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True
_templates.env.globals.update(
    zip=zip, link=link, title_link=title_link, lift_x=lift_x, tone=tone, GROUPS=GROUPS, MEDIA=MEDIA
)
_templates.env.globals.update(bar_parts=bar_parts, main_genre=main_genre, BASIS=BASIS, TOP=TOP)
_templates.env.globals.update(NO_SUMMARY=NO_SUMMARY, LEFT_OUT=LEFT_OUT, DROPPED=DROPPED)
_templates.env.filters.update(long_day=long_day, short_day=short_day, number=number, safe_href=safe_href)
_GLYPHS = {"rise2": "▲▲", "rise1": "▲", "steady": "■", "fall1": "▼", "fall2": "▼▼"}
_templates.env.globals["GLYPHS"] = _GLYPHS


def _page(
    request: Request, template: str, context: dict[str, Any], modules: Sequence[str], status: int = 200
) -> Response:
    nonce = secrets.token_urlsafe(16)
    paths = {f"d3-{name}": f"/vendor/d3-{name}/dist/d3-{name}.min.mjs" for name in modules}
    context = {"attribution": ATTRIBUTION, "nonce": nonce, "imports": paths, **context}
    response = _templates.TemplateResponse(request, template, context, status_code=status)
    response.headers.update(
        {
            "Content-Security-Policy": "default-src 'none'; "
            f"script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
            "img-src 'self' data: https://image.tmdb.org http://127.0.0.1:*; connect-src 'self'; "
            "base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        }
    )
    return response


def _problem(request: Request, status: int, body: Mapping[str, Any]) -> Response:
    return _page(request, "problem.html", {"problem": body, "status": status}, [], status)


_CARD = [
    "title_id",
    "rank",
    "title",
    "year",
    "media_type",
    "score",
    "lift",
    "lift_low",
    "lift_high",
    "expected",
    "expected_low",
    "expected_high",
    "direction",
    "alert",
]
_CARD += ["mentions", "authors", "sites", "vibe_score", "vibe_tags", "genres", "genre_llm", "genre_llm_secondary"]
_CARD += ["genre_xgboost", "genre_bert", "platforms"]


def _chart_row(row: Mapping[str, Any], day: str) -> dict[str, Any]:
    """What the chart and its card need of a marts/trends row."""
    shown = {key: row.get(key) for key in _CARD}
    return {**shown, "tone": tone(row), "genre": main_genre(row), "href": title_link(str(row["title_id"]), day)}


@router.get("/")
def ranking(
    request: Request,
    date: Annotated[str | None, Query()] = None,
    media_type: Annotated[str | None, Query()] = None,
    genre: Annotated[str | None, Query()] = None,
    platform: Annotated[str | None, Query()] = None,
    group: Annotated[str | None, Query()] = None,
    show: Annotated[str | None, Query()] = None,
) -> Response:
    """The ranking of a day: table in the HTML, rows for the chart as JSON beside it."""
    filters = {"media_type": media_type, "genre": genre, "platform": platform}
    params = {key: value for key, value in {"date": date, **filters}.items() if value}
    status, body = request.app.state.answer("/v1/trends", {**params, "limit": str(ALL if show == "all" else TOP)})
    if status != 200:
        return _problem(request, status, body)
    # A past day's answer knows no day after it: the newest day's list leads forward, too.
    listed, newest = request.app.state.answer("/v1/days", {})
    rows, day = body["results"], body["date"]
    days = sorted({*body["days"], *(newest["days"] if listed == 200 else [])})
    at = days.index(day) if day in days else -1
    keep = {**filters, "group": group if group in GROUPS else None, "show": "all" if show == "all" else None}
    context = {
        "body": body,
        "rows": rows,
        "day": day,
        "days": days,
        "previous": days[at - 1] if at > 0 else None,
        "next": days[at + 1] if 0 <= at < len(days) - 1 else None,
        "keep": keep,
        "best": max((row["score"] for row in rows), default=0.0),
        "chart": [_chart_row(row, day) for row in rows[:TOP]],
        "attribution": body.get("attribution") or ATTRIBUTION,
    }
    return _page(request, "ranking.html", context, D3_CHART)


@router.get("/titles/{title_id}")
def title(request: Request, title_id: str, date: Annotated[str | None, Query()] = None) -> Response:
    """A title on a day: facts, digest with citations, history, evidence, genres side by side."""
    path, params = f"/v1/titles/{quote(title_id, safe='')}", {"date": date} if date else {}
    answers: dict[str, dict[str, Any]] = {}
    for part in ("", "/history", "/evidence"):
        status, answers[part] = request.app.state.answer(path + part, params)
        if status != 200:
            return _problem(request, status, answers[part])
    body, evidence = answers[""], answers["/evidence"]
    sentences, numbers = number_citations(body["title"].get("summary"))
    context = {
        "body": body,
        "title": body["title"],
        "trend": body.get("trend"),
        "day": body["date"],
        "path": path,
        "history": answers["/history"]["history"],
        "evidence": evidence["results"],
        "evidence_total": evidence["total"],
        "sentences": sentences,
        "numbers": numbers,
        "listed": {row["doc_id"] for row in evidence["results"]},
    }
    return _page(request, "title.html", context, D3_HISTORY)


class _Files(StaticFiles):
    """Static files of the given endings only, revalidated on every visit."""

    def __init__(self, directory: Path, endings: tuple[str, ...]) -> None:
        super().__init__(directory=directory)
        self.endings = endings

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.endswith(self.endings):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if path.endswith((".js", ".mjs")):
            response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response


def mount_static(app: FastAPI) -> None:
    """Serve web/static under /static and D3's modules under /vendor; without node_modules the page keeps its table."""
    app.mount("/static", _Files(WEB / "static", (".js", ".css", ".svg")), name="static")
    if (WEB / "node_modules").is_dir():
        app.mount("/vendor", _Files(WEB / "node_modules", (".js", ".mjs")), name="vendor")
