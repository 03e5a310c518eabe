"""The report page: what it says, in which order, that data stays data, and that everybody can read it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from trending_assets.contracts import TABLES
from trending_assets.contracts.drift import AGAINST, SEVERITIES, TESTS, VERDICTS
from trending_assets.drift import words
from trending_assets.drift.page import bin_names, chance, figure, percent, picture, report_page
from trending_assets_tests.e2e.page_states import THEMES, WIDTHS, violations
from trending_assets_tests.e2e.visiting import visiting
from trending_assets_tests.unit.drift.made_report import (
    ALARM,
    DAY,
    HOSTILE,
    NO_BASELINE,
    made_baseline,
    made_day,
    made_profiles,
    made_quality,
    made_report,
    row_of,
)


class _Page(HTMLParser):
    """Tags with attributes, and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def _headline(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html)
    assert found
    return found[1]


def _page(rows: list[dict[str, Any]]) -> str:
    report = pl.DataFrame(rows, schema=TABLES["drift/report"].schema)
    return report_page(DAY, report, made_profiles(), made_baseline(), made_quality())


def test_words_know_every_test_and_verdict_of_the_contract() -> None:
    assert set(words.TEST_WORDS) == set(TESTS)
    assert set(words.AGAINST_WORDS) == set(AGAINST)
    assert set(words.SEVERITIES) == set(SEVERITIES) and set(words.VERDICTS) == set(VERDICTS)


def test_headlines() -> None:
    sentiment = "scoring/document_scores.sentiment"
    quiet, drifted = row_of("staging/documents.site", "psi"), row_of(sentiment, "mean", **ALARM)
    schema = row_of("staging/documents", "schema", **ALARM)
    worse = row_of("trends/trend_scores.expected", "quality", **ALARM)
    when = "on 11 February 2026"
    for rows, said in (
        ([], f"No column was watched {when}"),
        ([quiet], f"Nothing drifted {when}"),
        ([quiet, schema | {"verdict": "noted", "drifted": False}], f"Nothing drifted {when}"),
        ([quiet | NO_BASELINE], "There is nothing yet to hold 11 February 2026 against"),
        ([quiet, drifted], f"1 of 2 columns drifted {when}"),
        ([quiet, drifted | {"severity": "large"}], f"1 of 2 columns drifted {when}; 1 strongly"),
        ([quiet, drifted, schema], f"1 of 2 columns drifted {when}; the schema changed"),
        ([quiet, schema, worse], f"No column drifted {when}, but the schema changed and predictions turned out worse"),
    ):
        assert _headline(_page(rows)) == said


def test_findings_come_by_severity_with_their_sentences_and_the_quiet_is_folded() -> None:
    html = report_page(*made_day())
    page = _Page(html)
    assert _headline(html).startswith("3 of 8 columns drifted on 11 February 2026; 1 strongly")
    places = [
        page.text.index(said) for said in ("far less friendly", "ratings are missing", "Tags moved", "a little longer")
    ]
    assert places == sorted(places)
    for row in made_report().filter(pl.col("verdict").is_in(["drifted", "noted"])).iter_rows(named=True):
        assert re.sub(r"\s+", " ", row["detail"]) in page.text
    folded = html[html.index('id="quiet"') :]
    assert (
        "<details><summary>4 columns without a finding, 1 of them without a baseline: enthusiasm, language, site, authors"
        in folded
    )
    assert 'class="name">language<' in folded and 'class="name">sentiment<' not in folded
    assert "3f8a1c2e9b7d4056" in page.text and "28 Jan 2026 to 10 Feb 2026" in page.text and "2 Feb 2026" in page.text
    assert "at most 5% of the weeks" in page.text


def test_late_labels_are_told_with_their_day() -> None:
    text = _Page(report_page(*made_day())).text
    assert re.search(
        r"mentions foretold for the next 7 days ?first 20 places, NDCG; .{0,40}0\.612 ?4 Feb 2026 ?874", text
    )
    assert re.search(r"macro F1 .{0,60}too few labels ?4 Feb 2026 ?12", text)


def test_data_stays_data() -> None:
    page = _Page(report_page(*made_day()))
    assert HOSTILE in page.text
    assert not page.of("script") and not page.of("img") and not page.of("a")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    hostile = pl.lit(HOSTILE)
    report = made_report().with_columns(column=hostile, detail=hostile)
    profiles, baseline = (
        frame.with_columns(column=hostile) for frame in (made_profiles().head(1), made_baseline().head(1))
    )
    quality = made_quality().head(1).with_columns(subject=hostile, metric=hostile)
    page = _Page(report_page(DAY, report, profiles, baseline, quality))
    assert not page.of("script") and not page.of("img")


