"""The operator's page, and what is shown when the data is old."""

from types import SimpleNamespace
from typing import Any

import pytest

from api.page.operator import latest_first, stages
from api.page.words import duration, moment
from trending_assets_tests.e2e.made_answers import ASSETS, DAYS, HOSTILE, NEWEST, answer
from trending_assets_tests.e2e.made_site import DAGIT, make_app, serving
from trending_assets_tests.e2e.visiting import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_what_is_late_comes_first_and_runs_are_linked(site: str, browser: Any, script: bool) -> None:
    one = Visit(browser, java_script_enabled=script)
    one.page.goto(f"{site}/operator")
    rows = one.page.locator("#freshness tbody tr")
    assert rows.count() == len(ASSETS)
    assert "raw/charts" in rows.nth(0).inner_text() and "late by 1 d 2 h" in rows.nth(0).inner_text()
    assert "drift/report" in rows.nth(1).inner_text() and "late by 1 h 30 min" in rows.nth(1).inner_text()
    assert "no deadline" in rows.last.inner_text()
    assert "2 assets are late" in one.page.inner_text(".lead")
    assert rows.nth(0).locator("td a").get_attribute("href", timeout=1000).startswith(f"{DAGIT}/runs/")
    assert "1 column drifted" in one.page.inner_text(".lead")
    assert "0.0312" in one.page.inner_text("#spend tbody tr")
    listed = one.page.locator("#lineage tbody tr:not(.stage-row) th").all_text_contents()
    assert sorted(listed) == sorted(ASSETS)
    assert listed.index("raw/reviews") < listed.index("linking/mentions") < listed.index("serving/bundle")
    one.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_what_drifted_comes_first_with_its_sentence_and_the_rest_is_folded(
    site: str, browser: Any, script: bool
) -> None:
    one = Visit(browser, java_script_enabled=script)
    one.page.goto(f"{site}/operator")
    told = one.page.locator("#drifted li").all_inner_texts()
    assert len(told) == 2
    assert "drifted documents.rating large effect" in told[0] and f"0.61 after 0.68. {HOSTILE}" in told[0]
    assert "noted documents.text_length small effect" in told[1] and "too little for an alarm" in told[1]
    assert not one.page.is_visible("#drift")
    one.page.click("#tests summary")
    tests = one.page.locator("#drift tbody tr").all_inner_texts()
    assert len(tests) == 6
    assert tests[0].split("\t")[:5] == ["documents.rating", "PSI", "the days before", "! drifted", "large"]
    assert tests[0].split("\t")[6] == "<0.0001" and tests[1].split("\t")[6] == "0.4000"
    assert [line.split("\t")[0] for line in tests[1:3]] == ["documents.rating", "documents.text_length"]
    assert "no baseline" in tests[-1]
    links = one.page.locator("section:has(#drift-h) > .hint a")
    hrefs = [links.nth(n).get_attribute("href", timeout=1000) for n in range(2)]
    assert hrefs == [f"/operator/drift/{NEWEST}", f"/operator/profiles/{NEWEST}"]
    one.context.close()


def test_a_quiet_day_and_a_day_without_tests_say_so(browser: Any) -> None:
    for kept, said in (
        (lambda row: row["verdict"] == "stable", "No column drifted"),
        (lambda row: False, "No column was watched"),
    ):

        def quiet(path: str, params: dict[str, str], kept: Any = kept) -> tuple[int, dict[str, Any]]:
            status, body = answer(path, params)
            if path == "/v1/drift":
                body = body | {"results": [row for row in body["results"] if kept(row)]}
            return status, body

        with serving(make_app(answer=quiet)) as site:
            one = Visit(browser)
            one.page.goto(f"{site}/operator")
            assert said in one.page.inner_text(".lead")
            assert one.page.locator("#drifted").count() == 0
            one.context.close()


