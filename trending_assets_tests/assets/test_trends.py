"""trends/* through Dagster: windows, ranges, and the same bytes alone."""

from datetime import timedelta
from pathlib import Path

import dagster as dg

from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import open_lake
from trending_assets.trends.assets import ASSETS
from trending_assets_tests.assets.linking_rows import fill, upstream
from trending_assets_tests.unit.trends.streams import day, stream, title_features


def test_range_and_single_days_give_the_same_bytes(tmp_path: Path) -> None:
    lake = open_lake(str(tmp_path))
    features = stream(8, 40, [0.5] * 30 + [4.0, 9.0], {(0, 38): 15})
    listed = {"title_id": "tv-9", "media_type": "tv", "list": "trending_day", "rank": 1}
    for n in range(40):
        lake.write("features/title_signals", features.filter(features["date"] == day(n)), day(n))
        lake.write("features/title_day", title_features(features, [day(n)]), day(n))
        lake.write("features/site_day", fill("features/site_day"), day(n))
        lake.write("staging/lists", fill("staging/lists", listed), day(n))
    resource = LakeResource(uri=lake.uri)
    resources = {"lake": resource, "io_manager": LakeIOManager(lake=resource)}
    graph: list[dg.AssetsDefinition | dg.AssetSpec] = [
        *ASSETS,
        *upstream("features/title_signals", "features/title_day", "features/site_day", "staging/lists"),
    ]
    first, last = day(36), day(39)
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    assert dg.materialize(graph, tags=tags, resources=resources).success
    tables = [
        (table, first + timedelta(days=n)) for table in ("trends/trend_scores", "trends/alerts") for n in range(4)
    ]
    whole = [lake.sha256(*key) for key in tables]
    assert None not in whole
    assert lake.read("trends/alerts", [day(38)])["title_id"].to_list() == ["movie-1"]
    for n in range(36, 40):
        assert dg.materialize(graph, partition_key=day(n).isoformat(), resources=resources).success
    assert [lake.sha256(*key) for key in tables] == whole
