"""How long to wait, and how often at most."""

import time

from hypothesis import given
from hypothesis import strategies as st

from trending_assets.raw.retrying import LONGEST_BACKOFF, LONGEST_WAIT, Circuit, RetryBudget, full_jitter, retry_after


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
    late = retry_after({"retry-after": "Fri, 03 May 2999 10:00:30 GMT"})  # no Date: counted from now
    assert late and late > LONGEST_WAIT
    for nonsense in ("soon", "-5", "nan", "inf", "", "Fri, 99 May 2013"):
        assert retry_after({"retry-after": nonsense}) is None
    assert retry_after({}) is None


def test_the_budget_is_a_share_of_the_requests() -> None:
    budget = RetryBudget(10, share=0.25)
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(5000)) == 260
    for _ in range(8):
        budget.earn()
    assert budget.spend() and budget.spend() and not budget.spend()


def test_a_circuit_opens_after_failures_in_a_row_and_closes_again() -> None:
    circuit = Circuit(3, 0.05)
    for _ in range(2):
        circuit.note(True)
    circuit.note(False)  # one success, and the count begins anew
    for _ in range(2):
        circuit.note(True)
    assert not circuit.open
    circuit.note(True)
    assert circuit.open
    time.sleep(0.06)
    assert not circuit.open  # one try is let through
    circuit.note(True)
    assert circuit.open
    time.sleep(0.06)
    circuit.note(False)
    circuit.note(True)
    assert not circuit.open
