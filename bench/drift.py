"""False alarms and power of the drift report, and real drift: `python -m bench.drift` (about 20 minutes; --weeks 40 for a taste).

Made streams (bench/drift_streams.py): 12 columns, rows clustered by title; 84 quiet days, then four quiet weeks a seed. A week is
a false alarm if any column alarms on any of its days. Power: 1,000 rows a day, one of the 12 columns drifts, and is caught if it
alarms on the first or second day. bench/drift_rivals.py measures others on the same streams.

Real drift: the daily US box office (a row a release and day) to its collapse in March 2020, and Netflix's weekly top 10 by weeks.
The method was made on streams of other seeds and shapes. The spans of days that are tested (column_tests.SPANS) were chosen with
the box office of 2018 to 2020 in view, so 2010 to 2017 are printed beside them.
"""

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import polars as pl

from bench.drift_rivals import SEED, SHIFTS, WARM, Alarms, Rival, power, quiet
from bench.drift_streams import COLUMNS, ICCS, SIZES, Day, Stream, profile_row
from bench.shared import SHARED
from trending_assets.drift.alarms import alarms
from trending_assets.drift.column_tests import Tested, tests_of
from trending_assets.drift.day_null import HISTORY
from trending_assets.drift.profiles import profile_column
from trending_assets.drift.watched import Watched

FEWER = 20
"""Weeks asked about where days are largest, at least."""

Row = dict[str, Any]


def fired(tested: Sequence[tuple[str, Tested]]) -> list[tuple[str, Tested]]:
    """What alarms of a day's tests by column."""
    family = [one for one in tested if one[1].decides]
    return [one for one, alarm in zip(family, alarms([t.finding for _, t in family]), strict=True) if alarm]


def ours(past: Sequence[Day], days: Sequence[Day], moving: bool) -> Alarms:
    """The product's report on profiles of the days."""
    rows = [{c.name: profile_row(c, day[c.name]) for c in COLUMNS} for day in (*past, *days)]
    found = []
    for place in range(len(past), len(rows)):
        earlier = rows[max(0, place - HISTORY) : place]
        tested = [(name, t) for name, row in rows[place].items() for t in tests_of(row, [day[name] for day in earlier])]
        found.append({name for name, _ in fired(tested)})
    return {"ours": found}


OURS = Rival(("ours",), ours, 200, history=WARM, family=True)


def _block(stream: Stream, seed: int) -> int:
    """Weeks with a false alarm, of four."""
    return quiet(stream, OURS, 4, seed)["ours"].alarmed


