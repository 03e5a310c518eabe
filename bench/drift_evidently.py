"""Evidently's default drift test per column, run by a Python that has Evidently (bench/drift_rivals.py starts it; not for hands).

Each line on stdin is the path of an .npz: arrays `COLUMN/0`, `COLUMN/1` … of one column's days, and `history`, `moving`. The
answer is a line of JSON: for every day after the history, the columns that Evidently calls drifted. Evidently's own choice of
test and threshold is taken (`get_stattest` without a name), without the pictures that its report draws; the first file's
first day is put through a Report as well, and the scores have to be equal. Columns of integers are categorical.
"""

import json
import os
import sys
import warnings
from typing import Any

os.environ.setdefault("DO_NOT_TRACK", "1")

import numpy as np
import pandas as pd


def column_type(values: Any) -> Any:
    """Evidently's name of the column's type."""
    from evidently.legacy.core import ColumnType

    return ColumnType.Categorical if values.dtype.kind == "i" else ColumnType.Numerical


def present(values: Any) -> pd.Series:
    """Values without nulls, as Evidently takes them."""
    return pd.Series(values[values >= 0] if values.dtype.kind == "i" else values[~np.isnan(values)])


def judged(reference: Any, day: Any) -> Any:
    """Score, verdict and the test's name of one column's day."""
    from evidently.legacy.calculations.stattests import get_stattest

    kind, before, now = column_type(day), present(reference), present(day)
    test = get_stattest(before, now, kind, None)
    return test.name, test(before, now, kind, None)


def compare_with_report(references: dict[str, Any], today: dict[str, Any]) -> None:
    """Stop unless a Report finds the same scores."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    names = list(today)
    definition = DataDefinition(
        numerical_columns=[name for name in names if today[name].dtype.kind != "i"],
        categorical_columns=[name for name in names if today[name].dtype.kind == "i"],
    )
    now, before = (
        Dataset.from_pandas(
            pd.DataFrame({name: pd.Series(x).where(x >= 0) if x.dtype.kind == "i" else x for name, x in side.items()}),
            data_definition=definition,
        )
        for side in (today, references)
    )
    run = Report([ValueDrift(column=name) for name in names]).run(now, before)
    for name, metric in zip(names, run.dict()["metrics"], strict=True):
        test, found = judged(references[name], today[name])
        if not np.isclose(float(metric["value"]), found.drift_score, rtol=1e-9, equal_nan=True):
            raise SystemExit(f"Evidently's report scores {name} {metric['value']}, its test {test} {found.drift_score}")


def main() -> None:
    """Answer line by line."""
    warnings.simplefilter("ignore")
    try:
        import evidently  # noqa: F401
    except ImportError as error:
        raise SystemExit(f"drift_evidently: {error}") from None
    checked = False
    for line in sys.stdin:
        with np.load(line.strip()) as held:
            arrays = {name: held[name] for name in held.files}
        history, moving = int(arrays.pop("history")), bool(arrays.pop("moving"))
        names = sorted({name.rsplit("/", 1)[0] for name in arrays})
        count = len(arrays) // len(names)
        answer: list[list[str]] = []
        for day in range(history, count):
            first = day - history if moving else 0
            before = {
                name: np.concatenate([arrays[f"{name}/{i}"] for i in range(first, first + history)]) for name in names
            }
            today = {name: arrays[f"{name}/{day}"] for name in names}
            if not checked:
                compare_with_report(before, today)
                checked = True
            answer.append([name for name in names if judged(before[name], today[name])[1].drifted])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
