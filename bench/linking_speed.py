"""Documents a second of linking over 100,000 titles, beside the bare matcher: `python -m bench.linking_speed`.

The bare matcher is the same automaton over the same folded text, asked for every match and nothing else. What both need
before is timed apart: the catalogue of the day's titles, and the automaton of the forms that the texts can hold.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl

from bench import linking_data as data
from trending_assets.linking.catalogue import Catalogue, Lookup
from trending_assets.linking.fold import Text
from trending_assets.linking.link import link_documents

ROUNDS = 5


class Timed(Catalogue):
    """A catalogue that keeps the automata and texts it was asked for, and the seconds that making the automata took."""

    def within(self, text: Text, hashtags: pl.Series) -> Lookup:
        begin = time.perf_counter()
        lookup = super().within(text, hashtags)
        self.made.append((lookup, text))
        self.seconds.append(time.perf_counter() - begin)
        return lookup

    @property
    def made(self) -> list[tuple[Lookup, Text]]:
        return self.__dict__.setdefault("_made", [])

    @property
    def seconds(self) -> list[float]:
        return self.__dict__.setdefault("_seconds", [])


def bare(made: list[tuple[Lookup, Text]]) -> int:
    """Every match of the automata in the folded texts."""
    count = 0
    for lookup, text in made:
        for _ in lookup.automaton.iter(text.folded):
            count += 1
    return count


def measure(name: str, documents: pl.DataFrame, titles: pl.DataFrame) -> None:
    """Print a row with repeated texts read once, and one with each text read: best of ROUNDS, in turns with the matcher."""
    catalogue = Timed(**vars(Catalogue.of(titles)))
    seconds: dict[str, list[float]] = {"once": [], "each": [], "bare": [], "automaton": []}
    for _ in range(ROUNDS):
        for way, repeats in (("once", False), ("each", True)):
            catalogue.made.clear()
            catalogue.seconds.clear()
            gc.collect()
            begin = time.perf_counter()
            links = link_documents(documents, catalogue, repeats=repeats)["title_id"].count()
            took = time.perf_counter() - begin
            seconds[way].append(took - sum(catalogue.seconds))
            seconds["automaton"].append(sum(catalogue.seconds))
        # What the bare matcher reads is every document, as linking without the fold of repeats does.
        begin = time.perf_counter()
        matches = bare(catalogue.made)
        seconds["bare"].append(time.perf_counter() - begin)
    best = {way: min(values) for way, values in seconds.items()}
    size = documents.height
    characters = sum(len(text.folded) for _, text in catalogue.made)
    print(
        f"\n{name}: {size:,} documents, {characters / size:.0f} characters each, {matches:,} matches of "
        f"{sum(len(lookup.form_of) for lookup, _ in catalogue.made):,} forms, {links:,} links"
    )
    print(f"  bare matcher                   {size / best['bare']:>11,.0f} documents/s")
    for way, words in (("once", "linking, repeats read once"), ("each", "linking, every text read")):
        print(
            f"  {words:<30} {size / best[way]:>11,.0f} documents/s   {best['bare'] / best[way]:.2f} of it   "
            f"{matches / best[way]:>9,.0f} mentions/s weighed"
        )
    print(f"  apart: automaton of the forms that the texts can hold {best['automaton']:.2f} s")


def inputs() -> dict[str, tuple[str, Callable[[], object]]]:
    """What is timed with its catalogue, and what it is called."""
    world, own = data.spring()
    titles, reviews = data.large(own), data.reviews()
    day = world.filter(pl.col("date") == data.TUNED_TO)

    def million() -> pl.DataFrame:
        return pl.concat([titles, data.made(titles, 1_000_000 - titles.height, data.SEED + 1)])

    return {
        "titles": ("catalogue of 100,000 titles", lambda: Catalogue.of(titles)),
        "million": ("catalogue of 1,000,000 titles", partial(Catalogue.of, million())),
        "posts": (f"spring-2013 over 100,000 titles ({world.height:,} posts)", lambda: link_documents(world, titles)),
        "reviews": (f"reviews over 100,000 titles ({reviews.height:,})", lambda: link_documents(reviews, titles)),
        "day": (f"a day of spring-2013 over 1,000,000 ({day.height:,} posts)", partial(link_documents, day, million())),
    }


def timed(name: str) -> None:
    """Print seconds and the peak of memory beyond the input, of a process of its own."""
    words, what = inputs()[name]
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak of loading
    before, begin = _peak(), time.perf_counter()
    what()
    print(f"  {words:<52} {time.perf_counter() - begin:>6.2f} s   peak {_peak() - before:>6,.0f} MiB beyond its input")


def _peak() -> float:
    """Most memory that this process has held, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    """Print speed, build times and memory."""
    if not data.ready():
        return
    if len(sys.argv) > 1:
        timed(sys.argv[1])
        return
    world, own = data.spring()
    titles = data.large(own)
    for name, documents in (("spring-2013", world), ("critics' reviews", data.reviews())):
        measure(name, documents, titles)
    print("\nTime and memory, building the catalogue from its titles included:", flush=True)
    for name in ("titles", "million", "posts", "reviews", "day"):
        subprocess.run([sys.executable, "-m", "bench.linking_speed", name], check=True)


if __name__ == "__main__":
    main()
