"""An httpx client for an API: asks for a day, keeps a rate, retries what may pass, and keeps keys out of logs and errors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from trending_assets.failures import BadInput, PermanentFailure, Reason, TransientFailure, is_transient_status
from trending_assets.raw.clock import accept_datetime, check_memento, today_utc
from trending_assets.raw.retrying import LONGEST_WAIT, Circuit, RetryBudget, full_jitter, retry_after
from trending_assets.raw.tmdb.gunzip import Gunzip
from trending_assets.raw.tmdb.pace import Rate

ATTEMPTS = 6
"""Tries of one request."""
SPARE_RETRIES = 20.0
"""Retries to start with, besides a share of the requests."""
FAILURES_IN_A_ROW, LEFT_ALONE = 50, 3600.0
"""Failed tries in a row after which the service is left alone, and for how long (seconds): longer than a run takes."""


@dataclass(frozen=True)
class Bounds:
    """The most that one try may take: bytes on the wire, bytes once unpacked, seconds."""

    wire: int = 2_000_000
    unpacked: int = 5_000_000
    seconds: float = 60.0


BOUNDS = Bounds()

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Sink(Protocol[T_co]):
    """What takes the unpacked bytes of one try. `done` may raise BadInput; `payload` is what quarantine keeps then."""

    def feed(self, piece: bytes) -> None: ...
    def done(self) -> T_co: ...
    def payload(self) -> bytes: ...


class Body:
    """A sink that keeps the bytes, without the `secret` where the other side repeats it."""

    def __init__(self, secret: bytes = b"") -> None:
        self.secret = secret
        self.parts: list[bytes] = []

    def feed(self, piece: bytes) -> None:
        self.parts.append(piece)

    def payload(self) -> bytes:
        body = b"".join(self.parts)
        return body.replace(self.secret, b"[key]") if self.secret else body

    def done(self) -> Any:
        return self.payload()


class BadAnswer(BadInput):
    """One request without a usable answer, after all retries. `payload` is what came, as far as it was read."""

    def __init__(self, reason: Reason, sentence: str, payload: bytes = b"") -> None:
        super().__init__(reason, sentence)
        self.payload = payload


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A complete answer: what the sink made of it for status 200, None for one of the expected other statuses."""

    status: int
    made: T | None


