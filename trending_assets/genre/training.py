"""The training set: titles with a plot and known genres, split so that a franchise or a remake stays on one side."""

import hashlib
import io
from dataclasses import dataclass
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES, Dtype, conform
from trending_assets.genre.catalogues import TMDB, genres_of
from trending_assets.genre.groups import bucket, title_group
from trending_assets.scoring.vocabulary import GENRES

MIN_OVERVIEW = 40
"""Characters of overview below which a title says too little to learn from."""
TRAIN_BELOW, VALID_BELOW = 78, 88
"""A group's bucket (0 to 99) below the first is train, below the second valid; the rest is test."""
LATER_SHARE = 0.05
"""Share of TMDb's dated titles, the newest ones, that are never learned from: a test of what is to come."""
ENOUGH_TMDB = 200
"""TMDb titles below which catalogues' rows are split and tested on like TMDb's own."""
SPLITS = ("train", "valid", "test", "later")


@dataclass(frozen=True)
class Built:
    """A training set, and how many titles were left out of it by reason (in words, reasons without a title left out)."""

    rows: pl.DataFrame
    left_out: dict[str, int]


def split_of(title: str) -> str:
    """train, valid or test, by the bucket of the title's group: the same title lands on the same side in every set.

    Of a set's newest titles those that would be train or valid are `later` instead (see build).
    """
    return _side(title_group(title))


def _side(group: str) -> str:
    number = bucket(group)
    return "train" if number < TRAIN_BELOW else "valid" if number < VALID_BELOW else "test"


def text_of() -> pl.Expr:
    """Title, overview, tagline and keywords as one text, in that order, nulls left out."""
    parts = [pl.col("title"), pl.col("overview"), pl.col("tagline"), pl.col("keywords").list.join(", ")]
    return pl.concat_str([p.fill_null("") for p in parts], separator="\n").str.strip_chars().alias("text")


def build_training_set(titles: pl.DataFrame, through: date) -> pl.DataFrame:
    """Rows of genre/training_set from titles (see build)."""
    return build(titles, through).rows


def build(titles: pl.DataFrame, through: date) -> Built:
    """The training set of titles, and what was left out of it.

    `titles` has title_id, media_type, title, overview, genres (as the source prints them) and keywords, and may have tmdb_id,
    source, tagline, release_date, year and original_language. A row with a tmdb_id is TMDb's, and so is every row of a frame
    without that column. Kept are titles with an overview of at least MIN_OVERVIEW characters and a label; TMDb's need one of
    the vocabulary. A catalogue's rows are only ever learned from: where fewer than ENOUGH_TMDB titles are TMDb's, all count as
    its rows do. The newest TMDb titles are `later`, and no group has titles on two sides. No overview that is held out is
    learned from under another title.
    """
    rows = _known_columns(titles).unique("title_id", keep="last", maintain_order=True)
    tmdb = rows["source"] == TMDB
    rows = rows.with_columns(primary=tmdb if tmdb.sum() >= ENOUGH_TMDB else pl.lit(True))
    left_out: dict[str, int] = {}

    def keep(frame: pl.DataFrame, condition: pl.Expr, reason: str) -> pl.DataFrame:
        kept = frame.filter(condition.fill_null(False))
        if lost := frame.height - kept.height:
            left_out[reason] = left_out.get(reason, 0) + lost
        return kept

    rows = keep(
        rows, pl.col("overview").str.strip_chars().str.len_chars() >= MIN_OVERVIEW, "no overview, or a short one"
    )
    genres = [genres_of(labels, source) for labels, source in rows.select("labels", "source").iter_rows()]
    rows = rows.with_columns(pl.Series("genres", genres, dtype=pl.List(pl.String)))
    named = pl.when(pl.col("primary")).then(pl.col("genres")).otherwise(pl.col("labels")).list.len() > 0
    rows = keep(rows, named, "no genre of the vocabulary")
    rows = rows.with_columns(
        pl.Series("group", [title_group(title or "") for title in rows["title"]], dtype=pl.String),
        text_of(),
        same=pl.col("overview").str.to_lowercase().str.replace_all(r"\W+", ""),
        trained_through=pl.lit(through),
    )
    rows = rows.with_columns(pl.Series("split", [_side(group) for group in rows["group"]], dtype=pl.String))
    later = pl.col("primary") & (pl.col("release_date") > _newest_begin(rows)) & (pl.col("split") != "test")
    rows = rows.with_columns(split=pl.when(later.fill_null(False)).then(pl.lit("later")).otherwise("split"))

    rows = keep(rows, pl.col("primary") | (pl.col("split") == "train"), "catalogue row of a group that is held out")
    learned = pl.col("split").is_in(["train", "valid"])
    groups = rows.filter(pl.col("split") == "later")["group"].unique().to_list()
    rows = keep(rows, ~(learned & pl.col("group").is_in(groups)), "same franchise as a later title")
    for side, held in (("valid", ["test", "later"]), ("train", ["valid", "test", "later"])):
        texts = rows.filter(pl.col("split").is_in(held))["same"].unique().to_list()
        rows = keep(rows, ~((pl.col("split") == side) & pl.col("same").is_in(texts)), "overview of a held-out title")
    return Built(conform(rows, TABLES["genre/training_set"]), left_out)


