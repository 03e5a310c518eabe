"""Real rows to tune and measure linking with: spring-2013, critics' reviews, and catalogues of 100,000 titles and more."""

import hashlib
import random
from datetime import date

import polars as pl

from bench.shared import SHARED
from trending_assets.linking.fold import fold_names
from trending_assets.linking.worlds import read_documents, read_titles

TUNED_TO = date(2013, 5, 15)
"""Days of spring-2013 up to this one may be tuned on; later ones are only reported on."""
LARGE = 100_000
SEED = 2013


def ready() -> bool:
    """Whether the real data is there; prints why not."""
    if (SHARED / "worlds" / "spring-2013").is_dir():
        return True
    print(f"No real data at {SHARED} (set TRENDING_SHARED): nothing is measured.")
    return False


def tuning_half(keys: pl.Series) -> pl.Series:
    """True for the half of the keys that may be tuned on, by SHA-256."""
    return pl.Series([hashlib.sha256(str(key).encode()).digest()[0] % 2 == 0 for key in keys], dtype=pl.Boolean)


def spring() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Documents of spring-2013 with the column truth (a title_id; null: not in its catalogue), and its titles."""
    folder = SHARED / "worlds" / "spring-2013"
    titles = read_titles(folder / "titles.parquet")
    truth = pl.read_parquet(folder / "documents.parquet", columns=["url", "truth_tmdb_id"]).join(
        titles.select("title_id", truth_tmdb_id="tmdb_id"), on="truth_tmdb_id", how="left"
    )
    documents = read_documents(folder / "documents.parquet")
    return documents.join(truth.select(doc_id="url", truth="title_id"), on="doc_id"), titles


def known_titles() -> pl.DataFrame:
    """Titles of data/titles.parquet in the columns that linking reads, films that two of its sources have once."""
    frame = pl.read_parquet(SHARED / "data" / "titles.parquet").with_row_index("n")
    frame = frame.filter(pl.col("title").is_not_null()).with_columns(
        tmdb_id=pl.coalesce("tmdb_id", 200_000_000 + pl.col("n").cast(pl.Int64)),
        media_type=pl.col("media_type").fill_null("movie"),
        original_title=pl.coalesce("original_title", "title"),
        form=fold_names(frame.filter(pl.col("title").is_not_null())["title"]),
    )
    own = frame.filter(pl.col("tmdb_id") < 200_000_000)
    years = pl.concat([own.select("form", year=pl.col("year") + step) for step in (-1, 0, 1)]).unique()
    rest = frame.filter(pl.col("tmdb_id") >= 200_000_000).join(years, on=["form", "year"], how="anti")
    rest = rest.unique(["form", "year"], keep="first", maintain_order=True)
    return (
        pl.concat([own, rest])
        .with_columns(title_id=pl.format("{}-{}", "media_type", "tmdb_id"), year=pl.col("year").cast(pl.Int32))
        .unique("title_id", keep="first", maintain_order=True)
    )


COLUMNS = ["title_id", "media_type", "title", "original_title", "year", "popularity", "imdb_id", "cast", "directors"]


def large(titles: pl.DataFrame, size: int = LARGE, seed: int = SEED) -> pl.DataFrame:
    """`titles`, then the other known titles, then seeded names made by recombining words of real ones, to `size` rows.

    Known titles that `titles` holds already (same name, year within one) are left out. Made names are of low popularity.
    """
    own = titles.select(COLUMNS)
    other = known_titles().select(COLUMNS)
    form = fold_names(own["title"])
    years = pl.concat([own.select(pl.Series("form", form), year=pl.col("year") + step) for step in (-1, 0, 1)]).unique()
    other = (
        other.with_columns(form=fold_names(other["title"])).join(years, on=["form", "year"], how="anti").drop("form")
    )
    every = pl.concat([own, other.filter(~pl.col("title_id").is_in(own["title_id"].implode()))]).head(size)
    return pl.concat([every, made(every, size - every.height, seed)])


def made(titles: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """Names made of the first words of one title and the last ones of another, none of them a real one's."""
    rng = random.Random(seed)
    words = [name.split() for name in titles["title"].unique().sort().to_list()]
    taken = set(titles["title"].str.to_lowercase().to_list())
    rows: list[tuple[object, ...]] = []
    while len(rows) < count:
        head, tail = rng.choice(words), rng.choice(words)
        name = " ".join(head[: rng.randint(1, len(head))] + tail[-rng.randint(1, len(tail)) :])
        if name.lower() not in taken:
            taken.add(name.lower())
            rows.append(
                (f"movie-{900_000_000 + len(rows)}", "movie", name, name, rng.randint(1930, 2026), rng.uniform(0, 2))
            )
    lists = pl.List(pl.String)
    schema = {c: titles.schema[c] for c in COLUMNS[:6]}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        imdb_id=pl.lit(None, pl.String), cast=pl.lit([], lists), directors=pl.lit([], lists)
    )


def reviews() -> pl.DataFrame:
    """Critics' reviews as documents, with the columns truth, names (whether the text prints its film's title) and tuning."""
    frame = pl.read_parquet(SHARED / "data" / "reviews_titled.parquet").with_row_index("n")
    named = [f" {title} " in f" {text} " for title, text in _spaced(frame)]
    return frame.select(
        doc_id=pl.format("review-{}", "n"),
        kind=pl.lit("review"),
        published_at=pl.col("date").fill_null(pl.date(2015, 1, 1)).cast(pl.Datetime("us", "UTC")),
        headline=pl.lit(None, pl.String),
        text="text",
        work_title=pl.lit(None, pl.String),
        work_year=pl.lit(None, pl.Int32),
        work_media_type=pl.lit(None, pl.String),
        truth=pl.format("movie-{}", "tmdb_id"),
        names=pl.Series(named),
        tuning=tuning_half(frame["tmdb_id"]),
    )


def _spaced(frame: pl.DataFrame) -> list[tuple[str, str]]:
    spaced = frame.select(
        pl.col(c).str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars() for c in ("title", "text")
    )
    return list(spaced.iter_rows())


def judged(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Mentions with truth and whether they are right (null where unlinked). A link of a document without truth is wrong."""
    return mentions.join(documents.drop("text", "headline", strict=False), on="doc_id").with_columns(
        right=pl.when(pl.col("title_id").is_not_null()).then((pl.col("title_id") == pl.col("truth")).fill_null(False))
    )


def figures(rows: pl.DataFrame) -> str:
    """Precision over links, recall over documents whose truth the catalogue has."""
    links, right = rows["right"].count(), int(rows["right"].sum() or 0)
    known = rows.filter(pl.col("truth").is_not_null())["doc_id"].n_unique()
    found = rows.filter("right")["doc_id"].n_unique()
    return (
        f"{rows['doc_id'].n_unique():>6,} documents, {links:>6,} links: "
        f"precision {right / links if links else 1:.4f}, recall {found / known if known else 1:.4f}"
    )
