"""Takes the README's pictures from a running `make up`: the page (light, dark, a phone), a title, operation, drift, and Dagit."""

import argparse
import sys
from pathlib import Path
from typing import Any

from trending_assets_tests import chromium

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 1300}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 1000}, "device_scale_factor": 2, "has_touch": True}


def ranking(page: Any, api: str, query: str = "") -> None:
    """Show a ranking and wait until its bubbles stand still."""
    page.goto(api + query)
    page.wait_for_selector("#stage[data-settled=yes] a.bubble")


def light(page: Any, api: str) -> None:
    """The newest day."""
    ranking(page, api, "/")


def dark(page: Any, api: str) -> None:
    """What is rising by genre, with the card of the first title."""
    ranking(page, api, "/?list=rising&group=genre")
    page.locator("a.bubble").first.hover()
    page.wait_for_selector("#card:not([hidden])")


def phone(page: Any, api: str) -> None:
    """The chart on a phone."""
    ranking(page, api, "/")
    page.evaluate("document.getElementById('scrubber').scrollIntoView()")


def title(page: Any, api: str) -> None:
    """The first title of the newest day that has a digest."""
    page.goto(f"{api}/?show=200")
    links = [link.get_attribute("href") for link in page.locator("#ranking tbody th a").all()[:40]]
    for link in links:
        page.goto(api + link)
        if page.locator(".digest").count():
            break
    page.wait_for_load_state("networkidle")


def operator(page: Any, api: str) -> None:
    """Freshness and lineage."""
    page.goto(f"{api}/operator")
    page.focus("#graph a[data-asset='trends/trend_scores']")
    page.evaluate("window.scrollTo(0, 0)")


def drift(page: Any, api: str) -> None:
    """The report of a made day: much drifts on it, and nothing does in the world of `make up`."""
    from trending_assets.drift.page import report_page
    from trending_assets_tests.unit.drift.made_report import (
        DAY,
        made_baseline,
        made_profiles,
        made_quality,
        made_report,
    )

    page.set_content(report_page(DAY, made_report(), made_profiles(), made_baseline(), made_quality()))


def dagit(page: Any, address: str) -> None:
    """The asset graph, by group."""
    page.goto(f"{address}/asset-groups")
    page.wait_for_timeout(8_000)  # Dagit lays the graph out in a worker
    page.keyboard.press("Alt+e")  # expands the groups
    page.wait_for_timeout(8_000)


PICTURES: dict[str, tuple[Any, dict[str, Any]]] = {
    "page": (light, WIDE),
    "page-dark": (dark, WIDE | {"color_scheme": "dark"}),
    "phone": (phone, PHONE),
    "title": (title, WIDE | {"viewport": {"width": 1280, "height": 2100}}),
    "operator": (operator, WIDE | {"viewport": {"width": 1280, "height": 1700}}),
    "drift": (drift, WIDE),
    # Dagit keeps its zoom when groups open, so the window is large and its pixels are halved
    "graph": (dagit, {"viewport": {"width": 2800, "height": 3800}, "device_scale_factor": 0.4}),
}


def main() -> int:
    """Write docs/<name>.png. Exit 1 with a sentence where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dagit", default="http://127.0.0.1:3000")
    parser.add_argument("--api", default="http://127.0.0.1:8000")
    parser.add_argument("--only", nargs="*", choices=PICTURES, default=list(PICTURES))
    args = parser.parse_args()
    from playwright.sync_api import Error

    if not chromium.installed():
        print("There is no chromium on PATH; install it first (Debian's package chromium has it).", file=sys.stderr)
        return 1
    with chromium.chromium() as browser:
        for name in args.only:
            show, options = PICTURES[name]
            address = (args.dagit if show is dagit else args.api).rstrip("/")
            page = browser.new_context(**{"reduced_motion": "reduce", **options}).new_page()
            try:
                show(page, address)
            except Error as error:
                print(f"{address} does not show {name}; run `make up` first. ({error.message})", file=sys.stderr)
                return 1
            page.screenshot(path=DOCS / f"{name}.png")
            page.context.close()
            print(DOCS / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
