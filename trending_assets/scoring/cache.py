"""Answers in the lake: partition D of a cache holds those that the rows of D rest on, whenever they were paid for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.client import Answer, OnResult, Request, Result
from trending_assets.scoring.schema import Task
from trending_assets.scoring.tally import Tally


class Asker(Protocol):
    """Something that asks an LLM: `model` goes into the cache key, `ask` passes each result on as it comes."""

    @property
    def model(self) -> str: ...
    def ask(self, task: Task, requests: Sequence[Request], on_result: OnResult, day: date | None = None) -> None: ...


class AnswerCache:
    """The answers of one task, day by day."""

    def __init__(self, lake: Lake, task: Task) -> None:
        self._lake, self._task = lake, task

    def settle(self, day: date, requests: Iterable[Request], asker: Asker, tally: Tally) -> dict[str, Result]:
        """Results of a day's requests by key; equal requests are one.

        Writes the day's partition. Where asking ends in an error, what was answered so far is written beside what stood
        there, and the error goes on.
        """
        unique = {request.key: request for request in requests}
        results: dict[str, Result] = {}

        def take(request: Request, result: Result) -> None:
            results[request.key] = result
            tally.add(result)

        try:
            asker.ask(self._task, list(unique.values()), take, day)
        except BaseException:
            stood = self._lake.read(self._task.cache, [day], missing="skip").drop("date")
            fresh = self._frame(results)
            kept = stood.join(fresh, on="request_key", how="anti")
            self._lake.write(self._task.cache, pl.concat([kept, fresh]), day)
            raise
        self._lake.write(self._task.cache, self._frame(results), day)
        return results

    def _frame(self, results: dict[str, Result]) -> pl.DataFrame:
        rows = [
            {
                "request_key": key,
                "model": answer.model,
                "prompt_version": self._task.prompt.version,
                "tokens_in": answer.tokens_in,
                "tokens_out": answer.tokens_out,
                "response": answer.response,
            }
            for key, answer in results.items()
            if isinstance(answer, Answer)
        ]
        return pl.DataFrame(rows, schema=TABLES[self._task.cache].schema)
