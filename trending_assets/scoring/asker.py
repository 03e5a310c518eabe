"""Asks the LLM of the settings, and starts it only when there is something to ask."""

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType

from trending_assets.scoring.client import OnResult, Request, Result, ask
from trending_assets.scoring.endpoint import Endpoint, endpoint, model_of
from trending_assets.scoring.schema import Task
from trending_assets.settings import Settings

Progress = Callable[[int, int], None]
"""Called with (requests done, requests in all)."""


class LlmAsker:
    """The LLM of these settings for the length of a `with` block. A run that finds everything in the cache opens nothing."""

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self._settings, self._progress = settings, progress
        self._stack = ExitStack()
        self._endpoint: Endpoint | None = None

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return model_of(self._settings)

    def ask(self, task: Task, requests: list[Request], on_result: OnResult) -> None:
        """Ask all requests. Raises PermanentFailure or TransientFailure as `client.ask` does."""
        if not requests:
            return
        if self._endpoint is None:
            self._endpoint = self._stack.enter_context(endpoint(self._settings))
        done = 0

        def take(request: Request, result: Result) -> None:
            nonlocal done
            on_result(request, result)
            done += 1
            if self._progress:
                self._progress(done, len(requests))

        ask(self._endpoint, task, requests, take)

    def __enter__(self) -> "LlmAsker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
