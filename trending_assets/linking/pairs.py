"""What speaks for one title of a name rather than another: how the form came about, year, medium, people, popularity."""

from dataclasses import dataclass

import numpy as np

from trending_assets.linking import cues
from trending_assets.linking import lexicon as lex
from trending_assets.linking.catalogue import Catalogue, Lookup, Matches
from trending_assets.linking.context import LOUD, Context
from trending_assets.linking.fold import BANG, CLOSE, COLON, COMMA, HASH, LOWER, OPEN, SPACE, UPPER, Array
from trending_assets.linking.forms import MOVED, OWNED, spelling_hash
from trending_assets.linking.people import people_named
from trending_assets.linking.spans import LOWER_STYLE, styles

AHEAD_YEARS = 4
"""Nobody writes about a title more than four years before its year."""
TYPICAL_POPULARITY = 10.0
"""What a title of unknown popularity counts as."""


@dataclass(frozen=True)
class Cues:
    """Year and medium that speak for a range's title; 0 where nothing does. `medium_sure`: its sentence says so twice."""

    year: Array
    year_near: Array
    year_far: Array
    medium: Array
    medium_near: Array
    medium_far: Array
    medium_sure: Array
    remake: Array


def cues_of(context: Context, first: Array, last: Array) -> Cues:
    """The cues that the words around ranges hold."""
    year, year_near = cues.years(context, first, last)
    remake = cues.remakes(context, first, last)
    owner = context.text.owner[first]
    year_far = cues.years_of_texts(context, int(context.text.owner[-1]) + 1)[owner]
    return Cues(year, year_near, year_far, *cues.media(context, first, last), remake)


def expand(lookup: Lookup, found: Matches) -> tuple[Array, Array]:
    """Every (range, title) pair: position of the range, and of the lookup's entry."""
    counts = (lookup.ends - lookup.begins)[found.form]
    span = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(len(span)) - np.repeat(np.cumsum(counts) - counts, counts)
    return span, lookup.begins[found.form][span] + offset


def title_features(
    catalogue: Catalogue, said: Cues, written: Array, span: Array, row: Array, kind: Array
) -> dict[str, Array]:
    """Features of (range, title) pairs by name, arrays of 0 and 1 or of a quantity.

    `written` is the year in which each range was written. Pairs are sorted by `span`.
    """
    known = catalogue.known
    year, popularity = known["year"][row], known["popularity"][row]
    dated = year > 0
    now = written[span]
    age = now - year
    printed, near = said.year[span], said.year_near[span]
    is_tv = np.where(known["is_tv"][row], cues.TV_CUE, cues.FILM_CUE)
    far = np.where((printed > 0) | (near > 0), 0, said.year_far[span])
    gap, gap_near = np.abs(year - printed), np.abs(year - near)
    medium, sentence, whole = said.medium[span], said.medium_near[span], said.medium_far[span]
    sentence = np.where(medium == 0, sentence, 0)
    whole = np.where((medium == 0) & (sentence == 0), whole, 0)
    newest, oldest = _extremes(span, year, dated)
    remake = said.remake[span]
    counts = np.bincount(span, minlength=int(span.max(initial=-1)) + 1)
    shared = (counts > 1)[span] if len(span) else dated
    unheard = np.isnan(popularity)
    heard = np.log(np.clip(popularity, 0.1, 500.0) / TYPICAL_POPULARITY)
    begins = np.flatnonzero(np.append(True, span[1:] != span[:-1])) if len(span) else np.zeros(0, np.int64)
    best = np.maximum.reduceat(np.where(unheard, -np.inf, heard), begins) if len(span) else heard
    best = np.repeat(best, counts[counts > 0])
    none = np.isinf(best)
    unranked = shared & _some(span, unheard)
    generation = np.where(dated, np.digitize(age, (1.5, 4.5, 30.5)), 1)
    youngest = np.repeat(np.minimum.reduceat(generation, begins), counts[counts > 0]) if len(span) else generation
    fresh_one = _some(span, dated & (age == 0))
    return {
        **{f"form {number}": kind == number for number in range(1, OWNED + 1)},
        "year right": (printed > 0) & dated & (gap == 0),
        "year off by one": (printed > 0) & dated & (gap == 1),
        "year wrong": (printed > 0) & dated & (gap > 1),
        "year unknown": (printed > 0) & ~dated,
        "year of the text right": (far > 0) & dated & (year == far),
        "year of the text wrong": (far > 0) & dated & (np.abs(year - far) > 1),
        "year near right": (near > 0) & dated & (gap_near == 0),
        "year near wrong": (near > 0) & dated & (gap_near > 1),
        "medium right": medium == is_tv,
        "medium wrong": medium == -is_tv,
        "medium right in the sentence": sentence == is_tv,
        "medium wrong in the sentence": sentence == -is_tv,
        "medium right in the sentence twice": (sentence == is_tv) & said.medium_sure[span],
        "medium wrong in the sentence twice": (sentence == -is_tv) & said.medium_sure[span],
        "another of the sentence's medium": (sentence == -is_tv) & _some(span, sentence == is_tv),
        "medium right in the text": whole == is_tv,
        "medium wrong in the text": whole == -is_tv,
        "remake right": ((remake > 0) & newest) | ((remake < 0) & oldest),
        "remake wrong": ((remake > 0) & oldest) | ((remake < 0) & newest),
        "popularity": np.where(none, 0.0, best),
        "popularity behind": np.where(none | unheard, 0.0, heard - np.where(none, 0.0, best)),
        "popularity unknown": none,
        # Nobody ranks it, though another title of the name is ranked.
        "unheard beside a known one": np.where(unheard & ~none, np.maximum(best, 0.0), 0.0),
        "next year's": dated & (age == -1),
        "ahead": dated & (age < -1),
        "new": dated & (age >= 0) & (age <= 1),
        "this year's": dated & (age == 0),
        "recent": dated & (age > 1) & (age <= 4),
        "older": dated & (age > 4),
        "old": dated & (age > 30),
        "undated": ~dated,
        "another is this year's": fresh_one & ~(dated & (age == 0)),
        # Where popularity cannot rank titles of one name, age has to.
        "unranked and older": np.where(unranked, generation - youngest, 0),
    }


