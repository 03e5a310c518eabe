"""Walking through the days: scrubber, play, the address and the way back."""

from typing import Any

import pytest

from trending_assets_tests.e2e.made_answers import DAYS, EMPTY_DAY, NEWEST, ranked
from trending_assets_tests.e2e.made_site import make_app, serving
from trending_assets_tests.e2e.visiting import Visit, visiting

pytestmark = pytest.mark.browser
FIRST = [row["title_id"] for row in ranked(DAYS[0])[:60]]


def test_the_scrubber_walks_the_days_by_keyboard_and_says_them(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    scrub = visit.page.locator("#scrub")
    assert scrub.get_attribute("aria-valuetext") == "Friday 20 November 2026"
    scrub.focus()
    visit.page.keyboard.press("ArrowLeft")
    assert scrub.get_attribute("aria-valuetext") == "Thursday 19 November 2026"
    visit.day(DAYS[-2])
    assert visit.focused() == "scrub"
    visit.page.keyboard.press("Home")
    visit.day(DAYS[0])
    assert visit.chart() == visit.table() == FIRST
    assert visit.page.url == f"{site}/?date={DAYS[0]}"
    assert visit.page.locator("#date").input_value() == DAYS[0]
    assert f"Saturday 7 November 2026: 60 titles, first {ranked(DAYS[0])[0]['title']}" in visit.page.inner_text("#wait")


def test_a_drag_is_one_step_of_the_history(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    before = visit.page.evaluate("history.length")
    box = visit.page.locator("#scrub").bounding_box()
    visit.page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    for part in (0.8, 0.6, 0.3, 0.0):
        visit.page.mouse.move(box["x"] + 4 + (box["width"] - 8) * part, box["y"] + box["height"] / 2)
    visit.page.mouse.up()
    visit.day(DAYS[0])
    assert visit.chart() == FIRST
    assert visit.page.evaluate("history.length") == before + 1
    visit.page.go_back()
    visit.day(NEWEST)
    assert visit.chart() == visit.table()
    assert visit.page.locator("#scrub").input_value() == str(len(DAYS) - 1)


def test_play_goes_day_by_day_and_stops_at_the_end(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?date={DAYS[-3]}&group=genre")
    visit.chart()
    seen = "new MutationObserver(() => (window.days ??= []).push(document.querySelector('h1 time').dateTime))\
        .observe(document.getElementById('view'), {childList: true})"
    visit.page.evaluate(seen)
    visit.page.focus("#play")
    visit.page.keyboard.press("Enter")
    assert visit.page.inner_text("#play") == "Pause"
    visit.day(NEWEST)
    visit.page.wait_for_selector("#play:not(.on)")
    assert list(dict.fromkeys(visit.page.evaluate("window.days"))) == DAYS[-2:]
    assert visit.page.url == f"{site}/?date={NEWEST}&group=genre"
    assert visit.chart() == visit.table() == [row["title_id"] for row in ranked(NEWEST)[:60]]
    assert visit.focused() == "play"
    assert "Friday 20 November 2026" in visit.page.inner_text("#wait")
    asked = [url for url in visit.requests if "date=" in url]
    assert len(asked) == len(set(asked)), "the day that was asked for ahead is not asked for again"


def test_play_from_the_end_begins_anew_and_pauses_on_demand(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    visit.page.click("#play")
    visit.day(DAYS[0])
    visit.page.click("#play")
    assert visit.page.inner_text("#play") == "Play"
    visit.page.click("#play")
    visit.page.select_option("#date", DAYS[8])  # whoever chooses a day has had enough of the play
    visit.day(DAYS[8])
    assert visit.page.inner_text("#play") == "Play"


def test_play_passes_an_empty_day(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?date={DAYS[DAYS.index(EMPTY_DAY) - 1]}")
    visit.chart()
    visit.page.click("#play")
    visit.page.wait_for_selector(".empty")
    visit.day(DAYS[DAYS.index(EMPTY_DAY) + 1])
    visit.page.click("#play")
    assert visit.chart() == visit.table() != []


def test_bubbles_glide_where_motion_is_welcome_and_fade_where_it_is_not(site: str, browser: Any) -> None:
    places = "all => all.map(a => a.getAttribute('transform'))"
    fading = "document.getAnimations().filter(a => a.effect.target.localName === 'svg').length"
    for motion, glides in (("no-preference", True), ("reduce", False)):
        with visiting(browser, reduced_motion=motion) as one:
            one.page.goto(site)
            one.chart()
            one.page.select_option("#group", "vibe")
            one.page.wait_for_selector("#stage[data-settled=no]")
            assert (one.page.evaluate(fading) > 0) == (not glides)
            underway = one.page.eval_on_selector_all("a.bubble", places)
            assert one.chart() == one.table()
            assert (one.page.eval_on_selector_all("a.bubble", places) != underway) == glides


def test_a_bubble_that_leaves_and_comes_back_halfway_stays(site: str, browser: Any) -> None:
    with visiting(browser, reduced_motion="no-preference") as one:
        one.page.goto(f"{site}/?media_type=movie")
        one.chart()
        one.page.check("input[value=tv]", force=True)
        one.page.wait_for_selector("#stage[data-settled=no]")
        one.page.check("input[value=movie]", force=True)
        one.page.wait_for_selector(".leaving", state="detached")
        assert one.chart() == one.table() == [r["title_id"] for r in ranked(NEWEST) if r["media_type"] == "movie"][:60]
        assert one.page.locator("a.bubble[aria-hidden]").count() == 0


def test_a_server_that_is_gone_is_told_and_asked_again(browser: Any) -> None:
    with serving(make_app()) as site:
        one = Visit(browser)
        one.page.goto(site)
        before = one.chart()
        one.context.set_offline(True)
        one.page.click("a[rel=prev]")
        one.page.wait_for_selector("#trouble")
        assert "still shows what you saw before" in one.page.inner_text("#trouble")
        assert one.chart() == before
        one.context.set_offline(False)
        one.page.click("#trouble button")
        one.day(DAYS[-2])
        assert one.page.locator("#trouble").count() == 0
        one.context.close()
