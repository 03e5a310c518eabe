"""Promotion on a lake with real small models: verdicts, aliases, and what a later run says of them."""

from datetime import date, timedelta

import polars as pl
import pytest

from trending_assets.conditional import Mark, put_if_unchanged
from trending_assets.contracts import TABLES, validate
from trending_assets.failures import PermanentFailure
from trending_assets.genre.aliases import listing, rollback
from trending_assets.genre.bundle import Meta
from trending_assets.genre.champion import TAKEN_BACK, Asked, decide, usable_for
from trending_assets.genre.models import GenreModel, train
from trending_assets.genre.registry import REGISTRY, champion, read_registry, register, update
from trending_assets.genre.unseen import unseen
from trending_assets.lake import Lake
from trending_assets.store import Store
from trending_assets_tests.unit.genre.worlds import DAY
from trending_assets_tests.unit.genre.worlds import training_set as made_set

TITLES = 480


def training_set(count: int = TITLES) -> pl.DataFrame:
    """Every fifth title is of the split test, every fifteenth later; a group each."""
    number = pl.col("title_id").str.extract(r"(\d+)$").cast(pl.Int64)
    learned = pl.when(number % 7 == 0).then(pl.lit("valid")).otherwise(pl.lit("train"))
    split = (
        pl.when(number % 5 == 0).then(pl.lit("test")).when(number % 15 == 1).then(pl.lit("later")).otherwise(learned)
    )
    return made_set(count).with_columns(split=split, source=pl.lit("tmdb"), group=pl.col("title_id"))


def model(learned: int, through: date = DAY, version: str = "a" * 64) -> GenreModel:
    """XGBoost that learned from the first titles of training_set() alone: few of them make a bad model."""
    rows = training_set(learned).with_columns(trained_through=pl.lit(through))
    return train("xgboost", rows, version, lambda _: None).model


@pytest.fixture(scope="module")
def weak() -> GenreModel:
    return model(60)


@pytest.fixture(scope="module")
def strong() -> GenreModel:
    return model(TITLES, DAY + timedelta(days=7))


def decided(lake: Lake) -> dict[str, dict[str, object]]:
    """genre/champion by model, the same on a second run, to the byte."""
    found = decide(lake, training_set(), "t" * 64)
    kept = lake.store.get(REGISTRY)
    again = decide(lake, training_set(), "t" * 64)
    assert again.table.equals(found.table) and lake.store.get(REGISTRY) == kept and not again.news
    assert validate(found.table, TABLES["genre/champion"]) == []
    return {row["model"]: row for row in found.table.to_dicts()}


def test_the_first_model_is_promoted_and_in_production(lake: Lake, weak: GenreModel) -> None:
    with pytest.raises(PermanentFailure, match="No genre model was trained"):
        decide(lake, training_set(), "t" * 64)
    register(lake, weak)
    assert decide(lake, training_set(), "t" * 64).news[0]["candidate_id"] == weak.id
    row = decided(lake)["xgboost"]
    assert row["promoted"] and row["production"] and row["difference"] is None
    assert row["champion_id"] == row["candidate_id"] == row["model_id"] == weak.id
    assert "beats the majority class" in str(row["reason"])
    registry = read_registry(lake)
    assert usable_for(registry, DAY) and not usable_for(registry, DAY - timedelta(days=1))


def test_a_better_candidate_takes_the_place_and_a_worse_one_does_not(
    lake: Lake, weak: GenreModel, strong: GenreModel
) -> None:
    register(lake, weak)
    decide(lake, training_set(), "t" * 64)
    register(lake, strong)
    row = decided(lake)["xgboost"]
    assert row["promoted"] and row["champion_id"] == strong.id and float(str(row["low"])) > 0
    assert row["trained_through"] == strong.meta.trained_through
    better = row["macro_f1"]
    worse = model(26, DAY + timedelta(days=14))
    register(lake, worse)
    row = decided(lake)["xgboost"]
    assert not row["promoted"] and row["candidate_id"] == worse.id and row["champion_id"] == strong.id
    assert "not higher" in str(row["reason"]) and row["production"] and row["macro_f1"] == better
    lines = "\n".join(listing(lake))
    assert "xgboost (production)" in lines and f"against {strong.id}: Refused" in lines


