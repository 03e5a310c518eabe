"""`trending link` on files: columns, and one clear sentence for wrong ones; figures on a real world."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.linking.command import link_files
from trending_assets.linking.link import link_documents
from trending_assets.linking.worlds import read_documents, read_titles


@pytest.fixture
def world(tmp_path: Path) -> Path:
    pl.DataFrame({"tmdb_id": [1, 2], "media_type": ["movie", "tv"], "title": ["Iron Man 3", "Fargo"]}).write_parquet(
        tmp_path / "titles.parquet"
    )
    when = datetime(2013, 5, 3, tzinfo=UTC)
    pl.DataFrame(
        [("http://a/1", "a", "post", when, "I rated Iron Man 3 8/10"), ("http://a/2", "a", "post", when, "hello")],
        schema=["url", "site", "kind", "published_at", "text"],
        orient="row",
    ).write_parquet(tmp_path / "documents.parquet")
    return tmp_path


def test_links_files(world: Path) -> None:
    out = world / "new" / "links.parquet"
    assert link_files(world / "titles.parquet", world / "documents.parquet", out) == 2
    frame = pl.read_parquet(out).sort("url")
    assert frame.columns == ["url", "title_id", "confidence"]
    assert frame["title_id"].to_list() == ["movie-1", None]


def test_wrong_files_are_named(world: Path) -> None:
    out = world / "links.parquet"
    with pytest.raises(PermanentFailure, match=r"There is no file .*none\.parquet"):
        link_files(world / "none.parquet", world / "documents.parquet", out)
    with pytest.raises(PermanentFailure, match=r"documents file .* lacks the columns url, site, kind, published_at"):
        link_files(world / "titles.parquet", world / "titles.parquet", out)
    (world / "text.parquet").write_text("no parquet")
    with pytest.raises(PermanentFailure, match="is no Parquet file"):
        link_files(world / "text.parquet", world / "documents.parquet", out)
    pl.read_parquet(world / "titles.parquet").with_columns(tmdb_id=pl.lit("x")).write_parquet(world / "bad.parquet")
    with pytest.raises(PermanentFailure, match="column tmdb_id"):
        link_files(world / "bad.parquet", world / "documents.parquet", out)
    assert not out.exists()


@pytest.mark.world
def test_figures_on_real_posts(shared: Path) -> None:
    """Every tenth day of spring-2013: precision and recall."""
    folder = shared / "worlds" / "spring-2013"
    documents = read_documents(folder / "documents.parquet").filter(pl.col("date").dt.ordinal_day() % 10 == 0)
    truth = pl.read_parquet(folder / "documents.parquet", columns=["url", "truth_tmdb_id"])
    known = read_titles(folder / "titles.parquet")
    mentions = link_documents(documents, known)
    judged = (
        mentions.join(documents.select("doc_id", "kind"), on="doc_id")
        .filter(kind="post")
        .join(truth.rename({"url": "doc_id"}), on="doc_id")
        .with_columns(right=pl.col("title_id") == pl.format("movie-{}", "truth_tmdb_id"))
    )
    precision = judged["right"].cast(pl.Float64).drop_nulls().sum() / judged["right"].count()
    recall = judged.filter(pl.col("right"))["doc_id"].n_unique() / judged["doc_id"].n_unique()
    print(f"posts {judged.height}: precision {precision:.4f}, recall {recall:.4f}")
    assert precision >= 0.992
    assert recall >= 0.97
