"""The definition that training and serving share: Feast's entity, feature view and store, made from contracts.

Three lines read features:

    store = feature_store(open_lake("…"))
    store.get_historical_features(frame_with_title_id_and_event_timestamp, store.get_feature_service("title_day")).to_df()
    store.get_online_features(["title_day:authors"], [{"title_id": "movie-1"}]).to_df()
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from trending_assets.contracts import TABLES, Dtype
from trending_assets.features.store.as_of import CREATED, EVENT, TITLE, TITLE_DAY
from trending_assets.lake import Lake
from trending_assets.settings import get_settings

if TYPE_CHECKING:
    from feast import FeatureStore

PROJECT = "trending"
VIEW = "title_day"


def feature_columns() -> dict[str, Dtype]:
    """Name and Polars type of every feature: `date`, the partition that a row is of, and what the contract lists.

    Lists of structs and binary columns are left out: they are no features that a model takes.
    """
    columns = {"date": pl.Date, **TABLES[TITLE_DAY].schema}
    return {name: dtype for name, dtype in columns.items() if name != TITLE and _named(dtype)}


def definition() -> str:
    """First 16 hex digits of the SHA-256 over the features' names and types: what a stored row was made by."""
    lines = "\n".join(f"{name} {_named(dtype)}" for name, dtype in feature_columns().items())
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _named(dtype: Dtype) -> str | None:
    """Name of Feast's type for a Polars type; a list's in brackets; None where there is none."""
    if isinstance(dtype, pl.List):
        inner = _named(dtype.inner)
        return f"[{inner}]" if inner and not inner.startswith("[") else None
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return "UnixTimestamp"
    names = {pl.String: "String", pl.Int32: "Int32", pl.Int64: "Int64", pl.Float64: "Float64", pl.Boolean: "Bool"}
    return next((name for known, name in names.items() if dtype == known), None)


def home(lake: Lake) -> Path:
    """Folder of a lake's registry and online store, below the state folder: lakes do not share them."""
    return get_settings().state_dir.resolve() / "feast" / hashlib.sha256(lake.uri.encode()).hexdigest()[:12]


def feature_store(lake: Lake) -> "FeatureStore":
    """Feast's store over a lake, its definition registered. Reads the lake's own Parquet; see offline.py and online.py."""
    return store_over(lake.location(TITLE_DAY).removesuffix("/data.parquet"), home(lake))


def store_over(source: str, folder: Path) -> "FeatureStore":
    """Feast's store over a history: the folder of a daily table in a lake, or one Parquet file with event times."""
    from feast import FeatureStore, RepoConfig
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    store = FeatureStore(
        config=RepoConfig(
            project=PROJECT,
            provider="local",
            registry=str(folder / "registry.pb"),
            offline_store={"type": "trending_assets.features.store.offline.LakeOfflineStore"},
            online_store={
                "type": "trending_assets.features.store.online.NewestOnlineStore",
                "path": str(folder / "online.sqlite"),
            },
            entity_key_serialization_version=3,
        )
    )
    with FileLock(folder / "registry.lock"):  # Feast writes its registry in place
        if _registered(store) != _tags(source):
            store.apply(_definitions(source))
    return store


def _tags(source: str) -> dict[str, str]:
    return {"definition": definition(), "source": source}


def _registered(store: "FeatureStore") -> dict[str, str] | None:
    from feast.errors import FeatureViewNotFoundException

    try:
        return dict(store.get_feature_view(VIEW).tags)
    except FeatureViewNotFoundException:
        return None


def _definitions(source: str) -> list[Any]:
    from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType
    from feast import types as known
    from feast.types import Array, String

    def typed(name: str) -> Any:
        return Array(getattr(known, name[1:-1])) if name.startswith("[") else getattr(known, name)

    contract = TABLES[TITLE_DAY]
    meanings = {column.name: column.meaning for column in contract.columns} | {"date": "day that the row is of"}
    title = Entity(
        name="title", join_keys=[TITLE], value_type=ValueType.STRING, description=contract.column(TITLE).meaning
    )
    view = FeatureView(
        name=VIEW,
        entities=[title],
        ttl=None,  # none: `date` says how old a row is
        schema=[Field(name=TITLE, dtype=String)]
        + [
            Field(name=name, dtype=typed(_named(dtype) or ""), description=meanings[name])
            for name, dtype in feature_columns().items()
        ],
        source=FileSource(name=f"{VIEW}_source", path=source, timestamp_field=EVENT, created_timestamp_column=CREATED),
        description=contract.meaning,
        tags=_tags(source),
    )
    return [title, view, FeatureService(name=VIEW, features=[view])]
