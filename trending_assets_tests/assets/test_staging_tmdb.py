"""What staging makes of TMDb's tables: votes of the day, other names, and which lists say something of attention."""

from datetime import date, timedelta

import pytest

from trending_assets.lake import Lake
from trending_assets.staging.assets import ASSETS
from trending_assets_tests.unit.dbt.tables import materialize, write_raw

DAY = date(2026, 11, 20)
pytestmark = pytest.mark.slow


def test_titles_and_lists_of_tmdb(lake: Lake) -> None:
    film = {"media_type": "movie", "tmdb_id": 7}
    details = {"title": "Seven", "vote_average": 6.0, "vote_count": 10, "alternative_titles": ["Se7en"]}
    listed = {**film, "title": "Seven", "rank": 3}
    coming = {"media_type": "movie", "tmdb_id": 8, "title": "Announced", "rank": 1, "release_date": date(2027, 5, 1)}
    tables = {
        "tmdb_titles": {DAY: [film | details], DAY + timedelta(days=1): [film | details]},
        "tmdb_lists": {
            DAY: [
                {**listed, "list": "popular", "vote_average": 8.0, "vote_count": 99},
                {**listed, "list": "discover_new", "vote_average": 8.0, "vote_count": 99},
                {**coming, "list": "discover_soon"},
            ]
        },
    }
    write_raw(lake, DAY - timedelta(days=3), DAY + timedelta(days=1), tables)
    assert materialize(lake, ASSETS, DAY, DAY + timedelta(days=1)).success
    first, second = (
        {row["title_id"]: row for row in lake.read("staging/titles", [DAY + timedelta(days=n)]).to_dicts()}
        for n in (0, 1)
    )
    seven, announced = first["movie-7"], first["movie-8"]
    assert (seven["vote_average"], seven["vote_count"]) == (8.0, 99)  # of the list of the day, newer than the details
    assert seven["alternative_titles"] == ["Se7en"]
    assert (second["movie-7"]["vote_average"], second["movie-7"]["vote_count"]) == (6.0, 10)
    assert (announced["title"], announced["year"], announced["has_details"]) == ("Announced", 2027, False)
    assert lake.read("staging/lists", [DAY]).select("title_id", "list").rows() == [("movie-7", "popular")]
