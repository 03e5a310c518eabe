"""Feast's online store in SQLite: one row a title, and an older row never replaces a newer one.

Feast's own SQLite store is not used. It keeps a row a feature (100,000 titles are millions of rows), lets whatever is written
last replace what is there, and keeps event times as local time. Here the row with the later event wins inside the database,
so that the re-run of an old day, also beside the run of today, leaves the newest values alone. A row's features are one JSON
object of plain values, times in seconds since 1970 (UTC) as Feast has them; the view says which type each is.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson
from feast import Entity, FeatureView, RepoConfig
from feast.infra.online_stores.online_store import OnlineStore
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from feast.repo_config import FeastConfigBaseModel
from pydantic import StrictStr

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TITLES_AT_ONCE = 500
"""SQLite bounds the parameters of a statement."""

SCALARS = {
    "String": "string",
    "Int32": "int32",
    "Int64": "int64",
    "Float64": "double",
    "Bool": "bool",
    "UnixTimestamp": "unix_timestamp",
}
"""Feast's types by their names, and what they are called in its messages."""

FeastRow = tuple[EntityKey, dict[str, Value], datetime, datetime | None]
Row = tuple[str, int, int, str | bytes]
"""Title, event and creation in microseconds, features as JSON."""


class NewestOnlineStoreConfig(FeastConfigBaseModel):
    """Feast finds the store by this name; `path` is the SQLite file."""

    type: Literal["trending_assets.features.store.online.NewestOnlineStore"]
    path: StrictStr


def micros(moment: datetime) -> int:
    """Microseconds since 1970 (UTC). A time without a zone is UTC, as Feast has it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


@contextmanager
def _database(config: RepoConfig) -> Iterator[sqlite3.Connection]:
    """A connection and a transaction of its own: any thread and process may come."""
    path = Path(config.online_store.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        with connection:
            yield connection


def _table(config: RepoConfig, view: FeatureView) -> str:
    return f'"{config.project}_{view.name}"'


def _title(entity: EntityKey) -> str:
    """Every view of the store has one entity: the title."""
    title: str = entity.entity_values[0].string_val
    return title


def _plain(value: Value) -> Any:
    """What a message holds, as JSON has it; None where it holds nothing."""
    kind = value.WhichOneof("val")
    if kind is None:
        return None
    held = getattr(value, kind)
    return list(held.val) if kind.endswith("_list_val") else held


def _message(dtype: str, plain: Any) -> Value:
    """A plain value as Feast's message of that type."""
    value = Value()
    if plain is None:
        return value
    if dtype.startswith("Array("):
        values = getattr(value, f"{SCALARS[dtype[6:-1]]}_list_val")
        values.SetInParent()  # an empty list is a value
        values.val.extend(plain)
    else:
        setattr(value, f"{SCALARS[dtype]}_val", plain)
    return value


class NewestOnlineStore(OnlineStore):
    """Feast's interface over one SQLite table a feature view: title, event, created (µs, UTC), features (JSON)."""

    _versioned_read_supported = False  # and so Feast does not import every store that it knows to find that out

    def update(
        self,
        config: RepoConfig,
        tables_to_delete: Sequence[FeatureView],
        tables_to_keep: Sequence[FeatureView],
        entities_to_delete: Sequence[Entity],
        entities_to_keep: Sequence[Entity],
        partial: bool,
    ) -> None:
        """Make the tables of the views in use, drop the others."""
        with _database(config) as database:
            for view in tables_to_keep:
                database.execute(
                    f"CREATE TABLE IF NOT EXISTS {_table(config, view)} (title TEXT PRIMARY KEY, event INTEGER NOT NULL, "
                    "created INTEGER NOT NULL, features TEXT NOT NULL)"
                )
            for view in tables_to_delete:
                database.execute(f"DROP TABLE IF EXISTS {_table(config, view)}")

    def teardown(self, config: RepoConfig, tables: Sequence[FeatureView], entities: Sequence[Entity]) -> None:
        """Drop the tables of the views."""
        self.update(config, tables, [], [], [], partial=False)

    def online_write_batch(
        self, config: RepoConfig, table: FeatureView, data: list[FeastRow], progress: Callable[[int], Any] | None
    ) -> None:
        """What Feast's own methods write (materialize, push, write_to_online_store)."""
        rows = []
        for entity, values, event, created in data:
            packed = orjson.dumps({name: _plain(value) for name, value in values.items()}).decode()
            rows.append((_title(entity), micros(event), micros(created or event), packed))
        self.put(config, table, rows)
        if progress:
            progress(len(rows))

    def put(self, config: RepoConfig, table: FeatureView, rows: Iterable[Row]) -> None:
        """Write rows in one transaction; of a title's rows the one with the latest event stays, then the one created last."""
        with _database(config) as database:
            database.executemany(
                f"INSERT INTO {_table(config, table)} AS old VALUES (?, ?, ?, ?) ON CONFLICT (title) DO UPDATE SET "
                "event = excluded.event, created = excluded.created, features = excluded.features "
                "WHERE (excluded.event, excluded.created) >= (old.event, old.created)",
                rows,
            )

    def online_read(
        self,
        config: RepoConfig,
        table: FeatureView,
        entity_keys: list[EntityKey],
        requested_features: list[str] | None = None,
    ) -> list[tuple[datetime | None, dict[str, Value] | None]]:
        """Event time and features of each entity, (None, None) where there is no row."""
        titles = [_title(entity) for entity in entity_keys]
        types = {field.name: str(field.dtype) for field in table.features}
        names = [name for name in requested_features or types if name in types]
        found: dict[str, tuple[datetime, dict[str, Value]]] = {}
        with _database(config) as database:
            for start in range(0, len(titles), TITLES_AT_ONCE):
                part = titles[start : start + TITLES_AT_ONCE]
                marks = ",".join("?" * len(part))
                for title, event, packed in database.execute(
                    f"SELECT title, event, features FROM {_table(config, table)} WHERE title IN ({marks})", part
                ):
                    values = orjson.loads(packed)
                    found[title] = (_moment(event), {name: _message(types[name], values.get(name)) for name in names})
        return [found.get(title, (None, None)) for title in titles]

    def held(self, config: RepoConfig, table: FeatureView, events: Sequence[datetime]) -> dict[str, datetime]:
        """Titles whose row has one of these event times, with it."""
        found: dict[str, datetime] = {}
        with _database(config) as database:
            for event in events:
                rows = database.execute(f"SELECT title FROM {_table(config, table)} WHERE event = ?", (micros(event),))
                found |= {title: event for (title,) in rows}
        return found

    def newest(self, config: RepoConfig, table: FeatureView) -> datetime | None:
        """The newest event time in the store; None where it is empty."""
        with _database(config) as database:
            (event,) = database.execute(f"SELECT max(event) FROM {_table(config, table)}").fetchone()
        return None if event is None else _moment(event)

    def withdraw(self, config: RepoConfig, table: FeatureView, rows: dict[str, datetime]) -> None:
        """Remove titles' rows, each only if its event time is still the one named."""
        with _database(config) as database:
            database.executemany(
                f"DELETE FROM {_table(config, table)} WHERE title = ? AND event = ?",
                [(title, micros(event)) for title, event in rows.items()],
            )
