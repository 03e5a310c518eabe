"""The report: what alarms, what is only noted, how far back it looks, and that it says so in sentences."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.drift.profiles import BASELINE, baseline_days, profile_column, profile_days
from trending_assets.drift.report import report_days
from trending_assets.drift.watched import WATCHED, Watched
from trending_assets_tests.unit.drift.made_days import DAY, SOURCES, days_of, tables

QUALITY = {**TABLES["drift/quality"].schema, "date": pl.Date()}
NO_QUALITY = pl.DataFrame(schema=QUALITY)
NUMBERS = Watched("made.numbers", "made", pl.col("x"), (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5))
WORDS = Watched("made.words", "made", pl.col("x"))
SENTIMENTS = {f"scoring/document_scores.sentiment{end}" for end in ("", *(f"_{source}" for source in SOURCES))}
NUMERIC = ["schema", "missing", "minimum", "maximum", "mean", "median", "mann_whitney", "ks", "psi"]
CATEGORICAL = ["schema", "missing", "chi_squared"]


def days_before(count: int) -> list[date]:
    return days_of(DAY - timedelta(days=count), count)


def profiled(watched: Watched, days: Sequence[date], values: Sequence[Any]) -> pl.DataFrame:
    """Profiles of a column: its values of each day."""
    kind = pl.Float64 if watched.kind == "numeric" else pl.String
    rows = [profile_column(watched, pl.Series(of, dtype=kind), day) for day, of in zip(days, values, strict=True)]
    return pl.DataFrame(rows, schema={**TABLES["drift/profiles"].schema, "date": pl.Date()})


def report(profiles: pl.DataFrame, quality: pl.DataFrame = NO_QUALITY, day: date = DAY) -> pl.DataFrame:
    """The day's rows of drift/report, checked against the contract, and every detail checked to be a sentence."""
    found = report_days(profiles, baseline_days(profiles, [day], 28), quality, [day])
    check(found)
    return found


def check(found: pl.DataFrame) -> None:
    assert validate(conform(found, TABLES["drift/report"]), TABLES["drift/report"]) == []
    for row in found.to_dicts():
        assert re.fullmatch(r"\S.*[^.\s]\.", row["detail"]), row["detail"]
        assert not re.search(r"\b(nan|inf|None|null)\b|\{|  ", row["detail"]), row["detail"]
        assert not row["drifted"] or row["severity"] != "none" or row["test"] == "schema"
        assert (row["verdict"] == "drifted") == (row["drifted"] is True)


def normal(seed: int, count: int, rows: int = 400, shift: float = 0.0) -> list[list[float]]:
    draw = np.random.default_rng(seed)
    return [draw.normal(shift, 1, rows).tolist() for _ in range(count)]


def words(count: int, seed: int = 1, **shares: float) -> list[list[str]]:
    draw = np.random.default_rng(seed)
    return [draw.choice(list(shares), 300, p=list(shares.values())).tolist() for _ in range(count)]


def verdicts(found: pl.DataFrame) -> dict[str, str]:
    return dict(found.select("test", "verdict").iter_rows())


@pytest.fixture(scope="module")
def fortnight() -> pl.DataFrame:
    """Profiles of all watched columns on 14 quiet days."""
    return pl.concat(profile_days(tables(day), [day]) for day in days_before(14))


def test_the_report_finds_the_shift_and_only_it(fortnight: pl.DataFrame) -> None:
    quiet = report(pl.concat([fortnight, profile_days(tables(DAY), [DAY])]))
    assert quiet["drifted"].sum() == 0
    silent = set(quiet.filter(pl.col("verdict") == "no_baseline")["column"])
    assert {f"scoring/document_scores.sentiment_{name}" for name in SOURCES}.isdisjoint(silent) and len(silent) == 4
    for watched in WATCHED:
        tests = quiet.filter(pl.col("column") == watched.name)["test"].to_list()
        expected = NUMERIC if watched.kind == "numeric" else CATEGORICAL
        assert sorted(tests) == (["schema"] if watched.name in silent else sorted(expected)), watched.name
    moved = report(pl.concat([fortnight, profile_days(tables(DAY, sentiment=-0.1, site="new.example"), [DAY])]))
    assert set(moved.filter("drifted")["column"]) == {"staging/documents.site"} | SENTIMENTS
    new = moved.filter((pl.col("column") == "staging/documents.site") & (pl.col("test") == "schema"))
    assert new["drifted"].to_list() == [True] and "new.example (50.0%)" in new["detail"][0]


