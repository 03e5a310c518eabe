"""What was known of a title at a moment: of the rows that had happened and had been written by then, the newest.

A row has an event time (when what it says was complete) and a creation time (when it was written). Partition D of a daily
table is complete at the end of D, so its event time is D+1 00:00 UTC; a question for that very instant sees it. The hours
that a run takes after midnight are not modelled: rankings and training rows stand at ends of days. The lake
keeps no creation times: partition D rests on what was first seen on D alone, so one that is written or replaced later says
what it would have said in time, and counts as written at its event time. Rows that really are corrections carry their own
`created_timestamp`, and no question from before it sees them.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from trending_assets.contracts import TABLES, TIME, empty
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake

TITLE_DAY = "features/title_day"
TITLE, AS_OF, EVENT, CREATED = "title_id", "as_of", "event_timestamp", "created_timestamp"
DAYS_AT_ONCE = 7
"""Partitions in memory at once. Most titles stand in every partition, so the newest few answer most questions."""


def event_time(day: date) -> datetime:
    """When partition `day` is complete: the end of the day, which is the next day's 00:00 UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def timed(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of a daily table with the column `date`, as a history: with the event times of their days."""
    return frame.with_columns(
        (pl.col("date") + pl.duration(days=1)).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias(EVENT)
    )


