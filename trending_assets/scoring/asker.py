"""Asks the LLM of the settings, and starts it only when there is something that was never paid for."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cached_property
from types import TracebackType

from trending_assets.lake import Lake
from trending_assets.scoring.asking import Purpose, ask_realtime, cap_of, from_record, new_call
from trending_assets.scoring.batch import ask_batch
from trending_assets.scoring.client import OnResult, Request, Result
from trending_assets.scoring.endpoint import Endpoint, endpoint, model_of
from trending_assets.scoring.ledger import Ledger
from trending_assets.scoring.record import restore
from trending_assets.scoring.schema import Task, document_task
from trending_assets.settings import Settings

Progress = Callable[[int, int], None]
"""Called with (requests done, requests in all)."""


def ledger_url(settings: Settings) -> str:
    """Address of the ledger of these settings."""
    if settings.llm_ledger is not None:
        return settings.llm_ledger.get_secret_value()
    return f"sqlite:///{(settings.state_dir / 'llm.sqlite').resolve()}"


def covers_a_call(settings: Settings) -> bool:
    """Whether what is left of today's budget covers a call about a short document."""
    asked = Endpoint(settings.llm_url, "", model_of(settings), budget_usd=settings.llm_daily_budget_usd)
    cap, smallest = cap_of(asked), new_call(asked, document_task(), Request("", {}), Purpose()).reserved
    return cap is None or Ledger(ledger_url(settings)).spend().nano + smallest <= cap


class LlmAsker:
    """The LLM of these settings for the length of a `with` block. A run that finds everything in the ledger opens nothing.

    Calls are written down for `lake` and the day that they are made for.
    """

    def __init__(self, settings: Settings, progress: Progress | None = None, lake: Lake | None = None) -> None:
        self._settings, self._progress, self._lake = settings, progress, lake
        self._stack = ExitStack()
        self._endpoint: Endpoint | None = None
        self.retries: Counter[str] = Counter()

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return model_of(self._settings)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, with what the lake has on record. Raises PermanentFailure where it cannot be used."""
        ledger = Ledger(ledger_url(self._settings))
        if self._lake is not None:
            restore(ledger, self._lake)
        return ledger

    def ask(self, task: Task, requests: Sequence[Request], on_result: OnResult, day: date | None = None) -> None:
        """Give each request's result: from the ledger what was paid for before, else asked.

        What must wait (budget, batch) is a Failure that says so. Raises PermanentFailure or TransientFailure where the
        endpoint is dead; what was answered until then has been passed on.
        """
        done = 0

        def take(request: Request, result: Result) -> None:
            nonlocal done
            on_result(request, result)
            done += 1
            if self._progress:
                self._progress(done, len(requests))

        known = {key: call for key, call in self.ledger.live(r.key for r in requests).items() if call.state != "asked"}
        for request in requests:
            if request.key in known:
                take(request, from_record(known[request.key]))
        missing = [request for request in requests if request.key not in known]
        if not missing:
            return
        if self._endpoint is None:
            self._endpoint = self._stack.enter_context(endpoint(self._settings))
        purpose = Purpose(self._lake.uri if self._lake else "", day.isoformat() if day else "")
        ask = ask_batch if self._endpoint.batch else ask_realtime
        self.retries += asyncio.run(ask(self._endpoint, task, missing, take, self.ledger, purpose))

    def __enter__(self) -> "LlmAsker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
