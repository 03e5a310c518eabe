"""drift/quality on a lake: the first days, the ends of its windows, and a range that gives what its days give."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform
from trending_assets.drift.quality import quality_days
from trending_assets.drift.quality_asset import ASSETS, quality
from trending_assets.failures import PermanentFailure
from trending_assets.genre.unseen import seen_key
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import DAILY
from trending_assets_tests.assets.linking_rows import upstream

DAYS = [date(2026, 2, 1) + timedelta(days=n) for n in range(10)]
IDS = [f"movie-{n:02d}" for n in range(40)]
READ = [
    *("features/title_signals", "trends/trend_scores", "genre/predictions"),
    *("staging/titles", "staging/documents", "scoring/document_scores"),
]
EXPECTED, SCORE = "trends/trend_scores.expected", "trends/trend_scores.score"


def _fill(table: str, **values: Any) -> pl.DataFrame:
    """A row a title with these columns, and something for the others."""
    plain = {pl.String: "x", pl.Float64: 0.5, pl.Int32: 1, pl.Int64: 1, pl.Boolean: False, pl.Date: DAYS[0]}
    frame = pl.DataFrame({"n": range(len(IDS))})
    for column in TABLES[table].columns:
        value = None if column.nullable else column.values[0] if column.values else plain.get(column.dtype)  # type: ignore[call-overload]
        if column.name in values:
            frame = frame.with_columns(pl.Series(column.name, values[column.name], dtype=column.dtype))
        elif isinstance(column.dtype, pl.List) or column.dtype == pl.Datetime:
            frame = frame.with_columns(
                pl.lit([] if isinstance(column.dtype, pl.List) else DAYS[0], column.dtype).alias(column.name)
            )  # type: ignore[arg-type]
        else:
            frame = frame.with_columns(pl.lit(value, dtype=column.dtype).alias(column.name))
    return conform(frame, TABLES[table])


def _write(lake: Lake, day: date, authors: list[int] | None = None) -> None:
    """A day on which title n has n + 1 voices, its forecast is right, half of its genres are, and ratings agree."""
    falling = [float(n + 1) for n in range(40)]
    week = [7 * value for value in falling]
    signals = _fill("features/title_signals", title_id=IDS, authors=authors or [n + 1 for n in range(40)])
    lake.write("features/title_signals", signals, day)
    ranked = {"score": falling, "expected": week, "expected_low": [v - 1 for v in week], "expected_high": week}
    lake.write("trends/trend_scores", _fill("trends/trend_scores", title_id=IDS, **ranked), day)
    known = {
        "title": [f"{chr(97 + n // 26)}{chr(97 + n % 26)}x" for n in range(40)],
        "genres": [["Drama"]] * 20 + [["Comedy"]] * 20,
    }
    lake.write("staging/titles", _fill("staging/titles", title_id=IDS, **known), day)
    of = {"genre": ["Drama"] * 40, "predicted": [True] * 40, "champion": [True] * 40, "data_version": ["v1"] * 40}
    said = _fill("genre/predictions", title_id=IDS, **of)
    other = said.with_columns(model=pl.lit("bert"), champion=False, genre=pl.lit("Horror"))  # of no account
    lake.write("genre/predictions", pl.concat([said, other]), day)
    share = [n / 40 for n in range(40)]
    lake.write("staging/documents", _fill("staging/documents", doc_id=IDS, rating=share), day)
    scores = {"sentiment": share, "about_title": [True] * 40, "spam": [False] * 40}
    lake.write("scoring/document_scores", _fill("scoring/document_scores", doc_id=IDS, **scores), day)


def _known(lake: Lake) -> None:
    """What the model learned from: nothing of the lake's titles."""
    buffer = BytesIO()
    pl.DataFrame({"title_id": ["tv-1"], "group": ["elsewhere"]}).write_parquet(buffer)
    lake.store.put(seen_key("v1"), buffer.getvalue())


def _run(lake: Lake, first: date, last: date) -> None:
    resource = LakeResource(uri=lake.uri)
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    assert dg.materialize(
        [*ASSETS, *upstream(*READ)],
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
        tags=tags,
    ).success


def _values(lake: Lake, day: date) -> dict[tuple[str, str], tuple[float | None, int, date]]:
    rows = lake.read("drift/quality", [day]).iter_rows(named=True)
    return {(row["subject"], row["metric"]): (row["value"], row["labels"], row["made_on"]) for row in rows}


