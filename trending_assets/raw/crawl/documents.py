"""The spider of documents: the listings of every day, then (where they name pages) the pages of what is new."""

import hashlib
import importlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from trending_assets import quarantine
from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.job import DocumentJob
from trending_assets.raw.crawl.spider import NOT_MODIFIED, Spider
from trending_assets.raw.first_seen import first_day_wanted, first_seen, start_of
from trending_assets.raw.items import BadItem, Item, Listing
from trending_assets.raw.parsers import feed, html_page, link_index, schema_org, sitemap
from trending_assets.raw.sources import Address

MAX_LISTINGS = 500
"""Pages of one feed, API or sitemap on one day; what never ends is cut there, and says so."""
PAGE_KINDS = ("review_pages", "html_pages")

Place = tuple[str, int, int]
"""Where an item stood: listing, page, position. The first place wins, whatever order the answers came in."""


@dataclass
class Found:
    """An item of a listing: where it stood, what it says, and the hash of the bytes that it stood in."""

    place: Place
    item: Item
    sha: str


@dataclass
class Day:
    """What the listings of a day showed."""

    items: dict[str, Found] = field(default_factory=dict)
    bad: dict[tuple[str, str], tuple[str, BadItem]] = field(default_factory=dict)
    bad_outside: set[tuple[str, str]] = field(default_factory=set)
    unread: dict[str, quarantine.Row] = field(default_factory=dict)
    read: int = 0
    not_modified: int = 0
    dates_to_settle: set[str] = field(default_factory=set)  # addresses whose time is no more than a hint of a sitemap


