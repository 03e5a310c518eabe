"""dbt's models as Dagster's assets: what a contract says of a table, and how a range of days becomes one dbt call."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtProject
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from trending_assets import automation
from trending_assets.contracts import DOCUMENT_TABLES, TABLES
from trending_assets.failures import is_away
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, EVIDENCE_DAYS, EVIDENCE_WINDOW, LATE_DAYS, LATE_WINDOW, to_days
from trending_assets.retries import TRY_AGAIN, readable_failures
from trending_assets.staging.dbt_lineage import column_lineage
from trending_assets.staging.dbt_project import PROJECT, LakeDbtResource, engine_of_settings, prepare_manifest
from trending_assets.staging.dbt_spark import missing
from trending_assets.staging.dbt_target import environment, target_environment, target_of
from trending_assets.table_asset import OWNERS, column_schema

WINDOWS: dict[str, dict[str, dg.TimeWindowPartitionMapping]] = {
    "staging/documents": dict.fromkeys(DOCUMENT_TABLES, LATE_WINDOW),
    "marts/evidence": dict.fromkeys(
        ("staging/documents", "linking/mentions", "scoring/document_scores"), EVIDENCE_WINDOW
    ),
}
"""Dependencies that a model reads over a trailing window; all others are read for the same day."""

_ROWS = re.compile(r"^([a-z_]+/[a-z_]+) date=(\d{4}-\d{2}-\d{2}): (\d+) rows$")


class LakeTranslator(DagsterDbtTranslator):
    """A model or source `schema.alias` is the table schema/alias of contracts, which says the rest."""

    def __init__(self, engine: str) -> None:
        super().__init__()
        self.engine = engine

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey(_table(dbt_resource_props).split("/"))

    def get_partition_mapping(
        self, dbt_resource_props: Mapping[str, Any], dbt_parent_resource_props: Mapping[str, Any]
    ) -> dg.PartitionMapping | None:
        return WINDOWS.get(_table(dbt_resource_props), {}).get(_table(dbt_parent_resource_props))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        name = spec.key.to_user_string()
        if unique_id.startswith("source.") or name not in TABLES:  # what is no table is an ephemeral model
            return spec
        table = TABLES[name]
        windowed = [dg.AssetKey(dep.split("/")) for dep in WINDOWS.get(name, {})]
        return spec.replace_attributes(
            group_name=spec.key.path[0],
            description=table.meaning,
            owners=OWNERS,
            kinds={"dbt", self.engine},
            code_version=_code_version(manifest, unique_id),
            automation_condition=automation.follow(windowed),
            freshness_policy=automation.DAILY_FRESHNESS,
            tags={},
        ).merge_attributes(metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": name})

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        # A test runs in its model's call: what else it reads (ephemeral models too) is no dependency of its own.
        return spec and spec._replace(additional_deps=[])


def _table(props: Mapping[str, Any]) -> str:
    return f"{props['schema']}/{props.get('alias') or props['name']}"


def _code_version(manifest: Mapping[str, Any], unique_id: str) -> str:
    """Hash of the model's SQL, of the ephemeral models under it and of the project's macros."""
    code = [
        macro["macro_sql"]
        for key, macro in sorted(manifest["macros"].items())
        if key.startswith(f"macro.{PROJECT.name}.")
    ]
    pending = [unique_id]
    while pending:
        node = manifest["nodes"][pending.pop()]
        code.append(node["raw_code"])
        pending += sorted(parent for parent in node["depends_on"]["nodes"] if parent.startswith("model."))
    return hashlib.sha256("\0".join(code).encode()).hexdigest()[:12]


def table_dbt_assets(group: str, engine: str | None = None) -> dg.AssetsDefinition:
    """The models of a group (the dbt tag of the same name) as one asset step over DAILY, run by duckdb or spark (settings).

    What `@dbt_assets(select=…)` makes, without its selection engine: importing that costs more than our whole graph.
    """
    engine = engine or engine_of_settings()
    manifest = json.loads(prepare_manifest(engine).read_bytes())
    translator = LakeTranslator(engine)
    models = sorted(
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["config"]["materialized"] == "lake_table" and group in node["tags"]
    )
    specs = {unique_id: translator.get_asset_spec(manifest, unique_id, PROJECT) for unique_id in models}
    tests = sorted(unique_id for unique_id, node in manifest["nodes"].items() if node["resource_type"] == "test")
    found = [
        translator.get_asset_check_spec(spec, manifest, test, PROJECT)  # None where the test is of another model
        for model, spec in specs.items()
        for test in tests
        if model in manifest["nodes"][test]["depends_on"]["nodes"]
    ]
    checks = {check.get_python_identifier(): check for check in found if check}

    @dg.multi_asset(
        name=f"{group}_dbt",
        specs=list(specs.values()),
        check_specs=list(checks.values()),
        can_subset=True,
        partitions_def=DAILY,
        backfill_policy=dg.BackfillPolicy.single_run(),
        op_tags={"dagster_dbt/select": f"tag:{group}"},  # what dbt.cli(context=…) hands on to dbt
        allow_arbitrary_check_specs=True,
        retry_policy=TRY_AGAIN,
    )
    def tables(context: dg.AssetExecutionContext, dbt: LakeDbtResource, lake: LakeResource) -> Iterator[Any]:
        with readable_failures():
            yield from build(context, dbt, lake)

    return tables


def build_vars(days: list[str], lake_uri: str) -> dict[str, Any]:
    """The dbt variables of a call over some days (YYYY-MM-DD, ascending)."""
    return {
        "from_day": days[0],
        "to_day": days[-1],
        "lake": lake_uri,
        "late_days": LATE_DAYS,
        "evidence_days": EVIDENCE_DAYS,
    }


def build(context: dg.AssetExecutionContext, dbt: LakeDbtResource, lake: LakeResource) -> Iterator[Any]:
    """Run `dbt build` once over the run's days; yield Dagster's events with rows per partition and column lineage.

    Raises dg.Failure naming the model or test that failed, with dbt's message.
    """
    if not context.selected_asset_keys:
        raise dg.Failure(
            "dbt's tests read what their model built in the same call. Materialize the asset to run its checks.",
            allow_retries=False,
        )
    if dbt.engine == "spark" and (why := missing()):
        raise dg.Failure(why, allow_retries=False)
    root = lake.open()
    target = target_of(root.uri, dbt.engine)
    days = [day.isoformat() for day in to_days(context.partition_keys)]
    if target == "local":  # DuckDB writes files, it makes no folders
        for key in context.selected_asset_keys:
            for day in to_days(context.partition_keys):
                Path(root.location(key.to_user_string(), day)).parent.mkdir(parents=True, exist_ok=True)
    arguments = ["build", "--target", target, "--vars", json.dumps(build_vars(days, root.uri))]
    with environment(target_environment(root.uri, dbt.engine)):
        invocation = dbt.cli(arguments, context=context)
    try:
        yield from _events(context, invocation, dbt.engine)
    except DagsterDbtCliRuntimeError as error:
        why = _explain(invocation, error)
        raise dg.Failure(why, allow_retries=is_away(why)) from None
    shutil.rmtree(invocation.target_path, ignore_errors=True)  # a failed call keeps its logs and compiled SQL


def _events(context: dg.AssetExecutionContext, invocation: DbtCliInvocation, engine: str) -> Iterator[Any]:
    for event in invocation.stream_raw_events():
        if match := _ROWS.match(str(event)):
            context.add_asset_metadata(
                {"dagster/partition_row_count": int(match[3])}, asset_key=match[1].split("/"), partition_key=match[2]
            )
        for dagster_event in event.to_default_asset_events(
            manifest=invocation.manifest,
            dagster_dbt_translator=invocation.dagster_dbt_translator,
            context=context,
            target_path=invocation.target_path,
            project=invocation.project,
        ):
            if isinstance(dagster_event, dg.Output):
                unique_id = event.raw_event["data"]["node_info"]["unique_id"]
                node = invocation.manifest["nodes"][unique_id]
                context.add_asset_metadata(_lineage(invocation, node, engine), asset_key=_table(node).split("/"))
            yield dagster_event


def _lineage(invocation: DbtCliInvocation, node: Mapping[str, Any], engine: str) -> dict[str, Any]:
    compiled = invocation.target_path / "compiled" / node["package_name"] / node["original_file_path"]
    columns = column_lineage(_table(node), compiled.read_text(encoding="utf-8"), engine)
    return {
        "dagster/column_lineage": dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(dg.AssetKey(table.split("/")), source) for table, source in sources]
                for column, sources in columns.items()
            }
        )
    }


def _explain(invocation: DbtCliInvocation, error: Exception) -> str:
    """What failed and dbt's words on it, one line each; dbt's whole output where it did not come as far as a model."""
    try:
        results = invocation.get_artifact("run_results.json")["results"]
    except OSError:
        results = []
    failed = [result for result in results if result["status"] in {"error", "fail", "runtime error"}]
    if not failed:
        return f"dbt could not run the project: {error}"
    return "\n".join(f"{_what(invocation, r['unique_id'])}: {_message(r.get('message'))}" for r in failed)


def _what(invocation: DbtCliInvocation, unique_id: str) -> str:
    kind, _, name = unique_id.partition(".")
    node = invocation.manifest["nodes"].get(unique_id)
    if kind == "model" and node:
        return f"{_table(node)} ({node['original_file_path']})"
    return f"dbt {kind.replace('_', ' ')} {name.split('.')[1] if '.' in name else name}"


def _message(text: str | None) -> str:
    """dbt's message in one line, without its header and the pointer to the compiled file."""
    lines = [line.strip() for line in (text or "failed without a message").splitlines()]
    kept = [
        line
        for line in lines
        if line.strip("^ ") and not line.startswith(("compiled code at", "> in macro", "> called by"))
    ]
    if len(kept) > 1 and re.match(r"^(Compilation|Runtime|Database) Error in ", kept[0]):
        kept = kept[1:]
    return " ".join(kept)[:500]
