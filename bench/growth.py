"""Documents a day, 10^4 to 10^6: seconds and memory of each step on one machine: `python -m bench.growth [DOCUMENTS …]`.

A made day: posts and reviews as the sandbox writes them, over 358 titles that they name and 20,000 that they do not. Each part
runs in a process of its own, as a run would: the assets and their checks through Dagster, dbt on DuckDB included. Peak memory is
that of the largest process. Windows of 28 days are filled with copies of the day's voices and signals, so that features and
trends cost what they cost in a lake with a past. What the LLM says is made up, but for the last line, which asks the embedded
scorer over HTTP.

`--parts NAME …` measures some parts alone: what they read of parts left out is made up (each document names one title), and
`marts` then reads the day's documents and copies of them on the six days before it, which are one row each in the end.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.made_marts import WORDS, filled
from bench.process_cost import Cost, measured
from trending_assets.contracts import DOCUMENT_TABLES, TABLES, empty
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import EVIDENCE_DAYS

SIZES = (10_000, 100_000, 1_000_000)
DAY = date(2026, 11, 20)
BATCH, WRITTEN = 10_000, 100_000
"""Documents that the writer makes at once, and after how many texts come again with other words at their end."""
UNNAMED = 20_000
PARTS: dict[str, tuple[str, ...]] = {
    "staging (dbt)": ("staging/documents", "staging/titles", "staging/charts", "staging/lists"),
    "clusters": ("staging/clusters",),
    "linking": ("linking/mentions", "linking/chart_entries"),
    "voices": ("features/voices",),
    "features": ("features/site_day", "features/title_signals", "features/title_day"),
    "trends": ("trends/trend_scores", "trends/alerts"),
    "profiles": ("drift/profiles",),
    "marts (dbt)": ("marts/trends", "marts/titles", "marts/evidence"),
    "serving": ("serving/bundle",),
}
SCORING = "scoring"
SCORED = 10_000
BEND = 1.5
"""A step whose tenfold of documents costs more than 10 x this is named."""


def write_day(lake: Lake, count: int) -> None:
    """Raw partitions of the made day."""
    from sandbox.generator import _titles
    from sandbox.generator_documents import Writer

    rng = np.random.default_rng(9)
    titles = _titles(rng)
    chances = np.array([row["popularity"] for row in titles])
    written: list[pl.DataFrame] = []
    writer = Writer(rng, titles)
    for batch in range(min(count, WRITTEN) // BATCH):
        writer.rows = []
        writer.day(DAY, BATCH, chances / chances.sum(), [])
        written.append(writer.frame().with_columns(pl.col("author") + f"-{batch}", pl.col("url") + f"-{batch}"))
    once = pl.concat(written).with_row_index("n")
    rounds = range(-(-count // WRITTEN))
    for table in DOCUMENT_TABLES:
        kind = {"raw/posts": "post", "raw/reviews": "review"}.get(table)
        rows = pl.concat([_shaped(once.filter(kind=kind), number) for number in rounds]) if kind else None
        lake.write(table, empty(TABLES[table]) if rows is None else rows, DAY)
    _write_titles(lake, titles, rng)


def _shaped(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    """Rows of raw documents; those of a later round by other authors, at other addresses, with other words at their end."""
    words = [
        " ".join(WORDS[(n * (7 + k) + number * (31 + k)) % len(WORDS)] for k in range(3)) if number else ""
        for n in rows["n"]
    ]
    shaped = {
        "url": pl.format("{}/{}", "url", pl.lit(number)),
        "author": pl.col("author") + f"-{number}",
        "text": (pl.col("text") + " " + pl.Series(words)).str.strip_chars(),
        "payload_sha256": pl.format("{}-{}", "n", pl.lit(number)),
    }
    columns = ("site", "kind", "published_at", "headline", "rating", "rating_max", "language")
    return filled("raw/posts", rows.select(*columns, **shaped))


def _write_titles(lake: Lake, titles: Sequence[Mapping[str, object]], rng: np.random.Generator) -> None:
    known = pl.DataFrame(titles, infer_schema_length=None)
    more = [" ".join(WORDS[w] for w in rng.integers(0, len(WORDS), rng.integers(2, 5))).title() for _ in range(UNNAMED)]
    unnamed = {"tmdb_id": range(1, UNNAMED + 1), "media_type": ["movie"] * UNNAMED, "original_title": more}
    catalogue = pl.concat(
        [
            known.select("media_type", pl.col("tmdb_id").cast(pl.Int64), "original_title", "popularity"),
            pl.DataFrame(unnamed | {"popularity": rng.gamma(1, 0.5, UNNAMED)}).select(
                "media_type", pl.col("tmdb_id").cast(pl.Int64), "original_title", "popularity"
            ),
        ]
    )
    lake.write("raw/tmdb_catalogue", catalogue, DAY)
    facts = ("media_type", "tmdb_id", "imdb_id", "title", "original_title", "overview", "tagline", "genres", "keywords")
    more_facts = ("popularity", "vote_average", "vote_count", "runtime", "original_language", "directors")
    details = known.select(*facts, *more_facts, pl.col("release_date").str.to_date(), fetched_on=pl.lit(DAY))
    lake.write("raw/tmdb_titles", filled("raw/tmdb_titles", details), DAY)
    ranked = known.sort("popularity", descending=True).head(100)
    listed = ranked.select("media_type", "tmdb_id", "title", "original_title", "popularity", list=pl.lit("popular"))
    lake.write("raw/tmdb_lists", filled("raw/tmdb_lists", listed.with_row_index("rank", 1)), DAY)
    charted = ranked.head(10).select("title", chart=pl.lit("box_office_us"), chart_date=pl.lit(DAY))
    lake.write("raw/charts", filled("raw/charts", charted.with_row_index("rank", 1)), DAY)


def write_scores(lake: Lake) -> None:
    """What the LLM would say of the linked documents, made up; and empty tables of what this does not measure."""
    linked = lake.read("linking/mentions", [DAY]).filter(pl.col("title_id").is_not_null())["doc_id"].unique().sort()
    rng, n = np.random.default_rng(3), len(linked)
    said = pl.DataFrame(
        {
            "doc_id": linked,
            "sentiment": rng.uniform(-1, 1, n).round(2),
            "enthusiasm": rng.integers(0, 101, n),
            "about_title": [True] * n,
            "request_key": linked,
        }
    )
    lake.write("scoring/document_scores", filled("scoring/document_scores", said), DAY)
    for table in ("scoring/title_digests", "scoring/ledger", "genre/predictions", "drift/report"):
        lake.write(table, empty(TABLES[table]), DAY)


def write_stand_ins(lake: Lake) -> None:
    """What the marts read of linking and trends, made up: each document names one title, and all with details are ranked."""
    if lake.read("staging/documents", [DAY], missing="skip").is_empty():
        _write_staging(lake)
    documents = lake.read("staging/documents", [DAY], columns=["doc_id"]).sort("doc_id")
    titles = lake.read("raw/tmdb_titles", [DAY], columns=["media_type", "tmdb_id"])
    titles = titles.select(title_id=pl.format("{}-{}", "media_type", "tmdb_id")).sort("title_id").with_row_index("n")
    numbered = documents.with_row_index("n").with_columns((pl.col("n") % titles.height).cast(pl.UInt32))
    named = numbered.join(titles, on="n", maintain_order="left").select("doc_id", "title_id", confidence=pl.lit(1.0))
    lake.write("linking/mentions", filled("linking/mentions", named), DAY)
    write_scores(lake)
    ranks = pl.col("n").cast(pl.Int32) + 1
    ranked = titles.select("title_id", rank=ranks, rising_rank=ranks, basis=pl.lit("mentions"))
    lake.write("trends/trend_scores", filled("trends/trend_scores", ranked), DAY)
    lake.write("trends/alerts", empty(TABLES["trends/alerts"]), DAY)
    for table in ("staging/documents", "linking/mentions", "scoring/document_scores"):
        fill_windows(lake, table, EVIDENCE_DAYS - 1)


def _write_staging(lake: Lake) -> None:
    """Staging's documents and titles without dbt."""
    shared = ("url", "site", "kind", "published_at", "headline", "text", "language")
    raw = pl.concat([lake.read(table, [DAY], columns=list(shared)) for table in ("raw/posts", "raw/reviews")])
    named = raw.with_row_index("n").select(
        *shared,
        doc_id=pl.format("{}", pl.col("n").cast(pl.String).str.zfill(16)),
        author_id=pl.format("{}/{}", "site", "n"),
    )
    lake.write("staging/documents", filled("staging/documents", named), DAY)
    facts = lake.read(
        "raw/tmdb_titles", [DAY], columns=["media_type", "tmdb_id", "title", "original_title", "overview"]
    )
    known = facts.with_columns(title_id=pl.format("{}-{}", "media_type", "tmdb_id"))
    lake.write("staging/titles", filled("staging/titles", known), DAY)


