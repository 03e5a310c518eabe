"""The answers of a day: their shape, their bytes, and that they know of nothing later."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bundle_marts import made_day
from trending_assets.lake import Lake
from trending_assets.serving.build import Bundle, Day, build
from trending_assets.serving.container import Container, pack
from trending_assets.serving.encoding import etag
from trending_assets.serving.exports import exports, flat
from trending_assets.serving.facets import counts
from trending_assets.serving.publish import inputs_of
from trending_assets.serving.search import open_database, phrase
from trending_assets_tests.unit.serving.marts import (
    GRAPH,
    IMAGES,
    answer,
    container,
    history,
    publish_days,
    read_marts,
    served,
    trends,
    write_day,
)

D1, D2, D3 = (date(2026, 12, 30) + timedelta(days=n) for n in range(3))
LISTS = {f"/v1/trends{query}" for query in ("", "?media_type=movie", "?media_type=tv")} | {
    f"/v1/trends?list=rising{query}" for query in ("", "&media_type=movie", "&media_type=tv")
}
FIXED = (
    LISTS
    | {f"/v1/{name}" for name in ("genres", "tags", "platforms", "charts", "drift", "spend", "lineage")}
    | {f"/v1/exports/{name}.{kind}" for name in ("trends", "titles", "evidence") for kind in ("parquet", "csv")}
)
INTERNAL = {"rows", "rows.offsets", "trends.head", "facets", "search"}


@pytest.fixture
def three_days(lake: Lake) -> Lake:
    write_day(lake, D1, ["movie-1", "movie-2"])
    write_day(lake, D2, ["tv-3", "movie-1"])
    write_day(lake, D3, ["movie-2", "tv-3", "movie-1"])
    return lake


def day_inputs(lake: Lake, day: date) -> Day:
    return inputs_of(lake, [day], read_marts(lake, [day]), GRAPH)[0]


def body(bundle: Bundle, name: str) -> Any:
    return orjson.loads(next(entry.body for entry in bundle.entries if entry.name == name))


def test_a_day_has_every_answer(three_days: Lake) -> None:
    publish_days(three_days, D1, D2, D3)
    found = container(three_days, D2)
    titles = {f"/v1/titles/{t}{part}" for t in ("movie-1", "tv-3") for part in ("", "/evidence")}
    assert set(found.names()) == FIXED | INTERNAL | titles
    snapshot = served(three_days).days[D2].snapshot
    assert found.header == {"kind": "bundle", "date": "2026-12-31", "snapshot": snapshot}
    for path in found.names():
        entry = found.find(path)
        assert entry is not None and entry.etag == etag(bytes(entry.body))
        if path.startswith("/v1/") and entry.content_type == "application/json":
            stamp = {key: orjson.loads(entry.body)[key] for key in ("date", "as_of", "snapshot")}
            assert stamp == {"date": "2026-12-31", "as_of": "2027-01-01T00:00:00Z", "snapshot": snapshot}, path
    assert answer(three_days, D2, "/v1/titles/tv-3")["trend"]["rank"] == 1
    evidence = answer(three_days, D2, "/v1/titles/tv-3/evidence")
    assert [d["doc_id"] for d in evidence["results"]] == ["tv-3-2", "tv-3-1"] and evidence["total"] == 2


def test_the_ranking_and_its_two_lists(three_days: Lake) -> None:
    publish_days(three_days, D3)
    popular = answer(three_days, D3, "/v1/trends")
    assert [row["title_id"] for row in popular["results"]] == ["movie-2", "tv-3", "movie-1"]
    assert [row["poster_url"] for row in popular["results"]] == [None, None, f"{IMAGES}/w342/p.jpg"]
    links = {part: f"/v1/titles/tv-3/{part}" for part in ("history", "evidence")} | {"self": "/v1/titles/tv-3"}
    assert popular["results"][1]["links"] == links
    assert (popular["basis"], popular["note"], popular["total"], popular["limit"]) == ("mentions", None, 3, 50)
    assert (popular["list"], popular["next"]) == ("popular", None)
    assert popular["scored_by"] == ["sandbox-lexicon-1"] and "days" not in popular
    rising = answer(three_days, D3, "/v1/trends?list=rising&media_type=movie")
    assert [row["title_id"] for row in rising["results"]] == ["movie-1", "movie-2"]
    assert (rising["list"], rising["total"]) == ("rising", 2)


def test_a_long_list_names_what_follows_it() -> None:
    bundle = build(made_day(D1, 130, 0), IMAGES)
    rows, facets = container_of(bundle)
    for name, media in (("popular", None), ("rising", None), ("popular", "movie"), ("rising", "tv")):
        params = "&".join([f"list={name}"] * (name == "rising") + [f"media_type={media}"] * bool(media))
        order = range(130) if name == "popular" else facets["rising"]
        chosen = [row for row in order if media in (None, facets["media_types"][row])]
        page = body(bundle, f"/v1/trends{'?' * bool(params)}{params}")
        assert page["results"] == [rows[row] for row in chosen[:50]] and page["total"] == len(chosen)
        more = f"/v1/trends?cursor={bundle.snapshot}.50{'&' * bool(params)}{params}" if len(chosen) > 50 else None
        assert page["next"] == more


def container_of(bundle: Bundle) -> tuple[list[Any], dict[str, Any]]:
    """Rows, as a reader cuts them out by their offsets, and facets."""
    whole = Container(pack(bundle.header, bundle.entries))
    found = {name: whole.find(name) for name in ("rows", "rows.offsets")}
    assert found["rows"] and found["rows.offsets"]
    at = found["rows.offsets"].body.cast("Q").tolist()
    cut = [found["rows"].body[start:end] for start, end in pairwise(at)]
    return [orjson.loads(row) for row in cut], body(bundle, "facets")


def test_facets_point_at_rows() -> None:
    rows, facets = container_of(build(made_day(D1, 60, 10), IMAGES))
    assert [row["title_id"] for row in rows] == facets["title_ids"]
    assert [rows[row]["rising_rank"] for row in facets["rising"]] == list(range(1, 121, 2))
    for name, column in (("genres", "genres"), ("tags", "vibe_tags"), ("platforms", "platforms")):
        for value, at in facets[name].items():
            assert at == [n for n, row in enumerate(rows) if value in row[column]]
    assert facets["genres"] and facets["tags"] and facets["platforms"]


def test_counts_are_most_first_then_by_name() -> None:
    found = counts({"b": [1], "c": [0, 1], "a": [4]})
    assert found == [{"name": "c", "titles": 2}, {"name": "a", "titles": 1}, {"name": "b", "titles": 1}]


def test_genres_tags_platforms_and_charts_of_a_day(three_days: Lake) -> None:
    publish_days(three_days, D3)
    genres = answer(three_days, D3, "/v1/genres")["results"]
    assert genres[0] == {"name": "Crime", "titles": 2} and len(genres) == 3
    assert answer(three_days, D3, "/v1/platforms")["results"] == [{"name": "Netflix", "titles": 1}]
    assert answer(three_days, D3, "/v1/tags")["results"] == []
    charts = answer(three_days, D3, "/v1/charts")["results"]
    assert [(row["rank"], row["title"], row["title_id"]) for row in charts] == [
        (1, "Heat", "movie-1"),
        (2, "Nobody Knows", None),
    ]


def test_history_is_one_cell_a_day_over_the_quarters(three_days: Lake) -> None:
    publish_days(three_days, D1)
    publish_days(three_days, D2, D3)
    assert sorted(served(three_days).history) == ["2026-Q4", "2027-Q1"]
    cells = history(three_days, "movie-1")
    assert [(cell["date"], cell["rank"]) for cell in cells] == [("2026-12-30", 1), ("2026-12-31", 2), ("2027-01-01", 3)]
    assert sorted(cells[0]) == ["authors", "date", "level", "lift", "mentions", "rank", "score", "sites"]
    assert [cell["date"] for cell in history(three_days, "movie-2")] == ["2026-12-30", "2027-01-01"]


def test_alone_and_in_a_range_give_the_same_objects(three_days: Lake) -> None:
    for day in (D3, D1, D2):
        publish_days(three_days, day)
    alone = served(three_days)
    publish_days(three_days, D1, D2, D3)
    assert served(three_days) == alone and alone.version == 3  # the range changed nothing


@pytest.mark.parametrize("part", ["trends", "titles", "evidence", "charts", "drift", "calls", "lineage"])
def test_the_snapshot_is_of_everything_in_the_bundle(part: str) -> None:
    day = made_day(D1, 30, 20)
    same, rest = build(day, IMAGES), getattr(day, part)
    changed = rest.reverse().head(rest.height - 1) if part in ("charts", "drift", "calls") else _touched(part, rest)
    assert build(made_day(D1, 30, 20), IMAGES).snapshot == same.snapshot
    assert build(replace(day, **{part: changed}), IMAGES).snapshot != same.snapshot


def test_a_column_that_two_baselines_were_held_against_has_one_order() -> None:
    day = made_day(D1, 30, 20)
    both = pl.concat([day.drift.with_columns(against=pl.lit(one)) for one in ("training", "trailing")])
    there, back = (build(replace(day, drift=rows), IMAGES).snapshot for rows in (both, both.reverse()))
    assert there == back


def _touched(part: str, rest: Any) -> Any:
    if part == "lineage":
        return [{"asset": "raw/posts"}]
    column = {"trends": "lift", "titles": "overview", "evidence": "excerpt"}[part]
    other = pl.lit(7.5) if part == "trends" else pl.lit("otherwise")
    return rest.with_columns(other.alias(column))


def test_what_is_later_changes_nothing(three_days: Lake) -> None:
    publish_days(three_days, D1)
    before = served(three_days).days[D1]
    write_day(three_days, D2, ["movie-2"])
    publish_days(three_days, D2)
    publish_days(three_days, D1)
    assert served(three_days).days[D1] == before


def test_lineage_hashes_what_the_bundle_rests_on(three_days: Lake) -> None:
    publish_days(three_days, D2)
    rows = {row["asset"]: row for row in answer(three_days, D2, "/v1/lineage")["assets"]}
    assert list(rows) == sorted(GRAPH)
    assert rows["marts/trends"]["sha256"] == three_days.sha256("marts/trends", D2)
    assert rows["marts/trends"]["upstream"] == ["genre/champion", "raw/posts"]
    assert rows["genre/champion"]["partition"] is None and rows["marts/trends"]["partition"] == "2026-12-31"
    assert rows["marts/other"]["sha256"] is None and rows["serving/bundle"]["sha256"] is None


@pytest.mark.parametrize("basis", ["mentions", "charts_and_lists"])
def test_a_day_without_documents_says_so(three_days: Lake, basis: str) -> None:
    thin = trends(["movie-1"]).with_columns(pl.lit(0, pl.Int32).alias("mentions"), pl.lit(basis).alias("basis"))
    found = body(build(replace(day_inputs(three_days, D1), trends=thin), IMAGES), "/v1/trends")
    assert found["basis"] == basis and found["note"].startswith("No documents were seen on this day")


def test_a_world_without_rows_has_empty_answers(lake: Lake) -> None:
    write_day(lake, D1, [])
    publish_days(lake, D1)
    assert set(container(lake, D1).names()) == FIXED | INTERNAL
    ranking = answer(lake, D1, "/v1/trends")
    assert ranking["results"] == [] and ranking["basis"] == "none" and ranking["note"]
    assert history(lake, "movie-1") == []


def test_search_finds_by_title_original_title_and_people(three_days: Lake) -> None:
    day = day_inputs(three_days, D3)
    said = {"movie-1": ["Amélie", "Heat", "Al Pacino"], "movie-2": ["8½", "Otto e mezzo", "Federico Fellini"]}
    facts = {
        column: [said.get(t, ["x", "x", "x"])[at] for t in day.titles["title_id"]]
        for at, column in enumerate(("title", "original_title", "directors"))
    }
    titles = day.titles.with_columns(
        pl.Series("title", facts["title"]),
        pl.Series("original_title", facts["original_title"]),
        pl.Series("directors", [[name] for name in facts["directors"]]),
    )
    bundle = build(replace(day, titles=titles), IMAGES)
    found = open_database(next(entry.body for entry in bundle.entries if entry.name == "search"))
    ask = "select row from search where search match ?"
    for text, row in (("amelie", 2), ("AMÉLIE", 2), ("heat", 2), ("pacino", 2), ("otto mezzo", 0), ("fel*", 0)):
        match = text if text.endswith("*") else " ".join(phrase(word) for word in text.split())
        assert found.execute(ask, (match,)).fetchall() == [(row,)], text
    found.close()


CELLS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=x", "plain", 'with "quotes", commas', "two\nlines", "", None]


def test_csv_holds_no_formula_and_parquet_the_table(three_days: Lake) -> None:
    table = pl.DataFrame(
        {
            "text": CELLS,
            "list": [["=1", "b"], *[["a", "b"]] * (len(CELLS) - 1)],
            "parts": [[{"reason": "=1", "n": 1}]] * len(CELLS),
            "number": [-1.5] * len(CELLS),
        }
    )
    parquet, csv = exports("x", table)
    assert pl.read_parquet(io.BytesIO(parquet.body)).equals(table)
    cells = _read_csv(csv.body)
    assert [row["text"] for row in cells] == [f"'{c}" if c and c[0] in "=+-@\t\r" else (c or "") for c in CELLS]
    assert cells[0]["list"] == "'=1|b" and cells[1]["list"] == "a|b"
    assert orjson.loads(cells[0]["parts"]) == [{"reason": "=1", "n": 1}]
    assert {row["number"] for row in cells} == {"-1.5"}  # a number is no formula
    assert (parquet.content_type, csv.content_type) == ("application/vnd.apache.parquet", "text/csv; charset=utf-8")


def _read_csv(data: bytes) -> Sequence[dict[str, str]]:
    import csv

    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), min_size=1, max_size=5))
def test_any_text_reads_back_from_csv_and_never_begins_a_formula(texts: list[str]) -> None:
    table = pl.DataFrame({"n": range(len(texts)), "text": texts}, schema_overrides={"text": pl.String})
    (_, csv) = exports("x", table)
    cells = [row["text"] for row in _read_csv(csv.body)]
    assert cells == flat(table)["text"].to_list()
    assert [
        c.removeprefix("'") if t[:1] in tuple("=+-@\t\r") else c for c, t in zip(cells, texts, strict=True)
    ] == texts
    assert not any(c[:1] in tuple("=+-@\t\r") for c in cells)