def test_the_first_day_has_no_baseline() -> None:
    first = report(profile_days(tables(DAY), [DAY]))
    assert first["verdict"].unique().to_list() == ["no_baseline"] and first.height == len(WATCHED)
    assert first["drifted"].null_count() == first["p_value"].null_count() == first.height


def test_a_range_of_days_is_its_days_and_knows_nothing_of_later_ones(fortnight: pl.DataFrame) -> None:
    days = days_of(DAY, 3)
    profiles = pl.concat([fortnight, *(profile_days(tables(day), [day]) for day in days)])
    quality = made_quality(np.random.default_rng(1).normal(0.6, 0.02, 17).tolist(), days_before(14) + days)
    baseline = baseline_days(profiles, days, 28)
    together = report_days(profiles, baseline, quality, days)
    alone = [
        report_days(
            profiles.filter(pl.col("date") <= day),
            baseline.filter(pl.col("date") == day),
            quality.filter(pl.col("date") <= day),
            [day],
        )
        for day in days
    ]
    assert together.equals(pl.concat(alone))
    mixed = [frame.sample(fraction=1.0, shuffle=True, seed=2) for frame in (profiles, baseline, quality)]
    again = report_days(mixed[0], mixed[1], mixed[2], days)
    assert again.sort(*again.columns[:4]).equals(together.sort(*again.columns[:4]))


def test_a_category_is_new_when_no_day_of_the_window_had_it() -> None:
    for last_seen, expected in ((28, 0.0), (29, 1.0)):
        values = [["a", "b"] * 100 for _ in range(41)]
        values[40 - last_seen] = [*["a", "b"] * 100, *["old"] * 50]
        values[40] = [*["a", "b"] * 100, *["old"] * 50]
        found = report(profiled(WORDS, days_of(DAY - timedelta(days=40), 41), values))
        assert found.filter(pl.col("test") == "schema")["statistic"].to_list() == [expected]


def test_the_null_reaches_84_days_back_and_no_further() -> None:
    values = normal(3, 87)

    def with_a_moved_day(back: int) -> pl.DataFrame:
        moved = [*values]
        moved[86 - back] = [value + 2 for value in values[86 - back]]
        return report(profiled(NUMBERS, days_of(DAY - timedelta(days=86), 87), moved))

    usual = with_a_moved_day(85)
    assert with_a_moved_day(86).equals(usual)
    assert not with_a_moved_day(84).equals(usual)
    one, other = (with_a_moved_day(back).filter(pl.col("test") == "mean")["detail"][0] for back in (28, 29))
    assert one != other == usual.filter(pl.col("test") == "mean")["detail"][0], "the baseline is of 28 days"


def test_an_emptied_column_and_a_filled_one_are_news() -> None:
    days = [*days_before(10), DAY]
    empty: list[Any] = [None] * 400
    gone = report(profiled(NUMBERS, days, [*normal(1, 10), empty]))
    assert verdicts(gone) == {"schema": "drifted", "missing": "drifted"}
    (schema,) = gone.filter(pl.col("test") == "schema").to_dicts()
    assert schema["severity"] == "large" and schema["current"] == 0 and "is empty: all 400 values" in schema["detail"]
    back = report(profiled(NUMBERS, days, [*[empty] * 10, *normal(1, 1)]))
    assert verdicts(back) == {"schema": "drifted", "missing": "drifted"}
    assert "is filled: 100.0%" in back["detail"][0]
    long = report(profiled(NUMBERS, [*days_before(80), DAY], [*[empty[:40]] * 80, *normal(1, 1, 40)]))
    assert verdicts(long) == {"schema": "drifted", "missing": "drifted"}, "eighty equal days are no two"
    young = report(profiled(NUMBERS, days[-3:], [*normal(1, 2), empty]))
    assert verdicts(young) == {"schema": "noted", "missing": "stable"}, "two days say little, and yet it is empty"
    never = report(profiled(NUMBERS, days, [empty] * 11))
    assert set(verdicts(never).values()) == {"stable"}


