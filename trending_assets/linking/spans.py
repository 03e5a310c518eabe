"""What speaks for a range of words being a title: how it is printed, what frames it, what stands beside it."""

import numpy as np

from trending_assets.linking import lexicon as lex
from trending_assets.linking.beside import Around, beside, names_beside, sequel
from trending_assets.linking.catalogue import (
    COMMON_1,
    COMMON_2,
    COMMON_ONE,
    DIGITS,
    FUNCTION_1,
    FUNCTION_2,
    LESS_1,
    LONG,
    NAMES_2,
    RARE_2,
    RARE_BOTH,
    RARE_ONE,
    Lookup,
    Matches,
)  # fmt: skip
from trending_assets.linking.context import FLAT, LOUD, NORMAL, Context
from trending_assets.linking.fold import (
    APOSTROPHE,
    AT,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    DIGIT,
    HASH,
    LETTER,
    LINE,
    LOWER,
    OPEN,
    OTHER,
    QUOTE,
    SLASH,
    SOLO,
    SPACE,
    STOP,
    Array,
    word_hash,
)  # fmt: skip

STYLES = ("name", "opening", "lower", "flat", "loud")
"""How a range is printed: with capitals that say something; with capitals that any sentence has; in lower case; in a text
without capitals; in a text of capitals."""
SURPRISE = 6.0
"""-log10 of the share of a word, or of words together, that is neither everyday nor surprising."""
NAME_STYLE, OPENING, LOWER_STYLE, FLAT_STYLE, LOUD_STYLE = range(5)
_MARKS = LINE | STOP | COMMA | COLON | OPEN | CLOSE | QUOTE | SLASH | OTHER


def styles(context: Context, first: Array, last: Array) -> Array:
    """How each range of words is printed (STYLES)."""
    regime = context.regime[context.text.owner[first]]
    # Small words may stay small inside a name, and its article before it; a small word alone may not.
    alone = (last - first == 1) & context.has(first, lex.SMALL) & ~context.capital[first]
    low = context.count("low", first, last) + alone > 0
    normal = np.where(low, LOWER_STYLE, np.where(context.count("shown", first, last) > 0, NAME_STYLE, OPENING))
    loud = np.where(low & (context.count("capital", first, last) == 0), LOWER_STYLE, LOUD_STYLE)
    return np.where(regime == NORMAL, normal, np.where(regime == FLAT, FLAT_STYLE, loud))


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


def _template(context: Context, first: Array, last: Array, headline: Array) -> dict[str, Array]:
    """Whether the range is all that a sentence says besides what may frame a title: "I rated … 8/10", "Review: …"."""
    text = context.text
    start, stop = context.sentence_first[first], context.sentence_last[last - 1]
    end = np.minimum(stop, np.maximum(context.next_rating[last], last))
    loud = (context.regime[text.owner[first]] == LOUD) | headline
    led = loud | ((text.after[first - 1] & (COLON | QUOTE)) != 0)
    left = np.where(led, context.count("left_loud", start, first), context.count("left", start, first)) == 0

    def only_frame(to: Array) -> Array:
        return np.where(loud, context.count("right_loud", last, to), context.count("right", last, to)) == 0

    rated = context.count("rating", start, np.minimum(stop + 3, len(text))) > context.count("rating", first, last)
    dated = (context.year[last] > 0) & ((text.before_last[last] & OPEN) != 0)
    framed = rated | dated | (context.count("watch", start, first) > 0) | context.has(last, lex.BRAND)
    right = only_frame(end)
    # "Watched Heat last night, …": the frame ends with the clause.
    clause = only_frame(np.minimum(end, context.clause_last[last])) | ((text.after[last - 1] & (COMMA | COLON)) != 0)
    return {
        "template": left & right & framed,
        "alone": left & right & ~framed,
        "opening template": left & ~right & clause & framed,
        "led": left & ~right & ~clause & framed,
    }


def _subtitle(context: Context, last: Array) -> Array:
    """True where a colon or a dash and another word make a longer title: "Alien: Covenant", "Dhoom - The Return"."""
    text = context.text
    gap = text.after[last - 1]
    joined = ((text.after_first[last - 1] & COLON) != 0) | ((gap & (SPACE | COLON | DASH)) > SPACE)
    joined &= ((gap & (STOP | QUOTE | CLOSE | LINE)) == 0) & ((text.kinds[last] & LETTER) != 0)
    return joined & (context.capital[last] | (context.regime[text.owner[last]] == FLAT))


