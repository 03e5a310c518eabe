"""Names that are a title and nothing else: charts, Wikipedia's articles, declared works."""

import polars as pl
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.linking.link import link_charts, link_documents
from trending_assets_tests.unit.linking import cases
from trending_assets_tests.unit.linking.frames import chart, document

TITLES = cases.titles()


def linked(title: str, name: str = "box_office_us", media_type: str | None = None, **more: int) -> str | None:
    entry = chart(title, **more).with_columns(chart=pl.lit(name), media_type=pl.lit(media_type, pl.String))
    day = entry.with_columns(chart_date=pl.date(2024, 6, 1))
    frame = link_charts(day, TITLES)
    assert validate(frame, TABLES["linking/chart_entries"]) == []
    found: str | None = frame["title_id"][0]
    return found


@pytest.mark.parametrize(
    ("article", "title_id"),
    [
        ("Dune (2021 film)", "movie-6"),
        ("Dune (1984 film)", "movie-7"),
        ("Dune_(2021_film)", "movie-6"),
        ("Dune (novel)", None),
        ("Dune (franchise)", None),
        ("Dune (2005 film)", None),
        ("Dune: Part Two", "movie-8"),
        ("Fargo (TV series)", "tv-9"),
        ("Fargo (1996 film)", "movie-9"),
        ("Fargo season 5", "tv-9"),
        ("Fargo, North Dakota", None),
        ("It (miniseries)", "tv-1"),
        ("It (2017 film)", "movie-1"),
        ("It", None),
        ("Heat", None),
        ("Chicago", None),
        ("Barbie (film)", "movie-36"),
        ("Ghosts (2021 TV series) season 2", "tv-41"),
        ("Ghosts (American TV series)", None),
        ("The Last of Us (TV series)", "tv-40"),
        ("The Last of Us (video game)", None),
        ("Breaking Bad", "tv-37"),
        ("The Dark Knight Rises", "movie-49"),
        ("Leonardo DiCaprio", None),
        ("Ridley Scott", None),
        ("Titanic", None),
        ("Titanic (1997 film)", "movie-90"),
        ("Star Trek (film series)", None),
        ("Deaths in 2024", None),
    ],
)
def test_articles_of_wikipedia(article: str, title_id: str | None) -> None:
    assert linked(article, "wikipedia_pageviews") == title_id


@pytest.mark.parametrize(
    ("entry", "media_type", "title_id"),
    [
        ("Wednesday: Season 1", "tv", "tv-78"),
        ("The Last of Us: Season 2", "tv", "tv-40"),
        ("Dune", "movie", "movie-6"),
        ("Dune: Part Two", "movie", "movie-8"),
        ("Dune: Part Two IMAX", "movie", "movie-8"),
        ("Watchmen", "tv", "tv-38"),
        ("Watchmen", "movie", "movie-38"),
        ("Aliens (Re-release)", "movie", "movie-14"),
        ("Brothers Bloom, The", "movie", "movie-12"),
        ("Oppenheimer: Season 2", "tv", None),
        ("Nobody Knows This", "movie", None),
        ("", "movie", None),
    ],
)
def test_charts_of_a_medium(entry: str, media_type: str, title_id: str | None) -> None:
    assert linked(entry, "netflix_top10/x", media_type) == title_id


def test_shows_by_a_chart_of_shows() -> None:
    assert linked("Westworld", "tvmaze_schedule") is not None
    assert linked("Westworld", "tv_schedule") == "tv-39"


def test_the_year_that_days_in_release_imply_only_decides_between_titles_of_a_name() -> None:
    assert linked("Total Recall", media_type="movie", year=1990) == "movie-46"
    assert linked("Total Recall", media_type="movie", year=1950) is None
    assert linked("Fargo", media_type="movie", days=10) == "movie-9"


def declared(**work: object) -> tuple[str | None, str, float]:
    frame = link_documents(document("Words.", 2024, "review", **work), TITLES)
    row: tuple[str | None, str, float] = frame.select("title_id", "method", "confidence").row(0)
    return row


def test_declared_ids() -> None:
    assert declared(work_title="Dune", work_id="tt9000014")[:2] == ("movie-7", "declared")
    assert declared(work_title="Wüstenplanet", work_id="movie-7")[0] == "movie-7"
    assert declared(work_title="Dune", work_year=2021, work_id="tt0000001")[0] is None, "another work by its id"


def test_declared_people_and_media() -> None:
    assert declared(work_title="The Hunt", work_people=["Mads Mikkelsen"])[0] == "movie-100"
    assert declared(work_title="Fargo", work_media_type="tv")[0] == "tv-9"
    assert declared(work_title="Fargo: Season 2")[0] == "tv-9"
    assert declared(work_title="A Star Is Born", work_people=["Nobody Here"])[0] is None
    assert declared(work_title="Nobody Knows This") == (None, "none", 0.0)
    assert declared(work_title="Crash")[1] == "ambiguous"
