"""Merged profiles are those of the whole; what a baseline is made of; the training set as a baseline."""

import math
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, conform, empty, validate
from trending_assets.drift.profiles import baseline_days, merge_rows, profile_column, profile_days
from trending_assets.drift.sketch import (
    FEW,
    ITEMS,
    LONGEST,
    MERGED_RANK_ERROR,
    MOST_BYTES,
    RANK_ERROR,
    K,
    _whylogs,
    column_profile,
    kll_sketch,
    median_of,
    merge_profiles,
    read_profile,
)
from trending_assets.drift.training import training_baseline
from trending_assets.drift.watched import FED, WATCHED, Watched
from trending_assets_tests.unit.drift.made_days import DAY, days_of, tables

NUMBERS = Watched("made.numbers", "made", pl.col("x"), (-1.0, 0.0, 1.0))
EPSILON = 1e-12
WORDS = Watched("made.words", "made", pl.col("x"))
_FLOATS = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 1.0, math.nan]), st.floats(-1e6, 1e6))
_DAYS_OF_FLOATS = st.lists(st.lists(_FLOATS, max_size=40), min_size=1, max_size=6)
_TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "é" * 90, "x" + "é" * 90]), st.text(max_size=4))
_DAYS_OF_TEXTS = st.lists(st.lists(_TEXTS, max_size=40), min_size=1, max_size=6)


