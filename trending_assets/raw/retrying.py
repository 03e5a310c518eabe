"""How long to wait before asking again, and how often at most: shared by the spiders and TMDb's client."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

FIRST_WAIT, LONGEST_BACKOFF = 0.5, 30.0
"""Seconds: the bound of the first wait, which doubles with every attempt up to the longest."""
LONGEST_WAIT = 60.0
"""A longer Retry-After than this is not waited for: the input is tried again on a later day."""


def full_jitter(attempt: int, first: float = FIRST_WAIT, longest: float = LONGEST_BACKOFF) -> float:
    """Seconds to wait before attempt 1, 2, …: uniform from 0 to min(longest, first * 2^(attempt - 1)).

    "Full jitter" of Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    return random.uniform(0.0, min(longest, first * 2.0 ** (attempt - 1)))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header: a number, or an HTTP-date counted from the answer's own Date. None where there is none."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        seconds = float(value)
        return seconds if 0 <= seconds < float("inf") else None
    except ValueError:
        pass
    try:
        now = parsedate_to_datetime(headers.get("date") or "")
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


@dataclass
class RetryBudget:
    """Retries that may be made: `floor`, and `share` of the requests so far (the retry budget of Google's SRE book, ch. 21)."""

    share: float = 0.2
    floor: int = 50
    requests: int = 0
    retries: int = 0

    def spend(self) -> bool:
        """Take one retry; False where the budget is used up."""
        if self.retries >= self.floor + self.share * self.requests:
            return False
        self.retries += 1
        return True
