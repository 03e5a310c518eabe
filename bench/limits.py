"""What the rate limiter costs a request: CPU of a call, with 10,000 clients in turn, and of the headers that it makes."""

import time

from api.limits import Limiter, Verdict, headers

CALLS, CLIENTS = 200_000, 10_000


def main() -> None:
    """Print microseconds of CPU a call."""
    names = [f"192.0.{n // 256}.{n % 256}" for n in range(CLIENTS)]
    for what, limiter in (("allowed", Limiter(1e6, 1_000)), ("refused", Limiter(0.001, 1))):
        for name in names:
            limiter.take(name)
        start = time.process_time()
        for n in range(CALLS):
            limiter.take(names[n % CLIENTS])
        print(f"take, {what}: {1e6 * (time.process_time() - start) / CALLS:.2f} µs of CPU a call.")
    verdict = Limiter(600, 100).take("a")
    assert isinstance(verdict, Verdict)
    start = time.process_time()
    for _ in range(CALLS):
        headers(verdict)
    print(f"headers: {1e6 * (time.process_time() - start) / CALLS:.2f} µs of CPU a call.")


if __name__ == "__main__":
    main()