def false_alarms(weeks: int) -> None:
    """The tables of false alarms: titles that are new every day, and titles that stay."""
    with ProcessPoolExecutor(2) as pool:
        for titles in ("fresh", "staying"):
            print(
                f"\nWeeks with a false alarm, {titles} titles (promised: 5%)\n{'rows':>8}"
                + "".join(f"{f'ICC {i:g}':>14}" for i in ICCS)
            )
            for rows in SIZES:
                cells = []
                for icc in ICCS:
                    stream = Stream(rows, icc, titles, "varied" if titles == "staying" else "equal")  # type: ignore[arg-type]
                    blocks = max(FEWER, round(weeks * min(1.0, (1000 / rows) ** 0.5))) // 4
                    alarmed = sum(pool.map(partial(_block, stream), range(SEED, SEED + 13 * blocks, 13)))
                    cells.append(f"{alarmed / (4 * blocks):>7.1%} ({4 * blocks})")
                print(f"{rows:>8,}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


def caught(repeats: int) -> None:
    """The table of power by kind of shift."""
    print(f"\nCaught within 2 days, 1,000 rows a day, ICC 0 ({repeats} shifts of each column of the kind)")
    with ProcessPoolExecutor(2) as pool:
        jobs = {
            name: pool.submit(power, OURS, size, form, name.endswith("sd"), repeats)
            for name, (size, form) in SHIFTS.items()
        }
        for name, job in jobs.items():
            print(f"{name:<15}{job.result()['ours']:>7.1%}", flush=True)


BOX_OFFICE = (
    Watched(
        "box_office.gross",
        "box_office",
        pl.col("gross").cast(pl.Float64).log10(),
        (2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7),
    ),
    Watched("box_office.theaters", "box_office", pl.col("theaters"), (5, 20, 100, 300, 1000, 2000, 3000)),
    Watched("box_office.days", "box_office", pl.col("days"), (7, 14, 28, 56, 112, 224)),
    Watched("box_office.distributor", "box_office", pl.col("distributor")),
)
NETFLIX = (
    Watched(
        "netflix.weekly_hours_viewed",
        "netflix",
        pl.col("weekly_hours_viewed").cast(pl.Float64).log10(),
        (6, 6.5, 7, 7.5, 8),
    ),
    Watched(
        "netflix.weekly_views", "netflix", pl.col("weekly_views").cast(pl.Float64).log10(), (6, 6.25, 6.5, 6.75, 7, 7.5)
    ),
    Watched("netflix.runtime", "netflix", pl.col("runtime"), (1.5, 2, 4, 6, 8, 10)),
    Watched("netflix.cumulative_weeks", "netflix", pl.col("cumulative_weeks_in_top_10"), (2, 3, 5, 8, 13)),
    Watched("netflix.category", "netflix", pl.col("category")),
)


def report(
    frame: pl.DataFrame, day: str, watched: Sequence[Watched]
) -> Iterator[tuple[date, list[tuple[str, Tested]]]]:
    """(day, alarms) of every day of a frame, each held against the days before it by the product's tests."""
    past: dict[str, list[Row]] = {one.name: [] for one in watched}
    for (at,), rows in frame.sort(day).group_by([day], maintain_order=True):
        tested = []
        for one in watched:
            values = rows.select(one.value.alias("value"))["value"]
            kind = pl.Float64 if one.kind == "numeric" else pl.String
            row = profile_column(one, values.cast(kind), at)  # type: ignore[arg-type]
            if past[one.name]:
                tested += [(one.name, t) for t in tests_of(row, past[one.name][-HISTORY:])]
            past[one.name].append(row)
        yield at, fired(tested)  # type: ignore[misc]


def box_office() -> None:
    """Daily US box office: weeks (from Friday on) with an alarm in quiet years, and every alarm to the collapse of 2020."""
    frame = pl.read_parquet(SHARED / "data" / "boxoffice_daily.parquet")
    frame = frame.filter(pl.col("date").is_between(date(2009, 7, 1), date(2020, 4, 30)) & (pl.col("gross") > 0))
    found = {day: alarmed for day, alarmed in report(frame, "date", BOX_OFFICE) if alarmed}
    for first, last in ((2018, 2019), (2010, 2017)):
        weeks = {day - timedelta(days=(day.weekday() - 4) % 7) for day in found if first <= day.year <= last}
        of = (date(last + 1, 1, 1) - date(first, 1, 1)).days / 7
        print(
            f"\nBox office, {first} to {last}: {len(weeks)} of {of:.0f} weeks with an alarm (promised: {0.05 * of:.1f})"
        )
    print("Alarms from 2018 on:")
    for day in sorted(day for day in found if date(2018, 1, 1) <= day <= date(2020, 3, 22)):
        for name, one in found[day]:
            print(f"  {day}  {name} {one.finding.test} p {one.finding.p_value:.1e}: {one.detail}")


def netflix() -> None:
    """Netflix's top 10 by weeks: what is found, and when."""
    frame = pl.read_parquet(SHARED / "data" / "netflix_top10_weekly.parquet")
    print("\nNetflix's weekly top 10, 2021-07 to 2025-06, a week as the product's day:")
    for week, found in report(frame, "week", NETFLIX):
        for name, one in found:
            print(f"  {week}  {name} {one.finding.test} p {one.finding.p_value:.1e}: {one.detail}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--weeks", type=int, default=OURS.most, help="quiet weeks a cell, fewer where days are large; 0: none"
    )
    parser.add_argument("--repeats", type=int, default=20, help="shifts of each column; 0: none")
    asked = parser.parse_args()
    if (SHARED / "data").is_dir():
        box_office()
        netflix()
    else:
        print(f"Real drift is left out: {SHARED} is not there (TRENDING_SHARED).")
    if asked.repeats:
        caught(asked.repeats)
    if asked.weeks:
        false_alarms(asked.weeks)


if __name__ == "__main__":
    main()
