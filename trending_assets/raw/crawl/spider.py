"""What every spider of this project does: asks for a day, accounts for every input, and says how the crawl went."""

from collections.abc import Callable
from datetime import date
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from trending_assets import quarantine
from trending_assets.failures import BadInput, is_transient_status
from trending_assets.raw.clock import MEMENTO, accept_datetime, is_past, past_refusal
from trending_assets.raw.crawl.effort import bounded
from trending_assets.raw.crawl.job import CrawlJob, Validators
from trending_assets.raw.crawl.outcomes import Refused, bad_input, bad_status
from trending_assets.raw.crawl.retries import RETRIES, again
from trending_assets.raw.plain_text import decode

Line = dict[str, Any]
NOT_MODIFIED = 304
REREADS = 2
"""A listing of the wrong format is asked for so many times more: it may have been spoiled on its way."""


class Spider(scrapy.Spider):
    """Crawls one job and hands each result line to `write`. A subclass gives `start`, and `unreadable` for what fails."""

    name = "trending"

    def __init__(self, job: CrawlJob, write: Callable[[Line], None], say: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job, self.write, self.say = job, write, say
        self.failed = False
        self.counts: dict[date, dict[str, int]] = {}
        self.reasons: dict[date, dict[str, int]] = {day: {} for day in job.days}
        self._pages = 0

    def ask(self, url: str, day: date, callback: Callable[..., Any], listing: bool = False, **more: Any) -> Request:
        """A request for the end of a day; a listing carries what the day before gave to ask with again."""
        headers = {"Accept-Datetime": accept_datetime(day)}
        meta: dict[str, Any] = {}
        known = self.job.validators.get(day, {}).get(url) if listing else None
        if known is not None:
            headers |= {"If-None-Match": known.etag} if known.etag else {}
            headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
            meta["handle_httpstatus_list"] = [NOT_MODIFIED]
        return Request(
            url,
            callback=callback,
            errback=self.on_error,
            headers=headers,
            dont_filter=True,
            meta=meta,
            cb_kwargs={"day": day, **more},
        )

    def unreadable(self, request: Request, error: BadInput, body: bytes) -> Any:
        """Account for a request whose answer became nothing; may yield requests."""
        raise NotImplementedError

    def parsed(self, parse: Callable[..., Any], *arguments: Any) -> Any:
        """What a parser makes of one input. Raises BadInput, whatever the parser does."""
        return bounded(self.job.manners.parse_seconds, parse, *arguments)

    def check_proxy(self, request: Request, error: BadInput) -> None:
        """End the crawl where the proxy itself refuses: nothing else can be read either."""
        if self.job.manners.proxy and isinstance(error, Refused):
            host = urlparse_cached(request).hostname
            raise self.stop(
                f"raw/{self.job.source}: {host} cannot be reached: the proxy refuses the connection.", False
            )

    def stop(self, sentence: str, permanent: bool) -> CloseSpider:
        """Note the first failure of the crawl as a whole, and give the exception that ends it."""
        if not self.failed:
            self.failed = True
            self.write({"type": "failure", "permanent": permanent, "message": sentence})
        return CloseSpider("failed")

    def check_day(self, response: Response, day: date) -> None:
        """End the crawl where a past day was asked for and the server answered with today's."""
        if is_past(day, self.job.today) and MEMENTO not in response.headers:
            host = urlparse_cached(response).hostname
            raise self.stop(past_refusal(f"{host} (raw/{self.job.source})", day), True)

    def once_more(self, response: Response, error: BadInput) -> Request | None:
        """The request again, for an answer that came whole and yet cannot be read; None after the last retry."""
        request = response.request
        assert request is not None
        attempt = request.meta.get("retry_times", 0) + 1
        return again(request, attempt) if attempt <= (RETRIES if error.reason.transient else REREADS) else None

    @staticmethod
    def asked_url(request: Request | None) -> str:
        """The address that was asked for, whatever it redirected to."""
        assert request is not None
        return str(request.meta.get("redirect_urls", [request.url])[0])

    def markup(self, response: Response) -> str:
        """The answer as text, whatever charset it says or has."""
        return self.parsed(decode, response.body, self.content_type(response))  # type: ignore[no-any-return]

    @staticmethod
    def content_type(response: Response) -> str:
        """The answer's Content-Type as text; empty where it has none."""
        return (response.headers.get("Content-Type") or b"").decode("latin-1")

    def note_listing(self, response: Response, day: date, url: str) -> None:
        """Write down what the server gave to ask with again, for the next day."""
        etag, modified = (self._header(response, name) for name in ("ETag", "Last-Modified"))
        if response.status == NOT_MODIFIED:
            before = self.job.validators[day][url]
            etag, modified = etag or before.etag, modified or before.last_modified
        if etag or modified:
            known = Validators(etag=etag, last_modified=modified)
            self.write({"type": "listing", "date": day.isoformat(), "url": url, **known.model_dump()})

    @staticmethod
    def _header(response: Response, name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1")[:500] if value else None

    def set_aside(self, day: date, row: quarantine.Row) -> None:
        """Write a row for the quarantine."""
        self.counts[day]["quarantined"] += 1
        reason = row["reason"]
        self.reasons[day][reason] = self.reasons[day].get(reason, 0) + 1
        self.write({"type": "quarantine", "date": day.isoformat(), **row})

    def progress(self, what: str) -> None:
        """Count an answer, and say so now and then."""
        self._pages += 1
        if self._pages % 200 == 0:
            self.say(f"{self.job.source}: {self._pages:,} {what} read")

    def on_error(self, failure: Failure) -> Any:
        """A request that ended without an answer to read, after its retries."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if failure.check(HttpError):
            response: Response = failure.value.response  # type: ignore[union-attr]
            if not is_transient_status(response.status):
                self.check_day(response, request.cb_kwargs["day"])
            return self.unreadable(request, bad_status(response.status), response.body)
        error = bad_input(failure.value)  # type: ignore[arg-type]
        self.check_proxy(request, error)
        return self.unreadable(request, error, b"")

    def finish(self) -> None:
        """Write the last lines: the counts of every day, with what the transport counted."""
        stats = self.crawler.stats
        assert stats is not None
        for day, counts in self.counts.items():
            moved = {name: stats.get_value(f"{name}/{day}", 0) for name in ("requests", "bytes", "retries")}
            self.write({"type": "day", "date": day.isoformat(), **counts, **moved, "reasons": self.reasons[day]})
        kept = min((found for host in self._hosts() if (found := self._kept(host))), default=None)
        if kept is not None:
            self.write({"type": "delay", "host": kept[3], "asked": kept[2], "smallest": kept[1]})

    def _hosts(self) -> list[str]:
        stats = self.crawler.stats.get_stats()  # type: ignore[union-attr]
        return sorted(name.removeprefix("gap/") for name in stats if name.startswith("gap/"))

    def _kept(self, host: str) -> tuple[float, float, float, str] | None:
        """(share of the delay that was kept at least, smallest gap, delay, host) of a host that was asked twice."""
        gap = self.crawler.stats.get_value(f"gap/{host}")  # type: ignore[union-attr]
        known = self.crawler.engine.downloader.per_slot_settings.get(host, {})  # type: ignore[union-attr]
        asked = float(known.get("delay", self.job.manners.delay))
        return (gap / asked, gap, asked, host) if asked > 0 else None
