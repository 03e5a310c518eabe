"""The lake's newest features into the online store: for every title its newest row, and never an older one over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from trending_assets.features.store.as_of import (
    AS_OF,
    EVENT,
    TITLE,
    TITLE_DAY,
    event_time,
    features_as_of,
    partition,
    timed,
)
from trending_assets.features.store.views import VIEW, definition, feature_columns, feature_store
from trending_assets.lake import Lake

if TYPE_CHECKING:
    from feast import FeatureStore


@dataclass(frozen=True)
class Pushed:
    """What a push did: titles written, titles that hold a newer row, rows taken back, and the newest event time in the store."""

    written: int
    newer: int
    withdrawn: int
    newest: datetime | None


def push(lake: Lake, days: Sequence[date]) -> Pushed:
    """Write the newest row of every title of some days. After it the online store holds what the lake says, however the days
    were run: a day that is run again replaces its own rows, leaves newer ones alone, and takes back those of titles that it
    no longer has, which fall back to their newest older row.
    """
    store = feature_store(lake)
    rows = newest_rows(lake, days)
    write(store, rows)
    config, view, online = opened(store)
    events = [event_time(day) for day in sorted(days)]
    held = online.held(config, view, events)
    said = dict(rows.select(TITLE, EVENT).iter_rows())
    gone = {title: event for title, event in held.items() if said.get(title) != event}
    if gone:
        queries = pl.DataFrame(
            {TITLE: list(gone), AS_OF: list(gone.values())}, schema={TITLE: pl.String, AS_OF: rows.schema[EVENT]}
        )
        older = features_as_of(lake, queries).drop(AS_OF).filter(pl.col(EVENT).is_not_null())
        online.withdraw(config, view, gone)
        write(store, older)
    written = sum(held.get(title) == event for title, event in said.items())
    return Pushed(written, rows.height - written, len(gone), online.newest(config, view))


def newest_rows(lake: Lake, days: Sequence[date]) -> pl.DataFrame:
    """The newest row of every title that stands in one of the days' partitions, with its event time."""
    columns = [TITLE, *(name for name in feature_columns() if name != "date")]
    found = timed(lake.read(TITLE_DAY, [], columns, missing="skip"))
    for day in sorted(days, reverse=True):
        more = timed(partition(lake, day, columns)).join(found, on=TITLE, how="anti")
        found = pl.concat([found, more]) if more.height else found
    return found


def write(store: "FeatureStore", rows: pl.DataFrame) -> None:
    """Write rows of features with their event times, in the view's types (Feast's own way there takes 30 times the CPU)."""
    config, view, online = opened(store)
    features = []
    for name, dtype in feature_columns().items():
        typed = pl.col(name).cast(dtype)
        features.append(typed.dt.epoch("s").alias(name) if dtype in (pl.Date, pl.Datetime) else typed)
    event = pl.col(EVENT).dt.epoch("us")
    packed = rows.select(TITLE, event, event.alias("created"), pl.struct(features).struct.json_encode().alias("json"))
    online.put(config, view, packed.iter_rows())


def read(store: "FeatureStore", titles: Sequence[str]) -> pl.DataFrame:
    """What the online store holds of some titles, in their order: title_id and every feature, null where it holds nothing."""
    columns = feature_columns()
    if not titles:
        return pl.DataFrame(schema={TITLE: pl.String, **columns})
    answer = store.get_online_features([f"{VIEW}:{name}" for name in columns], [{TITLE: title} for title in titles])
    values = answer.to_dict()
    series = [pl.Series(name, values[name], None if dtype == pl.Date else dtype) for name, dtype in columns.items()]
    return pl.DataFrame([pl.Series(TITLE, values[TITLE], pl.String), *series]).cast(dict(columns))  # type: ignore[arg-type]


def opened(store: "FeatureStore") -> tuple[Any, Any, Any]:
    """Configuration, view and online store: what the store's own methods take."""
    return store.config, store.get_feature_view(VIEW), store.provider.online_store


def record(lake: Lake, days: Sequence[date]) -> pl.DataFrame:
    """Rows of features/online: what of the days is for the online store. The same for a day whenever it is pushed."""
    return pl.DataFrame(
        [
            {
                "date": day,
                "view": VIEW,
                "titles": lake.read(TITLE_DAY, [day], [TITLE]).height,
                "features": len(feature_columns()),
                "event_timestamp": event_time(day),
                "definition": definition(),
            }
            for day in days
        ]
    )


def differences(lake: Lake, day: date, titles: Sequence[str]) -> list[str]:
    """Titles of a day for which the online store has neither the day's row, value by value, nor a newer one."""
    served = read(feature_store(lake), titles)
    columns = [name for name in served.columns if name != "date"]
    stored = pl.DataFrame({TITLE: titles}, schema={TITLE: pl.String}).join(
        partition(lake, day, columns), on=TITLE, how="left", maintain_order="left"
    )
    beside = pl.concat([served, stored.select(pl.col(served.columns).name.suffix(" stored"))], how="horizontal")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name} stored")) for name in served.columns)
    return beside.filter(~(same | (pl.col("date") > day).fill_null(False)))[TITLE].to_list()
