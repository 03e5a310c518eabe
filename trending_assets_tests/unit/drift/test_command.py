"""Any two files: their rows, what blocks are for, and errors in a sentence."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trending_assets.drift.command import Compared, _merged, drift_files
from trending_assets.failures import PermanentFailure

NUMBER = ["schema", "missing", "mann_whitney", "ks", "psi", "chi_squared"]
TEXT = ["schema", "missing", "psi", "chi_squared"]


def compared(
    folder: Path, left: pl.DataFrame, right: pl.DataFrame, block: str | None = None
) -> tuple[Compared, pl.DataFrame]:
    """The files of two frames compared."""
    for name, frame in (("left", left), ("right", right)):
        frame.write_parquet(folder / f"{name}.parquet")
    out = folder / "deep" / "out.parquet"
    done = drift_files(folder / "left.parquet", folder / "right.parquet", out, block)
    found = pl.read_parquet(out)
    assert (
        found.columns == ["column", "test", "statistic", "p_value", "effect", "drifted"] and found.height == done.rows
    )
    assert sorted(set(found.filter("drifted")["column"])) == done.drifted
    stated = found.filter(pl.col("drifted").is_not_null())
    assert stated.select(pl.col("statistic", "p_value", "effect").is_finite().all()).row(0) == (True, True, True)
    assert stated["p_value"].is_between(0, 1).all() and (stated["effect"] >= 0).all()
    return done, found


def of(found: pl.DataFrame, column: str, test: str) -> dict[str, Any]:
    (row,) = found.filter((pl.col("column") == column) & (pl.col("test") == test)).to_dicts()
    return row


def test_any_two_files(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)

    def made(shift: float, tags: list[str]) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "number": draw.normal(shift, 1, 800),
                "still": draw.integers(0, 9, 800),
                "flag": [bool(n % 2) for n in range(800)],
                "tags": [tags] * 800,
                "text": [f"w{n % 200}" for n in range(800)],
                "when": [date(2026, 2, 11)] * 800,
                "none": [None] * 800,
            },
            schema_overrides={"none": pl.Float64},
        )

    done, found = compared(tmp_path, made(0, ["x", "y"]), made(1, ["x", "z"]))
    assert done == Compared(3 * 6 + 3 * 4 + 2, ["number", "tags"], None)
    tests = {column: part["test"].to_list() for (column,), part in found.group_by(["column"], maintain_order=True)}
    assert tests == {
        **{name: NUMBER for name in ("number", "still", "none")},
        **{name: TEXT for name in ("flag", "tags", "text")},
        "when": ["schema", "missing"],
    }
    none = found.filter(pl.col("column") == "none")
    assert none["drifted"].to_list() == [False, False, None, None, None, None]
    assert (none["statistic"][0], none["statistic"][1]) == (0.0, 1.0)
    assert of(found, "number", "mann_whitney")["effect"] == pytest.approx(1, abs=0.1)


def test_a_column_of_one_file_alone_a_changed_type_and_an_emptied_column_are_schema(tmp_path: Path) -> None:
    rows = 100
    common = {"same": list(range(rows))}
    left = pl.DataFrame({**common, "gone": [1] * rows, "kind": [1] * rows, "emptied": [1.0] * rows, "few": [1] * rows})
    right = pl.DataFrame({**common, "came": [1] * rows, "kind": ["1"] * rows, "emptied": [None] * rows}).with_columns(
        pl.col("emptied").cast(pl.Float64), few=pl.lit(1.5)
    )
    done, found = compared(tmp_path, left, right)
    assert {"gone", "came", "kind", "emptied"} <= set(done.drifted) and "same" not in done.drifted
    for name in ("gone", "came"):
        assert found.filter(pl.col("column") == name)["test"].to_list() == ["schema"]
    assert found.filter(pl.col("column") == "kind")["test"].to_list() == ["schema", "missing"]
    for name in ("gone", "came", "kind", "emptied"):
        assert (of(found, name, "schema")["statistic"], of(found, name, "schema")["drifted"]) == (1.0, True)
    assert of(found, "emptied", "missing")["drifted"] and of(found, "emptied", "mann_whitney")["drifted"] is None
    assert of(found, "few", "schema")["statistic"] == 0.0, "whole numbers and others are numbers"


def test_all_or_nothing_of_a_handful_of_rows_may_be_chance(tmp_path: Path) -> None:
    """One value among 40 rows and none among 40: that is no emptied column."""
    left = pl.DataFrame({"x": [1.0, *[None] * 39]})
    _, found = compared(tmp_path, left, pl.DataFrame({"x": [None] * 40}, schema={"x": pl.Float64}))
    row = of(found, "x", "schema")
    assert (row["statistic"], row["drifted"]) == (1.0, False) and row["p_value"] > 0.1


def clustered(seed: int, titles: int = 40, rows: int = 20, shift: float = 0.0) -> pl.DataFrame:
    """Rows of a title share most of a mood and of a genre; the titles are the file's own."""
    draw = np.random.default_rng(seed)
    title = np.repeat(np.arange(titles), rows)
    mood = draw.normal(shift, 1, titles)[title] + 0.7 * draw.normal(size=titles * rows)
    own = draw.choice(["drama", "war", "comedy"], titles)[title]
    genre = np.where(draw.random(titles * rows) < 0.6, own, draw.choice(["drama", "war", "comedy"], titles * rows))
    return pl.DataFrame({"title_id": [f"{seed}-{n}" for n in title], "mood": mood, "genre": genre})


