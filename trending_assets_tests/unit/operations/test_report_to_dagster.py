"""Dagster's storage lost, or newer than the lake: what it is told, and what automation asks for then."""

import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from trending_assets.contracts import TABLES, empty
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.operations.dagster_command import difference, report, tables, tell
from trending_assets.retention import days_kept
from trending_assets_tests.automation.test_ticks import NOON, TODAY, Harness, at, lists

DAYS = [TODAY - timedelta(days=n) for n in range(1, 31)]
NAMES = ["staging/lists", "features/title_day", "trends/alerts"]


def quiet(done: int, total: int) -> None:
    pass


def fill(lake: Lake, *days: date) -> None:
    for name in NAMES:
        for day in days:
            lake.write(name, empty(TABLES[name]), day)


def home(folder: Path, storage: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "dagster.yaml").write_text("telemetry: {enabled: false}\n" + storage)
    return folder


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home(tmp_path / "home"))) as instance:
        yield instance


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[dg.DagsterInstance]:
    url = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with dg.DagsterInstance.from_config(
        str(home(tmp_path / "home", f"storage: {{postgres: {{postgres_url: {url}}}}}\n"))
    ) as instance:
        yield instance


@pytest.fixture(params=["sqlite", "on_postgres"])
def instance(request: pytest.FixtureRequest) -> dg.DagsterInstance:
    return request.getfixturevalue(request.param)


def test_a_lost_database_is_filled_and_automation_asks_for_nothing_old(
    lake: Lake, instance: dg.DagsterInstance
) -> None:
    fill(lake, *DAYS)
    harness = Harness(Path(lake.uri), instance)
    found = difference(lake, instance, NAMES, {})
    assert found.events == 3 * len(DAYS) and not found.gone
    tell(lake, instance, found, quiet)
    for name in NAMES:
        assert len(instance.get_materialized_partitions(dg.AssetKey(name.split("/")))) == len(DAYS)
    assert difference(lake, instance, NAMES, {}).events == 0, "nothing is told twice"
    assert harness.tick(NOON) == {} and harness.tick(at(TODAY, 12, 5)) == {}
    tomorrow = TODAY + timedelta(days=1)
    new = {name: {TODAY.isoformat()} for name in NAMES}
    assert harness.tick(at(tomorrow, 3, 1)) == new, "and goes on with the new day"


def test_days_that_a_restore_took_away_count_as_missing(lake: Lake, sqlite: dg.DagsterInstance) -> None:
    fill(lake, *DAYS)
    tell(lake, sqlite, difference(lake, sqlite, NAMES, {}), quiet)
    for name in NAMES:
        lake.store.delete(lake.key(name, DAYS[0]))
    harness = Harness(Path(lake.uri), sqlite)
    harness.tick(NOON)
    found = difference(lake, sqlite, NAMES, {})
    assert found.gone == {name: [DAYS[0]] for name in NAMES}
    tell(lake, sqlite, found, quiet)
    assert DAYS[0].isoformat() not in sqlite.get_materialized_partitions(dg.AssetKey(["trends", "alerts"]))
    assert harness.tick(at(TODAY, 12, 5)) == {}
    harness.materialize(lists, DAYS[0])
    after = {name: {DAYS[0].isoformat()} for name in ("features/title_day", "trends/alerts")}
    assert harness.tick(at(TODAY, 12, 10)) == after


def test_days_that_retention_let_go_are_left_alone(lake: Lake, sqlite: dg.DagsterInstance) -> None:
    kept = days_kept("features/title_day")
    assert kept is not None
    old = DAYS[0] - timedelta(days=kept + 1)
    fill(lake, DAYS[0], old)
    tell(lake, sqlite, difference(lake, sqlite, NAMES, {}), quiet)
    lake.store.delete(lake.key("features/title_day", old))
    assert not difference(lake, sqlite, NAMES, {}).gone


def test_what_a_restore_changed_is_reported_anew(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(lake, *DAYS[:3])
    lake.write("scoring/prompts", empty(TABLES["scoring/prompts"]))
    monkeypatch.setenv("DAGSTER_HOME", str(home(tmp_path / "home")))
    said = report(lake.uri, None, False, quiet)
    assert said[-1].startswith("10 materializations reported")
    changed = tmp_path / "changed.csv"
    changed.write_text(f"table,date,change\nstaging/lists,{DAYS[1]},replaced\nscoring/prompts,,replaced\n")
    assert report(lake.uri, changed, True, quiet)[-1].startswith("2 materializations would be")
    assert report(lake.uri, changed, False, quiet)[-1].startswith("2 materializations reported")
    with dg.DagsterInstance.get() as instance:
        check = dg.AssetCheckKey(dg.AssetKey(["scoring", "prompts"]), "contract")
        last = instance.event_log_storage.get_latest_asset_check_execution_by_key([check])[check]
        assert last.status.value == "SUCCEEDED", "what waits for the check of a table without days goes on"
    changed.write_text("nonsense\n")
    assert report(lake.uri, changed, True, quiet)[-1].startswith("0 materializations")
    with pytest.raises(PermanentFailure, match="is no report"):
        report(lake.uri, tmp_path / "no.csv", True, quiet)
    monkeypatch.delenv("DAGSTER_HOME")
    with pytest.raises(PermanentFailure, match="DAGSTER_HOME"):
        report(lake.uri, None, True, quiet)


def test_upstream_comes_first() -> None:
    warnings.simplefilter("ignore")
    names = tables()
    assert names.index("raw/posts") < names.index("staging/documents") < names.index("serving/bundle")


@pytest.mark.slow
def test_the_whole_graph_asks_for_nothing_old(lake: Lake, sqlite: dg.DagsterInstance) -> None:
    """All tables of the lake's last days, reported after the loss: the real automation goes on with the new day alone."""
    from trending_assets.definitions import defs

    days = DAYS[:9]
    names = tables()
    for name in names:
        written: list[date | None] = [*days] if TABLES[name].daily else [None]
        for day in written:
            lake.write(name, empty(TABLES[name]), day)
    found = difference(lake, sqlite, names, {})
    tell(lake, sqlite, found, quiet)
    assert found.events == sum(9 if TABLES[name].daily else 1 for name in names)
    cursor = None
    asked: dict[str, set[str]] = {}
    for when in (NOON, at(TODAY, 12, 1), at(TODAY + timedelta(days=1), 3, 1)):
        result = dg.evaluate_automation_conditions(defs=defs, instance=sqlite, evaluation_time=when, cursor=cursor)
        cursor = result.cursor
        asked = {
            name: {str(key) for key in result.get_requested_partitions(dg.AssetKey(name.split("/")))} for name in names
        }
        if when.hour == 12:
            assert not any(asked.values()), asked
    assert asked["raw/posts"] == {TODAY.isoformat()}
    assert set().union(*asked.values()) == {TODAY.isoformat()}, asked
