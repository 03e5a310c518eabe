"""Cues beside a name that tell titles of one name apart: the year, the medium, remake or original."""

import numpy as np

from trending_assets.linking import lexicon as lex
from trending_assets.linking.context import Context
from trending_assets.linking.fold import CLOSE, COMMA, LINE, LOWER, OPEN, STOP, Array, word_hash

FILM_CUE, TV_CUE = -1, 1


def years(context: Context, first: Array, last: Array) -> tuple[Array, Array]:
    """The year that is printed for a range's title ("Dune (1984)", "the 1984 film Dune"), and else the nearest one of its
    sentence; 0 where there is none."""
    text, size = context.text, len(context.text)
    year = context.year
    gap = text.after[last - 1]
    split = ((gap & (STOP | LINE)) != 0) & ((gap & OPEN) == 0)
    strict = np.where(split, 0, year[last])
    after = np.minimum(last + 1, size - 1)
    dated = (text.hashes[last] == _FROM) | (text.hashes[last] == _OF)
    strict = np.where((strict == 0) & dated & ~split, year[after], strict)
    strict = np.where(strict == 0, _in_brackets(context, last, (gap & OPEN) != 0), strict)
    # "Dune, the 1984 film", "Dune, the original 1984 film"
    for ahead in (1, 2):
        place, past = (np.minimum(last + n, size - 1) for n in (ahead, ahead + 1))
        works = (context.classes[past] & np.uint64(lex.NOUN | lex.FILM | lex.TV | lex.OLDER)) != 0
        article = context.has(last, lex.ARTICLE)
        strict = np.where(
            (strict == 0) & article & works & (place < context.sentence_last[last - 1]), year[place], strict
        )
    strict = np.where(strict == 0, _before(context, first), strict)
    return strict, np.where(strict == 0, _nearest(context, first, last), 0)


def years_of_texts(context: Context, texts: int) -> Array:
    """The year by which a text tells a version of a work apart, wherever it does: "take the 1968 one"; 0 for none."""
    place = np.flatnonzero(context.year[:-1] > 0)
    told = np.isin(context.text.hashes[place + 1], _VERSIONS) & context.has(place - 1, lex.ARTICLE)
    found = np.zeros(texts, np.int32)
    found[context.text.owner[place[told]]] = context.year[place[told]]
    return found


def _in_brackets(context: Context, last: Array, opened: Array) -> Array:
    """The first year of the brackets that open behind the range: "(dir. David Lynch, 1984)"."""
    text, size = context.text, len(context.text)
    found, inside = np.zeros(len(last), np.int32), opened.copy()
    for ahead in range(8):
        place = np.minimum(last + ahead, size - 1)
        found = np.where(inside & (found == 0), context.year[place], found)
        inside &= (text.after[place] & CLOSE) == 0
    return found


def _before(context: Context, first: Array) -> Array:
    """A year up to five words before the range: "the 1984 film Dune", "1984's Dune", not "in 1984, Dune …"."""
    text = context.text
    found, open_ = np.zeros(len(first), np.int32), np.ones(len(first), bool)
    for back in range(1, 6):
        place = np.maximum(first - back, 0)
        open_ &= (place >= context.sentence_first[first]) & ((text.after[place] & (COMMA | STOP | LINE | CLOSE)) == 0)
        before = np.maximum(place - 1, 0)
        dated = context.has(before, lex.OF) & (text.hashes[before] != _OF)
        found = np.where(open_ & (found == 0) & ~dated, context.year[place], found)
    return found


def _nearest(context: Context, first: Array, last: Array) -> Array:
    places = np.flatnonzero(context.year > 0)
    if not len(places):
        return np.zeros(len(first), np.int32)
    ahead = np.searchsorted(places, last)
    right = places[np.minimum(ahead, len(places) - 1)]
    behind = np.searchsorted(places, first) - 1
    left = places[np.maximum(behind, 0)]
    in_right = (ahead < len(places)) & (right < context.sentence_last[last - 1])
    in_left = (behind >= 0) & (left >= context.sentence_first[first])
    prefer_left = in_left & (~in_right | (first - left <= right - last))
    return np.where(prefer_left, context.year[left], np.where(in_right, context.year[right], 0))


def media(context: Context, first: Array, last: Array) -> tuple[Array, Array, Array, Array]:
    """FILM_CUE, TV_CUE or 0 for what stands next to a range, in its sentence, and in its text; and whether two words say so."""
    text, size = context.text, len(context.text)
    film, tv = context.totals["film"], context.totals["tv"]
    sign = (tv[1:] - tv[:-1]) - (film[1:] - film[:-1])
    sign = np.sign(sign + context.coded).astype(np.int8)
    start, end = context.sentence_first[first], context.sentence_last[last - 1]
    next_to = np.zeros(len(first), np.int8)
    # A comma, a bracket's end or a joining word ends what belongs to a name; "Fargo, the series" goes on.
    marks = COMMA | STOP | LINE | CLOSE
    goes_on = context.has(last, lex.ARTICLE) & ((text.after[last - 1] & (STOP | LINE)) == 0)
    # A point that a small letter follows is the name's own: "Babylon A.D. season 5".
    own = ((text.after[last - 1] & (marks & ~STOP)) == 0) & ((text.initial[last] & LOWER) != 0)
    on_right = ((text.after[last - 1] & marks) == 0) | goes_on | own
    on_left = (text.after[first - 1] & marks) == 0
    for distance in (1, 2, 3):
        left, right = np.maximum(first - distance, 0), np.minimum(last + distance - 1, size - 1)
        on_left &= (left >= start) & ~context.has(left, lex.JOIN)
        on_right &= (right < end) & ~context.has(right, lex.JOIN)
        here = np.where(on_left, sign[left], 0) + np.where(on_right, sign[right], 0)
        next_to = np.where(next_to == 0, np.sign(here), next_to)
        on_left &= (text.after[np.maximum(left - 1, 0)] & marks) == 0
        on_right &= (text.after[right] & marks) == 0

    def side(begin: Array, stop: Array) -> tuple[Array, Array]:
        of_tv = context.count("tv", begin, first) + context.count("tv", last, stop)
        of_film = context.count("film", begin, first) + context.count("film", last, stop)
        return np.sign(np.sign(of_tv) - np.sign(of_film)).astype(np.int8), np.maximum(of_tv, of_film) > 1

    owner = text.owner[first]
    sentence, sure = side(start, end)
    return next_to, sentence, side(context.borders[owner], context.borders[owner + 1])[0], sure


def remakes(context: Context, first: Array, last: Array) -> Array:
    """1 where words beside the range speak of a new version, -1 of an original one, else 0."""
    size = len(context.text)
    start, end = context.sentence_first[first], context.sentence_last[last - 1]
    total = np.zeros(len(first), np.int8)
    for distance in (1, 2, 3):
        left, right = np.maximum(first - distance, 0), np.minimum(last + distance - 1, size - 1)
        for bit, sign in ((lex.NEWER, 1), (lex.OLDER, -1)):
            here = (context.has(left, bit) & (first - distance >= start)) | (
                context.has(right, bit) & (right < end) & (distance < 3)
            )
            total = np.where((total == 0) & here, sign, total)
    return total


_VERSIONS = np.array(
    [word_hash(w) for w in ("one", "version", "original", "film", "movie", "series", "show", "remake")]
)
_OF, _FROM = word_hash("of"), word_hash("from")
