"""Which tables may be made for different days at once."""

from datetime import date, timedelta
from itertools import pairwise

import dagster as dg

from bench.side_by_side import PROCESSES, different, phases, share
from trending_assets.definitions import defs


def test_every_table_is_in_one_phase_after_what_it_reads_of_other_days() -> None:
    graph, order = defs.resolve_asset_graph(), phases()
    phase = {table: n for n, one in enumerate(order) for table in (*one.halved, *one.whole)}
    whole = {table for one in order for table in one.whole}
    keys = defs.resolve_job_def("daily").asset_layer.selected_asset_keys
    assert len(phase) == sum(len(one.halved) + len(one.whole) for one in order) and set(phase) == {
        key.to_user_string() for key in keys
    }
    for key in keys:
        table = key.to_user_string()
        for parent in (p.to_user_string() for p in graph.get(key).parent_keys if p in keys):
            window = graph.get(key).partition_mappings.get(dg.AssetKey(parent.split("/")))
            apart = isinstance(window, dg.TimeWindowPartitionMapping) or {table, parent} & whole
            assert phase[parent] + bool(apart) <= phase[table], f"{table} reads {parent}"
    assert phase["raw/posts"] < phase["staging/documents"] < phase["staging/clusters"] < phase["scoring/title_digests"]
    assert (
        "raw/posts" in whole
        and {"features/online", "serving/bundle", "scoring/title_digests"} <= whole
        and "marts/trends" not in whole
    )


def test_shares_are_all_days_once() -> None:
    days = [date(2026, 11, 1) + timedelta(days=n) for n in range(7)]
    parts = [share(days, n, PROCESSES) for n in range(PROCESSES)]
    assert parts[0][0] == days[0] and parts[-1][1] == days[-1]
    assert all(later[0] - earlier[1] == timedelta(days=1) for earlier, later in pairwise(parts))


def test_objects_that_differ_are_counted_by_table() -> None:
    one = {"a/b/date=1/data.parquet": "1", "a/b/date=2/data.parquet": "2", "c/d/data.parquet": "3"}
    other = {"a/b/date=1/data.parquet": "1", "a/b/date=2/data.parquet": "9"}
    assert different(one, other) == {"a/b": 1, "c/d": 1} and different(one, one) == {}
