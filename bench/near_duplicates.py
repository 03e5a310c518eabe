"""What folding near-duplicates finds and costs: `python -m bench.near_duplicates`.

Settings of staging/clusters.py were chosen on the even rows of the real reviews and on edited copies of them; all figures here
are of the odd rows. The scale is that of texts mixed from sentences of real reviews, so that a day holds as many as asked.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from bench.shared import SHARED

DAY = date(2026, 3, 10)
COPIES_OF = 400


def documents(texts: list[str], day: date = DAY, name: str = "") -> pl.DataFrame:
    """Documents of a day, each by another author, a tenth of a second apart."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return pl.DataFrame(
        {
            "date": [day] * len(texts),
            "doc_id": [f"{name}{n:07}" for n in range(len(texts))],
            "author_id": [f"site/{name}{n}" for n in range(len(texts))],
            "published_at": [begin + timedelta(milliseconds=100 * n) for n in range(len(texts))],
            "headline": pl.Series([None] * len(texts), dtype=pl.String),
            "text": texts,
        }
    )


def _edits(draw: random.Random, words: list[str]) -> dict[str, Callable[[list[str]], list[str]]]:
    def swapped(text: list[str], share: float) -> list[str]:
        return [draw.choice(words) if draw.random() < share else word for word in text]

    return {
        "5% of words replaced": lambda text: swapped(text, 0.05),
        "10% of words replaced": lambda text: swapped(text, 0.10),
        "15% of words replaced": lambda text: swapped(text, 0.15),
        "10% of words left out": lambda text: [word for word in text if draw.random() > 0.10],
        "cut to 80%": lambda text: text[: len(text) * 8 // 10],
        "cut to 60%": lambda text: text[: len(text) * 6 // 10],
        "quoted with a lead and a link": lambda text: [
            "Great",
            "take",
            "and",
            "I",
            "agree:",
            *text,
            "https://x.example/1",
        ],
        "in capitals": lambda text: [word.upper() for word in text],
        "halves swapped": lambda text: text[len(text) // 2 :] + text[: len(text) // 2],
    }


def recall(texts: list[str]) -> None:
    """Share of edited copies of real paragraphs (35 to 110 words) that land in their original's cluster, and wrong ones."""
    from trending_assets.staging.clusters import clusters

    draw = random.Random(17)
    originals = [text.split()[: draw.randint(35, 110)] for text in texts if len(text.split()) >= 110][:COPIES_OF]
    edits = _edits(draw, sorted({word for text in originals for word in text}))
    made = [(" ".join(text), n, "") for n, text in enumerate(originals)]
    made += [(" ".join(edit(text)), n, name) for n, text in enumerate(originals) for name, edit in edits.items()]
    found = clusters(documents([text for text, _, _ in made]), [DAY])
    right: Counter[str] = Counter()
    wrong = 0
    for doc_id, cluster in found.select("doc_id", "cluster_id").iter_rows():
        text, first = made[int(doc_id)], made[int(cluster)]
        wrong += text[1] != first[1]
        right[text[2]] += text[1] == first[1] and not first[2]
    print(f"\nEdited copies of {len(originals)} real paragraphs, share that folds into the original:")
    for name in edits:
        print(f"  {name:<32} {right[name] / len(originals):.3f}")
    print(f"  into another text's cluster: {wrong} of {len(made):,}")


def precision(name: str, texts: list[str]) -> None:
    """Texts of real people that fold, each with the text that it folds into: all of them to be read."""
    from trending_assets.staging.clusters import clusters, shingles_of

    found = clusters(documents(texts), [DAY]).filter(pl.col("cluster_id") != pl.col("doc_id"))
    long_enough = sum(bool(shingles_of(None, text)) for text in texts)
    print(f"\n{name}: {len(texts):,} texts, {long_enough:,} long enough, {found.height} fold:")
    for row in found.sort("similarity").head(12).iter_rows(named=True):
        one, other = (" ".join(texts[int(row[key])].split())[:52] for key in ("doc_id", "cluster_id"))
        print(f"  {row['similarity']:.2f}  {one:<52} | {other}")


def posts(world: Path) -> None:
    """Rating posts of a real world: all short, of one pattern, by many people. None may fold."""
    from trending_assets.staging.clusters import clusters

    rows = pl.read_parquet(world / "documents.parquet").filter(pl.col("kind") == "post")
    said = rows.select(
        "published_at",
        "headline",
        "text",
        date=pl.col("published_at").dt.date(),
        doc_id="url",
        author_id=pl.format("{}/{}", "site", "author"),
    )
    found = clusters(said, sorted(set(said["date"])))
    folded = found.filter(pl.col("cluster_id") != pl.col("doc_id")).height
    print(f"\n{world.name}: {found.height:,} rating posts, {folded} fold.")


def mixed(sentences: list[str], count: int, seed: int) -> list[str]:
    """Texts of about 100 words mixed from sentences; one in fifty a copy of another with a few words replaced."""
    draw = random.Random(seed)
    texts: list[str] = []
    for _ in range(count):
        if texts and draw.random() < 0.02:
            words = draw.choice(texts).split()
            texts.append(" ".join("indeed" if draw.random() < 0.04 else word for word in words))
        else:
            texts.append(" ".join(draw.choice(sentences) for _ in range(6)))
    return texts


def scale_once(count: int, days: int) -> None:
    """One measurement in a process of its own: seconds and peak memory of a day of `count` texts in a window of `days`."""
    import resource

    from trending_assets.staging.clusters import clusters

    sentences = json.loads(sys.stdin.read())
    parts = [documents(mixed(sentences, count, n), DAY - timedelta(days=n), f"{n}-") for n in reversed(range(days))]
    given = pl.concat(parts)
    words = int(given["text"].str.count_matches(r"\S+").sum()) // given.height
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.monotonic()
    found = clusters(given, [DAY])
    seconds = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    copies = found.filter(pl.col("copies") > 1).height
    print(
        f"  {count:,} a day over {days} day{'s' * (days > 1)}, {words} words each: {seconds:.0f} s, peak memory "
        f"{peak // 1024:,} MB ({before // 1024:,} MB of it before: the texts and Python), {copies:,} copies on the day"
    )


def main() -> None:
    """Print every figure."""
    if not SHARED.is_dir():
        print(f"No real texts at {SHARED} (set TRENDING_SHARED): nothing to measure on.")
        return
    reviews = pl.read_parquet(SHARED / "data" / "reviews.parquet", columns=["source", "text"])
    imdb = reviews.filter(pl.col("source") == "imdb_acl_train")["text"].to_list()
    critics = pl.read_parquet(SHARED / "data" / "reviews_titled.parquet", columns=["source", "text"])
    snippets = critics.filter(pl.col("source") == "rt_critic")["text"].to_list()
    precision("IMDb reviews, odd rows", imdb[1::2])
    precision("Critics' snippets, odd rows", snippets[1::2])
    posts(SHARED / "worlds" / "spring-2013")
    recall(imdb[1::2])
    sentences = [part for text in imdb[1::2] for part in text.split(". ") if 8 <= len(part.split()) <= 30]
    print("\nScale, one core:", flush=True)
    for count, days in ((100_000, 1), (100_000, 7)):
        code = f"from bench.near_duplicates import scale_once; scale_once({count}, {days})"
        subprocess.run([sys.executable, "-c", code], input=json.dumps(sentences), text=True, check=True)


if __name__ == "__main__":
    main()
