"""Who may ask, and how often: API keys, rate limits, and what browsers on other origins are told (CORS)."""

from typing import TYPE_CHECKING

from starlette.datastructures import Headers as Fields

from api.clients import client_of
from api.keys import Caller, Keys, admit, scope_of
from api.limits import Limiter, headers
from api.problems import ProblemError
from api.reply import Headers
from trending_assets.settings import Settings

if TYPE_CHECKING:
    from starlette.types import Scope

EXPOSED = "ETag, Content-Location, Content-Disposition, Retry-After, RateLimit, RateLimit-Policy, X-Stale, X-Request-ID"
ALLOWED = "Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-ID"
OPEN = ("/healthz", "/readyz", "/metrics")
"""Paths that whoever watches the service asks for: neither key nor limit."""


class Gate:
    """The checks before an answer. `closed`: there is something to check, a key or a limit."""

    def __init__(self, settings: Settings) -> None:
        """Raises PermanentFailure where a key is required and there is no file of keys."""
        self._keys = Keys.open(settings.api_keys, settings.api_require_key)
        self._with_keys, self._require_key = settings.api_keys is not None, settings.api_require_key
        self._limiter = Limiter(settings.api_rate_per_minute, settings.api_rate_burst)
        self.closed = self._with_keys or settings.api_rate_per_minute is not None
        self._trusted = settings.api_trust_proxy
        self._origins = frozenset(o.strip() for o in settings.api_cors_origins.split(",") if o.strip())

    def check(self, scope: "Scope") -> Headers:
        """The rate limit's headers of an answer. Raises ProblemError 401, 403 or 429."""
        if not self.closed or scope["path"] in OPEN:
            return []
        caller: Caller | None = None
        if self._with_keys:
            caller = self._keys.who(Fields(scope=scope))
            if scope["path"].startswith("/v1/"):
                admit(caller, scope_of(scope["path"]), self._require_key)
        client = f"key {caller.id}" if caller else client_of(scope, self._trusted)
        verdict = self._limiter.take(client, caller.requests_per_minute if caller else None)
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
