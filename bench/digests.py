"""Digests of a week of spring-2013, every citation held against the lake: `python -m bench.digests [--lake URI]`.

Without --lake the week is run first, by `trending run` with the LLM of the settings (the embedded scorer without a key).
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from bench import linking_data as data
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import days_between
from trending_assets.scoring.citations import citations

FIRST, LAST = date(2013, 5, 14), date(2013, 5, 20)


def report(lake: Lake, first: date, last: date) -> None:
    """Print what the digests of the days hold, rest on and leave out."""
    digests = lake.read("scoring/title_digests", days_between(first, last))
    cited = citations(lake, digests)
    sentences = cited.select("date", "title_id", "place").n_unique()
    models = ", ".join(digests["model"].drop_nulls().unique().sort()) or "no model"
    print(
        f"Digests of {first} to {last} by {models}: {digests.height:,} rows, {digests['title_id'].n_unique():,} titles."
    )
    print(
        f"  with a vibe score {digests['vibe_score'].count():,}, with a summary {(digests['summary'].list.len() > 0).sum():,}"
    )
    print(
        f"  with tags {(digests['vibe_tags'].list.len() > 0).sum():,}, with a genre {digests['primary_genre'].count():,}"
    )
    print(f"  sentences {sentences:,}, citations {cited.height:,}")
    print(
        f"  citations of documents that exist {cited['exists'].sum():,}, that are about the title {cited['about'].sum():,}"
    )
    print("  no summary: " + _counts(Counter(digests["no_summary"].drop_nulls().to_list())))
    for column, amount in (("left_out", "documents"), ("dropped", "parts")):
        sums: Counter[str] = Counter()
        for entry in digests[column].explode().drop_nulls().to_list():
            sums[entry["reason"]] += entry[amount]
        print(f"  {column.replace('_', ' ')} ({amount}, a day's digests added up): {_counts(sums)}")
    scores = digests["vibe_score"].drop_nulls()
    if not scores.is_empty():
        ends = [scores.quantile(q) for q in (0.0, 0.1, 0.5, 0.9, 1.0)]
        print(
            "  vibe score, least, 10%, median, 90%, most: " + ", ".join(f"{end:.2f}" for end in ends if end is not None)
        )


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counter.items())) or "none"


def main() -> None:
    """Run the week where no lake is given, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", help="a lake that holds the days")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=FIRST)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=LAST)
    given = parser.parse_args()
    if given.lake:
        report(open_lake(given.lake), given.first, given.last)
        return
    if not data.ready():
        return
    world = data.SHARED / "worlds" / "spring-2013"
    with tempfile.TemporaryDirectory() as folder:
        lake = str(Path(folder) / "lake")
        days = ["--from", given.first.isoformat(), "--to", given.last.isoformat()]
        command = [Path(sys.executable).parent / "trending", "run", "--world", world, *days, "--lake", lake]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
        report(open_lake(lake), given.first, given.last)


if __name__ == "__main__":
    main()
