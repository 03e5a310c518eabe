"""From bytes to text and from markup to plain text: what every parser does first. Nothing here raises on any input."""

import codecs
import html
import re
import unicodedata
from functools import lru_cache
from typing import Any

MAX_TEXT = 100_000
"""Characters of the longest text that is kept."""
MAX_MARKUP = 2_000_000
"""Characters of a fragment that are looked at."""
STREAM_SAFE = 30
"""Combining marks in a row (Stream-Safe Text Format, UAX #15): normalising longer runs takes quadratic time."""

# Scripts whose letters join: there a zero-width joiner or non-joiner says how a word is written.
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_STYLED = _EMOJI + "0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139"  # what a variation selector may follow
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"  # a flag is spelled in tag characters
_ALWAYS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 but for what is white space
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, fillers, other ignorables
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, and what turns the direction of text
    "\ufe00-\ufe0d\ufff0-\ufffc\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ODD = re.compile(f"[\u200c\u200d\ufe0e\ufe0f{_ALWAYS}]")
_GONE = re.compile(f"({_FLAG})|(?<![{_STYLED}])[\ufe0e\ufe0f]|[{_ALWAYS}]")
_LOOSE_JOINERS = re.compile(
    f"(?<![{_JOINING}])\u200c|(?<![{_JOINING}])(?:(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}]))"
)
_ASCII_GONE = dict.fromkeys([*range(0x09), *range(0x0E, 0x1C), 0x7F])
_MANY_HIGH = re.compile(f"[\u0300-\U0010ffff]{{{STREAM_SAFE + 1}}}")


def fold(text: Any, longest: int = MAX_TEXT) -> str | None:
    """One line of NFC text with single spaces, at most `longest` characters; None for what is no text or blank.

    Out go what has no place in a text and can hide something: controls, soft hyphens, zero-width and bidirectional
    characters, tag characters outside flags, variation selectors outside emoji, surrogates, non-characters. Zero-width
    joiners stay where they carry meaning: in scripts that join (Arabic, Indic, …) and between emoji.
    """
    if not isinstance(text, str):
        return None
    made = _clean(text[: 4 * longest])
    if len(made) > longest:
        made = _clean(made[:longest])
    return made or None


def _clean(text: str) -> str:
    if text.isascii():
        return " ".join(text.translate(_ASCII_GONE).split())
    if _ODD.search(text):
        text = _LOOSE_JOINERS.sub("", _GONE.sub(r"\1", text))
    if _MANY_HIGH.search(text):
        text = _long_runs().sub(r"\1", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1)
def _long_runs() -> re.Pattern[str]:
    """Runs of combining marks that are longer than STREAM_SAFE; group 1 is what may stay."""
    marks = "".join(c for c in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(c))
    return re.compile(f"([{marks}]{{{STREAM_SAFE}}})[{marks}]+")


