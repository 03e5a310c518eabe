"""The page in a real Chromium, served by a real uvicorn, over answers in the API's shapes made from a seed."""

import math
import re
from typing import Any

import httpx
import pytest

from api.page.title import chosen
from api.page.words import main_genre, number_citations, safe_href
from trending_assets_tests.e2e.made_answers import DAYS, EMPTY_DAY, HOSTILE, LONG, NEWEST, NO_DOCUMENTS, ranked, rising
from trending_assets_tests.e2e.made_site import DAGIT, make_app, serving
from trending_assets_tests.e2e.visiting import Visit, visiting

pytestmark = pytest.mark.browser


def test_bubbles_are_the_rows_of_the_table(site: str, visit: Visit) -> None:
    groups = [f"?group={name}" for name in ("genre", "platform", "tag", "score", "vibe")]
    for query in ("", "?list=rising", "?media_type=tv", "?genre=Drama&max_score=50", *groups):
        visit.page.goto(f"{site}/{query}")
        assert visit.chart() == visit.table() != []
    visit.page.goto(f"{site}/?show=all")
    assert visit.chart() == visit.table()
    assert len(visit.table()) == 75


def test_chart_is_table_for_every_day(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?date={DAYS[0]}")
    for day in DAYS:
        visit.page.select_option("#date", day)
        visit.day(day)
        if day == EMPTY_DAY:
            assert not visit.page.locator("#stage").is_visible()
            assert visit.table() == []
        else:
            assert visit.chart() == visit.table() == [row["title_id"] for row in ranked(day)[:60]]


def test_more_than_200_titles_are_listed_and_200_drawn(browser: Any) -> None:
    with serving(make_app(titles=220)) as site:
        one = Visit(browser)
        one.page.goto(f"{site}/?show=all")
        assert len(one.table()) == 220
        assert one.chart() == one.table()[:200]
        assert one.page.inner_text("#chart-title") == "The first 200 as bubbles"
        assert one.errors == []
        one.context.close()


def test_the_rising_list_sorts_and_sizes_by_what_rises(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    visit.page.check("input[value=rising]", force=True)
    visit.page.wait_for_url(f"{site}/?date={NEWEST}&list=rising")
    visit.page.wait_for_selector("h1:has-text('Rising')")
    expected = rising(NEWEST)[:60]
    assert visit.chart() == visit.table() == [row["title_id"] for row in expected]
    shown = visit.page.locator("#ranking tbody td.score span").all_text_contents()
    assert shown == [f"{row['rising_score']:.1f}" for row in expected]
    radii = visit.page.eval_on_selector_all("a.bubble .body", "all => all.map(c => +c.getAttribute('r'))")
    assert radii == sorted(radii, reverse=True)


def test_filters_narrow_the_list_and_can_be_taken_away(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    visit.page.click("#filters summary")
    visit.page.select_option("#vibe_tag", "tense")
    visit.page.wait_for_url(f"{site}/?date={NEWEST}&vibe_tag=tense")
    visit.page.fill("#max_score", "20")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"{site}/?date={NEWEST}&max_score=20&vibe_tag=tense")
    visit.page.wait_for_selector(".chips li:nth-child(2)")
    passing = [r["title_id"] for r in ranked(NEWEST) if "tense" in r["vibe_tags"] and r["score"] <= 20]
    assert visit.chart() == visit.table() == passing[:60] != []
    assert visit.page.locator("#vibe_tag option:checked").inner_text().startswith("tense (")
    visit.page.click(".chips a[aria-label^='Remove the filter Vibe tag']")
    visit.page.wait_for_url(f"{site}/?date={NEWEST}&max_score=20")
    visit.page.fill("#max_score", "0")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("text=No title passes these filters")
    assert not visit.page.locator("#stage").is_visible()
    visit.page.click("text=Show every title of the day")
    visit.page.wait_for_url(f"{site}/?date={NEWEST}")
    assert visit.chart() == visit.table() == [row["title_id"] for row in ranked(NEWEST)[:60]]


def test_one_measure_for_all_days(site: str, visit: Visit) -> None:
    """After every day was looked at once, a radius says the same on each of them."""
    read = "all => Object.fromEntries(all.map(a => [a.dataset.title, +a.querySelector('.body').getAttribute('r')]))"
    days = [DAYS[i] for i in (0, 1, 2, 0, 1, 2)]
    measures = []
    visit.page.goto(f"{site}/?date={DAYS[5]}")
    for day in days:
        visit.page.select_option("#date", day)
        visit.day(day)
        visit.chart()
        radii = visit.page.eval_on_selector_all("a.bubble", read)
        score = {row["title_id"]: row["score"] for row in ranked(day)}
        first = ranked(day)[0]["title_id"]
        measures.append(radii[first] / math.sqrt(score[first]))
    assert measures[3:] == pytest.approx([measures[2]] * 3, rel=1e-3)  # radii are written to a hundredth of a px


@pytest.mark.parametrize(("width", "group"), [(1280, ""), (1280, "genre"), (360, ""), (360, "vibe")])
def test_bubbles_stay_inside_apart_and_sized_by_score(site: str, visit: Visit, width: int, group: str) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.goto(f"{site}/?group={group}")
    visit.chart()
    read = "all => all.map(a => ({...a.transform.baseVal[0].matrix, x: a.transform.baseVal[0].matrix.e, \
        y: a.transform.baseVal[0].matrix.f, r: +a.querySelector('.body').getAttribute('r')}))"
    circles = visit.page.eval_on_selector_all("a.bubble", read)
    box = visit.page.eval_on_selector("#stage", "s => ({w: s.clientWidth, h: s.clientHeight})")
    for one in circles:
        assert one["r"] - 1 <= one["x"] <= box["w"] - one["r"] + 1
        assert one["r"] - 1 <= one["y"] <= box["h"] - one["r"] + 1
    overlap = max(
        a["r"] + b["r"] - math.dist((a["x"], a["y"]), (b["x"], b["y"]))
        for i, a in enumerate(circles)
        for b in circles[:i]
    )
    assert overlap < 2
    rows = ranked(NEWEST)
    floor = min(one["r"] for one in circles) * 1.01
    grown = [one["r"] ** 2 / row["score"] for one, row in zip(circles, rows[:60], strict=True) if one["r"] > floor]
    assert max(grown) == pytest.approx(min(grown), rel=0.02)


def test_the_table_is_there_without_script(site: str, browser: Any) -> None:
    one = Visit(browser, java_script_enabled=False)
    one.page.goto(site)
    names = one.page.locator("#ranking tbody th a").all_text_contents()
    assert names == [row["title"] for row in ranked(NEWEST)[:60]]
    assert not one.page.locator("#stage").is_visible()
    assert not one.page.locator("#scrubber").is_visible()
    one.page.select_option("#date", DAYS[6])
    one.page.check("input[value=tv]", force=True)
    one.page.click("#controls button")
    assert f"date={DAYS[6]}" in one.page.url
    expected = [row["title_id"] for row in ranked(DAYS[6]) if row["media_type"] == "tv"]
    links = [a.get_attribute("href") for a in one.page.locator("#ranking tbody th a").all()]
    assert links == [f"/titles/{title_id}?date={DAYS[6]}" for title_id in expected]
    one.context.close()


def test_keyboard_focus_shows_the_card_and_enter_opens_the_title(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    ids = visit.chart()
    card = visit.page.locator("#card")
    assert not card.is_visible()
    visit.page.focus("#play")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    first, second = ranked(NEWEST)[:2]
    assert f"1. {first['title']}" in card.inner_text()
    visit.page.keyboard.press("ArrowRight")
    words = card.inner_text()
    assert f"2. {second['title']}" in words
    assert f"{second['lift_low']:.1f} to {second['lift_high']:.1f}" in words
    assert visit.page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "card"
    visit.page.keyboard.press("Escape")
    assert not card.is_visible()
    visit.page.keyboard.press("End")
    assert visit.page.evaluate("document.activeElement.dataset.title") == ids[-1]
    visit.page.keyboard.press("Home")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"{site}/titles/{first['title_id']}?date={NEWEST}")


def test_a_finger_shows_the_card_first_and_opens_the_title_next(site: str, browser: Any) -> None:
    with visiting(browser, has_touch=True, viewport={"width": 390, "height": 800}) as one:
        one.page.goto(site)
        first = one.chart()[0]
        bubble = one.page.locator(f"a.bubble[data-title={first}]")
        bubble.tap()
        one.page.wait_for_selector("#card:not([hidden])")
        assert one.page.url == f"{site}/"
        bubble.tap()
        one.page.wait_for_url(f"{site}/titles/{first}?date={NEWEST}")


def test_without_d3_the_table_stays_and_the_words_say_so(site: str, browser: Any) -> None:
    one = Visit(browser)
    one.page.route("**/d3-force.mjs", lambda route: route.abort())
    one.page.goto(site)
    one.page.wait_for_selector("#chart-words:has-text('The chart could not be drawn.')")
    assert not one.page.locator("#stage").is_visible()
    assert len(one.table()) == 60
    one.page.click("a[rel=prev]")
    one.day(DAYS[-2])
    assert one.table() == [row["title_id"] for row in ranked(DAYS[-2])[:60]]
    one.context.close()


def test_hover_shows_the_card_and_the_pointer_may_enter_it(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    visit.page.locator("a.bubble").nth(3).hover()
    card = visit.page.locator("#card")
    assert card.is_visible()
    card.locator("a").hover()
    visit.page.wait_for_timeout(300)
    assert card.is_visible()
    visit.page.mouse.move(5, 5)
    card.wait_for(state="hidden")


def test_day_and_filter_change_in_place_and_with_back(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?group=genre")
    visit.chart()
    visit.page.evaluate("window.kept = true")
    visit.page.click("a[rel=prev]")
    visit.page.wait_for_url(f"{site}/?date={DAYS[-2]}&group=genre")
    assert visit.chart() == visit.table() == [row["title_id"] for row in ranked(DAYS[-2])[:60]]
    visit.page.select_option("#date", DAYS[0])
    visit.page.wait_for_url(f"{site}/?date={DAYS[0]}&group=genre")
    visit.page.check("input[value=movie]", force=True)
    visit.page.wait_for_url(f"{site}/?date={DAYS[0]}&group=genre&media_type=movie")
    assert visit.chart() == visit.table() == [r["title_id"] for r in ranked(DAYS[0]) if r["media_type"] == "movie"][:60]
    visit.page.go_back()
    visit.page.wait_for_selector("input[name=media_type][value='']:checked", state="attached")
    assert visit.chart() == visit.table() == [row["title_id"] for row in ranked(DAYS[0])[:60]]
    assert visit.page.evaluate("window.kept")


def test_an_empty_day_says_why(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/?date={EMPTY_DAY}")
    assert NO_DOCUMENTS in visit.page.inner_text(".note")
    assert "Nothing to rank" in visit.page.inner_text("main")
    visit.page.click("a[rel=next]")
    assert visit.chart() == visit.table() != []
    visit.page.click("a[rel=prev]")
    visit.page.wait_for_selector(".empty")


def test_hostile_text_stays_text(site: str, visit: Visit) -> None:
    row = next(row for row in ranked(NEWEST) if row["title"] == HOSTILE)
    visit.page.goto(site)
    visit.chart()
    cell = visit.page.locator(f"tr[data-title={row['title_id']}] th a")
    assert cell.inner_text() == HOSTILE
    visit.page.locator(f"a.bubble[data-title={row['title_id']}]").hover()
    assert HOSTILE in visit.page.inner_text("#card h3")
    cell.click()
    assert visit.page.inner_text("h1") == HOSTILE
    hrefs = visit.page.eval_on_selector_all("a[href]", "all => all.map(a => a.protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    assert HOSTILE in visit.page.inner_text(".evidence")


def test_a_title_page_leads_to_its_sources(site: str, visit: Visit) -> None:
    title_id = ranked(NEWEST)[0]["title_id"]
    visit.page.goto(f"{site}/titles/{title_id}?date={NEWEST}")
    assert visit.page.locator(".digest sup").all_text_contents() == ["1", "2", "2", "3"]
    visit.page.locator(".digest sup a").nth(1).click()
    assert visit.page.url.endswith(f"#doc-{2:016x}")
    source = visit.page.locator(":target h3 a")
    assert source.get_attribute("href") == "http://news.example/b?x=1&y=2"
    assert source.get_attribute("rel") == "noopener nofollow"
    for part in ("score", "rank"):
        drawn = visit.page.locator(f"#history .{part} path.line").get_attribute("d")
        assert drawn.count("M") == 2, "the day on which nothing was ranked breaks the line"
        assert visit.page.locator(f"#history .{part} circle").count() == len(DAYS) - 1
    text = visit.page.inner_text("main")
    for part in ("XGBoost", "BERT", "LLM", "TMDb", "left out of vibe score and digest", "XGBoost, from the facts"):
        assert part in text
    assert "from 2 authors on 1 site, 6% of full weight" in text
    apart = visit.page.locator("section:has(#digest-h) details")
    apart.locator("summary").click()
    assert apart.locator("li").all_inner_texts() == [
        "4 documents: a copy of another",
        "1 document: spam",
        "1 × dropped from the LLM's answer: a sentence with a name that its sources lack",
    ]
    assert visit.page.locator(f"footer a[href='/v1/lineage?date={NEWEST}']").count() == 1


def test_a_title_page_leads_to_the_runs_behind_it(site: str, visit: Visit, browser: Any) -> None:
    visit.page.goto(f"{site}/titles/movie-1000?date={NEWEST}")
    row = visit.page.locator(".sources tr:has-text('trends/trend_scores')")
    run = row.locator("td a")
    assert run.get_attribute("href") == f"{DAGIT}/runs/000007ca-0000-4000-8000-000000000000"
    assert "0000000007ca" in row.inner_text()
    assert "not known" in visit.page.inner_text(".sources tr:has-text('genre/predictions')")
    with serving(make_app()) as without:
        one = Visit(browser)
        one.page.goto(f"{without}/titles/movie-1000?date={NEWEST}")
        assert "Dagit's address is not set" in one.page.inner_text("section:has(#sources-h)")
        assert one.page.locator(".sources a[href*='/runs/']").count() == 0
        assert "000007ca" in one.page.inner_text(".sources")
        one.context.close()


def test_long_evidence_is_shown_in_part_and_on_demand_in_full(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/titles/{LONG}")
    assert visit.page.locator(".evidence > li").count() == 40
    visit.page.click("text=All 60 documents")
    visit.page.wait_for_url("**documents=all#evidence-h")
    assert visit.page.locator(".evidence > li").count() == 60


def test_what_is_cited_is_shown_however_old_it_is() -> None:
    documents = [{"doc_id": f"d{i}"} for i in range(50)]
    shown = [row["doc_id"] for row in chosen(documents, {"d49": 1, "d3": 2, "gone": 3}, 4)]
    assert shown == ["d49", "d3", "d0", "d1"]
    assert [row["doc_id"] for row in chosen(documents, {"d49": 1, "d3": 2}, 1)] == ["d49", "d3"]


def test_the_history_comes_as_csv_and_json(site: str) -> None:
    import httpx

    found = httpx.get(f"{site}/titles/movie-1000/history.csv?date={DAYS[5]}")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    lines = found.text.strip().split("\r\n")
    assert lines[0] == "date,rank,score,level,lift,mentions,authors,sites"
    assert [line.partition(",")[0] for line in lines[1:]] == [day for day in DAYS[:6] if day != EMPTY_DAY]
    assert httpx.get(f"{site}/titles/movie-9/history.csv").status_code == 404


@pytest.mark.parametrize("path", ["/", "/?group=platform", "/titles/movie-1000", "/operator", "/?q=winter"])
def test_nothing_is_wider_than_a_small_phone(site: str, visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 640})
    visit.page.goto(site + path)
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    "path",
    ["/", f"/?date={EMPTY_DAY}", "/titles/movie-1000", "/titles/movie-9", "/operator", "/?q=winter"],
)
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_names_its_sources(site: str, browser: Any, path: str, width: int) -> None:
    """TMDb's notice word for word and a link to TMDb, and JustWatch as the source of the streaming platforms."""
    one = Visit(browser, java_script_enabled=False, viewport={"width": width, "height": 800})
    one.page.goto(site + path)
    credit = one.page.locator("footer .credit")
    assert credit.is_visible()
    assert "This product uses the TMDB API but is not endorsed or certified by TMDB." in credit.inner_text()
    assert "Streaming platforms: JustWatch." in credit.inner_text()
    for address, name in (("https://www.themoviedb.org/", "TMDB"), ("https://www.justwatch.com/", "JustWatch")):
        link = credit.locator(f"a[href='{address}']")
        assert link.is_visible() and link.inner_text() == name
    one.context.close()


def test_problems_are_told_in_words(site: str) -> None:
    import httpx

    missing = httpx.get(f"{site}/?date=1999-01-01")
    assert missing.status_code == 404
    assert f"The newest day is {NEWEST}." in missing.text
    assert httpx.get(f"{site}/titles/movie-9").status_code == 404


def test_only_web_addresses_become_links() -> None:
    assert safe_href("https://a.example/x") == "https://a.example/x"
    for bad in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//a.example",
        "http:",
        "http://[",
        "",
        None,
    ):
        assert safe_href(bad) is None


def test_citations_are_numbered_by_first_use() -> None:
    sentences, numbers = number_citations(
        [{"sentence": "A", "doc_ids": ["d", "c", "d"]}, {"sentence": "B", "doc_ids": ["e", "c"]}]
    )
    assert numbers == {"d": 1, "c": 2, "e": 3}
    assert [s["cites"] for s in sentences] == [[(1, "d"), (2, "c")], [(3, "e"), (2, "c")]]
    assert number_citations(None) == ([], {})


def test_a_title_is_grouped_by_its_readers_then_the_champion_then_tmdb() -> None:
    row = {"genre_llm": "Crime", "genre_model": "Horror", "genres": ["Drama", "Comedy"]}
    assert main_genre(row) == "Crime"
    assert main_genre(row | {"genre_llm": None}) == "Horror"
    assert main_genre(row | {"genre_llm": None, "genre_model": None}) == "Drama"
    assert main_genre({"genres": []}) is None


@pytest.mark.parametrize(
    ("titles", "query", "offered"),
    [
        (75, "", ["show all"]),
        (75, "?show=all", []),
        (240, "", ["show the first 200", "show all"]),
        (240, "?show=200", ["show all"]),
    ],
)
def test_longer_lists_are_offered_once_each(titles: int, query: str, offered: list[str]) -> None:
    with serving(make_app(titles)) as site:
        text = httpx.get(f"{site}/{query}").text
    assert re.findall(r">(show [^<]+)</a>", text) == offered
