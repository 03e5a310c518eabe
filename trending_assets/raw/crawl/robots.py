"""robots.txt by RFC 9309, and how fast a host may be asked."""

import asyncio
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.outcomes import Refused, bad_input

MAX_BYTES = 500 * 1024
"""What has to be read of a robots.txt (RFC 9309, 2.5)."""
LONGEST_DELAY = 60.0
"""A Crawl-delay beyond this counts as this: a day has 86,400 seconds."""


class Robots:
    """Downloader middleware: asks each origin for its robots.txt first, and keeps to it.

    2xx: the rules stand there. 4xx: there are none, everything is allowed (2.3.1.3). 5xx, 429 and no answer: the origin is
    unreachable, everything is forbidden for now (2.3.1.4), which is transient.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["USER_AGENT"]).partition("/")[0].strip() or "*"
        self._known: dict[str, Protego | BadInput] = {}
        self._under_way: dict[str, asyncio.Future[Protego | BadInput]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Robots":
        """Scrapy's constructor."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let an allowed request pass. Raises BadInput for one that is forbidden, or cannot be known to be allowed."""
        parts = urlsplit(request.url)
        request.meta["download_slot"] = parts.hostname  # a redirect would stay in the slot of where it came from
        if request.meta.get("robots"):
            return
        origin = f"{parts.scheme}://{parts.netloc}"
        rules = self._known.get(origin) or await self._asked(origin, parts.hostname or "")
        if isinstance(rules, BadInput):
            raise rules
        if not rules.can_fetch(request.url, self._agent):
            raise BadInput(Reason.ROBOTS, "The site's robots.txt forbids the page.")

    async def _asked(self, origin: str, host: str) -> Protego | BadInput:
        """The rules of an origin, asked for once however many requests wait for them."""
        if origin not in self._under_way:
            self._under_way[origin] = asyncio.ensure_future(self._fetch(origin, host))
        self._known[origin] = await asyncio.shield(self._under_way[origin])
        return self._known[origin]

    async def _fetch(self, origin: str, host: str) -> Protego | BadInput:
        request = Request(f"{origin}/robots.txt", meta={"robots": True}, callback=NO_CALLBACK, priority=1000)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            failure = bad_input(error)
            if failure.reason in (Reason.REDIRECTS, Reason.TOO_LARGE, Reason.ENCODING):
                return Protego.parse("")  # "unavailable" in the RFC's words
            as_it_is = isinstance(failure, Refused) or not failure.reason.transient
            return failure if as_it_is else _unreachable(origin, str(failure))
        rules = _rules(origin, response)
        if isinstance(rules, Protego):
            self._slow_down(host, rules.crawl_delay(self._agent))
        return rules

    def _slow_down(self, host: str, asked: float | None) -> None:
        """Take the longer of the delays that robots.txt and sources.yaml ask for."""
        if not asked or asked <= 0:
            return
        downloader = self._crawler.engine.downloader  # type: ignore[union-attr]
        asked = min(float(asked), LONGEST_DELAY)
        known = downloader.per_slot_settings.setdefault(host, {})
        known["delay"] = max(asked, known.get("delay", self._crawler.settings.getfloat("DOWNLOAD_DELAY")))
        known["concurrency"] = 1
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.concurrency = known["delay"], 1


def _rules(origin: str, response: Response) -> Protego | BadInput:
    if 200 <= response.status < 300:
        return Protego.parse(response.body[:MAX_BYTES].decode("utf-8-sig", "ignore"))
    if response.status >= 500 or response.status == 429:
        return _unreachable(origin, f"It answers HTTP {response.status}.")
    return Protego.parse("")


def _unreachable(origin: str, why: str) -> BadInput:
    return BadInput(
        Reason.UNREACHABLE, f"{origin}/robots.txt cannot be read, so nothing of it may be read for now. {why}"
    )
