"""The page for everybody: axe over states, themes and widths; every action by keyboard; forced colours; large letters."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from trending_assets_tests.e2e.made_answers import DAYS, NEWEST, ranked
from trending_assets_tests.e2e.made_site import DAGIT, make_app, serving
from trending_assets_tests.e2e.page_states import STATES, THEMES, WIDTHS, State, violations
from trending_assets_tests.e2e.visiting import Visit, visiting

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def few() -> Iterator[dict[bool, str]]:
    """The made site with fewer titles, which axe reads faster: over data that is new, and (True) over data that is old."""
    apps = [make_app(titles=24, dagster_url=DAGIT, bundles=SimpleNamespace(stale=stale)) for stale in (False, True)]
    with serving(apps[0]) as new, serving(apps[1]) as old:
        yield {False: new, True: old}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_nothing(few: dict[bool, str], browser: Any, state: State) -> None:
    one = Visit(browser)
    one.page.goto(few[state.stale] + state.path)
    state.act(one.page)
    for width in WIDTHS:
        one.page.set_viewport_size({"width": width, "height": 900})
        one.page.wait_for_timeout(200)  # the chart answers a new width after 150 ms
        for theme in THEMES:
            one.page.emulate_media(color_scheme=theme)
            assert violations(one.page) == [], f"{state.name}, {width} px, {theme}"
    one.context.close()


def test_axe_would_find_something(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.page.evaluate("document.querySelector('#date').removeAttribute('id')")
    assert any(found.startswith("select-name") for found in violations(visit.page))


def test_every_action_by_keyboard_alone(site: str, visit: Visit) -> None:
    page, keys = visit.page, visit.page.keyboard
    page.goto(f"{site}/?date={NEWEST}")
    visit.chart()
    keys.press("Tab")
    keys.press("Enter")  # the skip link
    assert visit.focused() == "main"
    keys.press("Tab")
    keys.press("Enter")  # the day before
    visit.day(DAYS[-2])
    assert page.evaluate("document.activeElement.rel") == "prev"
    visit.tab_to("date")
    keys.press("ArrowDown")  # the list of days, newest first
    visit.day(DAYS[-3])
    assert visit.focused() == "date"
    visit.tab_to("input")
    keys.press("ArrowRight")  # popular to rising
    page.wait_for_url("**list=rising")
    page.wait_for_selector("h1:has-text('Rising')")
    visit.tab_to("group")
    keys.type("Genre")
    page.wait_for_url("**group=genre**")
    keys.press("Tab")
    keys.press("ArrowRight")  # all to films
    page.wait_for_url("**media_type=movie")
    page.wait_for_selector("input[value=movie]:checked", state="attached")
    assert page.evaluate("document.activeElement.value") == "movie"
    visit.tab_to("summary")
    keys.press("Enter")
    visit.tab_to("vibe_tag")
    keys.type("tense")
    page.wait_for_url("**vibe_tag=tense")
    page.wait_for_selector(".chips")
    assert visit.focused() == "vibe_tag"
    visit.tab_to("min_score")
    keys.type("1")
    keys.press("Enter")
    page.wait_for_url("**min_score=1**")
    page.wait_for_selector(".chips li:nth-child(2)")
    visit.tab_to("a")
    keys.press("Enter")  # takes a filter away
    page.wait_for_selector(".chips li:nth-child(2)", state="detached")
    visit.tab_to("play")
    keys.press("Space")
    visit.day(DAYS[-2])
    keys.press("Space")
    assert page.inner_text("#play") == "Play"
    keys.press("Tab")
    keys.press("ArrowRight")
    visit.day(NEWEST)
    ids = visit.chart()
    keys.press("Tab")
    assert visit.focused() == ids[0]
    keys.press("ArrowRight")
    assert visit.focused() == ids[1]
    keys.press("Enter")
    page.wait_for_url(f"{site}/titles/{ids[1]}?date={NEWEST}")
    page.go_back()
    visit.chart()


def test_the_bubbles_are_one_stop_of_the_tab_key(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    ids = visit.chart()
    visit.tab_to(ids[0])
    for _ in range(3):
        visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Tab")
    assert visit.focused() == "a" and visit.page.evaluate("document.activeElement.closest('#listing') !== null")
    visit.page.keyboard.press("Shift+Tab")
    assert visit.focused() == ids[3]
    assert visit.page.locator("a.bubble[tabindex='0']").count() == 1


def test_colours_of_the_system_keep_the_signs(site: str, browser: Any) -> None:
    with visiting(browser, forced_colors="active") as one:
        one.page.goto(site)
        one.chart()
        fills = one.page.eval_on_selector_all(
            "a.bubble .body", "all => [...new Set(all.map(c => getComputedStyle(c).fill))]"
        )
        assert len(fills) == 1
        directions = {row["title_id"]: row["direction"] for row in ranked(NEWEST)}
        first = one.page.locator("a.bubble").first
        assert directions[first.get_attribute("data-title")] in first.get_attribute("aria-label")
        assert one.page.locator("a.bubble .glyph").first.is_visible()


@pytest.mark.parametrize("path", ["/", "/titles/movie-1000", "/operator"])
def test_nothing_is_cut_at_twice_the_size(site: str, browser: Any, path: str) -> None:
    """A window of 1280 px at 200% is one of 640 px; letters alone at twice the size must fit as well."""
    with visiting(browser, viewport={"width": 640, "height": 450}) as one:
        one.page.goto(site + path)
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 640
        one.page.evaluate("document.documentElement.style.fontSize = '32px'")
        one.page.wait_for_timeout(50)
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 640
