"""lake.py: atomic, repeatable, and the same on a folder and on a real S3 server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake

DAY = date(2026, 1, 2)


def alerts(*ids: str) -> pl.DataFrame:
    row = {"rank": 1, "score": 2.0, "fresh": True, "authors": 3, "voices": 3.0, "expected": 1.0, "excess": 2.0}
    row |= {"p_value": 0.01, "false_alarms": 0.02, "q_value": 0.02}
    rows = [{"title_id": i, **row} for i in ids]
    return pl.DataFrame(rows, schema=TABLES["trends/alerts"].schema)


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def any_lake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lake]:
    if request.param == "folder":
        yield open_lake(str(tmp_path / "lake"))
    else:
        request.getfixturevalue("s3_env")
        yield open_lake(f"s3://lake-tests/{tmp_path.name}")


def test_a_partition_comes_back_with_its_day(any_lake: Lake) -> None:
    any_lake.write("trends/alerts", alerts("b", "a"), DAY)
    frame = any_lake.read("trends/alerts", [DAY])
    assert frame["title_id"].to_list() == ["a", "b"]
    assert frame["date"].to_list() == [DAY, DAY]
    assert any_lake.days("trends/alerts") == [DAY]


def test_same_rows_give_the_same_bytes_in_any_order(any_lake: Lake) -> None:
    any_lake.write("trends/alerts", alerts("a", "b", "c"), DAY)
    first = any_lake.sha256("trends/alerts", DAY)
    any_lake.write("trends/alerts", alerts("c", "b", "a"), DAY)
    assert any_lake.sha256("trends/alerts", DAY) == first is not None


def test_a_missing_day_is_an_error_or_left_out(any_lake: Lake) -> None:
    any_lake.write("trends/alerts", alerts("a"), DAY)
    days = [DAY - timedelta(days=1), DAY]
    with pytest.raises(PermanentFailure, match="2026-01-01/data.parquet is not there. Materialize trends/alerts"):
        any_lake.read("trends/alerts", days)
    assert any_lake.read("trends/alerts", days, missing="skip").height == 1
    nothing = any_lake.read("trends/alerts", days[:1], missing="skip")
    assert nothing.is_empty() and nothing.schema["date"] == pl.Date


def test_a_list_stays_under_its_prefix(any_lake: Lake) -> None:
    any_lake.store.put("a/x", b"1")
    any_lake.store.put("ab/x", b"2")
    assert any_lake.store.list("a") == ["a/x"]
    any_lake.store.delete("a/x")
    assert any_lake.store.get("a/x") is None


def test_a_writer_that_is_killed_leaves_the_old_object(lake: Lake, tmp_path: Path) -> None:
    """A process dies by SIGKILL between writing and renaming: readers still see the old bytes and nothing else."""
    lake.store.put("t/data", b"old")
    script = (
        "import os, signal, sys\n"
        "from trending_assets.lake import open_lake\n"
        "os.replace = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "open_lake(sys.argv[1]).store.put('t/data', b'new')\n"
    )
    done = subprocess.run([sys.executable, "-c", script, lake.uri], env=os.environ, check=False)
    assert done.returncode == -9
    assert lake.store.get("t/data") == b"old"
    assert lake.store.list("t") == ["t/data"]


@pytest.mark.parametrize(("uri", "words"), [("gs://b/x", "not gs://"), ("s3://no", "S3 refuses|S3 cannot be reached")])
def test_a_wrong_address_is_one_sentence(uri: str, words: str, s3_env: None) -> None:
    with pytest.raises(PermanentFailure, match=words):
        open_lake(uri)


def test_a_lake_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PermanentFailure, match="is a file. Name a folder"):
        open_lake(str(tmp_path / "file"))