def test_clustered_quiet_files_alarm_only_where_rows_count_as_independent(tmp_path: Path) -> None:
    watched = ["mood", "genre"]
    fired = {"none": 0, "title_id": 0}
    for seed in range(0, 30, 2):
        left, right = clustered(seed, rows=40), clustered(seed + 1, rows=40)
        for block in fired:
            # the ids are other ones in each file, which is a shift of that column
            done, _ = compared(tmp_path, left, right, block)
            fired[block] += bool(set(done.drifted) & set(watched))
    assert fired["title_id"] <= 1 and fired["none"] >= 12, fired
    done, _ = compared(tmp_path, clustered(0), clustered(1, shift=1.5), "title_id")
    assert "mood" in done.drifted, "blocks hide no shift"


def test_clusters_merge_more_bins() -> None:
    """A bin expects 5 independent rows: 20 rows that are all alike are one."""
    draw = np.random.default_rng(1)
    rows = [np.eye(12)[draw.integers(0, 12, blocks)] for blocks in (150, 120)]
    alone, alike = _merged(rows), _merged([20 * side for side in rows])
    assert alone[0].shape[1] == alike[0].shape[1] == 12
    few = [side[:30] for side in rows]
    assert _merged([20 * side for side in few])[0].shape[1] <= 6
    assert [side.sum() for side in _merged([20 * side for side in few])] == [600, 600]


def test_blocks_are_taken_where_both_files_have_some(tmp_path: Path) -> None:
    done, blocked = compared(tmp_path, clustered(0), clustered(1))
    assert done.block == "title_id"
    _, asked = compared(tmp_path, clustered(0), clustered(1), "title_id")
    assert asked.equals(blocked)
    renamed = clustered(1).rename({"title_id": "id"})
    assert compared(tmp_path, clustered(0), renamed)[0].block is None
    alone = clustered(0, titles=400, rows=1), clustered(1, titles=400, rows=1)
    assert compared(tmp_path, *alone)[0].block is None, "a row each makes no blocks"
    assert compared(tmp_path, clustered(0, titles=7), clustered(1))[0].block is None, "7 are too few"
    assert compared(tmp_path, clustered(0, titles=8), clustered(1))[0].block == "title_id"


