"""Documents a second of linking over 100,000 titles, beside the bare matcher: `python -m bench.linking_speed`.

The bare matcher is the same automaton over the same folded text, asked for every match and nothing else. What both need
before is timed apart: the catalogue of the day's titles, and the automaton of the forms that the texts can hold.
"""

import gc
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable

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


def measure(name: str, documents: pl.DataFrame, titles: pl.DataFrame, repeats: bool) -> None:
    """Print one row: best of ROUNDS, linking and the bare matcher in turns."""
    catalogue = Timed(**vars(Catalogue.of(titles)))
    linking, matching, building, matches = [], [], [], 0
    for _ in range(ROUNDS):
        catalogue.made.clear(), catalogue.seconds.clear()
        gc.collect()
        begin = time.perf_counter()
        mentions = link_documents(documents, catalogue, repeats=repeats)
        took = time.perf_counter() - begin
        building.append(sum(catalogue.seconds))
        linking.append(took - building[-1])
        begin = time.perf_counter()
        matches = bare(catalogue.made)
        matching.append(time.perf_counter() - begin)
    size, link, match = documents.height, min(linking), min(matching)
    if not repeats:
        # The bare matcher reads every document: a repeated text once more.
        match *= size / documents.select("kind", "headline", "text").unique().height
    words = "each text read" if repeats else "repeats read once"
    print(
        f"{name:<9} {words:<18} {size / link:>9,.0f} documents/s   bare {size / match:>11,.0f}/s   ratio {match / link:.2f}   "
        f"{matches / link:>9,.0f} matches/s   automaton {min(building):.2f} s   {mentions['title_id'].count():,} links"
    )


def peak(what: Callable[[], object]) -> float:
    """Peak memory of a fresh process that runs `what`, less that of one that only loads the data, in MiB."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    def child() -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        what()
        queue.put((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)

    process = context.Process(target=child)
    process.start()
    found = queue.get()
    process.join()
    return float(found)


def main() -> None:
    """Print speed, build times and memory."""
    if not data.ready():
        return
    world, own = data.spring()
    titles = data.large(own)
    begin = time.perf_counter()
    Catalogue.of(titles)
    print(f"Catalogue of {titles.height:,} titles: {time.perf_counter() - begin:.2f} s.")
    if "--million" in sys.argv:
        million = pl.concat([titles, data.made(titles, 1_000_000 - titles.height, data.SEED + 1)])
        begin = time.perf_counter()
        whole = Catalogue.of(million)
        print(f"Catalogue of {million.height:,} titles: {time.perf_counter() - begin:.2f} s.")
        begin = time.perf_counter()
        link_documents(world.filter(pl.col("date") == data.TUNED_TO), whole)
        print(f"  linking a day of spring-2013 with it: {time.perf_counter() - begin:.2f} s, automaton included.")
        del million, whole
    reviews = data.reviews()
    for name, documents in (("posts", world), ("reviews", reviews)):
        for repeats in (False, True):
            measure(name, documents, titles, repeats)


if __name__ == "__main__":
    main()
