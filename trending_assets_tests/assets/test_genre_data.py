"""What the genre assets learn from: other catalogues beside TMDb's titles, and the version that DVC keeps."""

from pathlib import Path

import polars as pl
import pytest

from trending_assets.genre.versions import fetch_version
from trending_assets.lake import Lake
from trending_assets.settings import get_settings
from trending_assets_tests.assets.test_genre import _run, _write_days
from trending_assets_tests.unit.genre.worlds import DAY, titles

THROUGH = {"genre__training_set": {"config": {"through": DAY.isoformat()}}}


@pytest.fixture(autouse=True)
def _no_wandb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_WANDB_MODE", "disabled")


def test_a_catalogue_is_learned_from(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_days(lake, 240)
    assert _run(lake, ["training_set"], THROUGH).success
    alone = lake.read("genre/training_set")
    other = titles(40).with_columns(
        source=pl.lit("wiki"),
        source_id=pl.lit("w") + pl.col("title_id"),
        title=pl.lit("Other ") + pl.col("title"),
        overview=pl.col("overview") + " Elsewhere.",
        tmdb_id=pl.when(pl.col("tmdb_id") == 1).then(pl.col("tmdb_id")),
    )
    other.drop("title_id").write_parquet(tmp_path / "catalogue.parquet")
    monkeypatch.setenv("TRENDING_GENRE_CATALOGUE", str(tmp_path / "catalogue.parquet"))
    result = _run(lake, ["training_set"], THROUGH)
    assert result.success
    both = lake.read("genre/training_set")
    assert both.filter(pl.col("source") == "tmdb").equals(alone)
    more = both.filter(pl.col("source") == "wiki")
    assert 0 < more.height < 39 and set(more["split"]) == {"train"}
    (event,) = result.asset_materializations_for_node("genre__training_set")
    assert event.metadata["left out: catalogue row of a group that is held out"].value == 39 - more.height
    assert event.metadata["train"].value == both.filter(pl.col("split") == "train").height

    monkeypatch.setenv("TRENDING_GENRE_CATALOGUE", str(tmp_path / "none.parquet"))
    failed = _run(lake, ["training_set"], THROUGH)
    assert "There is no file" in str(failed.failure_data_for_node("genre__training_set"))


def test_a_training_keeps_its_data_under_dvc(lake: Lake) -> None:
    _write_days(lake, 60)
    assert _run(lake, ["training_set", "xgboost"], THROUGH).success
    seen = lake.store.get(lake.key("genre/training_set"))
    version = lake.read("genre/xgboost")["data_version"][0]
    assert _run(lake, ["training_set"]).success  # of a later day
    assert lake.store.get(lake.key("genre/training_set")) != seen
    assert fetch_version(lake, version, get_settings()) == seen


def test_a_remote_that_takes_nothing_stops_the_training(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_days(lake, 12)
    monkeypatch.setenv("TRENDING_DVC_REMOTE", "/dev/null/dvc")
    result = _run(lake, ["training_set", "xgboost"], THROUGH)
    assert "was not taken by the DVC remote /dev/null/dvc" in str(result.failure_data_for_node("genre__xgboost"))
