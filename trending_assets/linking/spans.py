"""What speaks for a range of words being a title: how it is printed, what frames it, what stands beside it."""

import numpy as np

from trending_assets.linking import lexicon as lex
from trending_assets.linking.catalogue import (
    COMMON_1, COMMON_ONE, DIGITS, FUNCTION_1, FUNCTION_2, NAME_1, RARE_1, Lookup, Matches,
)  # fmt: skip
from trending_assets.linking.context import FLAT, LOUD, NORMAL, Context
from trending_assets.linking.fold import (
    APOSTROPHE, AT, BANG, CLOSE, COLON, COMMA, DASH, DIGIT, HASH, LETTER, LINE, OPEN, OTHER, QUOTE, SLASH, SOLO, SPACE, STOP, Array,
)  # fmt: skip

STYLES = ("name", "opening", "lower", "flat", "loud")
"""How a range is printed: with capitals that say something; with capitals that any sentence has; in lower case; in a text
without capitals; in a text of capitals."""
NAME_STYLE, OPENING, LOWER_STYLE, FLAT_STYLE, LOUD_STYLE = range(5)


def styles(context: Context, first: Array, last: Array) -> Array:
    """How each range of words is printed (STYLES)."""
    regime = context.regime[context.text.owner[first]]
    count = last - first
    low = context.count("low", first, last)
    # The article may stay small: "the Great Gatsby"; a single small word may not.
    article = (count > 1) & context.has(first, lex.ARTICLE) & ~context.capital[first]
    small_alone = (count == 1) & context.has(first, lex.SMALL) & ~context.capital[first]
    low = low - (article & ~context.has(first, lex.SMALL)) + small_alone
    shown = context.count("shown", first, last)
    normal = np.where(low > 0, LOWER_STYLE, np.where(shown > 0, NAME_STYLE, OPENING))
    loud = np.where((low > 0) & (context.count("capital", first, last) == 0), LOWER_STYLE, LOUD_STYLE)
    return np.select([regime == NORMAL, regime == FLAT], [normal, np.full(len(first), FLAT_STYLE)], loud)


def _pure(flags: Array) -> Array:
    return flags == SPACE


def _quoted(context: Context, first: Array, last: Array) -> Array:
    text = context.text
    before, behind = text.after[first - 1], text.after[last - 1]
    bare = QUOTE | APOSTROPHE
    opened = ((before & QUOTE) != 0) & ((text.before_last[first] & SPACE) == 0) & (before != bare)
    closed = ((behind & QUOTE) != 0) & ((text.after_first[last - 1] & SPACE) == 0) & (behind != bare)
    return opened & closed


def _glued(flags: Array) -> Array:
    """True where something other than a blank, a quote or a bracket ties two words: "Heat-seeking", "heat.com"."""
    tie = (flags & (DASH | APOSTROPHE | STOP | AT | SLASH)) != 0
    plain_quote = ((flags & QUOTE) != 0) & ((flags & APOSTROPHE) == 0)
    return tie & ((flags & (SPACE | OPEN | CLOSE | COLON | COMMA)) == 0) & ~plain_quote


