"""Column lineage of a dbt model, from its compiled SQL and the contracts of the tables that it reads."""

import re
from functools import lru_cache
from typing import Any

from trending_assets.contracts import TABLES
from trending_assets.staging.dbt_schema import duckdb_type

_PARTITION = re.compile(r"/([a-z_]+)/([a-z_]+)/date=\d{4}-\d{2}-\d{2}/data\.parquet$")
_SPARK_FILES = re.compile(r"parquet\.`[^`]*/([a-z_]+)/([a-z_]+)/date=\{[^`]*`")


@lru_cache(maxsize=32)
def column_lineage(table: str, compiled_sql: str, engine: str = "duckdb") -> dict[str, list[tuple[str, str]]]:
    """For each column of the table: the (table, column) pairs of the lake that its expression is made of, ascending.

    Columns that come from no table (a constant, say) have an empty list. The partition's day `date` is left out: it is the
    layout's and no column of a contract. `engine` is the one that the SQL was compiled for. Raises sqlglot's errors where the SQL
    cannot be resolved.
    """
    from sqlglot import exp, parse_one
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    dialect = {"duckdb": "duckdb", "spark": "databricks"}[engine]
    tree = parse_one(_SPARK_FILES.sub(r"\1.\2", compiled_sql) if engine == "spark" else compiled_sql, dialect=dialect)
    schema: dict[str, Any] = {}
    for node in list(tree.find_all(exp.Table)):
        name = _table_of(node)
        if name is None:
            continue
        group, _, short = name.partition("/")
        node.set("this", exp.to_identifier(short))
        node.set("db", exp.to_identifier(group))
        columns = {column.name: duckdb_type(column.dtype) for column in TABLES[name].columns}
        schema.setdefault(group, {})[short] = columns | (
            {"date": "DATE"} if engine == "duckdb" else {}
        )  # Spark's SQL makes it
    qualified = qualify(tree, schema=schema, dialect=dialect, validate_qualify_columns=False)
    scope = build_scope(qualified)
    found: dict[str, list[tuple[str, str]]] = {}
    for column in TABLES[table].schema:
        sources = set()
        for leaf in lineage(column, qualified, schema=schema, scope=scope, dialect=dialect, copy=False).walk():
            if not leaf.downstream and isinstance(leaf.expression, exp.Table):
                sources.add((f"{leaf.expression.db}/{leaf.expression.name}", leaf.name.rpartition(".")[2].strip('"')))
        found[column] = sorted(pair for pair in sources if pair[0] in TABLES and pair[1] in TABLES[pair[0]].schema)
    return found


def _table_of(node: object) -> str | None:
    """The lake table that a FROM clause reads: a read_parquet([...]) by its first file's address, or group.table."""
    from sqlglot import exp

    if not isinstance(node, exp.Table):
        return None
    if f"{node.db}/{node.name}" in TABLES:
        return f"{node.db}/{node.name}"
    if not isinstance(node.this, exp.ReadParquet):
        return None
    for literal in node.this.find_all(exp.Literal):
        if literal.is_string and (match := _PARTITION.search(literal.name)):
            return f"{match[1]}/{match[2]}"
    return None
