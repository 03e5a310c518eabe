"""The data dictionary, written from contracts: `python -m trending_assets.dictionary`."""

from collections.abc import Iterator

from trending_assets.contracts import TABLES, Column, Table


def _rule(column: Column) -> str:
    rules = []
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"{column.low:g}"
        high = "" if column.high is None else f"{column.high:g}"
        rules.append(f"{low} to {high}".strip() if low and high else (f"at least {low}" if low else f"at most {high}"))
    if column.values is not None:
        rules.append(", ".join(f"`{value}`" for value in column.values))
    return "; ".join(rules)


def _lines(table: Table) -> Iterator[str]:
    place = "date=YYYY-MM-DD/" if table.daily else ""
    yield f"## {table.name}\n"
    yield f"{table.meaning}\n"
    yield f"`<lake>/{table.name}/{place}data.parquet`, key: {', '.join(f'`{k}`' for k in table.key)}.\n"
    yield "| column | type | null | meaning | values |"
    yield "|---|---|---|---|---|"
    for c in table.columns:
        yield f"| `{c.name}` | {c.dtype} | {'yes' if c.nullable else ''} | {c.meaning} | {_rule(c)} |"
    yield ""


def markdown() -> str:
    """The whole dictionary as Markdown."""
    head = "# Data dictionary\n\nWritten by `make docs` from `trending_assets/contracts`; a test keeps it true.\n\n"
    return head + "\n".join(line for table in TABLES.values() for line in _lines(table))


if __name__ == "__main__":
    print(markdown())