def _names_beside(context: Context, first: Array, last: Array) -> tuple[Array, Array]:
    """Whether a capitalised word touches the range on the left and on the right, so that it is a part of a longer name."""
    text, size = context.text, len(context.text)
    normal = context.regime[text.owner[first]] == NORMAL
    # At a sentence's start a word that leads in to a title is no part of a name: "Rewatching Heat".
    unusual = ~context.has(np.arange(size), lex.FUNCTION | lex.LEAD | lex.WATCH | lex.TALK | lex.CALLED | lex.VERB) & ~_ends_in_ing(context)
    beside = context.has(np.arange(size), lex.BESIDE) & (text.ends - text.starts > 1)
    name = context.capital & (~context.opens | unusual) & ~beside & ~context.tag
    before, behind = text.after[first - 1], text.after[last - 1]
    letter = context.capital & (text.ends - text.starts == 1) | context.has(np.arange(size), lex.ABBREVIATION)
    tied = ((before & (SPACE | DASH)) == before) | (letter[first - 1] & (before == (SPACE | STOP)))
    left = name[first - 1] & tied & (before != 0)
    joint = context.has(first - 1, lex.SMALL) & ~context.capital[first - 1] & _pure(before)
    of = joint & (text.hashes[first - 1] == _OF)
    of_the = joint & (text.hashes[first - 1] == _THE) & (text.hashes[np.maximum(first - 2, 0)] == _OF)
    far = np.maximum(first - np.where(of_the, 3, 2), 0)
    left |= (of | of_the) & name[far] & _pure(text.after[far])
    right = name[last] & _pure(behind)
    # "The Man from Rio", "Monster's Ball": a joint, and a name goes on behind it.
    possessive = (text.hashes[last] == _S) & ((behind & (APOSTROPHE | SPACE)) == APOSTROPHE)
    joint = possessive & (last - first == 1) | context.has(last, lex.JOINT) & ~context.capital[last] & _pure(behind)
    past = np.minimum(last + 1, size - 1)
    past = np.minimum(past + (text.hashes[past] == _THE), size - 1)
    right |= joint & name[past] & _pure(text.after[last]) & ((text.hashes[last] == _OF) | (last - first <= 2))
    joined = (text.hashes[first - 1] == _AND_SIGN) & _pure(before)
    left |= joined & name[np.maximum(first - 2, 0)]
    return left & normal, right & normal


def _ends_in_ing(context: Context) -> Array:
    text = context.text
    characters, ends = text.characters, text.ends
    return (characters[ends - 1] == ord("g")) & (characters[ends - 2] == ord("n")) & (characters[ends - 3] == ord("i"))


def _sequel(context: Context, last: Array, style: Array) -> Array:
    """A number or a part that follows makes it another title: "Iron Man 4", "Rocky IV", "Dune: Part Three"."""
    text, size = context.text, len(context.text)
    gap = text.after[last - 1]
    near = ((gap & SPACE) != 0) & ((gap & ~(SPACE | COLON | COMMA | DASH | STOP | BANG)) == 0)
    # "Teen Titans Go! 5" is one name, "Heat. 5 people" is not.
    near &= (context.count("break", last - 1, last) == 0) | ((gap & BANG) != 0)
    after = np.minimum(last + 1, size - 1)
    digits = text.kinds == DIGIT
    short = digits & (text.ends - text.starts <= 2)
    shown = context.capital | digits | (context.regime[text.owner] == FLAT)
    numeral = short | (context.has(np.arange(size), lex.ROMAN) & shown)
    numbered = numeral[last] & ~context.rating[last] & ~context.has(after, lex.UNIT) & ((gap & COMMA) == 0)
    listed = short[last] & ((text.after[last] & (STOP | SPACE)) == (STOP | SPACE)) & ~context.opens[last]
    listed &= (text.owner[after] == text.owner[last]) & (text.after[first_of(last)] & STOP != 0)
    part = context.has(last, lex.PART) & (numeral[after] | (digits[after] & ~context.rating[after]))
    return near & ((numbered & ~listed) | part) & (style != LOWER_STYLE)


def first_of(last: Array) -> Array:
    """Place of the word before a range's end."""
    return last - 1


def _template(context: Context, first: Array, last: Array, headline: Array) -> dict[str, Array]:
    """Whether the range is all that a sentence says besides what may frame a title: "I rated … 8/10", "Review: …"."""
    text = context.text
    start, end = context.sentence_first[first], context.sentence_last[last - 1]
    end = np.minimum(end, np.maximum(context.next_rating[last], last))
    loud = (context.regime[text.owner[first]] == LOUD) | headline
    led = loud | ((text.after[first - 1] & (COLON | QUOTE)) != 0)
    left = np.where(led, context.count("left_loud", start, first), context.count("left", start, first)) == 0
    right = np.where(loud, context.count("right_loud", last, end), context.count("right", last, end)) == 0
    rated = context.count("rating", start, np.minimum(context.sentence_last[last - 1] + 3, len(text))) > 0
    rated &= context.count("rating", first, last) == 0
    framed = rated | (context.count("watch", start, first) > 0) | context.has(last, lex.BRAND)
    clause = np.minimum(end, context.clause_last[last])
    part = np.where(loud, context.count("right_loud", last, clause), context.count("right", last, clause)) == 0
    part |= (text.after[last - 1] & (COMMA | COLON)) != 0
    return {
        "template": left & right & framed,
        "alone": left & right & ~framed,
        "opening template": left & ~right & part & framed,
        "led": left & ~right & ~part & framed,
    }


