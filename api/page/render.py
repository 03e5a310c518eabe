"""Templates to pages: what every page shows beside its own content."""

import json
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from api.digest_words import DROPPED, LEFT_OUT, NO_SUMMARY
from api.page import words
from api.page.send import send
from api.page.static import WEB, address

ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
GLYPHS = {"rise2": "▲▲", "rise1": "▲", "steady": "■", "fall1": "▼", "fall2": "▼▼"}

templates = Environment(
    loader=FileSystemLoader(WEB / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
templates.globals.update(zip=zip, GLYPHS=GLYPHS, address=address)
templates.globals.update(NO_SUMMARY=NO_SUMMARY, LEFT_OUT=LEFT_OUT, DROPPED=DROPPED)
for _shared in (words.link, words.title_link, words.lift_x, words.tone, words.bar_parts, words.main_genre):
    templates.globals[_shared.__name__] = _shared
for _filter in (words.long_day, words.short_day, words.moment, words.duration, words.number, words.plural):
    templates.filters[_filter.__name__] = _filter
templates.filters["safe_href"] = words.safe_href


def answer(request: Request, path: str, params: Mapping[str, str | None]) -> tuple[int, dict[str, Any]]:
    """(status, body) of the API's own answer, asked without the empty parameters: page and API cannot disagree."""
    found: tuple[int, dict[str, Any]] = request.app.state.answer(path, {k: v for k, v in params.items() if v})
    return found


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    modules: Sequence[str] = (),
    status: int = 200,
    lasts: float = inf,
) -> Response:
    """A template as a page. `modules` are those of D3 that its scripts import, by name without `d3-`.

    It is kept until the next publish, or for as many seconds as it `lasts`.
    """
    paths = {f"d3-{name}": address(f"vendor/d3-{name}.mjs") for name in modules}
    inline = json.dumps({"imports": paths}, separators=(",", ":")) if paths else ""
    shared = {
        "attribution": ATTRIBUTION,
        "import_map": Markup(inline),  # addresses of ours alone
        "preloads": list(paths.values()),
        "stale": request.app.state.bundles.stale,
        "query": "",
        "day": None,
    }
    html = templates.get_template(template).render({**shared, **context})
    return send(html.encode(), status, inline, lasts)


def problem(request: Request, status: int, body: Mapping[str, Any]) -> Response:
    """What went wrong, as a page in plain words."""
    return page(request, "problem.html", {"problem": body, "status": status}, status=status)
