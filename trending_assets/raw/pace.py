"""How fast and how stubbornly a service is asked: a rate, a budget for retries, and a circuit."""

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


@dataclass
class RetryBudget:
    """Retries as a share of the requests, besides a few to start with: a dead service is not asked many times over."""

    share: float
    left: float

    def earn(self) -> None:
        """Count a request."""
        self.left += self.share

    def spend(self) -> bool:
        """Take a retry; False where none is left."""
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass
class Circuit:
    """Opens after `most` failed tries in a row, whichever requests they belong to, and stays open."""

    most: int
    failures: int = 0

    @property
    def open(self) -> bool:
        """Whether the service is left alone."""
        return self.failures >= self.most

    def success(self) -> None:
        """A try was answered."""
        if not self.open:
            self.failures = 0

    def failure(self) -> None:
        """A try failed in a way that may pass."""
        self.failures += 1
