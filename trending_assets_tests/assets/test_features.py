"""features/* through Dagster."""

from pathlib import Path

import dagster as dg

from trending_assets.features.assets import ASSETS
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import open_lake
from trending_assets_tests.assets.linking_rows import D1, D2, documents, fill, titles, upstream

INPUTS = (
    "linking/mentions",
    "linking/chart_entries",
    "staging/documents",
    "staging/clusters",
    "staging/charts",
    "staging/lists",
    "staging/titles",
    "scoring/document_scores",
)


def test_a_range_of_days(tmp_path: Path) -> None:
    lake = open_lake(str(tmp_path))
    for day in (D1, D2):
        links = [{"doc_id": "a", "title_id": "movie-1", "confidence": 0.9, "method": "exact"}] if day == D1 else []
        listed = {"title_id": "tv-9", "media_type": "tv", "list": "popular", "rank": 3}
        lake.write("linking/mentions", fill("linking/mentions", *links), day)
        lake.write("staging/charts", fill("staging/charts"), day)
        lake.write("linking/chart_entries", fill("linking/chart_entries"), day)
        lake.write("staging/documents", documents(day), day)
        alone = [{"doc_id": d, "cluster_id": d, "voice_id": "x/ann", "copies": 1} for d in documents(day)["doc_id"]]
        lake.write("staging/clusters", fill("staging/clusters", *alone), day)
        lake.write("staging/lists", fill("staging/lists", listed), day)
        lake.write("staging/titles", titles(), day)
        lake.write("scoring/document_scores", fill("scoring/document_scores"), day)
    resource = LakeResource(uri=lake.uri)
    graph: list[dg.AssetsDefinition | dg.AssetSpec] = [*ASSETS, *upstream(*INPUTS)]
    resources = {"lake": resource, "io_manager": LakeIOManager(lake=resource)}
    result = dg.materialize(
        graph,
        tags={
            "dagster/asset_partition_range_start": D1.isoformat(),
            "dagster/asset_partition_range_end": D2.isoformat(),
        },
        resources=resources,
    )
    assert result.success
    first = lake.read("features/title_signals", [D1]).select("title_id", "authors", "rating", "list_rank")
    assert first.rows() == [("movie-1", 1, 0.8, None), ("tv-9", 0, None, 3)]
    assert lake.read("features/title_signals", [D2])["title_id"].to_list() == ["tv-9"]
    whole = lake.read("features/title_day", [D1, D2]).select("date", "title_id", "voices", "voices_7d", "list_rank")
    assert whole.rows() == [
        (D1, "movie-1", 1.0, 1.0, None),
        (D1, "tv-9", 0.0, 0.0, 3),
        (D2, "movie-1", 0.0, 1.0, None),
        (D2, "tv-9", 0.0, 0.0, 3),
    ]
    tables = [
        (f"features/{name}", day) for name in ("voices", "site_day", "title_signals", "title_day") for day in (D1, D2)
    ]
    ranged = [lake.sha256(*key) for key in tables]
    for day in (D2, D1):
        assert dg.materialize(graph, partition_key=day.isoformat(), resources=resources).success
    assert None not in ranged and [lake.sha256(*key) for key in tables] == ranged, "a day alone has the same bytes"
