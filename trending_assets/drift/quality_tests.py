"""Quality with late labels against what it was on the days before: worse by more than days differ by."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from trending_assets.drift.column_tests import Tested
from trending_assets.drift.day_null import WINDOW
from trending_assets.drift.statistics import Finding

LEAST_DAYS = 7
"""Earlier values below which nothing is said of a new one."""


def quality_tests(day: date, quality: pl.DataFrame) -> Iterator[tuple[str, int, Tested | None]]:
    """(column, labels, test) of each subject and metric of drift/quality (with `date`, none after the day).

    One-sided: the value against earlier ones by Student's t, on as many earlier days less one; the effect is in their standard
    deviations, 0 where the value is better. They are believed to vary by a label's worth (1 / labels) at least: a metric that
    never moved is 1.000 one day and worse the next. Without a value, or with fewer than 7 earlier ones, there is no test.
    """
    from scipy.special import stdtr

    for (subject, metric), rows in quality.sort("date").group_by(["subject", "metric"], maintain_order=True):
        today = rows.filter(pl.col("date") == day)
        if today.is_empty():
            continue
        value, labels, made = today.row(0, named=True)["value"], today["labels"][0], today["made_on"][0]
        column = f"{subject}.{metric}"
        earlier = rows.filter(pl.col("date") < day)["value"].drop_nulls().tail(WINDOW).to_numpy()
        if value is None or len(earlier) < LEAST_DAYS:
            yield column, labels, None
            continue
        mean, deviation = float(np.mean(earlier)), float(np.std(earlier, ddof=1))
        detail = (
            f"{metric} of {made} is {value:.3f}; on {len(earlier)} days before it was {mean:.3f} ± {deviation:.3f}."
        )
        # a coverage may be wrong on both sides, but only too little of it hurts
        room = max(deviation, 1 / labels)
        statistic = float((value - mean) / (room * np.sqrt(1 + 1 / len(earlier))))
        p = float(stdtr(len(earlier) - 1, statistic))
        effect = max(0.0, (mean - value) / room)
        yield column, labels, Tested(Finding("quality", statistic, p, effect), detail)
