"""Waiting for something to be so."""

import time
from collections.abc import Callable

from trending_assets.failures import PermanentFailure


def until(what: str, done: Callable[[], bool], begun: float | None = None, seconds: float = 900) -> float:
    """Seconds since `begun` (now where it is left out) until it is done. Raises PermanentFailure where that takes too long."""
    start = time.monotonic() if begun is None else begun
    while not done():
        if time.monotonic() - start > seconds:
            raise PermanentFailure(f"{what} did not happen within {seconds:.0f} s.")
        time.sleep(0.5)
    return time.monotonic() - start