@pytest.fixture
def ten_days(lake: Lake) -> Lake:
    """Ten days whose forecasts are right."""
    _known(lake)
    for day in DAYS:
        _write(lake, day)
    return lake


def test_first_day_says_only_what_needs_no_past(ten_days: Lake) -> None:
    _run(ten_days, DAYS[0], DAYS[0])
    found = _values(ten_days, DAYS[0])
    assert len(found) == 6
    assert found.pop(("scoring/document_scores.sentiment", "spearman")) == (pytest.approx(1), 40, DAYS[0])
    assert {value[:2] for value in found.values()} == {(None, 0)}


def test_a_week_later_everything_is_judged(ten_days: Lake) -> None:
    _run(ten_days, DAYS[6], DAYS[7])
    before, found = _values(ten_days, DAYS[6]), _values(ten_days, DAYS[7])
    assert before[(EXPECTED, "ndcg_20")][0] is None and before[(SCORE, "ndcg_20")][0] == pytest.approx(1)
    assert found[(EXPECTED, "ndcg_20")] == (pytest.approx(1), 40, DAYS[0])
    assert found[(EXPECTED, "coverage_95")] == (1, 40, DAYS[0])
    assert found[(SCORE, "ndcg_20")] == (pytest.approx(1), 40, DAYS[6])
    # Drama of all: F1 2/3, Comedy 0.
    assert found[("genre/predictions.genre", "macro_f1")] == (pytest.approx(1 / 3), 40, DAYS[0])
    assert found[("genre/predictions.genre", "precision")] == (pytest.approx(1 / 2), 40, DAYS[0])


def test_the_week_begins_after_the_forecast_and_ends_with_the_day(ten_days: Lake) -> None:
    high = [1000] * 40
    for outside in (DAYS[1], DAYS[9]):
        _write(ten_days, outside, authors=high)
    _run(ten_days, DAYS[8], DAYS[8])
    assert _values(ten_days, DAYS[8])[(EXPECTED, "coverage_95")][0] == 1
    for inside in (DAYS[2], DAYS[8]):
        _write(ten_days, inside, authors=high)
        _run(ten_days, DAYS[8], DAYS[8])
        assert _values(ten_days, DAYS[8])[(EXPECTED, "coverage_95")][0] == 0
        _write(ten_days, inside)


def test_a_day_on_which_nobody_looked_leaves_the_week_unknown(ten_days: Lake) -> None:
    _write(ten_days, DAYS[4], authors=[0] * 40)
    _run(ten_days, DAYS[7], DAYS[7])
    found = _values(ten_days, DAYS[7])
    assert found[(EXPECTED, "ndcg_20")] == found[(EXPECTED, "coverage_95")] == (None, 0, DAYS[0])
    assert found[(SCORE, "ndcg_20")][0] is not None


def test_without_the_tables_of_the_day_it_says_which_to_make(lake: Lake) -> None:
    with pytest.raises(PermanentFailure, match=r"Materialize scoring/document_scores for 2026-02-01 first"):
        quality_days(lake, DAYS[:1])


def test_range_single_days_and_a_second_run_give_the_same_bytes(ten_days: Lake, tmp_path) -> None:  # type: ignore[no-untyped-def]
    other = open_lake(str(tmp_path / "other"))
    _known(other)
    for day in DAYS:
        _write(other, day)
    _run(ten_days, DAYS[0], DAYS[9])
    once = [ten_days.sha256("drift/quality", day) for day in DAYS]
    for day in reversed(DAYS):
        _run(other, day, day)
    assert None not in once and once == [other.sha256("drift/quality", day) for day in DAYS]
    _run(ten_days, DAYS[9], DAYS[9])
    assert ten_days.sha256("drift/quality", DAYS[9]) == once[9]


def test_the_declared_windows_are_those_that_are_read() -> None:
    day = DAYS[8].isoformat()
    asked = {}
    for name in ("features/title_signals", "trends/trend_scores", "genre/predictions"):
        mapping = quality.get_partition_mapping(dg.AssetKey(name.split("/")))
        assert mapping is not None
        subset = DAILY.empty_subset().with_partition_keys([day])
        upstream_days = mapping.get_upstream_mapped_partitions_result_for_partitions(subset, DAILY, DAILY)
        asked[name] = sorted(upstream_days.partitions_subset.get_partition_keys())
    assert asked["features/title_signals"] == [one.isoformat() for one in DAYS[2:9]]
    assert asked["trends/trend_scores"] == asked["genre/predictions"] == [one.isoformat() for one in DAYS[1:8]]
