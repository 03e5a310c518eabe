"""Asks many requests at once, each of them paid for at most once: the ledger is written before and after every call.

A bad answer costs its own request. An endpoint that answers nobody (refused connection, wrong key, unknown model, or failures
in a row) ends the whole call, after the requests under way were let finish: they are paid for. A used-up budget ends it,
too, but as a state: what was not asked waits.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt

from trending_assets.failures import PermanentFailure, TransientFailure, TrendingError
from trending_assets.raw.retrying import LONGEST_WAIT, full_jitter
from trending_assets.scoring.client import (
    NO_ANSWERS,
    RETRIED,
    Answer,
    Failure,
    OnResult,
    Reply,
    Request,
    Result,
    body_of,
    most_tokens,
    open_client,
    send,
)
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.group_commit import GroupCommit
from trending_assets.scoring.ledger import (
    Call,
    Go,
    Ledger,
    NoBudget,
    Operation,
    Outcome,
    Reserve,
    Settle,
    Taken,
)
from trending_assets.scoring.lookup import Lookup, can_look_up
from trending_assets.scoring.pace import Pace
from trending_assets.scoring.prices import NANO, price_bound, price_of
from trending_assets.scoring.processes import is_alive
from trending_assets.scoring.schema import Task

if TYPE_CHECKING:
    from openai import AsyncOpenAI

BREAKER = 20
"""So many requests in a row without any answer, after their retries, and the endpoint counts as down.

Twice as many as are under way at once where that is more: requests that are tried again end later than those that are not.
"""
FIRST_POLL, LONGEST_POLL = 0.02, 2.0
"""Seconds between two looks at a call of another run, and at the budget."""


@dataclass(frozen=True)
class Purpose:
    """What calls are made for: the lake and its partition. Spend is told by it."""

    lake: str = ""
    partition: str = ""


def from_record(call: Call) -> Result:
    """The result that a settled call stands for; it costs nothing now."""
    used = {"tokens_in": call.tokens_in, "tokens_cached": call.tokens_cached, "tokens_out": call.tokens_out}
    model = call.answered_by or call.model
    if call.state == "answered":
        return Answer(model, **used, response=call.response, cost=call.cost, fresh=False)
    return Failure(call.kind, call.detail, call.response, model, **used, cost=call.cost, fresh=False)


def settled(call_id: str, reply: Reply, endpoint: Endpoint, reserved: int, batch: bool = False) -> Settle:
    """What the ledger keeps of a reply. Where a paid one tells no tokens, it counts as what was reserved for it."""
    result = reply.result
    cost, charged = _cost(endpoint, reply, reserved, batch) if reply.paid else (0, 0)
    used = (cost, charged, result.model, result.tokens_in, result.tokens_cached, result.tokens_out)
    if isinstance(result, Answer):
        return Settle(call_id, "answered", "", "", *used, result.response)
    return Settle(call_id, "failed" if reply.paid else "unpaid", result.kind, result.reason, *used, result.payload)


def _cost(endpoint: Endpoint, reply: Reply, reserved: int, batch: bool) -> tuple[int | None, int]:
    """What a paid call cost, None where the price is unknown, and what the budget counts for it; in nano-dollars."""
    today, result = date.today(), reply.result
    price = price_of(result.model, today) or price_of(endpoint.model, today)
    if not reply.used:
        return (reserved if price else None), reserved
    used = (result.tokens_in, result.tokens_cached, result.tokens_out, batch)
    bound = price or price_bound(endpoint.model, endpoint.url, today)
    return (price.nano(*used) if price else None), bound.nano(*used)


def new_call(endpoint: Endpoint, task: Task, request: Request, purpose: Purpose, batch: str = "") -> Call:
    """The call of a request as it stands in the ledger before it is sent, with the most that it may cost."""
    bound = price_bound(endpoint.model, endpoint.url, date.today())
    most_in, most_out = most_tokens(body_of(endpoint, task, request))
    return Call(
        request.key,
        task.name,
        endpoint.model,
        task.prompt.version,
        purpose.lake,
        purpose.partition,
        mode="batch" if batch else "realtime",
        reserved=bound.nano(most_in, 0, most_out, bool(batch)),
        batch=batch,
    )


def cap_of(endpoint: Endpoint) -> int | None:
    """The day's budget in nano-dollars, None for no bound."""
    return None if endpoint.budget_usd is None else round(endpoint.budget_usd * NANO)


def over_budget(endpoint: Endpoint) -> Failure:
    """What a request is told that the day's budget does not cover."""
    reason = f"today's budget of {endpoint.budget_usd:g} US dollars does not cover it (TRENDING_LLM_DAILY_BUDGET_USD)"
    return Failure("budget", reason, "", endpoint.model)