def test_an_emptied_column_is_one_on_every_day_that_the_window_remembers_its_values() -> None:
    days = [*days_before(40), DAY]
    values: list[list[float | None]] = [list(day) for day in normal(5, 41)]
    for empty in (1, 2, 5, 20):
        left = [*values[: 41 - empty], *([[None] * 400] * empty)]
        (row,) = report(profiled(NUMBERS, days, left)).filter(pl.col("test") == "schema").to_dicts()
        assert (row["verdict"], row["severity"], row["current"]) == ("drifted", "large", 0), empty
    gone = [*values[:11], *([[None] * 400] * 30)]
    (row,) = report(profiled(NUMBERS, days, gone)).filter(pl.col("test") == "schema").to_dicts()
    assert row["verdict"] == "stable", "nobody remembers"


def test_more_missing_values_are_found() -> None:
    days = [*days_before(14), DAY]
    values: list[list[float | None]] = [[*row[:380], *[None] * 20] for row in normal(1, 14)]
    usual: list[float | None] = [*normal(2, 1)[0][:380], *[None] * 20]
    assert report(profiled(NUMBERS, days, [*values, usual]))["drifted"].sum() == 0
    found = report(profiled(NUMBERS, days, [*values, [*usual[:250], *[None] * 150]]))
    assert found.filter("drifted")["test"].to_list() == ["missing"]
    assert found.filter("drifted")["detail"][0] == "37.5% of values are missing; it was 5.0%."


def test_a_new_category_is_found_and_a_passing_one_is_no_news() -> None:
    days = [*days_before(28), DAY]
    quiet = words(28, a=0.6, b=0.4)
    arrived = words(1, 2, a=0.5, b=0.4, c=0.1)
    found = report(profiled(WORDS, days, [*quiet, *arrived]))
    assert verdicts(found)["schema"] == "drifted" and "c (" in found["detail"][0]
    # once is a visit: a single row of a name that nobody knew is noted
    one = report(profiled(WORDS, days, [*quiet, [*words(1, 2, a=0.6, b=0.4)[0], "typo"]]))
    assert verdicts(one)["schema"] == "noted" and one["drifted"].sum() == 0


@pytest.mark.parametrize("past", [20, 28, 56])
@pytest.mark.parametrize("seed", range(4))
def test_a_category_that_comes_every_other_day_is_no_news(past: int, seed: int) -> None:
    """Some name or other has 20 to 40 rows on every other day, and on this one."""
    draw = np.random.default_rng(seed)
    values = words(past + 1, seed, a=0.6, b=0.4)
    for n in range(past % 2, past + 1, 2):
        values[n] += [f"guest {n}"] * int(draw.integers(20, 41))
    found = report(profiled(WORDS, [*days_before(past), DAY], values))
    assert verdicts(found)["schema"] == "noted" and f"guest {past} (" in found["detail"][0]


def test_a_young_lake_alarms_on_what_is_large_alone() -> None:
    moderate, large = normal(9, 1, 10_000, 0.3), normal(9, 1, 10_000, 1.0)
    for past, of, expected in ((6, moderate, "noted"), (7, moderate, "drifted"), (6, large, "drifted")):
        found = report(profiled(NUMBERS, [*days_before(past), DAY], [*normal(8, past, 10_000), *of]))
        (moved,) = found.filter(pl.col("test") == "mann_whitney").to_dicts()
        assert moved["verdict"] == expected, (past, expected, moved)
        assert moved["severity"] == ("large" if of is large else "moderate")


