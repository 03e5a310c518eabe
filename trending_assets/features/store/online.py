"""Feast's online store in SQLite: one row a title, and an older row never replaces a newer one.

Feast's own SQLite store is not used. It keeps a row a feature (100,000 titles are 6 million rows), lets whatever is written
last replace what is there, and keeps event times as local time. Here the row with the later event wins inside the database,
so that the re-run of an old day, also beside the run of today, leaves the newest values alone.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from feast import Entity, FeatureView, RepoConfig
from feast.infra.key_encoding_utils import deserialize_entity_key, serialize_entity_key
from feast.infra.online_stores.online_store import OnlineStore
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Map, Value
from feast.repo_config import FeastConfigBaseModel
from pydantic import StrictStr

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEYS_AT_ONCE = 500
"""SQLite bounds the parameters of a statement."""

Row = tuple[EntityKey, dict[str, Value], datetime, datetime | None]


class NewestOnlineStoreConfig(FeastConfigBaseModel):
    """Feast finds the store by this name; `path` is the SQLite file."""

    type: Literal["trending_assets.features.store.online.NewestOnlineStore"]
    path: StrictStr


def _micros(moment: datetime) -> int:
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


def _key(config: RepoConfig, entity: EntityKey) -> bytes:
    return serialize_entity_key(entity, config.entity_key_serialization_version)


class NewestOnlineStore(OnlineStore):
    """Feast's interface over one SQLite table a feature view: entity, event, created (µs, UTC), features (protobuf)."""

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
                    f"CREATE TABLE IF NOT EXISTS {_table(config, view)} (entity BLOB PRIMARY KEY, event INTEGER NOT NULL, "
                    "created INTEGER NOT NULL, features BLOB NOT NULL)"
                )
            for view in tables_to_delete:
                database.execute(f"DROP TABLE IF EXISTS {_table(config, view)}")

    def teardown(self, config: RepoConfig, tables: Sequence[FeatureView], entities: Sequence[Entity]) -> None:
        """Drop the tables of the views."""
        self.update(config, tables, [], [], [], partial=False)

    def online_write_batch(
        self, config: RepoConfig, table: FeatureView, data: list[Row], progress: Callable[[int], Any] | None
    ) -> None:
        """Write rows in one transaction; of a title's rows the one with the latest event stays, then the one created last."""
        rows = []
        for entity, values, event, created in data:
            packed = Map(val=values).SerializeToString(deterministic=True)
            rows.append((_key(config, entity), _micros(event), _micros(created or event), packed))
        with _database(config) as database:
            database.executemany(
                f"INSERT INTO {_table(config, table)} AS old VALUES (?, ?, ?, ?) ON CONFLICT (entity) DO UPDATE SET "
                "event = excluded.event, created = excluded.created, features = excluded.features "
                "WHERE (excluded.event, excluded.created) >= (old.event, old.created)",
                rows,
            )
        if progress:
            progress(len(rows))

    def online_read(
        self,
        config: RepoConfig,
        table: FeatureView,
        entity_keys: list[EntityKey],
        requested_features: list[str] | None = None,
    ) -> list[tuple[datetime | None, dict[str, Value] | None]]:
        """Event time and features of each entity, (None, None) where there is no row."""
        keys = [_key(config, entity) for entity in entity_keys]
        found: dict[bytes, tuple[datetime, dict[str, Value]]] = {}
        with _database(config) as database:
            for start in range(0, len(keys), KEYS_AT_ONCE):
                part = keys[start : start + KEYS_AT_ONCE]
                marks = ",".join("?" * len(part))
                for key, event, packed in database.execute(
                    f"SELECT entity, event, features FROM {_table(config, table)} WHERE entity IN ({marks})", part
                ):
                    values = Map.FromString(packed).val
                    names = requested_features if requested_features is not None else list(values)
                    found[key] = (_moment(event), {name: values[name] for name in names if name in values})
        return [found.get(key, (None, None)) for key in keys]

    def held(self, config: RepoConfig, table: FeatureView, events: Sequence[datetime]) -> dict[str, datetime]:
        """Titles whose row has one of these event times, with it."""
        found = {}
        with _database(config) as database:
            for event in events:
                for (key,) in database.execute(
                    f"SELECT entity FROM {_table(config, table)} WHERE event = ?", (_micros(event),)
                ):
                    entity = deserialize_entity_key(key, config.entity_key_serialization_version)
                    found[entity.entity_values[0].string_val] = event
        return found

    def newest(self, config: RepoConfig, table: FeatureView) -> datetime | None:
        """The newest event time in the store; None where it is empty."""
        with _database(config) as database:
            (event,) = database.execute(f"SELECT max(event) FROM {_table(config, table)}").fetchone()
        return None if event is None else _moment(event)

    def withdraw(self, config: RepoConfig, table: FeatureView, rows: dict[str, datetime]) -> None:
        """Remove titles' rows, each only if its event time is still the one named."""
        keys = [
            (_key(config, EntityKey(join_keys=["title_id"], entity_values=[Value(string_val=title)])), _micros(event))
            for title, event in rows.items()
        ]
        with _database(config) as database:
            database.executemany(f"DELETE FROM {_table(config, table)} WHERE entity = ? AND event = ?", keys)
