"""Linking critics' reviews as prose: `python -m bench.linking_reviews`.

Real reviews without a headline, each of one film; most do not name it. The half of the films that was not tuned on (by
SHA-256 of tmdb_id) is reported, with the titles of data/titles.parquet and with 100,000.
"""

import polars as pl

from bench import linking_data as data
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.link import link_documents


def main() -> None:
    """Print the figures."""
    if not data.ready():
        return
    rows = data.reviews()
    half = rows.filter(~pl.col("tuning"))
    films = half["truth"].n_unique()
    print(f"{half.height:,} reviews of {films} films that were not tuned on (of {rows.height:,}).")
    known = data.known_titles()
    for name, titles in (("data/titles.parquet", known), (f"{data.LARGE:,} titles", data.large(known))):
        found = data.judged(link_documents(half.drop("truth", "names", "tuning"), Catalogue.of(titles)), half)
        print(f"\n{name} ({titles.height:,}):")
        for label, part in (
            ("all", found),
            ("that print their film's title", found.filter("names")),
            ("that do not: best left alone", found.filter(~pl.col("names"))),
        ):
            print(f"  {label:<30} {data.figures(part)}")


if __name__ == "__main__":
    main()
