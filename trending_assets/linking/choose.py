"""Which of several titles of one name is meant: by year, medium, recency and popularity, or none surely."""

from collections.abc import Sequence
from dataclasses import dataclass

from trending_assets.linking.catalogue import Candidate

YEAR_SLACK = 1
"""A printed year may differ by one: festival and general release."""
AHEAD_YEARS = 2
"""Nobody writes about a title more than two years before its year."""
RECENT_YEARS = 2
"""A title of the last two years is news; an older one of the same name is not."""
DWARFED = 10.0
"""A title this many times as popular as the next one is what people mean."""


@dataclass(frozen=True)
class Choice:
    """The title that is meant, None when it cannot be told; `sure` is False when only a prior decided."""

    candidate: Candidate | None
    sure: bool
    ambiguous: bool


NOTHING = Choice(None, False, False)


def choose(
    candidates: Sequence[Candidate],
    written: int,
    year: int | None = None,
    media_type: str | None = None,
    surface: str = "",
) -> Choice:
    """Decide among titles of one name. `written` is the document's year; `year` and `media_type` are cues from its words,
    `surface` is the name as printed.

    Order: years that disagree with the cue by more than one are out, the other medium, and titles from the future. Of what is
    left: the only one; the one of the cue's very year; the one written just so ("Dumb & Dumber"); the only recent one; the
    one ten times as popular as the next. No prior decides for a title when another is ten times as popular. Otherwise the
    name stays ambiguous.
    """
    left = [c for c in candidates if c.year is None or c.year <= written + AHEAD_YEARS]
    if media_type is not None:
        left = [c for c in left if c.media_type == media_type]
    if year is not None:
        agreeing = [c for c in left if c.year is not None and abs(c.year - year) <= YEAR_SLACK]
        left = agreeing or [c for c in left if c.year is None]
        same = [c for c in left if c.year == year]
        left = same or left
    if not left:
        return NOTHING
    if len(left) == 1:
        return Choice(left[0], True, False)
    literal = _literal(left, surface) or _literal(left, surface.rstrip("!?"))
    if literal and not _dwarfed(literal, left):
        left = literal
    if len(left) == 1:
        return Choice(left[0], False, False)
    recent = [c for c in left if c.year is not None and written - RECENT_YEARS <= c.year <= written]
    if len(recent) == 1:
        return Choice(None, False, True) if _dwarfed(recent, left) else Choice(recent[0], False, False)
    top, second = sorted(recent or left, key=lambda c: (-c.popularity, c.title_id))[:2]
    if top.popularity > 0 and top.popularity >= DWARFED * second.popularity:
        return Choice(top, False, False)
    return Choice(None, False, True)


def _literal(candidates: Sequence[Candidate], surface: str) -> list[Candidate]:
    printed = surface.casefold()
    return [c for c in candidates if printed in (c.title.casefold(), c.original_title.casefold())]


def _dwarfed(few: Sequence[Candidate], among: Sequence[Candidate]) -> bool:
    best = max(c.popularity for c in few)
    # An unknown popularity is no evidence against a title.
    return best > 0 and max(c.popularity for c in among) >= DWARFED * best
