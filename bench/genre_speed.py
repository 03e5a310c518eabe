"""How fast and how large a genre model is on one core: `python -m bench.genre_speed DIR`, a folder of `trending genre train`."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import psutil

from trending_assets.genre.bundle import pack, read_folder
from trending_assets.genre.models import FILES, GenreModel

TITLES, ROUNDS = 400, 3


def main(folder: Path) -> None:
    """One line: p50 and p95 of one title, titles a second, resident memory, size."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})
    process = psutil.Process()
    model = GenreModel(read_folder(folder, FILES))
    rows = pl.read_parquet(folder / "training_set.parquet").filter(pl.col("split") == "test").head(TITLES)
    rows = rows.select("title_id", "text", "media_type")
    before = process.memory_info().rss
    model.probabilities(rows[:1])  # loads it
    times = []
    for _ in range(ROUNDS):
        for n in range(rows.height):
            begin = time.perf_counter()
            model.probabilities(rows[n : n + 1])
            times.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    model.probabilities(rows)
    together = rows.height / (time.perf_counter() - begin)
    p50, p95 = (1000 * float(np.quantile(times, q)) for q in (0.5, 0.95))
    memory = process.memory_info().rss
    print(
        f"  {model.meta.kind}: p50 {p50:.1f} ms, p95 {p95:.1f} ms a title ({rows.height} titles, {ROUNDS} rounds); "
        f"{together:,.0f} titles/s in one call; {memory / 2**20:.0f} MiB resident, {(memory - before) / 2**20:.0f} of them the "
        f"model's; {len(pack(model.files)) / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the folder of a model: python -m bench.genre_speed DIR")
    main(Path(sys.argv[1]))
