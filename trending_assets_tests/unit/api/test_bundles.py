"""What is served while days are published, storage goes away, and nothing is there yet."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from api.bundles import OTHER_DAYS
from trending_assets.lake import Lake, open_lake
from trending_assets.s3 import environment, free_port, s3_server
from trending_assets.serving.pointer import POINTER, object_key, read_pointer, read_version, swap
from trending_assets_tests.unit.api.conftest import DAYS, Api, Get, publish_orders, served
from trending_assets_tests.unit.serving.marts import publish_days, write_day


@pytest.fixture
def published(lake: Lake) -> Lake:
    """A lake of the test's own: these publish, and break things."""
    return publish_orders(lake)


@pytest.fixture
def api(published: Lake, tmp_path: Path) -> Iterator[Api]:
    with served(published.uri, tmp_path / "state") as made:
        yield made


@pytest.fixture
def get(api: Api) -> Get:
    return api.get


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it holds within some seconds."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return held


def test_without_a_bundle_it_is_alive_and_not_ready(lake: Lake, tmp_path: Path) -> None:
    with served(lake.uri, tmp_path / "state") as api:
        assert api.get("/healthz").json() == {"status": "ok"}
        for path in ("/readyz", "/v1/trends", "/v1/titles/movie-1/history"):
            reply = api.get(path)
            assert (reply.status_code, reply.headers["content-type"]) == (503, "application/problem+json")
            assert reply.headers["retry-after"] and "x-stale" not in reply.headers
        text = api.get("/metrics").text
        assert "trending_bundle_age_seconds NaN" in text and "trending_ready 0.0" in text
        write_day(lake, DAYS[0], ["movie-1"])
        publish_days(lake, DAYS[0])
        assert eventually(lambda: api.get("/readyz").status_code == 200)
        assert api.get("/readyz").json() == {"status": "ready", "date": "2026-11-18", "version": 1}


def test_a_new_day_shows_up_by_itself(published: Lake, get: Get) -> None:
    assert get("/v1/days").json()["newest"] == "2026-11-20"
    history = get("/v1/titles/tv-3/history").json()
    new = DAYS[-1] + timedelta(days=1)
    write_day(published, new, ["tv-3"])
    publish_days(published, new)
    assert eventually(lambda: get("/v1/days").json()["newest"] == "2026-11-21")
    assert get("/v1/days").json()["version"] == 2
    assert get("/v1/trends", params={"date": "2026-11-20"}).json()["total"] == 3
    assert get("/v1/titles/tv-3/history").json()["history"][:-1] == history["history"]
    assert get("/v1/titles/tv-3/history", params={"date": "2026-11-20"}).json() == history


def test_a_day_published_again_is_served_anew_and_its_old_snapshot_stays(published: Lake, get: Get) -> None:
    old = get("/v1/trends", params={"date": "2026-11-19"})
    assert old.json()["total"] == 2
    write_day(published, DAYS[1], ["movie-2"])
    publish_days(published, DAYS[1])
    assert eventually(lambda: get("/v1/trends", params={"date": "2026-11-19"}).json()["total"] == 1)
    pinned = get(f"/v1/snapshots/{old.json()['snapshot']}/trends")
    assert pinned.content == old.content and pinned.headers["cache-control"].endswith("immutable")
    assert pinned.headers["etag"] == old.headers["etag"]


def test_a_rollback_is_followed(published: Lake, get: Get) -> None:
    write_day(published, DAYS[1], ["movie-2"])
    publish_days(published, DAYS[1])
    assert eventually(lambda: get("/v1/trends", params={"date": "2026-11-19"}).json()["total"] == 1)
    first = read_version(published.store, 1)
    assert first is not None
    swap(published.store, lambda _: first)
    assert eventually(lambda: get("/v1/days").json()["version"] == 3)
    assert get("/v1/trends", params={"date": "2026-11-19"}).json()["total"] == 2


def test_a_pointer_that_goes_backward_is_not_followed(published: Lake, get: Get) -> None:
    write_day(published, DAYS[1], ["movie-2"])
    publish_days(published, DAYS[1])
    assert eventually(lambda: get("/v1/days").json()["version"] == 2)
    first = read_version(published.store, 1)
    assert first is not None
    published.store.put(POINTER, first.to_bytes())  # as a publisher without compare-and-swap would
    assert eventually(lambda: get("/v1/days").headers.get("x-stale") == "true")
    assert get("/v1/trends", params={"date": "2026-11-19"}).json()["total"] == 1


def test_the_last_bundle_is_served_when_the_lake_vanishes_and_after(published: Lake, get: Get, tmp_path: Path) -> None:
    before, history = get("/v1/trends"), get("/v1/titles/movie-1/history")
    assert "x-stale" not in before.headers
    assert get("/v1/trends", params={"date": "2026-11-19"}).status_code == 200
    shutil.move(published.uri, tmp_path / "gone")
    assert eventually(lambda: get("/v1/trends").headers.get("x-stale") == "true")
    after = get("/v1/trends")
    assert (after.status_code, after.content) == (200, before.content)
    assert get("/v1/titles/movie-1/history").content == history.content
    assert get("/v1/trends", params={"date": "2026-11-19"}).status_code == 200  # seen before: still mapped
    assert get("/v1/trends", params={"date": "2026-11-18"}).status_code == 503
    assert get("/v1/trends", params={"date": "2020-01-01"}).status_code == 404
    assert get("/v1/snapshots/0123456789abcdef/trends").status_code == 503  # who knows what the storage would say
    assert "trending_bundle_stale 1.0" in get("/metrics").text
    shutil.move(tmp_path / "gone", published.uri)
    assert eventually(lambda: "x-stale" not in get("/v1/trends").headers)


