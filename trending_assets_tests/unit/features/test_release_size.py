"""The size of a release from catalogue facts: by hand, and null where it means nothing."""

from typing import Any

import polars as pl
import pytest
import yaml

from trending_assets.features.release_size import COEFFICIENTS, SEQUEL, release_size

PLAIN: dict[str, Any] = {
    "title": "Heat",
    "media_type": "movie",
    "genres": ["Action", "Crime"],
    "runtime_minutes": 125.0,
    "original_language": "en",
}
SCHEMA: dict[str, pl.DataType] = {
    "title": pl.String(),
    "media_type": pl.String(),
    "genres": pl.List(pl.String),
    "runtime_minutes": pl.Float64(),
    "original_language": pl.String(),
}


def sized(**facts: Any) -> float | None:
    return pl.DataFrame([PLAIN | facts], schema=SCHEMA).select(release_size()).item()


def test_by_hand() -> None:
    by = yaml.safe_load(COEFFICIENTS.read_text())
    expected = by["intercept"] + by["Action"] + by["Crime"] + by["runtime"] + by["english"]
    assert sized() == pytest.approx(expected)
    assert sized(title="Heat 2") == pytest.approx(expected + by["sequel"])
    assert sized(original_language="fr", runtime_minutes=None) == pytest.approx(
        expected - by["english"] - by["runtime"]
    )
    assert sized(genres=["Unheard of"], runtime_minutes=0.0, original_language=None) == pytest.approx(by["intercept"])


def test_null_for_shows_and_without_genres() -> None:
    assert sized(media_type="tv") is None
    assert sized(genres=[]) is None and sized(genres=None) is None


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        ("Iron Man 3", True),
        ("Rocky II", True),
        ("Star Wars: Episode I", True),
        ("The Hobbit Part Two", True),
        ("Heat", False),
        ("21 Grams", False),
        ("Seven", False),
        ("Vice", False),
    ],
)
def test_a_title_that_counts_itself(title: str, counts: bool) -> None:
    assert pl.Series([title]).str.contains(SEQUEL).item() is counts
