"""contracts: what validate() catches, and that the dictionary is what the contracts say."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, Column, Table, conform, empty, validate
from trending_assets.dictionary import markdown

REPO = Path(__file__).resolve().parents[2]
ALERTS = TABLES["trends/alerts"]


def alerts(**changes: object) -> pl.DataFrame:
    row = {"title_id": "movie-1", "rank": 1, "score": 2.0, "fresh": True, "authors": 3, "voices": 3.0, "expected": 1.0}
    row |= {"excess": 2.0, "p_value": 0.01, "false_alarms": 0.02, "q_value": 0.02} | changes
    return pl.DataFrame([row], schema=ALERTS.schema, strict=False)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_frame_has_the_declared_schema(name: str) -> None:
    assert dict(empty(TABLES[name]).schema) == TABLES[name].schema


@pytest.mark.parametrize("name", TABLES)
def test_every_table_names_a_key_of_its_columns_and_says_what_it_means(name: str) -> None:
    table = TABLES[name]
    assert set(table.key) <= set(table.schema)
    assert table.meaning.endswith(".")
    assert all(column.meaning for column in table.columns)


def test_a_good_frame_has_no_problem() -> None:
    assert validate(alerts(), ALERTS) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title_id": None}, "title_id is null in 1 rows"),
        ({"p_value": 1.5}, "p_value is above 1"),
        ({"authors": -1}, "authors is below 0"),
        ({"expected": float("nan")}, "expected is NaN or infinite"),
    ],
)
def test_each_breach_is_named(changes: dict[str, object], words: str) -> None:
    assert any(words in problem for problem in validate(alerts(**changes), ALERTS))


def test_a_repeated_key_is_named() -> None:
    assert validate(pl.concat([alerts(), alerts()]), ALERTS) == ["1 rows repeat the key (title_id)"]


def test_a_wrong_type_and_a_missing_column_are_named() -> None:
    problems = validate(alerts().drop("q_value").with_columns(pl.col("authors").cast(pl.Int64)), ALERTS)
    assert problems == ["column authors is Int64, not Int32", "column q_value is missing"]


def test_values_outside_the_declared_ones_are_named() -> None:
    table = Table("a/b", "Test.", ("x",), (Column("x", pl.String, "x", values=("movie", "tv")),))
    assert validate(pl.DataFrame({"x": ["movie", "opera"]}), table) == ["x has 1 values outside movie, tv"]


def test_a_table_that_may_not_be_empty_is_refused_empty() -> None:
    assert validate(empty(TABLES["staging/titles"]), TABLES["staging/titles"]) == ["the partition has no rows"]


def test_conform_names_what_is_missing() -> None:
    with pytest.raises(ValueError, match="trends/alerts lacks the columns p_value, q_value"):
        conform(alerts().drop("p_value", "q_value"), ALERTS)


@given(st.permutations(["c", "a", "b", "d"]))
def test_conform_sorts_by_key_and_drops_extra_columns(ids: list[str]) -> None:
    frame = pl.concat([alerts(title_id=i) for i in ids]).with_columns(date=date(2026, 1, 1))
    assert conform(frame, ALERTS)["title_id"].to_list() == ["a", "b", "c", "d"]
    assert conform(frame, ALERTS).columns == list(ALERTS.schema)


def test_the_data_dictionary_is_what_the_contracts_say() -> None:
    assert (REPO / "docs" / "data-dictionary.md").read_text() == markdown() + "\n", "run `make docs`"
