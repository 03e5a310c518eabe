"""An answer and its forms: which encoding a client gets, and whether it has that already."""

import zlib
from functools import lru_cache
from typing import NamedTuple

JSON = "application/json"
CACHE = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
IMMUTABLE = "public, max-age=31536000, immutable"
LEAST = 512  # bytes below which packing gains nothing on the wire

POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

Headers = list[tuple[bytes, bytes]]


class Form(NamedTuple):
    """A representation as it goes out: its headers, its entity tag (with quotes) and its bytes."""

    headers: Headers
    etag: bytes
    body: bytes | memoryview


class Answer:
    """A body with what a cache must know of it. `keep`: equal requests get it again until the next publish.

    `gzip` and `brotli` are the forms that are there already; others are made when first asked for, and kept with the answer.
    `policy` is a page's own Content-Security-Policy. `route` is the template under which a kept answer is counted.
    """

    __slots__ = ("_forms", "_more", "body", "brotli", "cache", "content_type", "etag", "gzip", "keep", "route")

    def __init__(
        self,
        body: bytes | memoryview,
        etag: str,
        cache: str = CACHE,
        content_type: str = JSON,
        *,
        gzip: bytes | memoryview | None = None,
        brotli: bytes | memoryview | None = None,
        headers: Headers | None = None,
        policy: str | None = None,
        keep: bool = False,
    ) -> None:
        self.body, self.etag, self.cache, self.content_type, self.keep = body, etag, cache, content_type, keep
        self.gzip, self.brotli = gzip, brotli
        self._more = [
            *(headers or []),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", (policy or POLICY).encode()),
        ]
        self.route = "unmatched"
        self._forms: dict[str, Form] = {}

    def form(self, accept_encoding: bytes) -> Form:
        """The representation for a request's Accept-Encoding (RFC 9110, 12.5.3)."""
        encoding = preferred(accept_encoding)
        if encoding and (len(self.body) < LEAST or self.content_type == "application/vnd.apache.parquet"):
            encoding = ""
        found = self._forms.get(encoding)
        if found is None:
            found = self._forms[encoding] = self._make(encoding)
        return found

    def _make(self, encoding: str) -> Form:
        body = self._packed(encoding) if encoding else self.body
        etag = f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"'
        headers = [
            (b"content-type", self.content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag.encode()),
            (b"cache-control", self.cache.encode()),
            (b"vary", b"Accept-Encoding"),
            *self._more,
        ]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        return Form(headers, etag.encode(), body)

    def _packed(self, encoding: str) -> bytes | memoryview:
        if encoding == "br":
            if self.brotli is None:
                import brotli

                self.brotli = brotli.compress(bytes(self.body), quality=5 if self.keep else 1)
            return self.brotli
        if self.gzip is None:
            packer = zlib.compressobj(6 if self.keep else 1, zlib.DEFLATED, 31)
            self.gzip = packer.compress(self.body) + packer.flush()
        return self.gzip


@lru_cache(maxsize=256)
def preferred(accept_encoding: bytes) -> str:
    """br or gzip, whichever the header likes better (br where it likes both alike); empty: as it is."""
    if not accept_encoding:
        return ""
    likes: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        name, _, rest = part.partition(";")
        likes[name.strip()] = _quality(rest)
    rest_of_them = likes.get("*", 0.0)
    br, gz = likes.get("br", rest_of_them), likes.get("gzip", likes.get("x-gzip", rest_of_them))
    best = max(br, gz)
    if best <= 0 or best < likes.get("identity", 0.0):
        return ""
    return "br" if br == best else "gzip"


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
