"""Takes the README's pictures from a running `make up`: the page and Dagit's asset graph."""

import argparse
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> int:
    """Write docs/page.png and docs/graph.png. Exit 1 with a sentence where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dagit", default="http://127.0.0.1:3000")
    parser.add_argument("--api", default="http://127.0.0.1:8000")
    args = parser.parse_args()
    from playwright.sync_api import Error, sync_playwright

    if not Path(CHROMIUM).exists():
        print(f"There is no {CHROMIUM}; install Chromium first.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1300})
        try:
            page.goto(args.api)
            page.wait_for_selector("svg circle")
            page.wait_for_timeout(1500)  # the bubbles settle
            page.screenshot(path=DOCS / "page.png")
            # Dagit keeps its zoom when groups open, so the window is large and its pixels are halved
            page = browser.new_page(viewport={"width": 2800, "height": 3800}, device_scale_factor=0.4)
            page.goto(f"{args.dagit}/asset-groups")
            page.wait_for_timeout(8_000)  # Dagit lays the graph out in a worker
            page.keyboard.press("Alt+e")  # expands the groups
            page.wait_for_timeout(8_000)
            page.screenshot(path=DOCS / "graph.png")
        except Error as error:
            print(
                f"{args.api} or {args.dagit} does not answer; run `make up` first. ({error.message})", file=sys.stderr
            )
            return 1
        browser.close()
    print(f"{DOCS / 'page.png'}\n{DOCS / 'graph.png'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
