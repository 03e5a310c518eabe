"""The command line: help that helps, and one sentence with a non-zero exit for every wrong call."""

import socket
from pathlib import Path

import polars as pl
import pytest

from trending_assets_tests.e2e.running import trending

COMMANDS = [
    "run",
    "serve",
    "status",
    "sandbox",
    "s3",
    "up",
    "link",
    "score",
    "prompts",
    "rank",
    "backtest",
    "features",
    "drift",
    "genre train",
    "genre predict",
    "genre models",
    "genre rollback",
    "genre sanity",
    "serving list",
    "serving rollback",
    "serving prune",
    "lake restore",
    "lake versions",
    "lake prune",
    "lake report-to-dagster",
]


def told(done: object) -> str:
    """Standard error of a failed call, checked to be one sentence without a traceback."""
    error: str = done.stderr  # type: ignore[attr-defined]
    assert done.returncode != 0  # type: ignore[attr-defined]
    assert "Traceback" not in error
    lines = [line for line in error.strip().splitlines() if line]
    assert len(lines) == 1, error
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    done = trending(*command.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--from", "yesterday", "--to", "2026-01-02", "--lake", "l"), "--from yesterday is not a day"),
        (("run", "--from", "2026-01-03", "--to", "2026-01-02", "--lake", "l"), "is before --from"),
        (("run", "--from", "2999-01-01", "--to", "2999-01-02", "--lake", "l"), "is not over yet"),
        (("run", "--from", "1999-01-01", "--to", "1999-01-02", "--lake", "l"), "Set TRENDING_FIRST_DAY"),
        (("run", "--world", "nowhere", "--from", "2026-01-01", "--to", "2026-01-01", "--lake", "l"), "is not a world"),
        (("link", "--titles", "no.parquet", "--documents", "no.parquet", "--out", "o"), "no.parquet"),
        (
            ("rank", "--titles", "x", "--documents", "y", "--from", "2026-01-01", "--to", "2026-01-01", "--out", "o"),
            "x",
        ),
        (("score", "--documents", "no.parquet", "--out", "o"), "no.parquet"),
        (("drift", "--baseline", "no.parquet", "--current", "no.parquet", "--out", "o"), "no.parquet"),
        (("genre", "train", "--model", "bayes", "--titles", "x", "--out", "o"), "use xgboost or bert"),
        (("genre", "models", "--lake", "l"), "has no genre model"),
        (("genre", "rollback", "--lake", "l"), "No genre model was promoted yet"),
        (("genre", "rollback", "--lake", "l", "--kind", "bayes"), "use xgboost or bert"),
        (("genre", "predict", "--model", "nowhere", "--titles", "x", "--out", "o"), "nowhere"),
        (("status", "--lake", "gs://bucket"), "not gs://"),
        (("features", "--lake", "l", "--title", "movie-1"), "has nothing of movie-1; features/online fills it"),
        (("features", "--lake", "l", "--title", "movie-1", "--as-of", "2013-05-04"), "knew nothing of movie-1 at 2013"),
        (("features", "--lake", "l", "--title", "movie-1", "--as-of", "May"), "--as-of May is no moment"),
        (("serving", "list", "--lake", "l"), "Materialize serving/bundle first"),
        (("serving", "rollback", "--lake", "l", "--to", "3"), "Version 3 of serving/current.json is not kept"),
        (("serving", "prune", "--lake", "l"), "nothing is published, so nothing is deleted"),
        (("serving", "prune", "--lake", "gs://bucket"), "not gs://"),
        (("lake", "restore", "--lake", "l", "--to", "2026-01-01"), "a folder keeps no versions"),
        (("lake", "versions", "--lake", "l", "--table", "marts/trends"), "name one by --day"),
        (("lake", "versions", "--lake", "l", "--table", "marts/poems"), "There is no table marts/poems"),
        (("lake", "versions", "--lake", "l"), "Name a partition by --table and --day"),
        (("lake", "report-to-dagster", "--lake", "l"), "DAGSTER_HOME names no folder"),
        (("prompts", "--lake", "gs://bucket"), "not gs://"),
        (("prompts", "--lake", "l", "--use", "title_digest"), "is not TASK=VERSION"),
        (("prompts", "--lake", "l", "--use", "poem=1"), "the tasks are document_score and title_digest"),
        (("prompts", "--lake", "l", "--use", "title_digest=999"), "has no prompt version 999; it has"),
    ],
)
def test_a_wrong_call_is_one_sentence(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    assert words in told(trending(*arguments, cwd=tmp_path))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    pl.DataFrame({"tmdb_id": [1], "title": ["Heat"]}).write_parquet(tmp_path / "titles.parquet")
    pl.DataFrame({"url": ["u"]}).write_parquet(tmp_path / "documents.parquet")
    arguments = ("--titles", "titles.parquet", "--documents", "documents.parquet", "--out", "out.parquet")
    assert "documents.parquet lacks the columns site, kind, published_at" in told(
        trending("link", *arguments, cwd=tmp_path)
    )
    assert not (tmp_path / "out.parquet").exists()


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port} is busy" in told(trending("serve", "--lake", "l", "--port", port, cwd=tmp_path))
        assert f"Port {port} is busy" in told(trending("up", "--dagit-port", port, cwd=tmp_path))


def test_status_names_missing_days(tmp_path: Path) -> None:
    done = trending("status", "--lake", "empty", cwd=tmp_path)
    assert done.returncode == 1
    assert "missing:" in done.stdout and "raw/posts" in done.stdout