def fill_windows(lake: Lake, table: str, days: int = 28) -> None:
    """Copies of the day's partition on so many days before it."""
    data = lake.store.get(lake.key(table, DAY))
    assert data is not None
    for back in range(1, days + 1):
        lake.store.put(lake.key(table, DAY - timedelta(days=back)), data)


def _part(name: str) -> None:
    """What the process of a part does: its assets and their checks, through Dagster. Prints the seconds and rows."""
    from bench.part_of_graph import materialize
    from trending_assets import definitions  # noqa: F401  # loading is every run's own cost, not the part's

    begin = time.perf_counter()
    materialize(PARTS.get(name, (f"{SCORING}/document_scores",) if name == SCORING else ()), DAY, DAY)
    print(json.dumps({"seconds": time.perf_counter() - begin}))


def part(name: str, folder: Path, environment: Mapping[str, str]) -> tuple[float, Cost]:
    """A part in a process of its own: seconds of its work, and what the process cost."""
    env = {**environment, "TRENDING_LAKE": str(folder / "lake"), "TRENDING_STATE_DIR": str(folder / "state")}
    cost = measured("bench.growth", ["--part", name], env, folder / "errors.log")
    return float(json.loads(cost.output.splitlines()[-1])["seconds"]), cost


def day(
    count: int, folder: Path, environment: Mapping[str, str], parts: Sequence[str]
) -> dict[str, tuple[float, Cost]]:
    """The parts on a day of so many documents; printed as they end."""
    lake = open_lake(str(folder / "lake"))
    write_day(lake, count)
    found: dict[str, tuple[float, Cost]] = {}
    print(f"\n{count:,} documents, load on the machine {os.getloadavg()[0]:.1f}", flush=True)
    for name in parts:
        if name == "marts (dbt)" and "linking" not in parts:
            write_stand_ins(lake)
        try:
            found[name] = part(name, folder, environment)
        except SystemExit as error:
            print(f"  {name:<14} failed: {' '.join(str(error).split())[-300:]}", flush=True)
            break
        seconds, cost = found[name]
        print(f"  {name:<14}{seconds:>9.1f} s {cost.cpu:>9.1f} CPU s   peak {cost.peak:>7,.0f} MiB", flush=True)
        if name == "linking":
            write_scores(lake)
        if name == "voices":
            fill_windows(lake, "features/voices")
        if name == "features":
            fill_windows(lake, "features/title_signals")
    total, cpu = (sum(values) for values in ([s for s, _ in found.values()], [c.cpu for _, c in found.values()]))
    print(f"  {'all':<14}{total:>9.1f} s {cpu:>9.1f} CPU s   {total / count * 1e6:,.0f} s a million", flush=True)
    return found


