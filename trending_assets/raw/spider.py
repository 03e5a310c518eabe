"""The one spider: feeds of every day, then (for review pages) the pages of what is new. Only crawl.py imports this."""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime
from typing import Any

import scrapy
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from trending_assets.failures import is_transient_status
from trending_assets.raw.clock import MEMENTO, accept_datetime, is_past, past_refusal
from trending_assets.raw.feeds import BadItem, Item, host_of, is_complete, parse_feed, parse_opml
from trending_assets.raw.first_seen import first_day_wanted, first_seen, start_of
from trending_assets.raw.job import CrawlJob
from trending_assets.raw.review_page import Review, parse_review

MAX_PAGES = 500
"""Pages of one feed on one day; a feed that never ends fails instead of running for ever."""
RETRIES = 4

Line = dict[str, Any]
Place = tuple[str, int, int]
"""Where an item stood: feed, page, position. The first place wins, whatever order the answers came in."""


class DocumentSpider(scrapy.Spider):
    """Crawls one job and hands each result line to `write`."""

    name = "documents"

    def __init__(self, job: CrawlJob, write: Callable[[Line], None], say: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job, self.write, self.say = job, write, say
        self.pending = 0
        self.failed = False
        self.finished = False
        self.pages_read = 0
        self.lists: set[tuple[date, str]] = set()
        self.items: dict[date, dict[str, tuple[Place, Item, str]]] = {day: {} for day in job.days}
        self.bad: dict[date, dict[tuple[str, str], BadItem]] = {day: {} for day in job.days}
        self.bad_outside: dict[date, set[tuple[str, str]]] = {day: set() for day in job.days}
        self.counts: dict[date, dict[str, int]] = {}

    async def start(self) -> AsyncIterator[Any]:
        first: list[Request] = []
        for day in self.job.days:
            first += [self._ask(url, day, self.on_opml) for url in self.job.opml]
            first += [request for url in self.job.feeds if (request := self._feed(url, day))]
        for request in first:
            yield request
        if not first:
            for line in self._feeds_done():
                yield line

    def _ask(self, url: str, day: date, callback: Callable[..., Any], **more: Any) -> Request:
        self.pending += 1
        return Request(
            url,
            callback=callback,
            errback=self.on_error,
            headers={"Accept-Datetime": accept_datetime(day)},
            dont_filter=True,
            cb_kwargs={"day": day, **more},
        )

    def _feed(self, url: str, day: date) -> Request | None:
        if (day, url) in self.lists:
            return None
        self.lists.add((day, url))
        return self._ask(url, day, self.on_feed, feed=url, page=1)

    def _stop(self, sentence: str, permanent: bool) -> CloseSpider:
        """Note the first failure and give the exception that ends the crawl."""
        if not self.failed:
            self.failed = True
            self.write({"type": "failure", "permanent": permanent, "message": sentence})
        return CloseSpider("failed")

    def _checked(self, response: Response, day: date) -> None:
        if is_past(day, self.job.today) and MEMENTO not in response.headers:
            raise self._stop(past_refusal(f"{host_of(response.url)} (raw/{self.job.source})", day), True)

    def _again(self, response: Response, what: str, error: str, permanent: bool = True) -> Request:
        """The same request once more; ends the crawl when its retries are used up."""
        assert response.request is not None
        again = get_retry_request(response.request, spider=self, reason=error, max_retry_times=RETRIES)
        if again is None:
            raise self._stop(f"raw/{self.job.source}: {what} {response.url} cannot be read: {error}.", permanent)
        return again

    def on_opml(self, response: Response, day: date) -> Iterator[Any]:
        """An OPML list names feeds."""
        self._checked(response, day)
        try:
            feeds = parse_opml(response.body)
        except ValueError as error:
            yield self._again(response, "the OPML list", str(error))
            return
        for url in feeds:
            request = self._feed(url, day)
            if request:
                yield request
        yield from self._one_done()

    def on_feed(self, response: Response, day: date, feed: str, page: int) -> Iterator[Any]:
        """A feed page gives items, and the next page while the items are young enough."""
        self._checked(response, day)
        # where the length was declared, Scrapy has refused a shorter body already
        if "Content-Length" not in response.headers and not is_complete(response.body):
            yield self._again(response, "the feed", "its body is cut off before the end", permanent=False)
            return
        try:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            parsed = parse_feed(response.body, response.url, content_type)
        except ValueError as error:
            yield self._again(response, "the feed", str(error))
            return
        sha = hashlib.sha256(response.body).hexdigest()
        for place, item in enumerate(parsed.items):
            at = (feed, page, place)
            held = self.items[day].get(item.url)
            if held is None or at < held[0]:
                self.items[day][item.url] = (at, item, sha)
        low = start_of(first_day_wanted(day, self._partitions(), self.job.late_days))
        for broken in parsed.bad:
            key = (broken.url, broken.payload_sha256)
            if broken.published_at is None or broken.published_at.date() == day:
                self.bad[day][key] = broken
            else:
                self.bad_outside[day].add(key)
        self._progress("feed pages")
        times = [item.published_at for item in parsed.items if item.published_at]
        if parsed.next_url and not (times and min(times) < low):
            if page >= MAX_PAGES:
                raise self._stop(
                    f"raw/{self.job.source}: the feed {feed} has more than {MAX_PAGES} pages for {day}.", True
                )
            yield self._ask(parsed.next_url, day, self.on_feed, feed=feed, page=page + 1)
        yield from self._one_done()

    def _partitions(self) -> set[date]:
        return set(self.job.partitions) | set(self.job.days)

    def _progress(self, what: str) -> None:
        self.pages_read += 1
        if self.pages_read % 200 == 0:
            self.say(f"{self.job.source}: {self.pages_read} {what} read")

    def _one_done(self) -> Iterator[Any]:
        self.pending -= 1
        if self.pending == 0:
            yield from self._feeds_done()

    def _feeds_done(self) -> Iterator[Any]:
        """All feeds of all days are read: decide what is new, and write it or ask for its pages."""
        partitions = self.job.partitions
        visible: dict[date, dict[str, datetime | None]] = {
            day: {url: item.published_at for url, (_, item, _) in found.items()} for day, found in self.items.items()
        }
        chosen = first_seen(visible, partitions, self.job.late_days)
        new = 0
        for day, selection in chosen.items():
            self.counts[day] = {
                "seen": len(self.items[day]) + len(self.bad[day]) + len(self.bad_outside[day]),
                "kept": 0,
                "quarantined": 0,
                "already_seen": len(selection.already_seen),
                "outside": len(selection.outside) + len(self.bad_outside[day]),
            }
            for broken in self.bad[day].values():
                self._quarantine(day, broken.url, broken.reason, broken.payload, broken.payload_sha256)
            new += len(selection.new)
        self.say(f"{self.job.source}: feeds read, {new} new documents over {len(chosen)} days")
        for day, selection in chosen.items():
            for url in selection.new:
                _, item, sha = self.items[day][url]
                if self.job.kind == "feed":
                    self._document(day, item, sha, None)
                else:
                    yield self._ask(url, day, self.on_page, item=item)
        self.finished = True

    def on_page(self, response: Response, day: date, item: Item) -> None:
        """A page becomes a document, or a row in quarantine with the reason."""
        self._checked(response, day)
        self.pending -= 1
        self._progress("pages")
        sha = hashlib.sha256(response.body).hexdigest()
        markup = getattr(response, "text", None)
        try:
            if not isinstance(markup, str):
                raise ValueError("The page is no text.")
            self._document(day, item, sha, parse_review(markup))
        except ValueError as error:
            self._quarantine(day, item.url, str(error), _start_of(response.body), sha)

    def on_error(self, failure: Failure) -> None:
        """A request that ended without an answer to read, after Scrapy's own retries."""
        request: Request = failure.request  # type: ignore[attr-defined]
        day, page = request.cb_kwargs["day"], request.callback == self.on_page
        url = request.cb_kwargs["item"].url if page else request.url
        where = f"raw/{self.job.source}: {host_of(url)}"
        if failure.check(HttpError):
            response = failure.value.response  # type: ignore[union-attr]
            if is_transient_status(response.status):
                raise self._stop(f"{where} answers HTTP {response.status} for {url} after {RETRIES} retries.", False)
            if not page:
                raise self._stop(f"{where} answers HTTP {response.status} for the feed {url}.", True)
            self._checked(response, day)
            self.pending -= 1
            sha = hashlib.sha256(response.body).hexdigest()
            reason = f"The page answers HTTP {response.status}."
            self._quarantine(day, url, reason, _start_of(response.body), sha)
        elif failure.check(IgnoreRequest):
            if not page:
                raise self._stop(f"{where} forbids {url} in its robots.txt.", True)
            self.pending -= 1
            self._quarantine(day, url, "The site's robots.txt forbids the page.", "", hashlib.sha256(b"").hexdigest())
        else:
            why = " ".join(failure.getErrorMessage().split())[:200] or failure.type.__name__
            raise self._stop(f"{where} cannot be reached for {url} after {RETRIES} retries: {why}.", False)

    def _document(self, day: date, item: Item, sha: str, review: Review | None) -> None:
        self.counts[day]["kept"] += 1
        published = item.published_at or start_of(day)
        if review and review.published_at and review.published_at.date() <= day:
            published = review.published_at
        self.write(
            {
                "type": "document",
                "date": day.isoformat(),
                "url": item.url,
                "site": host_of(item.url),
                "kind": self.job.document_kind,
                "author": (review.author if review else None) or item.author,
                "published_at": published.isoformat(),
                "headline": (review.headline if review else None) or item.headline,
                "text": review.text if review else item.text,
                "rating": review.rating if review else item.rating,
                "rating_max": review.rating_max if review else item.rating_max,
                "language": (review.language if review else None) or item.language,
                "work_title": review.work_title if review else None,
                "work_year": review.work_year if review else None,
                "work_media_type": review.work_media_type if review else None,
                "payload_sha256": sha,
            }
        )

    def _quarantine(self, day: date, url: str, reason: str, payload: str, sha: str) -> None:
        self.counts[day]["quarantined"] += 1
        self.write(
            {
                "type": "quarantine",
                "date": day.isoformat(),
                "source": f"raw/{self.job.source}",
                "url": url,
                "reason": reason,
                "payload_sha256": sha,
                "payload": payload,
            }
        )

    def closed(self, reason: str) -> None:
        """The last lines: the counts of every day, or a failure when something was lost on the way."""
        if self.failed:
            return
        if reason != "finished" or not self.finished or self.pending:
            self._stop(
                f"raw/{self.job.source}: the crawl ended early ({reason}, {self.pending} answers missing).", True
            )
            return
        for day, counts in self.counts.items():
            self.write({"type": "day", "date": day.isoformat(), **counts})


def _start_of(body: bytes) -> str:
    return body[:8000].decode("utf-8", "replace").replace("\x00", "")[:2000]
