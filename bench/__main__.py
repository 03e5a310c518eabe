"""The figures of the README: `make bench`. Each says what it was measured on; what is not there is left out with a reason."""

import os
import platform
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from bench.load import cpu_seconds

SHARED = Path(os.environ.get("TRENDING_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TUNING_ENDS = date(2013, 5, 29)
"""Later days of spring-2013 are the test days of the ranking: nothing here looks at them."""


def loading() -> None:
    """CPU of loading the definitions against importing the libraries alone, taken in turns."""
    pairs = [
        (cpu_seconds("import trending_assets.definitions"), cpu_seconds("import dagster, dagster_dbt, duckdb, polars"))
        for _ in range(3)
    ]
    ours, bare = (min(column) for column in zip(*pairs, strict=True))
    print(f"\nLoading the definitions: {ours / bare:.2f}x the CPU of importing the libraries alone ({bare:.1f} s).")


def linking(world: Path) -> None:
    """Precision and recall of linking a world's documents."""
    from trending_assets.linking.command import link_files

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "links.parquet"
        begin = time.monotonic()
        link_files(world / "titles.parquet", world / "documents.parquet", out)
        seconds = time.monotonic() - begin
        links = pl.read_parquet(out)
    titles = pl.read_parquet(world / "titles.parquet", columns=["tmdb_id", "media_type"])
    truth = (
        pl.read_parquet(world / "documents.parquet", columns=["url", "kind", "truth_tmdb_id"])
        .join(
            titles, left_on="truth_tmdb_id", right_on="tmdb_id", how="left"
        )  # 20 true titles are not in the catalogue
        .select("url", "kind", truth=pl.format("{}-{}", "media_type", "truth_tmdb_id"))
    )
    judged = links.join(truth, on="url")
    print(
        f"\nLinking {world.name} ({len(truth):,} documents in {seconds:.1f} s; errors of these rows were read while building):"
    )
    for kind in ("post", "review"):
        rows = judged.filter(kind=kind)
        linked = rows.filter(pl.col("title_id").is_not_null())
        right = linked.filter(pl.col("title_id") == pl.col("truth"))  # a link without a true title is wrong
        recall = right["url"].n_unique() / rows["url"].n_unique()
        print(f"  {kind}s: precision {right.height / linked.height:.3f}, recall {recall:.3f}")


def ranking(world: Path) -> None:
    """NDCG@20 against baselines, on the days that the parameters were chosen on."""
    from trending_assets.trends.backtest import backtest
    from trending_assets.trends.command import features_of_files

    features = features_of_files(
        world / "titles.parquet", world / "documents.parquet", None, date(2013, 2, 28), TUNING_ENDS
    )
    table = backtest(features, TUNING_ENDS)
    print(f"\nRanking {world.name} to {TUNING_ENDS}, NDCG@20 (tuning days: the parameters were chosen on these):")
    for row in table.iter_rows(named=True):
        print(f"  {row['method']:<20} next day {row['1d']:.3f}   next 7 days {row['7d']:.3f}   rise {row['rise']:.3f}")


def genres(titles: Path) -> None:
    """Macro F1 of XGBoost trained on a file of titles; the split is by title group."""
    from trending_assets.genre.command import train

    with tempfile.TemporaryDirectory() as folder:
        train("xgboost", titles, Path(folder))
        table = pl.read_parquet(Path(folder) / "evaluation.parquet")
    macro = table.filter(genre="macro").row(0, named=True)
    print(f"\nGenre, XGBoost on {titles.name}: macro F1 {macro['f1']:.3f} on {macro['support']:,} test titles,")
    print(f"  over {table.height - 1} genres (settings were chosen with a look at a nearly equal split).")


def main() -> None:
    """Print every figure."""
    print(f"Measured on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.")
    loading()
    if not (SHARED / "worlds").is_dir():
        print(f"\nNo real data at {SHARED} (set TRENDING_SHARED): linking, ranking and genre are left out.")
        return
    spring = SHARED / "worlds" / "spring-2013"
    linking(spring)
    ranking(spring)
    genres(SHARED / "data" / "titles.parquet")


if __name__ == "__main__":
    main()
