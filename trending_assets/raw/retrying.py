"""How long to wait before asking again, how often at most, and when to leave a service alone: spiders and TMDb's client."""

import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

import pybreaker

FIRST_WAIT, LONGEST_BACKOFF = 0.5, 30.0
"""Seconds: the bound of the first wait, which doubles with every attempt up to the longest."""
LONGEST_WAIT = 60.0
"""A longer Retry-After than this is not waited for: the input is tried again on a later day."""
RETRY_SHARE = 0.2
"""Retries are a fifth of the requests at most, besides a few to start with."""


def full_jitter(attempt: int, first: float = FIRST_WAIT, longest: float = LONGEST_BACKOFF) -> float:
    """Seconds to wait after attempt 1, 2, …: uniform from 0 to min(longest, first * 2^(attempt - 1)).

    "Full jitter" of Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    return random.uniform(0.0, min(longest, first * 2.0 ** (attempt - 1)))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, a number or an HTTP-date (counted from the answer's Date where it has one).

    None where there is none, or none that can be read.
    """
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        seconds = float(value)
        return seconds if 0 <= seconds < float("inf") else None
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
        sent = parsedate_to_datetime(headers["date"]) if headers.get("date") else datetime.now(UTC)
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError):  # TypeError: one of them has no zone
        return None


@dataclass
class RetryBudget:
    """Retries as a share of the requests, besides `left` to start with (Google's SRE book, chapter 21)."""

    left: float
    share: float = RETRY_SHARE

    def earn(self) -> None:
        """Count a request."""
        self.left += self.share

    def spend(self) -> bool:
        """Take a retry; False where none is left."""
        if self.left < 1:
            return False
        self.left -= 1
        return True


class _Failed(Exception):
    pass


class Circuit:
    """A circuit breaker (pybreaker's) that is told of outcomes: open after `most` failures in a row, for `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._breaker = pybreaker.CircuitBreaker(fail_max=most, reset_timeout=seconds)
        self._until = 0.0

    @property
    def open(self) -> bool:
        """Whether the service is left alone. After `seconds` it is asked again, and one more failure opens it anew."""
        return self._breaker.current_state == pybreaker.STATE_OPEN and monotonic() < self._until

    def note(self, failed: bool) -> None:
        """Count an outcome."""
        if not failed and not self._breaker.fail_counter:
            return
        with suppress(_Failed, pybreaker.CircuitBreakerError):
            self._breaker.call(self._outcome, failed)
        if failed and self._breaker.current_state == pybreaker.STATE_OPEN:
            self._until = monotonic() + self.seconds

    @staticmethod
    def _outcome(failed: bool) -> None:
        if failed:
            raise _Failed
