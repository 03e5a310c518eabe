"""TMDb's assets against a real sandbox process, and against servers that lie."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
import polars as pl
import pytest

from sandbox.process import SandboxProcess, running
from trending_assets import quarantine
from trending_assets.contracts import TABLES, empty, validate
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.raw.sources import load_sources
from trending_assets.raw.tmdb.assets import ASSETS
from trending_assets_tests.unit.raw.tmdb.server import Reply, ok, served

pytestmark = pytest.mark.slow

FIRST = date(2013, 5, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]
LAST = DAYS[-1]
CATALOGUE, LISTS, TITLES, REVIEWS = (f"raw/tmdb_{name}" for name in ("catalogue", "lists", "titles", "reviews"))
ALL = (CATALOGUE, LISTS, TITLES, REVIEWS)
LISTED, MOVED, COMING, SHOW, NAMED, QUIET = 11, 12, 13, 14, 15, 16


def _title(tmdb_id: int, title: str, media: str = "movie", **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "tmdb_id": tmdb_id,
        "imdb_id": f"tt{tmdb_id:07d}",
        "media_type": media,
        "title": title,
        "original_title": title,
        "year": 2013,
        "release_date": "2013-01-26",
        "overview": "A plot.",
        "tagline": "",
        "genres": ["Drama"],
        "keywords": ["sea"],
        "popularity": 1.0,
        "vote_average": 7.0,
        "vote_count": 10,
        "runtime": 100.0,
        "original_language": "en",
        "cast": ["Ann Lee"],
        "directors": ["Bo Ek"],
    }
    return row | more


def _listed(day: date, tmdb_id: int, title: str, release: str, media: str = "movie", name: str = "popular") -> Any:
    return {
        "snapshot_date": day,
        "media_type": media,
        "list": name,
        "rank": tmdb_id,
        "tmdb_id": tmdb_id,
        "title": title,
        "release_date": release,
        "popularity": float(tmdb_id),
        "vote_average": 7.5,
        "vote_count": 20 + (day - FIRST).days,
        "genre_ids": [18],
        "original_language": "en",
    }


def _review(tmdb_id: int, hours: int, content: str, media: str = "movie") -> dict[str, Any]:
    when = datetime(2013, 5, 1, tzinfo=UTC) + timedelta(hours=hours)
    return {
        "tmdb_id": tmdb_id,
        "media_type": media,
        "author": "Cy",
        "rating": 8.0,
        "content": content,
        "created_at": when,
    }


def _write_world(folder: Path) -> None:
    """Four days: the release day of one film moves on the third, and one film changes as tmdb_changes says."""
    folder.mkdir()
    titles = [
        _title(LISTED, "Listed"),
        _title(MOVED, "Moved", release_date="2013-06-14"),
        _title(COMING, "Coming Soon", release_date="2013-06-30"),
        _title(SHOW, "A Show", media="tv"),
        _title(NAMED, "The Named One"),
        _title(QUIET, "Quiet"),
    ]
    texts = dict.fromkeys(("genres", "keywords", "cast", "directors"), pl.List(pl.String))
    pl.DataFrame(titles, schema_overrides=texts).write_parquet(folder / "titles.parquet")
    lists = []
    for day in DAYS:
        moved = "2013-06-07" if day < DAYS[2] else "2013-06-14"
        lists += [_listed(day, LISTED, "Listed", "2013-01-26"), _listed(day, MOVED, "Moved", moved, name="upcoming")]
        lists += [_listed(day, SHOW, "A Show", "2013-01-26", "tv")]
    pl.DataFrame(lists).write_parquet(folder / "tmdb_lists.parquet")
    reviews = [
        _review(LISTED, -400, "Long ago."),
        _review(LISTED, 5, "First day <b>bold</b>.\r\n\r\nEnd."),
        _review(LISTED, 30, "Second day."),
        _review(LISTED, 31, " "),
        _review(SHOW, 80, "Last day.", "tv"),
        _review(QUIET, 30, "Never asked for."),
    ]
    pl.DataFrame(reviews, schema_overrides={"created_at": pl.Datetime("us", "UTC")}).write_parquet(
        folder / "tmdb_reviews.parquet"
    )
    pl.DataFrame([{"date": DAYS[1], "media_type": "movie", "tmdb_id": LISTED}]).write_parquet(
        folder / "tmdb_changes.parquet"
    )


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    folder = tmp_path_factory.mktemp("worlds") / "small"
    _write_world(folder)
    with running(folder) as process:
        yield process


def _point_at(monkeypatch: pytest.MonkeyPatch, url: str, key: str = "sandbox") -> None:
    values = {
        "TRENDING_TMDB_URL": f"{url}/3",
        "TRENDING_TMDB_EXPORTS_URL": f"{url}/p/exports",
        "TRENDING_TMDB_DETAILS_TOP": "0",
        "TRENDING_TMDB_REQUESTS_PER_SECOND": "2000",
        "TMDB_API_KEY": key,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _settings(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    _point_at(monkeypatch, sandbox.url)
    httpx.post(f"{sandbox.url}/sandbox/reset", trust_env=False)


def _fill(lake: Lake) -> Lake:
    """What the other raw assets make: a review that names a film on the second day, and no charts."""
    for day in DAYS:
        for source in load_sources().documents:
            lake.write(source.table, empty(TABLES[source.table]), day)
        lake.write("raw/charts", empty(TABLES["raw/charts"]), day)
    row: dict[str, Any] = dict.fromkeys(TABLES["raw/reviews"].schema)
    row |= {"url": "http://a.example/1", "site": "a.example", "kind": "review", "text": "The Named One (2013)"}
    row |= {"published_at": datetime(2013, 5, 2, tzinfo=UTC), "work_people": [], "payload_sha256": "0"}
    lake.write("raw/reviews", pl.DataFrame([row], schema=TABLES["raw/reviews"].schema), DAYS[1])
    return lake


@pytest.fixture
def filled(lake: Lake) -> Lake:
    return _fill(lake)


def _run(
    lake: Lake,
    first: date = FIRST,
    last: date = LAST,
    tables: tuple[str, ...] = ALL,
    manager: type[LakeIOManager] = LakeIOManager,
) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    span = ("dagster/asset_partition_range_start", first), ("dagster/asset_partition_range_end", last)
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            ASSETS,
            selection=[dg.AssetKey(table.split("/")) for table in tables],
            resources={"lake": resource, "io_manager": manager(lake=resource)},
            tags={name: day.isoformat() for name, day in span},
            instance=instance,
            raise_on_error=False,
        )


def _checks(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {c.asset_key.to_user_string(): c.passed for c in result.get_asset_check_evaluations()}


def _noted(result: dg.ExecuteInProcessResult, table: str, day: date) -> dict[str, Any]:
    events = result.asset_materializations_for_node(table.replace("/", "__"))
    return {k: v.value for e in events if e.partition == day.isoformat() for k, v in e.metadata.items()}


def _reason(result: dg.ExecuteInProcessResult) -> str:
    failures = [e for e in result.all_events if e.event_type_value in ("STEP_FAILURE", "STEP_UP_FOR_RETRY")]
    data: Any = failures[0].event_specific_data
    return f"{failures[0].event_type_value} {data.error.to_string()} {data.error.cause}"


def _bytes(lake: Lake) -> dict[str, str | None]:
    asides = [f"quarantine/{table.partition('/')[2]}" for table in ALL]
    return {f"{table} {day}": lake.sha256(table, day) for table in (*ALL, *asides) for day in DAYS}


def test_four_days_at_once_and_again_and_one_by_one(filled: Lake, tmp_path: Path) -> None:
    result = _run(filled)
    assert result.success
    assert _checks(result) == dict.fromkeys(ALL, True)
    for table in ALL:
        for day in DAYS:
            assert validate(filled.read(table, [day]).drop("date"), TABLES[table]) == [], (table, day)
    assert filled.read(CATALOGUE, [FIRST]).height == 6

    lists = filled.read(LISTS, [FIRST])
    assert set(lists.filter(list="discover_soon")["tmdb_id"]) == {
        MOVED,
        COMING,
    }  # known before anyone lists or names it
    assert lists.filter(list="upcoming")["tmdb_id"].to_list() == [MOVED]

    titles = filled.read(TITLES, DAYS)
    first = titles.filter(date=FIRST)
    assert set(first["tmdb_id"]) == {LISTED, MOVED, COMING, SHOW}
    assert set(titles.filter(date=DAYS[1])["tmdb_id"]) == {LISTED, MOVED, COMING, SHOW, NAMED}
    fetched = {row["tmdb_id"]: row["fetched_on"] for row in titles.filter(date=LAST).to_dicts()}
    assert fetched == {LISTED: DAYS[1], MOVED: DAYS[2], COMING: FIRST, SHOW: FIRST, NAMED: DAYS[1]}
    releases = {row["date"]: row["release_date"] for row in titles.filter(tmdb_id=MOVED).to_dicts()}
    assert releases == {day: date(2013, 6, 7 if day < DAYS[2] else 14) for day in DAYS}
    assert first.filter(tmdb_id=MOVED)["releases"].to_list() == [
        [{"country": "US", "kind": "theatrical", "date": date(2013, 6, 7)}]
    ]

    reviews = filled.read(REVIEWS, DAYS).sort("published_at")
    assert reviews.select("date", "text", "work_id").rows() == [
        (FIRST, "First day bold. End.", f"movie-{LISTED}"),
        (DAYS[1], "Second day.", f"movie-{LISTED}"),
        (LAST, "Last day.", f"tv-{SHOW}"),
    ]
    assert set(reviews["site"]) == {"sandbox.example"}
    aside = quarantine.read(filled, REVIEWS, DAYS)
    assert aside.select("date", "reason").rows() == [(DAYS[1], "no_text")]  # once, though it is shown on three days

    before = _bytes(filled)
    assert _run(filled).success
    assert _bytes(filled) == before
    alone = _fill(open_lake(str(tmp_path / "alone")))
    for day in DAYS:
        one = _run(alone, day, day)
        assert one.success and set(_checks(one).values()) == {True}
    assert _bytes(alone) == before


def test_dagit_shows_what_a_day_cost_and_what_was_asked_again(filled: Lake, sandbox: SandboxProcess) -> None:
    result = _run(filled)
    notes = {day: _noted(result, TITLES, day) for day in DAYS}
    counts = {day: [notes[day][name] for name in ("known", "carried", "asked", "changed", "gone")] for day in DAYS}
    assert counts == {
        FIRST: [0, 0, 4, 0, 0],
        DAYS[1]: [4, 3, 2, 1, 0],  # one is new and one changed
        DAYS[2]: [5, 4, 1, 1, 0],
        LAST: [5, 5, 0, 0, 0],
    }
    assert notes[LAST]["requests"] == 2  # both media's changes alone
    for table in ALL:
        noted = _noted(result, table, FIRST)
        assert noted["requests"] > 0 and noted["bytes"] > 100 and noted["retries"] == 0
        assert noted["rate_limit_seconds"] >= 0
    asked = _noted(result, REVIEWS, DAYS[1])
    assert asked["quarantined"] == 1 and asked["already_seen"] == 1 and asked["outside"] == 1
    stats = httpx.get(f"{sandbox.url}/sandbox/stats", trust_env=False).json()["faces"]["tmdb"]
    assert stats["details"] == 4 + 2 + 1
    assert stats["changes"] == 2 * 3


def test_after_a_gap_the_days_between_are_asked_for(filled: Lake, sandbox: SandboxProcess) -> None:
    assert _run(filled, FIRST, FIRST).success
    result = _run(filled, LAST, LAST)
    assert result.success
    assert _noted(result, TITLES, LAST)["changed"] == 2
    stats = httpx.get(f"{sandbox.url}/sandbox/stats", trust_env=False).json()["faces"]["tmdb"]
    assert stats["changes"] == 2 * 3


def test_faults_that_pass_change_nothing(filled: Lake, sandbox: SandboxProcess, tmp_path: Path) -> None:
    calm = _fill(open_lake(str(tmp_path / "calm")))
    assert _run(calm).success
    rules: list[dict[str, Any]] = [
        {"match": "/3/", "kind": kind, "rate": 0.05, "retry_after": 0} for kind in ("http_500", "http_429", "cut_body")
    ]
    rules.append({"match": "/p/exports/", "kind": "cut_body", "limit": 3})
    answer = httpx.post(f"{sandbox.url}/sandbox/faults", json={"seed": 3, "rules": rules}, trust_env=False)
    answer.raise_for_status()
    result = _run(filled)
    assert result.success
    stats = httpx.get(f"{sandbox.url}/sandbox/stats", trust_env=False).json()["faults"]
    assert sum(stats.values()) >= 8 and len(stats) == 3
    assert sum(_noted(result, table, day)["retries"] for table in ALL for day in DAYS) >= 8 - 1
    assert _bytes(filled) == _bytes(calm)


def test_without_a_key_the_catalogue_still_works(filled: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_API_KEY", " ")
    result = _run(filled)
    assert result.success and _checks(result) == dict.fromkeys(ALL, True)
    assert [filled.read(table, DAYS).height for table in ALL] == [24, 0, 0, 0]
    assert filled.days(TITLES) == DAYS


def test_a_wrong_key_is_refused_for_good(
    filled: Lake, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    _point_at(monkeypatch, sandbox.url, "no-key-at-all")
    result = _run(filled, FIRST, FIRST, (LISTS,))
    assert not result.success
    reason = _reason(result)
    assert "STEP_FAILURE" in reason and "refuses the request (HTTP 401). Check the key" in reason
    assert "no-key-at-all" not in reason
    assert filled.days(LISTS) == []


def test_a_day_that_has_no_export_fails_with_a_sentence(filled: Lake) -> None:
    result = _run(filled, date(2013, 6, 1), date(2013, 6, 1), (CATALOGUE,))
    assert not result.success
    assert "TMDb has no id export for 2013-06-01" in _reason(result)


class _Losing(LakeIOManager):
    """An IO manager that loses the last row of a day."""

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        super().handle_output(context, obj.head(obj.height - 1))


@pytest.mark.parametrize("table", ALL)
def test_a_lost_row_fails_the_check(filled: Lake, table: str) -> None:
    before = {CATALOGUE: (), LISTS: (), TITLES: (CATALOGUE, LISTS), REVIEWS: (CATALOGUE, LISTS, TITLES)}
    if before[table]:
        assert _run(filled, FIRST, FIRST, before[table]).success
    result = _run(filled, FIRST, FIRST, (table,), _Losing)
    found = result.get_asset_check_evaluations()
    assert [(check.check_name, check.passed, check.blocking) for check in found] == [("nothing_lost", False, True)]
    assert "2013-05-01: " in (found[0].description or "") and "yet" in (found[0].description or "")


def _liar(path: str, headers: Any) -> Reply:
    """A TMDb whose answers have the right status and much that is wrong."""
    where = path.partition("?")[0]
    dated = {"Memento-Datetime": headers["Accept-Datetime"]}
    if where.startswith("/p/exports/"):
        lines = b'{"id": 1, "original_title": "One", "original_name": "One", "popularity": 1}\n{"id": \n[]\n'
        return 200, {}, lines
    if where == "/3/movie/popular":
        items: list[Any] = [{"id": n, "title": f"T{n}"} for n in range(1, 7)]
        return ok({"results": [*items, {"id": 8}, "x", {"title": "y"}]}, **dated)
    if where.endswith("/reviews"):
        good = {"id": f"r{where.split('/')[3]}", "content": "Fine.", "created_at": "2013-05-01T10:00:00Z"}
        return ok({"results": [good, {"id": "bad one"}, None]}, **dated)
    if where.startswith("/3/movie/") and where[9:].isdigit():
        number = int(where[9:])
        deep = b'{"id": 3, "title": "x", "credits": ' + b"[" * 5000
        bodies = {2: b'{"id": 2, "title": 7}', 3: deep, 4: b'{"id": 5, "title": "z"}', 5: b'{"id": 5, "title": NaN}'}
        film = ok({"id": number, "title": "Fine", "popularity": 10**300, "genres": {"a": 1}}, **dated)
        return (200, dated, bodies[number]) if number in bodies else film
    return ok({"results": []}, **dated)


def test_json_that_lies_costs_a_row_each_and_nothing_is_lost(filled: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(_liar) as url:
        _point_at(monkeypatch, url)
        result = _run(filled, FIRST, FIRST)
    assert result.success, _reason(result)
    assert _checks(result) == dict.fromkeys(ALL, True)
    assert [filled.read(table, [FIRST]).height for table in ALL] == [2, 6, 2, 2]
    reasons = {table: quarantine.by_reason(quarantine.read(filled, table, [FIRST])) for table in ALL}
    assert (
        reasons
        == {
            CATALOGUE: {"wrong_format": 4},
            LISTS: {"bad_row": 3},
            TITLES: {"bad_row": 2, "wrong_format": 2},
            REVIEWS: {"bad_row": 12},
        }
        or reasons
    )
    assert _noted(result, TITLES, FIRST)["quarantined_bad_row"] == 2
    titles = filled.read(TITLES, [FIRST])
    assert titles["tmdb_id"].to_list() == [1, 6] and titles["popularity"].to_list() == [None, None]


def test_a_dead_tmdb_fails_the_run_in_a_way_that_may_pass(filled: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(lambda path, headers: (503, {}, b"busy")) as url:
        _point_at(monkeypatch, url)
        result = _run(filled, FIRST, FIRST, (LISTS,))
    assert not result.success
    reason = _reason(result)
    assert "STEP_UP_FOR_RETRY" in reason and "answers HTTP 503" in reason
    assert filled.days(LISTS) == []
