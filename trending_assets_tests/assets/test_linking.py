"""linking/* through Dagster: a day, a range of days, and the check that no document is lost."""

from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.linking.assets import ASSETS, every_document_kept
from trending_assets_tests.assets.linking_rows import D1, D2, documents, entries, titles, upstream

GRAPH: list[dg.AssetsDefinition | dg.AssetSpec] = [
    *ASSETS,
    *upstream("staging/documents", "staging/titles", "staging/charts"),
]
RANGE = {
    "dagster/asset_partition_range_start": D1.isoformat(),
    "dagster/asset_partition_range_end": D2.isoformat(),
}


@pytest.fixture
def filled(tmp_path: Path) -> Lake:
    lake = open_lake(str(tmp_path))
    for day in (D1, D2):
        lake.write("staging/documents", documents(day), day)
        lake.write("staging/titles", titles(), day)
        lake.write("staging/charts", entries(day), day)
    return lake


def resources(lake: Lake) -> dict[str, object]:
    resource = LakeResource(uri=lake.uri)
    return {"lake": resource, "io_manager": LakeIOManager(lake=resource)}


def kept(lake: Lake, day: date) -> list[tuple[str, str | None]]:
    return list(lake.read("linking/mentions", [day]).select("doc_id", "title_id").iter_rows())


def test_range_is_its_days_and_no_document_is_lost(filled: Lake) -> None:
    result = dg.materialize(GRAPH, tags=RANGE, resources=resources(filled))
    assert result.success and all(e.passed for e in result.get_asset_check_evaluations())
    whole = {d: filled.sha256(t, d) for d in (D1, D2) for t in ("linking/mentions",)}
    assert kept(filled, D1) == [("a", "movie-1"), ("b", None)]
    assert kept(filled, D2) == []
    assert filled.read("linking/chart_entries", [D1])["title_id"].to_list() == ["movie-1"]
    for day in (D1, D2):
        assert dg.materialize(GRAPH, partition_key=day.isoformat(), resources=resources(filled)).success
    assert whole == {d: filled.sha256("linking/mentions", d) for d in (D1, D2)}


def test_a_lost_document_blocks(filled: Lake) -> None:
    assert dg.materialize(GRAPH, tags=RANGE, resources=resources(filled)).success
    filled.write("linking/mentions", filled.read("linking/mentions", [D1]).filter(pl.col("doc_id") == "a"), D1)
    result = dg.materialize(
        GRAPH,
        selection=dg.AssetSelection.checks(every_document_kept),
        tags=RANGE,
        resources=resources(filled),
        raise_on_error=False,
    )
    (evaluation,) = result.get_asset_check_evaluations()
    assert not evaluation.passed
    assert evaluation.description == "1 documents are in one table only."
