"""An httpx client that asks for a day, retries what may pass, and keeps keys out of logs and errors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
import stamina

from trending_assets.failures import PermanentFailure, TransientFailure, is_transient_status
from trending_assets.raw.clock import accept_datetime, check_memento, today_utc

ATTEMPTS = 6
PATIENCE = 120.0
"""Seconds after which a request and its retries are given up."""
LONGEST_WAIT = 60.0
"""A longer Retry-After than this is not waited for: the run fails and is tried again later."""

T = TypeVar("T")


def retry_after(headers: Mapping[str, str], date_header: str | None = None) -> float | None:
    """Seconds of a Retry-After header, which is a number or an HTTP-date (then counted from the answer's own Date)."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        now = parsedate_to_datetime(date_header or headers.get("date") or "")
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _wait(error: Exception) -> bool | float:
    """stamina's backoff hook: retry transient failures, after the other side's own delay where it named one."""
    if not isinstance(error, TransientFailure):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False


@dataclass
class Answer:
    """A complete answer. `status` is 200 or one that the caller expected."""

    status: int
    body: bytes
    headers: httpx.Headers


@dataclass
class Client:
    """Requests to one service. `name` is what errors call it; `params` carries a key and is never printed."""

    http: httpx.AsyncClient
    name: str
    params: dict[str, str]
    today: date
    max_bytes: int
    slots: asyncio.Semaphore  # httpx's own pool slows down when thousands wait in it

    async def get(
        self,
        url: str,
        day: date,
        params: Mapping[str, str] | None = None,
        expected: Sequence[int] = (),
        dated: bool = True,
    ) -> Answer:
        """The answer for the end of `day`. Statuses of `expected` are returned, all others but 200 raise.

        `dated=False` is for addresses that name their day themselves. Raises TransientFailure after all retries, or
        PermanentFailure for a refusal, an answer that is too large, or one that cannot show a past day.
        """
        answer: Answer | None = None
        async for attempt in stamina.retry_context(
            on=_wait, attempts=ATTEMPTS, timeout=PATIENCE, wait_initial=0.1, wait_max=10.0, wait_jitter=0.2
        ):
            with attempt:
                async with self.slots:
                    answer = await self._once(url, day, params or {}, expected)
        assert answer is not None
        if dated and answer.status == 200:
            check_memento(answer.headers, f"{self.name} ({httpx.URL(url).host})", day, self.today)
        return answer

    async def _once(self, url: str, day: date, params: Mapping[str, str], expected: Sequence[int]) -> Answer:
        where = f"{self.name} at {url}"  # never with the query: it carries the key
        try:
            async with self.http.stream(
                "GET", url, params={**params, **self.params} or None, headers={"Accept-Datetime": accept_datetime(day)}
            ) as response:
                status = response.status_code
                if status != 200 and status not in expected:
                    self._refused(where, response)
                parts, size = list[bytes](), 0
                async for part in response.aiter_bytes():
                    size += len(part)
                    if size > self.max_bytes:
                        raise PermanentFailure(f"{where} sends more than {self.max_bytes:,} bytes.")
                    parts.append(part)
                return Answer(status, b"".join(parts), response.headers)
        except httpx.TooManyRedirects:
            raise PermanentFailure(f"{where} redirects without end.") from None
        except httpx.HTTPError as error:
            raise TransientFailure(f"{where} cannot be reached: {type(error).__name__}.") from None

    def _refused(self, where: str, response: httpx.Response) -> None:
        status = response.status_code
        if is_transient_status(status):
            raise TransientFailure(f"{where} answers HTTP {status}.", retry_after(response.headers))
        if status in (401, 403):
            raise PermanentFailure(f"{where} refuses the request (HTTP {status}). Check the key or the terms.")
        raise PermanentFailure(f"{where} answers HTTP {status}.")


@asynccontextmanager
async def client(
    name: str,
    *,
    user_agent: str,
    proxy: str | None = None,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    concurrency: int = 4,
    max_bytes: int = 50_000_000,
    today: date | None = None,
) -> AsyncIterator[Client]:
    """A client for one service; closes its connections at the end."""
    for logger in ("httpx", "httpcore"):  # they log whole addresses, and TMDb's v3 key is part of one
        logging.getLogger(logger).setLevel(logging.WARNING)
    async with httpx.AsyncClient(
        proxy=proxy,
        headers={"User-Agent": user_agent, **(headers or {})},
        timeout=httpx.Timeout(30.0, pool=None),
        limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
        follow_redirects=True,
        max_redirects=5,
    ) as http:
        yield Client(http, name, dict(params or {}), today or today_utc(), max_bytes, asyncio.Semaphore(concurrency))


async def gather(jobs: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Results of all jobs in their order. The first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