def test_the_lineage_lights_up_what_an_asset_reads_and_what_reads_it(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/operator")
    visit.page.focus("#graph a[data-asset='scoring/document_scores']")
    names = "all => all.map(a => a.dataset.asset).sort()"
    up = visit.page.eval_on_selector_all("#graph a.up", names)
    down = visit.page.eval_on_selector_all("#graph a.down", names)
    assert up == ["linking/mentions", "raw/reviews", "raw/tmdb_titles", "staging/documents", "staging/titles"]
    assert down == ["marts/trends", "scoring/title_digests", "serving/bundle"]
    visit.page.click("#record summary")
    visit.page.focus("#graph a[data-asset='marts/trends']")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#marts-trends:target")
    assert visit.page.locator("#marts-trends").is_visible()


def test_a_past_day_and_the_versions(browser: Any) -> None:
    versions = [{"version": 12 - i, "newest": NEWEST, "days": 14, "snapshot": "ab12cd34ef56ab78"} for i in range(3)]
    with serving(make_app(versions=lambda most: versions[:most])) as site:
        one = Visit(browser)
        one.page.goto(f"{site}/operator")
        assert one.page.locator("#versions tbody tr").count() == 3
        assert "12 (served)" in one.page.inner_text("#versions tbody tr:first-child")
        one.page.select_option("#date", DAYS[2])
        one.page.click("section:has(#published-h) button")
        one.page.wait_for_url(f"{site}/operator?date={DAYS[2]}")
        assert "9 Nov 2026" in one.page.inner_text("#lineage-h")
        one.context.close()


def test_old_data_is_marked_on_every_page_until_it_is_not(browser: Any) -> None:
    state = SimpleNamespace(stale=True)
    with serving(make_app(bundles=state)) as site:
        one = Visit(browser)
        for path in ("/operator", "/titles/movie-1000", "/?q=winter", "/"):
            one.page.goto(site + path)
            assert "Not the latest." in one.page.inner_text(".stale")
        one.chart()
        state.stale = False
        one.page.click("a[rel=prev]")
        one.day(DAYS[-2])
        assert one.page.locator(".stale").count() == 0
        state.stale = True
        one.page.click("a[rel=next]")
        one.day(NEWEST)
        assert one.page.locator(".stale").count() == 1
        one.context.close()


def test_without_data_the_page_says_what_to_wait_for(browser: Any) -> None:
    def nothing(path: str, params: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return 503, {"title": "Service Unavailable", "status": 503, "detail": "No bundle is published yet."}

    with serving(make_app(answer=nothing)) as site:
        one = Visit(browser)
        for path in ("/", "/operator", "/titles/movie-1000", "/?q=x"):
            assert one.page.goto(site + path).status == 503
            assert "There is no data yet" in one.page.inner_text("h1")
            assert "No bundle is published yet." in one.page.inner_text("main")
        one.context.close()


def test_freshness_sorts_by_how_late() -> None:
    late = [("a", 0), ("b", 60), ("c", None), ("d", 3600), ("e", -5)]
    rows = [{"asset": name, "late_seconds": seconds} for name, seconds in late]
    assert [row["asset"] for row in latest_first(rows)] == ["d", "b", "a", "e", "c"]


def test_stages_follow_the_flow_and_know_their_readers() -> None:
    _, body = answer("/v1/lineage", {})
    found = stages([*body["assets"], {"asset": "zoo/x", "upstream": ["gone/y"]}])
    assert [name for name, _ in found][:2] == ["raw", "staging"]
    assert found[-1][0] == "zoo"
    rows = {row["asset"]: row for _, members in found for row in members}
    assert rows["staging/titles"]["downstream"] == ["features/title_day", "genre/predictions", "linking/mentions"]


def test_times_for_people() -> None:
    assert [duration(s) for s in (None, 59, 60, 3_600, 5_400, 86_400, 93_600)] == [
        "–",
        "0 min",
        "1 min",
        "1 h",
        "1 h 30 min",
        "1 d",
        "1 d 2 h",
    ]
    assert moment("2026-11-21T00:00:00Z") == "21 Nov 2026, 00:00 UTC"
    assert moment("2026-11-21T02:00:00+02:00") == "21 Nov 2026, 00:00 UTC"
    assert moment(None) == "–"
