"""Documents to scored pairs: fold, match, weigh. Everything runs over whole columns."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from trending_assets.linking import lexicon
from trending_assets.linking import pairs as pairing
from trending_assets.linking.catalogue import (
    RARE_ONE,
    Catalogue,
    Lookup,
    Matches,
)
from trending_assets.linking.context import Context, look
from trending_assets.linking.decide import Pairs, clusters, covered
from trending_assets.linking.fold import HASH, OPEN, QUOTE, Array, Text
from trending_assets.linking.people import owner_before
from trending_assets.linking.spans import FLAT_STYLE, LOWER_STYLE, NAME_STYLE, OPENING, evidence, styles
from trending_assets.linking.weights import BASE, PAIR, REVIEW, SPAN, weigh

GAIN = 6.0
"""What a title's own evidence can add at most to a range, year and people aside: ranges that need more are not looked at."""


@dataclass(frozen=True)
class Reading:
    """Scored pairs of texts, with the ranges and features that they rest on; `framed` are documents headed as a review."""

    text: Text
    found: Matches
    pairs: Pairs
    span_features: dict[str, Array]
    pair_features: dict[str, Array]
    headline: Array
    review: Array
    framed: Array


def hashtags(text: Text) -> pl.Series:
    """Folded words behind a '#', once each."""
    places = np.flatnonzero((text.before_last & HASH) != 0)
    folded = text.folded
    return pl.Series(
        sorted({folded[a:b] for a, b in zip(text.starts[places], text.ends[places], strict=True)}), dtype=pl.String
    )


def score(
    text: Text,
    lookup: Lookup,
    catalogue: Catalogue,
    headline: Array,
    review: Array,
    news: Array,
    written: Array,
    documents: Array,
) -> Reading:
    """Score every title that the texts can name.

    `headline`, `review`, `news`, `written` (a year) and `documents` are of each text.
    """
    context = look(text)
    found = lookup.find(text)
    order = np.lexsort((-found.last, found.first))
    found = Matches(found.first[order], found.last[order], found.form[order])
    found = _likely(context, found, lookup)
    owner = text.owner[found.first]
    seen = evidence(context, found, lookup, headline[owner], review[owner], news[owner])
    said_of = base(seen, review[owner])
    # A year or an owner beside a range may still add much: "Once (2007)", "It, the 1990 miniseries", "Mendes' 1917".
    hinted = _dated(context, found.first, found.last) | owner_before(context, found.first)
    kept = said_of >= np.where(hinted, -GAIN - 2.5, -GAIN)
    found = Matches(found.first[kept], found.last[kept], found.form[kept])
    seen, said_of, owner = {k: v[kept] for k, v in seen.items()}, said_of[kept], owner[kept]
    said = pairing.cues_of(context, found.first, found.last)
    document = documents[owner].astype(np.int64)
    _, again, counts = np.unique(
        document * (len(lookup.forms) + 1) + found.form, return_inverse=True, return_counts=True
    )
    late = {
        "repeated": counts[again] > 1,
        "in a longer name": covered(found.first, found.last),
        "listed": _listed(context, found, seen),
        "year printed": said.year > 0,
        "medium named": said.medium != 0,
    }
    late["opinion"] = seen["opinion"] & ~late["listed"]
    said_of = said_of + weigh(late, SPAN) + review[owner] * weigh({"listed": late["listed"]}, REVIEW)
    span, entry = pairing.expand(lookup, found)
    early = ~pairing.too_early(catalogue, lookup.rows[entry], written[owner][span])
    span, entry = span[early], entry[early]
    row, kind = lookup.rows[entry], lookup.kinds[entry]
    of_title = pairing.title_features(catalogue, said, written[owner], span, row, kind)
    so_far = said_of[span] + weigh(of_title, PAIR) + review[owner][span] * weigh(of_title, REVIEW)
    alive = np.flatnonzero(so_far > -GAIN - 1)
    if len(alive) < len(span):
        span, entry, row, so_far = span[alive], entry[alive], row[alive], so_far[alive]
        of_title = {k: v[alive] for k, v in of_title.items()}
    framed = _framed(context, headline, documents)
    late["only name"] = _only_name(found, seen, late, document, span)
    late["below a framed headline"] = ~headline[owner] & np.isin(document, framed)
    of_review = {name: late[name][span] for name in ("only name", "below a framed headline")}
    so_far = so_far + review[owner][span] * weigh(of_review, REVIEW)
    of_text = pairing.text_features(
        context, catalogue, lookup, found, documents, late["in a longer name"], seen["subtitle follows"], span, entry
    )
    total = so_far + weigh(of_text, PAIR)
    best = np.full(len(found.first), -np.inf)
    np.maximum.at(best, span, total)
    cluster = clusters(found.first, found.last, best)
    # A review is about one title, so all of its names compete.
    cluster = np.where(review[owner], 2 * len(cluster) + document, cluster)
    return Reading(
        text,
        found,
        Pairs(cluster[span], document[span], span, row, found.form[span], total),
        seen | late,
        of_title | of_text,
        headline[owner],
        review[owner],
        framed,
    )


