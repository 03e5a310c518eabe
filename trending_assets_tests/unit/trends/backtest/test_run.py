"""The protocol: which days are judged, that tuning sees nothing later, who wins, and what the frames say."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure
from trending_assets.trends.backtest import report, run, tables
from trending_assets.trends.backtest.baselines import GRIDS, ewma
from trending_assets.trends.backtest.panel import TARGETS, Array, panel_of
from trending_assets.trends.backtest.run import OURS, Result, backtest
from trending_assets.trends.backtest.strata import ndcg_within, share_of_truth, strata
from trending_assets_tests.unit.trends.streams import day

TUNING, TEST = (day(27), day(48)), (day(49), day(70))
FAST = {name: GRIDS[name] for name in ("today", "last 7 days", "EWMA")}


def long(matrix: Array, column: str) -> pl.DataFrame:
    """Days by titles as date, title_id, column."""
    rows, columns = np.indices(matrix.shape)
    return pl.DataFrame(
        {
            "date": pl.Series([day(int(t)) for t in rows.ravel()], dtype=pl.Date),
            "title_id": [f"movie-{n:03}" for n in columns.ravel()],
            column: matrix.ravel(),
        }
    )


def made(seed: int = 0, days: int = 78, titles: int = 60) -> Array:
    """Poisson mentions around rates that move slowly."""
    rng = np.random.default_rng(seed)
    moving = np.exp(np.cumsum(rng.normal(0, 0.25, (days, titles)), axis=0))
    return rng.poisson(np.minimum(rng.gamma(0.5, 2.0, titles) * moving, 200)).astype(float)


def ranked(score: Array, rising: Array | None = None, expected: Array | None = None) -> pl.DataFrame:
    frame = long(score, "score").with_columns(rising_score=pl.Series((score if rising is None else rising).ravel()))
    ahead = 7 * score if expected is None else expected
    return frame.with_columns(
        expected=pl.Series(ahead.ravel()),
        expected_low=pl.Series(np.floor(ahead * 0.5).ravel()),
        expected_high=pl.Series(np.ceil(ahead * 1.5 + 3).ravel()),
    )


@pytest.fixture(autouse=True)
def _few_baselines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three baselines and the trees, to be quick; the tests of all of them are test_baselines.py and the worlds'."""
    if "all_baselines" not in request.fixturenames:
        monkeypatch.setattr(run, "GRIDS", FAST)
        monkeypatch.setattr(run, "BOOSTING_GRID", {"leaves": (7,)})


@pytest.fixture
def all_baselines() -> None:
    """Every baseline, as in real life."""


@pytest.fixture(scope="module")
def counts() -> Array:
    return made()


def judged(
    counts: Array, score: Array, alerts: pl.DataFrame | None = None, voices: pl.DataFrame | None = None
) -> Result:
    return backtest(long(counts, "authors"), ranked(score), TUNING, TEST, alerts=alerts, voices=voices)


def value(result: Result, method: str, target: str, metric: str = "ndcg") -> float:
    return float(result.methods.filter(method=method, target=target, metric=metric)["value"].item())


def test_a_ranking_that_knows_the_future_is_perfect_and_proven_better(counts: Array) -> None:
    ahead = np.vstack([counts[1:], counts[:1]])
    result = judged(counts, ahead)
    assert value(result, OURS, "1d") == pytest.approx(1)
    reachable = np.minimum((ahead[49:71] > 0).sum(axis=1), 20) / 20
    assert value(result, OURS, "1d", "precision") == pytest.approx(reachable.mean())
    verdict = tables.verdicts(result)[0]
    assert verdict["word"] == "better" and verdict["difference"]["low"] > 0 and verdict["difference"]["p_holm"] < 0.01
    backwards = judged(counts, -ahead)
    assert tables.verdicts(backwards)[0]["word"] == "worse"


def test_a_ranking_equal_to_a_baseline_differs_from_it_by_nothing(counts: Array) -> None:
    result = judged(counts, counts)
    same = result.differences.filter(method="today", target="1d")
    assert same.select("value", "low", "high").unique().rows() == [(0.0, 0.0, 0.0)]
    assert (same["p_value"] == 1).all()


