"""Posts of a Lemmy community: `GET /api/v3/post/list?community_name=…&sort=New` (join-lemmy.org/api)."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from trending_assets.failures import BadInput, Reason
from trending_assets.raw import values
from trending_assets.raw.items import BadItem, Item, Listing
from trending_assets.raw.json_values import at, dump, load_json
from trending_assets.raw.parsers.feed import LONGEST_LINE, stated_rating
from trending_assets.raw.plain_text import fold, plain

_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}\)")
_MARKS = re.compile(r"(?m)^[ \t]{0,8}(?:#{1,6}|>+|[-*+]|:::.{0,80})[ \t]+|\*{1,3}(?=\S)|(?<=\S)\*{1,3}|`{1,3}|~~")


def parse(body: bytes, url: str) -> Listing:
    """The posts that a page lists, and the next page by `page_cursor` (`next_page`), else by page number.

    A post is a document at its `ap_id`, the address on its own instance. Deleted posts and those without a title are in
    `bad`. Raises BadInput (WRONG_FORMAT) where it is no list of posts.
    """
    value = load_json(body, "a list of posts")
    posts = at(value, "posts")
    if not isinstance(posts, list):
        error = fold(at(value, "error"), 200)
        raise BadInput(Reason.WRONG_FORMAT, f"Lemmy answers: {error}." if error else "It has no list of posts.")
    made = [_item(view, url) for view in posts]
    items = [item for item in made if isinstance(item, Item)]
    return Listing(items, [item for item in made if isinstance(item, BadItem)], _next(value, url, bool(posts)))


def _item(view: Any, url: str) -> Item | BadItem:
    post = at(view, "post")
    link, published = values.absolute(url, at(post, "ap_id")), values.moment(at(post, "published"))
    if link is None:
        return BadItem(url, Reason.NO_ADDRESS, "The post has no ap_id that is an http address.", dump(view), published)
    headline = fold(at(post, "name"), LONGEST_LINE)
    if at(post, "deleted") is True or at(post, "removed") is True or headline is None:
        return BadItem(link, Reason.NO_TEXT, "The post was taken down, or has no title.", dump(view), published)
    text = _unmarked(at(post, "body"))
    author = fold(at(view, "creator", "name"), LONGEST_LINE)
    rating, best = stated_rating(text)
    return Item(link, published, headline, text, author, None, rating, best)


def _unmarked(markdown: Any) -> str | None:
    """Text of Markdown: links by their words, no marks of emphasis, headings, quotes and lists."""
    return plain(_MARKS.sub("", _LINK.sub(r"\1", markdown[:200_000]))) if isinstance(markdown, str) else None


def _next(value: Any, url: str, more: bool) -> str | None:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    cursor = at(value, "next_page")
    if isinstance(cursor, str) and 0 < len(cursor) < 500 and more:
        query = {name: given for name, given in query.items() if name != "page"} | {"page_cursor": cursor}
    elif more and "page_cursor" not in query and query.get("page", "1").isdecimal() and "next_page" not in value:
        query["page"] = str(int(query.get("page", "1")[:6]) + 1)
    else:
        return None
    return urlunsplit(parts._replace(query=urlencode(query)))