def partition(lake: Lake, day: date, columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of features/title_day of a day, and `date`; null where the day was written before the contract had one."""
    try:
        return lake.read(TITLE_DAY, [day], columns)
    except pl.exceptions.ColumnNotFoundError:
        frame, schema = lake.read(TITLE_DAY, [day]), TABLES[TITLE_DAY].schema
        there = [pl.col(c) if c in frame.columns else pl.lit(None, schema[c]).alias(c) for c in columns]
        return frame.select(*there, "date")


def features_as_of(
    source: Lake | pl.DataFrame, queries: pl.DataFrame, columns: Sequence[str] | None = None
) -> pl.DataFrame:
    """Each query's row of features as it was known at that moment: the queries in their order, and beside each its features.

    `queries` has `title_id`, `as_of` (with a time zone) and whatever else is to be kept. A frame as source has `title_id`,
    `event_timestamp`, features and, where known, `created_timestamp` (null: written at its event time). A row is visible from
    the later of its two times on, that instant included. Of the visible rows the one with the latest event counts, of those
    the one created last, and of those the greatest by the features in order of their names (nulls are least): the answer
    never depends on the order of the rows. There is no time to live: `event_timestamp` says how old an answer is, and is null,
    like the features, where nothing was known. `columns` names the features wanted, all by default. Raises PermanentFailure.
    """
    asked = _asked(queries)
    if isinstance(source, pl.DataFrame):
        return _finish(_join(_ordered(source), asked), columns, queries)
    return _finish(_from_lake(source, asked, columns), columns, queries)


def _asked(queries: pl.DataFrame) -> pl.DataFrame:
    """Number, title and moment of each query, moments in UTC and microseconds."""
    for name in (TITLE, AS_OF):
        if name not in queries.columns:
            raise PermanentFailure(f"The questions lack the column {name}.")
    moment = queries.schema[AS_OF]
    if not isinstance(moment, pl.Datetime) or moment.time_zone is None:
        raise PermanentFailure(f"The column {AS_OF} has to be moments with a time zone, not {moment}.")
    if unknown := queries[AS_OF].null_count():
        raise PermanentFailure(f"The column {AS_OF} is empty in {unknown:,} questions.")
    return queries.select(TITLE, pl.col(AS_OF).cast(TIME)).with_row_index("query")


def _ordered(history: pl.DataFrame) -> pl.DataFrame:
    """The history with `rank`, ascending from the row that yields to every other, and `visible`, from when on it is known."""
    for name in (TITLE, EVENT):
        if name not in history.columns:
            raise PermanentFailure(f"The history lacks the column {name}.")
    created = pl.col(CREATED) if CREATED in history.columns else pl.lit(None, TIME)
    times = history.with_columns(_exact(history.schema, EVENT)).with_columns(
        created.cast(TIME).fill_null(pl.col(EVENT)).alias(CREATED)
    )
    key = [TITLE, EVENT, CREATED]
    tied = times.height > times.select(key).n_unique()
    ordered = times.sort([*key, *(_comparable(times) if tied else ())])
    return ordered.with_row_index("rank").with_columns(visible=pl.max_horizontal(EVENT, CREATED))


def _exact(schema: pl.Schema, name: str) -> pl.Expr:
    kind = schema[name]
    if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
        raise PermanentFailure(f"The column {name} has to be moments with a time zone, not {kind}.")
    return pl.col(name).cast(TIME)


def _comparable(history: pl.DataFrame) -> list[pl.Expr]:
    """What rows with equal times are compared by. Lists of structs are no features of the store and decide nothing."""
    found = []
    for name in sorted(set(history.columns) - {TITLE, EVENT, CREATED}):
        kind = history.schema[name]
        if isinstance(kind, pl.List) and kind.inner == pl.String:
            found += [pl.col(name).list.join("\0"), pl.col(name).list.len().alias(f"{name} length")]
        elif not kind.is_nested():
            found.append(pl.col(name))
    return found


def _join(rows: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """The queries with the columns of the row that answers each.

    Among the rows visible at a moment the one of highest rank counts: the running maximum of rank in order of visibility,
    looked up by one as-of join.
    """
    steps = (
        rows.sort(TITLE, "visible", "rank")
        .select(TITLE, "visible", pl.col("rank").cum_max().over(TITLE))
        .unique([TITLE, "visible"], keep="last", maintain_order=True)
        .sort("visible", maintain_order=True)
    )
    best = asked.sort(AS_OF).join_asof(
        steps, left_on=AS_OF, right_on="visible", by=TITLE, strategy="backward", check_sortedness=False
    )
    return best.drop("visible").join(rows.drop(TITLE, "visible"), on="rank", how="left").drop("rank")


def _from_lake(lake: Lake, asked: pl.DataFrame, columns: Sequence[str] | None) -> pl.DataFrame:
    """The same over features/title_day, newest partitions first, until every query is answered."""
    contract = TABLES[TITLE_DAY]
    names = [TITLE, *(c for c in columns or contract.schema if c not in (TITLE, "date", EVENT))]
    if wrong := [name for name in names if name not in contract.schema]:
        raise PermanentFailure(f"{TITLE_DAY} has no column {wrong[0]}.")
    last = asked[AS_OF].max()
    days = [day for day in reversed(lake.days(TITLE_DAY)) if isinstance(last, datetime) and event_time(day) <= last]
    answers = []
    for start in range(0, len(days), DAYS_AT_ONCE):
        if asked.is_empty():
            break
        titles = asked.select(TITLE).unique()
        parts = [
            partition(lake, day, names).join(titles, on=TITLE, how="semi") for day in days[start : start + DAYS_AT_ONCE]
        ]
        joined = _join(_ordered(timed(pl.concat(parts))), asked)
        known = joined.filter(pl.col(EVENT).is_not_null())
        answers.append(known)
        asked = asked.join(known, on="query", how="anti")
    nothing = timed(empty(contract).select(names).with_columns(date=pl.lit(None, pl.Date)))
    return pl.concat([*answers, _join(_ordered(nothing), asked)])


def _finish(joined: pl.DataFrame, columns: Sequence[str] | None, queries: pl.DataFrame) -> pl.DataFrame:
    features = joined.drop("query", TITLE, AS_OF, CREATED).columns
    wanted = features if columns is None else [EVENT, *(c for c in columns if c != EVENT)]
    if wrong := [name for name in wanted if name not in features]:
        raise PermanentFailure(f"The history has no column {wrong[0]}.")
    if both := [name for name in wanted if name in queries.columns]:
        raise PermanentFailure(f"The questions already have a column {both[0]}; rename it.")
    return pl.concat([queries, joined.sort("query").select(wanted)], how="horizontal")
