"""Other catalogues: their names for genres, their shape, and what is said of a file that is none."""

from pathlib import Path

import polars as pl
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.genre.catalogues import genres_of, read_catalogue, shaped


def test_other_catalogues_names_mean_our_genres() -> None:
    names = ["Animated", "Historical", "Musical", "Sci-Fi", "Silent", "Film-Noir", "Sports", "War", "animated "]
    assert genres_of(names, "wikipedia") == ["Animation", "History", "Music", "Science Fiction", "War"]
    assert genres_of(["Romantic comedy"], "wikipedia") == ["Romance", "Comedy"]


def test_tmdb_names_keep_their_meaning() -> None:
    assert genres_of(["Animated", "War & Politics", "TV Movie"]) == ["War", "Politics"]


def test_a_catalogue_is_read_without_the_rows_that_are_tmdbs(tmp_path: Path) -> None:
    rows = {"source": ["wiki", "tmdb5000", None], "source_id": ["7", "11", "8"], "tmdb_id": [None, 11, None]}
    frame = pl.DataFrame(
        {**rows, "title": [" A ", "B", "C"], "overview": [None, "b", "c"], "genres": [["War"], None, None]}
    )
    frame.write_parquet(tmp_path / "c.parquet")
    found = read_catalogue(str(tmp_path / "c.parquet"))
    assert found["title_id"].to_list() == ["wiki-7"]  # neither source nor id: no row to name
    assert found.select("source", "media_type", "title", "genres", "tagline").row(0) == (
        "wiki",
        "movie",
        "A",
        ["War"],
        None,
    )
    assert shaped(frame)["source"].to_list() == ["wiki", "tmdb"]


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"title": ["x"]}, "needs the columns title, overview"),
        ({"title": ["x"], "overview": ["y"]}, "needs the columns"),
        ({"title": ["x"], "overview": ["y"], "title_id": ["1"], "genres": [7]}, "wrong type"),
    ],
)
def test_a_file_that_is_no_catalogue_is_told(tmp_path: Path, columns: dict[str, list[object]], complaint: str) -> None:
    pl.DataFrame(columns).write_parquet(tmp_path / "c.parquet")
    with pytest.raises(PermanentFailure, match=complaint) as caught:
        read_catalogue(str(tmp_path / "c.parquet"))
    assert "\n" not in str(caught.value)
    with pytest.raises(PermanentFailure, match="There is no file"):
        read_catalogue(str(tmp_path / "none.parquet"))
