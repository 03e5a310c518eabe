"""The crawl's reactor: every TCP connection of the process is made here, past the address guard.

Scrapy installs it by the setting TWISTED_REACTOR and looks for `install` beside it.
"""

import asyncio
from typing import Any

from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.main import installReactor

from trending_assets.raw.crawl.addresses import Guard


class GuardedReactor(AsyncioSelectorReactor):
    """An asyncio reactor that connects to what its guard lets pass; without a guard it connects to public addresses alone."""

    guard = Guard()

    def connectTCP(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        """Connect to an address (names are resolved before). Raises BadInput for a forbidden one."""
        self.guard.check(host, port)
        return super().connectTCP(host, port, *args, **kwargs)  # type: ignore[no-untyped-call]


def install() -> None:
    """Make it the process's reactor."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    installReactor(GuardedReactor(loop))  # type: ignore[no-untyped-call]
