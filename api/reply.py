"""An answer and its forms: which encoding a client gets, whether it has that already, and how long it is kept here."""

import zlib
from functools import lru_cache
from math import inf
from time import perf_counter
from typing import NamedTuple

from trending_assets.serving.container import Found

JSON = b"application/json"
CACHE = b"public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
IMMUTABLE = b"public, max-age=31536000, immutable"
PACKED_ALREADY = frozenset((b"image/jpeg", b"image/png", b"image/webp"))
BR, GZIP = b"br", b"gzip"
LEAST = 512  # bytes below which packing gains nothing on the wire

POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

_FIELDS = (
    b"etag: %b\r\ncache-control: %b\r\nvary: Accept-Encoding\r\n%bx-content-type-options: nosniff\r\n"
    b"content-security-policy: %b\r\n"
)

_HEAD = b"content-type: %b\r\ncontent-length: %d\r\n%b"

Headers = list[tuple[bytes, bytes]]


Body = bytes | memoryview | tuple[bytes | memoryview, ...]
"""The bytes of an answer, also in pieces that go out one after the other without being put together."""


class Form(NamedTuple):
    """A representation as it goes out: its fields as lines of HTTP/1.1, those of a 304, its entity tag, its bytes."""

    head: bytes
    unchanged: bytes
    etag: bytes
    body: Body


def whole(body: Body) -> bytes:
    """The bytes in one piece."""
    return b"".join(body) if isinstance(body, tuple) else bytes(body)


def pairs(head: bytes) -> Headers:
    """Lines of HTTP/1.1 as ASGI wants them."""
    return [(name, value) for name, _, value in (line.partition(b": ") for line in head.splitlines())]


def lines(fields: Headers) -> bytes:
    """ASGI's fields as lines of HTTP/1.1."""
    return b"".join([b"%b: %b\r\n" % field for field in fields])


def form_of(
    content_type: bytes,
    etag: str,
    encoding: bytes,
    cache: bytes,
    fields: bytes,
    policy: bytes,
    body: Body,
) -> Form:
    """The representation of a body in an encoding (empty: as it is)."""
    length = sum(map(len, body)) if isinstance(body, tuple) else len(body)
    if encoding:
        mark = b'"%b-%b"' % (etag.encode(), encoding)
        unchanged = _FIELDS % (mark, cache, fields, policy)
        packed = b"content-encoding: %b\r\n%b" % (encoding, unchanged)
        return Form(_HEAD % (content_type, length, packed), unchanged, mark, body)
    mark = b'"%b"' % etag.encode()
    unchanged = _FIELDS % (mark, cache, fields, policy)
    return Form(_HEAD % (content_type, length, unchanged), unchanged, mark, body)


class Answer:
    """A body with what a cache must know of it. `keep`: equal requests get it again until the next publish, or for as long
    as it `lasts` (seconds).

    Its packed forms are made when first asked for, and kept with it: as small as they get where `packed_best`. `fields` are
    further lines of HTTP/1.1, `policy` is the Content-Security-Policy. `route` is the template that it is counted under.
    """

    __slots__ = (
        "_effort",
        "_forms",
        "body",
        "cache",
        "content_type",
        "etag",
        "expires",
        "fields",
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
        fields: bytes = b"",
        policy: bytes = POLICY,
        keep: bool = False,
        lasts: float = inf,
        packed_best: bool = False,
    ) -> None:
        self.body, self.etag, self.cache, self.content_type, self.keep = body, etag, cache, content_type, keep
        self.fields, self.policy = fields, policy
        self._effort = 2 if packed_best else 1 if keep else 0
        self.route, self.expires = "unmatched", perf_counter() + lasts
        self._forms: dict[bytes, Form] = {}

    def form(self, accept_encoding: bytes) -> Form:
        """The representation for a request's Accept-Encoding (RFC 9110, 12.5.3)."""
        encoding = preferred(accept_encoding)
        if encoding and (len(self.body) < LEAST or self.content_type in PACKED_ALREADY):
            encoding = b""
        found = self._forms.get(encoding)
        if found is None:
            found = self._forms[encoding] = self._make(encoding)
        return found

    def _make(self, encoding: bytes) -> Form:
        body = self._packed(encoding) if encoding else self.body
        return form_of(self.content_type, self.etag, encoding, self.cache, self.fields, self.policy, body)

    def _packed(self, encoding: bytes) -> bytes:
        if encoding is BR:
            import brotli

            packed: bytes = brotli.compress(bytes(self.body), quality=(1, 5, 11)[self._effort])
            return packed
        packer = zlib.compressobj((1, 6, 9)[self._effort], zlib.DEFLATED, 31)
        return packer.compress(self.body) + packer.flush()


class Stored:
    """An answer as a bundle holds it, with its forms: an Answer of which nothing is read that is not sent."""

    __slots__ = ("_fields", "_found", "_made", "cache", "keep", "route")
    expires = inf

    def __init__(self, found: Found, cache: bytes, fields: bytes) -> None:
        self._found, self.cache, self._fields = found, cache, fields
        self.keep, self.route = True, "unmatched"
        self._made: dict[bytes, Form] = {}

    @property
    def body(self) -> memoryview:
        return self._found.body

    def form(self, accept_encoding: bytes) -> Form:
        """The representation for a request's Accept-Encoding: one of those that are stored."""
        encoding = preferred(accept_encoding)
        made = self._made.get(encoding)
        if made is None:
            found = self._found
            body = found.brotli if encoding is BR else found.gzip if encoding is GZIP else found.body
            if body is None:
                encoding, body = b"", found.body
            made = form_of(found.content_type, found.etag, encoding, self.cache, self._fields, POLICY, body)
            self._made[encoding] = made
        return made


class Pieced:
    """An answer in mapped pieces. To be packed they are put together each time anew: a year of every title would not fit."""

    __slots__ = ("_cache", "_etag", "_pieces", "_plain", "keep", "route")
    expires = inf

    def __init__(self, pieces: tuple[bytes | memoryview, ...], etag: str, cache: bytes = CACHE) -> None:
        self._pieces, self._etag, self._cache = pieces, etag, cache
        self.keep, self.route = True, "unmatched"
        self._plain: Form | None = None

    @property
    def body(self) -> bytes:
        return whole(self._pieces)

    def form(self, accept_encoding: bytes) -> Form:
        """The representation for a request's Accept-Encoding."""
        if preferred(accept_encoding):
            return Answer(self.body, self._etag, self._cache).form(accept_encoding)
        if self._plain is None:
            self._plain = form_of(JSON, self._etag, b"", self._cache, b"", POLICY, self._pieces)
        return self._plain


AnyAnswer = Answer | Stored | Pieced


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
