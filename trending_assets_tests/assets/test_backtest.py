"""trends/backtest through Dagster: the table, the page and what Dagit shows; a young lake gives a sentence."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.trends.backtest.assets import ASSETS, PAGE
from trending_assets.trends.backtest.days import NEEDED, split
from trending_assets.trends.detect import detect
from trending_assets.trends.rank import rank_days
from trending_assets_tests.assets.linking_rows import fill, upstream
from trending_assets_tests.unit.trends.streams import day, stream, title_features

DAYS = 62


def filled(folder: Path, days: int) -> Lake:
    lake = open_lake(str(folder / "lake"))
    features = stream(5, days, [0.5] * 30 + [4.0, 9.0, 20.0], {(0, 50): 15, (3, 45): 25})
    every = [day(n) for n in range(days)]
    ranked, alerts = rank_days(title_features(features, every), every), detect(features, every)
    voices = features.select("date", "title_id", n=pl.int_ranges("authors")).explode("n").drop_nulls()
    for one in every:
        lake.write("features/title_signals", features.filter(pl.col("date") == one), one)
        who = voices.filter(pl.col("date") == one).select("title_id", voice_id=pl.format("s/{}", "n"))
        lake.write("features/voices", fill("features/voices", *who.iter_rows(named=True)), one)
        lake.write("trends/trend_scores", ranked.filter(pl.col("date") == one), one)
        lake.write("trends/alerts", alerts.filter(pl.col("date") == one), one)
    titles = [{"title_id": f"movie-{n + 1}", "media_type": "movie", "release_date": day(50 + n)} for n in range(3)]
    lake.write("staging/titles", fill("staging/titles", *titles), every[-1])
    return lake


def materialized(lake: Lake) -> tuple[dict[str, dg.MetadataValue], pl.DataFrame]:  # type: ignore[type-arg]
    resource = LakeResource(uri=lake.uri)
    above = upstream(
        "features/title_signals", "features/voices", "trends/trend_scores", "trends/alerts", "staging/titles"
    )
    graph: list[dg.AssetsDefinition | dg.AssetSpec] = [*ASSETS, *above]
    done = dg.materialize(graph, resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)})
    assert done.success
    metadata = done.asset_materializations_for_node("trends__backtest")[0].metadata
    return dict(metadata), lake.read("trends/backtest")


def test_table_page_and_metadata(tmp_path: Path) -> None:
    lake = filled(tmp_path, DAYS)
    metadata, table = materialized(lake)
    assert validate(table, TABLES["trends/backtest"]) == []
    ours = table.filter(section="ours", target="1d", metric="ndcg")["value"].item()
    assert metadata["ndcg_1d"].value == ours and 0.5 < ours <= 1
    shown = str(metadata["methods"].value)
    assert f"{ours:.3f}" in shown and "boosted Poisson trees" in shown and "| --- |" in shown
    page = lake.store.get(PAGE)
    assert page is not None and f"{ours:.3f}".encode() in page
    assert Path(str(metadata["report"].value)).read_bytes() == page
    assert {"Trending Now, alerts"} <= set(table.filter(section="events")["method"])
    assert "out for less than 7 days" in set(table["stratum"])
    before = lake.sha256("trends/backtest"), page
    materialized(lake)
    assert (lake.sha256("trends/backtest"), lake.store.get(PAGE)) == before


@pytest.mark.parametrize("days", [0, 14, NEEDED - 1])
def test_a_young_lake_is_told_so(tmp_path: Path, days: int) -> None:
    lake = filled(tmp_path, days) if days else open_lake(str(tmp_path / "lake"))
    metadata, table = materialized(lake)
    assert table.is_empty()
    why = metadata["nothing_to_judge"].value
    assert why == f"The lake knows {days} days of signals and rankings; a backtest needs at least {NEEDED}."


def test_a_lake_with_too_many_gaps_is_told_so(tmp_path: Path) -> None:
    lake = filled(tmp_path, DAYS)
    for n in range(30, DAYS, 6):
        for name in ("features/title_signals", "trends/trend_scores"):
            lake.store.delete(lake.key(name, day(n)))
    metadata, table = materialized(lake)
    assert table.is_empty()
    assert "can be judged: a day needs a ranking" in str(metadata["nothing_to_judge"].value)


def test_split_leaves_a_week_of_judged_days_to_each() -> None:
    assert split([day(n) for n in range(NEEDED - 1)]) is None
    tuning, test = split([day(n) for n in range(NEEDED)]) or ((day(0), day(0)), (day(0), day(0)))
    assert (tuning, test) == ((day(27), day(40)), (day(41), day(54)))


def test_it_comes_weekly_and_not_with_the_days() -> None:
    from trending_assets.definitions import defs

    key = dg.AssetKey(["trends", "backtest"])
    graph = defs.resolve_asset_graph()
    condition = graph.get(key).automation_condition
    assert condition is not None and condition.get_label() == "Mondays at 05:00 UTC"
    for job in ("daily", "everything", "prompts"):
        assert key not in defs.resolve_job_def(job).asset_layer.executable_asset_keys
