"""Rate-limit headers are read as OpenAI prints them, and nothing else moves the pace."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.scoring.pace import LONGEST_PAUSE, Pace, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1s", 1),
        ("6m0s", 360),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("0s", 0),
        ("", None),
        ("soon", None),
        ("5", None),
    ],
)
def test_durations(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


@given(st.text())
def test_any_text_is_a_duration_or_none(text: str) -> None:
    found = seconds(text)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s"}, 2),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "2s"}, 0),
        ({"x-ratelimit-remaining-tokens": "99", "x-ratelimit-reset-tokens": "500ms"}, 0.5),
        ({"x-ratelimit-remaining-tokens": "100", "x-ratelimit-reset-tokens": "500ms"}, 0),
        ({"x-ratelimit-remaining-tokens": "0"}, 0),
        ({"x-ratelimit-remaining-tokens": "x", "x-ratelimit-reset-tokens": "1s"}, 0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "9h"}, LONGEST_PAUSE),
        ({}, 0),
    ],
)
def test_the_pause_that_headers_ask_for(headers: dict[str, str], pause: float) -> None:
    async def paused() -> float:
        pace = Pace()
        now = asyncio.get_running_loop().time()
        pace.heard(headers, 100)
        return max(0.0, pace._resumes - now)

    assert asyncio.run(paused()) == pytest.approx(pause, abs=0.05)


def test_a_turn_waits_for_the_pause() -> None:
    async def turns() -> float:
        pace = Pace()
        pace.pause(0.05)
        await pace.turn()
        return pace.paused_seconds

    assert asyncio.run(turns()) > 0
