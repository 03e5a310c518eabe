"""Charts: Netflix's file and box office pages, by day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.failures import PermanentFailure
from trending_assets.raw.charts import chart_frame, parse_table, parse_tsv

HEAD = "week\tcategory\tweekly_rank\tshow_title\tseason_title\tweekly_hours_viewed\truntime\tweekly_views\n"
TSV = (
    HEAD + '2026-02-01\tFilms (English)\t1\tA "Quote\tN/A\t12400000\t1.9\t6500000\n'
    "2026-02-01\tTV (English)\t1\tB\tB: Season 2\t\t\t100\n"
    "2026-02-01\tTV (English)\tx\tC\tN/A\t1\t\t\n"
    "2026-01-25\tFilms (English)\t1\tOld\tN/A\t5\t\t\n"
    "2026-02-08\tFilms (English)\t1\tNew\tN/A\t5\t\t\n"
)


def test_the_newest_week_that_is_known() -> None:
    rows, bad = parse_tsv("netflix_top10", TSV.encode(), date(2026, 2, 7))
    assert bad == 1
    assert [(r["chart"], r["chart_date"], r["rank"], r["title"], r["value"], r["unit"]) for r in rows] == [
        ("netflix_top10/Films (English)", date(2026, 2, 1), 1, 'A "Quote', 12_400_000.0, "hours"),
        ("netflix_top10/TV (English)", date(2026, 2, 1), 1, "B", 100.0, "views"),
    ]
    assert parse_tsv("netflix_top10", TSV.encode(), date(2026, 3, 1))[0] == []


def test_a_new_shape_of_the_file_is_refused() -> None:
    with pytest.raises(PermanentFailure, match="lacks the column week, category"):
        parse_tsv("netflix_top10", b"weekly_rank\tshow_title\n", date(2026, 2, 7))


PAGE = """<table><tr><th>Menu</th></tr></table>
<table><tr><th>TD</th><th>YD</th><th>Release</th><th>Daily</th><th>Days</th></tr>
<tr><td>1</td><td>-</td><td>Iron Man 3</td><td>$68,900,000</td><td>1</td></tr>
<tr><td>2</td><td>1</td><td>Pain &amp; Gain</td><td>-</td><td>8</td></tr>
<tr><td>-</td><td></td><td></td><td></td></tr></table>"""


def test_a_table_is_read_by_its_header() -> None:
    rows, bad = parse_table("box_office_us", PAGE.encode(), date(2013, 5, 3))
    assert bad == 1
    assert chart_frame(rows).rows() == [
        ("box_office_us", date(2013, 5, 3), 1, "Iron Man 3", 68_900_000.0, "usd", 1),
        ("box_office_us", date(2013, 5, 3), 2, "Pain & Gain", None, None, 8),
    ]


def test_a_page_without_such_a_table_is_refused() -> None:
    for page in (b"", b"<p>Sign in</p>", b"<table><tr><th>Rank</th></tr></table>"):
        with pytest.raises(PermanentFailure, match="box_office_us for 2013-05-03"):
            parse_table("box_office_us", page, date(2013, 5, 3))


@given(st.binary(max_size=200), st.lists(st.text(max_size=12), max_size=12))
def test_any_bytes_are_rows_or_a_clear_refusal(body: bytes, cells: list[str]) -> None:
    day = date(2013, 5, 3)
    for data in (body, (HEAD + "\t".join(cells)).encode("utf-8", "replace")):
        for parse in (parse_tsv, parse_table):
            try:
                rows, bad = parse("c", data, day)
            except PermanentFailure as error:
                assert "chart c" in str(error)
            else:
                assert chart_frame(rows).height <= len(rows)
                assert bad >= 0
