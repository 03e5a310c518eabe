"""How many requests a client may make: a token bucket each, kept as GCRA's one number.

GCRA (generic cell rate algorithm) remembers when a client's bucket will be full again. A request puts that off by the time
that one token takes to come back, and is refused where it would be further away than a whole bucket takes.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import NamedTuple

MOST_CLIENTS = 100_000
"""Clients that are remembered, about 20 MB: beyond that the one that was not heard of for longest is forgotten."""
_DUST = 1e-6
"""Seconds that rounding may be off by: a client that comes back exactly when it was told to is let in."""


class Verdict(NamedTuple):
    """Whether a request may go on. `limit` tokens come back in `window` seconds, `remaining` are left, the bucket is full
    again in `reset_seconds`; a refused client may ask again after `retry_after` seconds (0 where it was allowed)."""

    allowed: bool
    limit: int
    window: int
    remaining: int
    reset_seconds: int
    retry_after: int


class Limiter:
    """Buckets of `burst` tokens that fill by `rate_per_minute`, one a client. For one thread: it has no lock.

    `python -m bench.limits` prints what a call costs.
    """

    def __init__(
        self,
        rate_per_minute: float | None,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        most_clients: int = MOST_CLIENTS,
    ) -> None:
        self._rate, self._burst, self._clock, self._most = rate_per_minute, burst, clock, most_clients
        # The client heard of last is the last. A plain dict would walk over what was taken out to find its first.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        """Clients that are remembered."""
        return len(self._full_at)

    def take(self, client: str, rate_per_minute: float | None = None) -> Verdict | None:
        """Take a token of the client's bucket, which fills by its own rate where one is given.

        None where neither the client nor the limiter has a rate: nothing is counted.
        """
        rate = rate_per_minute or self._rate
        if rate is None:
            return None
        now = self._clock()
        self._forget(now)
        burst, token = self._burst, 60.0 / rate
        whole = burst * token
        full_at = max(self._full_at.pop(client, now), now)
        allowed = full_at + token - now <= whole + _DUST
        if allowed:
            full_at += token
        self._full_at[client] = full_at
        owed = full_at - now
        remaining = max(int((whole - owed + _DUST) / token), 0)
        wait = 0 if allowed else max(ceil(owed + token - whole - _DUST), 1)
        return Verdict(allowed, burst, ceil(whole - _DUST), remaining, ceil(owed - _DUST), wait)

    def _forget(self, now: float) -> None:
        """Drop clients at the old end, two at most: those whose buckets are full, and any where there are too many."""
        for _ in range(2):
            oldest = next(iter(self._full_at), None)
            if oldest is None or (self._full_at[oldest] > now and len(self._full_at) < self._most):
                return
            del self._full_at[oldest]


def headers(verdict: Verdict) -> dict[str, str]:
    """The fields of draft-ietf-httpapi-ratelimit-headers-10, and Retry-After where the request was refused.

    The policy is the bucket: q tokens come back in w seconds, so that r never exceeds q and q/w is the rate.
    """
    fields = {
        "RateLimit-Policy": f'"default";q={verdict.limit};w={verdict.window}',
        "RateLimit": f'"default";r={verdict.remaining};t={verdict.reset_seconds}',
    }
    if not verdict.allowed:
        fields["Retry-After"] = str(verdict.retry_after)
    return fields
