"""`trending backtest` on files: the table, the page, the progress, causal rankings, and clear errors."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.trends.backtest.command import FRAMES, backtest_files
from trending_assets.trends.command import scores_of_files
from trending_assets_tests.e2e.running import trending

FIRST = date(2013, 3, 1)
NAMES = ["Iron Man 3", "The Great Gatsby", "Silver Linings Playbook", "Jack Reacher", "Oblivion"]
TUNING, TEST = (date(2013, 3, 28), date(2013, 4, 12)), (date(2013, 4, 13), date(2013, 4, 25))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty-three days of posts about five films."""
    folder = tmp_path_factory.mktemp("world")
    pl.DataFrame(
        {"tmdb_id": [1, 2, 3, 4, 5], "media_type": ["movie"] * 5, "title": NAMES, "release_date": ["2013-04-20"] * 5}
    ).write_parquet(folder / "titles.parquet")
    rng = np.random.default_rng(4)
    rows = [
        (f"http://a/{d}-{n}-{k}", "a", "post", f"u{k}", _at(d), f"I rated {name} 7/10")
        for d in range(63)
        for n, name in enumerate(NAMES)
        for k in range(int(rng.poisson(2 + n + (8 if n == 1 and d > 50 else 0))))
    ]
    schema = ["url", "site", "kind", "author", "published_at", "text"]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "documents.parquet")
    return folder


def _at(days: int) -> datetime:
    return datetime(2013, 3, 1, 20, tzinfo=UTC) + timedelta(days=days)


def test_the_command_prints_its_table_and_writes_its_page(world: Path, tmp_path: Path) -> None:
    days = [
        word
        for option, day in zip(("--tuning-from", "--tuning-to"), TUNING, strict=True)
        for word in (option, str(day))
    ]
    days += ["--from", str(TEST[0]), "--to", str(TEST[1])]
    files = ["--titles", str(world / "titles.parquet"), "--documents", str(world / "documents.parquet")]
    done = trending("backtest", *files, *days, "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for words in (
        "NDCG@20",
        "Trending Now",
        "EWMA contrast",
        "13 test days",
        "best on the tuning days",
        "intervals hold",
    ):
        assert words in done.stdout, words
    assert "42/42  rise: boosted Poisson trees" in done.stderr and "ranking 2013-04-25" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.startswith("<!doctype html>") and "13 test days" in page
    for name in (*FRAMES, "backtest"):
        assert pl.read_parquet(tmp_path / "out" / f"{name}.parquet").height > 0, name


def test_rankings_are_those_of_files_cut_after_the_day(world: Path, tmp_path: Path) -> None:
    whole = scores_of_files(world / "titles.parquet", world / "documents.parquet", None, *TEST)
    cut = tmp_path / "documents.parquet"
    pl.read_parquet(world / "documents.parquet").filter(pl.col("published_at") < _at(48)).write_parquet(cut)
    before = scores_of_files(world / "titles.parquet", cut, None, *TEST)
    until = FIRST + timedelta(days=47)
    assert whole.scores.filter(pl.col("date") <= until).equals(before.scores.filter(pl.col("date") <= until))
    assert max(whole.counts["date"]) == TEST[1] + timedelta(days=7) and min(whole.counts["date"]) == FIRST


@pytest.mark.parametrize(
    ("tuning", "test", "words"),
    [
        ((TUNING[1], TUNING[0]), TEST, "--tuning-to 2013-03-28 is before --tuning-from 2013-04-12"),
        (TUNING, (TEST[1], TEST[0]), "--to 2013-04-13 is before --from 2013-04-25"),
        (TUNING, (TUNING[1], TEST[1]), "tuning must not see the test"),
        ((date(2012, 1, 1), date(2012, 2, 1)), TEST, "No tuning day"),
    ],
)
def test_wrong_days_are_one_sentence(
    world: Path, tmp_path: Path, tuning: tuple[date, date], test: tuple[date, date], words: str
) -> None:
    with pytest.raises(PermanentFailure, match=words):
        backtest_files(world / "titles.parquet", world / "documents.parquet", None, tuning, test, tmp_path)


def test_a_folder_that_cannot_be_written_is_one_sentence(world: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PermanentFailure, match="cannot be written"):
        backtest_files(world / "titles.parquet", world / "documents.parquet", None, TUNING, TEST, tmp_path / "out")
