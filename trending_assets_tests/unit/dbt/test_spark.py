"""What Spark needs from Python: whether it is there, and the two functions that its SQL lacks. Its rows: assets/test_spark.py."""

from datetime import date
from pathlib import Path

import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.settings import get_settings
from trending_assets.staging import dbt_spark
from trending_assets.staging.dbt import table_dbt_assets
from trending_assets.staging.dbt_project import dbt_resource, prepare_manifest
from trending_assets.staging.dbt_target import target_environment, target_of
from trending_assets_tests.unit.dbt.tables import failure, materialize, rows

DAY = date(2026, 11, 20)
LISTS = "staging/lists"


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt_spark, "find_spec", lambda name: None)


def test_without_the_extra_one_sentence_says_what_to_do(nothing_installed: None, lake: Lake) -> None:
    with pytest.raises(
        PermanentFailure, match=r"^Spark is not installed\. Run `make setup EXTRAS=spark`, or set TREND"
    ):
        prepare_manifest("spark")
    result = materialize(lake, [table_dbt_assets("staging", "duckdb")], DAY, raise_on_error=False, engine="spark")
    assert failure(result).startswith("Spark is not installed. Run `make setup EXTRAS=spark`")
    assert dbt_spark.main(["build"]) == 2


def test_without_java_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dbt_spark, "not_installed", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert str(dbt_spark.missing()).startswith("Spark needs Java 17 or later.")
    java = tmp_path / "home" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert dbt_spark.missing() is None


def test_a_file_is_put_in_its_place_and_a_day_without_one_is_empty(lake: Lake, tmp_path: Path) -> None:
    made = rows(LISTS, {"title_id": "movie-1", "list": "popular", "rank": 1})
    file = tmp_path / "a part=1" / "part-0.parquet"
    file.parent.mkdir()
    made.write_parquet(file)
    assert not dbt_spark.has(lake.uri, LISTS, "2026-11-20")
    key = dbt_spark.put(lake.uri, LISTS, "2026-11-20", file.as_uri())
    assert key == lake.key(LISTS, DAY)
    assert dbt_spark.has(lake.uri, LISTS, "2026-11-20") and not dbt_spark.has(lake.uri, LISTS, "2026-11-2")
    assert lake.store.get(key) == file.read_bytes()
    dbt_spark.put(lake.uri, LISTS, "2026-11-21", None)
    frame = lake.read(LISTS, [date(2026, 11, 21)]).drop("date")
    assert frame.is_empty() and validate(frame, TABLES[LISTS]) == []
    assert [p.name for p in Path(lake.uri).rglob("*") if p.is_file()] == ["data.parquet", "data.parquet"]


@pytest.mark.s3
def test_a_file_of_a_bucket_is_put_in_its_place(s3_env: None) -> None:
    from trending_assets.lake import open_lake

    lake = open_lake("s3://spark/lake")
    lake.store.put("scratch/part=1.parquet", b"bytes")
    dbt_spark.put(lake.uri, LISTS, "2026-11-20", "s3a://spark/lake/scratch/part%3D1.parquet")
    assert lake.store.get(lake.key(LISTS, DAY)) == b"bytes" and dbt_spark.has(lake.uri, LISTS, "2026-11-20")
    with pytest.raises(PermanentFailure, match="is gone"):
        dbt_spark.put(lake.uri, LISTS, "2026-11-20", "s3://spark/lake/scratch/none")


def test_the_setting_decides_target_and_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert target_of("s3://b", "spark") == target_of("/lake", "spark") == "spark"
    assert target_environment("s3://b", "spark") == {"DBT_TARGET_PATH": "target/spark"}
    assert dbt_resource().engine == "duckdb"
    monkeypatch.setenv("TRENDING_DBT_ENGINE", "spark")
    assert dbt_resource().engine == "spark"
    assert dbt_resource().global_config_flags[:2] == ["-m", "trending_assets.staging.dbt_spark"]
    monkeypatch.setenv("TRENDING_DBT_ENGINE", "flink")
    with pytest.raises(PermanentFailure, match="dbt_engine"):
        get_settings()