@dataclass
class Asking:
    """One run of many requests: what its workers share."""

    client: "AsyncOpenAI"
    endpoint: Endpoint
    task: Task
    ledger: Ledger
    purpose: Purpose
    lookup: Lookup | None
    pace: Pace = field(default_factory=Pace)
    dead: TrendingError | None = None
    out_of_budget: Failure | None = None
    one_waits: asyncio.Lock = field(default_factory=asyncio.Lock)
    retries: Counter[str] = field(default_factory=Counter)
    _silent: Counter[str] = field(default_factory=Counter)

    @cached_property
    def book(self) -> GroupCommit[Operation, Outcome]:
        """The ledger, many operations a transaction."""
        return GroupCommit(self.ledger.apply)

    @property
    def cap(self) -> int | None:
        """The day's budget in nano-dollars, None for no bound."""
        return cap_of(self.endpoint)

    @property
    def free(self) -> bool:
        """True where a call costs nothing, so that asking twice does no harm."""
        price = price_bound(self.endpoint.model, self.endpoint.url, date.today())
        return not (price.input or price.output)

    async def one(self, request: Request) -> Result | None:
        """The result of one request, asked or found; None where the run ends before it was asked."""
        retrying = AsyncRetrying(
            retry=retry_if_result(lambda reply: isinstance(reply, Reply) and self._again(reply)),
            stop=stop_after_attempt(self.endpoint.max_retries + 1),
            wait=_wait,
            before_sleep=self._count_retry,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        reply: Reply | Result | None = await retrying(self._try, request)
        result = reply.result if isinstance(reply, Reply) else reply
        self._watch(result)
        return result

    def _again(self, reply: Reply) -> bool:
        unpaid = isinstance(reply.result, Failure) and not reply.paid and not reply.in_doubt
        soon = (reply.wait or 0) <= LONGEST_WAIT
        return unpaid and soon and reply.result.kind in RETRIED and self.dead is None  # type: ignore[union-attr]

    def _count_retry(self, state: RetryCallState) -> None:
        reply = state.outcome.result() if state.outcome else None
        if isinstance(reply, Reply) and isinstance(reply.result, Failure):
            self.retries[reply.result.kind] += 1

    async def _try(self, request: Request) -> Reply | Result | None:
        """One call and its two entries in the ledger, or what the ledger says instead."""
        call = new_call(self.endpoint, self.task, request, self.purpose)
        while True:
            await self.pace.turn()
            if self.dead:
                return None
            if self.out_of_budget:
                return self.out_of_budget
            outcome = await self.book(Reserve(self._dated(call), self.cap))
            if isinstance(outcome, Go):
                return await self._paid(request, replace(call, call_id=outcome.call_id))
            if isinstance(outcome, Taken):
                known = await self.outcome_of(outcome.call)
                if known is not None:
                    return known
            elif isinstance(outcome, NoBudget):
                await self._wait_for_budget(outcome, call)

    async def _paid(self, request: Request, call: Call) -> Reply:
        body = body_of(self.endpoint, self.task, request, call.call_id if self.lookup else None)
        try:
            reply = await send(self.client, self.endpoint, self.task, body)
        except TrendingError as error:
            self.dead = self.dead or error
            await self.book(Settle(call.call_id, "unpaid", "refused", str(error)))
            raise
        if reply.headers is not None:
            self.pace.heard(reply.headers, most_tokens(body)[0])
        if reply.wait and isinstance(reply.result, Failure) and reply.result.kind == "rate_limit":
            self.pace.pause(reply.wait)
        if reply.in_doubt and not self.free:
            return await self._doubted(call, reply)
        record = settled(call.call_id, reply, self.endpoint, call.reserved)
        await self.book(record)
        return replace(reply, in_doubt=False, result=replace(reply.result, cost=record.cost))

    async def _doubted(self, call: Call, reply: Reply) -> Reply:
        """A call whose answer we did not hear: look it up where the endpoint keeps answers, else leave it in doubt."""
        assert isinstance(reply.result, Failure)
        if self.lookup is not None:
            found = await self.outcome_of(call, time.time() + self.endpoint.grace)
            if found is None:
                return replace(reply, in_doubt=False)  # the endpoint has no such answer: not paid, and asked again
            if not (isinstance(found, Failure) and found.waits):
                return Reply(replace(found, fresh=True), paid=True)
        reason = f"{reply.result.reason}; it may have been paid for, so it is not asked again by itself"
        return replace(reply, result=replace(reply.result, reason=reason))

    async def outcome_of(self, call: Call, own_deadline: float | None = None) -> Result | None:
        """What became of a call that is on record: its result; None where it was not paid and may be asked (again).

        Waits while another run is at it. A call whose run died is looked up at the endpoint; where that is impossible, it
        stays in doubt, because asking again might be paying again. `own_deadline`: the call is our own, and was lost.
        """
        deadline = call.deadline if own_deadline is None else own_deadline
        for pause in _pauses():
            stands = await asyncio.to_thread(self.ledger.call, call.call_id)
            if stands is None or stands.state == "unpaid":
                return None
            if stands.state != "asked":
                return from_record(stands)
            if stands.mode == "batch":
                return Failure("batch", f"batch {stands.batch} is under way", "", self.endpoint.model)
            expired = time.time() >= deadline
            if own_deadline is not None or expired or is_alive(stands.owner) is False:
                if await self._resolved(stands, expired):
                    continue
                # An endpoint that keeps its answers may not say for a moment: it is asked a while longer.
                if time.time() >= deadline + (self.endpoint.grace if self.lookup else 0):
                    return _in_doubt(stands)
            await asyncio.sleep(pause)
        return None

    async def _resolved(self, call: Call, expired: bool) -> bool:
        """Write down what is known of a lost call; False where nothing is (yet)."""
        absent = Settle(call.call_id, "unpaid", "lost", "no answer is on record at the endpoint")
        if self.free:
            await self.book(absent)
            return True
        if self.lookup is None:
            return False
        try:
            reply = await self.lookup.find(call.call_id)
        except TransientFailure:
            return False
        if reply is not None:
            await self.book(settled(call.call_id, reply, self.endpoint, call.reserved))
        elif expired:
            await self.book(absent)
        return reply is not None or expired

    async def _wait_for_budget(self, outcome: NoBudget, call: Call) -> None:
        """Wait for calls under way to give back what they do not need; else the budget is used up."""
        end = time.monotonic() + self.endpoint.timeout + self.endpoint.grace
        may_fit = outcome.may_fit
        async with self.one_waits:  # one looks for all
            while may_fit and self.cap is not None and time.monotonic() < end and not self.out_of_budget:
                spend = await asyncio.to_thread(self.ledger.spend)
                if spend.nano + call.reserved <= self.cap:
                    return
                may_fit = spend.spent + call.reserved <= self.cap
                await asyncio.sleep(FIRST_POLL)
        self.out_of_budget = self.out_of_budget or over_budget(self.endpoint)

    def _dated(self, call: Call) -> Call:
        return replace(call, deadline=time.time() + self.endpoint.timeout + self.endpoint.grace)

    def _watch(self, result: Result | None) -> None:
        """Count requests in a row without an answer."""
        if isinstance(result, Failure) and result.kind in NO_ANSWERS and result.fresh:
            self._silent[result.kind] += 1
            if self._silent.total() >= max(BREAKER, 2 * self.endpoint.concurrency) and not self.dead:
                self.dead = _down(self.endpoint, self._silent, result)
        elif result is not None and result.fresh and not (isinstance(result, Failure) and result.waits):
            self._silent.clear()


def _pauses() -> Iterator[float]:
    """Seconds between two looks at a call that somebody else has under way: short at first, then longer."""
    pause = FIRST_POLL
    while True:
        yield pause
        pause = min(pause * 1.5, LONGEST_POLL)


def _wait(state: RetryCallState) -> float:
    """tenacity's wait: what the endpoint asks for, else full jitter."""
    reply = state.outcome.result() if state.outcome else None
    asked_for = reply.wait if isinstance(reply, Reply) else None
    return asked_for if asked_for is not None else full_jitter(state.attempt_number)


def _in_doubt(call: Call) -> Failure:
    since = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(call.deadline))
    reason = (
        f"asked before {since} by a run that ended without its answer, and the endpoint keeps no answers to look it up; it "
        "may have been paid for, so it is not asked again by itself (`trending llm --ask-again in_doubt` does)"
    )
    return Failure("in_doubt", reason, "", call.model)


