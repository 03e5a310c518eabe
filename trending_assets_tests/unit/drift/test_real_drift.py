"""Drift that happened: the US box office of March 2020, and Netflix's new columns of June 2023."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bench.drift import BOX_OFFICE, NETFLIX, report

pytestmark = pytest.mark.world


def test_the_collapse_of_the_box_office_is_caught_in_its_first_week(shared: Path) -> None:
    frame = pl.read_parquet(shared / "data" / "boxoffice_daily.parquet").filter(
        pl.col("date").is_between(date(2019, 9, 1), date(2020, 3, 19)) & (pl.col("gross") > 0)
    )
    found = {day: {name for name, _ in alarms} for day, alarms in report(frame, "date", BOX_OFFICE) if alarms}
    assert not [day for day in found if date(2019, 12, 1) <= day < date(2020, 3, 13)], "nothing before it"
    assert any("box_office.gross" in columns for day, columns in found.items() if day >= date(2020, 3, 13))


def test_netflixs_new_columns_are_a_schema_change_on_their_week(shared: Path) -> None:
    frame = pl.read_parquet(shared / "data" / "netflix_top10_weekly.parquet").filter(pl.col("week") < date(2023, 9, 1))
    schema = [
        (week, name)
        for week, alarms in report(frame, "week", NETFLIX)
        for name, one in alarms
        if one.finding.test == "schema"
    ]
    first = frame.filter(pl.col("weekly_views").is_not_null())["week"].min()
    assert schema == [(first, "netflix.weekly_views"), (first, "netflix.runtime")]
