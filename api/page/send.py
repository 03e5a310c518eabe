"""A page as a response: the same bytes for the same content, with ETag, packed for who can unpack, under a strict policy."""

import base64
import gzip
import hashlib
from functools import lru_cache

from fastapi import Request, Response

FOR_EVER = "public, max-age=31536000, immutable"
REVALIDATE = "public, max-age=0, must-revalidate"
_PACKED = 16  # pages whose packed form is kept, about 30 kB each


def chosen(accept_encoding: str) -> str:
    """br or gzip where the client takes it, br first; else the empty string. q=0 is a no."""
    taken = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if taken.get(name, taken.get("*", False))), "")


def unchanged(request: Request, etag: str) -> bool:
    """Whether the client holds this content, in whatever coding."""
    known = [tag.strip().removeprefix("W/").strip('"') for tag in request.headers.get("if-none-match", "").split(",")]
    return "*" in known or etag in (tag.partition("-")[0] for tag in known)


@lru_cache(maxsize=_PACKED)
def _packed(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    import brotli

    packed: bytes = brotli.compress(body, quality=5)
    return packed


def policy(inline: str = "") -> str:
    """The Content-Security-Policy of a page whose one inline script (an import map) is `inline`."""
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    own = f"'self' 'sha256-{digest}'" if inline else "'self'"
    return (
        f"default-src 'none'; script-src {own}; style-src 'self'; "
        "img-src 'self' data: https://image.tmdb.org http://127.0.0.1:*; connect-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


def send(request: Request, body: bytes, content_type: str, status: int = 200, inline: str = "") -> Response:
    """The body as a response, or 304 where the client has it. `inline` is the import map in it, if there is one."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    coding = chosen(request.headers.get("accept-encoding", ""))
    headers = {
        "Content-Security-Policy": policy(inline),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": REVALIDATE if status == 200 else "no-store",
        "Vary": "Accept-Encoding",
        "ETag": f'"{etag}{"-" * bool(coding)}{coding}"',
    }
    if status == 200 and unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    if coding:
        body, headers["Content-Encoding"] = _packed(body, coding), coding
    return Response(body, status, headers | {"Content-Type": content_type})