def floats(values: list[float | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64)


def texts(values: list[str | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


def same(left: float | None, right: float | None, by: float) -> bool:
    """Both nothing, both NaN, or no further apart than `by`."""
    if left is None or right is None:
        return left is right
    return (math.isnan(left) and math.isnan(right)) or abs(left - right) <= by


def rank_error(profile: bytes, ordered: Any) -> float:
    """The worst error of a rank: how many values are below a point, as the sketch says and in truth, at many points."""
    points = np.unique(np.concatenate([ordered[:: max(1, len(ordered) // 2_000)], np.nextafter(ordered[-50:], np.inf)]))
    said = np.array(read_profile(profile).get_metric("distribution").kll.value.get_cdf(points.tolist())[:-1])
    return float(np.max(np.abs(said - np.searchsorted(ordered, points, "left") / len(ordered))))


def quantile_error(profile: bytes, ordered: Any) -> float:
    """The worst distance between a rank that whylogs is asked for and the nearest rank of the value that it reads."""
    sketch, asked = read_profile(profile).get_metric("distribution").kll.value, np.linspace(0.0005, 0.9995, 400)
    read = np.array([sketch.get_quantile(rank) for rank in asked])
    low, high = (
        np.searchsorted(ordered, read, "left") / len(ordered),
        np.searchsorted(ordered, read, "right") / len(ordered),
    )
    return float(np.max(np.clip(low - asked, 0, None) + np.clip(asked - high, 0, None)))


def merged_and_whole(watched: Watched, days: list[pl.Series]) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = [profile_column(watched, values, DAY + timedelta(days=n)) for n, values in enumerate(days)]
    frame = pl.DataFrame(rows, schema={**TABLES["drift/profiles"].schema, "date": pl.Date()})
    (merged,) = merge_rows(frame)
    return merged, profile_column(watched, pl.concat(days), DAY)


@settings(max_examples=60, deadline=None)
@given(_DAYS_OF_FLOATS)
def test_merged_numbers_are_those_of_the_whole(days: list[list[float | None]]) -> None:
    merged, whole = merged_and_whole(NUMBERS, [floats(d) for d in days])
    for name in ("count", "nulls", "minimum", "median", "maximum", "bin_edges", "bin_counts", "categories"):
        assert merged[name] == whole[name], name  # so few values are kept whole, and the median with them
    scale = max((abs(v) for d in days for v in d if v is not None and not math.isnan(v)), default=1.0)
    for name in ("mean", "stddev"):
        assert merged[name] == (None if whole[name] is None else pytest.approx(whole[name], rel=1e-9, abs=1e-9 * scale))
    assert merged["count"] == sum(len(d) for d in days) == merged["nulls"] + sum(merged["bin_counts"])
    ours, theirs = (read_profile(row["profile"]).to_summary_dict() for row in (merged, whole))
    exact = [name for name in theirs if name.startswith(("counts/", "types/", "distribution/q_", "distribution/m"))]
    assert {"counts/nan", "types/fractional", "distribution/q_25", "distribution/median"} <= set(exact)
    for name in exact:
        assert same(ours[name], theirs[name], 1e-9 * scale if name == "distribution/mean" else 0.0), name


@settings(max_examples=60, deadline=None)
@given(_DAYS_OF_TEXTS)
def test_merged_strings_are_those_of_the_whole(days: list[list[str | None]]) -> None:
    merged, whole = merged_and_whole(WORDS, [texts(d) for d in days])
    for name in ("count", "nulls", "categories", "category_counts", "mean", "median"):
        assert merged[name] == whole[name], name
    ours, theirs = (read_profile(row["profile"]).to_summary_dict() for row in (merged, whole))
    for name in theirs:
        if name.startswith(("counts/", "types/")):
            assert ours[name] == theirs[name], name
    known = {item.value: item for item in ours["frequent_items/frequent_strings"]}
    for value, n in zip(whole["categories"], whole["category_counts"], strict=True):
        item = known.get(value.encode()[:LONGEST].decode(errors="ignore"))
        assert item is None or item.lower <= n <= item.upper


@given(_DAYS_OF_FLOATS, _DAYS_OF_TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_values_and_of_days_leaves_no_trace(numbers: Any, words: Any, chance: Any) -> None:
    for days, series in ((numbers, floats), (words, texts)):
        profiles = [column_profile(series(day)) for day in days]
        shuffled = [column_profile(series(chance.sample(day, len(day)))) for day in days]
        assert profiles == shuffled
        assert merge_profiles(profiles) == merge_profiles(chance.sample(profiles, len(profiles)))


@pytest.mark.parametrize("different", [FEW, FEW + 1, 30_000])
def test_many_strings_in_any_order_give_the_same_bytes(different: int) -> None:
    words = texts([f"site{n % different}" for n in range(40_000)])
    shuffled = [words.sample(fraction=1.0, shuffle=True, seed=seed) for seed in range(3)]
    assert {column_profile(one) for one in shuffled} == {column_profile(words)}
    assert read_profile(column_profile(words)).to_summary_dict()["cardinality/est"] == pytest.approx(
        different, rel=0.05
    )


@pytest.mark.parametrize("n", [1, K, ITEMS - 1, ITEMS, ITEMS + 1, 2 * ITEMS - 1, 2 * ITEMS + 3, 100_003])
@pytest.mark.parametrize("kind", ["normal", "ties", "tail"])
def test_quantiles_keep_to_the_bound(n: int, kind: str) -> None:
    draw = np.random.default_rng(n)
    values = {"normal": draw.normal(size=n), "ties": draw.poisson(3, n) * 1.0, "tail": draw.pareto(0.7, n)}[kind]
    ordered = np.sort(values)
    profile = column_profile(pl.Series(values))
    assert rank_error(profile, ordered) <= RANK_ERROR + EPSILON
    assert quantile_error(profile, ordered) <= RANK_ERROR + 2 / ITEMS + 1 / n
    read = median_of(profile)
    assert read is not None
    rank = np.searchsorted(ordered, read, "left") / n, np.searchsorted(ordered, read, "right") / n
    assert rank[0] - RANK_ERROR - 1 / n <= 0.5 <= rank[1] + RANK_ERROR + 1 / n
    if n <= ITEMS:
        assert read == np.median(values)
    cuts = [0, n // 7, n // 2, n // 2 + 3, n]
    merged = merge_profiles([column_profile(pl.Series(values[a:b])) for a, b in pairwise(cuts)])
    assert rank_error(merged, ordered) <= MERGED_RANK_ERROR + EPSILON
    assert quantile_error(merged, ordered) <= MERGED_RANK_ERROR + 2 / ITEMS + 1 / n
    assert read_profile(merged).get_metric("distribution").kll.value.get_n() == n


def test_the_bound_is_no_wider_than_it_has_to_be() -> None:
    ordered = np.arange(200_001.0)
    found = rank_error(column_profile(pl.Series(ordered)), ordered)
    assert RANK_ERROR / 2 < found <= RANK_ERROR  # the measure would see a sketch that is off by more


def test_a_merge_of_merges_adds_one_error_a_step() -> None:
    parts = [np.random.default_rng(n).normal(n / 9, 1, 3_001) for n in range(12)]
    thirds = [merge_profiles([column_profile(pl.Series(p)) for p in parts[k::3]]) for k in range(3)]
    assert rank_error(merge_profiles(thirds), np.sort(np.concatenate(parts))) <= 3 * RANK_ERROR + EPSILON


@pytest.mark.parametrize("days", [1, 28])
def test_a_profile_of_many_rows_is_small(days: int) -> None:
    draw, rows = np.random.default_rng(5), 40_000
    long = [f"{int(v**4 * 20_000)}.{'sub' * 40}é" for v in draw.random(2 * rows)]
    numbers = [column_profile(pl.Series(draw.normal(size=rows))) for _ in range(days)]
    words = [column_profile(pl.Series(long[n * 100 : n * 100 + rows])) for n in range(days)]
    for profiles in (numbers, words):
        assert max(map(len, profiles)) <= MOST_BYTES
        assert len(merge_profiles(profiles)) <= MOST_BYTES
        whole = read_profile(profiles[0])  # merged by whylogs itself, with its own random bits
        for data in profiles[1:]:
            whole = whole.merge(read_profile(data))
        assert len(whole.serialize()) <= MOST_BYTES
        assert whole.get_metric("counts").n.value == days * rows
    assert max(map(len, words)) > MOST_BYTES * 0.9  # the worst there can be: long values, all different, all kept


def test_whylogs_reads_what_it_would_have_written() -> None:
    """Beside whylogs' own profile of the same pandas frame: the same components, and the same figures."""
    import pandas as pd

    whylogs = _whylogs()
    draw = np.random.default_rng(8)
    number = [None if n % 10 == 3 else float(v) for n, v in enumerate(draw.normal(size=900))]
    word = [None if n % 9 == 4 else f"site{v}" for n, v in enumerate(draw.integers(0, 150, 900))]
    frame = pd.DataFrame({"number": number, "word": pd.Series(word, dtype=object)})
    theirs = whylogs.log(pandas=frame).view()
    for name, series in (("number", floats(number)), ("word", texts(word))):
        view = theirs.get_column(name)
        mine, own = read_profile(column_profile(series)).to_summary_dict(), view.to_summary_dict()
        assert set(mine) == set(own)
        for key in sorted(
            set(own) - {"frequent_items/frequent_strings", "counts/nan"}
        ):  # to pandas a null float is NaN
            assert same(mine[key], own[key], 0.02 * own[key] if key.startswith("cardinality/") else 1e-12), key
        if name == "word":
            found = [
                sorted((i.value, i.est, i.lower, i.upper) for i in side["frequent_items/frequent_strings"])
                for side in (mine, own)
            ]
            assert found[0] == found[1]
        assert view.merge(read_profile(column_profile(series))).to_summary_dict()["counts/n"] == 1_800


def test_infinite_values_are_counted_and_nothing_is_merged_of_nothing() -> None:
    summary = read_profile(column_profile(floats([1.0, math.inf, -math.inf, math.nan, None]))).to_summary_dict()
    assert (summary["counts/inf"], summary["counts/nan"], summary["counts/null"], summary["counts/n"]) == (2, 1, 2, 5)
    with pytest.raises(ValueError, match="no profile to merge"):
        merge_profiles([])
    assert median_of(column_profile(floats([None]))) is None
    assert len(kll_sketch(np.empty(0))) == 8


def test_what_a_day_left_out_still_counts_in_the_merge() -> None:
    """A day on which all values tie keeps none of them, and what it may have seen is in the bound of the merge."""
    even, other = texts([f"site{n % 500}" for n in range(1_500)]), texts(["site7"] * 9)
    summary = read_profile(column_profile(even)).to_summary_dict()
    assert summary["frequent_items/frequent_strings"] == []
    merged = read_profile(merge_profiles([column_profile(even), column_profile(other)])).get_metric("frequent_items")
    (item,) = merged.to_summary_dict()["frequent_strings"]
    assert item.value == "site7" and item.lower <= 12 <= item.upper


def test_a_row_says_least_middle_and_greatest() -> None:
    row = profile_column(NUMBERS, floats([3.0, None, 1.0, 2.0, 10.0, math.nan]), DAY)
    assert (row["minimum"], row["median"], row["maximum"], row["mean"]) == (1.0, 2.5, 10.0, 4.0)
    assert row["stddev"] == pytest.approx(np.std([3, 1, 2, 10], ddof=1))
    assert (row["count"], row["nulls"], row["bin_counts"]) == (6, 2, [0, 0, 0, 4])
    alone = profile_column(NUMBERS, floats([-1.0]), DAY)
    assert (alone["stddev"], alone["median"], alone["bin_counts"]) == (None, -1.0, [0, 1, 0, 0])


def _past(days: list[date]) -> pl.DataFrame:
    return pl.concat(profile_days(tables(day), [day]) for day in days)


def test_the_trailing_baseline_knows_its_days_and_its_version() -> None:
    days = days_of(DAY - timedelta(days=4), 4)
    past = _past(days)
    found = baseline_days(past, [DAY], 28)
    assert validate(conform(found, TABLES["drift/baseline"]), TABLES["drift/baseline"]) == []
    assert set(found["against"]) == {"trailing"} and found["version"].n_unique() == 1
    assert set(found["first_day"]) == {days[0]} and set(found["last_day"]) == {days[-1]} and set(found["days"]) == {4}
    whole = pl.concat([tables(day)["scoring/document_scores"] for day in days])
    (sentiment,) = found.filter(pl.col("column") == "scoring/document_scores.sentiment").to_dicts()
    assert sentiment["median"] == pytest.approx(whole["sentiment"].median(), abs=0.01)
    assert sentiment["stddev"] == pytest.approx(whole["sentiment"].std())
    assert (sentiment["minimum"], sentiment["maximum"]) == (whole["sentiment"].min(), whole["sentiment"].max())
    shuffled = past.sample(fraction=1.0, shuffle=True, seed=3)
    assert baseline_days(shuffled, [DAY], 28).equals(found)
    shorter = baseline_days(past, [DAY], 3)
    assert set(shorter["first_day"]) == {days[1]} and shorter["version"][0] != found["version"][0]


def test_the_version_changes_with_any_profile_that_was_merged() -> None:
    past = _past(days_of(DAY - timedelta(days=2), 2))
    other = past.with_columns(
        profile=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(column_profile(floats([1.0])))).otherwise("profile")
    )
    versions = [baseline_days(frame, [DAY], 28)["version"][0] for frame in (past, other)]
    assert versions[0] != versions[1] and all(len(v) == 16 and int(v, 16) >= 0 for v in versions)


def _titles(**changes: Any) -> pl.DataFrame:
    """Six titles of a training set, of which four count."""
    rows = 6
    made = {
        "title_id": [f"movie-{n}" for n in range(rows)],
        "source": ["tmdb"] * 5 + ["wikipedia"],
        "text": ["x" * (50 * n) for n in range(rows)],
        "language": ["en", "en", "fr", None, "en", "de"],
        "year": [1990, 1999, 2000, None, 2026, 1950],
        "keywords": [["a"], [], ["a", "b", "c"], ["c"], ["d"], ["e"]],
        "split": ["train", "valid", "test", "train", "later", "train"],
        "trained_through": [DAY - timedelta(days=9)] * rows,
    }
    return pl.DataFrame(made | changes, schema_overrides={"year": empty(TABLES["genre/training_set"]).schema["year"]})


def test_the_training_set_is_a_baseline_of_what_the_model_is_fed() -> None:
    found = training_baseline(_titles(), DAY)
    assert validate(conform(found, TABLES["drift/baseline"]), TABLES["drift/baseline"]) == []
    rows = {row["column"].partition(".")[2]: row for row in found.to_dicts()}
    assert set(found["column"]) == {w.name for w in WATCHED if w.table == FED} and found.height == 4
    assert rows["text_length"]["bin_counts"] == [1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert rows["text_length"]["maximum"] == 150.0
    assert (rows["language"]["categories"], rows["language"]["nulls"]) == (["en", "fr"], 1)
    assert dict(zip(rows["decade"]["categories"], rows["decade"]["category_counts"], strict=True)) == {
        "1990s": 2,
        "2000s": 1,
    }
    assert rows["keywords"]["bin_counts"] == [1, 2, 1, 0, 0, 0, 0, 0]
    for row in rows.values():
        assert (row["against"], row["days"], row["first_day"]) == ("training", 1, None)
        assert (row["last_day"], row["date"], row["count"]) == (DAY - timedelta(days=9), DAY, 4)


def test_the_training_sets_version_is_of_the_rows_that_count() -> None:
    version = training_baseline(_titles(), DAY)["version"][0]
    assert training_baseline(_titles().reverse(), DAY)["version"][0] == version
    elsewhere = ["x" * (50 * n) for n in range(5)] + ["another catalogue's"]
    assert training_baseline(_titles(text=elsewhere), DAY)["version"][0] == version
    assert training_baseline(_titles(text=["other", *elsewhere[1:]]), DAY)["version"][0] != version
    assert training_baseline(_titles().clear(), DAY).is_empty()
    assert training_baseline(_titles(), DAY - timedelta(days=10)).is_empty(), "it knew more than the day"
    assert not training_baseline(_titles(), DAY - timedelta(days=9)).is_empty()
