"""What is served while days are published, storage goes away, and nothing is there yet."""

import shutil
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from fastapi import FastAPI

from api.app import create_app
from api.bundles import OTHER_DAYS
from trending_assets.lake import Lake
from trending_assets.serving.pointer import POINTER, object_key, read_pointer
from trending_assets_tests.unit.api.conftest import DAYS, Get, client_of
from trending_assets_tests.unit.serving.marts import publish_days, write_day


def eventually(holds: Callable[[], bool], seconds: float = 3.0) -> bool:
    """Whether it holds within some seconds."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return held


def test_without_a_bundle_it_is_alive_and_not_ready(lake: Lake) -> None:
    get = client_of(create_app(lake.uri, poll_seconds=0.0))
    assert get("/healthz").json() == {"status": "ok"}
    for path in ("/readyz", "/v1/trends"):
        reply = get(path)
        assert (reply.status_code, reply.headers["content-type"]) == (503, "application/problem+json")
        assert reply.headers["retry-after"] and "x-stale" not in reply.headers
    assert "trending_bundle_age_seconds NaN" in get("/metrics").text
    write_day(lake, DAYS[0], ["movie-1"])
    publish_days(lake, DAYS[0])
    assert eventually(lambda: get("/readyz").status_code == 200)
    assert get("/readyz").json() == {"status": "ready", "date": "2026-11-18"}


def test_a_new_day_shows_up_by_itself(published: Lake, get: Get) -> None:
    assert get("/v1/days").json()["newest"] == "2026-11-20"
    new = DAYS[-1] + timedelta(days=1)
    write_day(published, new, ["tv-3"])
    publish_days(published, new)
    assert eventually(lambda: get("/v1/days").json()["newest"] == "2026-11-21")
    assert get("/v1/trends", params={"date": "2026-11-20"}).json()["total"] == 3


def test_a_day_published_again_is_served_anew(published: Lake, get: Get) -> None:
    assert get("/v1/trends", params={"date": "2026-11-19"}).json()["total"] == 2
    write_day(published, DAYS[1], ["movie-2"])
    publish_days(published, DAYS[1])
    assert eventually(lambda: get("/v1/trends", params={"date": "2026-11-19"}).json()["total"] == 1)


def test_the_last_bundle_is_served_when_the_lake_vanishes_and_after(published: Lake, get: Get, tmp_path: Path) -> None:
    before = get("/v1/trends")
    assert "x-stale" not in before.headers
    assert get("/v1/days", params={"date": "2026-11-19"}).status_code == 200
    shutil.move(published.uri, tmp_path / "gone")
    assert eventually(lambda: get("/v1/trends").headers.get("x-stale") == "true")
    after = get("/v1/trends")
    assert (after.status_code, after.content) == (200, before.content)
    assert get("/v1/days", params={"date": "2026-11-19"}).status_code == 200  # seen before: still in memory
    assert get("/v1/days", params={"date": "2026-11-18"}).status_code == 503
    assert get("/v1/days", params={"date": "2020-01-01"}).status_code == 404
    assert "trending_bundle_stale 1.0" in get("/metrics").text
    shutil.move(tmp_path / "gone", published.uri)
    assert eventually(lambda: "x-stale" not in get("/v1/trends").headers)


def test_a_damaged_bundle_is_not_served(published: Lake, get: Get) -> None:
    before = get("/v1/trends").content
    new = DAYS[-1] + timedelta(days=1)
    write_day(published, new, ["tv-3"])
    publish_days(published, new)
    pointer = read_pointer(published)
    assert pointer is not None
    fresh = create_app(published.uri, poll_seconds=0.0)
    key = object_key(pointer.days[new].sha256)
    data = published.store.get(key)
    assert data is not None
    published.store.put(key, data[:-1])
    assert client_of(fresh)("/readyz").status_code == 503
    published.store.put(key, data)
    assert eventually(lambda: client_of(fresh)("/readyz").json().get("date") == "2026-11-21")
    published.store.put(POINTER, b"{")
    assert eventually(lambda: get("/v1/trends").headers.get("x-stale") == "true")
    assert get("/v1/trends", params={"date": "2026-11-20"}).content == before


def test_memory_holds_a_few_other_days(lake: Lake) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(OTHER_DAYS + 5)]
    for day in days:
        write_day(lake, day, ["movie-1"])
    publish_days(lake, *days)
    app = create_app(lake.uri, poll_seconds=60.0)
    get = client_of(app)
    for day in days:
        assert get("/v1/trends", params={"date": day.isoformat()}).json()["date"] == day.isoformat()
    assert len(app.state.bundles._others) == OTHER_DAYS


def test_no_answer_mixes_days_while_days_are_published(published: Lake, app: FastAPI) -> None:
    """Every answer under 12 publishes is whole, of one snapshot, and never older than one seen before."""
    get, stop, seen = client_of(app), threading.Event(), list[str]()

    def read() -> None:
        while not stop.is_set():
            reply = get("/v1/trends")
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
