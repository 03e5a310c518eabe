"""Asks by the Batch API: half the price, within a day. A batch is written down before it is made, and found again.

A run uploads what was not asked yet, waits for a while, and takes what is done. What is not done by then waits; the next run
finds the batch in the ledger (or, where a run died while it made it, in the endpoint's list) and takes its answers.
"""

import asyncio
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import orjson

from trending_assets.failures import PermanentFailure, TransientFailure, is_transient_status
from trending_assets.scoring.asking import (
    Asking,
    Purpose,
    cap_of,
    from_record,
    new_call,
    over_budget,
    settled,
)
from trending_assets.scoring.client import Failure, OnResult, Reply, Request, Result, body_of, open_client, read_answer
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.ledger import Call, Go, Ledger, NoBudget, Reserve, Settle, Taken
from trending_assets.scoring.processes import is_alive, this_process
from trending_assets.scoring.schema import Task

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import Batch

MOST_REQUESTS, MOST_BYTES = 50_000, 180_000_000
"""What one batch may hold (OpenAI: 50,000 requests and 200 MB)."""
WINDOW_SECONDS = 24 * 3600.0
LABEL = "trending_batch"
"""Name of the metadata that a batch is found again by."""
COMPLETIONS: Literal["/v1/chat/completions"] = "/v1/chat/completions"
_UNMADE = "new-"  # a batch that has no id of the endpoint yet
_ENDED = ("completed", "failed", "expired", "cancelled")
_FIRST_POLL, _LONGEST_POLL = 0.5, 60.0


async def ask_batch(
    endpoint: Endpoint, task: Task, requests: Sequence[Request], on_result: OnResult, ledger: Ledger, purpose: Purpose
) -> Counter[str]:
    """Ask everything by batches and give what is done within `endpoint.batch_wait` seconds; the rest waits.

    Raises PermanentFailure or TransientFailure where the endpoint is dead or refuses a batch.
    """
    from openai import APIStatusError, OpenAIError

    async with open_client(endpoint) as client:
        run = _Run(client, endpoint, task, ledger, purpose, on_result)
        try:
            await run.adopt()
            for part in parts(endpoint, task, requests):
                await run.submit(part)
            await run.collect({request.key: request for request in requests})
        except APIStatusError as error:
            # What the endpoint says of a wrong key may repeat a part of it, so only the status is passed on.
            kind = TransientFailure if is_transient_status(error.status_code) else PermanentFailure
            raise kind(f"The LLM at {endpoint.url} refuses a batch (HTTP {error.status_code}).") from None
        except OpenAIError as error:
            raise TransientFailure(f"The LLM at {endpoint.url} failed at a batch: {type(error).__name__}.") from None
    return Counter()


