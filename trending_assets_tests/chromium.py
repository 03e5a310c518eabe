"""A headless Chromium for tests: the one on PATH, which .ci/run installs where it is missing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
]


def installed() -> str | None:
    """Path of the machine's Chromium, None where it has none."""
    return shutil.which("chromium")


@contextmanager
def chromium() -> Iterator[Any]:
    """Playwright's browser over the installed Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        yield browser
        browser.close()
