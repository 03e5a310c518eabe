"""The whole graph on real worlds, through the command line and real protocols."""

import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import polars as pl
import psutil
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.lake import open_lake
from trending_assets.partitions import days_between
from trending_assets.scoring.citations import citations
from trending_assets_tests.e2e.running import TRENDING, clean_environment, digests, run_world
from trending_assets_tests.unit.serving.marts import answer

pytestmark = [pytest.mark.world, pytest.mark.slow]
FIRST, LAST = "2013-05-01", "2013-05-05"
WEEK = ("2013-05-14", "2013-05-20")
IRON_MAN_3 = "tt1300854"


@pytest.fixture(scope="session")
def spring(shared: Path) -> Path:
    return shared / "worlds" / "spring-2013"


@pytest.fixture(scope="session")
def spring_lake(spring: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five days of spring-2013, built once for all tests that read them."""
    folder = tmp_path_factory.mktemp("spring")
    done = run_world(spring, FIRST, LAST, "lake", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "lake"


@pytest.fixture(scope="session")
def spring_week(spring: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A week of spring-2013, so that a digest of its last day looks back on seven days."""
    folder = tmp_path_factory.mktemp("week")
    done = run_world(spring, *WEEK, "lake", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "lake"


def ranking(lake: Path, day: str) -> pl.DataFrame:
    return open_lake(str(lake)).read("marts/trends", [date.fromisoformat(day)]).sort("rank")


@pytest.mark.parametrize("day", ["2013-05-03", "2013-05-05"])
def test_iron_man_3_leads_its_first_weekend(spring_lake: Path, day: str) -> None:
    leader = ranking(spring_lake, day).row(0, named=True)
    titles = open_lake(str(spring_lake)).read("marts/titles", [date.fromisoformat(day)])
    imdb = titles.filter(pl.col("title_id") == leader["title_id"])["imdb_id"].item()
    assert (leader["rank"], imdb) == (1, IRON_MAN_3)


def test_every_partition_keeps_its_contract(spring_lake: Path) -> None:
    lake = open_lake(str(spring_lake))
    held = 0
    for table in TABLES.values():
        for day in lake.days(table.name) if table.daily else []:
            assert validate(lake.read(table.name, [day]).drop("date"), table) == [], (table.name, day)
            held += 1
    assert held >= 5 * 25


def test_linking_is_right_where_it_links(spring_lake: Path, spring: Path) -> None:
    """Truth is only read here: nothing of the product sees it."""
    lake = open_lake(str(spring_lake))
    days = lake.days("linking/mentions")
    links = lake.read("linking/mentions", days).join(lake.read("staging/documents", days), on=["doc_id", "date"])
    titles = pl.read_parquet(spring / "titles.parquet", columns=["tmdb_id", "media_type"])
    truth = (
        pl.read_parquet(spring / "documents.parquet", columns=["url", "truth_tmdb_id"])
        .join(titles, left_on="truth_tmdb_id", right_on="tmdb_id")
        .select("url", truth=pl.format("{}-{}", "media_type", "truth_tmdb_id"))
    )
    judged = links.join(truth, on="url")
    linked = judged.filter(pl.col("title_id").is_not_null())
    precision = int((linked["title_id"] == linked["truth"]).sum()) / linked.height
    found = linked.filter(pl.col("title_id") == pl.col("truth"))["doc_id"].n_unique() / judged["doc_id"].n_unique()
    print(f"linking on {judged['doc_id'].n_unique():,} documents: precision {precision:.3f}, recall {found:.3f}")
    assert precision >= 0.95
    assert found >= 0.80


def test_every_sentence_of_every_digest_cites_documents_about_its_title(spring_week: Path) -> None:
    lake = open_lake(str(spring_week))
    days = [date.fromisoformat(day) for day in WEEK]
    digests = lake.read("scoring/title_digests", days_between(*days))
    cited = citations(lake, digests)
    print(
        f"{digests.height:,} digests, {cited.height:,} citations, dropped: {digests['dropped'].explode().drop_nulls().len()}"
    )
    written = digests.filter(pl.col("summary").list.len() > 0).group_by("date").len()
    assert written.height == 7 and written["len"].max() == 100, (
        "every day has digests, and its last ones all that are asked"
    )
    assert cited["doc_id"].null_count() == 0 and cited["exists"].all() and cited["about"].all()
    words = (
        cited.unique(["date", "title_id", "place"])
        .group_by("date", "title_id")
        .agg(pl.col("sentence").str.split(" ").list.len().sum())
    )
    assert (words["sentence"] <= 60).all()


def test_same_bytes_in_a_second_lake_and_over_the_first(spring: Path, spring_lake: Path, tmp_path: Path) -> None:
    before = digests(spring_lake)
    second = run_world(spring, FIRST, LAST, "lake", tmp_path)
    assert second.returncode == 0, second.stdout + second.stderr
    assert digests(tmp_path / "lake") == before
    again = run_world(spring, FIRST, LAST, "lake", spring_lake.parent)
    assert again.returncode == 0, again.stdout + again.stderr
    assert digests(spring_lake) == before


@pytest.mark.s3
def test_the_same_world_on_s3(
    spring: Path, spring_lake: Path, s3_url: dict[str, str], s3_env: None, tmp_path: Path
) -> None:
    done = run_world(spring, FIRST, "2013-05-02", "s3://worlds/spring", tmp_path, **s3_url)
    assert done.returncode == 0, done.stdout + done.stderr
    remote, local = open_lake("s3://worlds/spring"), open_lake(str(spring_lake))
    for table in (
        "staging/documents",
        "linking/mentions",
        "scoring/document_scores",
        "trends/trend_scores",
        "marts/trends",
    ):
        for day in (date(2013, 5, 1), date(2013, 5, 2)):
            assert remote.sha256(table, day) == local.sha256(table, day) is not None, f"{table} of {day}"


def test_a_world_without_documents_gives_a_thin_answer_that_says_so(shared: Path, tmp_path: Path) -> None:
    done = run_world(shared / "worlds" / "winter-2026", "2026-01-22", "2026-01-28", "lake", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    lake = open_lake(str(tmp_path / "lake"))
    rows = lake.read("marts/trends", [date(2026, 1, 28)])
    assert rows["basis"].unique().to_list() == ["charts_and_lists"]
    assert set(rows["media_type"]) == {"movie", "tv"}
    assert answer(lake, date(2026, 1, 28), "/v1/trends")["note"]


def test_killing_the_sandbox_ends_the_run_and_a_second_one_finishes(spring: Path, tmp_path: Path) -> None:
    command = [TRENDING, "run", "--world", str(spring), "--from", FIRST, "--to", "2013-05-02", "--lake", "lake"]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=clean_environment()
    )
    end = time.monotonic() + 120
    while time.monotonic() < end and not (tmp_path / "lake" / "raw" / "posts").exists():
        time.sleep(0.05)
    servers = [p for p in psutil.Process(run.pid).children(recursive=True) if "sandbox.server" in " ".join(p.cmdline())]
    assert servers, "the run started no sandbox"
    servers[0].send_signal(signal.SIGKILL)
    output, errors = run.communicate(timeout=300)
    assert run.returncode == 1
    assert "failed:" in errors and "Traceback" not in output + errors
    for path in (tmp_path / "lake").rglob("*.parquet"):
        pl.read_parquet(path)
    assert not list((tmp_path / "lake").rglob(".writing-*"))
    again = run_world(spring, FIRST, "2013-05-02", "lake", tmp_path)
    assert again.returncode == 0, again.stdout + again.stderr
