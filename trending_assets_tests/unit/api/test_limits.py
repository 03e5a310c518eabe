"""limits.py under a simulated clock: never more than the bucket allows, never fewer, and little memory."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.clients import client_of
from api.limits import Limiter, Verdict, headers

RATES = st.one_of(st.integers(1, 100_000).map(float), st.floats(0.1, 100_000))
GAPS = st.lists(st.one_of(st.just(0.0), st.floats(0, 0.01), st.floats(0, 1), st.floats(0, 300)), max_size=150)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def take(limiter: Limiter, client: str = "a", rate: float | None = None) -> Verdict:
    verdict = limiter.take(client, rate)
    assert verdict is not None
    return verdict


@settings(max_examples=400, deadline=None)
@given(rate=RATES, burst=st.integers(1, 50), gaps=GAPS)
def test_a_client_gets_what_the_bucket_allows_and_nothing_more(rate: float, burst: int, gaps: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(rate, burst, clock)
    take(limiter, "not full for years, so nobody after it is forgotten", 1e-6)
    passed: list[float] = []
    for gap in gaps:
        clock.now += gap
        # The tokens that a bucket which is emptied by what passed holds now, counted from its whole past anew.
        most = [burst + rate / 60 * (clock.now - start) - (len(passed) - n) for n, start in enumerate(passed)]
        tokens = min([float(burst), *most])
        verdict = take(limiter)
        if abs(tokens - 1) > 1e-3 + rate * 1e-5:  # nearer, rounding decides
            assert verdict.allowed == (tokens >= 1)
        if verdict.allowed:
            passed.append(clock.now)
        left = tokens - verdict.allowed
        assert abs(verdict.remaining - max(left, 0)) <= 1 + 1e-3 + rate * 1e-5
        assert verdict.remaining <= verdict.limit == burst
        assert verdict.reset_seconds >= verdict.retry_after and (verdict.retry_after > 0) == (not verdict.allowed)
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + rate / 60 * (passed[last] - start) + 1


@given(rate=RATES, burst=st.integers(1, 20), share=st.floats(0, 0.99))
def test_who_waits_as_told_is_let_in_and_who_is_early_is_not(rate: float, burst: int, share: float) -> None:
    clock = Clock()
    limiter = Limiter(rate, burst, clock)
    for client in ("told", "early"):
        for _ in range(burst):
            assert take(limiter, client).allowed
    refused, token = take(limiter, "told"), 60 / rate
    assert not refused.allowed and token - 1e-3 <= refused.retry_after < token + 1
    clock.now += share * token
    if token > 1e-3:
        assert not take(limiter, "early").allowed
    clock.now += refused.retry_after - share * token
    assert take(limiter, "told").allowed


def test_a_refusal_takes_nothing_and_clients_do_not_share() -> None:
    clock = Clock()
    limiter = Limiter(60, 2, clock)
    assert [take(limiter).allowed for _ in range(50)] == [True, True] + [False] * 48
    assert take(limiter, "b").remaining == 1
    clock.now += 1
    assert [take(limiter).allowed for _ in range(2)] == [True, False]


def test_a_client_may_have_a_rate_of_its_own_and_no_rate_counts_nothing() -> None:
    clock = Clock()
    limiter = Limiter(None, 2, clock)
    assert limiter.take("a") is None and len(limiter) == 0
    assert [take(limiter, "key", 6).allowed for _ in range(3)] == [True, True, False]
    assert take(limiter, "key", 6).retry_after == 10
    clock.now += 10
    assert take(limiter, "key", 6).allowed


def test_full_buckets_are_forgotten_and_the_number_is_bounded() -> None:
    clock = Clock()
    limiter = Limiter(60, 5, clock, most_clients=100)
    for n in range(1000):
        take(limiter, f"client {n}")
        assert len(limiter) <= 100
    clock.now += 60
    for _ in range(60):
        take(limiter, "one")
    assert len(limiter) == 1
    assert not take(limiter, "one").allowed, "forgetting others must not forget who is still counted"


def test_who_asks_on_is_not_the_one_that_is_forgotten() -> None:
    limiter = Limiter(1, 1, Clock(), most_clients=10)
    assert take(limiter, "busy").allowed
    for n in range(100):
        take(limiter, f"other {n}")
        assert not take(limiter, "busy").allowed


def test_headers_are_those_of_the_draft() -> None:
    clock = Clock()
    limiter = Limiter(600, 100, clock)
    assert headers(take(limiter)) == {"RateLimit-Policy": '"default";q=100;w=10', "RateLimit": '"default";r=99;t=1'}
    for _ in range(99):
        take(limiter)
    assert headers(take(limiter)) == {
        "RateLimit-Policy": '"default";q=100;w=10',
        "RateLimit": '"default";r=0;t=10',
        "Retry-After": "1",
    }


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    return {
        "type": "http",
        "client": (peer, 40000) if peer is not None else None,
        "headers": [(b"x-forwarded-for", line.encode()) for line in forwarded],
    }


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("192.0.2.1", (), 0, "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.7",), 0, "192.0.2.1"),  # nobody is believed
        ("10.0.0.1", ("198.51.100.7",), 1, "198.51.100.7"),
        ("10.0.0.1", ("1.1.1.1, 198.51.100.7",), 1, "198.51.100.7"),  # the first was made up by the client
        ("10.0.0.1", ("1.1.1.1, 198.51.100.7, 10.0.0.2",), 2, "198.51.100.7"),
        ("10.0.0.1", ("1.1.1.1", "198.51.100.7", "10.0.0.2"), 2, "198.51.100.7"),  # one list over many lines
        ("10.0.0.1", ("198.51.100.7",), 2, "10.0.0.1"),  # did not come through both proxies
        ("10.0.0.1", (), 1, "10.0.0.1"),
        ("10.0.0.1", ("unknown",), 1, "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.7:1234",), 1, "198.51.100.7"),
        ("10.0.0.1", ("[2001:db8:1:2:3:4:5:6]:1234",), 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:aaaa::1", (), 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", (), 0, "192.0.2.1"),
        ("fe80::1%eth0", (), 0, "fe80::/64"),
        (None, (), 0, "unknown"),
        ("", (), 0, "unknown"),
    ],
)
def test_the_client_is_who_the_last_trusted_proxy_saw(
    peer: str | None, forwarded: tuple[str, ...], trusted: int, client: str
) -> None:
    assert client_of(scope(peer, *forwarded), trusted) == client
