"""A page as an answer: the same bytes for the same content, under a policy that names its one inline script by hash."""

import base64
import hashlib

from fastapi import Response

from api.ready import Ready
from api.reply import Answer, pairs

HTML = b"text/html; charset=utf-8"
REVALIDATE = b"public, max-age=0, must-revalidate"
FIELDS = b"referrer-policy: no-referrer\r\nx-frame-options: DENY\r\ncross-origin-opener-policy: same-origin\r\n"


def policy(inline: str = "") -> bytes:
    """The Content-Security-Policy of a page whose one inline script (an import map) is `inline`."""
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    own = f"'self' 'sha256-{digest}'" if inline else "'self'"
    return (
        f"default-src 'none'; script-src {own}; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ).encode()


def send(html: bytes, status: int, inline: str, lasts: float) -> Response:
    """The page; one that went well is kept for as long as it `lasts` (seconds), or until the next publish."""
    if status == 200:
        mark = hashlib.sha256(html).hexdigest()[:32]
        own = policy(inline)
        return Ready(Answer(html, mark, REVALIDATE, HTML, fields=FIELDS, policy=own, keep=True, lasts=lasts))
    response = Response(html, status)
    response.raw_headers += [
        *pairs(FIELDS),
        (b"x-content-type-options", b"nosniff"),
        (b"content-type", HTML),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", policy(inline)),
    ]
    return response
