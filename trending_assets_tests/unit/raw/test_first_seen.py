"""First seen: each visible document lands in one partition, in the same one whether days run alone or together."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trending_assets.raw.first_seen import first_day_wanted, first_seen

D = date(2013, 5, 10)


def _at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _back(days: int) -> date:
    return D - timedelta(days=days)


def test_without_a_partition_before_only_the_day_itself_counts() -> None:
    chosen = first_seen({D: {"new": _at(D), "old": _at(_back(1)), "next": _at(D + timedelta(days=1))}}, {}, 3)[D]
    assert (chosen.new, chosen.outside) == (["new"], ["next", "old"])


def test_a_late_document_is_new_once_its_day_was_watched() -> None:
    partitions = {_back(1): ["known"], _back(2): [], _back(4): []}
    visible = {"late": _at(_back(2)), "known": _at(_back(1)), "unwatched": _at(_back(3))}
    chosen = first_seen({D: visible}, partitions, 3)[D]
    assert (chosen.new, chosen.already_seen, chosen.outside) == (["late"], ["known"], ["unwatched"])


def test_an_undated_document_is_new_unless_a_partition_has_it() -> None:
    chosen = first_seen({D: {"a": None, "b": None}}, {_back(20): ["a"]}, 3)[D]
    assert (chosen.new, chosen.already_seen) == (["b"], ["a"])


def test_late_days_bound_the_window() -> None:
    assert first_day_wanted(D, {_back(n) for n in range(1, 10)}, 3) == _back(3)
    assert first_day_wanted(D, set(), 3) == D


_DOCUMENTS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.tuples(st.integers(0, 8), st.integers(0, 4)), max_size=25
)


@given(_DOCUMENTS, st.sets(st.text("abcdef", min_size=1, max_size=3), max_size=5))
def test_days_alone_and_in_a_range_agree_and_nothing_is_taken_twice(
    documents: dict[str, tuple[int, int]], undated: set[str]
) -> None:
    """Each document is published on a day and becomes visible some days later."""
    days = [D + timedelta(days=n) for n in range(9)]
    visible: dict[date, dict[str, datetime | None]] = {
        day: {
            url: None if url in undated else _at(D + timedelta(days=published))
            for url, (published, delay) in documents.items()
            if D + timedelta(days=published + delay) <= day
        }
        for day in days
    }
    together = first_seen(visible, {}, 3)
    partitions: dict[date, list[str]] = {}
    for day in days:
        alone = first_seen({day: visible[day]}, partitions, 3)[day]
        assert alone == together[day]
        partitions[day] = alone.new
        parts = [*alone.new, *alone.already_seen, *alone.outside]
        assert sorted(parts) == sorted(visible[day])
    taken = [url for urls in partitions.values() for url in urls]
    assert len(taken) == len(set(taken))
    for url, (published, delay) in documents.items():
        if delay <= 3 and published + delay <= 8 and url not in undated:
            assert url in partitions[D + timedelta(days=published + delay)]
