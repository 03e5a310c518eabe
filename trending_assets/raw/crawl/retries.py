"""Retries of a crawl: full jitter, the other side's Retry-After, and a budget, so that a failing internet is spared."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from trending_assets.failures import BadInput, Reason, is_transient_status
from trending_assets.raw.crawl.outcomes import bad_input
from trending_assets.raw.retrying import LONGEST_WAIT, RetryBudget, full_jitter, retry_after

RETRIES = 4
"""Retries of one request, where the budget of the crawl allows them."""


class PoliteRetry:
    """Downloader middleware: asks again after what may pass. What it gives up on reaches the spider as it is."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._budget = RetryBudget()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PoliteRetry":
        """Scrapy's constructor."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Every request adds to the budget."""
        if not request.meta.get("retry_times"):
            self._budget.requests += 1

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The request again after a transient status, else the response."""
        if not is_transient_status(response.status):
            return response
        headers = {
            name: value.decode("latin-1")
            for name in ("retry-after", "date")
            if (value := response.headers.get(name)) is not None
        }
        return await self._again(request, retry_after(headers)) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request again after a transient error."""
        return await self._again(request, None) if self._may_pass(exception) else None

    @staticmethod
    def _may_pass(error: Exception) -> bool:
        if isinstance(error, BadInput):  # our own: of these only a body that was cut off may come whole the next time
            return error.reason is Reason.CUT_OFF
        return bad_input(error).reason.transient

    async def _again(self, request: Request, wait: float | None) -> Request | None:
        attempt = request.meta.get("retry_times", 0) + 1
        if attempt > RETRIES or (wait or 0) > LONGEST_WAIT or not self._budget.spend():
            return None
        assert self._stats is not None
        self._stats.inc_value(f"retries/{request.cb_kwargs.get('day') or ''}")
        await asyncio.sleep(full_jitter(attempt) + (wait or 0.0))
        return again(request, attempt)


def again(request: Request, attempt: int) -> Request:
    """The same request, as its attempt of that number."""
    meta: dict[str, Any] = {**request.meta, "retry_times": attempt}
    return request.replace(dont_filter=True, meta=meta, priority=request.priority - 1)
