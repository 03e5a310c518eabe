"""What the audit holds back: a broken mart, and a bundle that does not say what its marts say."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import polars as pl
import pytest

from bench.bundle_marts import made_day
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.serving import search
from trending_assets.serving.audit import audit
from trending_assets.serving.build import Bundle, Day, build
from trending_assets.serving.container import Entry
from trending_assets.serving.encoding import to_json
from trending_assets.serving.pointer import read_pointer
from trending_assets.serving.publish import publish
from trending_assets_tests.unit.serving.marts import IMAGES

D1, D2 = date(2026, 11, 18), date(2026, 11, 19)
DAY = made_day(D1, 70, 40)
BUNDLE = build(DAY, IMAGES)


def _same_rank(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.lit(1, pl.Int32).alias("rank")))


def _gap(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.col("rank") * 2))


def _rising_twice(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.lit(1, pl.Int32).alias("rising_rank")))


def _nan(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.lit(float("nan")).alias("score")))


def _infinite_drift(day: Day) -> Day:
    return replace(day, drift=day.drift.with_columns(pl.lit(float("inf")).alias("statistic")))


def _nan_chart(day: Day) -> Day:
    return replace(day, charts=day.charts.with_columns(pl.lit(float("nan")).alias("value")))


def _lost_title(day: Day) -> Day:
    return replace(day, titles=day.titles.head(1))


def _stranger(day: Day) -> Day:
    return replace(day, evidence=day.evidence.with_columns(pl.lit("tv-9999").alias("title_id")))


BROKEN_MARTS: list[tuple[Callable[[Day], Day], str]] = [
    (_same_rank, "ranks of marts/trends are not 1 to 70"),
    (_gap, "ranks of marts/trends are not 1 to 70"),
    (_rising_twice, "rising_rank repeats itself in 69 rows"),
    (_nan, "marts/trends.score is NaN"),
    (_infinite_drift, "drift/report.statistic"),
    (_nan_chart, "staging/charts.value"),
    (_lost_title, "not the same ones"),
    (_stranger, "unranked titles"),
]


@pytest.mark.parametrize(("breaks", "says"), BROKEN_MARTS)
def test_a_broken_mart_is_not_published(lake: Lake, breaks: Callable[[Day], Day], says: str) -> None:
    good, bad = DAY, breaks(made_day(D2, 70, 40))
    with pytest.raises(PermanentFailure, match=f"bundle of {D2}.*{says}"):
        publish(lake, [good, bad], IMAGES)
    assert read_pointer(lake.store) is None  # neither the broken day nor the good one beside it is named
    assert lake.days("serving/bundle") == []
    publish(lake, [good, bad], IMAGES, check=lambda day, bundle: [])
    assert read_pointer(lake.store) is not None  # without the audit it would have gone out


def changed(name: str, change: Callable[[bytes], bytes]) -> Bundle:
    """The sound bundle with one body changed."""
    entries = [replace(e, body=change(e.body)) if e.name == name else e for e in BUNDLE.entries]
    assert entries != BUNDLE.entries
    return replace(BUNDLE, entries=entries)


def facet(change: Callable[[dict[str, Any]], object]) -> Bundle:
    """The sound bundle with its facets changed in place."""

    def edit(body: bytes) -> bytes:
        facets = orjson.loads(body)
        change(facets)
        return to_json(facets)

    return changed("facets", edit)


def _index_without_a_title(_: bytes) -> bytes:
    ranked = DAY.trends.sort("rank")
    rows = search.indexed(ranked, DAY.titles)
    return search.database([*rows[:-1], ("another", "another", "", rows[-1][3])])


TOLD = f"/v1/titles/{DAY.evidence['title_id'][0]}"
TITLE = f"/v1/titles/{DAY.titles['title_id'][0]}"

BROKEN_BUNDLES: list[tuple[str, Bundle, str]] = [
    ("cut JSON", changed(TITLE, lambda b: b[:-1]), f"{TITLE} is no JSON"),
    ("another day", changed(TITLE, lambda b: b.replace(b'"2026-11-18"', b'"2026-11-17"')), "carry the date"),
    ("a later moment", changed(TITLE, lambda b: b.replace(b"2026-11-19T00", b"2026-11-19T01")), "carry the as_of"),
    ("another snapshot", replace(BUNDLE, snapshot="0" * 16), "carry the snapshot 0000000000000000"),
    (
        "about another title",
        changed(TITLE, lambda b: b.replace(b'"title_id":"m', b'"title_id":"n', 1)),
        "is about another",
    ),
    ("another place", changed(TITLE, lambda b: re.sub(rb'"rank":', b'"rank":9', b)), "is about another title or place"),
    (
        "a document less",
        changed(f"{TOLD}/evidence", lambda b: b.replace(b'"doc_id":"', b'"doc_id":"x', 1)),
        "documents",
    ),
    ("another total", changed(f"{TOLD}/evidence", lambda b: b.replace(b'"total":', b'"total":1')), "title's documents"),
    ("an answer less", replace(BUNDLE, entries=BUNDLE.entries[:-1]), "entries, not .* search"),
    ("an answer twice", replace(BUNDLE, entries=[*BUNDLE.entries, BUNDLE.entries[0]]), "one twice"),
    ("an answer more", replace(BUNDLE, entries=[*BUNDLE.entries, Entry("/v1/x", b"{}")]), "first odd one: /v1/x"),
    ("a row cut", changed("rows", lambda b: b[:-1]), "cannot be read"),
    ("offsets moved", changed("rows.offsets", lambda b: b[8:] + b[:8]), "cannot be read"),
    (
        "another title",
        changed("rows", lambda b: b.replace(b'"title_id":"m', b'"title_id":"n', 1)),
        "rows are not the 70",
    ),
    ("another lift", changed("rows", lambda b: re.sub(rb'"lift":\d', b'"lift":-', b, count=1)), "rows"),
    ("another count", changed("rows", lambda b: b.replace(b'"sites":1', b'"sites":2', 1)), "rows are not the 70 rows"),
    (
        "another list",
        changed("/v1/trends?list=rising", lambda b: b.replace(b'"total":70', b'"total":69')),
        "rising is not",
    ),
    (
        "a page too far",
        changed("/v1/trends", lambda b: b.replace(b".50", b".51", 1)),
        "/v1/trends is not what its rows",
    ),
    ("facet shifted", facet(lambda f: f["title_ids"].reverse()), "facets.title_ids is not"),
    ("scores shifted", facet(lambda f: f["scores"].reverse()), "facets.scores is not"),
    ("rising unsorted", facet(lambda f: f["rising"].reverse()), "facets.rising does not point"),
    ("a genre's row lost", facet(lambda f: f["genres"]["Drama"].pop()), "facets.genres does not point"),
    ("a tag made up", facet(lambda f: f["tags"].update(new=[0])), "facets.tags does not point"),
    ("a platform's row twice", facet(lambda f: f["platforms"]["Hulu"].append(0)), "facets.platforms does not"),
    ("miscounted", changed("/v1/genres", lambda b: b.replace(b'"titles":', b'"titles":1', 1)), "/v1/genres does not"),
    ("a title unfound", changed("search", _index_without_a_title), "search does not find 1 titles"),
    (
        "CSV cut",
        changed("/v1/exports/evidence.csv", lambda b: b[: b.rindex(b"\n", 0, -1) + 1]),
        "evidence.csv does not",
    ),
    (
        "CSV changed",
        changed("/v1/exports/trends.csv", lambda b: b.replace(b"mentions", b"mention5")),
        "trends.csv does not",
    ),
    ("Parquet broken", changed("/v1/exports/titles.parquet", lambda b: b[:-9]), "titles.parquet does not read"),
    ("history short", replace(BUNDLE, cells=dict(list(BUNDLE.cells.items())[1:])), "the history of 2026-11-18"),
    ("history of another day", replace(BUNDLE, cells=build(made_day(D2, 70, 40), IMAGES).cells), "the history of"),
]


@pytest.mark.parametrize(("bundle", "says"), [b[1:] for b in BROKEN_BUNDLES], ids=[b[0] for b in BROKEN_BUNDLES])
def test_a_broken_bundle_is_caught(bundle: Bundle, says: str) -> None:
    problems = audit(DAY, bundle)
    assert any(re.search(says, problem) for problem in problems), problems


def test_a_sound_bundle_passes() -> None:
    assert audit(DAY, BUNDLE) == []
    quiet = made_day(D1 + timedelta(days=1), 1, 0)
    assert audit(quiet, build(quiet, IMAGES)) == []


def test_titles_of_signs_alone_need_no_search() -> None:
    titles = DAY.titles.with_columns(
        pl.when(pl.col("tmdb_id") == 1).then(pl.lit("!?")).otherwise("title").alias("title")
    )
    odd = replace(DAY, titles=titles)
    assert audit(odd, build(odd, IMAGES)) == []


def test_titles_in_any_script_are_found() -> None:
    names = ["千と千尋の神隠し", "Приключения «Электроника»", 'He said "no"', "M*A*S*H", "नमस्ते", "2001", "(500) Days"]
    titles = DAY.titles.with_columns(pl.Series("title", [*names, *DAY.titles["title"].to_list()[len(names) :]]))
    odd = replace(DAY, titles=titles)
    assert audit(odd, build(odd, IMAGES)) == []