def test_the_best_baseline_is_that_of_the_tuning_days(counts: Array) -> None:
    result = judged(counts, counts)
    for target in TARGETS:
        here = result.methods.filter(target=target, metric="ndcg", kind="baseline")
        marked = result.differences.filter(pl.col("best"), target=target)["method"].unique().to_list()
        assert marked == here.sort("tuning", descending=True)["method"][:1].to_list()
        after = result.differences.filter(pl.col("best_on_test"), target=target, metric="ndcg")["method"].to_list()
        assert after == here.sort("value", descending=True)["method"][:1].to_list()
    family = result.differences.drop_nulls("p_holm")
    assert family.height == 6 and (family["p_holm"] >= family["p_value"]).all()


def test_tuning_sees_nothing_after_its_days(counts: Array) -> None:
    """Another future after the tuning days: chosen parameters and tuning figures stay."""
    other = counts.copy()
    other[49:] = np.random.default_rng(9).permuted(counts[49:], axis=1)
    columns = ["method", "target", "tuning", "chosen"]
    left, right = (judged(c, ewma(c, 1.0)).methods.filter(metric="ndcg").drop_nulls("tuning") for c in (counts, other))
    assert left.select(columns).equals(right.select(columns))
    assert not left.equals(right)


def test_days_that_cannot_be_judged_are_left_out(counts: Array) -> None:
    facts = judged(counts, counts).facts
    # The last 7 of the tuning days have outcomes among the test days; counts end 7 days after the test.
    assert (facts["tuning_from"], facts["tuning_to"], facts["tuning_days"]) == (day(27), day(41), 15)
    assert (facts["test_from"], facts["test_to"], facts["test_days"]) == (day(49), day(70), 22)
    gap = counts.copy()
    gap[60] = 0
    known = long(gap, "authors").filter(pl.col("date") != day(60))
    result = backtest(known, ranked(counts), TUNING, TEST)
    assert set(result.days["date"]) == {day(n) for n in (*range(49, 53), *range(61, 71))}
    short = ranked(counts).filter(pl.col("date") != day(55))
    assert day(55) not in set(backtest(long(counts, "authors"), short, TUNING, TEST).days["date"])


@given(st.integers(0, 10_000))
@settings(max_examples=3, deadline=None)
def test_the_order_of_rows_has_no_influence(seed: int) -> None:
    counts = made(1, titles=30)
    frames = long(counts, "authors"), ranked(ewma(counts, 2.0))
    mixed = tuple(frame.sample(fraction=1.0, shuffle=True, seed=seed) for frame in frames)
    left, right = (tables.tidy(backtest(said, scores, TUNING, TEST)) for said, scores in (frames, mixed))
    assert left.equals(right)


def test_titles_that_are_not_ranked_take_no_place() -> None:
    """A ranking of the best title alone gains that title's part of the ideal, whatever is never mentioned."""
    counts = np.tile([3.0, 2.0, 0.0], (78, 1))
    alone = ranked(counts).filter(pl.col("title_id") == "movie-000")
    result = backtest(long(counts, "authors"), alone, TUNING, TEST)
    assert value(result, OURS, "1d") == pytest.approx(3 / (3 + 2 / np.log2(3)))


def test_silent_titles_that_are_ranked_first_cost() -> None:
    counts = np.tile([3.0, 2.0, 0.0], (78, 1))
    result = judged(counts, np.tile([1.0, 0.0, 5.0], (78, 1)))
    assert value(result, OURS, "1d") == pytest.approx((3 / np.log2(3) + 2 / 2) / (3 + 2 / np.log2(3)))


