"""A bound on the work that one input may cause, whatever the parser does with it."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from trending_assets.failures import BadInput, Reason

_AGAIN = 0.1
"""Seconds after which an exception that a parser swallowed is raised anew."""


class _TooMuch(BaseException):
    """No Exception: parsers catch those."""


def _raise(number: int, frame: FrameType | None) -> None:
    raise _TooMuch


def bounded(seconds: float, parse: Callable[..., Any], *arguments: Any) -> Any:
    """What a parser makes of one input, within so many seconds of CPU. For the main thread alone: it works by a signal.

    Raises BadInput: the parser's own; TOO_COMPLEX beyond the limit; BROKEN_MARKUP for whatever else it raises, so that a
    fault of a parser costs one input and not the crawl.
    """
    before = signal.signal(signal.SIGVTALRM, _raise)
    try:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
            return parse(*arguments)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _TooMuch:
        raise BadInput(Reason.TOO_COMPLEX, f"Reading it takes more than {seconds:g} s.") from None
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(Reason.BROKEN_MARKUP, f"Its parser gave up: {type(error).__name__}.") from error
    finally:
        signal.signal(signal.SIGVTALRM, before)
