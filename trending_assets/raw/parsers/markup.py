"""Markup to a tree in bounded time and memory, whatever a page holds."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from trending_assets.failures import BadInput, Reason

MAX_CHARACTERS = 5_000_000
"""Of a page."""
MAX_TAGS = 200_000
"""Of a page or feed: lxml needs about 0.2 s and 90 MB for as many, feedparser 4 s."""
MAX_ATTRIBUTES = 1_000
"""Of one tag: libxml2 and expat need quadratic time in them (100,000 take 11 s)."""
_CROWDED = 2 * MAX_ATTRIBUTES  # characters that so many need at least
_MANY_HIDDEN = 20
_HIDDEN_END = re.compile(r"=\s*(?:\"[^\">]*>|'[^'>]*>)")
_TAG = re.compile(r"<[a-zA-Z](?>(?:[^\s\"'>=]+|[\s\"']|=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]?))*)")
_ATTRIBUTE = re.compile(r"[^\s\"'>=/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?")


def check_size(markup: str) -> None:
    """Raise BadInput (TOO_LARGE) where a parser would need more time or memory than a page is worth."""
    if len(markup) > MAX_CHARACTERS:
        raise BadInput(Reason.TOO_LARGE, f"It has {len(markup):,} characters; at most {MAX_CHARACTERS:,} are read.")
    tags = markup.count("<")
    if tags > MAX_TAGS:
        raise BadInput(Reason.TOO_LARGE, f"It has about {tags:,} tags; at most {MAX_TAGS:,} are read.")
    if len(markup) > _CROWDED and any(_crowded(markup, start, end) for start, end in _suspects(markup)):
        raise BadInput(Reason.TOO_LARGE, f"A tag has more than {MAX_ATTRIBUTES:,} attributes.")


def _suspects(markup: str) -> Iterator[tuple[int, int]]:
    """Stretches that may hold a tag of so many attributes: long ones without `>`, or the page where quotes hide many `>`."""
    if sum(1 for _ in islice(_HIDDEN_END.finditer(markup), _MANY_HIDDEN)) == _MANY_HIDDEN:
        yield 0, len(markup)
        return
    at = 0
    while at + _CROWDED < len(markup):
        end = markup.rfind(">", at, at + _CROWDED)
        if end < 0:
            end = markup.find(">", at + _CROWDED)
            end = end if end >= 0 else len(markup)
            yield at, end
        at = end + 1


def _crowded(markup: str, start: int, end: int) -> bool:
    return any(
        found.end() - found.start() > _CROWDED and len(_ATTRIBUTE.findall(found[0])) > MAX_ATTRIBUTES
        for found in _TAG.finditer(markup, start, end)
    )


def html_tree(markup: str) -> Any:
    """The lxml tree of an HTML page. Raises BadInput: TOO_LARGE, or BROKEN_MARKUP where nothing is there to read.

    libxml2 stops at tags nested 256 deep and drops the rest of the page: `too_deep` tells.
    """
    from lxml import etree
    from lxml import html as lxml_html

    check_size(markup)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise BadInput(Reason.BROKEN_MARKUP, "The page has no markup that can be read.") from None


def too_deep(tree: Any) -> bool:
    """Whether a page is nested so deep that the parser dropped its rest."""
    deepest, node = 0, tree
    while len(node):  # the dropped rest would follow the last child
        deepest, node = deepest + 1, node[-1]
    return deepest >= 250
