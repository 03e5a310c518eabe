"""The bound on the work of one input."""

import re
import time

import pytest

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.effort import bounded


def _swallows_everything(seconds: float) -> str:
    end = time.process_time() + seconds
    while time.process_time() < end:
        try:
            sum(range(1000))
        except Exception:  # what many a parser does
            continue
    return "done"


def test_a_parser_that_takes_too_long_is_stopped_although_it_catches_exceptions() -> None:
    with pytest.raises(BadInput, match=r"more than 0\.2 s") as caught:
        bounded(0.2, _swallows_everything, 30.0)
    assert caught.value.reason is Reason.TOO_COMPLEX
    assert bounded(5.0, _swallows_everything, 0.01) == "done"


def test_a_regular_expression_that_runs_away_is_stopped() -> None:
    with pytest.raises(BadInput) as caught:
        bounded(0.3, re.match, r"(a+)+$", "a" * 40 + "b")
    assert caught.value.reason is Reason.TOO_COMPLEX


def test_a_parser_that_breaks_costs_its_input_alone() -> None:
    with pytest.raises(BadInput, match="Its parser gave up: ZeroDivisionError") as caught:
        bounded(1.0, lambda: 1 / 0)
    assert caught.value.reason is Reason.BROKEN_MARKUP
    own = BadInput(Reason.NO_REVIEW, "The page has no review.")

    def refuse() -> None:
        raise own

    with pytest.raises(BadInput) as caught:
        bounded(1.0, refuse)
    assert caught.value is own
