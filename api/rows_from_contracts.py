"""Writes api/rows.py: `python -m api.rows_from_contracts`. A test holds the file against `render()`.

The API's process must not import Polars, on which contracts rest (35 MiB and a third of the start-up), and its rows must
not drift from them: so the models are written down.
"""

from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, Column

ROWS = {
    "Trend": "marts/trends",
    "TitleFacts": "marts/titles",
    "Document": "marts/evidence",
    "ChartEntry": "staging/charts",
    "DriftTest": "drift/report",
}
_PLAIN: dict[Any, str] = {
    pl.String: "str",
    pl.Int32: "int",
    pl.Int64: "int",
    pl.Float64: "float",
    pl.Boolean: "bool",
    pl.Date: "Date",
}
_HEAD = '''"""Rows of answers. Written from trending_assets/contracts by `python -m api.rows_from_contracts`. Do not edit."""

# ruff: noqa: E501

from datetime import date as Date
from datetime import datetime as Datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """A row, and nothing beside its columns."""

    model_config = ConfigDict(extra="forbid")
'''


def render() -> str:
    """The module's source, not yet formatted."""
    parts = [_HEAD]
    structs: dict[str, list[str]] = {}
    for name, table in ROWS.items():
        contract = TABLES[table]
        lines = [_field(column, structs) for column in contract.columns]
        parts.append(_model(name, contract.meaning, lines))
    return "\n\n".join(
        [parts[0], *(_model(name, f"One {name}.", lines) for name, lines in structs.items()), *parts[1:]]
    )


def _model(name: str, meaning: str, lines: list[str]) -> str:
    return f'class {name}(Row):\n    """{meaning}"""\n\n' + "\n".join(f"    {line}" for line in lines) + "\n"


def _field(column: Column, structs: dict[str, list[str]]) -> str:
    kind = _type(column.dtype, column.name, structs)
    if column.values:
        kind = f"Literal[{', '.join(map(repr, column.values))}]"
    rules = [f"description={column.meaning!r}"]
    rules += [f"{name}={bound!r}" for name, bound in (("ge", column.low), ("le", column.high)) if bound is not None]
    return f"{column.name}: {kind}{' | None' if column.nullable else ''} = Field({', '.join(rules)})"


def _type(dtype: Any, name: str, structs: dict[str, list[str]]) -> str:
    if isinstance(dtype, pl.Datetime):
        return "Datetime"
    if isinstance(dtype, pl.List):
        return f"list[{_type(dtype.inner, name, structs)}]"
    if isinstance(dtype, pl.Struct):
        model = f"{name} item".title().replace(" ", "").replace("_", "")
        structs[model] = [f"{field.name}: {_type(field.dtype, field.name, structs)}" for field in dtype.fields]
        return model
    return _PLAIN[dtype]


def main() -> None:
    """Write the file, formatted as the rest of the code."""
    import subprocess
    import sys

    target = Path(__file__).with_name("rows.py")
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(target), "-"]
    done = subprocess.run(ruff, input=render(), capture_output=True, text=True, check=True)
    target.write_text(done.stdout)


if __name__ == "__main__":
    main()