def _known_columns(titles: pl.DataFrame) -> pl.DataFrame:
    """The titles with every column of the set that does not follow from others, nulls where nothing is known."""
    has = set(titles.columns)

    def known(name: str, dtype: Dtype) -> pl.Expr:
        return (pl.col(name) if name in has else pl.lit(None)).cast(dtype)

    no_list = pl.lit([], dtype=pl.List(pl.String))
    released = known("release_date", pl.String).str.to_date("%Y-%m-%d", strict=False)
    tmdb = pl.col("tmdb_id").is_not_null() if "tmdb_id" in has else pl.lit(True)
    return titles.select(
        "title_id",
        "media_type",
        "title",
        "overview",
        source=pl.when(tmdb).then(pl.lit(TMDB)).otherwise(known("source", pl.String).fill_null("other")),
        tagline=known("tagline", pl.String),
        keywords=known("keywords", pl.List(pl.String)).fill_null(no_list),
        labels=known("genres", pl.List(pl.String)).fill_null(no_list),
        release_date=released,
        year=pl.coalesce(known("year", pl.Int32), released.dt.year()),
        language=known("original_language", pl.String),
    )


def _newest_begin(rows: pl.DataFrame) -> date:
    """The day after which LATER_SHARE of the dated primary titles came out (fewer where several came out on one day)."""
    days = rows.filter("primary")["release_date"].drop_nulls().sort(descending=True)
    count = int(LATER_SHARE * len(days))
    newest: date = days[count] if count else date.max
    return newest


def split_sizes(training_set: pl.DataFrame) -> dict[str, int]:
    """Titles of each split, in the order of SPLITS."""
    return {split: int((training_set["split"] == split).sum()) for split in SPLITS}


def data_version(training_set: pl.DataFrame) -> str:
    """Hex SHA-256 of the training set's Parquet bytes, as the lake writes them."""
    return hashlib.sha256(parquet_bytes(training_set)).hexdigest()


def parquet_bytes(training_set: pl.DataFrame) -> bytes:
    """The training set as Parquet: the same rows give the same bytes."""
    buffer = io.BytesIO()
    conform(training_set, TABLES["genre/training_set"]).write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def trainable_genres(train: pl.DataFrame, least: int = 3) -> tuple[str, ...]:
    """Genres with at least `least` titles in `train` (column genres), and at least one title without them."""
    counts = dict(train["genres"].explode(empty_as_null=False).value_counts().iter_rows())
    return tuple(g for g in GENRES if least <= counts.get(g, 0) < train.height)
