"""Feeds, OPML and sitemaps of a world's sites, as strings with every value escaped."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from typing import Any

from sandbox.clock import http_date
from sandbox.forms import form_of
from sandbox.world import Site, World, as_utc

FEED_PAGE = 100
SITEMAP_PAGE = 50_000  # the protocol's limit for one file
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(value: str) -> str:
    """Escaped text without the characters that XML 1.0 forbids."""
    return escape(_NOT_XML.sub("", value))


def iso(moment: datetime) -> str:
    """RFC 3339 time in UTC; microseconds only where there are any."""
    return as_utc(moment).isoformat().replace("+00:00", "Z")


def _links(site: Site, page: int, pages: int) -> list[tuple[str, str]]:
    """RFC 5005 paging links (rel, href)."""
    base = f"http://{site.name}/feed.xml"

    def at(number: int) -> str:
        return base if number == 1 else f"{base}?page={number}"

    links = [("self", at(page)), ("first", at(1)), ("last", at(pages))]
    if page > 1:
        links.append(("previous", at(page - 1)))
    if page < pages:
        links.append(("next", at(page + 1)))
    return links


def feed(world: World, site: Site, clock: datetime, page: int) -> tuple[str, str] | None:
    """One feed page (text, content type), newest first; None when the page does not exist."""
    start = site.visible(clock)
    pages = max(1, -(-(len(site.order) - start) // FEED_PAGE))
    if not 1 <= page <= pages:
        return None
    low = start + (page - 1) * FEED_PAGE
    rows = site.order[low : low + FEED_PAGE]
    newest = site.order[start] if start < len(site.order) else None
    if site.kind == "post":
        return _rss(world, site, rows, newest, _links(site, page, pages)), "application/rss+xml; charset=utf-8"
    return _atom(world, site, rows, newest, _links(site, page, pages)), "application/atom+xml; charset=utf-8"


def _rss(world: World, site: Site, rows: list[int], newest: int | None, links: list[tuple[str, str]]) -> str:
    docs = world.documents
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{xml(site.name)}</title><link>http://{site.name}/</link>"
        f"<description>Posts of {xml(site.name)}</description><language>en</language>"
    ]
    if newest is not None:
        parts.append(f"<lastBuildDate>{http_date(as_utc(docs['published_at'][newest]))}</lastBuildDate>")
    parts += [f'<atom:link rel="{rel}" href="{xml(href)}"/>' for rel, href in links]
    for at in rows:
        url, headline, author = xml(docs["url"][at]), docs["headline"][at], docs["author"][at]
        parts.append(
            f'<item><guid isPermaLink="true">{url}</guid><link>{url}</link>'
            + (f"<title>{xml(headline)}</title>" if headline else "")
            + f"<pubDate>{http_date(as_utc(docs['published_at'][at]))}</pubDate>"
            + (f"<dc:creator>{xml(author)}</dc:creator>" if author else "")
            + f"<description>{xml(escape(docs['text'][at] or '', quote=False))}</description></item>"
        )
    parts.append("</channel></rss>\n")
    return "".join(parts)


def _atom(world: World, site: Site, rows: list[int], newest: int | None, links: list[tuple[str, str]]) -> str:
    docs = world.documents
    updated = iso(docs["published_at"][newest]) if newest is not None else f"{world.first_day}T00:00:00Z"
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>http://{site.name}/feed.xml</id><title>{xml(site.name)}</title><updated>{updated}</updated>"
        f'<link rel="alternate" type="text/html" href="http://{site.name}/"/>'
    ]
    parts += [f'<link rel="{rel}" href="{xml(href)}"/>' for rel, href in links]
    for at in rows:
        url, moment = xml(docs["url"][at]), iso(docs["published_at"][at])
        language = xml(docs["language"][at] or "en")
        parts.append(
            f'<entry xml:lang="{language}"><id>{url}</id><link rel="alternate" href="{url}"/>'
            f"<published>{moment}</published><updated>{moment}</updated>"
            f"<author><name>{xml(docs['author'][at] or site.name)}</name></author>"
            f"<title>{xml(docs['headline'][at] or 'Review')}</title>"
            f'<summary type="text">{xml(docs["text"][at] or "")}</summary></entry>'
        )
    parts.append("</feed>\n")
    return "".join(parts)


def opml(world: World, kind: str, plain: bool, clock: datetime) -> str:
    """OPML 2.0 list of the sites of a kind (post, review) that have something visible at the clock.

    `plain` chooses the sites whose pages are plain HTML, else those with structured data.
    """
    lines = [
        f'<outline type="rss" text="{xml(site.name)}" title="{xml(site.name)}" '
        f'xmlUrl="http://{site.name}/feed.xml" htmlUrl="http://{site.name}/"/>'
        for site in world.sites.values()
        if site.kind == kind
        and (form_of(world, site.name) == "plain") == plain
        and site.visible(clock) < len(site.order)
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0"><head>'
        f"<title>Sandbox {kind} sites</title></head><body>{''.join(lines)}</body></opml>\n"
    )


def sitemap(world: World, site: Site, clock: datetime, part: int | None) -> str | None:
    """sitemap.xml (part None) or sitemap-N.xml; above 50,000 pages the first is an index of the others."""
    rows = site.order[site.visible(clock) :]
    spec = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    parts = -(-len(rows) // SITEMAP_PAGE)
    if part is None and parts > 1:
        maps = (f"<sitemap><loc>http://{site.name}/sitemap-{n}.xml</loc></sitemap>" for n in range(1, parts + 1))
        return f"{head}<sitemapindex {spec}>{''.join(maps)}</sitemapindex>\n"
    if part is not None:
        if not 1 <= part <= parts:
            return None
        rows = rows[(part - 1) * SITEMAP_PAGE : part * SITEMAP_PAGE]
    docs: dict[str, list[Any]] = world.documents
    urls = (
        f"<url><loc>{xml(docs['url'][at])}</loc><lastmod>{iso(docs['published_at'][at])}</lastmod></url>" for at in rows
    )
    return f"{head}<urlset {spec}>{''.join(urls)}</urlset>\n"