def evidence(
    context: Context, found: Matches, lookup: Lookup, headline: Array, review: Array, news: Array
) -> dict[str, Array]:
    """Features of ranges by name, each an array of 0 and 1, `style` and `size` as numbers.

    `headline`, `review` and `news` say whether a range stands in one.
    """
    first, last, text = found.first, found.last, context.text
    before, behind = text.after[first - 1], text.after[last - 1]
    single, blank_before = last - first == 1, before == SPACE
    style, size = styles(context, first, last), lookup.size[found.form]
    quoted = _quoted(context, first, last)
    # Nothing but the quotes can have made a sentence's start of what they hold whole.
    named = (quoted & (style == OPENING)) | ((text.kinds[first] & SOLO) != 0)
    style = np.where(named, NAME_STYLE, np.where(size == DIGITS, OPENING, style))
    weak = np.isin(size, (FUNCTION_1, COMMON_1, COMMON_2, DIGITS, FUNCTION_2, COMMON_ONE))
    function = np.isin(size, (FUNCTION_1, FUNCTION_2))
    around = Around(context, first, last)
    name_left, name_right = names_beside(around)
    said, template = beside(around), _template(context, first, last, headline)
    delimited = ((before & _MARKS) != 0) | np.isin(around.one.hash, _JOINTS)
    # "1. Memento 2. Zodiac"
    next_number = around.next.digits & ((around.next.after & (STOP | CLOSE)) != 0)
    delimited &= ((behind & _MARKS) != 0) | np.isin(around.next.hash, _JOINTS) | next_number
    subtitle, starts_small = _subtitle(context, last), around.next.has(lex.FUNCTION)
    tagged = (text.before_last[first] & HASH) != 0
    article = around.one.has(lex.ARTICLE) & blank_before
    high_article = article & around.one.capital
    corroborated = quoted | tagged | said["watched"] | said["named as a work"] | said["work of"] | said["talk"]
    corroborated |= said["talk elsewhere"] | said["followed by a work's word"] | said["season"]
    talk = said["talk"] | said["talk elsewhere"]
    normal = context.regime[text.owner[first]] == NORMAL
    corroborated |= template["template"] | template["alone"] | template["opening template"]
    flat, loud = style == FLAT_STYLE, style == LOUD_STYLE
    starts = context.sentence_first[first] == first
    heads = starts & ((text.hashes[first - 1] == text.hashes[0]) | ((before & LINE) != 0)) & ~_ends_text(context, last)
    subject = around.next.has(lex.VERB) & (behind == SPACE)
    # "Arrow keys", "a Sherlock Holmes pub": a noun that the words only go with.
    plain = normal & (behind == SPACE) & ((text.initial[last] & LOWER) != 0)
    plain &= ~around.next.has(lex.FUNCTION | lex.VERB | lex.TRAIL | lex.LINK | lex.NOUN | lex.SEASON | lex.TV)
    surprise = np.clip((lookup.surprise[found.form] - SURPRISE) / 2, -2, 2)
    low = flat | (style == LOWER_STYLE)
    numbered = ~single & ((text.kinds[last - 1] == DIGIT) | context.has(last - 1, lex.ROMAN)) & (size != DIGITS)
    dated = (context.year[last] > 0) & ((behind & OPEN) != 0)
    calendar = context.has(first, lex.CALENDAR) & single & ~quoted
    rare = np.isin(size, (RARE_ONE, RARE_2, LONG, RARE_BOTH))
    return {
        "style": style,
        "size": size,
        **template,
        "weak named": weak & said["named as a work"] & ((style == NAME_STYLE) | (size == DIGITS)),
        "weak alone": weak & template["alone"],
        "quoted": quoted & (style != LOWER_STYLE),
        "quoted in lower case": quoted & (style == LOWER_STYLE),
        "weak quoted": weak & quoted,
        "quoted without talk": quoted & ~talk & ~review & (size <= RARE_ONE),
        "hashtag": tagged & single,
        "weak hashtag": weak & tagged & single,
        "delimited": delimited,
        "inside a name on the left": name_left,
        "inside a name on the right": name_right,
        "subtitle follows": subtitle & ~starts_small & ~loud,
        "subtitle follows in capitals": subtitle & ~starts_small & loud,
        "long before a colon": subtitle & ~starts_small & ~loud & (size >= RARE_2),
        "article or such after a colon": subtitle & starts_small & normal,
        "calendar": calendar & ~dated,
        "capital article before": high_article & ~context.opens[first - 1],
        "after an article": article & ~high_article & ~said["followed by a work's word"] & ~said["noun behind"],
        "a date": calendar & blank_before & np.isin(around.one.hash, _DATING),
        "opinion": context.has(first, lex.OPINION) & single & ~said["watched"] & (context.year[last] == 0) & ~tagged,
        "opens as a subject": (style == OPENING) & subject,
        "flat subject": flat & starts & subject & (size != COMMON_ONE),
        "weak flat subject": flat & starts & subject & weak & (size != COMMON_ONE),
        "heads a text before a colon": heads & ((behind & COLON) != 0),
        "a noun's, behind an article": plain & article,
        "surprising word": surprise * (single & ~low & (size != FUNCTION_1)),
        "surprising word in lower case": surprise * (single & low),
        "surprising words": surprise * ~(single | low),
        "surprising words in lower case": surprise * (~single & low),
        "numbered": numbered & (style == NAME_STYLE),
        "numbered in lower case": numbered & flat,
        "capital first": (style == LOWER_STYLE) & context.capital[first] & rare,
        "flat hashtag": tagged & single & flat & (size == LESS_1),
        "nothing else": (size <= NAMES_2) & ~corroborated,
        "nothing else in news": (size <= NAMES_2) & ~corroborated & news,
        "sequel": sequel(around) & (style != LOWER_STYLE),
        "ends in a rating": context.rating[last - 1],
        "glued": (_glued(before) & ~tagged | _glued(behind) & ~said["possessive"]) & ((text.kinds[first] & SOLO) == 0),
        "headline": headline,
        **said,
        "off topic": said["off topic"] & ~said["talk elsewhere"] & (size <= COMMON_2),
        "contraction": said["contraction"] & function,
        "possessive": said["possessive"] & ~function,
    }


def _ends_text(context: Context, last: Array) -> Array:
    """True for ranges that nothing of their text follows."""
    return context.text.hashes[last] == context.text.hashes[0]


_DATING = np.array([word_hash(w) for w in "on in since until by this last next every late early past".split()])  # noqa: SIM905
_JOINTS = np.array([word_hash(word) for word in ("\x00", "and", "or")])
