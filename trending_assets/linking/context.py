"""What stands around the words of texts: sentences, capitals, ratings, years, and counts of word classes between places."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from trending_assets.linking import lexicon
from trending_assets.linking.fold import (
    AT,
    BANG,
    CLOSE,
    COLON,
    COMMA,
    DIGIT,
    HASH,
    LETTER,
    LINE,
    LOWER,
    OPEN,
    OTHER,
    QUOTE,
    SLASH,
    SPACE,
    STAR,
    STOP,
    UPPER,
    Array,
    Text,
    read,
    word_hash,
)  # fmt: skip

NORMAL, FLAT, LOUD = range(3)
"""How a text uses capitals: as English does, not at all, or everywhere (all capitals, or every word as in headlines)."""
_FIRST_YEAR, _LAST_YEAR = 1888, 2060


@dataclass(frozen=True)
class Context:
    """Facts of every word of a text. `totals` holds running counts: totals[k][j] - totals[k][i] counts words of [i, j)."""

    text: Text
    classes: Array
    capital: Array
    opens: Array
    clause_last: Array
    sentence_first: Array
    sentence_last: Array
    rating: Array
    next_rating: Array
    tag: Array
    year: Array
    coded: Array
    regime: Array
    borders: Array
    totals: dict[str, Array]

    def count(self, what: str, first: Array, last: Array) -> Array:
        """Words of a kind in [first, last); 0 where the range is empty or turned round."""
        total = self.totals[what]
        return np.maximum(total[last] - total[first], 0)

    def has(self, place: Array, bits: int) -> Array:
        """True where the word at a place is of one of the classes."""
        return (self.classes[place] & np.uint64(bits)) != 0


@cache
def _years() -> tuple[Array, Array]:
    years = np.arange(_FIRST_YEAR, _LAST_YEAR + 1)
    hashes = read(pl.Series(years).cast(pl.String)).hashes[1:-1:2]
    order = np.argsort(hashes)
    return hashes[order], years[order]


def _year_of(text: Text, is_digits: Array) -> Array:
    found = np.zeros(len(text), np.int32)
    places = np.flatnonzero(is_digits & (text.ends - text.starts == 4))
    hashes, years = _years()
    at = np.minimum(np.searchsorted(hashes, text.hashes[places]), len(hashes) - 1)
    found[places] = np.where(hashes[at] == text.hashes[places], years[at], 0)
    return found


def _ratings(text: Text, classes: Array, is_digits: Array) -> Array:
    """Words of "8/10", "8.5 / 10", "8 out of 10" and "4 stars"."""
    number = is_digits & (text.ends - text.starts <= 3)
    scale = (classes & lexicon.SCALE) != 0
    of_scale = np.zeros(len(text), bool)
    of_scale[:-1] = number[:-1] & scale[1:] & ((text.after[:-1] & SLASH) != 0)
    rating = of_scale.copy()
    rating[1:] |= of_scale[:-1]
    spelled = np.flatnonzero(
        number[:-3] & scale[3:] & (text.hashes[1:-2] == word_hash("out")) & (text.hashes[2:-1] == word_hash("of"))
    )
    for step in range(4):
        rating[spelled + step] = True
    starred = np.flatnonzero(number[:-1] & np.isin(text.hashes[1:], (word_hash("stars"), word_hash("star"))))
    rating[starred] = rating[starred + 1] = True
    # The part before the point: "8.5/10".
    rating[:-1] |= number[:-1] & rating[1:] & ((text.after[:-1] & (STOP | SPACE)) == STOP)
    return rating


def _shown(text: Text, classes: Array) -> Array:
    """True where "show" is a verb: "will show a restored print", "they show up"."""
    found = text.hashes == word_hash("show")
    ahead, behind = np.zeros(len(text), bool), np.zeros(len(text), bool)
    ahead[:-1] = (classes[1:] & np.uint64(lexicon.ARTICLE | lexicon.SHOWN)) != 0
    behind[1:] = (classes[:-1] & np.uint64(lexicon.SHOWS)) != 0
    return found & (ahead | behind)


def _coded(text: Text) -> Array:
    """True for words like S01E02 and S2."""
    found = np.zeros(len(text), bool)
    mixed = np.flatnonzero(((text.kinds & DIGIT) != 0) & (text.kinds != DIGIT) & (text.ends - text.starts <= 7))
    for place in mixed.tolist():
        word = text.folded[text.starts[place] : text.ends[place]]
        found[place] = word[0] == "s" and word[1:].replace("e", "", 1).isdigit()
    return found


def _regimes(text: Text, borders: Array, capital: Array, opens: Array, begins: Array, content: Array) -> Array:
    """How each text uses capitals, a value a text."""
    letters = (text.kinds & LETTER) != 0
    long = letters & (text.ends - text.starts > 1)

    def count(mask: Array) -> Array:
        # The last border stands behind the last text.
        return np.add.reduceat(mask, borders, dtype=np.int32)

    spoken = count(long)
    with_lower = count(long & ((text.kinds & LOWER) != 0))
    # Words all in capitals are emphasis.
    capitals = count(long & capital & ((text.kinds & LOWER) != 0))
    inner = letters & content & ~opens
    high, low = count(inner & capital), count(inner & ~capital)
    shouting = ((spoken >= 2) & (with_lower * 10 <= spoken)) | ((with_lower == 0) & (count(long & capital) > 0))
    headline = (high >= 4) & (low * 8 <= high)
    # One name may keep its capital in a text whose sentences have none.
    sentences = count(letters & begins & capital)
    flat = (spoken >= 1) & ((capitals == 0) | ((sentences == 0) & (capitals * 8 <= spoken)))
    return np.where(shouting | headline, LOUD, np.where(flat, FLAT, NORMAL)).astype(np.int8)


def look(text: Text) -> Context:
    """Read the facts of every word off a text."""
    classes = lexicon.classes_of(text.hashes)
    size, places = len(text), np.arange(len(text))
    separator = text.hashes == text.hashes[0]
    borders = np.flatnonzero(separator)
    letters = (text.kinds & LETTER) != 0
    is_digits = text.kinds == DIGIT
    capital = (text.initial & UPPER) != 0
    single = letters & (text.ends - text.starts == 1)
    after = text.after
    initial = single & capital & (text.hashes != word_hash("i"))
    shortened = (((classes & lexicon.ABBREVIATION) != 0) | initial) & ((after & (BANG | LINE)) == 0)
    stop = ((after & (STOP | SPACE)) == STOP | SPACE) & ~shortened
    breaks = separator | stop | ((after & LINE) != 0)
    breaks[:-1] |= separator[1:]
    begins = np.ones(size, bool)
    begins[1:] = breaks[:-1]
    # A capital here says nothing: the word opens a sentence, or stands after a colon, a dash or an opening quote.
    opens = begins.copy()
    opens[1:] |= (after[:-1] & (COLON | OPEN | STOP | QUOTE)) != 0
    sentence_first = np.maximum.accumulate(np.where(begins, places, 0))
    ends = np.where(breaks, places + 1, size)
    sentence_last = np.minimum.accumulate(ends[::-1])[::-1]
    clause = breaks | ((after & (COMMA | COLON | STOP | CLOSE | OTHER)) != 0)
    clause_last = np.minimum.accumulate(np.where(clause, places + 1, size)[::-1])[::-1]
    rating = _ratings(text, classes, is_digits)
    starred = np.zeros(size, bool)
    starred[1:] = (after[:-1] & STAR) != 0
    next_rating = np.minimum.accumulate(np.where(rating | starred, places, size)[::-1])[::-1]
    tag = (text.before_last & (HASH | AT)) != 0
    function = (classes & lexicon.FUNCTION) != 0
    regime = _regimes(text, borders, capital, opens, begins, ~function & ~tag & ~rating)
    # A year that quotes hold is a title.
    held = np.zeros(size, bool)
    held[1:] = ((after[:-1] & QUOTE) != 0) & ((after[1:] & QUOTE) != 0)
    year = np.where(held, 0, _year_of(text, is_digits))

    aside = rating | tag | separator
    lead = (classes & lexicon.LEAD) != 0
    trail = (classes & lexicon.TRAIL) != 0
    brand = (classes & lexicon.BRAND) != 0
    in_year = (year > 0) & ((text.before_last & OPEN) != 0)
    based = np.zeros(size, bool)
    for step in (1, 2, 3):
        based[step:] |= (classes[:-step] & lexicon.BASED) != 0
    small = (classes & lexicon.SMALL) != 0
    hung = np.zeros(size, bool)  # "s" of "Ocean's": no capital is to be expected
    hung[1:] = ((after[:-1] & (SPACE | QUOTE)) == QUOTE) & letters[:-1]
    kinds = {
        "left": ~aside & ~(lead & (~capital | begins)),
        "left_loud": ~aside & ~lead,
        "right": ~aside & ~(trail & (~capital | brand)) & ~in_year,
        "right_loud": ~aside & ~trail & ~in_year,
        "low": letters & ~capital & ~small & ~hung & ((text.initial & LOWER) != 0),
        "shown": capital & ~opens,
        "capital": capital,
        "watch": (classes & lexicon.WATCH) != 0,
        "film": ((classes & lexicon.FILM) != 0) & ~based,
        "tv": ((classes & lexicon.TV) != 0) & ~based & ~_shown(text, classes),
        "talk": (classes & lexicon.TALK) != 0,
        "off topic": (classes & lexicon.OFF_TOPIC) != 0,
        "rating": rating | starred,
        "break": breaks,
    }
    totals = {}
    for name, mask in kinds.items():
        running = np.zeros(size + 1, np.int32)
        np.cumsum(mask, out=running[1:])
        totals[name] = running
    return Context(
        text,
        classes,
        capital,
        opens,
        clause_last,
        sentence_first,
        sentence_last,
        rating,
        next_rating,
        tag,
        year,
        _coded(text),
        regime,
        borders,
        totals,
    )
