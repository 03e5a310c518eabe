"""Sitemaps: XML, gzip and text, and what must not be opened, fetched or unpacked."""

import gzip
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.parsers.sitemap import MAX_BYTES, MAX_ENTRIES, Sitemap, parse

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = f"""<?xml version="1.0"?><urlset {NS} xmlns:image="x"><url><loc> http://a.example/1?a=1&amp;b=2 </loc>
<lastmod>2013-05-01T10:00:00+02:00</lastmod><image:image><image:loc>http://a.example/1.png</image:loc></image:image></url>
<!-- c --><url><lastmod>2013</lastmod></url><url><loc>http://a.example/2</loc></url><url><loc>http://a.example/2</loc></url></urlset>"""


def test_pages_and_the_time_of_their_last_change() -> None:
    made = parse(PAGES.encode())
    assert made.pages == [
        ("http://a.example/1?a=1&b=2", datetime(2013, 5, 1, 8, tzinfo=UTC)),
        ("http://a.example/2", None),
    ]
    assert made.children == []
    assert [bad.reason for bad in made.bad] == [Reason.NO_ADDRESS]
    assert b"2013" in made.bad[0].payload
    assert parse(gzip.compress(PAGES.encode())) == made
    assert parse(PAGES.replace(f" {NS}", "").encode()).pages == made.pages, "many leave the namespace out"


def test_an_index_names_further_sitemaps() -> None:
    index = f"<sitemapindex {NS}><sitemap><loc>http://a.example/s1.xml.gz</loc><lastmod>2013-05-01</lastmod></sitemap></sitemapindex>"
    assert parse(index.encode()) == Sitemap(children=[("http://a.example/s1.xml.gz", datetime(2013, 5, 1, tzinfo=UTC))])


def test_a_text_file_has_an_address_a_line() -> None:
    made = parse(b"\xef\xbb\xbfhttp://a.example/1\r\nhttp://a.example/2\n\nnonsense\nhttp://a.example/1\n")
    assert [url for url, _ in made.pages] == ["http://a.example/1", "http://a.example/2"]
    assert [bad.payload for bad in made.bad] == [b"nonsense"]


@pytest.mark.parametrize(
    ("body", "reason", "said"),
    [
        (b"", Reason.WRONG_FORMAT, "no sitemap"),
        (b"<html></html>", Reason.WRONG_FORMAT, "root is <html>"),
        (b"<urlset><url>", Reason.WRONG_FORMAT, "not well-formed"),
        (b"just words", Reason.WRONG_FORMAT, "neither XML"),
        (b"<urlset>" * 100_000, Reason.WRONG_FORMAT, "depth"),
        (
            b"<urlset>" + b"<url><loc>http://a.example/</loc></url>" * 3 + b"<url><loc>",
            Reason.WRONG_FORMAT,
            "not well-formed",
        ),
        (b"<urlset>" + b"<url></url>" * (MAX_ENTRIES + 1) + b"</urlset>", Reason.TOO_LARGE, "entries"),
        (b"\n".join(b"http://a.example/%d" % n for n in range(MAX_ENTRIES + 1)), Reason.TOO_LARGE, "entries"),
        (gzip.compress(b" " * (MAX_BYTES + 1)), Reason.TOO_LARGE, "unpacked"),
        (gzip.compress(PAGES.encode())[:-9], Reason.ENCODING, "cut off"),
        (b"\x1f\x8bnonsense", Reason.ENCODING, "broken gzip"),
    ],
)
def test_what_is_refused(body: bytes, reason: Reason, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        parse(body)
    assert caught.value.reason is reason


def test_entities_files_and_the_network_are_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("http://a.example/secret")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}/x.dtd"
        for declared in (
            f'SYSTEM "{there}"',
            f'[<!ENTITY x SYSTEM "{secret.as_uri()}">]',
            f'[<!ENTITY x SYSTEM "{there}">]',
        ):
            body = f"<!DOCTYPE urlset {declared}><urlset><url><loc>&x;</loc></url><url><loc>http://a.example/1</loc></url></urlset>"
            try:
                assert "secret" not in str(parse(body.encode()))
            except BadInput as error:
                assert error.reason is Reason.WRONG_FORMAT
        with pytest.raises(TimeoutError):
            listener.accept()
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(12))
    with pytest.raises(BadInput):
        parse(f'<!DOCTYPE r [<!ENTITY a "{"a" * 30}">{entities}]><urlset><url><loc>&m;</loc></url></urlset>'.encode())


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<urlset><url>", b"\x1f\x8b", b"http://a.example/\n"]))
def test_any_bytes_are_a_sitemap_or_bad_input(body: bytes, start: bytes) -> None:
    try:
        made = parse(start + body)
    except BadInput as error:
        assert str(error).endswith(".")
    else:
        assert all(url.startswith(("http://", "https://")) for url, _ in made.pages + made.children)
