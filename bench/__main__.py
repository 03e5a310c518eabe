"""The figures of the README: `make bench`. Each says what it was measured on; what is not there is left out with a reason."""

import os
import platform
import tempfile
from pathlib import Path

from bench import crawl_speed, linking_pairs, linking_reviews, linking_speed, linking_spring, linking_traps
from bench.load import cpu_seconds
from bench.shared import SHARED, TEST, TUNING, TUNING_ENDS

APART = (
    *("review_pages", "tmdb", "bad_inputs", "forbidden_addresses", "near_duplicates", "linking_calibration"),
    *("llm_kills", "llm_budget", "llm_failures", "llm_cost", "injections", "sentiment", "digests", "prompt_gate"),
    *("spam", "feature_speed", "bursts", "quiet_stream", "ranking_fit", "as_of", "limits", "genre", "genre_gate"),
    *("backfill", "growth", "spark", "iam_calls"),
    *(
        "publish_day",
        "publish_races",
        "page",
        "serving",
        "publish_load",
        "rolling_restart",
        "api_contract",
        "locust_run",
        "drift",
        "drift_rivals",
        "profiles",
        "late_labels",
        "alert_mutants",
    ),
)


def loading() -> None:
    """CPU of loading the definitions against importing the libraries alone, taken in turns."""
    pairs = [
        (cpu_seconds("import trending_assets.definitions"), cpu_seconds("import dagster, dagster_dbt, duckdb, polars"))
        for _ in range(3)
    ]
    ours, bare = (min(column) for column in zip(*pairs, strict=True))
    print(f"\nLoading the definitions: {ours / bare:.2f}x the CPU of importing the libraries alone ({bare:.1f} s).")


def ranking(world: Path) -> None:
    """NDCG@20 beside tuned baselines, on days that no parameter was chosen on."""
    from trending_assets.trends.backtest.command import backtest_files, show

    titles, documents, charts = (world / f"{name}.parquet" for name in ("titles", "documents", "charts"))
    with tempfile.TemporaryDirectory() as folder:
        judged = backtest_files(titles, documents, charts, TUNING, TEST, Path(folder))
    print(f"\nRanking {world.name} (our parameters were chosen on days to {TUNING_ENDS}):")
    show(judged)


def main() -> None:
    """Print every figure."""
    print(f"Measured on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.")
    loading()
    print("\nThe crawl beside bare Scrapy:")
    crawl_speed.main()
    print("\nLinking, the trap set:")
    linking_traps.main([])
    if (SHARED / "worlds").is_dir():
        spring = SHARED / "worlds" / "spring-2013"
        for part in (linking_spring, linking_reviews, linking_pairs, linking_speed):
            print()
            part.main()
        ranking(spring)
    else:
        print(f"\nNo real data at {SHARED} (set TRENDING_SHARED): linking it and ranking are left out.")
    print(
        "\nApart, as each takes minutes or much memory: " + ", ".join(f"python -m bench.{name}" for name in APART) + "."
    )


if __name__ == "__main__":
    main()
