"""What Dagster tries again: the policy of every step, and the project's errors as Dagster's, sorted by failures.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import dagster as dg

from trending_assets.failures import PermanentFailure, TransientFailure

TRY_AGAIN = dg.RetryPolicy(max_retries=3, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""Of every step: after about 5, 10 and 20 s. What is away for longer is automation's matter (automation.again)."""


@contextmanager
def readable_failures() -> Iterator[None]:
    """Turn the project's errors into Dagster's: the sentence alone, and a retry only where it may help."""
    try:
        yield
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except TransientFailure as error:
        raise dg.Failure(str(error), allow_retries=True) from None


def readable(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose errors are Dagster's."""

    @wraps(function)
    def inside(*arguments: Any, **named: Any) -> Any:
        with readable_failures():
            return function(*arguments, **named)

    return inside