def scoring(environment: Mapping[str, str]) -> None:
    """The embedded scorer over HTTP, as the asset asks it."""
    from bench.backfill import named_sandbox
    from sandbox.process import running

    with tempfile.TemporaryDirectory() as name, running(None) as sandbox:
        folder = Path(name)
        lake, env = open_lake(str(folder / "lake")), {**environment, **named_sandbox(sandbox.url)}
        write_day(lake, SCORED)
        part("staging (dbt)", folder, env)
        part("linking", folder, env)
        seconds, cost = part(SCORING, folder, env)
        rows = lake.read("scoring/document_scores", [DAY]).height
    print(
        f"\nScoring by the embedded scorer: {rows:,} linked of {SCORED:,} documents in {seconds:.1f} s, {rows / seconds:,.0f} "
        f"a second; peak {cost.peak:,.0f} MiB. A remote LLM is bounded by its own limits and the budget."
    )


def bends(found: Mapping[int, Mapping[str, tuple[float, Cost]]], start: Cost) -> None:
    """Print how seconds and memory grow from each size to the next, by part."""
    sizes = sorted(found)
    print(f"\nCPU seconds beyond the {start.cpu:.1f} of starting, and MiB beyond its {start.peak:,.0f}, by size:")
    for name in PARTS:
        done = [size for size in sizes if name in found[size]]
        if not done:
            continue
        cpu = [max(found[size][name][1].cpu - start.cpu, 0.01) for size in done]
        memory = [found[size][name][1].peak - start.peak for size in done]
        steep = any(
            later / earlier > BEND * big / small and later > 5
            for small, big, earlier, later in zip(done, done[1:], cpu, cpu[1:], strict=False)
        )
        print(
            f"  {name:<14}{'  '.join(f'{value:>8.1f}' for value in cpu)}   |"
            f"{'  '.join(f'{max(value, 0):>7,.0f}' for value in memory)}{'   grows faster than documents' if steep else ''}"
        )


def main(arguments: Sequence[str]) -> None:
    """Print the curve."""
    parser = argparse.ArgumentParser(prog="bench.growth", description=__doc__)
    parser.add_argument("documents", nargs="*", type=int, metavar="DOCUMENTS")
    parser.add_argument("--parts", nargs="+", choices=[*PARTS, SCORING], default=[*PARTS, SCORING], metavar="NAME")
    chosen = parser.parse_args(arguments)
    if any(size < BATCH for size in chosen.documents):
        parser.error(f"DOCUMENTS have to be at least {BATCH:,}.")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRENDING_", "DAGSTER_"))}
    environment = {**kept, "DAGSTER_DISABLE_TELEMETRY": "yes", "TRENDING_WANDB_MODE": "disabled"}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(
        f"On {os.cpu_count()} cores and {memory:.0f} GiB; other work on the machine shows in the seconds.", flush=True
    )
    with tempfile.TemporaryDirectory() as name:
        _, start = part("nothing", Path(name), environment)
    parts = [name for name in PARTS if name in chosen.parts]
    found = {}
    for size in (chosen.documents or SIZES) if parts else ():
        with tempfile.TemporaryDirectory() as name:
            found[size] = day(size, Path(name), environment, parts)
    bends(found, start)
    if SCORING in chosen.parts:
        scoring(environment)


if __name__ == "__main__":
    _part(sys.argv[2]) if sys.argv[1:2] == ["--part"] else main(sys.argv[1:])