def parts(endpoint: Endpoint, task: Task, requests: Sequence[Request]) -> Iterator[list[Request]]:
    """The requests in parts that one batch may hold."""
    part, size = list[Request](), 0
    for request in requests:
        length = len(orjson.dumps(body_of(endpoint, task, request))) + 200
        if part and (len(part) == MOST_REQUESTS or size + length > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(request)
        size += length
    if part:
        yield part


@dataclass
class _Run:
    client: "AsyncOpenAI"
    endpoint: Endpoint
    task: Task
    ledger: Ledger
    purpose: Purpose
    on_result: OnResult
    given: set[str] = field(default_factory=set)

    def give(self, request: Request, result: Result) -> None:
        self.given.add(request.key)
        self.on_result(request, result)

    async def adopt(self) -> None:
        """Find the batches of runs that ended while they made them: in the endpoint's list, or never made and not paid."""
        unmade = defaultdict[str, list[Call]](list)
        for call in self.ledger.asked():
            ended = call.owner == this_process() or is_alive(call.owner) is not True
            if call.batch.startswith(_UNMADE) and ended:
                unmade[call.batch].append(call)
        if not unmade:
            return
        made = {(batch.metadata or {}).get(LABEL): batch.id async for batch in self.client.batches.list(limit=100)}
        for label, calls in unmade.items():
            if label in made:
                self.ledger.mark_batch(label, made[label])
            else:
                self.ledger.apply([Settle(c.call_id, "unpaid", "lost", "its batch was never made") for c in calls])

    async def submit(self, requests: Sequence[Request]) -> None:
        """Write the calls down, upload them and make their batch."""
        label = f"{_UNMADE}{uuid.uuid4().hex}"
        deadline = time.time() + WINDOW_SECONDS + self.endpoint.grace
        calls = [
            replace(new_call(self.endpoint, self.task, request, self.purpose, label), deadline=deadline)
            for request in requests
        ]
        outcomes = await asyncio.to_thread(self.ledger.apply, [Reserve(call, cap_of(self.endpoint)) for call in calls])
        lines = list[bytes]()
        for request, outcome in zip(requests, outcomes, strict=True):
            if isinstance(outcome, Go):
                body = body_of(self.endpoint, self.task, request)
                line = {"custom_id": outcome.call_id, "method": "POST", "url": COMPLETIONS, "body": body}
                lines.append(orjson.dumps(line))
            elif isinstance(outcome, NoBudget):
                self.give(request, over_budget(self.endpoint))
            elif isinstance(outcome, Taken) and outcome.call.mode == "realtime":
                asking = Asking(self.client, self.endpoint, self.task, self.ledger, self.purpose, None)
                known = await asking.outcome_of(outcome.call)
                self.give(request, known or self._waits("an earlier call was lost; the next run asks again"))
        if not lines:
            return
        file = await self.client.files.create(file=(f"{label}.jsonl", b"\n".join(lines) + b"\n"), purpose="batch")
        batch = await self.client.batches.create(
            input_file_id=file.id,
            endpoint=COMPLETIONS,
            completion_window="24h",
            metadata={LABEL: label, "task": self.task.name},
        )
        self.ledger.mark_batch(label, batch.id)

    async def collect(self, mine: dict[str, Request]) -> None:
        """Take what the batches of our requests have answered, until all ended or the wait is over."""
        end, pause = time.monotonic() + self.endpoint.batch_wait, _FIRST_POLL
        while True:
            standing = self.ledger.live(mine.keys() - self.given)
            for key, call in standing.items():
                if call.state != "asked":
                    self.give(mine[key], replace(from_record(call), fresh=True))
            under_way = sorted({call.batch for call in standing.values() if call.state == "asked" and call.batch})
            ended = False
            for number in under_way:
                if not number.startswith(_UNMADE):
                    batch = await self.client.batches.retrieve(number)
                    if batch.status in _ENDED:
                        await self._take(batch, mine)
                        ended = True
            if ended:
                continue
            if not under_way or time.monotonic() + pause > end:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_POLL)
        for key in sorted(mine.keys() - self.given):
            self.give(
                mine[key], self._waits(f"{', '.join(under_way) or 'a batch'} is under way at {self.endpoint.url}")
            )

    async def _take(self, batch: "Batch", mine: dict[str, Request]) -> None:
        """Write down what an ended batch answered; what it did not get to was not paid for."""
        replies = dict[str, Reply]()
        for number in (batch.output_file_id, batch.error_file_id):
            if number:
                content = await self.client.files.content(number)
                replies |= dict(_read(content.content, self.task, self.endpoint.model))
        calls = [call for call in self.ledger.asked() if call.batch == batch.id]
        said = next((error.message for error in (batch.errors.data or [])), None) if batch.errors else None
        missing = Failure(
            "batch", f"batch {batch.id} {batch.status}: {said or 'not answered'}", "", self.endpoint.model
        )
        settles = list[Settle]()
        for call in calls:
            reply = replies.get(call.call_id, Reply(missing, paid=False))
            settles.append(settled(call.call_id, reply, self.endpoint, call.reserved, batch=True))
            if not reply.paid and call.request_key in mine:
                self.give(mine[call.request_key], reply.result)
        self.ledger.apply(settles)
        if batch.status == "failed":
            raise PermanentFailure(
                f"The LLM at {self.endpoint.url} refused batch {batch.id}: {said or 'no reason given'}."
            )

    def _waits(self, reason: str) -> Failure:
        return Failure("batch", reason, "", self.endpoint.model)


def _read(content: bytes, task: Task, model: str) -> Iterator[tuple[str, Reply]]:
    """The replies of an output or error file by call id."""
    for line in content.splitlines():
        if not line.strip():
            continue
        try:
            entry = orjson.loads(line)
            call_id, response = entry["custom_id"], entry.get("response") or {}
            error = entry.get("error") or (response.get("body") or {}).get("error") or {}
        except (orjson.JSONDecodeError, KeyError, AttributeError, TypeError):
            continue  # without its id a line belongs to no call, which then counts as not answered
        if response.get("status_code") == 200:
            result = read_answer(orjson.dumps(response["body"]), task, model)
            yield call_id, Reply(result, paid=True, used=result.tokens_in > 0)
        else:
            yield call_id, Reply(_failed(response.get("status_code") or 0, error, model), paid=False)


def _failed(status: int, error: dict[str, Any], model: str) -> Failure:
    code, said = error.get("code"), " ".join(str(error.get("message") or "no reason given").split())[:200]
    kinds = {"insufficient_quota": "quota", "content_filter": "content_filter", "batch_expired": "batch"}
    by_status = "rate_limit" if status == 429 else "server_error" if status >= 500 else "bad_request"
    return Failure(kinds.get(str(code), by_status), f"in a batch: {said}", said, model)
