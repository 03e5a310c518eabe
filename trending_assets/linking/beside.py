"""Words beside a range: a longer name that it is only a part of, a sequel's number, a season, talk of works."""

import numpy as np

from trending_assets.linking import lexicon as lex
from trending_assets.linking.context import FLAT, NORMAL, Context
from trending_assets.linking.fold import (
    APOSTROPHE, BANG, COLON, COMMA, DASH, DIGIT, LINE, LOWER, SPACE, STOP, Array, word_hash,
)  # fmt: skip

_OF, _THE, _S, _ON, _AND_SIGN = (word_hash(word) for word in ("of", "the", "s", "on", "&"))
_LEADS_IN = lex.FUNCTION | lex.LEAD | lex.WATCH | lex.TALK | lex.CALLED | lex.VERB


def _is_name(context: Context, place: Array) -> Array:
    """True for words printed as a part of a name, and not as what may stand in capitals beside a title.

    At a sentence's start a word that leads in to a title is none: "Rewatching Heat".
    """
    text = context.text
    ends, long = text.ends[place], text.ends[place] - text.starts[place] > 1
    ing = text.characters[ends - 1] == ord("g")
    ing &= (text.characters[ends - 2] == ord("n")) & (text.characters[ends - 3] == ord("i"))
    plain = context.opens[place] & (context.has(place, _LEADS_IN) | ing)
    return context.capital[place] & ~plain & ~(context.has(place, lex.BESIDE) & long) & ~context.tag[place]


def names_beside(context: Context, first: Array, last: Array) -> tuple[Array, Array]:
    """Whether a name goes on to the left and to the right of the range, so that the range is only a part of it."""
    text, final = context.text, len(context.text) - 1
    one, two = first - 1, np.maximum(first - 2, 0)
    before, behind = text.after[one], text.after[last - 1]
    blank_before, blank_behind = before == SPACE, behind == SPACE
    short = context.capital[one] & (text.ends[one] - text.starts[one] == 1) | context.has(one, lex.ABBREVIATION)
    tied = (before != 0) & ((before & (SPACE | DASH)) == before) | short & (before == (SPACE | STOP))
    left = _is_name(context, one) & tied
    # "Return of the King", "Minions & Monsters": a joint, and a name before it.
    small = ~context.capital[one] & blank_before
    of_the = small & (text.hashes[one] == _THE) & (text.hashes[two] == _OF)
    joint = of_the | small & ((text.hashes[one] == _OF) | (text.hashes[one] == _AND_SIGN))
    far = np.maximum(first - np.where(of_the, 3, 2), 0)
    left |= joint & _is_name(context, far) & (text.after[far] == SPACE)
    right = _is_name(context, last) & blank_behind
    # "Heat of the Night", "Monster's Ball".
    owner = (text.hashes[last] == _S) & ((behind & (APOSTROPHE | SPACE)) == APOSTROPHE) & (last - first == 1)
    joint = owner | context.has(last, lex.JOINT) & ~context.capital[last] & blank_behind
    past = np.minimum(last + 1, final)
    past = np.minimum(past + (text.hashes[past] == _THE), final)
    right |= joint & _is_name(context, past) & (text.after[last] == SPACE)
    normal = context.regime[text.owner[first]] == NORMAL
    return left & normal, right & normal


def sequel(context: Context, first: Array, last: Array) -> Array:
    """A number or a part that follows makes it another title: "Iron Man 4", "Rocky IV", "Dune: Part Three"."""
    text = context.text
    gap, after = text.after[last - 1], np.minimum(last + 1, len(text) - 1)
    near = ((gap & SPACE) != 0) & ((gap & ~(SPACE | COLON | COMMA | DASH | STOP | BANG)) == 0)
    # "Teen Titans Go! 5" is one name, "Heat. 5 people" is not.
    near &= (context.count("break", last - 1, last) == 0) | ((gap & BANG) != 0)
    flat = context.regime[text.owner[last]] == FLAT

    def numeral(place: Array) -> Array:
        short = (text.kinds[place] == DIGIT) & (text.ends[place] - text.starts[place] <= 2)
        return (short | context.has(place, lex.ROMAN) & (context.capital[place] | flat)) & ~context.rating[place]

    numbered = numeral(last) & ~context.has(after, lex.UNIT) & ((gap & COMMA) == 0)
    # "1. Heat 2. Alien": the number opens the next item of a list.
    numbered_before = (text.kinds[first - 1] == DIGIT) & ((text.after[first - 1] & STOP) != 0)
    listed = ((text.after[last] & (STOP | SPACE)) == (STOP | SPACE)) & (text.owner[after] == text.owner[last])
    listed &= (text.kinds[last] == DIGIT) & (((gap & STOP) != 0) | numbered_before)
    return near & (numbered & ~listed | context.has(last, lex.PART) & numeral(after))


