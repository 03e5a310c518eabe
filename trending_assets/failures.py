"""Permanent or transient: the one place that decides what is retried.

A transient failure may pass when the same thing is asked again (a refused connection, a 429, a 5xx). A permanent one will
not (a 404, a wrong key, a partition that the source cannot show), so nothing retries it.
"""

import re
from enum import StrEnum

TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class Reason(StrEnum):
    """Why an input became no row: what quarantine rows are counted by."""

    HTTP_TRANSIENT = "http_transient"  # 408, 425, 429 or 5xx after every retry
    UNREACHABLE = "unreachable"  # no connection, no DNS answer, broken TLS
    TIMEOUT = "timeout"
    CUT_OFF = "cut_off"  # fewer bytes than the other side announced
    CIRCUIT_OPEN = "circuit_open"  # the host failed so often that it was left alone
    HTTP_ERROR = "http_error"  # any other status
    ROBOTS = "robots"  # robots.txt forbids the address
    FORBIDDEN_ADDRESS = "forbidden_address"  # a private or otherwise reserved network
    REDIRECTS = "redirects"  # too many, or to what is no web address
    TOO_LARGE = "too_large"  # bytes, or bytes once unpacked
    TOO_COMPLEX = "too_complex"  # reading it takes more work than an input may cost
    ENCODING = "encoding"  # broken gzip, or a charset that is none
    NOT_TEXT = "not_text"
    WRONG_FORMAT = "wrong_format"  # no feed, no JSON, no table where one should be
    BROKEN_MARKUP = "broken_markup"
    NO_REVIEW = "no_review"  # a page without the schema.org Review that its source promises
    NO_ADDRESS = "no_address"  # an item without an http(s) address
    NO_TEXT = "no_text"  # neither a headline nor text
    BAD_ROW = "bad_row"  # a line, entry or list item without what its table needs
    LLM = "llm"  # no usable answer of the LLM
    LLM_WAITS = "llm_waits"  # not asked yet (budget), not answered yet (batch), or the answer is not known (in doubt)

    @property
    def transient(self) -> bool:
        """True where asking again on a later day may help."""
        return self in _TRANSIENT_REASONS


_TRANSIENT_REASONS = frozenset(
    {
        Reason.HTTP_TRANSIENT,
        Reason.UNREACHABLE,
        Reason.TIMEOUT,
        Reason.CUT_OFF,
        Reason.CIRCUIT_OPEN,
        Reason.LLM,
        Reason.LLM_WAITS,
    }
)


class TrendingError(Exception):
    """Base of the errors that a person is meant to read: one clear sentence, no traceback needed."""


class TransientFailure(TrendingError):
    """Asking again may help. `retry_after` is in seconds, None where the other side named none."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentFailure(TrendingError):
    """Asking again cannot help: the input, a setting or the other side has to change first."""


class BadInput(TrendingError):
    """One input that becomes no row: the reason that it is counted by, and a sentence for its row in quarantine."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


_AWAY = re.compile(
    r"(could not (connect|establish)|connection (refused|reset|error)|failed to connect|timed? ?out|HTTP (5\d\d|429)\b)",
    re.IGNORECASE,
)


def is_away(message: str) -> bool:
    """True where DuckDB's words say that S3 was away: no connection, or a status that is worth another try."""
    return _AWAY.search(message) is not None


def is_transient_status(status: int) -> bool:
    """True when an HTTP status is worth another try."""
    return status in TRANSIENT_STATUSES
