"""The training set: which titles, which labels, which side of the split."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.genre.training import build_training_set, data_version, split_of, title_group, trainable_genres
from trending_assets_tests.unit.genre.worlds import DAY, titles, training_set


@pytest.mark.parametrize(
    "family",
    [
        ["The Matrix", "Matrix 2", "Matrix: Part II", "MATRIX"],
        ["Rocky", "Rocky IV", "Rocky III"],
        ["Star Wars: Episode IV - A New Hope", "Star Wars: The Clone Wars"],
        ["Amélie", "Amelie 2"],
        ["The Godfather", "The Godfather Part III"],
    ],
)
def test_a_franchise_is_one_group(family: list[str]) -> None:
    assert len({title_group(title) for title in family}) == 1
    assert len({split_of(title) for title in family}) == 1


def test_a_title_that_is_a_number_or_an_article_keeps_its_name() -> None:
    assert [title_group(t) for t in ("1917", "300", "One", "X", "The One")] == ["1917", "300", "one", "x", "one"]
    assert title_group("Alien") != title_group("Aliens")


@given(st.text(min_size=1))
def test_every_title_has_a_group_and_a_side(title: str) -> None:
    assert title_group(title)
    assert split_of(title) == split_of(title) in ("train", "valid", "test")


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