def season(context: Context, first: Array, last: Array) -> Array:
    """A numbered season beside the range: "You season 4", "season two of Fargo", "Severance S02E01"."""
    text = context.text
    after, two, three = np.minimum(last + 1, len(text) - 1), np.maximum(first - 2, 0), np.maximum(first - 3, 0)

    def number(place: Array) -> Array:
        return (text.kinds[place] == DIGIT) | context.has(place, lex.ROMAN | lex.ORDINAL)

    def named(place: Array) -> Array:
        return context.has(place, lex.SEASON)

    gap = text.after[last - 1]
    near = ((gap & (STOP | LINE)) == 0) | ((gap & LINE) == 0) & ((text.initial[last] & LOWER) != 0)
    follows = named(last) & number(after) | number(last) & named(after) | context.coded[last]
    of = text.hashes[first - 1] == _OF
    return near & follows | of & (named(two) | named(three) & number(two))


def beside(context: Context, first: Array, last: Array) -> dict[str, Array]:
    """Words next to the range that say that a title stands here, or that another one is held against it."""
    text = context.text
    one, two, three = (np.maximum(first - n, 0) for n in (1, 2, 3))
    after, gap = np.minimum(last + 1, len(text) - 1), text.after[last - 1]
    goes_on = context.count("break", first - 1, first) == 0
    open_ = context.count("break", last - 1, last) == 0
    light_1, light_2, article = context.has(one, lex.LIGHT), context.has(two, lex.LIGHT), context.has(one, lex.ARTICLE)
    watched = context.has(one, lex.WATCH) | light_1 & (
        context.has(two, lex.WATCH) | light_2 & context.has(three, lex.WATCH)
    )
    of_role = context.has(one, lex.OF) & context.has(two, lex.ROLE)
    of_role |= article & context.has(two, lex.OF) & context.has(three, lex.ROLE)
    hung = (gap & (APOSTROPHE | SPACE)) == APOSTROPHE
    possessive = (text.hashes[last] == _S) & hung
    linked = context.has(np.where(possessive, after, last), lex.LINK)
    linked |= context.has(after, lex.BRAND) & (text.hashes[last] == _ON)
    linked |= context.has(last, lex.ARTICLE) & context.has(after, lex.LINK | lex.NOUN)
    compared = context.has(one, lex.COMPARE) | article & context.has(two, lex.COMPARE)
    start, end = context.sentence_first[first], context.sentence_last[last - 1]
    talk = context.count("talk", start, first) + context.count("talk", last, end) > 0
    off = context.count("off topic", start, first) + context.count("off topic", last, end) > 0
    text_first, text_last = context.borders[text.owner[first]], context.borders[text.owner[first] + 1]
    return {
        "watched": watched & goes_on,
        "named as a work": context.has(one, lex.NOUN | lex.CALLED) & goes_on,
        "work of": of_role & goes_on,
        "followed by a work's word": linked & open_,
        "review behind": context.has(np.where(possessive, after, last), lex.REVIEW) & open_,
        "noun behind": context.has(last, lex.NOUN | lex.TV) & (gap == SPACE),
        "possessive": possessive,
        "season": season(context, first, last),
        "contraction": hung & context.has(last, lex.CONTRACTION),
        "compared": compared & goes_on,
        "talk": talk,
        "off topic": off & ~talk,
        "talk elsewhere": ~talk & (context.count("talk", text_first, text_last) > 0),
    }
