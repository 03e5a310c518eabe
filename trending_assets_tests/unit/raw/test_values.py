"""Numbers, ratings, years, times and addresses as pages print them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.raw.values import absolute, host_of, moment, number, rating, whole, year

ANYTHING = st.one_of(
    st.text(max_size=70),
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.binary(max_size=5),
    st.lists(st.integers()),
)


@given(ANYTHING)
def test_values_never_crash(value: Any) -> None:
    number(value)
    year(value)
    whole(value)
    given_rating, best = rating(value)
    assert best is None or given_rating is None or abs(given_rating) < 1e9
    found = moment(value)
    assert found is None or found.tzinfo is UTC
    absolute("http://a.example/x", value)


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("8/10", 8.0),
        ("3,5", 3.5),
        (4, 4.0),
        (float("nan"), None),
        (10**400, None),
        (True, None),
        ("-", None),
        ("9" * 40, None),
    ],
)
def test_number(value: Any, made: float | None) -> None:
    assert number(value) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("8/10", (8.0, 10.0)),
        ("3.5 out of 5", (3.5, 5.0)),
        ("4,5 von 5", (4.5, 5.0)),
        ("★★★½", (3.5, 5.0)),
        ("★★★☆☆", (3.0, 5.0)),
        ("80%", (80.0, 100.0)),
        ("7", (7.0, None)),
        ("11/10", (None, None)),
        ("B+", (None, None)),
        (None, (None, None)),
    ],
)
def test_rating(value: Any, made: tuple[float | None, float | None]) -> None:
    assert rating(value) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [("1,897,569", 1897569), (622311, 622311), ("12.5", 12), ("no", None), (-1, None), (1e300, None), ("7 votes", 7)],
)
def test_whole(value: Any, made: int | None) -> None:
    assert whole(value) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("2000-07-24", datetime(2000, 7, 24)),
        ("2013-05-01T10:00:00+02:00", datetime(2013, 5, 1, 8)),
        ("20130501T100000Z", datetime(2013, 5, 1, 10)),
        ("Sat, 01 Aug 2026 03:59:00 +0000", datetime(2026, 8, 1, 3, 59)),
        ("May 3, 2013", datetime(2013, 5, 3)),
        ("Fri, 03 May 2013 10:00:00 EDT", datetime(2013, 5, 3, 14)),
        ("3 May 2013 10:00 XYZ", datetime(2013, 5, 3, 10)),
        ("3 May 2013 at 14:05", datetime(2013, 5, 3, 14, 5)),
        ("03.05.2013", datetime(2013, 5, 3)),
        ("2013-05", datetime(2013, 5, 1)),
    ],
)
def test_moment(value: str, made: datetime) -> None:
    assert moment(value) == made.replace(tzinfo=UTC)


@pytest.mark.parametrize("value", ["Monday", "14:05", "soon", "", "x" * 100, "0001-01-01", 20130501, None])
def test_no_moment(value: Any) -> None:
    assert moment(value) is None


def test_year_and_addresses() -> None:
    assert year("released in 1999, not 99") == 1999
    assert year("120133") is None
    assert host_of("HTTPS://WWW.A.example:8080/x") == "www.a.example"
    assert host_of("http://[") is None
    assert absolute("http://a.example/x/y", "../z?q=1") == "http://a.example/z?q=1"
    for bad in ("javascript:alert(1)", "mailto:a@b", "http://a b/", "data:text/html,x", "http://" + "a" * 3000):
        assert absolute("http://a.example/", bad) is None
