"""Linking spring-2013 against its truth, by days and kinds: `python -m bench.linking_spring`.

With the world's own titles, and with 100,000.

Documents whose true title the catalogue lacks count too: any link of theirs is wrong. Days up to 2013-05-15 were tuned on.
"""

import polars as pl

from bench import linking_data as data
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.link import link_documents


def report(name: str, documents: pl.DataFrame, titles: pl.DataFrame) -> None:
    """Print precision and recall of later days, and of all."""
    rows = data.judged(link_documents(documents.drop("truth"), Catalogue.of(titles)), documents)
    print(f"\n{name}:")
    later = pl.col("date") > data.TUNED_TO
    for days, part in (("days after the tuned ones", rows.filter(later)), ("all days", rows)):
        print(f"  {days:<26} {data.figures(part)}")
        for kind in ("post", "review"):
            print(f"    {kind + 's':<24} {data.figures(part.filter(kind=kind))}")


def main() -> None:
    """Print the figures."""
    if not data.ready():
        return
    documents, titles = data.spring()
    lacking = documents["truth"].null_count()
    print(f"spring-2013: {documents.height:,} documents; the true title of {lacking} is not in the catalogue.")
    report(f"its own {titles.height:,} titles", documents, titles)
    report(f"{data.LARGE:,} titles", documents, data.large(titles))


if __name__ == "__main__":
    main()