class DocumentSpider(Spider):
    """Every input ends in exactly one place: a document, a row in quarantine, already seen, or outside the window."""

    name = "documents"
    job: DocumentJob

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every listing of every day."""
        self._days = {day: Day() for day in self.job.days}
        self._asked: set[tuple[date, str]] = set()
        self._pending = 0
        self._finished = False
        first = [request for day in self.job.days for a in self.job.addresses if (request := self._list(a, day))]
        for request in first:
            yield request
        if not first:
            for made in self._listings_done():
                yield made

    def _list(self, address: Address, day: date, url: str | None = None, page: int = 1) -> Request | None:
        """A request for a page of a listing; None where the day has asked for it already."""
        there = url or address.url
        if (day, there) in self._asked:
            return None
        self._asked.add((day, there))
        self._pending += 1
        callback = {"opml": self.on_opml, "sitemap": self.on_sitemap, "index": self.on_index}.get(
            address.how, self.on_items
        )
        validated = address.how != "opml" and page == 1
        return self.ask(there, day, callback, listing=validated, address=address, page=page)

    def on_opml(self, response: Response, day: date, address: Address, page: int) -> Iterator[Any]:
        """An OPML list names feeds."""
        self.check_day(response, day)
        try:
            feeds = self.parsed(feed.parse_opml, response.body)
        except BadInput as error:
            yield from self._try_again(response, error)
            return
        for url in feeds:
            request = self._list(Address.model_construct(feed=url, crawl_delay=address.crawl_delay), day)
            if request:
                yield request
        yield from self._one_done()

    def on_sitemap(self, response: Response, day: date, address: Address, page: int) -> Iterator[Any]:
        """A sitemap names pages, with the time of their last change, and further sitemaps."""
        if self._same_as_before(response, day):
            yield from self._one_done()
            return
        try:
            found = self.parsed(sitemap.parse, response.body)
        except BadInput as error:
            yield from self._try_again(response, error)
            return
        low = start_of(first_day_wanted(day, self._partitions(), self.job.late_days))
        items = [Item(url, changed, None, None, None, None) for url, changed in found.pages]
        self._days[day].dates_to_settle.update(item.url for item in items)
        for url, changed in found.children:
            if changed is None or changed >= low:
                yield from self._further(address, day, url, page)
        bad = [replace(one, url=one.url or response.url) for one in found.bad]
        # a sitemap of sitemaps says nothing of what those hold, so it is never asked for with a condition
        yield from self._take(response, day, Listing(items, bad), (address.url, page), settled=not found.children)

    def on_index(self, response: Response, day: date, address: Address, page: int) -> Iterator[Any]:
        """An HTML page of links to documents."""
        if self._same_as_before(response, day):
            yield from self._one_done()
            return
        try:
            links = self.parsed(link_index.parse, self.markup(response), response.url, address.links or "a")
        except BadInput as error:
            yield from self._try_again(response, error)
            return
        self._days[day].dates_to_settle.update(links)
        items = [Item(url, None, None, None, None, None) for url in links]
        yield from self._take(response, day, Listing(items), (address.url, page))

    def on_items(self, response: Response, day: date, address: Address, page: int) -> Iterator[Any]:
        """A page of a feed or API gives items, and the next page while the items are young enough."""
        if self._same_as_before(response, day):
            yield from self._one_done()
            return
        try:
            listing = self._listing(response, address)
        except BadInput as error:
            yield from self._try_again(response, error)
            return
        low = start_of(first_day_wanted(day, self._partitions(), self.job.late_days))
        times = [item.published_at for item in listing.items if item.published_at]
        fresh = any(item.url not in self._days[day].items for item in listing.items)  # a server may ignore the page
        if listing.next_url and fresh and not (times and times[-1] < low):  # the first may be pinned, and old
            yield from self._further(address, day, listing.next_url, page)
        yield from self._take(response, day, listing, (address.url, page))

    def _listing(self, response: Response, address: Address) -> Listing:
        if address.how == "api":
            parser = importlib.import_module(f"trending_assets.raw.parsers.{self.job.parser}")
            made: Listing = self.parsed(parser.parse, response.body, response.url)
            return made
        # where the length was declared, Scrapy has refused a shorter body already
        if "Content-Length" not in response.headers and not feed.is_complete(response.body):
            raise BadInput(Reason.CUT_OFF, "The feed is cut off before its end.")
        listing = self.parsed(feed.parse, response.body, response.url, self.content_type(response))
        return listing  # type: ignore[no-any-return]

    def _same_as_before(self, response: Response, day: date) -> bool:
        """True for 304: all that the listing shows was seen when it was read before."""
        self.check_day(response, day)
        if response.status != NOT_MODIFIED:
            return False
        self._days[day].read += 1
        self._days[day].not_modified += 1
        self.note_listing(response, day, self.asked_url(response.request))
        return True

    def _further(self, address: Address, day: date, url: str, page: int) -> Iterator[Request]:
        if page >= MAX_LISTINGS:
            sentence = f"The listing has more than {MAX_LISTINGS} pages for the day; the rest was not read."
            self._days[day].unread[url] = quarantine.row(address.url, url, Reason.TOO_LARGE, sentence, b"")
            return
        request = self._list(address, day, url, page + 1)
        if request:
            yield request

    def _take(
        self, response: Response, day: date, listing: Listing, at: tuple[str, int], settled: bool = True
    ) -> Iterator[Any]:
        """Note what a listing shows; each address once a day, from its first place.

        `settled`: what it shows is all there is, so that the next day may ask whether it changed.
        """
        state = self._days[day]
        state.read += 1
        sha = hashlib.sha256(response.body).hexdigest()
        for place, item in enumerate(listing.items):
            found = Found((*at, place), item, sha)
            held = state.items.get(item.url)
            if held is None or found.place < held.place:
                state.items[item.url] = found
        for broken in listing.bad:
            key = (broken.url, broken.payload_sha256)
            if broken.published_at is None or broken.published_at.date() == day:
                state.bad[key] = (at[0], broken)
            else:
                state.bad_outside.add(key)
        ahead = start_of(day + timedelta(days=1))
        if settled and at[1] == 1 and not any(i.published_at and i.published_at >= ahead for i in listing.items):
            self.note_listing(response, day, self.asked_url(response.request))
        self.progress("listings")
        yield from self._one_done()

    def _partitions(self) -> set[date]:
        return set(self.job.partitions) | set(self.job.days)

    def _try_again(self, response: Response, error: BadInput) -> Iterator[Any]:
        """A listing whose content is broken may be whole the next time."""
        again = self.once_more(response, error)
        if again is not None:
            yield again
            return
        assert response.request is not None
        yield from self.unreadable(response.request, error, response.body)

    def _one_done(self) -> Iterator[Any]:
        self._pending -= 1
        if self._pending == 0:
            yield from self._listings_done()

    def _listings_done(self) -> Iterator[Any]:
        """Decide what is new on each day, and write it or ask for its pages."""
        for day, state in self._days.items():
            if state.unread and not state.read:
                self._nothing_read(day, state)
                return
        visible: dict[date, dict[str, datetime | None]] = {
            day: {url: found.item.published_at for url, found in state.items.items()}
            for day, state in self._days.items()
        }
        chosen = first_seen(visible, self.job.partitions, self.job.late_days)
        for day, selection in chosen.items():
            state = self._days[day]
            self.counts[day] = {
                "seen": len(state.items) + len(state.bad) + len(state.bad_outside) + len(state.unread),
                "kept": 0,
                "quarantined": 0,
                "already_seen": len(selection.already_seen),
                "outside": len(selection.outside) + len(state.bad_outside),
                "not_modified": state.not_modified,
                "unread_listings": len(state.unread),
            }
            for row in state.unread.values():
                self.set_aside(day, row)
            for source, bad in state.bad.values():
                self.set_aside(day, quarantine.row(source, bad.url, bad.reason, bad.detail, bad.payload))
        new = sum(len(selection.new) for selection in chosen.values())
        self.say(f"{self.job.source}: listings read, {new:,} new documents over {len(chosen)} days")
        for day, selection in chosen.items():
            for url in selection.new:
                found = self._days[day].items[url]
                if self.job.kind not in PAGE_KINDS:
                    self._document(day, found.item, None, found.sha)
                    continue
                try:
                    request = self.ask(url, day, self.on_page, found=found)
                except ValueError:  # Scrapy knows addresses that no request can be made of
                    sentence = "No request can be made of the address."
                    self.set_aside(day, quarantine.row(found.place[0], url, Reason.NO_ADDRESS, sentence, url.encode()))
                    continue
                self._pending += 1
                yield request
        self._finished = True

    def _nothing_read(self, day: date, state: Day) -> None:
        row = min(state.unread.values(), key=lambda row: (not row["transient"], row["url"]))
        more = f" and {len(state.unread) - 1} more" if len(state.unread) > 1 else ""
        sentence = f"raw/{self.job.source}: nothing could be read for {day}. {row['url']}{more}: {row['detail']}"
        raise self.stop(sentence, permanent=not row["transient"])

    def unreadable(self, request: Request, error: BadInput, body: bytes) -> Iterator[Any]:
        """A listing or page that cannot be read costs one row in quarantine."""
        day, url = request.cb_kwargs["day"], self.asked_url(request)
        if "found" in request.cb_kwargs:
            self._pending -= 1
            found: Found = request.cb_kwargs["found"]
            self.set_aside(day, quarantine.row(found.place[0], found.item.url, error.reason, str(error), body))
            return
        source = request.cb_kwargs["address"].url
        self._days[day].unread[url] = quarantine.row(source, url, error.reason, str(error), body)
        yield from self._one_done()

    def on_page(self, response: Response, day: date, found: Found) -> None:
        """A page becomes one or more documents, or a row in quarantine with the reason."""
        self.check_day(response, day)
        self._pending -= 1
        self.progress("pages")
        try:
            items = self._page_items(response, found.item.url)
        except BadInput as error:
            row = quarantine.row(found.place[0], found.item.url, error.reason, str(error), response.body)
            self.set_aside(day, row)
            return
        sha = hashlib.sha256(response.body).hexdigest()
        low = start_of(first_day_wanted(day, self._partitions(), self.job.late_days))
        hinted = found.item.url in self._days[day].dates_to_settle
        self.counts[day]["seen"] += len(items) - 1
        for item in items:
            if hinted and item.published_at is not None and item.published_at < low:
                self.counts[day]["outside"] += 1  # changed lately, published long ago
            else:
                self._document(day, found.item, item, sha)

    def _page_items(self, response: Response, url: str) -> list[Item]:
        if self.job.kind == "review_pages":
            return self.parsed(schema_org.parse, self.markup(response), url)  # type: ignore[no-any-return]
        return self.parsed(html_page.parse, self.markup(response), url, self.job.selectors)  # type: ignore[no-any-return]

    def _document(self, day: date, listed: Item, page: Item | None, sha: str) -> None:
        """Write a document: what the page says, and what the listing says where the page is silent."""
        self.counts[day]["kept"] += 1
        own = page or listed
        published = listed.published_at or start_of(day)
        if page and page.published_at and page.published_at.date() <= day:
            published = page.published_at
        work = own.work
        self.write(
            {
                "type": "document",
                "date": day.isoformat(),
                "url": own.url,
                "site": urlsplit(own.url).hostname,
                "kind": self.job.document_kind,
                "author": own.author or listed.author,
                "published_at": published.isoformat(),
                "headline": own.headline or listed.headline,
                "text": own.text,
                "rating": own.rating,
                "rating_max": own.rating_max,
                "language": own.language,
                "site_language": own.site_language or listed.site_language or listed.language,
                "work_title": work.title if work else None,
                "work_year": work.year if work else None,
                "work_media_type": work.media_type if work else None,
                "work_id": work.work_id if work else None,
                "work_people": list(work.people) if work else [],
                "payload_sha256": sha,
            }
        )

    def closed(self, reason: str) -> None:
        """The last lines: the counts of every day, or a failure when something was lost on the way."""
        if self.failed:
            return
        if reason != "finished" or not self._finished or self._pending:
            self.stop(
                f"raw/{self.job.source}: the crawl ended early ({reason}, {self._pending} answers missing).", True
            )
            return
        self.finish()