def test_a_damaged_bundle_is_not_served(published: Lake, api: Api, tmp_path: Path) -> None:
    before = api.get("/v1/trends").content
    new = DAYS[-1] + timedelta(days=1)
    write_day(published, new, ["tv-3"])
    publish_days(published, new)
    pointer = read_pointer(published.store)
    assert pointer is not None
    key = object_key(pointer.days[new].snapshot)
    data = published.store.get(key)
    assert data is not None
    for wrong in (data[:-1], data[:40] + bytes([data[40] ^ 1]) + data[41:], b""):
        published.store.put(key, wrong)
        with served(published.uri, tmp_path / "other") as fresh:
            assert fresh.get("/readyz").status_code == 503
    published.store.put(key, data)
    with served(published.uri, tmp_path / "other") as fresh:
        assert fresh.get("/readyz").json()["date"] == "2026-11-21"
    published.store.put(POINTER, b"{")
    assert eventually(lambda: api.get("/v1/trends").headers.get("x-stale") == "true")
    assert api.get("/v1/trends", params={"date": "2026-11-20"}).content == before


def test_a_damaged_quarter_is_not_served(published: Lake, tmp_path: Path) -> None:
    pointer = read_pointer(published.store)
    assert pointer is not None
    key = object_key(pointer.history["2026-Q4"])
    data = published.store.get(key)
    assert data is not None
    published.store.put(key, data[:-1])
    with served(published.uri, tmp_path / "state") as api:
        assert api.get("/v1/titles/movie-1/history").status_code == 503
        assert api.get("/v1/titles/movie-1").status_code == 200
        published.store.put(key, data)
        assert api.get("/v1/titles/movie-1/history").status_code == 200


def test_memory_holds_a_few_other_days(lake: Lake, tmp_path: Path) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(OTHER_DAYS + 5)]
    for day in days:
        write_day(lake, day, ["movie-1"])
    publish_days(lake, *days)
    with served(lake.uri, tmp_path / "state") as api:
        for day in days:
            assert api.get("/v1/trends", params={"date": day.isoformat()}).json()["date"] == day.isoformat()
        state = api.service.bundles.state
    assert state is not None and len(state.days) <= OTHER_DAYS + 1 and days[-1] in state.days


@pytest.mark.s3
def test_an_s3_lake_is_served_and_outlives_its_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects are copied to this machine, and a new process starts with them, stale, where S3 is gone."""
    port = free_port()
    with s3_server(tmp_path / "s3", port):
        for name, value in environment(port).items():
            monkeypatch.setenv(name, value)
        lake = open_lake("s3://served/lake")
        for day in DAYS:
            write_day(lake, day, ["movie-1", "tv-3"])
        publish_days(lake, *DAYS)
        with served(lake.uri, tmp_path / "state") as api:
            before = api.get("/v1/trends")
            history = api.get("/v1/titles/movie-1/history")
            assert before.status_code == history.status_code == 200
    with served(lake.uri, tmp_path / "state") as api:
        after = api.get("/v1/trends")
        assert after.content == before.content and after.headers["x-stale"] == "true"
        assert api.get("/v1/titles/movie-1/history").json() == history.json()
        assert api.get("/v1/trends", params={"date": "2026-11-18"}).status_code == 503


def test_no_answer_mixes_days_while_days_are_published(published: Lake, api: Api) -> None:
    """Every answer under 12 publishes is whole, of one snapshot, and never older than one seen before."""
    stop, seen = threading.Event(), list[str]()

    def read() -> None:
        while not stop.is_set():
            reply = api.get("/v1/trends")
            assert reply.status_code == 200
            seen.append(reply.json()["date"])

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(1, 13):
        day = DAYS[-1] + timedelta(days=n)
        write_day(published, day, ["tv-3", "movie-1"])
        publish_days(published, day)
    newest = (DAYS[-1] + timedelta(days=12)).isoformat()
    assert eventually(lambda: bool(seen) and seen[-1] == newest)
    stop.set()
    reader.join()
    assert seen == sorted(seen) and len(set(seen)) > 2


def test_every_answer_says_which_snapshot_it_is_of(api: Api) -> None:
    for path in ("/v1/trends", "/v1/genres", "/v1/titles/movie-1", "/v1/titles/movie-1/history", "/v1/search?q=heat"):
        value = orjson.loads(api.get(path).content)
        assert (value["date"], value["as_of"]) == ("2026-11-20", "2026-11-21T00:00:00Z"), path
        assert value["snapshot"] == api.get("/v1/trends").json()["snapshot"], path
