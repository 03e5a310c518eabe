"""The training set: which titles, which labels, which side of the split."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, validate
from trending_assets.genre.catalogues import TMDB, shaped
from trending_assets.genre.groups import bucket, title_group
from trending_assets.genre.masking import PATTERN, masked
from trending_assets.genre.training import (
    ENOUGH_TMDB,
    TRAIN_BELOW,
    build,
    build_training_set,
    data_version,
    split_sizes,
    trainable_genres,
)
from trending_assets_tests.unit.genre.worlds import DAY, titles, training_set


def _dated(count: int) -> pl.DataFrame:
    """TMDb titles, one released a day, the last one newest."""
    first = date(2000, 1, 1)
    return titles(count).with_columns(release_date=pl.Series([first + timedelta(n) for n in range(count)]))


def _catalogue(rows: list[dict[str, object]]) -> pl.DataFrame:
    plain = {"source": "encyclopaedia", "media_type": "movie", "tmdb_id": None, "keywords": [], "genres": ["Noir"]}
    return pl.DataFrame([plain | row for row in rows], schema_overrides={"tmdb_id": pl.Int64})


def _with(tmdb: pl.DataFrame, catalogue: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([tmdb, catalogue], how="diagonal_relaxed")


def test_titles_without_plot_or_known_genre_stay_out() -> None:
    frame = titles(8).with_columns(
        overview=pl.when(pl.col("tmdb_id") == 1).then(pl.lit("Too short.")).otherwise("overview"),
        genres=pl.when(pl.col("tmdb_id") == 2).then(pl.lit(["TV Movie"])).otherwise("genres"),
    )
    rows = build_training_set(frame.with_columns(tagline=pl.lit("Boo!")), DAY)
    assert rows.height == 6
    assert rows["trained_through"].unique().to_list() == [DAY]
    assert rows.filter(pl.col("title_id") == "movie-5")["text"][0].startswith("Word4x\n")
    assert "Boo!" in rows["text"][0]


def test_tv_genres_are_split_into_the_vocabulary() -> None:
    frame = titles(1).with_columns(genres=pl.lit(["Sci-Fi & Fantasy", "Kids"]))
    assert sorted(build_training_set(frame, DAY)["genres"][0]) == ["Family", "Fantasy", "Science Fiction"]


def test_row_order_does_not_change_the_data_version() -> None:
    rows = training_set(40)
    assert data_version(rows) == data_version(rows.sample(fraction=1, shuffle=True, seed=1))
    assert data_version(rows) != data_version(rows.head(39))


def test_rare_genres_are_not_trainable() -> None:
    rows = pl.DataFrame({"genres": [["Drama"], ["Drama", "War"], ["Drama"], ["War", "Comedy"]]})
    assert trainable_genres(rows) == ("Drama",)
    assert trainable_genres(rows.head(3)) == ()


def test_the_newest_titles_are_a_test_of_their_own() -> None:
    rows = build(_dated(400), DAY).rows
    later = rows.filter(pl.col("split") == "later")
    assert 0 < later.height <= 20
    assert later["title_id"].str.extract(r"(\d+)").cast(pl.Int64).min() > 380  # type: ignore[operator]
    assert all(bucket(group) < 88 for group in later["group"])
    newest_tested = rows.filter((pl.col("split") == "test") & pl.col("title_id").str.contains(r"-(39\d|38[1-9]|400)$"))
    assert later.height + newest_tested.height == 20
    assert split_sizes(build(titles(400), DAY).rows)["later"] == 0  # no dates, no newest
    same_day = titles(400).with_columns(release_date=pl.lit("2020-01-01"))
    assert split_sizes(build(same_day, DAY).rows)["later"] == 0


def test_a_later_title_takes_its_franchise_along() -> None:
    frame = _dated(400)
    built = build(frame, DAY)
    newest = built.rows.filter(pl.col("split") == "later")["title_id"][0]
    name = frame.filter(pl.col("title_id") == newest)["title"][0]
    older = pl.col("title_id") == "movie-1"
    again = build(frame.with_columns(title=pl.when(older).then(pl.lit(f"{name} 2")).otherwise("title")), DAY)
    assert "movie-1" in built.rows["title_id"]
    assert "movie-1" not in again.rows["title_id"]
    assert again.left_out["same franchise as a later title"] == 1


def test_a_catalogue_is_only_learned_from_and_never_says_what_is_held_out() -> None:
    frame = _dated(400)
    alone = build(frame, DAY).rows
    held = {side: alone.filter(pl.col("split") == side).row(0, named=True) for side in ("valid", "test", "later")}
    free = next(name for name in (f"Meadow{n}" for n in range(99)) if bucket(title_group(name)) < TRAIN_BELOW)
    overview = "A plot that is told nowhere else, long enough to be learned from."
    copied: list[dict[str, object]] = [{"title_id": f"copy-{side}", "title": free, "overview": f"{row['overview'].upper()} !!"}
              for side, row in held.items()]  # fmt: skip
    sequels: list[dict[str, object]] = [{"title_id": f"sequel-{side}", "title": f"{row['title']}: Part II", "overview": overview}
               for side, row in held.items()]  # fmt: skip
    good: list[dict[str, object]] = [
        {"title_id": "good", "title": free, "overview": overview, "genres": ["Animated", "Noir"], "year": 1950}
    ]
    built = build(_with(frame, _catalogue([*copied, *sequels, *good])), DAY)
    came = built.rows.filter(pl.col("source") == "encyclopaedia").to_dicts()
    assert [(row["title_id"], row["split"], row["year"]) for row in came] == [("good", "train", 1950)]
    assert (came[0]["genres"], came[0]["labels"]) == (["Animation"], ["Animated", "Noir"])
    assert built.left_out["overview of a held-out title"] == 3
    assert sum(built.left_out.values()) == 6
    assert built.rows.filter(pl.col("source") == "tmdb").equals(alone)  # a catalogue moves no title of TMDb's
    assert validate(built.rows, TABLES["genre/training_set"]) == []


def test_a_held_out_overview_is_not_learned_from_under_another_title() -> None:
    frame = titles(300)
    plain = build(frame, DAY).rows
    tested, learned = (plain.filter(pl.col("split") == side)["title_id"][0] for side in ("test", "train"))
    told = frame.filter(pl.col("title_id") == tested)["overview"][0]
    copied = frame.with_columns(
        overview=pl.when(pl.col("title_id") == learned).then(pl.lit(told)).otherwise("overview")
    )
    built = build(copied, DAY)
    assert learned not in built.rows["title_id"]
    assert tested in built.rows["title_id"]
    assert built.left_out == {"overview of a held-out title": 1}


def test_a_file_of_catalogue_rows_alone_can_be_learned_from_and_tested_on() -> None:
    rows = titles(ENOUGH_TMDB - 1).drop("tmdb_id").with_columns(source=pl.lit("wiki"), tmdb_id=pl.lit(None, pl.Int64))
    built = build(rows, DAY)
    assert set(built.rows["source"]) == {"wiki"}
    assert all(split_sizes(built.rows)[side] for side in ("train", "valid", "test"))


_NAMES = st.sampled_from(
    ["Alien", "Star Wars", "Harry Potter", "Meadow", "Shrek", "Lake House", "Ödland", "Zorro", "1917"]
)
_ENDINGS = st.sampled_from(
    ["", " 2", " II", ": Part Three", " and the Cup", " Returns", " (2001)", " - Origins", "'s Son"]
)
_PLOTS = st.sampled_from([f"{word} is what this plot of some length is about, and more." for word in "abcdefghijkl"])
_TITLE = st.tuples(_NAMES, _ENDINGS, _PLOTS, st.booleans(), st.integers(0, 3_000))


@settings(max_examples=50, deadline=None)
@given(st.lists(_TITLE, max_size=60), st.booleans())
def test_no_group_and_no_held_out_overview_is_on_two_sides(
    drawn: list[tuple[str, str, str, bool, int]], many: bool
) -> None:
    frame = pl.DataFrame(
        [
            {
                "title_id": f"movie-{n}" if tmdb else f"wiki-{n}",
                "tmdb_id": n + 1 if tmdb else None,
                "source": None if tmdb else "wiki",
                "media_type": "movie",
                "title": name + ending,
                "overview": plot,
                "keywords": [],
                "genres": ["Drama"],
                "release_date": (date(2000, 1, 1) + timedelta(day)).isoformat(),
            }
            for n, (name, ending, plot, tmdb, day) in enumerate(drawn)
        ],
        schema={
            **dict.fromkeys(("title_id", "source", "media_type", "title", "overview", "release_date"), pl.String),
            "tmdb_id": pl.Int64,
            **dict.fromkeys(("keywords", "genres"), pl.List(pl.String)),
        },
    )
    if many:  # enough of TMDb's for catalogue rows to be only learned from
        others = _dated(ENOUGH_TMDB).with_columns(
            title_id="other-" + pl.col("title_id"), source=pl.lit(None, pl.String)
        )
        frame = pl.concat([frame, others.select(frame.columns)], how="vertical_relaxed")
    built = build(frame, DAY)
    rows = built.rows
    assert rows.group_by("group").agg(pl.col("split").n_unique())["split"].max() in (1, None)
    held = set(rows.filter(pl.col("split").is_in(["valid", "test", "later"]))["overview"])
    assert held.isdisjoint(rows.filter(pl.col("split") == "train")["overview"])
    assert rows.height + sum(built.left_out.values()) == frame.height
    if many:
        assert set(rows.filter(pl.col("source") == "wiki")["split"]) <= {"train"}


@pytest.mark.world
def test_a_real_catalogue_beside_real_tmdb_titles(shared: Path) -> None:
    titles = shaped(pl.read_parquet(shared / "data" / "titles.parquet"))
    built, alone = build(titles, DAY), build(titles.filter(pl.col("source") == TMDB), DAY)
    sizes = split_sizes(built.rows)
    print(f"{sizes}; left out: {built.left_out}")
    assert validate(built.rows, TABLES["genre/training_set"]) == []
    assert built.rows.filter(pl.col("source") == TMDB).equals(alone.rows)
    assert built.rows.group_by("group").agg(pl.col("split").n_unique())["split"].max() == 1
    assert sizes["train"] > 20_000
    assert all(400 < split_sizes(alone.rows)[split] < 600 for split in ("valid", "test"))
    later = built.rows.filter(pl.col("split") == "later")
    learned = built.rows.filter((pl.col("split") == "train") & (pl.col("source") == TMDB))
    assert later.height > 100 and later["year"].min() >= learned["year"].max() - 1  # type: ignore[operator]
    view = masked(built.rows.filter(pl.col("split").is_in(["test", "later"])))
    assert (view["text"].str.len_chars() > 0).all()
    assert not view["text"].str.contains(PATTERN).any()
