"""Lines that a publisher's software adds to a text: taken off its end, where feeds have them."""

import re

_TAIL = 500
"""Characters at the end that are looked at."""
_MOST = 8
"""Lines that are taken off at most."""

_PIECE = r"(?:article|post|review|story|entry)"
_NETWORKS = (
    r"(?:Facebook|Twitter|X|Reddit|Email|Print|LinkedIn|Pinterest|WhatsApp|Telegram|Tumblr|Bluesky|Mastodon|Threads)"
)
_NAMED = (  # lines that nobody else writes, wherever they begin
    # WordPress: The post TITLE appeared first on SITE.
    r"The post .{1,250}? (?:first )?appeared (?:first )?on .{1,100}",
    rf"This {_PIECE}\b.{{0,250}}? (?:first )?(?:appeared|published)(?: first)? (?:on|in|at) .{{1,100}}",
    r"(?:Originally|First) published (?:on|in|at|by) [^.!?]{1,100}",
    r"(?:Subscribe|Sign up|Join)\b[^.!?]{0,120}\bnewsletters?\b[^.!?]{0,80}",
    r"Follow (?:us|me) on [^.!?]{1,80}",
    r"(?:Copyright )?(?:©|\(c\)) ?\d{4}\b[^.!?]{0,80}(?:\. All rights reserved)?",
    r"All rights reserved",
    r"Share this:?(?: \w+){0,8}",
    r"Like this:(?: Like)?(?: Loading(?:…|\.\.\.)?)?",
    r"Click here to read more",
)
_LOOSE = (  # words of any text too: only as a sentence of their own
    rf"(?:Read|View|See)(?: the)?(?: full| whole| rest| original)?(?: (?:more|on|here|{_PIECE}))+\b"
    r"(?: (?:at|on|of) [^.!?]{1,80})?",
    r"(?:Continue|Keep) reading(?: [“\"'‘].{1,200}?[”\"'’])?",
    r"\(?more\s?(?:…|\.\.\.|»|→)\)?",
    rf"(?:Share|Tweet|Pin|Email)(?: this)?(?: (?:on|via|with|to))?:?(?: {_NETWORKS}\b[,|]?)+",
)
_EDGE = r"(?:^|(?<=[.!?…»”\"'’)\]:|])|(?<=\s[-–—|]))\s*"
_LAST = re.compile(
    rf"(?:(?:^|\s)(?:{'|'.join(_NAMED)})|{_EDGE}(?:{'|'.join(_LOOSE)}))\s*[.!…»→\])|]*\s*$", re.IGNORECASE
)
_STARTS_A_LINE = re.compile(r"\s*[A-Z(©]")
_FORUM = re.compile(  # footers of link forums: submitted by A to B 12 points | 3 comments [link] [comments]
    r"(?:^|\s)(?:submitted by (?:/?u/)?\S{1,80}(?: to \S{1,80})?|-?\d+ points? \| \d+ comments?|\[link\]|\[\d* ?comments?\])\s*$"
)
_HINTS = (
    *("appeared", "publish", "read", "view", "see", "more", "share", "tweet", "pin", "email", "like", "newsletter"),
    *("follow", "©", "(c)", "right", "submitted", "comment"),
)
_ELLIPSIS = re.compile(r"\s*\[(?:…|\.\.\.|&hellip;)\]\s*$")


def without_boilerplate(text: str | None) -> str | None:
    """A one-line text without what its publisher's software put at the end; None where nothing else is there.

    `The post … appeared first on …`, Read more, share links, newsletter lines, copyright, the footers of link forums. Only
    whole lines go: `I want to read more` stays. `[…]` becomes `…`.
    """
    if not text:
        return None
    for _ in range(_MOST):
        head, tail = text[:-_TAIL], text[-_TAIL:]
        if found := _ELLIPSIS.search(tail):
            text = head + tail[: found.start()].rstrip(" .…") + "…"
            continue
        lower = tail.lower()
        if not any(hint in lower for hint in _HINTS):  # most texts; the search costs ten times as much
            break
        found = _FORUM.search(tail) or _LAST.search(tail)
        if found is None or not (found.re is _FORUM or _STARTS_A_LINE.match(found[0])):
            break
        text = (head + tail[: found.start()]).rstrip(" |-–—")
    return text.strip() or None
