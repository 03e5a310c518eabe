"""The dbt project's yml files, generated from contracts so that names, types and descriptions cannot drift.

`python -m trending_assets.staging.dbt_schema` writes them; a test holds the files against `render()`.
"""

from pathlib import Path
from typing import Any

import polars as pl
import yaml

from trending_assets.contracts import DOCUMENT_TABLES, RAW_TABLES, TABLES, Dtype, Table
from trending_assets.settings import REPO_ROOT

PROJECT_DIR = REPO_ROOT / "dbt_project"

STAGING = ("staging/documents", "staging/titles", "staging/charts", "staging/lists")
MARTS = ("marts/trends", "marts/titles", "marts/evidence")
SOURCES = (
    *RAW_TABLES,
    *("staging/documents", "staging/titles", "linking/mentions", "scoring/document_scores", "scoring/title_digests"),
    *("trends/trend_scores", "trends/alerts", "genre/predictions"),
)
"""Tables that the models read from the lake. The marts are a dbt call of their own, so staging's tables are among them."""

_HEAD = "# Generated from trending_assets/contracts by `python -m trending_assets.staging.dbt_schema`. Do not edit.\n"
_SIMPLE: dict[Dtype, str] = {
    pl.String: "VARCHAR",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Binary: "BLOB",
    pl.Datetime("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
}


def duckdb_type(dtype: Dtype) -> str:
    """DuckDB's name of a contract type. Raises KeyError for a type that no contract uses."""
    if isinstance(dtype, pl.List):
        return f"{duckdb_type(dtype.inner)}[]"
    if isinstance(dtype, pl.Struct):
        return f"STRUCT({', '.join(f'{f.name} {duckdb_type(f.dtype)}' for f in dtype.fields)})"
    return _SIMPLE[dtype]


def model_name(table: str) -> str:
    """dbt's name of a table's model: stg_documents for staging/documents, mart_trends for marts/trends."""
    group, _, name = table.partition("/")
    return f"{'stg' if group == 'staging' else 'mart'}_{name}"


def _column(table: Table, name: str) -> dict[str, Any]:
    column = table.column(name)
    entry: dict[str, Any] = {
        "name": name,
        "data_type": duckdb_type(column.dtype),
        "description": column.meaning[0].upper() + column.meaning[1:] + ".",
    }
    if column.values:
        entry["data_tests"] = [{"accepted_values": {"arguments": {"values": list(column.values)}}}]
    elif name in table.key:
        entry["data_tests"] = ["not_null"]
    return entry


def _model(name: str) -> dict[str, Any]:
    table = TABLES[name]
    return {
        "name": model_name(name),
        "description": table.meaning,
        "data_tests": [{"unique_per_day": {"arguments": {"key": list(table.key)}}}],
        "columns": [_column(table, column) for column in table.schema],
    }


def _source(group: str) -> dict[str, Any]:
    lake = "{{ var('lake') or env_var('TRENDING_LAKE', '.') }}"
    location = f"read_parquet('{lake}/{group}/{{name}}/date=*/data.parquet', hive_partitioning = true)"
    names = [name.partition("/")[2] for name in SOURCES if name.startswith(f"{group}/")]
    return {
        "name": group,
        "config": {"meta": {"external_location": location}},
        "tables": [
            {
                "name": name,
                "description": TABLES[f"{group}/{name}"].meaning,
                "config": {"meta": {"dagster": {"asset_key": [group, name]}}},
            }
            for name in names
        ],
    }


def _document_tables() -> str:
    """A macro with the raw tables whose rows are documents, so that a new source is in the union by itself."""
    names = ", ".join(f"'{table.partition('/')[2]}'" for table in DOCUMENT_TABLES)
    head = "{#- Generated from sources.yaml by `python -m trending_assets.staging.dbt_schema`. Do not edit. -#}\n"
    return f"{head}{{% macro document_tables() -%}}\n  {{{{ return([{names}]) }}}}\n{{%- endmacro %}}\n"


def render() -> dict[Path, str]:
    """The text of each generated file by its path."""
    groups = list(dict.fromkeys(name.partition("/")[0] for name in SOURCES))
    files = {
        "sources.yml": {"sources": [_source(group) for group in groups]},
        "staging/schema.yml": {"models": [_model(name) for name in STAGING]},
        "marts/schema.yml": {"models": [_model(name) for name in MARTS]},
    }
    macros = {PROJECT_DIR / "macros" / "document_tables.sql": _document_tables()}
    return macros | {
        PROJECT_DIR / "models" / name: _HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
        for name, content in files.items()
    }


def write() -> None:
    """Write the files that are not as they should be, so that a read-only project that is up to date stays untouched."""
    for path, text in render().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
