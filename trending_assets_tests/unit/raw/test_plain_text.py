"""Bytes to text, markup to plain text: charsets, what hides in a text, and hostile input."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trending_assets.raw.plain_text import MAX_TEXT, STREAM_SAFE, decode, fold, plain

SENTENCES = {
    "cp1252": "Le film était très émouvant, à voir absolument. C’est réalisé avec soin, voilà.",
    "cp1250": "Film był świetny, aktorzy też. Źle napisałem? Może później obejrzę jeszcze raz.",
    "cp1251": "Фильм оказался гораздо лучше, чем я ожидал. Режиссёр молодец, актёры прекрасны.",
    "cp1253": "Η ταινία ήταν πολύ καλή και ο σκηνοθέτης εξαιρετικός.",
    "koi8_r": "Фильм оказался гораздо лучше, чем я ожидал. Режиссёр молодец, актёры прекрасны.",
    "shift_jis": "映画はとても面白かったです。監督の演出が素晴らしい。",
    "euc_jp": "映画はとても面白かったです。監督の演出が素晴らしい。",
    "iso2022_jp": "映画はとても面白かったです。監督の演出が素晴らしい。",
    "gb18030": "这部电影非常好看，导演的手法很细腻。",
    "euc_kr": "영화가 정말 재미있었어요. 감독의 연출이 훌륭합니다.",
    "utf_16_le": "Фильм оказался гораздо лучше, чем я ожидал.",
    "utf_8": "Ça, c’est du cinéma — enfin…",
}


def _page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("charset", "text"), SENTENCES.items())
def test_a_declared_charset_is_read(charset: str, text: str) -> None:
    name = charset.replace("_", "-")
    assert decode(_page(text).encode(charset), f"text/html; charset={name}") == _page(text)
    if not charset.startswith("utf_16"):
        meta = _page(text, f'<meta charset="{name}">')
        assert decode(meta.encode(charset), "text/html") == meta
        declared = f'<?xml version="1.0" encoding="{name}"?><a>{text}</a>'
        assert decode(declared.encode(charset), "") == declared


@pytest.mark.parametrize(("charset", "text"), [(c, t) for c, t in SENTENCES.items() if c != "iso2022_jp"])
@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8", "text/html; charset=klingon"])
def test_what_is_not_declared_or_declared_wrongly_is_detected(charset: str, text: str, header: str) -> None:
    assert decode(_page(text).encode(charset), header) == _page(text)


def test_valid_utf8_wins_over_a_lying_declaration() -> None:
    for header in ("text/html; charset=iso-8859-1", "text/html; charset=windows-1251", "text/html; charset=gb2312"):
        for text in (SENTENCES["cp1252"], SENTENCES["shift_jis"]):
            assert decode(_page(text).encode(), header) == _page(text)
    # four letters of GBK that happen to be valid UTF-8: too few to overrule what is declared
    assert decode("联通".encode("gbk"), "text/html; charset=gbk") == "联通"


def test_stray_bytes_in_utf8_and_a_cut_last_letter() -> None:
    body = "déjà vu, naïve café, ".encode() + b"\x93quoted\x94"
    assert decode(body, "text/html; charset=utf-8") == "déjà vu, naïve café, “quoted”"
    assert decode("un café".encode()[:-1]) == "un caf"


def test_marks_and_nuls() -> None:
    for mark, charset in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert decode(mark + "déjà".encode(charset), "text/html; charset=latin-1") == "déjà"
    assert decode(b"a\x00b") == "ab"
    assert decode(b"+ADw-script+AD4-", "text/html; charset=utf-7") == "+ADw-script+AD4-"


@given(st.binary(max_size=600), st.sampled_from(["", "text/html; charset=utf-16", "x; charset=gbk", 'y; charset="']))
def test_any_bytes_become_text_without_nuls(body: bytes, header: str) -> None:
    made = decode(body, header)
    assert isinstance(made, str) and "\x00" not in made


@given(st.text(max_size=200))
def test_utf8_is_what_it_says(text: str) -> None:
    assert decode(text.encode("utf-8", "replace"), "text/html; charset=utf-8") == text.encode(
        "utf-8", "replace"
    ).decode().removeprefix("\ufeff").replace("\x00", "")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a\u200bb so\u00adft \ufeffx", "ab soft x"),
        ("\u202eevil\u202c \u2067turned\u2069", "evil turned"),
        ("tab\tnew\nline\u00a0\u2003wide\u3000x", "tab new line wide x"),
        ("c0 \x01\x1f c1 \x85 \x9b del \x7f", "c0 c1 del"),
        ("e\u0301", "\u00e9"),
        ("he\u200cllo w\u200dorld", "hello world"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 all", "\U0001f468\u200d\U0001f469\u200d\U0001f467 all"),
        ("\u2764\ufe0f 1\ufe0f\u20e3 a\ufe0f", "\u2764\ufe0f 1\ufe0f\u20e3 a"),
        ("\U0001f44d\U0001f3fd\ufe00\U000e0101", "\U0001f44d\U0001f3fd"),
        ("hid\U000e0068\U000e0069den", "hidden"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
        ("lone \ud800 surrogate \ufffe\ufdd0", "lone surrogate"),
        (" \u200b ", ""),
        ("R&D &amp; so on", "R&D &amp; so on"),
    ],
)
def test_fold(text: str, folded: str | None) -> None:
    assert fold(text) == (text if folded is None else folded or None)


@settings(max_examples=300)
@given(st.text(st.characters(), max_size=80))
@example("\u2764\u200d\ufe0f\u2764")
@example("e\u200d\u0301")
@example("\U0001f3f4\u200b\U000e0067\U000e0062\U000e0065\U000e007f")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert once is None or fold(once) == once
    assert once is None or unicodedata.is_normalized("NFC", once)
    assert once is None or not any(unicodedata.category(c) in ("Cs", "Cc") for c in once)
    assert once is None or (once == once.strip() and "  " not in once)
    assert not once or "\u202e" not in once


def test_text_is_bounded() -> None:
    assert len(fold("word " * MAX_TEXT) or "") <= MAX_TEXT
    assert len(fold("a" + "\u0301\u0323" * 1_000_000) or "") <= STREAM_SAFE + 1  # normalised as it is: hours
    assert fold("abcdef", longest=3) == "abc"
    assert fold(7) is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two &amp; <b>three</b></p>", "One two & three"),
        ("a<br>b<br/>c<hr>d", "a b c d"),
        ("x<script>no()</script>y<style>p{}</style >z<!-- no -->!", "x y z !"),
        ("&lt;p&gt;Tender&lt;/p&gt;&lt;p&gt;&amp;amp; odd&lt;/p&gt;", "Tender & odd"),
        ("I can&amp;apos;t &amp;quot;wait&amp;quot;", 'I can\'t "wait"'),
        ("I &lt;3 it, 5 < 7 &amp; 8 > 2", "I <3 it, 5 < 7 & 8 > 2"),
        ("Tom &amp; Jerry, AT&T, R&D", "Tom & Jerry, AT&T, R&D"),
        ("cut <a href='http://x.example/", "cut"),
        ("open <!-- comment", "open"),
        ("before <script>open", "before"),
        ("a&#8203;b &#146;q&#146; &#xD800;", "ab ’q’ \ufffd"),
        ("", None),
        ("<p> </p>", None),
    ],
)
def test_plain(markup: str, text: str | None) -> None:
    assert plain(markup) == text


HOSTILE = {
    "nested": "<div>" * 100_000 + "text" + "</div>" * 100_000,
    "scripts": "<script>" * 100_000,
    "open scripts": "<script " * 100_000,
    "open tags": "<a " * 300_000,
    "open breaks": "<br" * 300_000,
    "angles": "<" * 1_000_000,
    "comments": "<!--" * 200_000,
    "entities": "&amp;" * 300_000,
    "encoded markup": "&amp;lt;p&amp;gt;" * 80_000,
    "attributes": "<p " + "a='" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_ends(name: str) -> None:
    """A pattern that looked for each end anew would take minutes to hours on these."""
    assert len(plain(HOSTILE[name]) or "") <= MAX_TEXT


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "a", "p", "/", "<p>", "</p>", "<!--", "-->", "&lt;", "&amp;", "script", " ", "\u200b"]
        )
    )
)
def test_any_markup_becomes_one_line(parts: list[str]) -> None:
    made = plain("".join(parts))
    assert made is None or fold(made) == made
    assert made is None or "<p>" not in made
