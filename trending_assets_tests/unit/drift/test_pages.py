"""Pages in the lake: whylogs' own drawn by Chromium from the real service, and what the API says where there is none."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from trending_assets.drift.pages import page_url, put_page
from trending_assets.drift.profiles import baseline_days, profile_days
from trending_assets.drift.watched import WATCHED
from trending_assets.drift.whylogs_page import profiles_page
from trending_assets.lake import open_lake
from trending_assets.raw.sources import load_sources
from trending_assets_tests.e2e.visiting import Visit
from trending_assets_tests.unit.api.conftest import Api, served
from trending_assets_tests.unit.drift.made_days import DAY, days_of, tables

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&"


def _rows(days: list[date], **changes: Any) -> pl.DataFrame:
    """Profiles in which every watched column has values."""
    sources = [entry.name for entry in load_sources().documents]
    return pl.concat(profile_days(tables(day, sources=sources, **changes), [day]) for day in days)


@pytest.fixture(scope="module")
def whylogs_page() -> str:
    baseline = baseline_days(_rows(days_of(DAY - timedelta(days=5), 5)), [DAY], 28)
    return profiles_page(_rows([DAY], sentiment=-0.1, site=HOSTILE), baseline, DAY)


@pytest.fixture(scope="module")
def api(whylogs_page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over a lake that holds pages and nothing else."""
    lake = open_lake(str(tmp_path_factory.mktemp("lake")))
    put_page(lake, "drift/profiles", DAY, whylogs_page)
    put_page(lake, "drift/report", DAY, "<!doctype html><p>ours</p>")
    with served(lake.uri, tmp_path_factory.mktemp("state")) as made:
        yield made


def test_whylogs_page_loads_nothing_and_says_whose_verdicts_it_shows(whylogs_page: str) -> None:
    assert not re.search(r"<(link|script|img|iframe)\b[^>]*(src|href)=[\"']?(https?:|//|images/)", whylogs_page)
    assert not re.search(r"@import|url\([\"']?(https?:)?//", whylogs_page)
    assert "the verdicts stand in the report of the day" in whylogs_page
    assert "alert(1)" in whylogs_page and HOSTILE not in whylogs_page
    baseline = baseline_days(_rows(days_of(DAY - timedelta(days=5), 5)), [DAY], 28)
    shuffled = baseline.sample(fraction=1.0, shuffle=True, seed=1)
    assert profiles_page(_rows([DAY], sentiment=-0.1, site=HOSTILE), shuffled, DAY) == whylogs_page


def test_a_first_day_is_shown_beside_itself_and_an_empty_one_too() -> None:
    first = _rows([DAY])
    assert "for want of earlier days" in profiles_page(first, baseline_days(first, [DAY], 28), DAY)
    nothing = first.clear()
    assert "for want of earlier days" in profiles_page(nothing, baseline_days(nothing, [DAY], 28), DAY)
    empty = profile_days({name: frame.clear() for name, frame in tables(DAY).items()}, [DAY])
    assert "for want of earlier days" in profiles_page(empty, baseline_days(empty, [DAY], 28), DAY)


@pytest.mark.browser
def test_chromium_draws_every_column_in_the_sandbox(api: Api, browser: Any, tmp_path: Path) -> None:
    one = Visit(browser, viewport={"width": 1280, "height": 900})
    one.page.goto(f"{api.url}/operator/profiles/{DAY}")
    one.page.wait_for_selector("#table-body li")
    names = one.page.eval_on_selector_all("#table-body li", "all => all.map(li => li.dataset.featureName)")
    assert sorted(names) == sorted(w.name for w in WATCHED)
    assert one.page.locator("#table-body li:has(rect.bar)").count() == len(WATCHED)
    assert one.page.evaluate("origin") == "null"
    assert one.errors == [], one.errors
    assert [url for url in one.requests if not url.startswith(("data:", api.url))] == []
    one.page.screenshot(path=tmp_path / "whylogs.png", full_page=True)
    one.context.close()


