"""Lines that a publisher's software adds to a text: taken off its end, where feeds have them."""

import re

_TAIL = 500
"""Characters at the end that are looked at."""
_MOST = 8
"""Lines that are taken off at most."""

_EDGE = r"(?:^|(?<=[.!?…»”\"'’)\]:|])|(?<=\s[-–—|]))\s*"
_LAST = re.compile(
    _EDGE
    + "(?:"
    + "|".join(
        (
            # WordPress: The post TITLE appeared first on SITE.
            r"(?:The post|This (?:article|post|review|story|entry))\b.{1,250}?\b(?:first )?(?:appeared|published)(?: first)? (?:on|in|at)\b.{1,100}",
            r"(?:Originally published|First published|This (?:article|post|review|story) (?:was )?originally (?:appeared|published)) (?:on|in|at|by)\b[^.!?]{1,100}",
            r"(?:Click here to )?(?:Read|Continue reading|Keep reading|View|See)(?: the)?(?: full| whole| rest| original)?(?: (?:more|on|article|story|post|review|entry|here)\b)+(?: (?:at|on|of)\b[^.!?]{1,80})?",
            r"Continue reading(?: [“\"'‘].{1,200}?[”\"'’])?",
            r"\(?more\s?(?:…|\.\.\.|»|→)\)?",
            r"(?:Share|Tweet|Pin|Email)(?: this)?(?: (?:on|via|with|to) [^.!?]{1,60})?:?(?: (?:Facebook|Twitter|X|Reddit|Email|Print|LinkedIn|Pinterest|WhatsApp|Telegram|Tumblr|Bluesky|Mastodon|Pocket|Threads)\b[,|]?)+",
            r"Share this:?(?: \w+){0,8}",
            r"Like this:(?: Like)?(?: Loading(?:…|\.\.\.)?)?",
            r"(?:Subscribe|Sign up|Join)\b[^.!?]{0,120}\bnewsletters?\b[^.!?]{0,80}",
            r"Follow (?:us|me) on [^.!?]{1,80}",
            r"(?:Copyright )?(?:©|\(c\)) ?\d{4}\b[^.!?]{0,80}(?:\. All rights reserved)?",
            r"All rights reserved",
        )
    )
    + r")\s*[.…»→\])|]*\s*$",
    re.IGNORECASE,
)
_FORUM = re.compile(  # footers of link forums: submitted by A to B 12 points | 3 comments [link] [comments]
    r"(?:^|\s)(?:submitted by (?:/?u/)?\S{1,80}(?: to \S{1,80})?|-?\d+ points? \| \d+ comments?|\[link\]|\[\d* ?comments?\])\s*$"
)
_CASED = re.compile(r"\s*[A-Z(©]")
_HINTS = (
    "appeared", "publish", "read", "view", "see", "more", "share", "tweet", "pin", "email", "like", "newsletter", "follow", "©", "(c)",
    "right", "submitted", "comment",
)  # fmt: skip
_ELLIPSIS = re.compile(r"\s*\[(?:…|\.\.\.|&hellip;)\]\s*$")


def without_boilerplate(text: str | None) -> str | None:
    """A one-line text without what its publisher's software put at the end; None where nothing else is there.

    `The post … appeared first on …`, Read more, share links, newsletter lines, copyright, the footers of link forums. Only
    whole lines go: `I want to read more` stays.
    """
    if not text:
        return None
    for _ in range(_MOST):
        head, tail = text[:-_TAIL], text[-_TAIL:]
        found = _ELLIPSIS.search(tail)
        if found:
            text = head + tail[: found.start()].rstrip(" .…") + "…"
            continue
        lower = tail.lower()
        if not any(hint in lower for hint in _HINTS):  # most texts; the search costs ten times as much
            break
        found = _FORUM.search(tail) or _LAST.search(tail)
        if found is None or not (_CASED.match(found[0]) or found.re is _FORUM):
            break
        text = (head + tail[: found.start()]).rstrip(" |-–—")
    return text.strip() or None
