"""How long to wait, and how often at most."""

from hypothesis import given
from hypothesis import strategies as st

from trending_assets.raw.retrying import LONGEST_BACKOFF, RetryBudget, full_jitter, retry_after


@given(st.integers(1, 200))
def test_full_jitter_is_between_nothing_and_a_doubling_bound(attempt: int) -> None:
    assert 0 <= full_jitter(attempt) <= min(LONGEST_BACKOFF, 0.5 * 2.0 ** (attempt - 1))


def test_full_jitter_spreads_over_the_whole_of_it() -> None:
    waits = [full_jitter(4, first=1.0) for _ in range(2000)]
    assert min(waits) < 0.8 and max(waits) > 7.2 and 3.6 < sum(waits) / len(waits) < 4.4


def test_retry_after_in_seconds_and_as_a_date() -> None:
    assert retry_after({"retry-after": "120"}) == 120
    dated = {"retry-after": "Fri, 20 Nov 2026 08:00:30 GMT", "date": "Fri, 20 Nov 2026 08:00:00 GMT"}
    assert retry_after(dated) == 30
    assert retry_after(dated | {"retry-after": "Fri, 20 Nov 2026 07:00:00 GMT"}) == 0
    for nonsense in ("soon", "-5", "nan", "inf", ""):
        assert retry_after({"retry-after": nonsense}) is None
    assert retry_after({}) is None


def test_the_budget_is_a_share_of_the_requests() -> None:
    budget = RetryBudget(share=0.2, floor=10)
    budget.requests = 1000
    assert sum(budget.spend() for _ in range(5000)) == 210
    budget.requests += 10
    assert budget.spend() and budget.spend() and not budget.spend()
