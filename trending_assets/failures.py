"""Permanent or transient: the one place that decides what is retried.

A transient failure may pass when the same thing is asked again (a refused connection, a 429, a 5xx). A permanent one will
not (a 404, a wrong key, a partition that the source cannot show), so nothing retries it.
"""

TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class TrendingError(Exception):
    """Base of the errors that a person is meant to read: one clear sentence, no traceback needed."""


class TransientFailure(TrendingError):
    """Asking again may help. `retry_after` is in seconds, None where the other side named none."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentFailure(TrendingError):
    """Asking again cannot help: the input, a setting or the other side has to change first."""


def is_transient_status(status: int) -> bool:
    """True when an HTTP status is worth another try."""
    return status in TRANSIENT_STATUSES
