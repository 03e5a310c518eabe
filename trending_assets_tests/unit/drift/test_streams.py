"""The made streams of the drift bench are what they say, and its plain rivals are their formulas."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from scipy.stats import chisquare

from bench.drift_rivals import (
    FAMILY,
    HISTORY,
    RIVALS,
    Alarms,
    Evidently,
    Rival,
    binned,
    exact_chi_squared,
    plain,
    psi,
    quiet,
    references,
    whylogs_drift,
    with_evidently,
)
from bench.drift_rivals import (
    WEEK as DAYS,
)
from bench.drift_streams import (
    CLUSTER,
    COLUMNS,
    LIFE,
    WEEK,
    Array,
    Column,
    Day,
    Shift,
    Stream,
    counts_of,
    cramers_v,
    days,
    moved,
    profile_row,
)
from trending_assets.contracts.drift import PROFILES
from trending_assets.drift.watched import bin_counts

BY_NAME = {column.name: column for column in COLUMNS}


def anova_icc(clusters: Array) -> float:
    """Intra-class correlation of clusters x rows: (MSB - MSW) / (MSB + (m - 1) MSW)."""
    size = clusters.shape[1]
    between = size * clusters.mean(axis=1).var(ddof=1)
    within = clusters.var(axis=1, ddof=1).mean()
    return float((between - within) / (between + (size - 1) * within))


def categorical_icc(clusters: Array, shares: Sequence[float]) -> float:
    """(share of pairs in a cluster that are alike - sum p^2) / (1 - sum p^2)."""
    size, chance = clusters.shape[1], float(np.square(shares).sum())
    counts = np.stack([(clusters == code).sum(axis=1) for code in range(len(shares))])
    alike = (counts * (counts - 1)).sum(axis=0).mean() / (size * (size - 1))
    return float((alike - chance) / (1 - chance))


@pytest.mark.parametrize("icc", [0.0, 0.1, 0.4])
def test_rows_of_a_title_are_as_alike_as_stated(icc: float) -> None:
    (day,) = days(Stream(60_000, icc), seed=3, count=1)
    clusters = {name: values.reshape(-1, CLUSTER) for name, values in day.items()}
    assert anova_icc(np.log(clusters["voices"])) == pytest.approx(icc, abs=0.025)
    assert anova_icc(clusters["sentiment"]) == pytest.approx(icc, abs=0.025)
    for name in ("genres", "vibe_tags", "site"):
        assert categorical_icc(clusters[name], BY_NAME[name].shares) == pytest.approx(icc, abs=0.03)
    missing = np.isnan(clusters["rating"]).astype(int)
    assert categorical_icc(missing, (0.7, 0.3)) == pytest.approx(icc, abs=0.025)
    # A stranger's rows are not alike: the same rows dealt to other clusters.
    assert anova_icc(day["sentiment"].reshape(CLUSTER, -1).T) == pytest.approx(0.0, abs=0.015)


@pytest.mark.parametrize("icc", [0.0, 0.4])
def test_shares_and_moments_are_the_columns(icc: float) -> None:
    (day,) = days(Stream(100_000, icc), seed=5, count=1)
    assert day["sentiment"].mean() == pytest.approx(0.15, abs=0.01)
    assert np.log(day["voices"]).std() == pytest.approx(1.2, abs=0.03)
    assert day["confidence"].mean() == pytest.approx(5 / 7, abs=0.01)
    assert np.isnan(day["rating"]).mean() == pytest.approx(0.3, abs=0.02)
    for column in COLUMNS:
        counts = counts_of(column, day[column.name])
        if not column.numeric:
            assert counts / counts.sum() == pytest.approx(column.shares, abs=0.02)


def test_staying_titles_make_neighbouring_days_alike() -> None:
    def likeness(titles: str, apart: int) -> float:
        stream = Stream(200, 0.4, titles)  # type: ignore[arg-type]
        means = np.array([day["sentiment"].mean() for day in days(stream, seed=2, count=400)])
        return float(np.corrcoef(means[:-apart], means[apart:])[0, 1])

    assert abs(likeness("fresh", 1)) < 0.15
    assert likeness("staying", 1) == pytest.approx(0.93 * (1 - 1 / LIFE), abs=0.15)
    assert abs(likeness("staying", 40)) < 0.25


def test_a_day_effect_and_a_week_show() -> None:
    quiet, loud = (
        np.array([day["sentiment"].mean() for day in days(Stream(2000, 0.0, day_effect=effect), seed=4, count=100)])
        for effect in (0.0, 0.04)
    )
    assert quiet.std() < 0.015
    assert loud.std() == pytest.approx(0.2 * 0.35, rel=0.25)
    counts = [
        counts_of(BY_NAME["site"], d["site"]) for d in days(Stream(2000, 0.2, day_effect=0.04), seed=4, count=100)
    ]
    share = np.array([count[0] / count.sum() for count in counts])
    assert share.std() == pytest.approx((0.04 * 0.45 * 0.55) ** 0.5, rel=0.3)
    rows = [len(day["site"]) for day in days(Stream(1000, 0.0, week=True), seed=1, count=7)]
    assert rows == [round(1000 * share) for share in WEEK]


def test_sizes_vary_where_asked() -> None:
    stream = Stream(4000, 0.4, sizes="varied")
    (day,) = days(stream, seed=1, count=1)
    assert len(day["site"]) == 4000
    assert anova_icc(day["sentiment"].reshape(-1, CLUSTER)) < 0.35  # no longer aligned with clusters of 20


def test_same_seed_same_bytes() -> None:
    def made(seed: int) -> list[bytes]:
        stream = Stream(300, 0.2, "staying", "varied", 0.01, True)
        return [values.tobytes() for day in days(stream, seed, 5) for values in day.values()]

    assert made(1) == made(1)
    assert made(1) != made(2)


@pytest.mark.parametrize("form", ["spread", "two"])
@pytest.mark.parametrize("column", [c for c in COLUMNS if not c.numeric], ids=lambda c: c.name)
def test_v_is_a_tenth(column: Column, form: str) -> None:
    before = np.asarray(column.shares)
    after = moved(before, 0.1, form)  # type: ignore[arg-type]
    assert after.sum() == pytest.approx(1)
    assert after.min() > 0
    assert cramers_v(before, after) == pytest.approx(0.1)
    assert (np.abs(after - before) > 1e-9).sum() == (2 if form == "two" else len(before))
    shift = Shift(column.name, 0.1, 0, form)  # type: ignore[arg-type]
    quiet, drifted = (
        counts_of(column, next(days(Stream(200_000, 0.0), seed, 1, which))[column.name])
        for seed, which in ((1, None), (2, shift))
    )
    # Chance adds chi-squared's degrees of freedom to 2n V^2.
    chance = (len(before) - 1) / (2 * 200_000)
    assert cramers_v(quiet / quiet.sum(), drifted / drifted.sum()) ** 2 - chance == pytest.approx(0.01, abs=0.002)


def test_v_out_of_reach_is_said() -> None:
    with pytest.raises(ValueError, match="cannot move"):
        moved(np.array([0.5, 0.5]), 0.99, "spread")


def test_a_shift_moves_one_column_from_its_day_on() -> None:
    for name, size in (("voices", 0.2), ("genres", 0.1)):
        quiet, drifted = (list(days(Stream(2000, 0.2), 1, 4, shift)) for shift in (None, Shift(name, size, 2)))
        for place, (a, b) in enumerate(zip(quiet, drifted, strict=True)):
            changed = {
                column for column in a if not np.array_equal(a[column], b[column], equal_nan=a[column].dtype == float)
            }
            assert changed == ({name} if place >= 2 else set())
        if name == "voices":
            assert np.log(drifted[3][name]) - np.log(quiet[3][name]) == pytest.approx(0.2 * 1.2)


def test_a_profile_row_is_as_drift_profiles_has_it() -> None:
    (day,) = days(Stream(500, 0.1), seed=1, count=1)
    rows = [profile_row(column, day[column.name]) for column in COLUMNS]
    assert set(rows[0]) == {column.name for column in PROFILES.columns} - {"date", "profile"}
    for column, row in zip(COLUMNS, rows, strict=True):
        assert sum(row["bin_counts"]) + sum(row["category_counts"]) + row["nulls"] == row["count"] == 500
        assert len(row["categories"]) == len(row["category_counts"])
        if column.numeric:
            values = pl.Series(day[column.name]).fill_nan(None)
            assert row["bin_counts"] == bin_counts(values, column.edges)
            assert [row["median"], row["stddev"]] == pytest.approx([values.median(), values.std()])


def test_plain_rivals_are_their_formulas() -> None:
    assert psi(np.array([50, 50]), np.array([30, 70])) == pytest.approx(-0.2 * np.log(0.6) + 0.2 * np.log(1.4))
    assert psi(np.array([10, 0]), np.array([10, 0])) == 0
    reference, day = np.array([500, 300, 200]), np.array([40, 40, 20])
    assert exact_chi_squared(reference, day) == pytest.approx(chisquare(day, reference / 10).pvalue)
    # 3 expected in the last two bins together: they join the next rarest.
    thin, seen = np.array([500, 470, 20, 10]), np.array([50, 44, 4, 2])
    assert exact_chi_squared(thin, seen) == pytest.approx(chisquare([50, 50], [50, 50]).pvalue)


def test_deciles_hold_a_tenth_each_and_ties_make_fewer() -> None:
    (day,) = days(Stream(10_000, 0.0), seed=1, count=1)
    before, now = binned("voices", day["voices"], day["voices"][:500])
    assert before.tolist() == [1000] * 10
    assert now.sum() == 500
    assert len(binned("rating", day["rating"], day["rating"])[0]) < 10


def test_a_moving_reference_follows_and_a_fixed_one_stays() -> None:
    made = [{"site": np.full(2, day)} for day in range(HISTORY + 2)]
    follows, stays = (
        [rows["site"][0] for rows, _ in references(made[:HISTORY], made[HISTORY:], moving)] for moving in (True, False)
    )
    assert (follows, stays) == ([0, 1], [0, 0])


def test_plain_rivals_see_what_nobody_can_miss_and_cry_wolf_in_clusters() -> None:
    stream, shift = Stream(1000, 0.0), Shift("sentiment", 2.0, HISTORY)
    made = list(days(stream, 1, HISTORY + 1, shift))
    assert all("sentiment" in day for found in plain(made[:HISTORY], made[HISTORY:], True).values() for day in found)
    clustered = list(days(Stream(1000, 0.4), 1, HISTORY + 7))
    assert sum(map(len, plain(clustered[:HISTORY], clustered[HISTORY:], True)["chi2 p<.05"])) > 20


def test_whylogs_drift_sees_what_nobody_can_miss() -> None:
    made = [
        {name: day[name] for name in ("sentiment", "site", "language")}
        for day in days(Stream(400, 0.0), 1, HISTORY + 1, Shift("sentiment", 2.0, HISTORY))
    ]
    (found,) = whylogs_drift(made[:HISTORY], made[HISTORY:], True)["whylogs"]
    assert "sentiment" in found
    same = [made[0]] * (HISTORY + 1)  # the day is the reference: no test can call it drifted
    assert whylogs_drift(same[:HISTORY], same[HISTORY:], True)["whylogs"] == [set()]


def test_a_week_is_a_false_alarm_by_any_of_its_days() -> None:
    def alarms(past: Sequence[Day], days: Sequence[Day], moving: bool) -> Alarms:
        # The third and fourth day of every block, and its last: weeks 1 and 4 of four, week 1 of one.
        return {"made": [{"site", "genres"} if i in (2, 3, len(days) - 1) else set() for i in range(len(days))]}

    found = quiet(Stream(20, 0.0), Rival(("made",), alarms, 5), weeks=5, seed=1)["made"]
    assert (found.weeks, found.alarmed) == (5, 3)
    assert found.column_days == pytest.approx(12 / (5 * FAMILY))
    assert FAMILY == 12 * DAYS


def test_evidently_is_left_out_with_a_word_where_it_is_absent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TRENDING_EVIDENTLY_PYTHON", raising=False)
    assert with_evidently(RIVALS) == RIVALS
    assert "TRENDING_EVIDENTLY_PYTHON" in capsys.readouterr().out
    day = {"site": np.array([0, 1])}
    with pytest.raises(SystemExit, match="gave no answer"):
        Evidently("/no/python/here")([day], [day], True)