_COMMENT_OR_CODE = re.compile(r"<!--|<(script|style)(?=[\s/>])", re.IGNORECASE)
_CODE_ENDS = {name: re.compile(rf"</{name}(?:>|[\s/][^<>]*>?)", re.IGNORECASE) for name in ("script", "style")}
_BREAK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|dl|dt|dd|h[1-6]|blockquote|table|tr|td|th|hr|section|article|figure|figcaption|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_CUT_TAG = re.compile(r"<[a-zA-Z]+\s+[a-zA-Z-]+=[^<>]*\Z")
_TWICE = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|hellip|[mn]dash|[lr][sd]quo|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_KNOWN_TAG = re.compile(
    r"</?(?:a|b|i|p|u|br|em|hr|li|ol|td|th|tr|ul|h[1-6]|div|img|pre|span|code|font|strong|small|table|figure|iframe|script|style"
    r"|section|article|blockquote)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def plain(markup: Any, longest: int = MAX_TEXT) -> str | None:
    """Text of an HTML fragment on one line, as `fold` makes it. None where nothing is left.

    Entities are decoded, twice encoded ones too (`&amp;amp;`), and markup that was itself encoded (`&lt;p&gt;`) goes as
    markup. One pass each over at most MAX_MARKUP characters, whatever is nested in it or left open: a regular expression
    that looks for the end of each `<script` or `<` would take quadratic time where there is none.
    """
    if not isinstance(markup, str):
        return None
    text = markup[:MAX_MARKUP]
    if "<" in text:
        text = _untagged(text)
    if "&" in text:
        text = html.unescape(text)
        for _ in range(2):
            if "&" in text and _TWICE.search(text):
                text = _TWICE.sub(lambda found: html.unescape(found[0]), text)
        if "<" in text and _KNOWN_TAG.search(text):
            text = _untagged(text)
            text = html.unescape(text) if "&" in text and _TWICE.search(text) else text
    return fold(text, longest)


def _untagged(markup: str) -> str:
    parts, at = list[str](), 0
    while found := _COMMENT_OR_CODE.search(markup, at):
        parts.append(markup[at : found.start()])
        if found[1]:
            end = _CODE_ENDS[found[1].lower()].search(markup, found.end())
            at = end.end() if end else len(markup)
        else:
            closed = markup.find("-->", found.end())
            at = closed + 3 if closed >= 0 else len(markup)
        parts.append(" ")
    parts.append(markup[at:])
    return _TAG.sub("", _BREAK.sub(" ", _CUT_TAG.sub("", "".join(parts))))


_ENOUGH_UTF8 = 6
"""Characters beyond ASCII from which valid UTF-8 is no accident of another multi-byte charset."""
_MULTI_BYTE = frozenset(["gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"])
_WEB_CHARSETS = [
    *("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r"),
    *("gb18030", "big5", "euc_jp", "shift_jis", "euc_kr", "cp874"),
]


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a response body, NULs left out. Never raises: what cannot be read becomes U+FFFD.

    In order: byte order mark; UTF-16 where NULs show it; UTF-8 where the bytes are valid UTF-8, whatever single-byte charset
    is declared (text in one is next to never valid UTF-8 by accident); the charset of `content_type`, of a meta tag or of an
    XML declaration; detection. Stray bytes in what else is UTF-8 are read as Windows-1252.
    """
    from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

    marked, mark = read_bom(body)
    if marked and mark:
        return body[len(mark) :].decode(marked, "replace").replace("\x00", "")
    declared = _utf16(body) or http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    declared = (declared or "").replace("-", "_")
    return _decoded(body, declared).replace("\x00", "")


def _utf16(body: bytes) -> str | None:
    """UTF-16 without a mark shows as NULs on one side of ASCII text."""
    start = body[:512]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if len(start) < 16 or max(even, odd) * 5 < len(start) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf_16_be" if even > odd else "utf_16_le"


def _decoded(body: bytes, declared: str) -> str:
    if declared.startswith(("utf_16", "utf_32")):
        if b"\x00" in body[:512]:
            return body.decode(declared, "replace")
        declared = ""
    elif declared.startswith("iso2022") or (declared in _MULTI_BYTE and not body.isascii()):
        try:
            text = body.decode(declared)
        except UnicodeDecodeError:
            text = None
        if text is not None and not _certain_utf8(body):
            return text
    lenient = body.decode("utf-8", "stray_bytes")
    beyond = len(lenient) - len(lenient.encode("ascii", "ignore"))
    stray = 0 if not beyond else body.decode("utf-8", "replace").count("\ufffd") - lenient.count("\ufffd")
    if stray == 0 or beyond - stray > stray:
        return lenient
    if declared and declared not in ("utf_8", "ascii"):
        text = body.decode(declared, "replace")
        if text.count("\ufffd") * 50 <= beyond:
            return text
    return body.decode(_detected(body), "replace")


def _certain_utf8(body: bytes) -> bool:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) - len(text.encode("ascii", "ignore")) >= _ENOUGH_UTF8


def _detected(body: bytes) -> str:
    """The charset of bytes that are no UTF-8: the likeliest by charset-normalizer and by how well a language shows."""
    from charset_normalizer import from_bytes

    from trending_assets.raw.language import detect

    first = next((at for at, byte in enumerate(body[:MAX_MARKUP]) if byte > 127), 0)
    sample = body[max(0, first - 2_000) : first + 14_000]
    found = {match.encoding: match for match in from_bytes(sample, cp_isolation=_WEB_CHARSETS)}
    best, best_score = "cp1252", -1.0
    for name in _WEB_CHARSETS:
        match = found.get(name)
        if match is None or (name == "cp874" and not match.coherence):  # any high byte makes a Thai letter
            continue
        score = match.coherence - match.chaos + detect([sample.decode(name, "replace")])[0][1]
        if score > best_score + 1e-3:
            best, best_score = name, score
    return best


def _stray_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.end == len(error.object) and error.reason == "unexpected end of data":
        return "", error.end
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("stray_bytes", _stray_bytes)
