"""A stop that loses no request: uvicorn's own closes its listener and idle connections at once, whatever is on its way."""

import signal
import time
from collections.abc import Callable
from types import FrameType

import uvicorn


class DrainingServer(uvicorn.Server):
    """On SIGTERM it goes on serving for `seconds`, so that whoever sends requests here can take it out of use.

    Meanwhile `on_drain` has been called (readiness is taken back), new connections are still taken, and every answer says
    `Connection: close`, so that clients move on by themselves. Then uvicorn's own shutdown finishes what is under way. A
    second signal, and Ctrl-C, end the wait.
    """

    def __init__(self, config: uvicorn.Config, seconds: float, on_drain: Callable[[], None]) -> None:
        super().__init__(config)
        self._seconds, self._on_drain = seconds, on_drain
        self._ends: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain on the first SIGTERM; anything else is uvicorn's."""
        if sig != signal.SIGTERM or self._ends is not None or self._seconds <= 0 or not self.started:
            super().handle_exit(sig, frame)
            return
        self._captured_signals.append(sig)  # raised again by uvicorn at its end, as without a drain
        self._ends = time.monotonic() + self._seconds
        self.config.encoded_headers.append((b"connection", b"close"))
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        self._on_drain()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        if self._ends is not None and time.monotonic() >= self._ends:
            self.should_exit = True
        return await super().on_tick(counter)