def _likely(context: Context, found: Matches, lookup: Lookup) -> Matches:
    """Matches without those that are hopeless at a glance: everyday words in lower case that nothing marks."""
    text = context.text
    before, behind = text.after[found.first - 1], text.after[found.last - 1]
    marked = ((before | behind) & (QUOTE | HASH)) != 0
    marked |= _dated(context, found.first, found.last) | owner_before(context, found.first)
    marked |= context.has(found.last, lexicon.SEASON)
    odds = BASE[lookup.size[found.form], styles(context, found.first, found.last)]
    kept = np.flatnonzero((odds > -6.7) | marked)
    return Matches(found.first[kept], found.last[kept], found.form[kept])


def _dated(context: Context, first: Array, last: Array) -> Array:
    """True where one of the next three words is a year, or one of the two before."""
    final = len(context.text) - 1
    ahead = [context.year[np.minimum(last + n, final)] > 0 for n in range(3)]
    return np.logical_or.reduce([*ahead, *(context.year[np.maximum(first - n, 0)] > 0 for n in (1, 2))])


def _only_name(found: Matches, seen: dict[str, Array], late: dict[str, Array], document: Array, span: Array) -> Array:
    """True for ranges of documents in which nothing else is printed as a name of a title."""
    live = np.zeros(len(found.first), bool)
    live[span] = True
    live &= (seen["style"] != LOWER_STYLE) & ~late["in a longer name"]
    forms = np.unique(np.stack([document[live], found.form[live]]), axis=1)[0]
    return live & (np.bincount(forms, minlength=int(document.max(initial=0)) + 1)[document] == 1)


def _framed(context: Context, headline: Array, documents: Array) -> Array:
    """Documents whose headline is that of a review of one title: a year in brackets, or the word itself."""
    text = context.text
    says = (context.year > 0) & ((text.before_last & OPEN) != 0) | context.has(np.arange(len(text)), lexicon.REVIEW)
    says &= text.owner < len(headline)
    owner = text.owner[says]
    return np.unique(documents[owner[headline[owner]]])


def base(seen: dict[str, Array], review: Array) -> Array:
    """Log-odds of ranges being a title, by how they are printed and what stands around them."""
    of_review = weigh(seen | {"review": review}, REVIEW)
    sure = {name: value for name, value in seen.items() if name != "opinion"}  # weighed once lists are known
    return BASE[seen["size"], seen["style"]] + weigh(sure, SPAN) + review * of_review


def _listed(context: Context, found: Matches, seen: dict[str, Array]) -> Array:
    """True for ranges of a list: three or more of a sentence between commas or "and", or of a text on lines of their own.

    They are printed as names, and not all of them are everyday words unless the sentence speaks of films.
    """
    named = np.isin(seen["style"], (NAME_STYLE, OPENING)) | (seen["style"] == FLAT_STYLE) & seen["talk"]
    unit = seen["delimited"] & named & ~covered(found.first, found.last)
    sentence, owner = context.sentence_first[found.first], context.text.owner[found.first]
    line = unit & (sentence == found.first) & (context.sentence_last[found.last - 1] == found.last)
    sure = (seen["size"] >= RARE_ONE) | seen["talk"]
    size = len(context.text)

    def three(group: Array, of: Array) -> Array:
        counts, some = np.bincount(group[of], minlength=size), np.bincount(group[of & sure], minlength=size)
        return of & (counts[group] >= 3) & (some[group] > 0)

    return three(sentence, unit) | three(owner, line)
