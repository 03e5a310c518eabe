"""An answer and its forms: which encoding a client gets, and whether it has that already."""

import zlib
from functools import lru_cache
from typing import NamedTuple

JSON = b"application/json"
PARQUET = b"application/vnd.apache.parquet"
CACHE = b"public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
IMMUTABLE = b"public, max-age=31536000, immutable"
BR, GZIP = b"br", b"gzip"
LEAST = 512  # bytes below which packing gains nothing on the wire

POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

_FIELDS = (
    b"etag: %b\r\ncache-control: %b\r\nvary: Accept-Encoding\r\n%bx-content-type-options: nosniff\r\n"
    b"content-security-policy: %b\r\n"
)

Headers = list[tuple[bytes, bytes]]


class Form(NamedTuple):
    """A representation as it goes out: its fields as lines of HTTP/1.1, those of a 304, its entity tag, its bytes."""

    head: bytes
    unchanged: bytes
    etag: bytes
    body: bytes | memoryview


def pairs(head: bytes) -> Headers:
    """Lines of HTTP/1.1 as ASGI wants them."""
    return [(name, value) for name, _, value in (line.partition(b": ") for line in head.splitlines())]


def lines(fields: Headers) -> bytes:
    """ASGI's fields as lines of HTTP/1.1."""
    return b"".join([b"%b: %b\r\n" % field for field in fields])


class Answer:
    """A body with what a cache must know of it. `keep`: equal requests get it again until the next publish.

    `gzip` and `brotli` are the forms that are there already; others are made when first asked for, and kept with the answer.
    `fields` are further lines of HTTP/1.1, `policy` is the Content-Security-Policy. `route` is the template that it is counted
    under.
    """

    __slots__ = (
        "_forms",
        "body",
        "brotli",
        "cache",
        "content_type",
        "etag",
        "fields",
        "gzip",
        "keep",
        "policy",
        "route",
    )

    def __init__(
        self,
        body: bytes | memoryview,
        etag: str,
        cache: bytes = CACHE,
        content_type: bytes = JSON,
        *,
        gzip: bytes | memoryview | None = None,
        brotli: bytes | memoryview | None = None,
        fields: bytes = b"",
        policy: bytes = POLICY,
        keep: bool = False,
    ) -> None:
        self.body, self.etag, self.cache, self.content_type, self.keep = body, etag, cache, content_type, keep
        self.gzip, self.brotli, self.fields, self.policy = gzip, brotli, fields, policy
        self.route = "unmatched"
        self._forms: dict[bytes, Form] = {}

    def form(self, accept_encoding: bytes) -> Form:
        """The representation for a request's Accept-Encoding (RFC 9110, 12.5.3)."""
        encoding = preferred(accept_encoding)
        if encoding and (len(self.body) < LEAST or self.content_type == PARQUET):
            encoding = b""
        found = self._forms.get(encoding)
        if found is None:
            found = self._forms[encoding] = self._make(encoding)
        return found

    def _make(self, encoding: bytes) -> Form:
        body = self._packed(encoding) if encoding else self.body
        suffix = b"-" + encoding if encoding else b""
        etag = b'"%b%b"' % (self.etag.encode(), suffix)
        unchanged = _FIELDS % (etag, self.cache, self.fields, self.policy)
        packed = b"content-encoding: %b\r\n" % encoding if encoding else b""
        head = b"content-type: %b\r\ncontent-length: %d\r\n%b%b" % (self.content_type, len(body), packed, unchanged)
        return Form(head, unchanged, etag, body)

    def _packed(self, encoding: bytes) -> bytes | memoryview:
        if encoding == BR:
            if self.brotli is None:
                import brotli

                self.brotli = brotli.compress(bytes(self.body), quality=5 if self.keep else 1)
            return self.brotli
        if self.gzip is None:
            packer = zlib.compressobj(6 if self.keep else 1, zlib.DEFLATED, 31)
            self.gzip = packer.compress(self.body) + packer.flush()
        return self.gzip


@lru_cache(maxsize=256)
def preferred(accept_encoding: bytes) -> bytes:
    """br or gzip, whichever the header likes better (br where it likes both alike); empty: as it is."""
    if not accept_encoding:
        return b""
    likes: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        name, _, rest = part.partition(";")
        likes[name.strip()] = _quality(rest)
    rest_of_them = likes.get("*", 0.0)
    br, gz = likes.get("br", rest_of_them), likes.get("gzip", likes.get("x-gzip", rest_of_them))
    best = max(br, gz)
    if best <= 0 or best < likes.get("identity", 0.0):
        return b""
    return BR if br == best else GZIP


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether the client has it (RFC 9110, 13.1.2: `*`, or one of the list by weak comparison)."""
    if if_none_match == etag:
        return True
    known = [tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")]
    return etag in known or b"*" in known