def test_same_rows_same_page_whatever_their_order_and_other_days_are_left_out() -> None:
    html = report_page(*made_day())
    day, *frames = made_day()
    assert report_page(day, *(frame.sample(fraction=1, shuffle=True, seed=4) for frame in frames)) == html
    both = [
        pl.concat([frame.with_columns(date=pl.lit(day)), frame.with_columns(date=pl.lit(day - timedelta(days=1)))])
        for frame in frames
    ]
    assert report_page(day, *both) == html
    assert "Nothing drifted" in report_page(*made_day(quiet=True))


def test_a_lake_without_anything_has_a_page() -> None:
    empty = [frame.clear() for frame in made_day()[1:]]
    html = report_page(DAY, *empty)
    assert "No column was watched" in html and "Nothing could be judged" in html and "no day before" in html


def _row(kind: str, **values: Any) -> dict[str, Any]:
    row = {
        "kind": kind,
        "against": "trailing",
        "bin_edges": [],
        "bin_counts": [],
        "categories": [],
        "category_counts": [],
    }
    return row | values


def test_pictures_have_the_shares() -> None:
    edges = [1600.0, 1601.0]  # both are written 1,600 or 1,601: bins are told apart by their place
    now = _row("numeric", bin_edges=edges, bin_counts=[1, 2, 1])
    found = picture(now, now | {"bin_counts": [0, 5, 15]})
    assert found is not None
    assert [(p["now"], p["past"]) for p in found["parts"]] == [(0.25, 0), (0.5, 0.25), (0.25, 0.75)]
    assert found["moved"]["name"] == "1,601 and more"
    assert found["bars"][2]["past"][3] == pytest.approx(3 * found["bars"][0]["now"][3], abs=0.2)
    assert picture(now, now | {"bin_edges": [1.0, 2.0]}) is None
    assert picture(now, now | {"bin_counts": [0, 0, 0]}) is None


def test_pictures_show_frequent_categories_and_those_that_moved() -> None:
    names = [f"n{n:02d}" for n in range(30)]
    past = _row("categorical", categories=names, category_counts=[100 - n for n in range(30)])
    counts = [100 - n for n in range(29)] + [99]
    found = picture(_row("categorical", categories=names, category_counts=counts), past)
    assert found is not None
    shown = [part["name"] for part in found["parts"]]
    assert "n29" in shown and shown[-1] == "20 others" and len(shown) == 11
    assert sum(part["now"] for part in found["parts"]) == pytest.approx(1)
    assert found["moved"]["name"] == "n29"


def test_figures_for_people() -> None:
    assert [figure(v) for v in (None, 0, -0.1234, 12.345, 1234.5, 0.00012345)] == [
        "–",
        "0",
        "−0.123",
        "12.3",
        "1,234",
        "0.000123",
    ]
    assert [percent(v) for v in (None, 0, 0.0004, 0.1234, 1)] == ["–", "0%", "<0.1%", "12.3%", "100%"]
    assert [chance(v) for v in (None, 1e-9, 0.00042, 0.41)] == ["–", "<0.0001", "0.00042", "0.41"]
    assert bin_names([-0.5, 1000]) == ["below −0.5", "−0.5 to 1,000", "1,000 and more"]


def test_why_a_figure_is_missing_is_told() -> None:
    none = made_quality().with_columns(value=pl.lit(None, dtype=pl.Float64), labels=pl.Series([0, 5, 29, 30, 31, 600]))
    text = _Page(report_page(DAY, *made_day()[1:4], none)).text
    assert [text.count(said) for said in ("no labels yet", "too few labels", "not defined")] == [1, 2, 3]


@pytest.mark.browser
def test_on_paper_nothing_is_folded(browser: Any, tmp_path: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text(report_page(*made_day(quiet=True)), encoding="utf-8")
    with visiting(browser) as visit:
        visit.page.goto(path.as_uri())
        tall = visit.page.evaluate("document.body.scrollHeight")
        visit.page.emulate_media(media="print", color_scheme="light")
        assert visit.page.evaluate("document.body.scrollHeight") > 3 * tall
        visit.requests.clear()


@pytest.mark.browser
@pytest.mark.parametrize("quiet", [False, True])
def test_everybody_can_read_it(browser: Any, tmp_path: Any, quiet: bool) -> None:
    path = tmp_path / "report.html"
    path.write_text(report_page(*made_day(quiet)), encoding="utf-8")
    with visiting(browser, java_script_enabled=True, bypass_csp=True) as visit:
        visit.page.goto(path.as_uri())
        for summary in visit.page.locator("summary").all():
            summary.evaluate("s => { s.parentElement.open = true }")
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            for theme in THEMES:
                visit.page.emulate_media(color_scheme=theme)
                assert violations(visit.page) == [], f"{width} px, {theme}"
        assert set(visit.requests) == {path.as_uri()}
        visit.requests.clear()