def test_what_was_taken_back_is_not_promoted_again_by_itself(lake: Lake, weak: GenreModel, strong: GenreModel) -> None:
    for one in (weak, strong):
        register(lake, one)
        decide(lake, training_set(), "t" * 64)
    rollback(lake)
    row = decided(lake)["xgboost"]
    assert (row["promoted"], row["champion_id"], row["reason"]) == (False, weak.id, TAKEN_BACK)
    register(lake, strong)  # trained again on the same data: the same model
    assert decided(lake)["xgboost"]["champion_id"] == weak.id
    rollback(lake, to=strong.id)
    assert decided(lake)["xgboost"]["champion_id"] == strong.id


def test_a_model_for_past_days_is_the_first_of_them_and_not_the_champion(
    lake: Lake, weak: GenreModel, strong: GenreModel
) -> None:
    register(lake, strong)
    decide(lake, training_set(), "t" * 64)
    register(lake, weak)  # knows less, and so may score days that the other may not
    row = decided(lake)["xgboost"]
    assert row["promoted"] and row["candidate_id"] == weak.id and row["champion_id"] == strong.id
    assert usable_for(read_registry(lake), DAY)


def test_a_champion_that_comes_meanwhile_is_the_one_to_beat(lake: Lake, weak: GenreModel, strong: GenreModel) -> None:
    """Somebody promotes the strong model while the weak candidate, of a later day, is being judged as a first one."""
    late = model(26, DAY + timedelta(days=14))
    register(lake, strong)
    register(lake, late)
    came: list[bool] = []

    def put(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark) -> bool:
        if not came:
            came.append(True)
            update(lake, lambda r: r.with_kind("xgboost", r.of("xgboost").with_promoted(strong.id, None)))
        return put_if_unchanged(store, key, data, old, mark)

    row = decide(lake, training_set(), "t" * 64, put).table.to_dicts()[0]
    assert not row["promoted"] and row["champion_id"] == strong.id and row["difference"] < 0


def test_a_thin_world_promotes_what_it_has(lake: Lake) -> None:
    register(lake, model(3))
    row = {r["model"]: r for r in decide(lake, training_set(3), "t" * 64).table.to_dicts()}["xgboost"]
    assert row["promoted"] and row["macro_f1"] == 0.0 and "to test on" in str(row["reason"])
    assert not usable_for(read_registry(lake), DAY)
    register(lake, model(TITLES))
    assert decided(lake)["xgboost"]["promoted"], "a champion that predicts nothing is no opponent"


def test_production_goes_to_the_kind_that_says_something(lake: Lake, weak: GenreModel) -> None:
    silent = GenreModel({"model.json": Meta("bert", (), (), "b" * 64, DAY, {}).to_json()})
    register(lake, silent)
    assert decide(lake, training_set(3), "u" * 64).table["production"].to_list() == [True]
    register(lake, weak)
    found = decided(lake)
    assert found["xgboost"]["production"] and not found["bert"]["production"]
    found_champion = champion(lake, "bert")
    assert found_champion is not None and found_champion.id == silent.id


def test_titles_that_a_model_learned_from_are_left_out(lake: Lake) -> None:
    rows = training_set().with_columns(
        source=pl.when(pl.col("title_id").str.ends_with("20")).then(pl.lit("wikipedia")).otherwise("source")
    )
    whole = unseen(rows, [])
    assert set(whole["split"]) == {"test", "later"} and set(whole["source"]) == {"tmdb"}
    later = whole.filter(pl.col("split") == "later")["title_id"].to_list()
    seen = pl.DataFrame({"title_id": [later[0], "movie-other"], "group": ["x", later[1]]})
    assert set(whole["title_id"]) - set(unseen(rows, [seen])["title_id"]) == {later[0], later[1]}
    assert set(unseen(rows, [seen, None])["split"]) == {"test"}


def test_the_champion_is_not_judged_on_what_it_learned_from(lake: Lake, weak: GenreModel) -> None:
    """What an older training set taught is left out, though today's set holds it as unseen."""
    fives = pl.col("title_id").str.ends_with("5")
    older = training_set().with_columns(split=pl.when(fives).then(pl.lit("test")).otherwise(pl.lit("train")))
    old = train("xgboost", older, "o" * 64, lambda _: None).model
    register(lake, old)
    decide(lake, older, "o" * 64)
    today = training_set()
    assert not today.filter(~fives, pl.col("split") == "test").is_empty()
    rows, _ = Asked(lake, today).rows_for(("xgboost", old.id))
    assert len(rows.truth) == today.filter(fives, pl.col("split").is_in(["test", "later"])).height
    register(lake, weak)
    both, _ = Asked(lake, today).rows_for(("xgboost", old.id), ("xgboost", weak.id))
    assert len(both.truth) == today.filter(fives, pl.col("split") == "test").height, "what weak saw is not known"
