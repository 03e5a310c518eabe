"""The states of the page that are looked at by axe and measured: how each comes about from a fresh page."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.page import WEB
from trending_assets_tests.e2e.made_answers import EMPTY_DAY, NEWEST

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 768, 1440)
THEMES = ("light", "dark")


@dataclass(frozen=True)
class State:
    """An address, and what is done there. `stale`: over data that is old."""

    name: str
    path: str
    act: Callable[[Any], None] = lambda page: None
    stale: bool = False


def _chart(page: Any) -> None:
    page.wait_for_selector("#stage[data-settled=yes] a.bubble")


def _card(page: Any) -> None:
    _chart(page)
    page.focus("#play")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.wait_for_selector("#card:not([hidden])")


def _playing(page: Any) -> None:
    _chart(page)
    page.click("#play")
    page.wait_for_selector(f"h1 time:not([datetime='{NEWEST}'])")
    page.click("#play")
    _chart(page)


def _searching(page: Any) -> None:
    page.fill("#q", "winter")
    page.wait_for_selector("#found:not([hidden])")
    page.keyboard.press("ArrowDown")


def _unfolded(page: Any) -> None:
    for summary in page.locator("summary").all():
        if not summary.evaluate("s => s.parentElement.open"):
            summary.click()


STATES = (
    State("popular", "/", _chart),
    State("rising, by genre", "/?list=rising&group=genre", _chart),
    State("filters", "/?genre=Drama&min_score=1&group=score", _chart),
    State("card", "/", _card),
    State("played", "/", _playing),
    State("nothing passes", "/?max_score=0"),
    State("empty day", f"/?date={EMPTY_DAY}"),
    State("choosing a title", "/", _searching),
    State("results", "/?q=winter"),
    State("nothing found", "/?q=qqqq"),
    State("title", "/titles/movie-1000", _unfolded),
    State("operator", "/operator", _unfolded),
    State("problem", "/?date=1999-01-01"),
    State("stale", "/", _chart, stale=True),
)


def violations(page: Any) -> list[str]:
    """What axe finds wrong with the page as it stands (all rules, best practices too): rule and first place of each."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [
        f"{rule['id']}: {json.dumps(rule['nodes'][0]['target'])} {rule['nodes'][0]['failureSummary']}" for rule in found
    ]
