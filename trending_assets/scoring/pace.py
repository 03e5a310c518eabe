"""How fast the LLM is asked: its own rate-limit headers say when there is room again."""

import asyncio
import re
from collections.abc import Mapping

from trending_assets.raw.retrying import LONGEST_WAIT

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
LONGEST_PAUSE = LONGEST_WAIT
"""Seconds: a longer pause is cut, and the endpoint's next answer decides anew."""


def seconds(text: str) -> float | None:
    """Seconds of a duration as OpenAI's headers print it ("1s", "6m0s", "120ms"); None where it is none."""
    parts = _PART.findall(text)
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != text.strip():
        return None
    return float(sum(float(number) * _SECONDS[unit] for number, unit in parts))


class Pace:
    """Pauses of one endpoint. `x-ratelimit-remaining-…` and `-reset-…` count for requests and for tokens alike."""

    def __init__(self) -> None:
        self._resumes = 0.0
        self.paused_seconds = 0.0

    async def turn(self) -> None:
        """Wait until a request may be sent."""
        clock = asyncio.get_running_loop().time
        while (wait := self._resumes - clock()) > 0:
            self.paused_seconds += wait
            await asyncio.sleep(wait)

    def pause(self, wait: float) -> None:
        """Send nothing for so many seconds."""
        self._resumes = max(self._resumes, asyncio.get_running_loop().time() + min(wait, LONGEST_PAUSE))

    def heard(self, headers: Mapping[str, str], tokens: int) -> None:
        """Read an answer's headers; `tokens` is what a request takes at most."""
        for unit, needed in (("requests", 1), ("tokens", tokens)):
            remaining, reset = headers.get(f"x-ratelimit-remaining-{unit}"), headers.get(f"x-ratelimit-reset-{unit}")
            if remaining is None or reset is None or not remaining.strip().isdigit():
                continue
            wait = seconds(reset)
            if wait and int(remaining) < needed:
                self.pause(wait)