def _season(context: Context, first: Array, last: Array) -> Array:
    """A numbered season beside the range: "You season 4", "season two of Fargo", "Severance S02E01"."""
    text, size = context.text, len(context.text)
    number = (text.kinds == DIGIT) | context.has(np.arange(size), lex.ROMAN | lex.ORDINAL)
    season = context.has(np.arange(size), lex.SEASON)
    after = np.minimum(last + 1, size - 1)
    near = (text.after[last - 1] & (STOP | LINE)) == 0
    follows = near & (season[last] & number[after] | number[last] & season[after] | context.coded[last])
    of = text.hashes[first - 1] == _OF
    two, three = np.maximum(first - 2, 0), np.maximum(first - 3, 0)
    return follows | of & (season[two] | (season[three] & number[two]))


def _beside(context: Context, first: Array, last: Array) -> dict[str, Array]:
    """Words next to the range that say that a title stands here, or that it is held against another one."""
    text, size = context.text, len(context.text)
    one, two, three = (np.maximum(first - n, 0) for n in (1, 2, 3))
    after = np.minimum(last + 1, size - 1)
    light = lex.LIGHT
    breaks = ((text.after[first - 1] & (STOP | LINE)) != 0) & ((text.after[first - 1] & SPACE) != 0)
    watched = context.has(one, lex.WATCH)
    watched |= context.has(two, lex.WATCH) & context.has(one, light)
    watched |= context.has(three, lex.WATCH) & context.has(one, light) & context.has(two, light)
    named = context.has(one, lex.NOUN | lex.CALLED)
    role = (context.has(one, lex.OF) & context.has(two, lex.ROLE)) | (
        context.has(one, lex.ARTICLE) & context.has(two, lex.OF) & context.has(three, lex.ROLE)
    )
    possessive = (text.hashes[last] == _S) & ((text.after[last - 1] & (APOSTROPHE | SPACE)) == APOSTROPHE)
    place = np.where(possessive, after, last)
    ended = ((text.after[last - 1] & (STOP | LINE)) != 0) & ((text.after[last - 1] & SPACE) != 0)
    linked = context.has(place, lex.LINK) & ~ended
    linked |= context.has(after, lex.BRAND) & (text.hashes[last] == _ON)
    linked |= context.has(last, lex.ARTICLE) & context.has(after, lex.LINK | lex.NOUN) & ~ended
    contraction = ((text.after[last - 1] & (APOSTROPHE | SPACE)) == APOSTROPHE) & context.has(last, lex.CONTRACTION)
    compared = context.has(one, lex.COMPARE) | (context.has(one, lex.ARTICLE) & context.has(two, lex.COMPARE))
    start, end = context.sentence_first[first], context.sentence_last[last - 1]
    talk = context.count("talk", start, first) + context.count("talk", last, end)
    return {
        "watched": watched & ~breaks,
        "named as a work": named & ~breaks,
        "work of": role & ~breaks,
        "followed by a work's word": linked,
        "possessive": possessive,
        "season": _season(context, first, last),
        "contraction": contraction,
        "compared": compared & ~breaks,
        "talk": talk > 0,
    }


def _whole(context: Context, first: Array) -> tuple[Array, Array]:
    """First and last word of the text that a range stands in."""
    borders = np.flatnonzero(context.text.hashes == context.text.hashes[0])
    owner = context.text.owner[first]
    return borders[owner], borders[owner + 1]


