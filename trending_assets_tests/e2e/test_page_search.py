"""The search box: with script a combobox, without it a page of results."""

from typing import Any

import pytest

from trending_assets_tests.e2e.made_answers import DAYS, HOSTILE, NEWEST, ranked
from trending_assets_tests.e2e.visiting import Visit

pytestmark = pytest.mark.browser
WINTER = [row for row in ranked(NEWEST) if any(w.startswith("winter") for w in row["title"].casefold().split())]


def options(visit: Visit) -> Any:
    visit.page.wait_for_selector("#found:not([hidden])")
    return visit.page.locator("#found li")


def test_typing_finds_and_the_keyboard_chooses(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?date={NEWEST}")
    box = visit.page.locator("#q")
    visit.tab_to("q", 3)
    visit.page.keyboard.type("winter")
    found = options(visit)
    assert found.locator("b").all_text_contents() == [row["title"] for row in WINTER[:8]]
    assert box.get_attribute("aria-expanded") == "true"
    assert f"{len(WINTER)} found" in visit.page.inner_text("#found-words")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "found-1"
    assert found.nth(1).get_attribute("aria-selected") == "true"
    visit.page.keyboard.press("Escape")
    assert not visit.page.locator("#found").is_visible()
    assert box.input_value() == "winter"
    visit.page.keyboard.press("Backspace")
    options(visit)
    visit.page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == f"found-{min(len(WINTER), 8) - 1}"
    visit.page.keyboard.press("Home")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"{site}/titles/{WINTER[0]['title_id']}?date={NEWEST}")


def test_the_pointer_chooses_and_nothing_found_is_said(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.page.fill("#q", "qqqq")
    visit.page.wait_for_selector("#found-words:has-text('Nothing found.')", state="attached")
    assert not visit.page.locator("#found").is_visible()
    visit.page.fill("#q", "<script")
    assert options(visit).locator("b").all_text_contents() == [HOSTILE]
    visit.page.locator("#found li").click()
    visit.page.wait_for_selector(f"h1:has-text('{HOSTILE}')")


def test_only_the_last_words_count(site: str, visit: Visit) -> None:
    """What is asked for while an answer is under way replaces it, however late the first one is."""
    visit.page.goto(site)
    held: list[Any] = []
    visit.page.route("**/v1/search?q=wi&**", lambda route: held.append(route))
    visit.page.fill("#q", "wi")
    with visit.page.expect_request("**/v1/search?q=wi&**"):
        pass
    visit.page.fill("#q", "salt")
    titles = options(visit).locator("b").all_text_contents()
    assert titles and all("Salt" in title for title in titles)
    failed = visit.page.evaluate(
        "performance.getEntriesByType('resource').filter(r => r.name.includes('q=salt')).length"
    )
    assert failed == 1
    assert options(visit).locator("b").all_text_contents() == titles
    visit.page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("script", [True, False])
def test_enter_leads_to_a_page_of_results(site: str, browser: Any, script: bool) -> None:
    one = Visit(browser, java_script_enabled=script)
    one.page.goto(f"{site}/?date={DAYS[6]}")
    one.page.fill("#q", "glass")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(f"{site}/?q=glass&date={DAYS[6]}")
    expected = [r["title"] for r in ranked(DAYS[6]) if "Glass" in r["title"].split()]
    assert one.page.locator(".results a").all_text_contents() == expected != []
    assert one.page.locator("#q").input_value() == "glass"
    one.page.locator(".results a").first.click()
    one.page.wait_for_url(f"{site}/titles/*")
    assert one.errors == []
    one.context.close()


def test_a_search_that_finds_nothing_says_so(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?q=qqqq")
    assert "Nothing matches “qqqq”" in visit.page.inner_text("h1")
    visit.page.goto(f"{site}/?q=")
    assert visit.page.inner_text("h1") == "Search the ranking"
