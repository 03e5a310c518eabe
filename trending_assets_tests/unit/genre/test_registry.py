"""The registry: aliases by compare-and-swap, which model scores a day, and the way back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from typer.testing import CliRunner

from trending_assets.cli import app
from trending_assets.conditional import Mark, PutIf, put_if_unchanged
from trending_assets.failures import PermanentFailure
from trending_assets.genre.aliases import listing, rollback
from trending_assets.genre.bundle import Kind, Meta
from trending_assets.genre.models import GenreModel
from trending_assets.genre.registry import (
    REGISTRY,
    Registry,
    champion,
    for_day,
    load,
    model_key,
    read_registry,
    register,
    update,
)
from trending_assets.lake import Lake, open_lake
from trending_assets.store import Store
from trending_assets_tests.unit.genre.promoted import promote

JAN = [date(2026, 1, day) for day in range(1, 32)]


def model(through: date, kind: Kind = "xgboost", config: int = 0) -> GenreModel:
    """A model that predicts nothing: to the registry one is like another."""
    return GenreModel({"model.json": Meta(kind, (), (), "v", through, {"n": config}).to_json()})


def test_a_model_is_kept_by_its_id_and_the_last_one_is_the_candidate(lake: Lake) -> None:
    first, second = model(JAN[0]), model(JAN[1])
    assert register(lake, first) == model_key("xgboost", first.id) == f"genre/models/xgboost/{first.id}.zip"
    register(lake, second)
    state = read_registry(lake).of("xgboost")
    assert list(state.models) == [first.id, second.id] and state.candidate == second.id
    assert champion(lake, "xgboost") is None and champion(lake, "bert") is None
    assert load(lake, "xgboost", first.id).files == first.files
    before = lake.store.get(REGISTRY)
    register(lake, second)
    assert lake.store.get(REGISTRY) == before, "the same model again changes nothing"
    lake.store.delete(model_key("xgboost", first.id))
    with pytest.raises(PermanentFailure, match="is gone"):
        load(lake, "xgboost", first.id)


def test_a_day_is_scored_by_the_last_promoted_model_that_knew_nothing_after_it(lake: Lake) -> None:
    early, late = model(JAN[4]), model(JAN[11])
    promote(lake, early)
    promote(lake, late)
    register(lake, model(JAN[20]))  # a candidate that nobody promoted
    assert for_day(lake, "xgboost", JAN[10], False).id == early.id
    assert for_day(lake, "xgboost", JAN[11], False).id == late.id == for_day(lake, "xgboost", JAN[30], False).id
    assert for_day(lake, "xgboost", JAN[0], True).id == early.id
    with pytest.raises(PermanentFailure, match="allow_newer_model"):
        for_day(lake, "xgboost", JAN[3], False)
    register(lake, model(JAN[0], "bert"))
    with pytest.raises(PermanentFailure, match="was promoted yet"):
        for_day(lake, "bert", JAN[30], True)


def test_a_model_of_past_days_stands_below_the_one_that_knew_more(lake: Lake) -> None:
    late = promote(lake, model(JAN[11]))
    past = promote(lake, model(JAN[4]))
    found = champion(lake, "xgboost")
    assert found is not None and found.id == late
    assert for_day(lake, "xgboost", JAN[4], False).id == past
    assert read_registry(lake).of("xgboost").opponent_of(past) == past


def test_models_of_an_older_lake_are_named_and_not_read(lake: Lake) -> None:
    with pytest.raises(PermanentFailure, match="Materialize genre/xgboost"):
        for_day(lake, "xgboost", JAN[0], True)
    lake.store.put("genre/xgboost/model/through=2026-01-01/bundle.zip", b"old")
    with pytest.raises(PermanentFailure, match="Train again"):
        for_day(lake, "xgboost", JAN[0], True)


def test_rollback_goes_back_and_forth(lake: Lake) -> None:
    ids = [promote(lake, model(JAN[n])) for n in range(3)]
    said = rollback(lake)
    assert ids[1] in said and ids[2] in said and "2026-01-02 on follow" in said
    assert for_day(lake, "xgboost", JAN[30], False).id == ids[1]
    assert "taken back" in "\n".join(listing(lake))
    assert ids[0] in rollback(lake, "xgboost", ids[0])
    with pytest.raises(PermanentFailure, match="no one before it"):
        rollback(lake)
    rollback(lake, to=ids[2])
    state = read_registry(lake).of("xgboost")
    assert (state.champion, state.withdrawn) == (ids[2], (ids[1],))


def test_the_commands_list_and_roll_back(lake: Lake) -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["genre", *words, "--lake", lake.uri], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    first, second = promote(lake, model(JAN[0])), promote(lake, model(JAN[1]))
    lines = said("models").splitlines()
    assert lines[0] == "xgboost (production)" and lines[1].endswith("promoted")
    assert second in lines[3] and lines[3].endswith("champion, candidate") and "Promoted." in lines[4]
    assert f"the champion is {first}" in said("rollback", "--kind", "xgboost")
    assert "taken back" in said("models")
    assert f"the champion is {second}" in said("rollback", "--to", second)


def test_rollback_refuses_what_it_cannot_do(lake: Lake) -> None:
    with pytest.raises(PermanentFailure, match="Materialize genre/champion"):
        rollback(lake)
    first, second = promote(lake, model(JAN[0])), promote(lake, model(JAN[1]))
    register(lake, model(JAN[2]))
    candidate = read_registry(lake).of("xgboost").candidate
    for to, why in ((second, "already"), (candidate, "never promoted"), ("0" * 16, "There is no model")):
        with pytest.raises(PermanentFailure, match=why):
            rollback(lake, to=to)
    with pytest.raises(PermanentFailure, match="bert has no champion"):
        rollback(lake, "bert")
    assert read_registry(lake).of("xgboost").champion == second != first


def careless(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark) -> bool:
    """Compare-and-swap switched off: what a promoter without it would do."""
    store.put(key, data)
    return True


def race(lake: Lake, put: PutIf) -> list[int]:
    """Two promoters, ten models each, that meet between reading and replacing the registry; how many each has promoted."""
    kinds: tuple[Kind, ...] = ("xgboost", "bert")
    models = {kind: [model(JAN[number], kind, number) for number in range(10)] for kind in kinds}
    for one in [*models["xgboost"], *models["bert"]]:
        register(lake, one)
    meeting = threading.Barrier(2)

    def promoter(kind: Kind) -> None:
        for one in models[kind]:
            met: list[bool] = []

            def pass_gate(registry: Registry, one: GenreModel = one) -> Registry:
                state = registry.of(kind)
                return registry.with_kind(kind, state.with_promoted(one.id, state.opponent_of(one.id)))

            def late(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark, met: list[bool] = met) -> bool:
                if not met:
                    met.append(True)
                    meeting.wait(30)
                return put(store, key, data, old, mark)

            update(lake, pass_gate, late)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(promoter, kind) for kind in kinds]:
            done.result()
    return [len(read_registry(lake).of(kind).promoted) for kind in kinds]


def test_two_promoters_at_once_lose_nothing(lake: Lake) -> None:
    assert race(lake, put_if_unchanged) == [10, 10]


def test_without_compare_and_swap_the_race_loses_promotions(lake: Lake) -> None:
    assert sum(race(lake, careless)) < 20


@pytest.mark.s3
def test_two_promoters_on_s3_lose_nothing(s3_env: None) -> None:
    assert race(open_lake("s3://genre-race/lake"), put_if_unchanged) == [10, 10]


def test_a_registry_that_is_none_is_a_sentence(lake: Lake) -> None:
    lake.store.put(REGISTRY, b'{"kinds": 7}')
    with pytest.raises(PermanentFailure, match=r"registry\.json is not a registry"):
        read_registry(lake)
