"""The genre assets on a lake: training, champion and predictions, alone and in a range."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform
from trending_assets.genre import assets as genre
from trending_assets.genre.aliases import rollback
from trending_assets.genre.extra import missing_parts
from trending_assets.genre.registry import read_registry
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake
from trending_assets_tests.assets.linking_rows import upstream
from trending_assets_tests.unit.genre.worlds import DAY, titles

NEXT = DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_wandb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRENDING_WANDB_MODE", "disabled")
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path / "state"))


def _run(
    lake: Lake, names: list[str], config: Mapping[str, object] | None = None, days: tuple[date, date] | None = None
) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    tags = {}
    if days:
        tags = {
            "dagster/asset_partition_range_start": days[0].isoformat(),
            "dagster/asset_partition_range_end": days[1].isoformat(),
        }
    graph: list[dg.AssetsDefinition | dg.AssetSpec] = [
        *genre.ASSETS,
        *upstream("staging/titles", "features/title_signals"),
    ]
    return dg.materialize(
        graph,
        selection=[dg.AssetKey(["genre", name]) for name in names],
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
        run_config={"ops": dict(config or {})},
        tags=tags,
        raise_on_error=False,
    )


def _write_days(lake: Lake, count: int) -> None:
    rows = titles(count)
    signals = {"title_id": rows["title_id"], "mentions": 1, "authors": 1, "sites": 1, "posts": 1, "reviews": 0}
    signals |= {"known_authors": 1, "counted_sites": 1, "voices": 1.0}
    lists: dict[str, list[list[str]]] = {"by_site": [[]] * count, "charts": [[]] * count, "lists": [[]] * count}
    nothing = {c.name: None for c in TABLES["features/title_signals"].columns if c.nullable}
    day = conform(pl.DataFrame({**signals, **lists}).with_columns(**{k: pl.lit(v) for k, v in nothing.items()}),
                  TABLES["features/title_signals"])  # fmt: skip
    for partition in (DAY, NEXT):
        lake.write("staging/titles", rows, partition)
        lake.write("features/title_signals", day.head(max(1, count // 2)), partition)


def _through(lake: Lake) -> list[date]:
    """Newest training days of the promoted XGBoost models."""
    state = read_registry(lake).of("xgboost")
    return [state.models[place.model].trained_through for place in state.promoted]


def test_train_judge_predict(lake: Lake) -> None:
    _write_days(lake, 120)
    through = {"genre__training_set": {"config": {"through": DAY.isoformat()}}}
    assert _run(lake, ["training_set", "xgboost", "champion"], through).success
    assert lake.read("genre/training_set")["trained_through"].unique().to_list() == [DAY]
    assert _through(lake) == [DAY]
    champion = lake.read("genre/champion").to_dicts()[0]
    assert champion["model"] == "xgboost" and champion["promoted"] and champion["production"]
    assert champion["data_version"] == lake.sha256("genre/training_set")

    assert _run(lake, ["predictions"], days=(DAY, NEXT)).success
    found = lake.read("genre/predictions", [DAY, NEXT])
    assert found.filter(pl.col("date") == DAY)["title_id"].n_unique() == 60
    assert set(found["model_id"]) == {champion["champion_id"]}
    assert found["champion"].all()
    ranged = [lake.sha256("genre/predictions", day) for day in (DAY, NEXT)]
    assert _run(lake, ["predictions"], days=(NEXT, NEXT)).success
    assert lake.sha256("genre/predictions", NEXT) == ranged[1]

    kept = ("genre/models", "genre/champion", "genre/xgboost/data", "genre/registry", "genre/seen")
    objects = [key for key in lake.store.list("genre") if key.startswith(kept)]
    assert len(objects) == 5
    first = {key: lake.store.get(key) for key in objects}
    assert _run(lake, ["training_set", "xgboost", "champion"], through).success
    assert {key: lake.store.get(key) for key in objects} == first, "a re-run: the same bytes"


def test_a_model_from_the_future_is_refused_unless_told(lake: Lake) -> None:
    _write_days(lake, 60)
    assert _run(lake, ["training_set", "xgboost", "champion"]).success
    assert _through(lake) == [NEXT]
    refused = _run(lake, ["predictions"], days=(DAY, DAY))
    assert not refused.success
    assert "allow_newer_model" in str(refused.failure_data_for_node("genre__predictions"))
    told = {"genre__predictions": {"config": {"allow_newer_model": True}}}
    assert _run(lake, ["predictions"], told, days=(DAY, DAY)).success
    assert lake.read("genre/predictions", [DAY]).height > 0


def test_past_days_get_a_model_of_their_own_and_a_rollback_changes_the_later_ones(lake: Lake) -> None:
    _write_days(lake, 120)
    assert _run(lake, ["training_set", "xgboost", "champion"]).success
    newest = lake.read("genre/champion")["champion_id"].item()
    through = {"genre__training_set": {"config": {"through": DAY.isoformat()}}}
    assert _run(lake, ["training_set", "xgboost", "champion"], through).success
    row = lake.read("genre/champion").to_dicts()[0]
    assert row["promoted"] and row["champion_id"] == newest != row["candidate_id"]
    assert _through(lake) == [DAY, NEXT]

    def scored() -> list[str]:
        assert _run(lake, ["predictions"], days=(DAY, NEXT)).success
        found = lake.read("genre/predictions", [DAY, NEXT])
        return [found.filter(pl.col("date") == day)["model_id"].unique().item() for day in (DAY, NEXT)]

    assert scored() == [row["candidate_id"], newest]
    rollback(lake)
    assert scored() == [row["candidate_id"]] * 2


def test_a_verdict_is_told_to_wandb_once(lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _write_days(lake, 60)
    assert _run(lake, ["training_set", "xgboost"]).success
    monkeypatch.setenv("TRENDING_WANDB_MODE", "offline")
    told = []
    for _ in range(2):
        assert _run(lake, ["champion"]).success
        told.append(len(list((tmp_path / "state").rglob("run-*.wandb"))))
    assert told == [1, 1], "the verdict of the first run, and nothing new in the second"
    champion = lake.read("genre/champion")["champion_id"].item()
    (run,) = (tmp_path / "state").rglob("run-*.wandb")
    assert champion.encode() in run.read_bytes()


def test_without_a_promoted_model_the_sentence_says_what_to_do(lake: Lake) -> None:
    _write_days(lake, 60)
    assert "Materialize genre/xgboost" in _failure(lake, "predictions", DAY)
    lake.store.put(f"genre/xgboost/model/through={DAY}/bundle.zip", b"of an older lake")
    assert "Train again" in _failure(lake, "predictions", DAY)
    assert _run(lake, ["training_set"]).success
    assert "No genre model was trained" in _failure(lake, "champion")


def test_a_day_without_a_promoted_model_has_no_predictions_and_a_warning(
    lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    _write_days(lake, 60)
    assert _run(lake, ["training_set", "xgboost"]).success  # trained, and not judged
    assert _run(lake, ["predictions"], days=(NEXT, NEXT)).success
    assert lake.read("genre/predictions", [NEXT]).is_empty() and "passed the gate" in caplog.text


def _failure(lake: Lake, name: str, day: date | None = None) -> str:
    result = _run(lake, [name], days=(day, day) if day else None)
    assert not result.success
    return str(result.failure_data_for_node(f"genre__{name}"))


def test_a_thin_world_does_not_stop_the_graph(lake: Lake) -> None:
    _write_days(lake, 2)
    assert _run(lake, ["training_set", "xgboost", "champion"]).success
    row = lake.read("genre/champion").to_dicts()[0]
    assert row["macro_f1"] == 0.0 and row["promoted"] and "to test on" in row["reason"]
    assert _run(lake, ["predictions"], days=(NEXT, NEXT)).success
    assert lake.read("genre/predictions", [NEXT]).is_empty()


@pytest.mark.parametrize(("through", "said"), [("2020-01-01", "no staging/titles of"), ("soon", "not a day")])
def test_a_wrong_day_is_said(lake: Lake, through: str, said: str) -> None:
    _write_days(lake, 4)
    result = _run(lake, ["training_set"], {"genre__training_set": {"config": {"through": through}}})
    assert said in str(result.failure_data_for_node("genre__training_set"))


def test_bert_is_in_the_graph_where_its_extra_is_installed() -> None:
    keys = {a.key.to_user_string() for a in genre.ASSETS}
    assert ("genre/bert" in keys) == (not missing_parts())
    deps = {k.to_user_string() for k in genre.champion.dependency_keys}
    assert deps == {"genre/training_set", *(f"genre/{kind}" for kind in genre.KINDS)}


@pytest.mark.bert
@pytest.mark.skipif(bool(missing_parts()), reason=f"the extra bert lacks {', '.join(missing_parts())}")
def test_bert_trains_competes_and_predicts_beside_xgboost(lake: Lake) -> None:
    _write_days(lake, 120)
    through = {"genre__training_set": {"config": {"through": DAY.isoformat()}}}
    assert _run(lake, ["training_set", "xgboost", "bert", "champion"], through).success
    judged = lake.read("genre/champion")
    assert set(judged["model"]) == {"xgboost", "bert"} and judged["promoted"].all() and judged["production"].sum() == 1
    assert _run(lake, ["predictions"], days=(DAY, NEXT)).success
    found = lake.read("genre/predictions", [DAY, NEXT])
    assert set(found["model"]) == {"xgboost", "bert"}
    assert found.filter(pl.col("champion"))["model"].n_unique() == 1
