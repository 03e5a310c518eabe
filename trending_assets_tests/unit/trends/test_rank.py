"""The ranking: a permutation, causal, the same alone and in a range, and sensible in the corners."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, validate
from trending_assets.features.parameters import FEATURES
from trending_assets.partitions import HISTORY_DAYS
from trending_assets.trends.parameters import LIST_WEIGHTS
from trending_assets.trends.rank import rank_days
from trending_assets_tests.unit.trends.streams import day, feature, frame, stream, title_features


def ranked_on(
    signals: pl.DataFrame,
    days: Sequence[date],
    facts: Iterable[Mapping[str, object]] = (),
    lists: pl.DataFrame | None = None,
) -> pl.DataFrame:
    return rank_days(title_features(signals, days, facts), days, lists)


RATES = [0.2] * 40 + [1, 2, 4, 8]


def test_window_is_the_one_that_the_assets_load() -> None:
    assert FEATURES.window_days == HISTORY_DAYS


def test_ranks_are_a_permutation_by_score() -> None:
    ranked = ranked_on(stream(1, 40, RATES), [day(30), day(39)])
    for _, one in ranked.partition_by("date", as_dict=True).items():
        assert validate(one.drop("date"), TABLES["trends/trend_scores"]) == []
        assert one["rank"].to_list() == list(range(1, one.height + 1))
        assert one.sort(["score", "title_id"], descending=[True, False]).equals(one)
        points = one.select(pl.sum_horizontal("mention_points", "release_points", "chart_points", "list_points"))
        assert (one["score"] - points.to_series()).abs().max() < 1e-9  # type: ignore[operator]
        assert one.sort(["rising_score", "title_id"], descending=[True, False])["rising_rank"].to_list() == list(
            range(1, one.height + 1)
        )
        assert ((one["expected_low"] <= one["expected"]) & (one["expected"] <= one["expected_high"])).all()
        assert ((one["lift_low"] <= one["lift"]) & (one["lift"] <= one["lift_high"])).all()


@given(st.integers(0, 10_000), st.integers(0, 44), st.integers(0, 6))
@settings(max_examples=25, deadline=None)
def test_what_comes_later_changes_nothing(seed: int, at: int, more: int) -> None:
    features = stream(seed, 50, RATES)
    cut = features.filter(pl.col("date") <= day(at))
    days = [day(n) for n in range(at - 1, at + more + 1) if 0 <= n < 50]
    in_range = ranked_on(features.sample(fraction=1.0, shuffle=True, seed=seed), days)
    assert in_range.filter(pl.col("date") == day(at)).equals(ranked_on(cut, [day(at)]))


def test_what_lies_before_the_window_changes_nothing() -> None:
    features = stream(3, 60, RATES)
    window = features.filter(pl.col("date") > day(50 - FEATURES.window_days))
    assert ranked_on(features, [day(50)]).equals(ranked_on(window, [day(50)]))


def test_first_day_of_the_lake_is_steady() -> None:
    ranked = ranked_on(stream(2, 1, RATES), [day(0)])
    assert (ranked["lift"] == 1).all() and (ranked["direction"] == "steady").all()
    assert (ranked["lift_low"] < 1).all() and (ranked["lift_high"] > 1).all()


def test_days_that_the_lake_does_not_know_are_not_zero() -> None:
    steady = stream(5, 30, [10.0, 10.0])
    gap = steady.filter(~pl.col("date").is_between(day(10), day(20)))
    ranked = ranked_on(gap, [day(29)])
    assert (ranked["baseline"] > 7).all() and (ranked["direction"] == "steady").all()


def test_a_burst_rises_and_a_fade_falls() -> None:
    features = stream(7, 30, [2.0, 30.0, *[5.0] * 20], {(0, 29): 25})
    faded = features.filter((pl.col("title_id") != "movie-2") | (pl.col("date") < day(26)))
    ranked = ranked_on(faded, [day(29)])
    direction = dict(ranked.select("title_id", "direction").iter_rows())
    assert direction["movie-1"] == "rising"
    assert direction["movie-2"] == "falling"
    assert ranked["title_id"][0] == "movie-1"


def test_weekdays_are_not_trends() -> None:
    """Sunday has 1.8 times the volume of Tuesday: hardly a title of a steady stream may rise on it."""
    features = stream(11, 90, [6.0] * 60)
    sundays = ranked_on(features, [day(n) for n in range(34, 90, 7)])
    assert (sundays["direction"] == "rising").mean() < 0.06  # type: ignore[operator]


def test_charts_and_lists_carry_a_day_without_words() -> None:
    features = frame(
        [
            feature(day(0), "tv-1", list_rank=1, lists=["top_rated"]),
            feature(day(0), "tv-2", list_rank=2, lists=["trending_day"]),
            feature(day(0), "movie-3", chart_rank=1, charts=["box_office_us"]),
            feature(day(0), "movie-4", chart_rank=9, charts=["box_office_us"]),
        ]
    )
    ranked = ranked_on(features, [day(0)])
    assert (ranked["basis"] == "charts_and_lists").all()
    assert ranked["title_id"].to_list() == ["movie-3", "tv-2", "movie-4", "tv-1"]
    assert list(LIST_WEIGHTS.values()) == sorted(LIST_WEIGHTS.values(), reverse=True)


def test_each_list_counts_with_its_own_place() -> None:
    both = ["popular", "trending_day"]
    features = frame([feature(day(0), f"tv-{n}", list_rank=1, lists=both) for n in (1, 2)])
    places = [
        ("tv-1", "popular", 1),
        ("tv-1", "trending_day", 20),
        ("tv-2", "popular", 20),
        ("tv-2", "trending_day", 1),
    ]
    lists = pl.DataFrame(
        [(day(0), *place) for place in places],
        schema={"date": pl.Date, "title_id": pl.String, "list": pl.String, "rank": pl.Int32},
        orient="row",
    )
    assert ranked_on(features, [day(0)], lists=lists)["title_id"].to_list() == ["tv-2", "tv-1"]


def test_mentions_outweigh_charts() -> None:
    features = frame([feature(day(0), "movie-1", 5), feature(day(0), "movie-2", chart_rank=1, charts=["c"])])
    ranked = ranked_on(features, [day(0)])
    assert ranked["title_id"].to_list() == ["movie-1", "movie-2"]
    assert ranked["basis"].to_list() == ["mentions", "charts_and_lists"]


def test_empty() -> None:
    assert ranked_on(frame([]), [day(0)]).is_empty()
    assert ranked_on(frame([]), []).columns[0] == "date"


def test_ties_go_by_title() -> None:
    features = frame([feature(day(0), t, 3) for t in ("tv-2", "movie-9", "movie-10")])
    assert ranked_on(features, [day(0)])["title_id"].to_list() == ["movie-10", "movie-9", "tv-2"]


RELEASE: dict[str, object] = {
    "title_id": "movie-900",
    "title": "Heat 2",
    "genres": ["Action", "Adventure"],
    "original_language": "en",
}


def test_a_release_is_announced_before_anybody_names_it() -> None:
    facts: list[dict[str, object]] = [
        RELEASE | {"release_date": day(31)},
        {"title_id": "movie-901", "title": "Nobody", "genres": []},
    ]
    ranked = ranked_on(stream(1, 30, RATES), [day(29)], facts)
    release, entry = (ranked.filter(title_id=t).row(0, named=True) for t in ("movie-900", "movie-901"))
    assert release["basis"] == "release" and release["release_points"] == release["score"] > 0
    assert release["rising_rank"] == 1 and release["expected_high"] > release["expected"] > 1
    assert (entry["basis"], entry["score"], entry["rank"]) == ("catalogue", 0, ranked.height)
    assert 0 < entry["expected"] < 1 and entry["expected_low"] == 0


def test_a_title_named_by_nobody_who_counts_stays_in_the_catalogue() -> None:
    """An account without a past names tv-9: no voice counts, and no title moves."""
    quiet, facts = stream(1, 30, RATES), [{"title_id": t, "title": "Nobody"} for t in ("movie-100", "tv-9", "tv-99")]
    named = pl.concat([quiet, frame([feature(day(29), "tv-9", 1, voices=0.0)])])
    before, after = (ranked_on(signals, [day(29)], facts) for signals in (quiet, named))
    assert after.select("title_id", "rank", "basis").equals(before.select("title_id", "rank", "basis"))
    charted = [frame([feature(day(29), "tv-9", n, voices=0.0, chart_rank=1)]) for n in (0, 1)]
    points = [
        ranked_on(pl.concat([quiet, c]), [day(29)]).filter(title_id="tv-9")["chart_points"].item() for c in charted
    ]
    assert points == [1.0, 1.0], "nor does such an account take a place on a chart away"
    assert after.tail(3)["basis"].to_list() == ["catalogue"] * 3 and after.tail(3)["score"].to_list() == [0, 0, 0]


def test_a_missing_site_is_named_and_widens_the_intervals() -> None:
    features = title_features(stream(1, 30, RATES), [day(29)])
    site = dict.fromkeys(TABLES["features/site_day"].schema)
    sites = pl.DataFrame(
        [
            {**site, "date": day(29), "site": "a.example", "usual": 30.0, "missing": False},
            {**site, "date": day(29), "site": "b.example", "usual": 10.0, "missing": True},
        ],
        schema={"date": pl.Date, **TABLES["features/site_day"].schema},
    )
    whole, lacking = (rank_days(features, [day(29)], None, s) for s in (sites.with_columns(missing=False), sites))
    assert lacking["missing_sites"].to_list() == [["b.example"]] * lacking.height
    assert whole["missing_sites"].list.len().sum() == 0
    loud = lacking["level"] > 1
    assert (lacking["lift_high"] > whole["lift_high"]).filter(loud).all()
    assert (lacking["lift_low"] < whole["lift_low"]).filter(loud).all()
    assert (lacking["expected_high"] > whole["expected_high"]).filter(loud).all()
    assert lacking["rank"].equals(whole["rank"]) and lacking["title_id"].equals(whole["title_id"])
