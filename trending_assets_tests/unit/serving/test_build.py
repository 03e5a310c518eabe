"""The answers of a day: their shape, their causality, their bytes; and the audit that stands before the pointer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.serving.audit import audit
from trending_assets.serving.build import Day, build, etag, histories, history_until
from trending_assets.serving.pointer import POINTER, read_object, read_pointer
from trending_assets.serving.publish import inputs_of, publish
from trending_assets_tests.unit.serving.marts import GRAPH, IMAGES, publish_days, read_marts, trends, write_day

D1, D2, D3 = (date(2026, 11, 18) + timedelta(days=n) for n in range(3))


@pytest.fixture
def three_days(lake: Lake) -> Lake:
    write_day(lake, D1, ["movie-1", "movie-2"])
    write_day(lake, D2, ["tv-3", "movie-1"])
    write_day(lake, D3, ["movie-2", "tv-3", "movie-1"])
    return lake


def bodies(lake: Lake, day: date) -> dict[str, Any]:
    pointer = read_pointer(lake)
    assert pointer is not None
    frame = read_object(lake, pointer.days[day].sha256)
    assert all(mark == etag(body) for body, mark in frame.select("body", "etag").iter_rows())
    return {path: orjson.loads(body) for path, body in frame.select("path", "body").iter_rows()}


def test_a_day_answers_every_path(three_days: Lake) -> None:
    publish_days(three_days, D1, D2, D3)
    found = bodies(three_days, D2)
    ids = ("movie-1", "tv-3")
    assert set(found) == {"/v1/trends", "/v1/days", "/v1/drift", "/v1/spend", "/v1/lineage"} | {
        f"/v1/titles/{t}{part}" for t in ids for part in ("", "/history", "/evidence")
    }
    ranking = found["/v1/trends"]
    assert [row["title_id"] for row in ranking["results"]] == ["tv-3", "movie-1"]
    assert [row["poster_url"] for row in ranking["results"]] == [None, f"{IMAGES}/w342/p.jpg"]
    assert (ranking["basis"], ranking["note"], ranking["total"]) == ("mentions", None, 2)
    assert ranking["scored_by"] == ["sandbox-lexicon-1"]
    assert ranking["days"] == found["/v1/days"]["days"] == ["2026-11-18", "2026-11-19"]
    assert found["/v1/days"]["newest"] == "2026-11-19"
    assert len({body["snapshot"] for body in found.values()}) == 1
    assert found["/v1/titles/tv-3"]["trend"]["rank"] == 1
    assert [d["doc_id"] for d in found["/v1/titles/tv-3/evidence"]["results"]] == ["tv-3-2", "tv-3-1"]


def test_history_knows_nothing_of_later_days(three_days: Lake) -> None:
    publish_days(three_days, D1, D2, D3)
    ranks = {day: bodies(three_days, day)["/v1/titles/movie-1/history"]["history"] for day in (D1, D2, D3)}
    assert [(h["date"], h["rank"]) for h in ranks[D3]] == [("2026-11-18", 1), ("2026-11-19", 2), ("2026-11-20", 3)]
    assert ranks[D2] == ranks[D3][:2] and ranks[D1] == ranks[D3][:1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 120), st.integers(1, 95))
def test_history_is_the_served_days_and_no_other(until: int, served: int) -> None:
    first = date(2026, 1, 1)
    rows = [{"date": first + timedelta(days=n)} for n in range(121)]
    day = first + timedelta(days=until)
    kept = [row["date"] for row in history_until(rows, day, served)]
    assert kept == [row["date"] for row in rows if row["date"] <= day][-served:]


def test_alone_and_in_a_range_give_the_same_bytes(three_days: Lake) -> None:
    for day in (D3, D1, D2):
        publish_days(three_days, day)
    alone = three_days.store.get(POINTER)
    publish_days(three_days, D1, D2, D3)
    assert three_days.store.get(POINTER) == alone


def test_lineage_hashes_what_the_bundle_rests_on(three_days: Lake) -> None:
    publish_days(three_days, D2)
    rows = {row["asset"]: row for row in bodies(three_days, D2)["/v1/lineage"]["assets"]}
    assert list(rows) == sorted(GRAPH)
    assert rows["marts/trends"]["sha256"] == three_days.sha256("marts/trends", D2)
    assert rows["marts/trends"]["upstream"] == ["genre/champion", "raw/posts"]
    assert rows["genre/champion"]["partition"] is None and rows["marts/trends"]["partition"] == "2026-11-19"
    assert rows["marts/other"]["sha256"] is None and rows["serving/bundle"]["sha256"] is None


@pytest.mark.parametrize(("mentions", "basis"), [(0, "mentions"), (0, "charts_and_lists")])
def test_a_day_without_documents_says_so(three_days: Lake, mentions: int, basis: str) -> None:
    thin = trends(["movie-1"]).with_columns(pl.lit(mentions, pl.Int32).alias("mentions"), pl.lit(basis).alias("basis"))
    whole = day_inputs(three_days, D1)
    body = trends_body(replace(whole, trends=thin))
    assert body["basis"] == basis and body["note"].startswith("No documents were seen on this day")


def test_a_world_without_rows_has_an_empty_ranking(lake: Lake) -> None:
    write_day(lake, D1, [])
    publish_days(lake, D1)
    found = bodies(lake, D1)
    assert set(found) == {"/v1/trends", "/v1/days", "/v1/drift", "/v1/spend", "/v1/lineage"}
    assert found["/v1/trends"]["results"] == [] and found["/v1/trends"]["basis"] == "none"
    assert found["/v1/trends"]["note"]


def day_inputs(lake: Lake, day: date) -> Day:
    return inputs_of(lake, [day], read_marts(lake, [day]), GRAPH, 90)[0]


def trends_body(day: Day) -> dict[str, Any]:
    rows = dict(build(day, IMAGES).frame.select("path", "body").iter_rows())
    body: dict[str, Any] = orjson.loads(rows["/v1/trends"])
    return body


def _same_rank(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.lit(1, pl.Int32).alias("rank")))


def _gap(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.col("rank") * 2))


def _nan(day: Day) -> Day:
    return replace(day, trends=day.trends.with_columns(pl.lit(float("nan")).alias("score")))


def _infinite_drift(day: Day) -> Day:
    return replace(day, drift=day.drift.with_columns(pl.lit(float("inf")).alias("statistic")))


def _lost_title(day: Day) -> Day:
    return replace(day, titles=day.titles.head(1))


def _stranger(day: Day) -> Day:
    return replace(day, evidence=day.evidence.with_columns(pl.lit("tv-99").alias("title_id")))


BROKEN: list[tuple[Callable[[Day], Day], str]] = [
    (_same_rank, "not 1 to 2"),
    (_gap, "not 1 to 2"),
    (_nan, "marts/trends.score is NaN"),
    (_infinite_drift, "drift/report.statistic"),
    (_lost_title, "not the same ones"),
    (_stranger, "unranked titles"),
]


@pytest.mark.parametrize(("breaks", "says"), BROKEN)
def test_the_audit_keeps_a_broken_mart_from_being_published(
    three_days: Lake, breaks: Callable[[Day], Day], says: str
) -> None:
    good, bad = day_inputs(three_days, D1), breaks(day_inputs(three_days, D2))
    with pytest.raises(PermanentFailure, match=f"bundle of {D2}.*{says}"):
        publish(three_days, [good, bad], IMAGES)
    assert three_days.store.list("serving") == []  # neither the broken day nor the good one beside it
    publish(three_days, [good, bad], IMAGES, check=lambda day, bundle: [])
    assert read_pointer(three_days) is not None  # without the audit it would have gone out


def test_the_audit_reads_the_bodies(three_days: Lake) -> None:
    day = day_inputs(three_days, D1)
    made = build(day, IMAGES)
    cut = made.frame.with_columns(pl.Series("body", [body[:-1] for body in made.frame["body"]], dtype=pl.Binary))
    assert any("is no JSON" in p for p in audit(day, replace(made, frame=cut)))
    assert any("paths, not" in p for p in audit(day, replace(made, frame=made.frame.head(3))))
    assert any("snapshot and ETag" in p for p in audit(day, replace(made, snapshot="0" * 16)))
    assert any("is not of" in p for p in audit(replace(day, day=D3), made))
    assert audit(day, made) == []


def test_a_missing_partition_is_named(three_days: Lake) -> None:
    with pytest.raises(PermanentFailure, match="marts/trends has no partition of 2026-12-01"):
        inputs_of(three_days, [date(2026, 12, 1)], read_marts(three_days, [D1]), GRAPH, 90)


def test_histories_are_oldest_first(three_days: Lake) -> None:
    found = histories(three_days.read("marts/trends", [D3, D1, D2]))
    assert [row["date"] for row in found["movie-2"]] == [D1, D3]
