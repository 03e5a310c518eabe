"""The page in a real Chromium, served by a real uvicorn, over answers in the API's shapes made from a seed."""

import json
import math
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from api.page import WEB, mount_static, number_citations, router, safe_href
from trending_assets_tests.e2e.made_answers import DAYS, EMPTY_DAY, HOSTILE, NEWEST, NO_DOCUMENTS, answer, ranked

pytestmark = pytest.mark.browser


def make_app() -> FastAPI:
    """The page over the canned answers, as api/app.py mounts it over the real ones."""
    app = FastAPI()
    app.state.answer = answer
    app.include_router(router)
    mount_static(app)
    return app


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The page's address on a free port of loopback."""
    assert (WEB / "node_modules").is_dir(), "D3 is not installed; run: python web/install.py"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started, "uvicorn did not start within 10 s"
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


class Visit:
    """A page of a fresh context that records requests, console errors and CSP violations."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**{"reduced_motion": "reduce", **options})
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._asked)

    def _heard(self, line: Any) -> None:
        if line.type in ("error", "warning"):
            self.errors.append(line.text)

    def _asked(self, dialog: Any) -> None:
        self.errors.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def chart(self) -> list[str]:
        """Title ids of the bubbles, in document order, once they stand still."""
        self.page.wait_for_selector("#stage[data-settled=yes] a.bubble")
        return self.page.eval_on_selector_all("a.bubble", "all => all.map(a => a.dataset.title)")

    def table(self) -> list[str]:
        return self.page.eval_on_selector_all("#ranking tbody tr", "all => all.map(tr => tr.dataset.title)")


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """A recorded visit; at its end nothing left loopback and nothing was complained of."""
    one = Visit(browser, viewport={"width": 1280, "height": 900})
    yield one
    strays = [url for url in one.requests if not re.match(r"(http://127\.0\.0\.1:\d+/|data:)", url)]
    one.context.close()
    assert strays == []
    assert one.errors == []


def test_bubbles_are_the_rows_of_the_table(site: str, visit: Visit) -> None:
    for query in (
        "",
        f"?date={DAYS[5]}",
        "?media_type=tv",
        "?group=genre",
        "?group=platform",
        "?group=tag",
        "?group=vibe",
    ):
        visit.page.goto(f"{site}/{query}")
        assert visit.chart() == visit.table() != []
    visit.page.goto(f"{site}/?show=all")
    assert visit.chart() == visit.table()[:60]
    assert len(visit.table()) == 75


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
    one.page.select_option("#date", DAYS[6])
    one.page.check("input[value=tv]", force=True)
    one.page.click("form.controls button")
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
    visit.page.focus("#group")
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
    visit.page.wait_for_url(f"{site}/?date={DAYS[0]}&media_type=movie&group=genre")
    assert visit.chart() == visit.table() == [r["title_id"] for r in ranked(DAYS[0]) if r["media_type"] == "movie"][:60]
    visit.page.go_back()
    visit.page.wait_for_selector("input[value='']:checked", state="attached")
    assert visit.chart() == visit.table() == [row["title_id"] for row in ranked(DAYS[0])[:60]]
    assert visit.page.evaluate("window.kept")


def test_bubbles_move_where_motion_is_welcome(site: str, browser: Any) -> None:
    one = Visit(browser, reduced_motion="no-preference")
    one.page.goto(site)
    one.chart()
    one.page.select_option("#group", "vibe")
    assert one.page.get_attribute("#stage", "data-settled") == "no"
    assert one.chart() == one.table()
    assert one.errors == []
    one.context.close()


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
    drawn = visit.page.locator("#history svg path.line").get_attribute("d")
    assert drawn.count("M") == 2, "the day on which nothing was ranked breaks the line"
    assert visit.page.locator("#history circle").count() == len(DAYS) - 1
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


@pytest.mark.parametrize("path", ["/", "/?group=platform", "/titles/movie-1000"])
def test_nothing_is_wider_than_a_small_phone(site: str, visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 640})
    visit.page.goto(site + path)
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    "path",
    ["/", f"/?date={EMPTY_DAY}", "/?media_type=tv", "/titles/movie-1000", "/titles/movie-9", "/?date=1999-01-01"],
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


def test_problems_are_told_in_words_and_headers_are_strict(site: str) -> None:
    import httpx

    missing = httpx.get(f"{site}/?date=1999-01-01")
    assert missing.status_code == 404
    assert f"The newest day is {NEWEST}." in missing.text
    assert httpx.get(f"{site}/titles/movie-9").status_code == 404
    page = httpx.get(site + "/")
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce and f'nonce="{nonce[1]}"' in page.text
    assert "unsafe" not in policy
    assert " style=" not in page.text
    rows = re.search(r'id="rows">(.*?)</script>', page.text, re.S)
    assert rows and len(json.loads(rows[1])["rows"]) == 60
    if (WEB / "node_modules").is_dir():
        assert httpx.get(f"{site}/vendor/d3-force/package.json").status_code == 404
        assert (
            httpx.get(f"{site}/vendor/d3-force/dist/d3-force.min.mjs")
            .headers["content-type"]
            .startswith("text/javascript")
        )


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