def test_extremes_and_the_median_are_noted_and_never_alarm() -> None:
    days = [*days_before(28), *days_of(DAY, 1)]
    past = [[float(v) for v in np.clip(of, -1, 1)] for of in normal(4, 28)]
    found = report(profiled(NUMBERS, days, [*past, [*past[0][:-1], 900.0]]))
    row = found.filter(pl.col("test") == "maximum").to_dicts()[0]
    assert row["p_value"] == pytest.approx(1 / 29) and row["drifted"] is False
    assert row["detail"] == "The maximum is 900; of the 28 days before it was 1."
    moved = report(profiled(NUMBERS, days, [*past, [v + 1 for v in past[0]]]))
    assert [verdicts(moved)[name] for name in ("median", "mean", "mann_whitney")] == ["noted", "noted", "drifted"]


def test_changed_bins_are_not_compared() -> None:
    days = [*days_before(10), DAY]
    profiles = profiled(NUMBERS, days, normal(1, 11))
    other = profiles.with_columns(
        bin_edges=pl.when(pl.col("date") < DAY).then(pl.lit([0.0])).otherwise("bin_edges"),
        bin_counts=pl.when(pl.col("date") < DAY).then(pl.lit([200, 200])).otherwise("bin_counts"),
    )
    found = report_days(other, baseline_days(other, [DAY], 28), NO_QUALITY, [DAY])
    assert found["verdict"].to_list() == ["no_baseline"]


def made_quality(values: Sequence[float | None], days: Sequence[date]) -> pl.DataFrame:
    """One metric of these days."""
    rows = [
        {"subject": "made.forecast", "metric": "ndcg_20", "made_on": day, "value": value, "labels": 90, "date": day}
        for day, value in zip(days, values, strict=True)
    ]
    return pl.DataFrame(rows, schema=QUALITY)


def judged(values: Sequence[float | None]) -> dict[str, Any]:
    """The row of the last of these values."""
    days = [*days_before(len(values) - 1), DAY]
    found = report(profiled(NUMBERS, [DAY], normal(1, 1)), made_quality(values, days))
    (row,) = found.filter(pl.col("column") == "made.forecast.ndcg_20").to_dicts()
    return row


def test_only_worse_quality_alarms() -> None:
    past = np.random.default_rng(5).normal(0.8, 0.02, 28).tolist()
    assert judged([*past, 0.8])["verdict"] == "stable"
    worse, better = judged([*past, 0.5]), judged([*past, 1.0])
    assert (worse["verdict"], worse["severity"], worse["current"]) == ("drifted", "large", 90)
    assert (better["verdict"], better["effect"]) == ("stable", 0.0) and better["p_value"] > 0.99
    assert re.fullmatch(
        r"ndcg_20 of 2026-02-11 is 0.500; on 28 days before it was 0.\d{3} ± 0.\d{3}\.", worse["detail"]
    )
    assert judged([*past[:7], 0.5])["verdict"] == "drifted"


def test_a_metric_that_never_moved_is_believed_to_move_by_a_label() -> None:
    assert judged([0.8] * 29)["verdict"] == "stable"
    assert judged([1.0] * 28 + [1 - 1 / 90])["verdict"] == "stable"
    lost = judged([1.0] * 28 + [0.5])
    assert (lost["verdict"], lost["severity"]) == ("drifted", "large")


def test_quality_is_never_young() -> None:
    """It has no baseline of profiles; a moderate loss that alarms alone on so many days is no matter of a young lake."""
    from trending_assets.drift import report as module

    past = np.random.default_rng(5).normal(0.8, 0.02, 28).tolist()
    mean, room = float(np.mean(past)), float(np.std(past, ddof=1))
    assert module.severity("quality", 1.9) == "moderate"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "alarms", lambda findings: [one.p_value < 0.05 for one in findings])
        assert judged([*past, mean - 1.9 * room])["verdict"] == "drifted"


def test_few_days_or_no_value_are_no_test_of_quality() -> None:
    past: list[float | None] = [*np.random.default_rng(5).normal(0.8, 0.02, 28).tolist()]
    assert judged([*past[:6], 0.1])["verdict"] == "no_baseline"
    assert judged([*past, None])["verdict"] == "no_baseline"
    assert judged([*[None] * 22, *past[:6], 0.1])["verdict"] == "no_baseline"
    assert judged([*[None] * 21, *past[:7], 0.1])["verdict"] == "drifted"