@dataclass
class Stats:
    """What a client did so far. Bytes are those on the wire, seconds those spent waiting for the rate limit."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    rate_limit_seconds: float = 0.0

    def since(self, before: "Stats") -> dict[str, int | float]:
        """What was added since a copy was taken."""
        return {
            "requests": self.requests - before.requests,
            "retries": self.retries - before.retries,
            "bytes": self.bytes - before.bytes,
            "rate_limit_seconds": round(self.rate_limit_seconds - before.rate_limit_seconds, 3),
        }


@dataclass
class Client:
    """Requests to one service. `name` is what errors call it; `params` carries a key and is never printed."""

    http: httpx.AsyncClient = field(repr=False)
    name: str
    params: dict[str, str] = field(repr=False)
    today: date
    rate: Rate
    slots: asyncio.Semaphore  # httpx's own pool slows down when thousands wait in it
    secret: bytes = field(default=b"", repr=False)
    stats: Stats = field(default_factory=Stats)
    budget: RetryBudget = field(default_factory=lambda: RetryBudget(SPARE_RETRIES))
    circuit: Circuit = field(default_factory=lambda: Circuit(FAILURES_IN_A_ROW, LEFT_ALONE))
    last_failure: str = ""

    async def get(
        self,
        url: str,
        day: date,
        sink: Callable[[], Sink[T]],
        params: Mapping[str, str] | None = None,
        expected: Sequence[int] = (),
        dated: bool = True,
        most: Bounds = BOUNDS,
    ) -> Answer[T]:
        """The answer for the end of `day`, read into a sink of its own at every try.

        `expected` statuses are returned, all others but 200 raise. `dated=False` is for addresses that name their day.
        Raises BadAnswer where this request has no usable answer, TransientFailure where the service fails as a whole,
        PermanentFailure where it refuses the key, redirects or cannot show a past day.
        """
        self.budget.earn()
        answer: Answer[T] | None = None
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(lambda e: isinstance(e, BadAnswer) and e.reason.transient),
            stop=self._give_up,
            wait=lambda state: full_jitter(state.attempt_number),
            reraise=True,
        ):
            with attempt:
                async with self.slots:
                    await self._turn()
                    if self.circuit.open:
                        raise self._left_alone()
                    answer = await self._try(url, day, sink, params or {}, expected, dated, most)
        assert answer is not None
        return answer

    def _give_up(self, state: RetryCallState) -> bool:
        """tenacity's stop: after the last try, or where the budget holds no retry."""
        if state.attempt_number >= ATTEMPTS or not self.budget.spend():
            return True
        self.stats.retries += 1
        return False

    async def _turn(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            wait = self.rate.take(clock())
            self.stats.rate_limit_seconds += wait
            if wait:
                await asyncio.sleep(wait)
            if clock() + 0.001 >= self.rate.resumes:  # else a pause began meanwhile
                return

    def _left_alone(self) -> TransientFailure:
        return TransientFailure(
            f"{self.name} failed {self.circuit.most} times in a row and is left alone until later: {self.last_failure}"
        )

    async def _try(
        self,
        url: str,
        day: date,
        sink: Callable[[], Sink[T]],
        params: Mapping[str, str],
        expected: Sequence[int],
        dated: bool,
        most: Bounds,
    ) -> Answer[T]:
        self.stats.requests += 1
        where = f"{self.name} at {url}"  # never with the query: it carries the key
        try:
            async with (
                asyncio.timeout(most.seconds),
                self.http.stream(
                    "GET",
                    url,
                    params={**params, **self.params} or None,
                    headers={"Accept-Datetime": accept_datetime(day)},
                ) as response,
            ):
                answer = await self._read(response, where, sink(), expected, most)
            if dated and answer.status == 200:
                check_memento(response.headers, f"{self.name} ({httpx.URL(url).host})", day, self.today)
        except BadAnswer as error:
            failure = error
        except (TimeoutError, httpx.TimeoutException):
            failure = BadAnswer(Reason.TIMEOUT, f"{where} does not answer in time.")
        except httpx.RemoteProtocolError:
            failure = BadAnswer(Reason.CUT_OFF, f"{where} ends its answer too early.")
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise PermanentFailure(f"{where} has no http(s) address. Check the settings.") from None
        except httpx.HTTPError as error:
            failure = BadAnswer(Reason.UNREACHABLE, f"{where} cannot be reached: {type(error).__name__}.")
        else:
            self.circuit.note(failed=False)
            return answer
        if not failure.reason.transient:
            self.circuit.note(failed=False)
            raise failure from None
        self.circuit.note(failed=True)
        self.last_failure = str(failure)
        raise (self._left_alone() if self.circuit.open else failure) from None

    async def _read(
        self, response: httpx.Response, where: str, sink: Sink[T], expected: Sequence[int], most: Bounds
    ) -> Answer[T]:
        status = response.status_code
        if 300 <= status < 400:
            raise PermanentFailure(f"{where} redirects (HTTP {status}), which an API does not. Check its address.")
        if status in (401, 403) and status not in expected:
            raise PermanentFailure(f"{where} refuses the request (HTTP {status}). Check the key or the terms.")
        if status in expected:
            return Answer(status, None)
        if status != 200:
            self._respect(where, response)
            reason = Reason.HTTP_TRANSIENT if is_transient_status(status) else Reason.HTTP_ERROR
            raise BadAnswer(reason, f"{where} answers HTTP {status}.", await self._start(response, where))
        try:
            await self._unpack(response, where, sink, most)
            return Answer(status, sink.done())
        except BadInput as error:
            raise BadAnswer(error.reason, str(error), sink.payload()) from None

    def _respect(self, where: str, response: httpx.Response) -> None:
        """Let every request wait as long as the other side asks for. Raises TransientFailure where that is too long."""
        seconds = retry_after(response.headers) if is_transient_status(response.status_code) else None
        if seconds is None:
            return
        if seconds > LONGEST_WAIT:
            raise TransientFailure(
                f"{where} answers HTTP {response.status_code} and asks to wait {seconds:.0f} seconds. Try again later.",
                seconds,
            )
        self.rate.pause(asyncio.get_running_loop().time(), seconds)

    async def _start(self, response: httpx.Response, where: str) -> bytes:
        """The first bytes of an error's body."""
        unzip, start = Gunzip(where, 1_000_000), Body(self.secret)
        with suppress(BadInput):
            async for part in response.aiter_raw():
                self.stats.bytes += len(part)
                start.parts += unzip.feed(part)
                if unzip.size > 8000:
                    break
        return start.payload()

    async def _unpack(self, response: httpx.Response, where: str, sink: Sink[Any], most: Bounds) -> None:
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding not in ("gzip", "x-gzip", "identity"):
            raise BadInput(Reason.ENCODING, f"{where} packs its answer as {encoding[:20]!r}, which nobody asked for.")
        # Two layers: a gzip file that is gzipped once more on its way.
        outer, inner, size = Gunzip(where, most.unpacked), Gunzip(where, most.unpacked), 0
        async for part in response.aiter_raw():
            size += len(part)
            self.stats.bytes += len(part)
            if size > most.wire:
                raise BadInput(Reason.TOO_LARGE, f"{where} sends more than {most.wire:,} bytes.")
            for piece in outer.feed(part):
                for unpacked in inner.feed(piece):
                    sink.feed(unpacked)
        for piece in outer.done():
            for unpacked in inner.feed(piece):
                sink.feed(unpacked)
        for unpacked in inner.done():
            sink.feed(unpacked)


@asynccontextmanager
async def client(
    name: str,
    *,
    user_agent: str,
    proxy: str | None = None,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    secret: str = "",
    concurrency: int = 4,
    per_second: float = 10.0,
    today: date | None = None,
) -> AsyncIterator[Client]:
    """A client for one service; closes its connections at the end. `secret` is the key, to keep it out of quarantine."""
    for logger in ("httpx", "httpcore"):  # they log whole addresses, and TMDb's v3 key is part of one
        logging.getLogger(logger).setLevel(logging.WARNING)
    async with httpx.AsyncClient(
        proxy=proxy,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip", **(headers or {})},
        timeout=httpx.Timeout(30.0, pool=None),
        limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
        follow_redirects=False,
    ) as http:
        rate = Rate(per_second, max(1.0, per_second / 4))
        slots = asyncio.Semaphore(concurrency)
        yield Client(http, name, dict(params or {}), today or today_utc(), rate, slots, secret.encode())


async def gather(jobs: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Results of all jobs in their order. The first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