def test_coverage_and_reliability_by_hand() -> None:
    """Title 0 has 7 mentions a week and an interval around it, title 1 has 70 and one below it, title 2 none."""
    counts = np.tile([1.0, 10.0, 0.0], (78, 1))
    expected = np.tile([7.0, 20.0, 0.5], (78, 1))
    frame = ranked(counts, expected=expected)
    result = backtest(long(counts, "authors"), frame, TUNING, TEST)
    found = {row["stratum"]: row for row in result.coverage.to_dicts()}
    assert found["all"]["value"] == pytest.approx(2 / 3) and found["all"]["n"] == 66
    assert (found["5 to 20"]["value"], found["0 to 1"]["value"]) == (1, 1)
    assert (found["20 and more"]["value"], found["20 and more"]["above"]) == (0, 1)
    assert "1 to 5" not in found
    seen = {row["bin"]: (row["expected"], row["value"]) for row in result.reliability.to_dicts()}
    assert seen == {"0.3 to 1": (0.5, 0), "5 to 10": (7, 7), "20 to 50": (20, 70)}


def test_strata_are_who_they_say(counts: Array) -> None:
    late = counts.copy()
    late[:55, 0] = 0
    late[55:, 0] = 30
    releases = pl.DataFrame({"title_id": ["movie-000", "movie-001"], "release_date": [day(55), day(10)]})
    panel = panel_of(long(late, "authors"), ranked(late), releases)
    inside = strata(panel, np.arange(49, 71), releases)
    parts = [inside[name] for name in ("never mentioned before", "head", "tail")]
    assert (np.sum(parts, axis=0) == 1).all()
    assert inside["never mentioned before"][:, 0].tolist() == [True] * 6 + [False] * 16
    assert np.flatnonzero(inside["out for less than 7 days"].any(axis=0)).tolist() == [0]
    assert inside["out for less than 7 days"][:, 0].sum() == 7
    gains = np.array([[4.0, 2.0, 0.0]])
    assert ndcg_within(np.array([[0.0, 1.0, 2.0]]), gains, np.array([[True, False, True]]))[0] == pytest.approx(
        1 / np.log2(3)
    )
    assert np.isnan(ndcg_within(gains, gains, np.array([[False, False, True]])))[0]
    assert share_of_truth(gains, np.array([[True, False, True]])) == 0.5


def test_the_calendar_finds_what_was_never_mentioned() -> None:
    """The ranking names a title two days before anybody speaks of it; no baseline can."""
    counts = made(3)
    counts[:60, 59], counts[60:, 59] = 0, 90
    score = ewma(counts, 1.0)
    score[58:60, 59] = 1000
    found = judged(counts, score).strata.filter(stratum="never mentioned before", target="7d")
    ours = found.filter(method=OURS)["value"].item()
    assert ours > found.filter(pl.col("method") != OURS)["value"].item()


def test_ceilings_are_above_what_is_causal() -> None:
    counts = made(4, titles=80)
    people = [
        (day(int(t)), f"movie-{i:03}", f"{t}-{i}-{k}")
        for t, i in np.argwhere(counts > 0)
        for k in range(int(counts[t, i]))
    ]
    voices = pl.DataFrame(people, schema=["date", "title_id", "voice_id"], orient="row")
    result = judged(counts, counts, voices=voices)
    ceilings = result.methods.filter(kind="ceiling", metric="ndcg")
    assert set(ceilings.select("method", "target").rows()) == {
        ("days around the foretold day", "1d"),
        *(("the other half of the voices", target) for target in TARGETS),
    }
    oracle = float(ceilings.filter(method="the other half of the voices", target="7d")["value"].item())
    assert oracle > value(result, "EWMA", "7d")


def test_alerts_are_judged_beside_the_lists() -> None:
    counts = np.zeros((78, 30))
    counts[:, :20] = 3
    counts[60:65, 25] = 60
    alerts = pl.DataFrame({"date": [day(60)], "title_id": ["movie-025"], "p_value": [1e-9]})
    found = judged(counts, counts, alerts=alerts).events
    row = found.filter(method=f"{OURS}, alerts").to_dicts()[0]
    assert (row["recall"], row["precision"], row["n"]) == (1.0, 1.0, 1)
    assert found.filter(method=OURS)["recall"].item() == 1.0