def test_quality_is_not_held_against_what_was_long_ago() -> None:
    """28 earlier values count: where they are low, that it once was better is no alarm."""
    low = np.random.default_rng(5).normal(0.5, 0.02, 28).tolist()
    assert judged([0.9, 0.9, *low, 0.5])["p_value"] == judged([*low, 0.5])["p_value"]


def against_training(learned: list[Any], values: Sequence[Any], watched: Watched) -> pl.DataFrame:
    """Rows against the training set of the last day of values."""
    days = [*days_before(len(values) - 1), DAY]
    kind = pl.Float64 if watched.kind == "numeric" else pl.String
    known = {"against": "training", "version": "0" * 16, "first_day": None, "last_day": days[0], "days": 1}
    row = profile_column(watched, pl.Series(learned, dtype=kind), DAY) | known
    profiles = profiled(watched, days, values)
    baseline = pl.concat([baseline_days(profiles, [DAY], 28), pl.DataFrame([row], schema=BASELINE)])
    found = report_days(profiles, baseline, NO_QUALITY, [DAY])
    check(found)
    return found.filter(pl.col("against") == "training")


@pytest.mark.parametrize("watched", [NUMBERS, WORDS])
def test_a_lasting_distance_from_the_training_set_is_noted_and_a_growing_one_alarms(watched: Watched) -> None:
    if watched is NUMBERS:
        learned: list[Any] = normal(20, 1, 5_000)[0]
        far, farther = normal(21, 29, 400, 0.6), normal(22, 1, 400, 1.5)
    else:
        learned = words(1, 20, a=0.6, b=0.4)[0]
        far, farther = words(29, 21, a=0.3, b=0.7), words(1, 22, a=0.05, b=0.95)  # type: ignore[assignment]
    (lasting,) = against_training(learned, far, watched).to_dicts()
    assert (lasting["verdict"], lasting["drifted"]) == ("noted", False)
    assert lasting["severity"] in ("moderate", "large") and lasting["p_value"] > 0.01
    (grown,) = against_training(learned, [*far[:28], *farther], watched).to_dicts()
    assert (grown["verdict"], grown["severity"], grown["baseline"]) == ("drifted", "large", len(learned))
    nearer = learned[:300] if watched is NUMBERS else words(1, 23, a=0.6, b=0.4)[0]
    (near,) = against_training(learned, [*far[:28], nearer], watched).to_dicts()
    assert near["verdict"] == "stable" and near["p_value"] > 0.9, "coming nearer is no drift"
    (young,) = against_training(learned, [*far[:6], *farther], watched).to_dicts()
    assert (young["verdict"], young["p_value"]) == ("noted", 1.0)
    assert against_training(learned, [*far[:28], []], watched).is_empty()


def test_the_day_is_one_family() -> None:
    """A shift that alarms alone is one of a thousand chances where a thousand columns are tested."""
    days = [*days_before(28), DAY]
    moved = profiled(NUMBERS, days, [*normal(1, 28), *normal(2, 1, 400, 0.28)])
    alone = report(moved)
    (shifted,) = alone.filter(pl.col("test") == "mann_whitney").to_dicts()
    assert shifted["drifted"] and 1e-6 < shifted["p_value"] < 1e-3
    quiet = profiled(NUMBERS, days, normal(3, 29))
    others = [f"other {n}" for n in range(200)]
    profiles, baseline = (
        pl.concat([one, *(other.with_columns(column=pl.lit(name)) for name in others)])
        for one, other in ((moved, quiet), (baseline_days(moved, [DAY], 28), baseline_days(quiet, [DAY], 28)))
    )
    found = report_days(profiles, baseline, NO_QUALITY, [DAY])
    (same,) = found.filter((pl.col("test") == "mann_whitney") & (pl.col("column") == "made.numbers")).to_dicts()
    assert same["p_value"] == shifted["p_value"] and same["verdict"] == "stable" and not found["drifted"].any()
