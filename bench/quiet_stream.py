"""Alerts on a stream on which nothing rises: `python -m bench.quiet_stream` (minutes; needs no real data).

7,300 titles with the rates and the week of bench/quiet_titles.py, Poisson, 2,000 days. Shown are the days with any alert, which
false discovery control holds at 5%, and alarms by weekday, at three levels that are loose enough to give many: p < .01, the
level of which chance is expected to show 5 a day, and the score of which this stream shows 5 fresh ones a day. All of it
through trends/alerts, and once more with every day taken for an ordinary one: what the weekday model is for.
"""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from bench.quiet_titles import MONDAY, quiet_days, signals_of
from trending_assets.trends.detect import rises_of
from trending_assets.trends.detection_parameters import DEFAULTS
from trending_assets.trends.history import history_of

DAYS = 2000
BLOCK = 98
"""Days that are drawn at a time, whole weeks; each block has 27 days of history of its own."""
SEED = 1
BUDGET = 5
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
KEPT = ("date", "score", "fresh", "p_value", "false_alarms", "q_value")


def run(days: int, seed: int) -> Mapping[str, pl.DataFrame]:
    """What could be an alarm, by date, with the weekday model and without it."""
    rng = np.random.default_rng(seed)
    before = DEFAULTS.window_days
    found: dict[str, list[pl.DataFrame]] = {"with the weekday model": [], "every day an ordinary one": []}
    for start in range(0, days, BLOCK):
        first = MONDAY + timedelta(days=start)
        signals = signals_of(quiet_days(before + BLOCK, rng), first - timedelta(days=before))
        for day in range(start, min(start + BLOCK, days)):
            history = history_of(signals, MONDAY + timedelta(days=day), DEFAULTS)
            flat = replace(history, volume=history.known.astype(np.float64))
            for name, of in zip(found, (history, flat), strict=True):
                found[name].append(rises_of(of).select(KEPT))
        print(f"  … {min(start + BLOCK, days):,} of {days:,} days", flush=True)
    return {name: pl.concat(frames) for name, frames in found.items()}


def by_weekday(alarms: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many from Monday to Sunday."""
    return np.bincount(alarms["date"].dt.weekday().to_numpy() - 1, minlength=7)


def show(name: str, found: pl.DataFrame, days: int) -> None:
    """Days with an alert, and alarms by weekday."""
    alerts = found.filter(pl.col("q_value") <= DEFAULTS.false_discovery_rate)
    alarmed = alerts["date"].n_unique()
    limit = 0.05 + 2 * np.sqrt(0.05 * 0.95 / days)
    print(f"\n{name}: {alarmed} of {days:,} days with an alert, {alarmed / days:.1%} (asked: at most {limit:.1%});")
    print(f"  {alerts.height} alerts, Monday to Sunday {by_weekday(alerts).tolist()}")
    fresh = found.filter("fresh").sort("score", descending=True)
    levels = {
        "p < .01": found.filter(pl.col("p_value") < 0.01),
        "5 expected by chance": found.filter(pl.col("false_alarms") <= BUDGET),
        "5 fresh a day by score": fresh.head(BUDGET * days),
    }
    print(f"  {'alarms a day':<24}" + "".join(f"{weekday:>7}" for weekday in WEEKDAYS) + "   busiest / quietest")
    for level, alarms in levels.items():
        counts = by_weekday(alarms)
        a_day = "".join(f"{count / days * 7:7.2f}" for count in counts)
        print(f"  {level:<24}{a_day}{counts.max() / max(counts.min(), 1):14.2f}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    print(f"{asked.days:,} days on which nothing rises, seed {asked.seed}.")
    for name, found in run(asked.days, asked.seed).items():
        show(name, found, asked.days)


if __name__ == "__main__":
    main()
