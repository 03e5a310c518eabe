"""The spider of charts: the newest edition of each at the end of every day."""

import importlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from scrapy.http import Request, Response

from trending_assets import quarantine
from trending_assets.failures import BadInput, Reason
from trending_assets.raw.crawl.job import Chart, ChartJob
from trending_assets.raw.crawl.outcomes import bad_status
from trending_assets.raw.crawl.spider import NOT_MODIFIED, Spider
from trending_assets.raw.items import Edition
from trending_assets.raw.sources import dated

_COUNTS = ("seen", "kept", "quarantined", "not_modified", "unread_listings")


class ChartSpider(Spider):
    """Every line of an edition becomes a row, or a row in quarantine."""

    name = "charts"
    job: ChartJob

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every chart of every day; where the publisher lists its charts, ask whether there is such a chart first."""
        self._pending = 0
        self._read: dict[date, int] = dict.fromkeys(self.job.days, 0)
        self._unread: dict[date, list[quarantine.Row]] = {day: [] for day in self.job.days}
        self.counts = {day: dict.fromkeys(_COUNTS, 0) for day in self.job.days}
        for day in self.job.days:
            for chart in self.job.charts:
                self._pending += 1
                if chart.address.index is None:
                    yield self._edition(chart, day)
                else:
                    yield self.ask(chart.address.index, day, self.on_index, chart=chart, back=0)

    def check_day(self, response: Response, day: date) -> None:
        """End the crawl where a past day was asked for and cannot be shown; an address that names its day shows it."""
        if not response.request.cb_kwargs["chart"].address.names_the_day:  # type: ignore[union-attr]
            super().check_day(response, day)

    def _edition(self, chart: Chart, day: date, back: int = 0) -> Request:
        url = dated(chart.address.url, day - timedelta(days=back))
        request = self.ask(url, day, self.on_edition, listing=True, chart=chart, back=back)
        expected = request.meta.get("handle_httpstatus_list", [])
        request.meta["handle_httpstatus_list"] = [*expected, 404]
        return request

    def on_index(self, response: Response, day: date, chart: Chart, back: int) -> Iterator[Any]:
        """The publisher's list of charts, {"charts": [names]}: a chart that it lacks has no rows."""
        self.check_day(response, day)
        try:
            names = json.loads(response.body)["charts"]
            there = any(str(name) == chart.name or str(name).startswith(f"{chart.name}/") for name in names)
        except (ValueError, KeyError, TypeError):
            error = BadInput(Reason.WRONG_FORMAT, "It is no list of charts of the form {'charts': […]}.")
            yield from self._again_or_aside(response, error)
            return
        if there:
            yield self._edition(chart, day)
        else:
            self._read[day] += 1
            self._pending -= 1

    def on_edition(self, response: Response, day: date, chart: Chart, back: int) -> Iterator[Any]:
        """The edition of a day, or of a day before where that one has none."""
        self.check_day(response, day)
        if response.status == NOT_MODIFIED:
            self.counts[day]["not_modified"] += 1
            self._read[day] += 1
            self._pending -= 1
            self.note_listing(response, day, self.asked_url(response.request))
            self.write({"type": "same_chart", "date": day.isoformat(), "chart": chart.name})
            return
        if response.status == 404:
            if back < chart.back_days:
                yield self._edition(chart, day, back + 1)
            elif chart.back_days:
                self._read[day] += 1  # the publisher has no edition in all these days
                self._pending -= 1
            else:
                yield from self.unreadable(response.request, bad_status(404), response.body)  # type: ignore[arg-type]
            return
        parser = importlib.import_module(f"trending_assets.raw.parsers.{chart.parser}")
        try:
            edition: Edition = self.parsed(parser.parse, response.body, chart.name, day - timedelta(days=back))
        except BadInput as error:
            yield from self._again_or_aside(response, error)
            return
        self.progress("charts")
        self._take(edition, day, response)
        self._pending -= 1

    def _take(self, edition: Edition, day: date, response: Response) -> None:
        self._read[day] += 1
        counts, places = self.counts[day], set[tuple[str, date, int]]()
        counts["seen"] += len(edition.rows) + len(edition.bad)
        for row in edition.rows:
            place = (row.chart, row.chart_date, row.rank)
            if place in places:
                sentence = f"Place {row.rank} of {row.chart} is printed twice; the first line stands."
                payload = row.title.encode("utf-8", "replace")
                self.set_aside(day, quarantine.row(response.url, response.url, Reason.BAD_ROW, sentence, payload))
                continue
            places.add(place)
            counts["kept"] += 1
            self.write(
                {"type": "chart_row", "date": day.isoformat(), **asdict(row), "chart_date": row.chart_date.isoformat()}
            )
        for bad in edition.bad:
            self.set_aside(day, quarantine.row(response.url, bad.url, bad.reason, bad.detail, bad.payload))
        self.note_listing(response, day, self.asked_url(response.request))

    def _again_or_aside(self, response: Response, error: BadInput) -> Iterator[Any]:
        again = self.once_more(response, error)
        if again is not None:
            yield again
            return
        yield from self.unreadable(response.request, error, response.body)  # type: ignore[arg-type]

    def unreadable(self, request: Request, error: BadInput, body: bytes) -> Iterator[Any]:
        """A chart that cannot be read costs one row in quarantine."""
        day, chart = request.cb_kwargs["day"], request.cb_kwargs["chart"]
        self._pending -= 1
        self.counts[day]["seen"] += 1
        self.counts[day]["unread_listings"] += 1
        row = quarantine.row(chart.name, self.asked_url(request), error.reason, str(error), body)
        self._unread[day].append(row)
        self.set_aside(day, row)
        yield from ()

    def closed(self, reason: str) -> None:
        """The last lines: the counts of every day, or a failure when nothing of a day could be read."""
        if self.failed:
            return
        if reason != "finished" or self._pending:
            self.stop(f"raw/charts: the crawl ended early ({reason}, {self._pending} answers missing).", True)
            return
        for day, rows in self._unread.items():
            if rows and not self._read[day]:
                row = min(rows, key=lambda row: (not row["transient"], row["url"]))
                self.stop(
                    f"raw/charts: nothing could be read for {day}. {row['url']}: {row['detail']}", not row["transient"]
                )
                return
        self.finish()
