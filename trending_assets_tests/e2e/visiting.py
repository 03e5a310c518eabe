"""A visit to the page in a browser, with an ear for what goes wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LOOPBACK = re.compile(r"(http://127\.0\.0\.1:\d+/|data:)")


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
        return self.page.eval_on_selector_all("a.bubble", "all => all.map(a => a.dataset.title)")  # type: ignore[no-any-return]

    def table(self) -> list[str]:
        """Title ids of the table."""
        return self.page.eval_on_selector_all("#ranking tbody tr", "all => all.map(tr => tr.dataset.title)")  # type: ignore[no-any-return]

    def day(self, day: str) -> None:
        """Wait until a day is shown."""
        self.page.wait_for_selector(f"h1 time[datetime='{day}']")

    def focused(self) -> str:
        """Selector-like name of what has the focus."""
        return self.page.evaluate("(e => e.id || e.dataset.title || e.localName)(document.activeElement)")  # type: ignore[no-any-return]

    def tab_to(self, wanted: str, most: int = 40) -> None:
        """Press Tab until an element has the focus, as `focused` names it."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.focused() == wanted:
                return
        raise AssertionError(f"{wanted} is not reached by {most} tabs; the focus is on {self.focused()}")


@contextmanager
def visiting(browser: Any, **options: Any) -> Iterator[Visit]:
    """A recorded visit; at its end nothing left loopback and nothing was complained of."""
    one = Visit(browser, **{"viewport": {"width": 1280, "height": 900}, **options})
    yield one
    strays = [url for url in one.requests if not LOOPBACK.match(url)]
    one.context.close()
    assert strays == [], strays
    assert one.errors == [], one.errors
