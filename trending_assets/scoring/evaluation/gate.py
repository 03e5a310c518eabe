"""Whether a new prompt version may be used: it is held against the one in use, on the same documents, like a model.

Accepted when the mean score is not lower by more than MARGIN (by the lower bound of the paired bootstrap's 95% interval), no
flag falls below its floor, and neither repeatability nor the likeness of reordered requests falls by more than SLACK.
What this lets through and turns away is measured by `python -m bench.prompt_gate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from trending_assets.lake import Lake
from trending_assets.scoring.evaluation import in_use
from trending_assets.scoring.evaluation.agreement import FLAGS
from trending_assets.scoring.evaluation.metrics import bootstrap, flag_kappa, mean, point
from trending_assets.scoring.evaluation.run import ANSWERS, TABLE, compared, is_evaluated
from trending_assets.scoring.schema import Task

MARGIN = 0.05
FLOOR = 0.6
"""Cohen's kappa that a flag must keep ("substantial"), or what the version in use has less SLACK where that is lower."""
SLACK = 0.05
STEADY = {"repeatability": "repeatability", "order": "the likeness of answers to reordered requests"}


@dataclass(frozen=True)
class Verdict:
    """The gate's answer: mean difference of the score (new less used), its 95% interval, documents, and the reason."""

    accepted: bool
    reason: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


def compare(used: pl.DataFrame, new: pl.DataFrame) -> Verdict:
    """Judge a new version by rows of agreement.py of both; only items that both were asked about count."""
    pairs = used.join(new, on=["labels", "item"], suffix="_new", validate="1:1").sort("labels", "item")
    difference = bootstrap(mean(pairs["score_new"] - pairs["score"]), pairs.height)
    if difference is None:
        return Verdict(False, "No document was put to both versions, so nothing can be compared.")
    faults = []
    if difference.low <= -MARGIN:
        faults.append(f"it may score lower by more than {MARGIN:g}")
    faults += _flag_faults(used, new, pairs) + _steadiness_faults(pairs)
    before, after = (point(mean(pairs[name]), pairs.height) for name in ("score", "score_new"))
    facts = (
        f"Score {after:.3f} against {before:.3f} on {difference.n} items: "
        f"{difference.value:+.3f}, 95% interval {difference.low:+.3f} to {difference.high:+.3f}"
    )
    reason = f"{facts}; {' and '.join(faults)}." if faults else f"{facts}; flags, repeatability and order hold."
    return Verdict(not faults, reason, difference.value, difference.low, difference.high, difference.n)


def _flag_faults(used: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame) -> list[str]:
    faults = []
    both = pairs.select("labels", "item")
    for flag in FLAGS:
        if flag not in used.columns:
            continue
        # Each side's own answered documents: a version that fails on hard ones loses by its score.
        before = point(*flag_kappa(used.join(both, on=["labels", "item"]), flag))
        after = point(*flag_kappa(new.join(both, on=["labels", "item"]), flag))
        if before is None:
            continue
        floor = min(FLOOR, before - SLACK)
        if after is None or after < floor:
            faults.append(f"the kappa of {flag} is {after or 0.0:.2f}, below {floor:.2f}")
    return faults


def _steadiness_faults(pairs: pl.DataFrame) -> list[str]:
    faults = []
    for column, words in STEADY.items():
        known = pairs.drop_nulls([column, f"{column}_new"])
        if known.is_empty():
            continue
        before, after = known[column].mean(), known[f"{column}_new"].mean()
        assert isinstance(before, float) and isinstance(after, float)
        if after < before - SLACK:
            faults.append(f"{words} falls from {before:.3f} to {after:.3f}")
    return faults


def decide(lake: Lake, tasks: Sequence[Task], model: str) -> pl.DataFrame:
    """The table scoring/prompts with what can be decided now; asks nothing.

    Where nothing is recorded for a task and model (or for its schema), the newest file is recorded as the first. A candidate
    that scoring/evaluation has figures of, as it has of the version in use, is accepted or refused.
    """
    log, evaluated = lake.read(in_use.TABLE, missing="skip"), lake.read(TABLE, missing="skip")
    for task in tasks:
        used, new = in_use.prompt_in_use(lake, task, model), in_use.candidate(lake, task, model)
        current = in_use.last_decision(lake, task, model)
        if current is None or current["schema_version"] != task.schema_version:
            reason = (
                "The newest version when the record began."
                if current is None
                else "The newest version of a new schema."
            )
            log = in_use.with_decision(log, task, model, used, used, "first", reason)
            continue
        if new is None:
            continue
        old_task, new_task = in_use.with_prompt(task, used), in_use.with_prompt(task, new)
        if not all(is_evaluated(evaluated, version, model) for version in (old_task, new_task)):
            continue
        answers = lake.read(ANSWERS, missing="skip")
        verdict = compare(compared(answers, old_task, model), compared(answers, new_task, model))
        log = in_use.with_decision(
            log,
            task,
            model,
            judged=new,
            in_use=new if verdict.accepted else used,
            verdict="accepted" if verdict.accepted else "refused",
            reason=verdict.reason,
            against=used.version,
            difference=verdict.difference,
            low=verdict.low,
            high=verdict.high,
            n=verdict.n,
        )
    return log
