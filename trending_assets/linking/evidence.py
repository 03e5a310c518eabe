"""Where a document names a title, and how strong the words are: templates, quotes, years, capitals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.lexicon import BESIDE, COMPARING, LEAD_IN, LEAD_VERBS, OPINIONS, TRAILING, is_everyday
from trending_assets.linking.words import Words, content_words, is_small, split_words

TEMPLATE, MARKED, PRINTED, PLAIN = 0.97, 0.94, 0.85, 0.7
"""Confidence by evidence: the title is all that a templated text leaves; it is quoted or carries its year; it is printed as
a name in running text; three or more of its words stand there in any case."""

_LINK = re.compile(r"https?://\S+|www\.\S+")
_TAGS_AT_END = re.compile(r"(?:\s*[#@][^\s#@]+)+\s*$")
_RATING = re.compile(r"(?<![\w/.])\d{1,3}(?:[.,]\d+)?\s*(?:/|out of)\s*(?:4|5|10|20|100)(?![\w/])|[★☆⭐½]+", re.I)
_YEAR_AFTER = re.compile(r"[\"'”’»*_]{0,2}\s*[\(\[]?((?:18|19|20)\d\d)(?!\d)")
_YEAR_AT_END = re.compile(r"[\(\[]((?:18|19|20)\d\d)[\)\]]")
_NUMBER_AFTER = re.compile(
    r"[\"'”’»*_]{0,2}:?\s*(?:(?:part|vol|volume|chapter)\.?\s+)?(?:\d{1,2}|[IVX]{1,5})(?![\w/])", re.I
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)")
_OPEN, _CLOSE = "\"'“‘«„*_", "\"'”’»“*_"
_SHORT = 30
"""Words up to which a text may be a template around a title."""


@dataclass(frozen=True)
class Naming:
    """A place that names a title: folded form, words as printed, year cue, confidence, and how it is printed.

    `loose`: found only with or without its article. `compared`: the words before it hold something else against it.
    """

    form: str
    surface: str
    year: int | None
    confidence: float
    method: str
    loose: bool = False
    compared: bool = False


def template(text: str, catalogue: Catalogue) -> tuple[Naming | None, bool]:
    """The title that is all a short text leaves once ratings, tags, links and lead-in words are taken away.

    The flag is True when the text clearly names a title this way, known or not: then nothing else in it should be linked.
    """
    short = _TAGS_AT_END.sub("", _LINK.sub(" ", text))
    ratings = list(_RATING.finditer(short))
    if ratings:
        short = f"{short[: ratings[-1].start()].rstrip(' :-–—')} {short[ratings[-1].end() :]}"
    years = list(_YEAR_AT_END.finditer(short))
    year = int(years[-1][1]) if years else None
    cut = f"{short[: years[-1].start()]} {short[years[-1].end() :]}" if years else short
    words = split_words(cut)
    if not 0 < len(words) <= _SHORT:
        return None, False
    lead = next((i for i, w in enumerate(words.folded) if w not in LEAD_IN), len(words))
    tail = next((i for i, w in enumerate(reversed(words.folded)) if w not in TRAILING), len(words))
    verb = any(w in LEAD_VERBS for w in words.folded[:lead]) or any(
        w.startswith("review") for w in words.folded[len(words) - tail :]
    )
    framed = bool(ratings) or verb or year is not None
    spans = [(a, b) for a in range(min(lead, len(words) - 1) + 1) for b in range(len(words), len(words) - tail - 1, -1)]
    spans = sorted((s for s in spans if s[0] < s[1]), key=lambda s: (s[0] - s[1], s[0]))
    shouting = cut.isupper()
    for loose in (False, True):
        for first, last in spans:
            found = _remainder(words, first, last, year, catalogue, loose)
            if found is None:
                continue
            form, seen_year, stop = found
            surface = words.surface(first, stop)
            names = {n.rstrip("!?") for c in catalogue.named(form, loose) for n in (c.title, c.original_title)}
            literal = surface.rstrip("!?") in names
            printed = literal or (words.capitalised(first, stop) and not shouting)
            marked = verb or seen_year is not None
            if is_everyday(form) and not (printed and framed):
                continue
            if " " not in form and not framed and len(form) < 8:
                continue
            if form in OPINIONS and not marked:
                continue
            method = "exact" if printed and not loose else "normalised"
            return Naming(form, surface, seen_year, TEMPLATE, method, loose), True
    first, last = lead, len(words) - tail
    is_name = first < last and words.capitalised(first, last) and not shouting
    return None, is_name and (year is not None or (bool(ratings) and verb and last - first > 1))


def opening(text: str) -> str:
    """The first sentence of a text, or what goes before and with its first rating: "Speed 8/10. Well worth the time."

    Empty where that is the whole text.
    """
    rating = _RATING.search(text)
    sentence = _SENTENCE_END.search(text)
    ends = [found.end() for found in (rating, sentence) if found]
    return text[: min(ends)] if ends and text[min(ends) :].strip(" .!?") else ""


def _remainder(
    words: Words, first: int, last: int, year: int | None, catalogue: Catalogue, loose: bool
) -> tuple[str, int | None, int] | None:
    form = words.form(first, last)
    if catalogue.named(form, loose):
        return form, year, last
    bare = words.folded[last - 1]
    if year is None and last - first > 1 and len(bare) == 4 and bare.isdigit() and "1888" <= bare <= "2099":
        form = words.form(first, last - 1)
        if catalogue.named(form, loose):
            return form, int(bare), last - 1
    return None


def in_prose(text: str, catalogue: Catalogue) -> Iterator[Naming]:
    """Titles named in running text, longest first. Everyday and one-word titles count only in quotes or with their year."""
    words = split_words(text)
    shouting = words.raw.isupper()
    for first, last in catalogue.spans(words.folded):
        form = words.form(first, last)
        before, after = words.raw[: words.starts[first]], words.raw[words.ends[last - 1] :][:40]
        printed = not shouting and words.capitalised(first, last)
        year = _YEAR_AFTER.match(after)
        if year is None and _NUMBER_AFTER.match(after):
            continue  # "Iron Man 4" is not "Iron Man"
        surface = words.surface(first, last)
        compared = first > 0 and words.folded[first - 1] in COMPARING
        if year is not None and (printed or content_words(form) > 2):
            yield Naming(form, surface, int(year[1]), MARKED, "exact" if printed else "normalised", compared=compared)
        elif printed and before[-1:] in _OPEN and before and after.lstrip(".,;:!?")[:1] in _CLOSE and after:
            yield Naming(form, surface, None, MARKED, "exact", compared=compared)
        elif last - first == 1 or is_everyday(form) or content_words(form) == 0:
            continue
        elif printed and (content_words(form) > 2 or not _inside_name(words, first, last)):
            yield Naming(form, surface, None, PRINTED, "exact", compared=compared)
        elif content_words(form) > 2:
            yield Naming(form, surface, None, PLAIN, "normalised", compared=compared)


def _inside_name(words: Words, first: int, last: int) -> bool:
    """True when a capitalised word touches the range: then the range is probably a part of a longer name."""
    for index, gap in ((first - 1, (first - 1, first)), (last, (last - 1, last))):
        if not 0 <= index < len(words):
            continue
        between = words.raw[words.ends[gap[0]] : words.starts[gap[1]]]
        word = words.folded[index]
        if between.strip() or is_small(word) or word in BESIDE or word in LEAD_IN:
            continue
        if words.raw[words.starts[index]].isupper() or word.isdigit():
            return True
    return False
