"""Words beside a range: a longer name that it is only a part of, a sequel's number, a season, talk of works."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trending_assets.linking import lexicon as lex
from trending_assets.linking.context import FLAT, NORMAL, Context
from trending_assets.linking.fold import (
    APOSTROPHE,
    BANG,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    DIGIT,
    LINE,
    LOWER,
    SPACE,
    STOP,
    Array,
    word_hash,
)  # fmt: skip

_OF, _THE, _S, _ON, _AND_SIGN = (word_hash(word) for word in ("of", "the", "s", "on", "&"))
_LEADS_IN = lex.FUNCTION | lex.LEAD | lex.WATCH | lex.TALK | lex.CALLED | lex.VERB


class At:
    """Words at places of a text; what is asked for is gathered once."""

    def __init__(self, context: Context, place: Array) -> None:
        self.context, self.place = context, np.clip(place, 0, len(context.text) - 1)

    @cached_property
    def classes(self) -> Array:
        return self.context.classes[self.place]

    @cached_property
    def hash(self) -> Array:
        return self.context.text.hashes[self.place]

    @cached_property
    def after(self) -> Array:
        return self.context.text.after[self.place]

    @cached_property
    def capital(self) -> Array:
        return self.context.capital[self.place]

    @cached_property
    def long(self) -> Array:
        return self.context.text.ends[self.place] - self.context.text.starts[self.place] > 1

    @cached_property
    def digits(self) -> Array:
        return self.context.text.kinds[self.place] == DIGIT

    def has(self, bits: int) -> Array:
        """True where the word is of one of the classes."""
        return (self.classes & np.uint64(bits)) != 0

    @cached_property
    def is_name(self) -> Array:
        """True for words printed as a part of a name, and not as what may stand in capitals beside a title.

        At a sentence's start a word that leads in to a title is none: "Rewatching Heat".
        """
        context, text = self.context, self.context.text
        name = self.capital & ~(self.has(lex.BESIDE) & self.long)
        some = np.flatnonzero(name)
        place = self.place[some]
        ends = text.ends[place]
        ing = text.characters[ends - 1] == ord("g")
        ing &= (text.characters[ends - 2] == ord("n")) & (text.characters[ends - 3] == ord("i"))
        plain = context.opens[place] & (((self.classes[some] & np.uint64(_LEADS_IN)) != 0) | ing)
        name[some] = ~plain & ~context.tag[place]
        return name


@dataclass(frozen=True)
class Around:
    """The words before and behind ranges: `one` stands right before, `next` right behind."""

    context: Context
    first: Array
    last: Array

    @cached_property
    def one(self) -> At:
        return At(self.context, self.first - 1)

    @cached_property
    def two(self) -> At:
        return At(self.context, self.first - 2)

    @cached_property
    def three(self) -> At:
        return At(self.context, self.first - 3)

    @cached_property
    def next(self) -> At:
        return At(self.context, self.last)

    @cached_property
    def then(self) -> At:
        return At(self.context, self.last + 1)

    @cached_property
    def gap(self) -> Array:
        """What stands between the range and the word behind it."""
        return self.context.text.after[self.last - 1]

    @cached_property
    def single(self) -> Array:
        return self.last - self.first == 1

    @cached_property
    def possessive(self) -> Array:
        return (self.next.hash == _S) & ((self.gap & (APOSTROPHE | SPACE)) == APOSTROPHE)

    @cached_property
    def flat(self) -> Array:
        return self.context.regime[self.context.text.owner[self.first]] == FLAT


def names_beside(around: Around) -> tuple[Array, Array]:
    """Whether a name goes on to the left and to the right of the range, so that the range is only a part of it."""
    context, one, two, next_ = around.context, around.one, around.two, around.next
    before, blank_before, blank_behind = one.after, one.after == SPACE, around.gap == SPACE
    short = one.capital & ~one.long | one.has(lex.ABBREVIATION)
    tied = (before != 0) & ((before & (SPACE | DASH)) == before) | short & (before == (SPACE | STOP))
    left = one.is_name & tied
    # "Return of the King", "Minions & Monsters": a joint, and a name before it.
    small = ~one.capital & blank_before
    of_the = small & (one.hash == _THE) & (two.hash == _OF)
    joint = np.flatnonzero(of_the | small & ((one.hash == _OF) | (one.hash == _AND_SIGN)))
    far = At(context, around.first[joint] - np.where(of_the[joint], 3, 2))
    left[joint] |= far.is_name & (far.after == SPACE)
    right = next_.is_name & blank_behind
    # "Heat of the Night", "Monster's Ball".
    owner = around.possessive & around.single
    joint = np.flatnonzero((owner | next_.has(lex.JOINT) & ~next_.capital & blank_behind) & (next_.after == SPACE))
    past = At(context, around.last[joint] + 1)
    past = At(context, past.place + (past.hash == _THE))
    right[joint] |= past.is_name
    normal = context.regime[context.text.owner[around.first]] == NORMAL
    return left & normal, right & normal


def sequel(around: Around) -> Array:
    """A number or a part that follows makes it another title: "Iron Man 4", "Rocky IV", "Dune: Part Three"."""
    context, gap, next_, then = around.context, around.gap, around.next, around.then
    near = ((gap & SPACE) != 0) & ((gap & ~(SPACE | COLON | COMMA | DASH | STOP | BANG)) == 0)
    # "Teen Titans Go! 5" is one name, "Heat. 5 people" is not.
    near &= (context.count("break", around.last - 1, around.last) == 0) | ((gap & BANG) != 0) & next_.digits

    def numeral(at: At) -> Array:
        short = at.digits & (context.text.ends[at.place] - context.text.starts[at.place] <= 2)
        return (short | at.has(lex.ROMAN) & (at.capital | around.flat)) & ~context.rating[at.place]

    numbered = numeral(next_) & ~then.has(lex.UNIT) & ((gap & COMMA) == 0)
    # "1. Heat 2. Alien": the number opens the next item of a list.
    numbered_before = around.one.digits & ((around.one.after & (STOP | CLOSE)) != 0)
    closes = ((next_.after & (STOP | SPACE)) == (STOP | SPACE)) | ((next_.after & CLOSE) != 0)
    listed = closes & next_.digits & (((gap & STOP) != 0) | numbered_before)
    listed &= context.text.owner[then.place] == context.text.owner[next_.place]
    return near & (numbered & ~listed | next_.has(lex.PART) & numeral(then))


def season(around: Around) -> Array:
    """A numbered season beside the range: "You season 4", "season two of Fargo", "Severance S02E01"."""
    context, next_, then, two, three = around.context, around.next, around.then, around.two, around.three

    def number(at: At) -> Array:
        return at.digits | at.has(lex.ROMAN | lex.ORDINAL)

    small = (context.text.initial[next_.place] & LOWER) != 0
    near = ((around.gap & LINE) == 0) & (((around.gap & STOP) == 0) | small)
    follows = next_.has(lex.SEASON) & number(then) | number(next_) & then.has(lex.SEASON) | context.coded[next_.place]
    of = around.one.hash == _OF
    return near & follows | of & (two.has(lex.SEASON) | three.has(lex.SEASON) & number(two))


def beside(around: Around) -> dict[str, Array]:
    """Words next to the range that say that a title stands here, or that another one is held against it."""
    context, text, first, last = around.context, around.context.text, around.first, around.last
    one, two, three, next_, then, gap = around.one, around.two, around.three, around.next, around.then, around.gap
    goes_on = context.count("break", first - 1, first) == 0
    open_ = context.count("break", last - 1, last) == 0
    article = one.has(lex.ARTICLE)
    watched = one.has(lex.WATCH) | one.has(lex.LIGHT) & (two.has(lex.WATCH) | two.has(lex.LIGHT) & three.has(lex.WATCH))
    of_role = one.has(lex.OF) & two.has(lex.ROLE) | article & two.has(lex.OF) & three.has(lex.ROLE)
    behind = np.where(around.possessive, then.classes, next_.classes)
    linked = (behind & np.uint64(lex.LINK)) != 0
    linked |= then.has(lex.BRAND) & (next_.hash == _ON) | next_.has(lex.ARTICLE) & then.has(lex.LINK | lex.NOUN)
    # "like Heat", "like the Heat", "like a better Heat"
    compared = one.has(lex.COMPARE) | article & two.has(lex.COMPARE)
    compared |= ~one.capital & two.has(lex.ARTICLE) & three.has(lex.COMPARE)
    start, end = context.sentence_first[first], context.sentence_last[last - 1]
    talk = context.count("talk", start, first) + context.count("talk", last, end) > 0
    off = context.count("off topic", start, first) + context.count("off topic", last, end) > 0
    owner = text.owner[first]
    all_talk = context.count("talk", context.borders[owner], context.borders[owner + 1])
    return {
        "watched": watched & goes_on,
        "named as a work": one.has(lex.NOUN | lex.CALLED) & goes_on,
        "work of": of_role & goes_on,
        "of": (one.hash == _OF) & ~of_role & goes_on,
        "followed by a work's word": linked & open_,
        "review behind": ((behind & np.uint64(lex.REVIEW)) != 0) & open_,
        "noun behind": next_.has(lex.NOUN | lex.TV) & (gap == SPACE),
        "possessive": around.possessive,
        "season": season(around),
        "contraction": ((gap & (APOSTROPHE | SPACE)) == APOSTROPHE) & next_.has(lex.CONTRACTION),
        "compared": compared & goes_on,
        "talk": talk,
        "off topic": off & ~talk,
        "talk elsewhere": ~talk & (all_talk > 0),
    }
