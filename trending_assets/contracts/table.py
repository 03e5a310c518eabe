"""What a declaration is made of: a table and its columns."""

from dataclasses import dataclass

from polars.datatypes import DataType, DataTypeClass

Dtype = DataType | DataTypeClass


@dataclass(frozen=True)
class Column:
    """A column: its Polars type, what it means, and what its values must keep."""

    name: str
    dtype: Dtype
    meaning: str
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Table:
    """A table: `name` is group/table, `key` identifies a row within a partition."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    daily: bool = True
    asset: bool = True
    may_be_empty: bool = True

    @property
    def schema(self) -> dict[str, Dtype]:
        return {column.name: column.dtype for column in self.columns}

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def carried(self, *names: str) -> tuple[Column, ...]:
        """The columns of those names, for a table that carries them on as they are. Raises KeyError."""
        return tuple(self.column(name) for name in names)