def evidence(context: Context, found: Matches, lookup: Lookup, headline: Array) -> dict[str, Array]:
    """Features of ranges by name, each an array of 0 and 1, `style` and `size` as numbers.

    `headline` says whether a range stands in one.
    """
    first, last = found.first, found.last
    text = context.text
    style, size = styles(context, first, last), lookup.size[found.form]
    quoted = _quoted(context, first, last)
    # Nothing but the quotes can have made a sentence's start of what they hold whole.
    named = (quoted & (style == OPENING)) | ((text.kinds[first] & SOLO) != 0)
    style = np.where(named, NAME_STYLE, np.where(size == DIGITS, OPENING, style))
    name_left, name_right = _names_beside(context, first, last)
    before, behind = text.after[first - 1], text.after[last - 1]
    beside = _beside(context, first, last)
    marks = SPACE ^ (SPACE | LINE | STOP | COMMA | COLON | OPEN | CLOSE | QUOTE | SLASH | OTHER)
    joints = np.array([text.hashes[0], _AND, _OR])
    delimited = ((before & marks) != 0) | np.isin(text.hashes[first - 1], joints)
    delimited &= ((behind & marks) != 0) | np.isin(text.hashes[last], joints)
    subtitle = ((text.after_first[last - 1] & COLON) != 0) | ((behind & (SPACE | COLON | DASH)) > SPACE)
    subtitle &= (behind & (STOP | QUOTE | CLOSE | LINE)) == 0
    subtitle &= (context.capital[last] | (context.regime[text.owner[first]] == FLAT)) & ((text.kinds[last] & LETTER) != 0)
    hashtag = (text.before_last[first] & HASH) != 0
    template = _template(context, first, last, headline)
    elsewhere = ~beside["talk"] & (context.count("talk", *_whole(context, first)) > 0)
    corroborated = quoted | beside["watched"] | beside["named as a work"] | beside["work of"] | hashtag
    corroborated |= beside["followed by a work's word"] | template["template"] | template["alone"] | template["opening template"]
    single_function = np.isin(size, (FUNCTION_1, FUNCTION_2))
    weak = np.isin(size, (FUNCTION_1, COMMON_1, DIGITS, FUNCTION_2, COMMON_ONE))
    glue_left = _glued(before) & ~hashtag
    glue_right = _glued(behind) & ~beside["possessive"]
    return {
        "style": style,
        "size": size,
        **template,
        "weak named": weak & beside["named as a work"] & ((style == NAME_STYLE) | (size == DIGITS)),
        "weak alone": weak & template["alone"],
        "quoted": quoted,
        "weak quoted": weak & quoted,
        "hashtag": hashtag & (last - first == 1),
        "weak hashtag": weak & hashtag & (last - first == 1),
        "delimited": delimited,
        "inside a name on the left": name_left,
        "inside a name on the right": name_right,
        "subtitle follows": subtitle & ~context.has(last, lex.FUNCTION),
        "article or such after a colon": subtitle & context.has(last, lex.FUNCTION),
        "calendar": context.has(first, lex.CALENDAR) & (last - first == 1),
        "capital article before": context.has(first - 1, lex.ARTICLE) & context.capital[first - 1] & ~context.opens[first - 1] & _pure(before),
        "opinion": context.has(first, lex.OPINION) & (last - first == 1),
        "opens as a subject": (style == OPENING) & context.has(last, lex.VERB) & (behind == SPACE),
        "nothing else": (size <= DIGITS) & ~beside["talk"] & ~elsewhere & ~corroborated,
        "after an article": context.has(first - 1, lex.ARTICLE) & (before == SPACE) & ~context.capital[first - 1],
        "sequel": _sequel(context, last, style),
        "ends in a rating": context.rating[last - 1],
        "glued": glue_left | glue_right,
        "headline": headline,
        "talk elsewhere": elsewhere,
        **beside,
        "contraction": beside["contraction"] & single_function,
        "possessive": beside["possessive"] & ~single_function,
    }


def _hash(word: str) -> np.uint64:
    import polars as pl

    from trending_assets.linking.fold import read

    return read(pl.Series([word])).hashes[1]


_OF, _THE, _S, _ON, _AND, _OR, _AND_SIGN = (_hash(word) for word in ("of", "the", "s", "on", "and", "or", "&"))
