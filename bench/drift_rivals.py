"""What drift tests are held against: `python -m bench.drift_rivals` (minutes) prints their false alarms and their power.

Streams are those of bench/drift_streams.py and of bench/drift.py, which measures the product on them: 84 quiet days, then up to
four quiet weeks, each day held against the 14 days before it (--fixed: the last 14 of the 84). A week is a false alarm if any of
the 12 columns alarms on any of its 7 days. Power: at 1,000 rows a day, one column drifts from the 85th day on, and is caught
if it alarms on that day or the next.

PSI: by deciles of the reference, or categories, with .0001 for an empty one. Chi-square: goodness of fit on the same bins with
the reference as exact, categories that expect fewer than 5 pooled, which is kinder than most code. whylogs: the category DRIFT
of `calculate_drift_scores`, the reference merged from the days' profiles (its sketches draw bits by the clock: a second run can
differ in a column or so). Evidently: its default test per column; and its verdict on a data set, half of the columns or more.
Evidently is no dependency: TRENDING_EVIDENTLY_PYTHON names a Python that has it.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from bench.drift_streams import COLUMNS, ICCS, SIZES, Array, Day, Shift, Stream, counts_of, days

WARM = 84
HISTORY = 14
WEEK = 7
BLOCK = 4
SEED = 8
FAMILY = len(COLUMNS) * WEEK
"""Tests a week, for Bonferroni."""
SHIFTS: Mapping[str, tuple[float, Literal["spread", "two"]]] = {
    ".2 sd": (0.2, "spread"),
    "V = .1 spread": (0.1, "spread"),
    "V = .1 in two": (0.1, "two"),
}

Alarms = Mapping[str, list[set[str]]]
"""By rule: the columns that alarm, day by day."""


@dataclass(frozen=True)
class Rival:
    """A method with its rules.

    `alarms(past, days, moving)` judges the days, each against `past`, or if moving against as many days as `past` has before it.
    `most` is how many weeks it is asked about where days are small, `history` how many days before it gets. Where it decides over
    a `family` of columns, power is asked of all of them at once.
    """

    rules: tuple[str, ...]
    alarms: Callable[[Sequence[Day], Sequence[Day], bool], Alarms]
    most: int
    history: int = HISTORY
    family: bool = False

    def weeks(self, rows: int, scale: float) -> int:
        """Weeks judged at so many rows a day: fewer where days are large, as they take longer and differ less."""
        return max(1, round(self.most * scale * min(1.0, (1000 / rows) ** 0.5)))


def references(past: Sequence[Day], days: Sequence[Day], moving: bool) -> Iterator[tuple[Day, Day]]:
    """Each day with the rows that it is held against."""
    every, rows = [*past, *days], dict[str, Array]()
    for place, day in enumerate(days):
        if moving or not place:
            before = every[place : place + len(past)]
            rows = {name: np.concatenate([one[name] for one in before]) for name in day}
        yield rows, day


def binned(name: str, reference: Array, day: Array) -> tuple[Array, Array]:
    """Counts of both by deciles of the reference (fewer with ties) or by category."""
    column = next(column for column in COLUMNS if column.name == name)
    if not column.numeric:
        return counts_of(column, reference), counts_of(column, day)
    before, now = reference[~np.isnan(reference)], day[~np.isnan(day)]
    edges = np.unique(np.quantile(before, np.arange(1, 10) / 10))
    return tuple(  # type: ignore[return-value]
        np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1) for values in (before, now)
    )


def psi(reference: Array, day: Array) -> float:
    """Population stability index of two sets of counts, an empty share taken for .0001; bins empty in both left out."""
    seen = (reference + day) > 0
    q, p = (np.maximum(counts[seen] / max(1, counts.sum()), 1e-4) for counts in (reference, day))
    return float(((p - q) * np.log(p / q)).sum())


def exact_chi_squared(reference: Array, day: Array) -> float:
    """p of Pearson's goodness of fit to the reference's shares; bins that expect fewer than 5 are pooled into one."""
    from scipy.stats import chi2

    expected = reference / max(1, reference.sum()) * day.sum()
    rare = expected < 5
    seen, due = (np.append(counts[~rare], counts[rare].sum()) for counts in (day, expected))
    if due[-1] < 5:  # too thin for a bin of its own: into the next rarest
        if len(due) < 3:
            return 1.0
        place = int(np.argmin(due[:-1]))
        seen[place], due[place] = seen[place] + seen[-1], due[place] + due[-1]
        seen, due = seen[:-1], due[:-1]
    return float(chi2.sf(((seen - due) ** 2 / due).sum(), len(due) - 1)) if len(due) > 1 else 1.0


PLAIN: Mapping[str, Callable[[float, float], bool]] = {
    "PSI > .1": lambda index, p: index > 0.1,
    "PSI > .2": lambda index, p: index > 0.2,
    "chi2 p<.05": lambda index, p: p < 0.05,
    "chi2 p<.01": lambda index, p: p < 0.01,
    f"chi2 .05/{FAMILY}": lambda index, p: p < 0.05 / FAMILY,
}


def plain(past: Sequence[Day], days: Sequence[Day], moving: bool) -> Alarms:
    """PSI by its rules and chi-square with the reference as exact; .05/84 is Bonferroni over the week's columns and days."""
    found: dict[str, list[set[str]]] = {rule: [] for rule in PLAIN}
    for reference, day in references(past, days, moving):
        counts = {name: binned(name, reference[name], day[name]) for name in day}
        scores = {name: (psi(*both), exact_chi_squared(*both)) for name, both in counts.items()}
        for rule, alarming in PLAIN.items():
            found[rule].append({name for name, score in scores.items() if alarming(*score)})
    return found