def test_infinities_and_nan_are_missing_values_and_huge_numbers_are_numbers(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    left, right = (pl.DataFrame({"x": draw.normal(0, 1, 400)}) for _ in range(2))
    odd = [float("inf"), -float("inf"), float("nan"), None] * 50
    _, found = compared(tmp_path, left, pl.DataFrame({"x": [*right["x"].to_list(), *odd]}))
    assert of(found, "x", "missing")["statistic"] == pytest.approx(1 / 3)
    assert found.filter("drifted")["test"].to_list() == ["missing"]
    _, usual = compared(tmp_path, left, right)
    _, huge = compared(tmp_path, left * 1e300, right * 1e300)
    values = [frame.select("statistic", "p_value", "effect").to_numpy() for frame in (usual, huge)]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-9)


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    compared(tmp_path, clustered(0), clustered(1))
    once = (tmp_path / "deep" / "out.parquet").read_bytes()
    compared(tmp_path, clustered(0), clustered(1))
    assert (tmp_path / "deep" / "out.parquet").read_bytes() == once
    _, ordered = compared(tmp_path, clustered(0), clustered(1))
    _, shuffled = compared(tmp_path, clustered(0).reverse(), clustered(1).sample(fraction=1.0, shuffle=True, seed=1))
    assert shuffled.drop("drifted").equals(ordered.drop("drifted")) or np.allclose(
        shuffled.select("statistic", "p_value", "effect").to_numpy(),
        ordered.select("statistic", "p_value", "effect").to_numpy(),
    )


def test_files_that_cannot_be_compared_are_said_in_a_sentence(tmp_path: Path) -> None:
    good, other, bare = (tmp_path / f"{n}.parquet" for n in ("good", "other", "bare"))
    pl.DataFrame({"a": [1]}).write_parquet(good)
    pl.DataFrame({"b": [1]}).write_parquet(other)
    pl.DataFrame({"a": []}, schema={"a": pl.Int64}).write_parquet(bare)
    (tmp_path / "text.parquet").write_text("no")
    for left, right, complaint in (
        (good, other, "no column in common"),
        (good, bare, "has no rows"),
        (bare, good, "has no rows"),
        (good, tmp_path / "x", "There is no file"),
        (good, tmp_path / "text.parquet", "is no Parquet file"),
    ):
        with pytest.raises(PermanentFailure, match=complaint):
            drift_files(left, right, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("nobody", "--block nobody is no column of the baseline file"),
        ("left_only", "--block left_only is no column of the current file"),
        ("few", "--block few has 3 values in the baseline file; 8 are needed"),
        ("tags", r"--block tags is of type List\(String\) in the baseline file; use a column of names"),
    ],
)
def test_blocks_that_are_none_are_said_in_a_sentence(block: str, complaint: str, tmp_path: Path) -> None:
    right = clustered(0).with_columns(few=pl.int_range(pl.len()) % 3, tags=pl.concat_list("genre", "title_id"))
    for name, frame in (("left", right.with_columns(left_only="title_id")), ("right", right)):
        frame.write_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(PermanentFailure, match=complaint):
        drift_files(tmp_path / "left.parquet", tmp_path / "right.parquet", tmp_path / "out.parquet", block)


_VALUES = st.one_of(st.none(), st.sampled_from([0.0, 1.0, float("nan"), float("inf"), -float("inf")]), st.floats())
_TAGS = st.one_of(st.none(), st.lists(st.one_of(st.none(), st.sampled_from("abc")), max_size=3))
_FRAMES = st.lists(
    st.tuples(_VALUES, st.one_of(st.none(), st.booleans()), _TAGS, st.integers(0, 20)), min_size=1, max_size=30
).map(
    lambda rows: pl.DataFrame(
        rows,
        schema={"number": pl.Float64, "flag": pl.Boolean, "source": pl.List(pl.String), "site": pl.Int64},
        orient="row",
    )
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_FRAMES, _FRAMES)
def test_no_file_breaks_it_and_what_is_stated_is_finite(
    tmp_path: Path, left: pl.DataFrame, right: pl.DataFrame
) -> None:
    compared(tmp_path, left, right)
