"""Answers that were paid for, in the lake: partition D holds those that the rows of D rest on.

A look-up for D sees D's own partition, the 30 before it, and what the same run got for days before D. It never sees a
later day, so a day scored alone or in a range gives the same rows.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.client import Answer, OnResult, Request, Result
from trending_assets.scoring.schema import Task
from trending_assets.scoring.tally import Tally

LOOK_BACK_DAYS = 30


class Asker(Protocol):
    """Something that asks an LLM: `model` goes into the cache key, `ask` passes each result on as it comes."""

    @property
    def model(self) -> str: ...
    def ask(self, task: Task, requests: list[Request], on_result: OnResult) -> None: ...


class AnswerCache:
    """The cache of one task during one run over ascending days."""

    def __init__(self, lake: Lake, task: Task, first_day: date) -> None:
        self._lake, self._task = lake, task
        self._known: dict[str, tuple[date, Answer]] = {}
        for back in range(LOOK_BACK_DAYS, 0, -1):
            self._load(first_day - timedelta(days=back))

    def _load(self, day: date) -> pl.DataFrame:
        frame = self._lake.read(self._task.cache, [day], missing="skip")
        for row in frame.iter_rows(named=True):
            answer = Answer(row["model"], row["tokens_in"], 0, row["tokens_out"], row["response"])
            self._known[row["request_key"]] = (day, answer)
        return frame.drop("date")

    def settle(self, day: date, requests: Iterable[Request], asker: Asker, tally: Tally) -> dict[str, Result]:
        """Results of a day's requests by key: found or asked. Equal requests are asked once.

        Writes the day's partition. Where asking ends in an error, what was answered so far is written beside what stood
        there, so that it is never paid twice, and the error goes on.
        """
        stood = self._load(day)
        unique = {request.key: request for request in requests}
        oldest = day - timedelta(days=LOOK_BACK_DAYS)
        results: dict[str, Result] = {}
        for key in unique:
            since, answer = self._known.get(key, (date.min, None))
            if answer is not None and since >= oldest:
                results[key] = answer
        tally.cache_hits += len(results)
        missing = [request for key, request in unique.items() if key not in results]

        def take(request: Request, result: Result) -> None:
            results[request.key] = result
            tally.add(result)

        try:
            asker.ask(self._task, missing, take)
        except BaseException:
            fresh = self._frame(_answers(results))
            kept = stood.join(fresh, on="request_key", how="anti")
            self._lake.write(self._task.cache, pl.concat([kept, fresh]), day)
            raise
        answers = _answers(results)
        self._known.update({key: (day, answer) for key, answer in answers.items()})
        self._lake.write(self._task.cache, self._frame(answers), day)
        return results

    def _frame(self, answers: dict[str, Answer]) -> pl.DataFrame:
        rows = [
            {
                "request_key": key,
                "model": answer.model,
                "prompt_version": self._task.prompt.version,
                "tokens_in": answer.tokens_in,
                "tokens_out": answer.tokens_out,
                "response": answer.response,
            }
            for key, answer in answers.items()
        ]
        return pl.DataFrame(rows, schema=TABLES[self._task.cache].schema)


def _answers(results: dict[str, Result]) -> dict[str, Answer]:
    return {key: result for key, result in results.items() if isinstance(result, Answer)}
