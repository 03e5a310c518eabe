"""Which prompt version is in use, by the decisions of scoring/prompts."""

from dataclasses import replace
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.scoring.evaluation.items import labels_version
from trending_assets.scoring.prompts import Prompt, load_prompts
from trending_assets.scoring.schema import Task, digest_task, document_task

TABLE = "scoring/prompts"


def all_tasks() -> list[Task]:
    """The tasks with the newest file of their prompts."""
    return [document_task(), digest_task()]


def with_prompt(task: Task, prompt: Prompt) -> Task:
    """The task asked for with another prompt."""
    return replace(task, prompt=prompt)


def task_in_use(lake: Lake, task: Task, model: str) -> Task:
    """The task asked for with the prompt that is in use."""
    return with_prompt(task, prompt_in_use(lake, task, model))


def prompt_in_use(lake: Lake, task: Task, model: str) -> Prompt:
    """The prompt that scores are to be asked for with: the recorded one, or the newest file where nothing is recorded.

    A record holds the text itself, so a file that was edited or removed since changes nothing. It holds for the schema that
    it was made with: a prompt and the shape of its answers belong together, and with a new shape the newest file is in use.
    """
    current = last_decision(lake, task, model)
    if current is None or current["schema_version"] != task.schema_version:
        return load_prompts(task.name)[-1]
    return Prompt(task.name, current["in_use"], current["text"])


def candidate(lake: Lake, task: Task, model: str) -> Prompt | None:
    """The newest file, where it differs from what is in use, is no older, and nothing was decided on it yet.

    A refusal by another gold set is no decision any more. None also where nothing is recorded: the newest file is in use.
    """
    current = last_decision(lake, task, model)
    if current is None or current["schema_version"] != task.schema_version:
        return None
    newest, used = load_prompts(task.name)[-1], prompt_in_use(lake, task, model)
    if newest.version == used.version or newest.number < used.number:
        return None
    decided = decisions(lake, task, model).filter(
        (pl.col("prompt_version") == newest.version)
        & (pl.col("schema_version") == task.schema_version)
        & ((pl.col("verdict") != "refused") | (pl.col("labels_version") == labels_version()))
    )
    return newest if decided.is_empty() else None


def decisions(lake: Lake, task: Task, model: str) -> pl.DataFrame:
    """The decisions of a task and model, oldest first."""
    return _log(lake).filter((pl.col("task") == task.name) & (pl.col("model") == model)).sort("decision")


def last_decision(lake: Lake, task: Task, model: str) -> dict[str, Any] | None:
    """The newest decision of a task and model, None where there is none."""
    rows = decisions(lake, task, model).to_dicts()
    return rows[-1] if rows else None


def with_decision(
    log: pl.DataFrame,
    task: Task,
    model: str,
    judged: Prompt,
    in_use: Prompt,
    verdict: str,
    reason: str,
    **evidence: Any,
) -> pl.DataFrame:
    """The log with one more decision. `evidence`: against, difference, low, high, n, as far as there is any."""
    number = log.filter((pl.col("task") == task.name) & (pl.col("model") == model)).height + 1
    row = {
        "task": task.name,
        "model": model,
        "decision": number,
        "prompt_version": judged.version,
        "verdict": verdict,
        "reason": reason,
        "in_use": in_use.version,
        "text": in_use.text,
        "schema_version": task.schema_version,
        "labels_version": labels_version(),
    } | ({"against": None, "difference": None, "low": None, "high": None, "n": 0} | evidence)
    return conform(
        pl.concat([log, pl.DataFrame([row], schema_overrides=TABLES[TABLE].schema).select(log.columns)]), TABLES[TABLE]
    )


def use(lake: Lake, task: Task, model: str, version: str) -> Prompt:
    """Put a version into use by hand and record it. `version`: a file's number, or a whole version of a file or of the log.

    Raises PermanentFailure for a version that is not known. What is in use already is not recorded again.
    """
    log = _log(lake)
    known = {prompt.version: prompt for prompt in load_prompts(task.name)}
    for row in decisions(lake, task, model).iter_rows(named=True):
        known.setdefault(row["in_use"], Prompt(task.name, row["in_use"], row["text"]))
    # A number is the file of that number; a record of an older text of it is named by its whole version.
    by_number = {str(prompt.number): prompt for prompt in load_prompts(task.name)}
    wanted = known.get(version) or by_number.get(version)
    if wanted is None:
        raise PermanentFailure(f"{task.name} has no prompt version {version}; it has {', '.join(known)}.")
    current = last_decision(lake, task, model)
    if current is None or (current["in_use"], current["schema_version"]) != (wanted.version, task.schema_version):
        lake.write(TABLE, with_decision(log, task, model, wanted, wanted, "by hand", "Put into use by hand."))
    return wanted


def _log(lake: Lake) -> pl.DataFrame:
    return lake.read(TABLE, missing="skip")