def _down(endpoint: Endpoint, silent: Counter[str], last: Failure) -> TrendingError:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(silent.items()))
    text = f"The LLM at {endpoint.url} gave no answer to {silent.total()} requests in a row ({kinds}): {last.reason}"
    passes = silent.keys() & {"timeout", "connection", "rate_limit", "server_error"}
    return TransientFailure(text) if passes else PermanentFailure(text)


async def ask_realtime(
    endpoint: Endpoint, task: Task, requests: Sequence[Request], on_result: OnResult, ledger: Ledger, purpose: Purpose
) -> Counter[str]:
    """Ask everything, `endpoint.concurrency` requests at a time; each result goes to `on_result` as it comes.

    Gives the retries by kind. Raises PermanentFailure or TransientFailure, with one sentence that names the endpoint, when
    it is dead; what was answered until then has been passed on, and stands in the ledger.
    """
    queue = iter(requests)
    async with open_client(endpoint) as client:
        asking = Asking(client, endpoint, task, ledger, purpose, None)
        if not asking.free and await can_look_up(client):
            asking.lookup = Lookup(client, endpoint, task)

        async def worker() -> None:
            for request in queue:
                if asking.dead:
                    return
                try:
                    result = await asking.one(request)
                except TrendingError as error:
                    asking.dead = asking.dead or error
                    return
                if result is not None:
                    on_result(request, result)

        await asyncio.gather(*(worker() for _ in range(min(endpoint.concurrency, len(requests)))))
    if asking.dead:
        raise asking.dead
    return asking.retries