def whylogs_drift(past: Sequence[Day], days: Sequence[Day], moving: bool) -> Alarms:
    """Columns that whylogs' drift scores put into its category DRIFT (p < .05), by KS or chi-square as it chooses."""
    from trending_assets.drift.sketch import _whylogs

    _whylogs()
    from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

    views = [_profile(day) for day in (*past, *days)]
    found: list[set[str]] = []
    reference: Any = None
    for place in range(len(days)):
        if moving or not place:
            reference, *rest = views[place : place + len(past)]
            for view in rest:
                reference = reference.merge(view)
        target = views[len(past) + place]
        scores = calculate_drift_scores(target_view=target, reference_view=reference, with_thresholds=True)
        found.append({name for name, score in scores.items() if score and score["drift_category"] == "DRIFT"})
    return {"whylogs": found}


def _profile(day: Day) -> Any:
    """whylogs' profile of a day, with nulls as None and categories as strings."""
    import pandas as pd
    from whylogs.core import DatasetProfile

    frame = {}
    for column in COLUMNS:
        if column.name in day:
            values = day[column.name]
            names = values if column.numeric else np.array([*column.categories, None], dtype=object)[values]
            frame[column.name] = pd.Series(names)
    profile = DatasetProfile()
    profile.track(pd.DataFrame(frame))
    return profile.view()


