"""Some tables of the daily graph with their checks, materialized in this process through Dagster."""

import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from datetime import date


def materialize(tables: Iterable[str], first: date, last: date) -> None:
    """Make the tables for a range of days. dbt's lines go to standard error. Raises SystemExit naming what failed."""
    import dagster as dg

    from trending_assets.definitions import defs

    keys = {dg.AssetKey(table.split("/")) for table in tables}
    if not keys:
        return
    daily = defs.resolve_job_def("daily")
    known = daily.asset_layer.asset_graph.asset_check_keys
    checks = {check for check in known if check.asset_key in keys and check.name != "no_missing_day"}
    job = daily.get_subset(asset_selection=keys, asset_check_selection=checks)
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    with dg.DagsterInstance.ephemeral() as instance, redirect_stdout(sys.stderr):
        done = job.execute_in_process(
            run_config={"loggers": {"progress": {}}}, instance=instance, tags=tags, raise_on_error=False
        )
    if not done.success:
        steps = [f"{e.step_key}: {e.step_failure_data.error}" for e in done.all_events if e.is_step_failure]
        failed = [f"{e.check_name}: {e.description}" for e in done.get_asset_check_evaluations() if not e.passed]
        raise SystemExit("\n".join([*steps, *failed]))
