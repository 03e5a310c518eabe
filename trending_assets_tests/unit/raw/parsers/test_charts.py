"""Charts: Netflix's file, box office pages, TVmaze's schedule and Wikipedia's pageviews."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import ChartRow, Edition
from trending_assets.raw.parsers import box_office_table, netflix_top10, tvmaze_schedule, wikipedia_pageviews

DAY = date(2026, 2, 7)
HEAD = "week\tcategory\tweekly_rank\tshow_title\tseason_title\tweekly_hours_viewed\truntime\tweekly_views\n"
TSV = (
    HEAD + '2026-02-01\tFilms (English)\t1\tA "Quote\tN/A\t12400000\t1.9\t6500000\r\n'
    "2026-02-01\tTV (English)\t1\tB\u2028line\tB: Season 2\t\t\t100\n"
    "2026-02-01\tTV (English)\tx\tC\tN/A\t1\t\t\n"
    "soon\tTV (English)\t3\tD\tN/A\t1\t\t\n"
    "2026-01-25\tFilms (English)\t1\tOld\tN/A\t5\t\t\n"
    "2026-02-08\tFilms (English)\t1\tNew\tN/A\t5\t\t\n"
)


def test_netflix_newest_week_that_is_known() -> None:
    edition = netflix_top10.parse(TSV.encode(), "netflix_top10", DAY)
    assert edition.rows == [
        ChartRow("netflix_top10/Films (English)", date(2026, 2, 1), 1, 'A "Quote', 12_400_000.0, "hours"),
        ChartRow("netflix_top10/TV (English)", date(2026, 2, 1), 1, "B line", 100.0, "views"),
    ]
    assert [(bad.reason, bad.detail[:6], bad.payload[:4]) for bad in edition.bad] == [
        (Reason.BAD_ROW, "Line 5", b"soon"),
        (Reason.BAD_ROW, "Line 4", b"2026"),
    ]
    late = netflix_top10.parse(TSV.encode(), "netflix_top10", date(2026, 3, 1))
    assert (late.rows, len(late.bad)) == ([], 1), "an edition of weeks ago is no newest one"


def test_netflix_new_shape_of_the_file_is_refused() -> None:
    with pytest.raises(BadInput, match="lacks the column week, category") as caught:
        netflix_top10.parse(b"weekly_rank\tshow_title\n", "netflix_top10", DAY)
    assert caught.value.reason is Reason.WRONG_FORMAT


PAGE = """<table><tr><th>Menu</th></tr></table>
<table><tr><th>TD</th><th>YD</th><th>Release</th><th>Daily</th><th>Days</th></tr>
<tr><td>1</td><td>-</td><td>Iron Man 3</td><td>$68,900,000</td><td>1</td></tr>
<tr><td>2</td><td>1</td><td>Pain &amp; Gain</td><td>-</td><td>8</td></tr>
<tr><td>-</td><td></td><td></td><td></td></tr><tr><td></td></tr></table>"""


def test_box_office_is_read_by_its_header() -> None:
    day = date(2013, 5, 3)
    edition = box_office_table.parse(PAGE.encode(), "box_office_us", day)
    assert edition.rows == [
        ChartRow("box_office_us", day, 1, "Iron Man 3", 68_900_000.0, "usd", 1),
        ChartRow("box_office_us", day, 2, "Pain & Gain", None, None, 8),
    ]
    assert [bad.detail for bad in edition.bad] == ["Line 3 of the chart box_office_us has no rank or no title."]
    for page in (b"<p>Sign in</p>", b"<table><tr><th>Rank</th></tr></table>"):
        with pytest.raises(BadInput, match="box_office_us for 2013-05-03"):
            box_office_table.parse(page, "box_office_us", day)


def _episode(show: dict[str, Any] | None, airdate: str = "2026-02-07", embedded: bool = False) -> dict[str, Any]:
    episode: dict[str, Any] = {"id": 1, "name": "Pilot", "airdate": airdate}
    more: dict[str, Any] = {"_embedded": {"show": show}} if embedded else {"show": show}
    return episode | more


def _show(n: int, name: str, weight: Any = 50, average: Any = 7.5) -> dict[str, Any]:
    return {"id": n, "name": name, "weight": weight, "rating": {"average": average}, "premiered": "2020-01-01"}


def _tvmaze(*entries: Any) -> Edition:
    return tvmaze_schedule.parse(json.dumps(entries).encode(), "tvmaze_us", DAY)


def test_tvmaze_one_row_a_show_by_weight_rating_and_name() -> None:
    edition = _tvmaze(
        _episode(_show(1, "Low", 10)),
        _episode(_show(2, "B", 90, 8.1)),
        _episode(_show(3, "A", 90, None), embedded=True),
        _episode(_show(2, "B", 90, 8.1)),
        _episode(_show(4, "C", 90, 8.1)),
        _episode(_show(5, "Yesterday"), "2026-02-06"),
        _episode(_show(6, "Tomorrow"), "2026-02-08"),
        _episode(None),
        "nonsense",
    )
    assert [(row.rank, row.title, row.value, row.unit) for row in edition.rows] == [
        (1, "B", 8.1, "rating"),
        (2, "C", 8.1, "rating"),
        (3, "A", None, None),
        (4, "Low", 7.5, "rating"),
    ]
    assert {row.chart_date for row in edition.rows} == {DAY}
    assert [bad.detail for bad in edition.bad] == [
        "Episode 8 of the chart tvmaze_us names no show.",
        "Episode 9 of the chart tvmaze_us names no show.",
    ]


def test_real_answers_of_tvmaze(shared: Path) -> None:
    """Every answer gives its show, is set aside for naming none, or is refused with TVmaze's own words."""
    files = sorted((shared / "fixtures/http/api.tvmaze.com").glob("*.json"))
    assert len(files) == 44
    shows, without, refused = 0, 0, 0
    for file in files:
        answer = json.loads(file.read_bytes())
        try:
            edition = tvmaze_schedule.parse(file.read_bytes(), "tvmaze", DAY)
        except BadInput as error:
            refused += 1
            assert answer["status"] == 404 and "Unknown episode" in str(error)
            continue
        assert len(edition.rows) + len(edition.bad) == 1
        if edition.rows:
            shows += 1
            (row,) = edition.rows
            assert (row.title, row.value) == (answer["name"], answer["rating"]["average"])
        else:
            without += 1
            assert "season" in (answer[0] if isinstance(answer, list) else answer), "an episode alone"
    assert (shows, without, refused) == (20, 23, 1)