def text_features(
    context: Context,
    catalogue: Catalogue,
    lookup: Lookup,
    found: Matches,
    documents: Array,
    covered: Array,
    subtitled: Array,
    span: Array,
    entry: Array,
) -> dict[str, Array]:
    """Features that need the text: spelling, and people that it names.

    `documents` is the document of each text; `covered` and `subtitled` are of each range.
    """
    first, last = found.first[span], found.last[span]
    row, kind = lookup.rows[entry], lookup.kinds[entry]
    spelled = _spelling(context, lookup, first, last, span, entry)
    comma = (context.text.after[np.maximum(last - 2, 0)] & COMMA) != 0
    behind = context.text.after[last - 1]
    exact, low = spelled["printed exactly"], styles(context, first, last) == LOWER_STYLE
    # "Matrix, The; Shining, The": an article and what follows its list mark are no name.
    apart = context.has(first, lex.ARTICLE) & ((context.text.after[first] & (COMMA | COLON | OPEN | CLOSE)) != 0)
    return {
        **spelled,
        "with its mark": lookup.marked[entry] & ((context.text.after_first[last - 1] & BANG) != 0),
        "small as catalogued": exact & low & (last - first > 1),
        "broken": ((context.count("break", first, last - 1) > 0) | (apart & (last - first > 1))) & ~exact,
        "moved without a comma": (kind == MOVED) & ~comma,
        "moved, and ends there": (kind == MOVED) & comma & (behind != SPACE),
        "moved before a dash": (kind == MOVED) & comma & subtitled[span],
        "a show's subtitle": subtitled[span] & catalogue.known["is_tv"][row],
        **people_named(context, first, last, row, documents, catalogue.titles, covered[span]),
    }


def _some(span: Array, mask: Array) -> Array:
    """True for pairs of ranges some pair of which is in the mask."""
    return np.bincount(span, mask, minlength=1)[span] > 0 if len(span) else mask


def too_early(catalogue: Catalogue, row: Array, written: Array) -> Array:
    """True for titles whose year is further ahead of the text than anybody writes."""
    year = catalogue.known["year"][row]
    return (year > 0) & (year > written + AHEAD_YEARS)


def _extremes(span: Array, year: Array, dated: Array) -> tuple[Array, Array]:
    """Whether a title is the newest, and whether it is the oldest, of two or more years of its name."""
    if not len(span):
        return dated, dated
    begins = np.flatnonzero(np.append(True, span[1:] != span[:-1]))
    lengths = np.diff(np.append(begins, len(span)))
    low = np.repeat(np.minimum.reduceat(np.where(dated, year, 9999), begins), lengths)
    high = np.repeat(np.maximum.reduceat(year, begins), lengths)
    several = (low < high) & dated
    return several & (year == high), several & (year == low)


def _spelling(
    context: Context, lookup: Lookup, first: Array, last: Array, span: Array, entry: Array
) -> dict[str, Array]:
    """Whether a name is printed just as the catalogue has it, and whether its capitals speak against that: "US" for "Us"."""
    text = context.text
    ranges, place = np.unique(span, return_index=True)
    surfaces = text.printed(first[place], last[place])
    printed = spelling_hash(surfaces).to_numpy()[np.searchsorted(ranges, span)]
    exact = np.logical_or.reduce([printed == spelling[entry] for spelling in lookup.spellings])
    kinds = np.bitwise_or.reduceat(text.kinds, np.stack([first, last], 1).ravel())[::2]
    shouted = ((kinds & UPPER) != 0) & ((kinds & LOWER) == 0) & (context.regime[text.owner[first]] != LOUD)
    shouted &= (text.before_last[first] & HASH) == 0  # in hashtags capitals say nothing
    length = text.ends[last - 1] - text.starts[first]
    return {"printed exactly": exact, "shouted": shouted & ~exact & (length > 1) & (length <= 3)}
