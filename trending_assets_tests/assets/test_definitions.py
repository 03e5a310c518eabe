"""The graph as a whole: every asset is described, checked and connected, and loading it is cheap."""

import subprocess
import sys
import tomllib
from pathlib import Path

import dagster as dg
import pytest
import yaml

from bench.load import cpu_and_modules, cpu_seconds

REPO = Path(__file__).resolve().parents[2]
LIBRARIES = "import dagster, dagster_dbt, duckdb, polars"
HEAVY = [
    "torch",
    "transformers",
    "scrapy",
    "wandb",
    "feast",
    "dagster_aws",
    "whylogs",
    "sklearn",
    "xgboost",
    "openai",
    "boto3",
]


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    from trending_assets.definitions import defs

    return defs


@pytest.fixture(scope="module")
def specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_every_asset_says_who_what_and_which_version(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert spec.owners, name
        assert spec.description, name
        assert spec.group_name == name.split("/")[0], name
        assert spec.code_version, name
        assert spec.kinds, name
        assert spec.freshness_policy, name
        assert spec.automation_condition, name
        assert "dagster/column_schema" in spec.metadata, name


def test_every_asset_has_a_blocking_contract_check(defs: dg.Definitions, specs: dict[str, dg.AssetSpec]) -> None:
    graph = defs.resolve_asset_graph()
    for name, spec in specs.items():
        checks = {key.name: graph.get(key) for key in graph.get_check_keys_for_assets({spec.key})}
        assert "contract" in checks, name
        assert checks["contract"].blocking, name


def test_the_fixed_tables_of_the_design_are_assets(specs: dict[str, dg.AssetSpec]) -> None:
    from trending_assets.contracts import TABLES

    expected = {table.name for table in TABLES.values() if table.asset}
    if "genre/bert" not in specs:
        expected -= {"genre/bert"}
    assert set(specs) == expected


def test_raw_to_serving_is_one_connected_graph(specs: dict[str, dg.AssetSpec]) -> None:
    parents = {name: {dep.asset_key.to_user_string() for dep in spec.deps} - {name} for name, spec in specs.items()}
    children: dict[str, set[str]] = {name: set() for name in specs}
    for name, above in parents.items():
        for parent in above:
            assert parent in specs, f"{name} depends on {parent}, which no asset makes"
            children[parent].add(name)

    def reach(start: set[str], edges: dict[str, set[str]]) -> set[str]:
        seen, todo = set(start), list(start)
        while todo:
            for other in edges[todo.pop()] - seen:
                seen.add(other)
                todo.append(other)
        return seen

    roots = {name for name in specs if name.startswith("raw/")}
    assert reach(roots, children) == set(specs), "some assets have no path from raw"
    # The backtest is a report for people, the online store serves models: the page waits for neither.
    ends = {"serving/bundle", "trends/backtest", "features/online"}
    assert reach(ends, parents) == set(specs), "some assets have no path to serving"


def test_workspace_and_dg_name_the_same_location() -> None:
    module = yaml.safe_load((REPO / "workspace.yaml").read_text())["load_from"][0]["python_module"]
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    assert module["location_name"] == project["code_location_name"]
    assert module["module_name"] == project["root_module"] + ".definitions"


def test_loading_imports_nothing_heavy() -> None:
    _, modules = cpu_and_modules("import trending_assets.definitions")
    assert not [name for name in HEAVY if name in modules]


@pytest.mark.slow
def test_loading_costs_little_more_than_the_libraries() -> None:
    """CPU, not wall clock, side by side; the best of five each, taken in turns, because machines are shared."""
    pairs = [(cpu_seconds("import trending_assets.definitions"), cpu_seconds(LIBRARIES)) for _ in range(5)]
    ours, bare = (min(column) for column in zip(*pairs, strict=True))
    print(f"loading the definitions: {ours:.2f} s CPU, {ours / bare:.2f}x of importing the libraries ({bare:.2f} s)")
    assert ours <= 1.25 * bare


@pytest.mark.slow
def test_dagster_validates_the_definitions() -> None:
    command = [str(Path(sys.executable).parent / "dg"), "check", "defs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPO)
    assert done.returncode == 0, done.stdout + done.stderr
