"""Findings for people: what a test is called, and which column comes first. Imports nothing heavy: the API reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TEST_WORDS = {
    "schema": "schema",
    "missing": "missing values",
    "minimum": "smallest value",
    "maximum": "largest value",
    "mean": "mean",
    "median": "median",
    "mann_whitney": "Mann-Whitney",
    "ks": "Kolmogorov-Smirnov",
    "psi": "PSI",
    "chi_squared": "chi-squared",
    "quality": "quality",
}
"""Tests of drift/report in the order in which a person reads them."""
AGAINST_WORDS = {"trailing": "the days before", "training": "the training set"}
SEVERITIES = ("large", "moderate", "small", "none")
VERDICTS = ("drifted", "noted", "stable", "no_baseline")
_TESTS = tuple(TEST_WORDS)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What the tests found in a column: its worst verdict, the severity and sentence of that, and its rows, worst first."""

    column: str
    verdict: str
    severity: str
    detail: str
    rows: list[Row]


def by_column(rows: Iterable[Row]) -> list[Found]:
    """Rows of drift/report by column: what drifted before what is noted before what is quiet, large effects first."""
    columns: dict[str, list[Row]] = {}
    for row in rows:
        columns.setdefault(row["column"], []).append(row)
    found = []
    for column, members in columns.items():
        ordered = sorted(members, key=_place)
        first = ordered[0]
        found.append(Found(column, first["verdict"], first["severity"], first["detail"], ordered))
    return sorted(found, key=lambda one: (_place(one.rows[0])[:2], _least_p(one), one.column))


def _place(row: Row) -> tuple[int, int, int, str]:
    verdict, severity = VERDICTS.index(row["verdict"]), SEVERITIES.index(row["severity"])
    return verdict, severity, _TESTS.index(row["test"]), row["against"]


def _least_p(one: Found) -> float:
    return min((row["p_value"] for row in one.rows if row["p_value"] is not None), default=1.0)
