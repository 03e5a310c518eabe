"""`trending features`: a title's features for a person."""

from datetime import datetime
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, TIME
from trending_assets.failures import PermanentFailure
from trending_assets.features.store.as_of import AS_OF, EVENT, TITLE, TITLE_DAY, event_time, features_as_of
from trending_assets.lake import Lake
from trending_assets.moments import moment


def show(lake: Lake, title: str, as_of: str | None) -> None:
    """Print a title's features, with what each means. Raises PermanentFailure where nothing is known of it."""
    from rich.console import Console
    from rich.table import Table

    when = None if as_of is None else moment(as_of, "--as-of")
    row = online_row(lake, title) if when is None else row_as_of(lake, title, when)
    known = event_time(row["date"])
    source = "in the online store" if when is None else f"as of {when:%Y-%m-%d %H:%M} UTC"
    contract = TABLES[TITLE_DAY]
    table = Table(
        title=f"{title} {source}: the day {row['date']}, known since {known:%Y-%m-%d %H:%M} UTC", title_justify="left"
    )
    for heading in ("feature", "value", "what it is"):
        table.add_column(heading, overflow="fold")
    for column in contract.columns:
        if column.name != TITLE and column.name in row:
            table.add_row(column.name, _shown(row[column.name]), column.meaning)
    Console().print(table)


def row_as_of(lake: Lake, title: str, when: datetime) -> dict[str, Any]:
    """A title's features as known at a moment. Raises PermanentFailure where nothing was."""
    queries = pl.DataFrame({TITLE: [title], AS_OF: [when]}, schema={TITLE: pl.String, AS_OF: TIME})
    row = features_as_of(lake, queries).drop(AS_OF).row(0, named=True)
    if row[EVENT] is None:
        raise PermanentFailure(
            f"{TITLE_DAY} of {lake.uri} knew nothing of {title} at {when:%Y-%m-%d %H:%M} UTC. {_days_of(lake)}"
        )
    return row


def online_row(lake: Lake, title: str) -> dict[str, Any]:
    """A title's features in the online store. Raises PermanentFailure where there are none."""
    from trending_assets.features.store.push import read
    from trending_assets.features.store.views import feature_store

    row = read(feature_store(lake), [title]).row(0, named=True)
    if row["date"] is None:
        raise PermanentFailure(
            f"The online store of {lake.uri} has nothing of {title}; features/online fills it. {_days_of(lake)}"
        )
    return row


def _days_of(lake: Lake) -> str:
    days = lake.days(TITLE_DAY)
    return f"The lake has the days {days[0]} to {days[-1]}." if days else f"The lake has no day of {TITLE_DAY}."


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