@dataclass
class Evidently:
    """A process of the Python that has Evidently, started at the first question and fed by files."""

    python: str
    process: subprocess.Popen[str] | None = field(default=None, init=False)

    def __call__(self, past: Sequence[Day], days: Sequence[Day], moving: bool) -> Alarms:
        """Columns that drift by Evidently's default test, and all of them on days on which at least half of the columns do."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "days.npz"
            arrays = {f"{name}/{i}": values for i, day in enumerate((*past, *days)) for name, values in day.items()}
            np.savez(path, history=len(past), moving=moving, **arrays)  # type: ignore[arg-type]
            answer = self._ask(path)
        if not answer:
            raise SystemExit(
                f"{self.python} gave no answer (see above): TRENDING_EVIDENTLY_PYTHON has to name a Python with evidently 0.7 "
                "and pandas 2."
            )
        found = [set(names) for names in json.loads(answer)]
        return {"Evidently": found, "Ev. half": [names if len(names) * 2 >= len(COLUMNS) else set() for names in found]}

    def _ask(self, path: Path) -> str:
        """The line that answers, empty if the process is not there or ended."""
        try:
            if self.process is None:
                command = [self.python, str(Path(__file__).with_name("drift_evidently.py"))]
                self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert self.process.stdin and self.process.stdout
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            return ""

    def close(self) -> None:
        """End the process."""
        if self.process and self.process.stdin:
            self.process.stdin.close()
            self.process.wait()


RIVALS: list[Rival] = [
    Rival(tuple(PLAIN), plain, 40),
    Rival(("whylogs",), whylogs_drift, 4),
]


def with_evidently(rivals: Sequence[Rival]) -> list[Rival]:
    """The rivals, and Evidently where TRENDING_EVIDENTLY_PYTHON names a Python that has it; else a line that says so."""
    python = os.environ.get("TRENDING_EVIDENTLY_PYTHON")
    if not python:
        print("Evidently: not installed here, set TRENDING_EVIDENTLY_PYTHON to a Python that has evidently 0.7.\n")
        return list(rivals)
    return [*rivals, Rival(("Evidently", "Ev. half"), Evidently(python), 8)]


@dataclass(frozen=True)
class Rate:
    """False alarms of a rule: weeks with one, of `weeks`; and columns times days with one."""

    weeks: int
    alarmed: int
    column_days: float


def quiet(stream: Stream, rival: Rival, weeks: int, seed: int, moving: bool = True) -> dict[str, Rate]:
    """False alarms over weeks of a stream, every BLOCK weeks with a seed and days before them of their own."""
    alarmed, flagged = dict.fromkeys(rival.rules, 0), dict.fromkeys(rival.rules, 0)
    for start in range(0, weeks, BLOCK):
        made = list(days(stream, seed + 1000 * start, WARM + WEEK * min(BLOCK, weeks - start)))
        for rule, found in rival.alarms(made[WARM - rival.history : WARM], made[WARM:], moving).items():
            alarmed[rule] += sum(any(found[first : first + WEEK]) for first in range(0, len(found), WEEK))
            flagged[rule] += sum(map(len, found))
    return {rule: Rate(weeks, alarmed[rule], flagged[rule] / (weeks * FAMILY)) for rule in rival.rules}


def power(rival: Rival, size: float, form: Literal["spread", "two"], numeric: bool, repeats: int) -> dict[str, float]:
    """Share of shifts caught on their first or second day, at 1,000 rows without clusters, over all columns of the kind."""
    caught, tried = dict.fromkeys(rival.rules, 0), 0
    for column in (column for column in COLUMNS if column.numeric == numeric):
        shift = Shift(column.name, size, WARM, form)
        for repeat in range(repeats):
            made = list(days(Stream(1000, 0.0), SEED + 7 + 1000 * repeat, WARM + 2, shift))
            asked = made if rival.family else [{column.name: day[column.name]} for day in made]
            tried += 1
            for rule, found in rival.alarms(asked[WARM - rival.history : WARM], asked[WARM:], True).items():
                caught[rule] += any(column.name in one for one in found)
    return {rule: count / tried for rule, count in caught.items()}


def show_quiet(
    rivals: Sequence[Rival], sizes: Sequence[int], scale: float, moving: bool, titles: Literal["fresh", "staying"]
) -> None:
    """Both tables of false alarms."""
    rules = [rule for rival in rivals for rule in rival.rules]
    head = f"{'rows':>8}{'ICC':>5}" + "".join(f"{rule:>12}" for rule in rules)
    print(f"Weeks with a false alarm ({titles} titles), % (weeks in all):\n{head}")
    second = []
    for rows in sizes:
        for icc in ICCS:
            stream, rates = Stream(rows, icc, titles, "varied" if titles == "staying" else "equal"), dict[str, Rate]()
            for rival in rivals:
                rates |= quiet(stream, rival, rival.weeks(rows, scale), SEED, moving)
            start = f"{rows:>8,}{icc:>5g}"
            cells = (f"{rate.alarmed / rate.weeks:>7.0%} ({rate.weeks})" for rate in rates.values())
            print(start + "".join(f"{cell:>12}" for cell in cells), flush=True)
            second.append(start + "".join(f"{rate.column_days:>12.1%}" for rate in rates.values()))
    print(f"\nColumns x days with a false alarm:\n{head}\n" + "\n".join(second))


def show_power(rivals: Sequence[Rival], repeats: int) -> None:
    """The table of power."""
    rules = [rule for rival in rivals for rule in rival.rules]
    print(f"\nShifts caught within 2 days, 1,000 rows a day, ICC 0, {repeats} of each column:")
    print(f"{'':<15}" + "".join(f"{rule:>12}" for rule in rules))
    for name, (size, form) in SHIFTS.items():
        ask = partial(power, size=size, form=form, numeric=name.endswith("sd"), repeats=repeats)
        rates = [rate for rival in rivals for rate in ask(rival).values()]
        print(f"{name:<15}" + "".join(f"{rate:>12.0%}" for rate in rates), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES, help="rows a day; none for power alone")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the weeks")
    parser.add_argument("--repeats", type=int, default=20, help="shifts of each column; 0 for none")
    parser.add_argument("--titles", choices=("fresh", "staying"), default="fresh")
    parser.add_argument("--fixed", action="store_true", help="hold all days against the first 14")
    asked = parser.parse_args()
    rivals = with_evidently(RIVALS)
    if asked.rows:
        show_quiet(rivals, asked.rows, asked.scale, not asked.fixed, asked.titles)
    if asked.repeats:
        show_power(rivals, asked.repeats)
    for rival in rivals:
        if isinstance(rival.alarms, Evidently):
            rival.alarms.close()


if __name__ == "__main__":
    main()
