"""Who may ask, and how often: API keys, rate limits, and what browsers on other origins are told (CORS)."""

from typing import TYPE_CHECKING

from api.clients import client_of
from api.limits import Limiter, headers
from api.problems import ProblemError
from api.reply import Headers

if TYPE_CHECKING:
    from starlette.types import Scope

EXPOSED = "ETag, Content-Location, Content-Disposition, Retry-After, RateLimit, RateLimit-Policy, X-Stale, X-Request-ID"
ALLOWED = "Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-ID"
OPEN = ("/healthz", "/readyz", "/metrics")
"""Paths that whoever watches the service asks for: neither key nor limit."""


class Gate:
    """The checks before an answer. With no key file, no limit and no origins it lets everything pass."""

    def __init__(self, limiter: Limiter, origins: str, trusted: int) -> None:
        self._limiter, self._trusted = limiter, trusted
        self._origins = frozenset(origin.strip() for origin in origins.split(",") if origin.strip())

    def check(self, scope: "Scope") -> Headers:
        """The rate limit's headers of an answer. Raises ProblemError 401, 403 or 429."""
        if scope["path"] in OPEN:
            return []
        verdict = self._limiter.take(client_of(scope, self._trusted))
        if verdict is None:
            return []
        fields = headers(verdict)
        if not verdict.allowed:
            raise ProblemError(429, f"Too many requests. Ask again in {verdict.retry_after} s.", fields)
        return [(name.lower().encode(), value.encode()) for name, value in fields.items()]

    def cors(self, origin: bytes) -> Headers:
        """The headers that let a browser's script on that origin read the answer; none where it may not."""
        if "*" in self._origins:
            allowed: Headers = [(b"access-control-allow-origin", b"*")]
        elif origin.decode("latin-1") in self._origins:
            allowed = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        else:
            return [(b"vary", b"Origin")]
        return [*allowed, (b"access-control-expose-headers", EXPOSED.encode())]

    def preflight(self, origin: bytes) -> Headers:
        """The answer to a browser that asks beforehand."""
        return [
            *self.cors(origin),
            (b"access-control-allow-methods", b"GET, HEAD, POST"),
            (b"access-control-allow-headers", ALLOWED.encode()),
            (b"access-control-max-age", b"86400"),
        ]
