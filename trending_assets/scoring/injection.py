"""Marks of a text that tries to steer the software that reads it.

A filter of convenience and not the defence: what it misses must still do no harm (vibe.py and guards.py see to that). A text
with marks is left out of what the LLM sums up, and counted.

Every step is linear in the text: one pass of a multi-pattern matcher a reading, nearness by walking two lists of places, and
expressions without open gaps.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from trending_assets.scoring import injection_words as w

if TYPE_CHECKING:
    import ahocorasick

LOOKED_AT = 40_000
"""Characters of a text, without those that are not seen, that are looked at: far more than is sent to an LLM."""
NEAR = 60
"""Characters between two words that belong together."""
MAX_BLOBS = 8
"""Encoded pieces of a text that are decoded."""

_LATIN = "aceopxyikbmhtusjABCEHKMOPTXYISJ" + "oviuaptkyxABEHIKMNOPTZYX"
_ALIKE = "асеорхуікьмнтцѕјАВСЕНКМОРТХУІЅЈ" + "ονιυαρτκγχΑΒΕΗΙΚΜΝΟΡΤΖΥΧ"
_CONFUSABLE = str.maketrans(dict(zip(_ALIKE, _LATIN, strict=True)) | {"в": "b", "ı": "i", "ø": "o", "ł": "l", "’": "'"})
_LEET = str.maketrans("4310578@$", "aeiostbas")
# All that prompts.clean drops, and what else is not seen: a text must be read here as the LLM will read it.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]{1,8}")
_OVERRIDES = re.compile("[\u202d\u202e]")
_SPLIT_WORDS = re.compile("(?<=[A-Za-z])[\u200b-\u200d\u2060-\u2064\ufeff](?=[A-Za-z])")
_MIXED = re.compile("[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*·|/][^\W\d_]){3,400}(?![^\W_])")
_SIGNS = re.compile(r"[\W_]")


def fold(text: str) -> str:
    """Text as it is compared: compatibility forms and look-alikes as plain letters, no marks on them, nothing unseen."""
    text = _DROPPED.sub("", text)
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if c < "\u0300" or unicodedata.category(c) != "Mn")
    return bare.translate(_CONFUSABLE).casefold()


Spans = dict[str, list[tuple[int, int]]]
"""Where the words of each group stand: begin and end, ascending."""


@lru_cache(maxsize=1)
def _matcher() -> "ahocorasick.Automaton":
    """All words of injection_words.py by one pass; the value of a word says its groups and where a word must end."""
    import ahocorasick

    wanted: dict[str, list[tuple[str, bool, bool]]] = {}
    for group, listed in w.GROUPS.items():
        for word in sorted({part.strip() for part in listed.replace("\n", "").split("|")} - {""}):
            core = fold(word.strip("*"))
            spaced = unicodedata.name(core[0], "").startswith(("LATIN", "CYRILLIC"))  # other scripts join words freely
            wanted.setdefault(core, []).append(
                (group, spaced and not word.startswith("*"), spaced and not word.endswith("*"))
            )
    made = ahocorasick.Automaton()
    for core, groups in wanted.items():
        made.add_word(core, (len(core), groups))
    made.make_automaton()
    return made


def _spans(text: str) -> Spans:
    found: Spans = {}
    for last, (length, groups) in _matcher().iter(text):
        begin, end = last + 1 - length, last + 1
        open_left = begin == 0 or not (text[begin - 1].isalnum() or text[begin - 1] == "_")
        open_right = end == len(text) or not (text[end].isalnum() or text[end] == "_")
        for group, left, right in groups:
            if (open_left or not left) and (open_right or not right):
                found.setdefault(group, []).append((begin, end))
    return found


def _near(found: Spans, first: str, second: str, either_order: bool = False) -> bool:
    """Whether a word of `second` begins within NEAR characters after one of `first` ends (or the other way round)."""
    heads = [end for _, end in found.get(first, ())]
    at = 0
    for begin, _ in sorted(found.get(second, ())) if heads else ():
        while at + 1 < len(heads) and heads[at + 1] <= begin:
            at += 1
        if 0 <= begin - heads[at] <= NEAR:
            return True
    return either_order and _near(found, second, first)


_MESSAGE = re.compile(
    r"(?:^|[.!?\n>\"'(] {0,3})(?:system|assistant|developer|moderator bot)(?: (?:message|prompt|note))? {0,2}:"
    r"|<\|?/?(?:im_start|im_end|endoftext|system|assistant|developer|tool_result|tool_call|instructions?|prompt)\b"
    r"|\[/?inst\]|<</?sys>>"
    r"|[\"']role[\"'] {0,3}: {0,3}[\"'](?:system|assistant|developer|tool)"
    r"|#{2,6} {0,2}(?:system|developer|assistant|instruction|new task)",
    re.MULTILINE,
)
_ANSWER = re.compile(
    r"\b(?:sentiment|enthusiasm)[\"']? {0,3}(?:[:=]|to|at|as|of) {0,3}[\"']?-?\d"
    r"|\benthusiasm \d"
    r"|\bspam[\"']? {0,3}[:=]? {0,3}(?:true|false)\b"
)
_FENCE = re.compile(
    r"<< ?data\b|\bdata ?[>›]{2}|</?(?:documents?|data|untrusted|context)>|```json"
    r"|\b(?:begin|end)[ _-](?:of[ _-])?(?:untrusted|data|documents?|system|user|instructions?|input)\b"
)
_HIDDEN = re.compile(
    r"<!--|\[//\]: {0,2}#|\baria-hidden\b"
    r"|style {0,2}= {0,2}[\"'][^\"'<>]{0,200}(?:display ?: ?none|font-size ?: ?0|visibility ?: ?hidden|opacity ?: ?0)"
)
_FORMAT = re.compile(
    r"\b(?:respond|reply|answer) (?:only )?(?:in|with) (?:yaml|xml|json|base64|the single word|only|a poem|nothing but)\b"
    r"|\bnot (?:return|output|answer in|use) json\b|\bto this request\b"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,4000}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,2000}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){8,2000}")
_BINARY = re.compile(r"(?:[01]{8} ){7,250}[01]{8}")


def _said(found: Spans) -> Iterator[str]:
    """Kinds that the words show."""
    if (
        _near(found, "override", "overridden")
        or _near(found, "your_rules", "no_longer")
        or _near(found, "foreign_override", "foreign_overridden", either_order=True)
    ):
        yield "override"
    if _near(found, "role", "played") or _near(found, "foreign_machine", "without_rules", either_order=True):
        yield "role"
    if found.get("reader") or _near(found, "machine", "must"):
        yield "reader"


def _shaped(text: str, found: Spans) -> Iterator[str]:
    """Kinds that the form of the answer or of the text shows."""
    if _MESSAGE.search(text):
        yield "message"
    if found.get("schema_name") or _ANSWER.search(text):
        yield "answer"
    if _FENCE.search(text):
        yield "fence"
    if _HIDDEN.search(text):
        yield "hidden"
    if _FORMAT.search(text) or _near(found, "command", "answered"):
        yield "steering"


def _decoded(text: str) -> Iterator[str]:
    """What encoded pieces of a text say, where they say something readable; at most MAX_BLOBS of each encoding."""
    ways: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
        (_HEX, bytes.fromhex),
        (_PERCENT, lambda s: bytes.fromhex(s.replace("%", ""))),
        (_BINARY, lambda s: bytes(int(part, 2) for part in s.split(" "))),
        (
            _BASE64,
            lambda s: base64.urlsafe_b64decode(s.rstrip("=").translate(_URL_SAFE) + "=" * (-len(s.rstrip("=")) % 4)),
        ),
    )
    for pattern, decode in ways:
        for found, _ in zip(pattern.finditer(text), range(MAX_BLOBS), strict=False):
            try:
                said = decode(found[0]).decode("utf-8", "ignore")
            except (ValueError, binascii.Error):
                continue
            yield said


_URL_SAFE = str.maketrans("+/", "-_")


def _disguises(plain: str) -> Iterator[str]:
    """Folded readings of a text whose words may be disguised: letters apart, leet, backwards, rot13."""
    yield _SPACED.sub(lambda m: _SIGNS.sub("", m[0]), plain)
    yield plain.translate(_LEET)
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")


def marks(text: str) -> tuple[str, ...]:
    """Kinds of attempts to steer software that a text shows, ascending; none for ordinary text.

    Kinds: override (of instructions), role (to be played), reader (software is spoken to), message (that pretends to be the
    system or a tool), answer (a ready one), fence (of the data), hidden (markup), steering (of the answer), disguised (one of
    the first three under an encoding or a spelling), unseen (characters that hide or turn words), mixed_letters.
    """
    seen = _DROPPED.sub("", text)[:LOOKED_AT]
    plain = fold(seen)
    spans = _spans(plain)
    kinds = {*_said(spans), *_shaped(plain, spans)}
    tagged = "".join(chr(ord(c) - 0xE0000) for c in _TAGS.findall(_FLAG.sub("", text)))
    hidden = [fold(said) for said in (tagged, *_decoded(seen)) if said]
    readings = {*_disguises(plain)} - {plain}
    if any(True for reading in sorted(readings) for _ in _said(_spans(reading))) or any(map(_steers, hidden)):
        kinds.add("disguised")
    if _OVERRIDES.search(text) or tagged or len(_SPLIT_WORDS.findall(text)) >= 3:
        kinds.add("unseen")
    if len(_MIXED.findall(text)) >= 3:
        kinds.add("mixed_letters")
    return tuple(sorted(kinds))


def _steers(plain: str) -> bool:
    spans = _spans(plain)
    return any(True for _ in (*_said(spans), *_shaped(plain, spans)))
