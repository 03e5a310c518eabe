"""The dbt project says of every table what the contract says."""

import json
from typing import Any

import polars as pl
import pytest
import yaml

from trending_assets.contracts import TABLES
from trending_assets.partitions import EVIDENCE_DAYS, LATE_DAYS
from trending_assets.staging import dbt_project
from trending_assets.staging.dbt_schema import MARTS, PROJECT_DIR, SOURCES, STAGING, duckdb_type, model_name, render


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return json.loads(dbt_project.prepare_manifest().read_bytes())


def test_generated_files_are_up_to_date() -> None:
    for path, text in render().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"run python -m trending_assets.staging.dbt_schema for {path.name}"
        )


@pytest.mark.parametrize("name", [*STAGING, *MARTS])
def test_model_has_the_contracts_columns_types_and_key(manifest: dict[str, Any], name: str) -> None:
    node = manifest["nodes"][f"model.trending_now.{model_name(name)}"]
    found = {column: entry["data_type"] for column, entry in node["columns"].items()}
    assert found == {column: duckdb_type(dtype) for column, dtype in TABLES[name].schema.items()}
    assert list(found) == list(TABLES[name].schema)
    assert f"{node['schema']}/{node['alias']}" == name
    assert node["config"]["key"] == list(TABLES[name].key)
    assert node["config"]["materialized"] == "lake_table"


def test_sources_are_those_that_models_read(manifest: dict[str, Any]) -> None:
    read = {
        "/".join(parent.split(".")[-2:])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for parent in node["depends_on"]["nodes"]
        if parent.startswith("source.")
    }
    assert read == set(SOURCES)


def test_every_singular_test_belongs_to_a_call_and_an_asset(manifest: dict[str, Any]) -> None:
    # Generic and unit tests follow their model; these have to say which call runs them, and the asset whose check they are.
    singular = [n for n in manifest["nodes"].values() if n["resource_type"] == "test" and not n.get("attached_node")]
    assert singular
    for node in singular:
        assert set(node["config"]["tags"]) & {"staging", "marts"}, node["name"]
        assert node["config"]["meta"]["dagster"]["ref"]["name"] in {model_name(t) for t in (*STAGING, *MARTS)}


def test_windows_of_the_project_are_those_of_partitions() -> None:
    variables = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text())["vars"]
    assert (variables["late_days"], variables["evidence_days"]) == (LATE_DAYS, EVIDENCE_DAYS)


def test_duckdb_type_of_nested_columns() -> None:
    cited = pl.List(pl.Struct({"sentence": pl.String, "doc_ids": pl.List(pl.String)}))
    assert duckdb_type(cited) == "STRUCT(sentence VARCHAR, doc_ids VARCHAR[])[]"
    with pytest.raises(KeyError):
        duckdb_type(pl.UInt8)


def test_a_second_preparation_parses_nothing() -> None:
    first = dbt_project.prepare_manifest().stat().st_mtime_ns
    assert dbt_project.prepare_manifest().stat().st_mtime_ns == first
