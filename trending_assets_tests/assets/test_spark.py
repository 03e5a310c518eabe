"""dbt's models on Spark: what DuckDB makes of the same tables, row by row, through the same assets."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from bench.spark import differences
from trending_assets.contracts import TABLES, validate
from trending_assets.lake import Lake, open_lake
from trending_assets.staging.dbt import table_dbt_assets
from trending_assets.staging.dbt_schema import MARTS, STAGING
from trending_assets.staging.dbt_spark import missing
from trending_assets_tests.assets import test_marts, test_staging
from trending_assets_tests.unit.dbt import texts
from trending_assets_tests.unit.dbt.tables import failure, materialize, rows

pytestmark = [pytest.mark.slow, pytest.mark.skipif(missing() is not None, reason=str(missing()))]
DAY1, DAY2, DAY3 = test_staging.DAY1, test_staging.DAY2, test_staging.DAY3
Built = tuple[Lake, dg.ExecuteInProcessResult]


@pytest.fixture(autouse=True, scope="module")
def _short_lived_jvm() -> Iterator[pytest.MonkeyPatch]:
    """Less compiling in a JVM that lives for half a minute. The rows are the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell")
        yield patch


def _odd_texts(lake: Lake) -> None:
    urls, drawn = texts.made()
    given = texts.documents([*texts.URLS, *urls], [*texts.BY_HAND, *drawn])
    hosts, characters = texts.every_character()
    lake.write("raw/lemmy", rows("raw/lemmy", *given), DAY1)
    lake.write("raw/news", rows("raw/news", *texts.documents(hosts, [])), DAY2)
    lake.write("raw/news", rows("raw/news", *texts.documents([], characters)), DAY3)


def _built(root: Path, group: str, engine: str) -> Built:
    lake = open_lake(str(root / engine))
    if group == "staging":
        test_staging._fill(lake)
        _odd_texts(lake)
        return lake, materialize(lake, [table_dbt_assets("staging", engine)], DAY1, DAY3, engine=engine)
    test_marts._fill(lake)
    days = test_marts.DAY1, test_marts.DAY2
    return lake, materialize(lake, [table_dbt_assets("marts", engine)], *days, engine=engine)


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory, _short_lived_jvm: object) -> dict[str, Built]:
    root = tmp_path_factory.mktemp("staging")
    return {engine: _built(root, "staging", engine) for engine in ("duckdb", "spark")}


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory, _short_lived_jvm: object) -> dict[str, Built]:
    root = tmp_path_factory.mktemp("marts")
    return {engine: _built(root, "marts", engine) for engine in ("duckdb", "spark")}


def _same(built: dict[str, Built], tables: tuple[str, ...], but: tuple[tuple[str, date], ...] = ()) -> None:
    duck, spark = built["duckdb"][0], built["spark"][0]
    for table in tables:
        assert spark.days(table) == duck.days(table) != []
        for day in duck.days(table):
            frame = spark.read(table, [day]).drop("date")
            assert validate(frame, TABLES[table]) == [], (table, day)
            if (table, day) not in but:
                assert differences(duck.read(table, [day]).drop("date"), frame) == [], (table, day)


def _events(result: dg.ExecuteInProcessResult) -> tuple[object, object, object]:
    made = [event.materialization for event in result.get_asset_materialization_events()]
    counts = {(m.asset_key, m.partition): m.metadata["dagster/partition_row_count"].value for m in made}
    lineage = {m.asset_key: m.metadata["dagster/column_lineage"].value for m in made}
    checks = {(c.asset_key, c.check_name): c.passed for c in result.get_asset_check_evaluations()}
    return counts, lineage, checks


def test_staging_has_the_same_rows_odd_texts_included(staging: dict[str, Built]) -> None:
    _same(staging, STAGING, but=(("staging/documents", DAY2),))
    first = staging["spark"][0].read("staging/documents", [DAY1])
    assert first.height > 500


def test_every_letter_that_unicode_14_knows_is_lowered_alike(staging: dict[str, Built]) -> None:
    """Spark's tables of Unicode are newer than DuckDB's: letters added later stay as they are on DuckDB. All else is equal."""
    duck, spark = (staging[engine][0].read("staging/documents", [DAY2])["url"].sort() for engine in ("duckdb", "spark"))
    pairs = {url.split(".")[0]: url for url in duck}
    assert len(duck) == len(spark) > 17_000
    differ = [
        (one, two)
        for url in spark
        for one, two in zip(pairs[url.split(".")[0]], url, strict=True)
        if one != two and url.split(".")[0] != "http://"
    ]
    assert len(differ) < 100
    assert {unicodedata.category(one) for one, _ in differ} <= {"Cn"}  # not assigned in Python's own Unicode


def test_marts_have_the_same_rows(marts: dict[str, Built]) -> None:
    _same(marts, MARTS)
    assert marts["spark"][0].read("marts/titles", [test_marts.DAY2])["summary"].list.len().to_list() == [1, 0]


@pytest.mark.parametrize("group", ["staging", "marts"])
def test_dagster_sees_the_same(group: str, request: pytest.FixtureRequest) -> None:
    built: dict[str, Built] = request.getfixturevalue(group)
    duck, spark = _events(built["duckdb"][1]), _events(built["spark"][1])
    assert spark == duck
    assert spark[0] and spark[2] and all(spark[2].values())  # type: ignore[attr-defined]
    (assets,) = (table_dbt_assets(group, "spark"),)
    assert {frozenset(spec.kinds) for spec in assets.specs} == {frozenset({"dbt", "spark"})}
    other = {spec.key: spec.code_version for spec in table_dbt_assets(group, "duckdb").specs}
    assert {spec.key: spec.code_version for spec in assets.specs} == other  # changing engines makes nothing stale


def test_a_day_alone_gives_the_rows_of_the_range_and_a_missing_one_is_named(marts: dict[str, Built]) -> None:
    """One call over a day that is there, one over a day whose upstream is not, in the words of DuckDB."""
    lake = marts["spark"][0]
    before = {table: lake.read(table, [test_marts.DAY2]) for table in MARTS}
    assets = [table_dbt_assets("marts", "spark")]
    assert materialize(lake, assets, test_marts.DAY2, engine="spark").success
    for table in MARTS:
        assert differences(before[table], lake.read(table, [test_marts.DAY2])) == []
    trends = lake.sha256("marts/trends", test_marts.DAY2)
    lake.store.delete(lake.key("trends/alerts", test_marts.DAY2))
    result = materialize(lake, assets, test_marts.DAY2, raise_on_error=False, engine="spark")
    assert failure(result).splitlines() == [
        "marts/trends (models/marts/mart_trends.sql): trends/alerts has no partition for 2026-11-20. Materialize it first."
    ]
    assert lake.sha256("marts/trends", test_marts.DAY2) == trends
    assert not [p for p in Path(lake.uri).rglob("*") if p.is_file() and p.name != "data.parquet"]


def test_a_changed_value_is_found() -> None:
    frame = pl.DataFrame({"a": [1.0, None], "b": [["x"], []]}, schema={"a": pl.Float64, "b": pl.List(pl.String)})
    assert differences(frame, frame.clone()) == []
    assert differences(frame, frame.with_columns(a=pl.Series([1.0 + 2**-52, None]))) == ["a differs in 1 of 2 rows"]
    assert differences(frame, frame.with_columns(b=pl.Series([["x"], None]))) == ["b differs in 1 of 2 rows"]
    assert differences(frame, frame.head(1)) == ["2 rows and 1"]
    assert differences(frame, frame.select("b", "a")) == ["other columns or types"]