@pytest.mark.parametrize(
    ("tuning", "test", "words"),
    [
        ((day(30), day(29)), TEST, "The last tuning day"),
        (TUNING, (day(60), day(59)), "The last test day"),
        ((day(27), day(49)), TEST, "which is not before the first test day"),
        ((day(0), day(20)), TEST, "No tuning day from 2020-01-06 to 2020-01-26 can be judged"),
        (TUNING, (day(74), day(77)), "No test day"),
    ],
)
def test_wrong_days_are_one_sentence(
    counts: Array, tuning: tuple[date, date], test: tuple[date, date], words: str
) -> None:
    with pytest.raises(PermanentFailure, match=words):
        backtest(long(counts, "authors"), ranked(counts), tuning, test)


def test_nothing_mentioned_is_one_sentence() -> None:
    with pytest.raises(PermanentFailure, match="Nobody mentions any title"):
        backtest(long(np.zeros((78, 3)), "authors"), ranked(np.ones((78, 3))), TUNING, TEST)


def test_the_table_keeps_its_contract_and_the_page_asks_nobody(counts: Array) -> None:
    result = judged(counts, counts)
    tidy = tables.tidy(result)
    assert validate(conform(tidy, TABLES["trends/backtest"]), TABLES["trends/backtest"]) == []
    assert set(tidy["section"]) >= {"ours", "baseline", "ceiling", "difference", "coverage", "stratum", "events"}
    page = report.page(result, "Made <b>mentions</b>")
    assert "Made &lt;b&gt;mentions" in page and "nan" not in page.lower()
    assert "http://" not in page and "https://" not in page and "<script" not in page and "src=" not in page
    for method in FAST:
        assert method in page
    assert f"{value(result, OURS, 'rise'):.3f}" in tables.markdown(result)


@pytest.mark.browser
def test_the_page_in_a_browser(counts: Array, tmp_path: Path, browser: Any) -> None:
    """Wide and narrow, light and dark: no error, no request, nothing beside the page, every mark inside its chart."""
    file = tmp_path / "report.html"
    file.write_text(report.page(judged(counts, counts), "Made mentions"))
    said: list[str] = []
    for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light")):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: said.append(request.url))
        page.goto(file.as_uri())
        assert [words for words in said if words != file.as_uri() and not words.startswith("data:")] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = """[...document.querySelectorAll('svg circle')].filter(c => {
            const box = c.ownerSVGElement.viewBox.baseVal, x = c.cx.baseVal.value, y = c.cy.baseVal.value;
            return !(x >= 0 && x <= box.width && y >= 0 && y <= box.height) }).length"""
        assert page.evaluate(outside) == 0
        assert page.locator("svg circle").count() > 100
        page.close()


def test_axes() -> None:
    axis = report.Axis(0, 1, 10, 110)
    assert (axis(0.5), axis(2), axis.ticks) == (60, 110, [0, 0.2, 0.4, 0.6, 0.8, 1])
    log = report.Axis(0.03, 100, 0, 100, log=True)
    assert log.ticks == [0.1, 1, 10, 100] and log(0.001) == 0 and log(100) == 100


@pytest.mark.world
@pytest.mark.slow
def test_real_posts(shared: Path, all_baselines: None) -> None:
    """spring-2013 up to 2013-05-29, the days that parameters may be chosen on; the days after are for a sealed look."""
    from trending_assets.trends.command import scores_of_files

    folder, tuning = shared / "worlds" / "spring-2013", (date(2013, 3, 27), date(2013, 4, 30))
    test = date(2013, 5, 1), date(2013, 5, 29) - timedelta(days=7)
    titles, documents, charts = (folder / f"{name}.parquet" for name in ("titles", "documents", "charts"))
    found = scores_of_files(titles, documents, charts, tuning[0], test[1])
    assert max(found.counts["date"]) == date(2013, 5, 29)
    result = backtest(found.counts, found.scores, tuning, test, alerts=found.alerts, releases=found.releases)
    print(tables.markdown(result))
    best = result.methods.filter(kind="baseline", metric="ndcg").group_by("target").agg(pl.col("value").max())
    assert dict(best.iter_rows())["1d"] > 0.85 and dict(best.iter_rows())["rise"] > 0.3
    assert value(result, OURS, "1d") >= dict(best.iter_rows())["1d"]
    assert value(result, OURS, "7d") >= dict(best.iter_rows())["7d"]
