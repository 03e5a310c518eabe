"""Feast's offline store over the lake's own Parquet: every point-in-time join is as_of.py's.

Feast's own file store is not used. It takes the creation time as a tie-breaker alone unless asked otherwise, decides ties by
a sort that is not stable, folds equal questions and merges every question with the whole history of its title
(`python -m bench.as_of` counts the differences). Here a value is never given for a moment before it was written, whatever
`filter_by_created_timestamp` says.

A source is the folder of a daily table in a lake (local or s3://), or one Parquet file with `event_timestamp` and, where
known, `created_timestamp`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

import pandas as pd
import polars as pl
import pyarrow as pa
from feast import FeatureView, RepoConfig
from feast.data_source import DataSource
from feast.infra.offline_stores.file_source import FileSource
from feast.infra.offline_stores.offline_store import OfflineStore, RetrievalJob, RetrievalMetadata
from feast.infra.registry.base_registry import BaseRegistry
from feast.on_demand_feature_view import OnDemandFeatureView
from feast.repo_config import FeastConfigBaseModel

from trending_assets.contracts import TABLES, TIME
from trending_assets.failures import PermanentFailure
from trending_assets.features.store.as_of import (
    AS_OF,
    CREATED,
    EVENT,
    TITLE,
    TITLE_DAY,
    event_time,
    features_as_of,
    partition,
    timed,
)
from trending_assets.lake import open_lake


class LakeOfflineStoreConfig(FeastConfigBaseModel):
    """Feast finds the store by this name."""

    type: Literal["trending_assets.features.store.offline.LakeOfflineStore"]


class Retrieval(RetrievalJob):
    """A frame that is computed when it is asked for."""

    def __init__(
        self,
        compute: Callable[[], pl.DataFrame],
        metadata: RetrievalMetadata | None = None,
        full_names: bool = False,
        on_demand: Sequence[OnDemandFeatureView] = (),
    ) -> None:
        self._compute, self._metadata, self._full_names, self._on_demand = compute, metadata, full_names, on_demand

    def _to_arrow_internal(self, timeout: int | None = None) -> pa.Table:
        return _dates_as_times(self._compute()).to_arrow(compat_level=pl.CompatLevel.oldest())

    def _to_df_internal(self, timeout: int | None = None) -> pd.DataFrame:
        return self._to_arrow_internal().to_pandas()

    @property
    def full_feature_names(self) -> bool:
        return self._full_names

    @property
    def on_demand_feature_views(self) -> list[OnDemandFeatureView]:
        return list(self._on_demand)

    @property
    def metadata(self) -> RetrievalMetadata | None:
        return self._metadata


def _dates_as_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Feast has no dates: a day is its 00:00 UTC, offline as online."""
    return frame.with_columns(pl.col(pl.Date).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


class LakeOfflineStore(OfflineStore):
    """Feast's interface over `features_as_of`."""

    supports_filter_by_created_timestamp = True

    @staticmethod
    def get_historical_features(
        config: RepoConfig,
        feature_views: list[FeatureView],
        feature_refs: list[str],
        entity_df: pd.DataFrame | str | None,
        registry: BaseRegistry,
        project: str,
        full_feature_names: bool = False,
        filter_by_created_timestamp: bool = False,  # it always is
        **ranges: Any,
    ) -> RetrievalJob:
        """The entity frame, all its rows in their order, with the features known at each `event_timestamp`."""
        if not isinstance(entity_df, pd.DataFrame) or EVENT not in entity_df.columns:
            raise PermanentFailure(f"Features are asked for with a pandas frame that has {TITLE} and {EVENT}.")
        asked = entity_df

        def compute() -> pl.DataFrame:
            frame = pl.from_pandas(asked)
            for view in feature_views:
                name, title = view.projection.name_to_use(), view.projection.join_key_map.get(TITLE, TITLE)
                features = [ref.partition(":")[2] for ref in feature_refs if ref.partition(":")[0] == name]
                queries = frame.select(
                    pl.col(title).alias(TITLE), pl.col(EVENT).dt.convert_time_zone("UTC").alias(AS_OF)
                )
                found = _as_of(view.batch_source, queries, features).select(features)
                found = found.rename({f: f"{name}__{f}" for f in features} if full_feature_names else {})
                if both := [column for column in found.columns if column in frame.columns]:
                    raise PermanentFailure(
                        f"The frame already has a column {both[0]}; ask with full_feature_names=True."
                    )
                frame = pl.concat([frame, found], how="horizontal")
            return frame

        times = asked[EVENT]
        keys = [str(name) for name in asked.columns if name != EVENT]
        metadata = RetrievalMetadata(feature_refs, keys, times.min(), times.max())
        on_demand = OnDemandFeatureView.get_requested_odfvs(feature_refs, project, registry)
        return Retrieval(compute, metadata, full_feature_names, on_demand)

    @staticmethod
    def pull_latest_from_table_or_query(
        config: RepoConfig,
        data_source: DataSource,
        join_key_columns: list[str],
        feature_name_columns: list[str],
        timestamp_field: str,
        created_timestamp_column: str | None,
        start_date: datetime,
        end_date: datetime,
    ) -> RetrievalJob:
        """The newest row of each title with an event between the two moments, as known at the later one."""

        def compute() -> pl.DataFrame:
            rows = _rows(data_source, start_date, end_date)
            queries = (
                rows.select(TITLE).unique(maintain_order=True).with_columns(pl.lit(end_date).cast(TIME).alias(AS_OF))
            )
            found = features_as_of(rows.with_columns(pl.col(CREATED).alias("_written")), queries).drop_nulls(EVENT)
            return found.select(*join_key_columns, *feature_name_columns, EVENT, pl.col("_written").alias(CREATED))

        return Retrieval(compute)

    @staticmethod
    def pull_all_from_table_or_query(
        config: RepoConfig,
        data_source: DataSource,
        join_key_columns: list[str],
        feature_name_columns: list[str],
        timestamp_field: str,
        created_timestamp_column: str | None = None,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> RetrievalJob:
        """Every row with an event between the two moments that was written by the later one: what Feast materializes."""

        def compute() -> pl.DataFrame:
            rows = _rows(data_source, start_date, end_date)
            return rows.select(*join_key_columns, *feature_name_columns, EVENT, CREATED)

        return Retrieval(compute)


def _path(source: DataSource | None) -> str:
    if not isinstance(source, FileSource):
        raise PermanentFailure("The lake's feature store reads file sources alone.")
    return source.path


def _as_of(source: DataSource | None, queries: pl.DataFrame, features: list[str]) -> pl.DataFrame:
    path = _path(source)
    if path.endswith(".parquet"):
        return features_as_of(pl.read_parquet(path), queries, features)
    return features_as_of(open_lake(path.removesuffix(f"/{TITLE_DAY}")), queries, features)


def _rows(source: DataSource, start: datetime | None, end: datetime | None) -> pl.DataFrame:
    """Rows with an event from start to end, both included, and written by the end; with both times."""
    path = _path(source)
    if path.endswith(".parquet"):
        rows = pl.read_parquet(path)
        rows = rows if CREATED in rows.columns else rows.with_columns(pl.lit(None, TIME).alias(CREATED))
    else:
        lake = open_lake(path.removesuffix(f"/{TITLE_DAY}"))
        days = [
            d
            for d in lake.days(TITLE_DAY)
            if (not start or start <= event_time(d)) and (not end or event_time(d) <= end)
        ]
        columns = list(TABLES[TITLE_DAY].schema)
        parts = [partition(lake, day, columns) for day in days] or [lake.read(TITLE_DAY, [], missing="skip")]
        rows = timed(pl.concat(parts)).with_columns(pl.col(EVENT).alias(CREATED))
    within = [pl.col(EVENT) >= start] if start else []
    within += [pl.max_horizontal(EVENT, CREATED) <= end] if end else []
    rows = rows.with_columns(pl.col(CREATED).fill_null(pl.col(EVENT)))
    return rows.filter(*within) if within else rows
