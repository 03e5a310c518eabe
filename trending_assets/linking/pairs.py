"""What speaks for one title of a name rather than another: how the form came about, year, medium, people, popularity."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from trending_assets.linking import cues
from trending_assets.linking.catalogue import Catalogue, Lookup, Matches
from trending_assets.linking.context import LOUD, Context
from trending_assets.linking.fold import COMMA, LOWER, UPPER, Array
from trending_assets.linking.forms import JOINED, MOVED
from trending_assets.linking.people import people_named

AHEAD_YEARS = 2
"""Nobody writes about a title more than two years before its year."""
TYPICAL_POPULARITY = 10.0
"""What a title of unknown popularity counts as."""


@dataclass(frozen=True)
class Cues:
    """Year and medium that speak for a range's title; 0 where nothing does."""

    year: Array
    year_near: Array
    medium: Array
    medium_near: Array
    medium_far: Array
    remake: Array


def cues_of(context: Context, first: Array, last: Array) -> Cues:
    """The cues that the words around ranges hold."""
    year, year_near = cues.years(context, first, last)
    medium, medium_near, medium_far = cues.media(context, first, last)
    return Cues(year, year_near, medium, medium_near, medium_far, cues.remakes(context, first, last))


def expand(lookup: Lookup, found: Matches) -> tuple[Array, Array, Array]:
    """Every (range, title) pair: position of the range, row of the title, kind of the form."""
    counts = (lookup.ends - lookup.begins)[found.form]
    span = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(len(span)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = lookup.begins[found.form][span] + offset
    return span, lookup.rows[entry].astype(np.int64), lookup.kinds[entry]


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
    best = np.full(len(counts), -np.inf)
    np.maximum.at(best, span[~unheard], heard[~unheard])
    best = best[span]
    none = np.isinf(best)
    return {
        **{f"form {number}": kind == number for number in range(1, JOINED + 1)},
        "year right": (printed > 0) & dated & (gap == 0),
        "year off by one": (printed > 0) & dated & (gap == 1),
        "year wrong": (printed > 0) & dated & (gap > 1),
        "year unknown": (printed > 0) & ~dated,
        "year near right": (near > 0) & dated & (gap_near == 0),
        "year near wrong": (near > 0) & dated & (gap_near > 1),
        "medium right": medium == is_tv,
        "medium wrong": medium == -is_tv,
        "medium right in the sentence": sentence == is_tv,
        "medium wrong in the sentence": sentence == -is_tv,
        "medium right in the text": whole == is_tv,
        "medium wrong in the text": whole == -is_tv,
        "remake right": ((remake > 0) & newest) | ((remake < 0) & oldest),
        "remake wrong": ((remake > 0) & oldest) | ((remake < 0) & newest),
        "popularity": np.where(none, 0.0, best),
        "popularity behind": np.where(none | unheard, 0.0, heard - np.where(none, 0.0, best)),
        "popularity unknown": none,
        "next year's": dated & (age == -1),
        "ahead": dated & (age < -1),
        "new": dated & (age >= 0) & (age <= 1),
        "recent": dated & (age > 1) & (age <= 4),
        "older": dated & (age > 4),
        "old": dated & (age > 30),
        "undated": ~dated,
        "shared and new": shared & dated & (age >= 0) & (age <= 1),
        "shared and recent": shared & dated & (age > 1) & (age <= 4),
        "shared and old": shared & dated & (age > 30),
    }


def text_features(
    context: Context, catalogue: Catalogue, found: Matches, documents: Array, span: Array, row: Array, kind: Array
) -> dict[str, Array]:
    """Features that need the text: spelling, and people that it names. `documents` is the document of each text."""
    first, last = found.first[span], found.last[span]
    spelled = _spelling(context, catalogue, first, last, row, span)
    comma = (context.text.after[np.maximum(last - 2, 0)] & COMMA) != 0
    return {
        **spelled,
        "broken": (context.count("break", first, last - 1) > 0) & ~spelled["printed exactly"],
        "moved without a comma": (kind == MOVED) & ~comma,
        **people_named(context, first, last, row, documents, catalogue.titles),
    }


def too_early(catalogue: Catalogue, row: Array, written: Array) -> Array:
    """True for titles whose year is further ahead of the text than anybody writes."""
    year = catalogue.known["year"][row]
    return (year > 0) & (year > written + AHEAD_YEARS)


def _extremes(span: Array, year: Array, dated: Array) -> tuple[Array, Array]:
    """Whether a title is the newest, and whether it is the oldest, of two or more years of its name."""
    size = int(span.max(initial=-1)) + 1
    low, high = np.full(size, 9999), np.zeros(size, np.int64)
    np.minimum.at(low, span[dated], year[dated])
    np.maximum.at(high, span[dated], year[dated])
    several = (low < high)[span] & dated
    return several & (year == high[span]), several & (year == low[span])


def _spelling(
    context: Context, catalogue: Catalogue, first: Array, last: Array, row: Array, span: Array
) -> dict[str, Array]:
    """Whether a name is printed just as the catalogue has it, and whether its capitals speak against that: "US" for "Us"."""
    text = context.text
    ranges, place = np.unique(span, return_index=True)
    of_span = np.searchsorted(ranges, span)
    begins, ends = text.raw_starts[first[place]], text.raw_ends[last[place] - 1]
    raw = text.raw
    surfaces = pl.Series([raw[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)], dtype=pl.String)
    frame = catalogue.titles.select("title", "original_title")[row].with_columns(surface=surfaces[of_span])
    bare = [pl.col(c).str.strip_chars(" .!?…") for c in ("title", "original_title", "surface")]
    same = frame.select((bare[0] == bare[2]) | (bare[1] == bare[2]).fill_null(False)).to_series().fill_null(False)
    kinds = np.bitwise_or.reduceat(text.kinds, np.stack([first, last], 1).ravel())[::2]
    shouted = ((kinds & UPPER) != 0) & ((kinds & LOWER) == 0) & (context.regime[text.owner[first]] != LOUD)
    exact = same.to_numpy()
    return {"printed exactly": exact, "shouted": shouted & ~exact & (text.ends[last - 1] - text.starts[first] > 1)}
