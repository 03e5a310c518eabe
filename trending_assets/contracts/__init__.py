"""One declaration per table: columns, types, units, key, nullability, meaning. A file a stage.

It drives the IO manager's validation, the blocking contract check of every asset, Dagster's column schema, the API's models
and the data dictionary. Imports no Dagster: the API reads it too. The sources of sources.yaml declare their tables there.
"""

from trending_assets.contracts import (
    drift,
    features,
    genre,
    kept,
    linking,
    marts,
    raw,
    scoring,
    serving,
    staging,
    trends,
)
from trending_assets.contracts.columns import KINDS, MEDIA_TYPES, TEXT, TIME
from trending_assets.contracts.features import HALF_LIVES
from trending_assets.contracts.kept import listings_of, quarantine_of
from trending_assets.contracts.raw import DOCUMENT_TABLES, RAW_TABLES, SOURCES
from trending_assets.contracts.table import Column, Dtype, Table
from trending_assets.contracts.validation import conform, empty, validate

STAGES = (raw, staging, linking, scoring, features, trends, genre, drift, marts, serving, kept)

TABLES: dict[str, Table] = {table.name: table for stage in STAGES for table in stage.TABLES}

__all__ = [
    "DOCUMENT_TABLES",
    "HALF_LIVES",
    "KINDS",
    "MEDIA_TYPES",
    "RAW_TABLES",
    "SOURCES",
    "TABLES",
    "TEXT",
    "TIME",
    "Column",
    "Dtype",
    "Table",
    "conform",
    "empty",
    "listings_of",
    "quarantine_of",
    "validate",
]
