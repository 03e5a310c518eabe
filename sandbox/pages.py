"""HTML pages of the sites: documents in the forms that the web has, site fronts, and the boilerplate around them.

A review site of a generated world has schema.org JSON-LD, schema.org microdata or plain HTML, by a hash of its name; posts and
the sites of replayed worlds have JSON-LD.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

import orjson

from sandbox.feeds import iso
from sandbox.forms import Form, form_of
from sandbox.world import Site, World

_HEADLINE = re.compile(r"^(?P<name>.+) \((?P<year>\d{4})\)(?P<series> series)? review$")


def _ld(data: dict[str, Any]) -> str:
    """JSON-LD that no text can break out of."""
    text = orjson.dumps(data).decode().replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/ld+json">{text}</script>'


def _page(site: str, title: str, head: str, body: str, language: str = "en") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{head}</head><body>"
        f'<header><a href="/">{escape(site)}</a><nav><a href="/">Home</a> <a href="/feed.xml">Feed</a> '
        '<a href="/private/account">Sign in</a></nav></header>'
        f"<main>{body}</main>"
        "<aside><h2>Newsletter</h2><p>One letter a week with what is new. You can leave at any time.</p></aside>"
        f"<footer><p>&copy; {escape(site)}. A page of the sandbox.</p></footer></body></html>\n"
    )


def reviewed_item(headline: str | None) -> dict[str, Any] | None:
    """What a headline says is reviewed: `Title (YYYY) review` a film, `Title (YYYY) series review` a show."""
    found = _HEADLINE.match(headline or "")
    if found is None:
        return None
    if found["series"]:
        return {"@type": "TVSeries", "name": found["name"], "startDate": found["year"]}
    return {"@type": "Movie", "name": found["name"], "dateCreated": found["year"]}


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def document_page(world: World, at: int) -> str:
    """The page of a document: a post (SocialMediaPosting) or a review (Review)."""
    doc = {name: column[at] for name, column in world.documents.items()}
    doc["text"], doc["language"] = doc["text"] or "", doc["language"] or "en"
    text = doc["text"]
    doc["headline_or_start"] = doc["headline"] or (text[:107] + "..." if len(text) > 110 else text)
    make: dict[Form, Callable[[dict[str, Any]], str]] = {
        "json_ld": _json_ld_page,
        "microdata": _microdata_page,
        "plain": _plain_page,
    }
    return make[form_of(world, doc["site"])](doc)


def _json_ld_page(doc: dict[str, Any]) -> str:
    text, headline, moment = doc["text"], doc["headline_or_start"], iso(doc["published_at"])
    data: dict[str, Any] = {"@context": "https://schema.org", "url": doc["url"], "datePublished": moment}
    data["inLanguage"] = doc["language"]
    if doc["author"]:
        data["author"] = {"@type": "Person", "name": doc["author"]}
    data["headline"] = headline
    if doc["kind"] == "post":
        data |= {"@type": "SocialMediaPosting", "articleBody": text}
    else:
        data |= {
            "@type": "Review",
            "reviewBody": text,
            "publisher": {"@type": "Organization", "name": doc["site"]},
        }
        reviewed = reviewed_item(doc["headline"])
        if reviewed:
            data["itemReviewed"] = reviewed
        if doc["rating"] is not None and doc["rating_max"]:
            data["reviewRating"] = {
                "@type": "Rating",
                "ratingValue": _number(doc["rating"]),
                "bestRating": _number(doc["rating_max"]),
            }
    by = f'<p class="byline">By <span rel="author">{escape(doc["author"])}</span>, ' if doc["author"] else "<p>"
    body = (
        f"<article><h1>{escape(headline)}</h1>{by}"
        f'<time datetime="{moment}">{moment[:10]}</time></p>'
        f'<div class="body"><p>{escape(text)}</p></div></article>'
    )
    return _page(doc["site"], headline, _ld(data), body, doc["language"])


def _microdata_page(doc: dict[str, Any]) -> str:
    """The Review as microdata, its parts spread over the page."""
    headline, moment = doc["headline_or_start"], iso(doc["published_at"])
    parts = [f'<h1 itemprop="headline">{escape(headline)}</h1><p>']
    if doc["author"]:
        scope = 'itemprop="author" itemscope itemtype="https://schema.org/Person"'
        parts.append(f'By <span {scope}><a itemprop="name" href="/about">{escape(doc["author"])}</a></span>, ')
    parts.append(f'<time itemprop="datePublished" datetime="{moment}">{moment[:10]}</time></p>')
    reviewed = reviewed_item(doc["headline"])
    if reviewed:
        when = "startDate" if reviewed["@type"] == "TVSeries" else "dateCreated"
        parts.append(
            f'<p itemprop="itemReviewed" itemscope itemtype="https://schema.org/{reviewed["@type"]}">Seen: '
            f'<cite itemprop="name">{escape(reviewed["name"])}</cite><meta itemprop="{when}" content="{reviewed[when]}"></p>'
        )
    parts.append(f'<div itemprop="reviewBody"><p>{escape(doc["text"])}</p></div>')
    if doc["rating"] is not None and doc["rating_max"]:
        parts.append(
            '<p itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">Our rating: '
            f'<b itemprop="ratingValue">{_number(doc["rating"])}</b> of '
            f'<i itemprop="bestRating">{_number(doc["rating_max"])}</i></p>'
        )
    parts.append(f'<meta itemprop="inLanguage" content="{escape(doc["language"])}">')
    body = f'<article itemscope itemtype="https://schema.org/Review">{"".join(parts)}</article>'
    return _page(doc["site"], headline, "", body, doc["language"])


def _plain_page(doc: dict[str, Any]) -> str:
    """A review without structured data, amid what real pages put around one."""
    headline, moment = doc["headline_or_start"], iso(doc["published_at"])
    by = f'<p class="byline">By <a rel="author" href="/about">{escape(doc["author"])}</a>, ' if doc["author"] else "<p>"
    reviewed = reviewed_item(doc["headline"])
    about = ""
    if reviewed:
        year = reviewed.get("startDate") or reviewed.get("dateCreated")
        about = (
            f'<p class="reviewed">About <cite>{escape(reviewed["name"])}</cite>, <span class="year">{year}</span></p>'
        )
    rated = ""
    if doc["rating"] is not None and doc["rating_max"]:
        rated = f'<p class="verdict">{_number(doc["rating"])}/{_number(doc["rating_max"])}</p>'
    body = (
        '<div class="consent"><p>This site sets a cookie to remember that you have read this line.</p></div>'
        f"<article><h1>{escape(headline)}</h1>{by}"
        f'<time datetime="{moment}">{moment[:10]}</time></p>{about}'
        f'<div class="review-text"><p>{escape(doc["text"])}</p></div>{rated}</article>'
        '<ul class="share"><li><a href="/share?by=mail">Send by mail</a></li>'
        '<li><a href="/share?by=link">Copy the link</a></li></ul>'
        '<section class="comments"><h2>Comments</h2><p>Comments are closed.</p></section>'
        '<nav class="more"><h2>More reviews</h2><a href="/">All of them</a></nav>'
    )
    return _page(doc["site"], headline, "", body, doc["language"])


def front_page(world: World, site: Site, clock: datetime) -> str:
    """The site's index: its 50 newest visible documents."""
    docs, start = world.documents, site.visible(clock)
    lines = []
    for at in site.order[start : start + 50]:
        label = docs["headline"][at] or (docs["text"][at] or "")[:80]
        lines.append(f'<li><a href="{escape(docs["url"][at])}">{escape(label)}</a></li>')
    return _page(site.name, site.name, "", f"<h1>{escape(site.name)}</h1><ul>{''.join(lines)}</ul>")


def links_page(site: str, title: str, links: list[tuple[str, str]]) -> str:
    """A plain page of links (href, label)."""
    lines = "".join(f'<li><a href="{escape(href)}">{escape(label)}</a></li>' for href, label in links)
    return _page(site, title, "", f"<h1>{escape(title)}</h1><ul>{lines}</ul>")


def table_page(site: str, title: str, head: list[str], rows: list[list[str]]) -> str:
    """A page with one table."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
    return _page(site, title, "", f"<h1>{escape(title)}</h1>{table}")
