"""Sitemaps (sitemaps.org): XML, gzipped XML, or a text file with an address a line."""

import io
import zlib
from dataclasses import dataclass, field
from datetime import datetime

from trending_assets.failures import BadInput, Reason
from trending_assets.raw import values
from trending_assets.raw.items import BadItem
from trending_assets.raw.plain_text import decode

MAX_BYTES = 52_428_800
"""Of one sitemap, once unpacked: the protocol's own limit."""
MAX_ENTRIES = 50_000
"""Of one sitemap: the protocol's own limit."""


@dataclass(frozen=True)
class Sitemap:
    """Pages and further sitemaps, each (address, time of the last change or None), in the file's order and each once."""

    pages: list[tuple[str, datetime | None]] = field(default_factory=list)
    children: list[tuple[str, datetime | None]] = field(default_factory=list)
    bad: list[BadItem] = field(default_factory=list)


def parse(body: bytes) -> Sitemap:
    """Read a sitemap or an index of sitemaps. Entities, DTDs and the network are left alone.

    An entry without an http(s) address is in `bad`. Raises BadInput: WRONG_FORMAT where it is no sitemap, TOO_LARGE beyond
    the protocol's limits, ENCODING for broken gzip.
    """
    whole = _unpacked(body)
    start = whole[:1_000].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")
    return _xml(whole) if start[:1] == b"<" else _lines(whole)


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        whole = unpack.decompress(body, MAX_BYTES)
    except zlib.error:
        raise BadInput(Reason.ENCODING, "The sitemap is broken gzip.") from None
    if unpack.unconsumed_tail:
        raise BadInput(Reason.TOO_LARGE, f"The sitemap has more than {MAX_BYTES:,} bytes once unpacked.")
    if not unpack.eof:
        raise BadInput(Reason.ENCODING, "The sitemap's gzip is cut off.")
    return whole


def _xml(body: bytes) -> Sitemap:
    from lxml import etree

    made = Sitemap()
    seen: set[str] = set()
    root = None
    try:
        events = etree.iterparse(
            io.BytesIO(body),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
        )
        for event, node in events:
            if root is None:
                root = etree.QName(node).localname
                if root not in ("urlset", "sitemapindex"):
                    raise BadInput(Reason.WRONG_FORMAT, f"It is no sitemap: its root is <{root}>.")
            if event == "end" and isinstance(node.tag, str) and etree.QName(node).localname in ("url", "sitemap"):
                _entry(made, root == "sitemapindex", seen, node, etree)
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(Reason.WRONG_FORMAT, f"It is no sitemap: it is not well-formed XML ({error}).") from None
    if root is None:
        raise BadInput(Reason.WRONG_FORMAT, "It is no sitemap: it is empty.")
    return made


def _entry(made: Sitemap, is_index: bool, seen: set[str], node: object, etree: object) -> None:
    parts = {part.tag.rpartition("}")[2]: (part.text or "").strip() for part in node if isinstance(part.tag, str)}  # type: ignore[attr-defined]
    address = values.absolute("", parts.get("loc"))
    if address is None:
        payload: bytes = etree.tostring(node, encoding="utf-8", with_tail=False)[:20_000]  # type: ignore[attr-defined]
        made.bad.append(BadItem("", Reason.NO_ADDRESS, "The entry of the sitemap has no http address.", payload))
    elif address not in seen:
        seen.add(address)
        _check(len(seen))
        (made.children if is_index else made.pages).append((address, values.moment(parts.get("lastmod"))))
    _check(len(made.bad))


def _check(entries: int) -> None:
    if entries > MAX_ENTRIES:
        raise BadInput(Reason.TOO_LARGE, f"The sitemap has more than {MAX_ENTRIES:,} entries.")


def _lines(body: bytes) -> Sitemap:
    if len(body) > MAX_BYTES:
        raise BadInput(Reason.TOO_LARGE, f"The sitemap has more than {MAX_BYTES:,} bytes.")
    lines = [line.strip() for line in decode(body).split("\n")]
    found = {line: values.absolute("", line) for line in lines if line}
    if not any(found.values()):
        raise BadInput(Reason.WRONG_FORMAT, "It is no sitemap: neither XML nor an address a line.")
    _check(len(found))
    sentence = "The line of the sitemap is no http address."
    bad = [
        BadItem("", Reason.NO_ADDRESS, sentence, line.encode()) for line, address in found.items() if address is None
    ]
    return Sitemap([(address, None) for address in found.values() if address], [], bad)