@pytest.mark.browser
def test_a_page_that_reaches_out_is_held(browser: Any, tmp_path: Path) -> None:
    """Script in either page runs, and neither gets at the API, another host's image nor this origin's storage."""
    lake = open_lake(str(tmp_path / "lake"))
    reaching = """<!doctype html><p id=asked></p><p id=kept></p><p id=seen></p><script>
    const say = (id, text) => { document.getElementById(id).textContent = text };
    fetch("/healthz").then(() => say("asked", "reached"), () => say("asked", "refused"));
    try { localStorage.a = 1; say("kept", "kept") } catch { say("kept", "refused") }
    const image = new Image(); image.onload = () => say("seen", "loaded"); image.onerror = () => say("seen", "refused");
    image.src = "/static/icon.svg";
    </script>"""
    with served(lake.uri, tmp_path / "state") as own:
        assert own.get("/static/icon.svg").status_code == 200
        for table, path in (("drift/report", "drift"), ("drift/profiles", "profiles")):
            put_page(lake, table, DAY, reaching)
            one = Visit(browser)
            one.page.goto(f"{own.url}/operator/{path}/{DAY}")
            for name in ("asked", "kept", "seen"):
                one.page.wait_for_selector(f"#{name}:not(:empty)")
                assert one.page.inner_text(f"#{name}") == "refused", name
            one.context.close()


def test_a_page_comes_with_a_policy_of_its_own_and_is_not_sent_twice(api: Api) -> None:
    for path, body in (("drift", "<!doctype html><p>ours</p>"), ("profiles", None)):
        reply = api.get(f"/operator/{path}/{DAY}")
        assert reply.status_code == 200 and reply.headers["content-type"] == "text/html; charset=utf-8"
        assert body is None or reply.text == body
        policy = dict(part.strip().partition(" ")[::2] for part in reply.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'" and policy["sandbox"] == "allow-scripts"
        assert ("'unsafe-eval'" in policy["script-src"]) == (path == "profiles")
        assert not any("http" in value or "self" in value or "*" in value for value in policy.values())
        assert reply.headers["x-frame-options"] == "DENY"
        again = api.get(f"/operator/{path}/{DAY}", headers={"if-none-match": reply.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_page_that_was_replaced_is_the_new_one(api: Api, tmp_path: Path) -> None:
    lake = open_lake(str(tmp_path / "lake"))
    with served(lake.uri, tmp_path / "state") as own:
        for text in ("first", "second"):
            put_page(lake, "drift/report", DAY, text)
            assert own.get(f"/operator/drift/{DAY}").text == text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"drift/{DAY + timedelta(days=1)}", "has no page for 2026-02-12"),
        (f"profiles/{DAY + timedelta(days=1)}", "has no page for 2026-02-12"),
        ("drift/2026-02-30", "is no day"),
        ("drift/20260211", "is no day"),
        ("profiles/..%2F..%2Fdrift", "There is no such page"),
    ],
)
def test_what_is_not_there_is_said_on_a_page(api: Api, path: str, words: str) -> None:
    reply = api.get(f"/operator/{path}")
    assert reply.status_code == 404
    assert "cache-control" in reply.headers and reply.headers["cache-control"] == "no-store"
    if "%2F" not in path:
        assert words in reply.text and reply.headers["content-type"].startswith("text/html")


def test_a_storage_that_fails_is_no_missing_page(tmp_path: Path) -> None:
    lake = open_lake(str(tmp_path / "lake"))
    (tmp_path / f"lake/drift/report/date={DAY}/report.html").mkdir(parents=True)  # read as a file, it is an error
    with served(lake.uri, tmp_path / "state") as own:
        reply = own.get(f"/operator/drift/{DAY}")
    assert reply.status_code == 503 and "cannot be read just now" in reply.text


def test_addresses_follow_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRENDING_API_URL", raising=False)
    assert page_url("drift/report", DAY) == f"http://127.0.0.1:8000/operator/drift/{DAY}"
    monkeypatch.setenv("TRENDING_API_URL", "https://trending.example/")
    assert page_url("drift/profiles", DAY) == f"https://trending.example/operator/profiles/{DAY}"