def _views(*articles: Any, day: date = DAY) -> dict[str, Any]:
    parts = {"year": f"{day.year}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    return {"items": [{"project": "en.wikipedia", "access": "all-access", **parts, "articles": list(articles)}]}


def test_wikipedia_keeps_what_says_that_it_is_a_film_or_show() -> None:
    kept = [
        "Heat_(1995_film)",
        "The_Bear_(TV_series)",
        "Shogun_(2024_TV_series)",
        "Alien_(franchise)",
        "The_Bear_season_3",
    ]
    kept += ["It_(miniseries)", "Dune_(film)", "Fargo_(season_5)", "The_Idol_(American_TV_series)", "Film_(film)"]
    left = [
        "Main_Page",
        "Special:Search",
        "Heat",
        "Film",
        "Dune_(novel)",
        "Wikipedia:Films_(film)",
        "Halo_(video_game_series)",
    ]
    left += [
        "List_of_Bond_films_(film_series)",
        "World_Series_2024",
        "Dune_(comic_book_series)",
        "Titanic_(1997_film_score)",
    ]
    views = [{"article": name, "views": 100 - n, "rank": n + 1} for n, name in enumerate([*kept, *left])]
    edition = wikipedia_pageviews.parse(json.dumps(_views(*reversed(views))).encode(), "wikipedia_en", DAY)
    assert [row.title for row in edition.rows] == [name.replace("_", " ") for name in kept]
    assert [row.rank for row in edition.rows] == list(range(1, len(kept) + 1))
    assert edition.rows[0] == ChartRow("wikipedia_en", DAY, 1, "Heat (1995 film)", 100.0, "views")


def test_wikipedia_odd_entries_and_other_answers() -> None:
    answer = _views({"article": "Heat_(1995_film)"}, {"views": 3}, {"article": 7, "views": "x"}, None)
    assert [bad.reason for bad in wikipedia_pageviews.parse(json.dumps(answer).encode(), "w", DAY).bad] == [
        Reason.BAD_ROW
    ] * 4
    ahead = _views({"article": "Heat_(film)", "views": 1}, day=date(2026, 2, 8))
    assert wikipedia_pageviews.parse(json.dumps(ahead).encode(), "w", DAY) == Edition()
    missing = {
        "type": "about:blank",
        "title": "Not found.",
        "detail": "The date(s) you used are valid, but we have no data.",
    }
    with pytest.raises(BadInput, match="2026-02-07: The date"):
        wikipedia_pageviews.parse(json.dumps(missing).encode(), "w", DAY)


Parse = Callable[[bytes, str, date], Edition]
PARSERS: list[Parse] = [netflix_top10.parse, box_office_table.parse, tvmaze_schedule.parse, wikipedia_pageviews.parse]
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=9)
    | st.integers(-(10**30), 10**30)
    | st.sampled_from(["2026-02-07", "A (film)"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "items",
                    "articles",
                    "article",
                    "views",
                    "year",
                    "month",
                    "day",
                    "show",
                    "name",
                    "rating",
                    "average",
                    "weight",
                    "id",
                    "airdate",
                    "_embedded",
                    "premiered",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.lists(st.text(max_size=12), max_size=12), _JSON)
def test_any_bytes_are_rows_or_a_clear_refusal(body: bytes, cells: list[str], value: Any) -> None:
    wrapped = [
        value,
        {"items": [{"articles": value if isinstance(value, list) else [value]}]},
        [{"airdate": "2026-01-01", "show": value}],
    ]
    bodies = [body, (HEAD + "\t".join(cells)).encode("utf-8", "replace"), *(json.dumps(v).encode() for v in wrapped)]
    for data in bodies:
        for parse in PARSERS:
            try:
                edition = parse(data, "c", DAY)
            except BadInput as error:
                assert str(error).endswith(".")
            else:
                assert all(row.rank >= 1 and row.title and row.chart_date <= DAY for row in edition.rows)
                assert len({(row.chart, row.rank) for row in edition.rows}) == len(edition.rows) or parse in PARSERS[:2]


LIES = {
    "deep": b"[" * 100_000,
    "deep items": b'{"items":' * 100_000,
    "huge numbers": b'[{"show":{"name":"A","weight":1' + b"0" * 5_000 + b"}}]",
    "nan": b'[{"show":{"name":"A","weight":NaN}}]',
    "infinity": b'[{"show":{"name":"A","weight":1e999}}]',
    "surrogates": b'[{"show":{"name":"\\ud800"}}]',
    "nothing": b"",
    "nuls": b"\x00" * 1000,
    "a list of lists": b"[[[[]]]]",
    "a string": b'"items"',
}


@pytest.mark.parametrize("lie", LIES)
def test_json_that_lies(lie: str) -> None:
    for parse in (tvmaze_schedule.parse, wikipedia_pageviews.parse):
        try:
            edition = parse(LIES[lie], "c", DAY)
        except BadInput as error:
            assert error.reason is Reason.WRONG_FORMAT
        else:
            assert edition.rows == [] and edition.bad
    twice = b'[{"show":{"name":"A"},"show":{"name":"B"}}]'
    assert [row.title for row in tvmaze_schedule.parse(twice, "c", DAY).rows] == ["B"], (
        "of keys that are there twice the last counts"
    )
