"""How fast a service is asked."""

from dataclasses import dataclass


@dataclass
class Rate:
    """A token bucket: `per_second` requests on average, `burst` at once. Times are seconds of one monotonic clock.

    Kept as the time at which the bucket is full again (the generic cell rate algorithm of ITU-T I.371).
    """

    per_second: float
    burst: float
    resumes: float = 0.0  # no turn before this time
    _full: float = 0.0

    def take(self, now: float) -> float:
        """Take a turn; gives the seconds until it."""
        self._full = max(self._full, now) + 1 / self.per_second
        return max(0.0, self._full - now - self.burst / self.per_second)

    def pause(self, now: float, seconds: float) -> None:
        """No turn before `seconds` from now, and no burst after that."""
        self.resumes = max(self.resumes, now + seconds)
        self._full = max(self._full, self.resumes + (self.burst - 1) / self.per_second)
