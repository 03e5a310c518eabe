"""The sites face: answers `http://<site>/<path>` of every *.example host from a world at the request's clock."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qs, unquote

from starlette.responses import Response

from sandbox.answers import json_answer, text_answer
from sandbox.charts import NETFLIX, chart_page, netflix_tsv
from sandbox.clock import clock_us
from sandbox.feeds import feed, opml, sitemap
from sandbox.pages import document_page, front_page, links_page
from sandbox.world import Site, World, day_of

_XML = "application/xml; charset=utf-8"


def knows(world: World, host: str) -> bool:
    """Whether a host is one of this world's sites."""
    return host in ("sandbox.example", "charts.example") or host in world.sites


def path_kind(host: str, path: str) -> str:
    """The kind of page that a path is, for the counters."""
    if path.startswith("/opml/"):
        return "opml"
    if path == "/feed.xml":
        return "feed"
    if path == "/robots.txt":
        return "robots"
    if path.startswith("/sitemap"):
        return "sitemap"
    if path == "/":
        return "index"
    return "chart" if host == "charts.example" else "document"


def respond(world: World, host: str, path: str, query: str, clock: datetime) -> Response:
    """The answer of a site. `path` is as sent (percent-encoded), `query` without the question mark."""
    if path == "/robots.txt":
        lines = f"User-agent: *\nDisallow: /private/\nAllow: /\n\nSitemap: http://{host}/sitemap.xml\n"
        return Response(lines, 200, None, "text/plain; charset=utf-8")
    if host == "sandbox.example":
        return _directory(world, path, clock)
    if host == "charts.example":
        return _charts(world, unquote(path), clock)
    return _site(world, world.sites[host], path, query, clock)


def _missing(what: str) -> Response:
    return text_answer(f"There is no {what} at this clock.", 404)


def _html(text: str) -> Response:
    return Response(text, 200, None, "text/html; charset=utf-8")


def _directory(world: World, path: str, clock: datetime) -> Response:
    kinds = {
        "/opml/posts.opml": ("post", False),
        "/opml/reviews.opml": ("review", False),
        "/opml/html_reviews.opml": ("review", True),
    }
    if path in kinds:
        return Response(opml(world, *kinds[path], clock), 200, None, "text/x-opml; charset=utf-8")
    if path == "/":
        links = [(known, known) for known in kinds]
        links += [(f"http://{name}/", name) for name in [*world.sites, "charts.example"]]
        return _html(links_page("sandbox.example", f"The sites of {world.name}", links))
    return _missing("such page")


def _charts(world: World, path: str, clock: datetime) -> Response:
    if path == "/index.json":
        return json_answer({"charts": sorted(world.charts)})
    if path == "/netflix/all-weeks-global.tsv":
        if not any(name.startswith(NETFLIX) for name in world.charts):
            return _missing("Netflix chart")
        return Response(netflix_tsv(world, clock), 200, None, "text/tab-separated-values; charset=utf-8")
    if path == "/":
        links = [("/netflix/all-weeks-global.tsv", "Netflix top 10")]
        for name, days in sorted(world.charts.items()):
            seen = [day for day in days if day <= clock.date()]
            if seen and not name.startswith(NETFLIX):
                links.append((f"/{name}/{max(seen).isoformat()}/", f"{name}, newest day"))
        return _html(links_page("charts.example", "Charts", links))
    found = re.fullmatch(r"/(.+)/(\d{4}-\d\d-\d\d)/?", path)
    day = day_of(found[2]) if found else None
    page = chart_page(world, found[1], day, clock) if found and day else None
    return _html(page) if page is not None else _missing("such chart")


def _site(world: World, site: Site, path: str, query: str, clock: datetime) -> Response:
    if path == "/feed.xml":
        text = parse_qs(query).get("page", ["1"])[0]
        made = feed(world, site, clock, int(text) if text.isascii() and text.isdigit() else 0)
        return Response(made[0], 200, None, made[1]) if made else _missing("such feed page")
    if path == "/":
        return _html(front_page(world, site, clock))
    numbered = re.fullmatch(r"/sitemap(?:-(\d{1,6}))?\.xml", path)
    if numbered:
        listing = sitemap(world, site, clock, int(numbered[1]) if numbered[1] else None)
        return Response(listing, 200, None, _XML) if listing is not None else _missing("such sitemap")
    key = f"{site.name}{path}" + (f"?{query}" if query else "")
    at = world.document_by_url.get(key)
    if at is None:
        at = world.document_by_url.get(unquote(key))
    if at is None or world.documents["us"][at] > clock_us(clock):
        return _missing("such page")
    return _html(document_page(world, at))
