"""Staging, built by real dbt calls over small raw partitions."""

import random
import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import DOCUMENT_TABLES, TABLES, validate
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import DAILY, EVIDENCE_DAYS
from trending_assets.staging.assets import ASSETS
from trending_assets.staging.clusters import WINDOW_DAYS
from trending_assets.staging.dbt_schema import STAGING
from trending_assets_tests.unit.dbt.tables import failure, hashes, materialize, post, rows, write_raw

pytestmark = pytest.mark.slow
DBT, CLUSTERS = ASSETS
DAY0, DAY1, DAY2, DAY3 = (date(2026, 11, n) for n in (17, 18, 19, 20))


def _addresses(count: int) -> list[str]:
    """Odd but absolute addresses, the same each time."""
    draw = random.Random(7)
    parts = ["", "a", "B", "utm_source=1", "UTM_x=2", "fbclid=3", "gclid", "q=ä", "x=1=2", "utmx=1"]
    found = []
    for n in range(count):
        scheme = draw.choice(["http", "https", "HTTP", "Https"])
        host = draw.choice(["Ex.example", "b.example"]) + draw.choice(["", ":80", ":443", ":8080"])
        path = draw.choice(["", "/"]) + f"p{n}" * draw.choice([0, 1]) + draw.choice(["", "/", "//", "/Case"])
        path = path if path.startswith("/") or not path else "/" + path
        query = "&".join(draw.choices(parts, k=draw.randrange(4)))
        found.append(
            f"{scheme}://{host}{path}" + (f"?{query}" if query or draw.random() < 0.2 else "") + draw.choice(["", "#f"])
        )
    return found


def _canonical(url: str) -> str:
    """The same rule as the SQL's, written with the standard library."""
    parts = urlsplit(url)
    port = {"http": ":80", "https": ":443"}[parts.scheme.lower()]
    kept = [p for p in parts.query.split("&") if p and not re.match(r"(utm_[^=]*|fbclid|gclid)(=|$)", p, re.IGNORECASE)]
    host = parts.netloc.lower().removesuffix(port)
    return f"{parts.scheme.lower()}://{host}{parts.path.rstrip('/')}" + ("?" + "&".join(kept) if kept else "")


ODD = _addresses(80)
ONE = "https://a.example/one"


def _fill(lake: Lake) -> None:
    morning = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
    film = {"media_type": "movie", "tmdb_id": 7}
    write_raw(
        lake,
        DAY0,
        DAY3,
        {
            "posts": {
                DAY0: [post("https://a.example/before")],
                DAY1: [post(url, author="Odd") for url in dict.fromkeys(ODD)],
                DAY2: [
                    post(ONE),
                    post("https://a.example/before/?utm_medium=x"),
                    post("https://a.example/none", text=" "),
                ],
                DAY3: [post(ONE + "#again")],
            },
            "reviews": {
                DAY2: [
                    post(
                        "HTTPS://A.example/one/",
                        kind="review",
                        author="Ann",
                        rating=4.0,
                        rating_max=5.0,
                        language="en-US",
                        published_at=morning,
                        site="a.example",
                    )
                ]
            },
            "tmdb_catalogue": {
                DAY2: [
                    film | {"original_title": "Sieben", "popularity": 9.0},
                    {"media_type": "movie", "tmdb_id": 8, "original_title": "Acht", "popularity": 0.5},
                ]
            },
            "tmdb_titles": {
                DAY2: [
                    film
                    | {
                        "title": "Seven",
                        "release_date": date(1995, 9, 22),
                        "overview": " ",
                        "vote_average": 0.0,
                        "vote_count": 0,
                        "cast": ["Ann"],
                        "platforms": ["Netflix"],
                        "runtime": 127.0,
                        "popularity": 3.0,
                    }
                ]
            },
            "tmdb_lists": {
                DAY2: [
                    {
                        "media_type": "tv",
                        "list": name,
                        "rank": rank,
                        "tmdb_id": 9,
                        "title": "Nine",
                        "vote_average": 7.5,
                        "vote_count": 4,
                    }
                    for name, rank in (("popular", 2), ("airing", 1))
                ]
            },
            "charts": {
                DAY2: [
                    {
                        "chart": "box_office_us",
                        "chart_date": DAY0,
                        "rank": 1,
                        "title": "Old",
                        "value": 1.0,
                        "unit": "usd",
                    },
                    {
                        "chart": "box_office_us",
                        "chart_date": DAY1,
                        "rank": 1,
                        "title": "Dune (2021)",
                        "value": 2.0,
                        "unit": "usd",
                    },
                    {"chart": "netflix_top10/Films (English)", "chart_date": DAY0, "rank": 1, "title": "(2012)"},
                    {
                        "chart": "netflix_top10/TV (Non-English)",
                        "chart_date": DAY0,
                        "rank": 1,
                        "title": "1899: Season 1",
                    },
                ]
            },
        },
    )


@pytest.fixture(scope="module")
def ranged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dg.ExecuteInProcessResult]:
    lake = open_lake(str(tmp_path_factory.mktemp("ranged")))
    _fill(lake)
    return lake, materialize(lake, [DBT], DAY1, DAY3)


def test_every_partition_keeps_its_contract(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    lake, _ = ranged
    for table in STAGING:
        assert lake.days(table) == [DAY1, DAY2, DAY3]
        for day in lake.days(table):
            assert validate(lake.read(table, [day]).drop("date"), TABLES[table]) == [], (table, day)


def test_documents(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    lake, _ = ranged
    second = lake.read("staging/documents", [DAY2])
    assert second.height == 1  # the post is folded into the review; one was there the day before; one has no text
    row = second.row(0, named=True)
    assert (row["url"], row["source"], row["author_id"]) == (ONE, "raw/reviews", "a.example/Ann")
    assert (row["rating"], row["language"]) == (0.8, "en")
    assert row["published_at"] == datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
    assert lake.read("staging/documents", [DAY3]).is_empty()  # seen a day before


def test_canonical_urls_agree_with_another_implementation(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    lake, _ = ranged
    found = lake.read("staging/documents", [DAY1])
    assert set(found["url"]) == {_canonical(url) for url in ODD}
    assert found["url"].n_unique() == found.height > 20


def test_titles_charts_and_lists(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    lake, _ = ranged
    titles = {row["title_id"]: row for row in lake.read("staging/titles", [DAY2]).iter_rows(named=True)}
    assert sorted(titles) == ["movie-7", "movie-8", "tv-9"]
    seven, eight, nine = (titles[key] for key in sorted(titles))
    assert (seven["title"], seven["original_title"], seven["year"], seven["popularity"]) == (
        "Seven",
        "Sieben",
        1995,
        9.0,
    )
    assert (seven["overview"], seven["vote_average"], seven["has_details"]) == (None, None, True)
    assert (eight["title"], eight["has_details"], eight["platforms"]) == ("Acht", False, [])
    assert (nine["title"], nine["original_title"], nine["vote_average"], nine["has_details"]) == (
        "Nine",
        "Nine",
        7.5,
        False,
    )
    charts = lake.read("staging/charts", [DAY2]).select("chart", "title", "year", "media_type").rows()
    assert charts == [
        ("box_office_us", "Dune", 2021, "movie"),
        ("netflix_top10/Films (English)", "(2012)", 2012, "movie"),
        ("netflix_top10/TV (Non-English)", "1899: Season 1", None, "tv"),
    ]
    assert lake.read("staging/lists", [DAY2]).select("title_id", "list", "rank").rows() == [
        ("tv-9", "airing", 1),
        ("tv-9", "popular", 2),
    ]


def test_dagster_sees_rows_lineage_and_checks(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    lake, result = ranged
    counts = {}
    for event in result.get_asset_materialization_events():
        done = event.materialization
        counts[done.asset_key.to_user_string(), done.partition] = done.metadata["dagster/partition_row_count"].value
        lineage = done.metadata["dagster/column_lineage"].value
        assert isinstance(lineage, dg.TableColumnLineage)
        assert set(lineage.deps_by_column) == set(TABLES[done.asset_key.to_user_string()].schema)
        if done.asset_key.to_user_string() == "staging/documents":
            sources = {(dep.asset_key.to_user_string(), dep.column_name) for dep in lineage.deps_by_column["rating"]}
            assert sources == {(t, c) for t in DOCUMENT_TABLES for c in ("rating", "rating_max")}
    assert counts == {(t, d.isoformat()): lake.read(t, [d]).height for t in STAGING for d in (DAY1, DAY2, DAY3)}
    checks = {(c.asset_key.to_user_string(), c.check_name): c.passed for c in result.get_asset_check_evaluations()}
    assert checks["staging/documents", "documents_none_lost"]
    assert all(checks.values())
    assert {table for table, _ in checks} == set(STAGING)


def test_single_days_and_reruns_give_the_bytes_of_the_range(
    ranged: tuple[Lake, dg.ExecuteInProcessResult], lake: Lake
) -> None:
    _fill(lake)
    first: dict = {}
    for day in (DAY2, DAY3, DAY3):
        materialize(lake, [DBT], day)
        first = first or hashes(lake)
    wanted = {key: value for key, value in hashes(ranged[0]).items() if key[1] != DAY1}
    assert hashes(lake) == wanted
    assert set(first.items()) < set(wanted.items())


def test_a_missing_raw_partition_is_named_and_nothing_is_half_written(lake: Lake) -> None:
    _fill(lake)
    lake.store.delete(lake.key("raw/charts", DAY3))
    result = materialize(lake, [DBT], DAY3, raise_on_error=False)
    assert not result.success
    message = failure(result)
    assert message.splitlines() == [
        "staging/charts (models/staging/stg_charts.sql): raw/charts has no partition for 2026-11-20. Materialize it first."
    ]
    assert lake.days("staging/charts") == []
    assert lake.days("staging/titles") == [DAY3]  # the others are whole
    assert not [p for p in Path(lake.uri).rglob("*") if p.is_file() and p.name != "data.parquet"]


def test_deps_and_windows() -> None:
    assets = DBT
    keys = {key.to_user_string() for key in assets.keys}
    assert keys == set(STAGING)
    documents = next(s for s in assets.specs if s.key == dg.AssetKey(["staging", "documents"]))
    assert {d.asset_key.to_user_string() for d in documents.deps} == set(DOCUMENT_TABLES)
    assert {d.partition_mapping.start_offset for d in documents.deps} == {-3}  # type: ignore[union-attr]
    for spec in assets.specs:
        assert spec.group_name == "staging" and spec.owners and spec.code_version and spec.automation_condition
        assert spec.kinds == {"dbt", "duckdb"}


def test_rows_helper_refuses_unknown_columns() -> None:
    assert rows("raw/posts", post(ONE)).schema == pl.Schema(TABLES["raw/posts"].schema)


def test_copies_are_folded_over_the_window(lake: Lake) -> None:
    """staging/clusters through Dagster: a range in one run, and its last day alone, give the same bytes."""
    text = " ".join(f"word{n}" for n in range(60))
    for n, day in enumerate((DAY0, DAY1, DAY2, DAY3)):
        given = {
            "doc_id": f"d{n}",
            "text": text,
            "author_id": f"s{n}/p",
            "published_at": datetime(2026, 11, 17 + n, tzinfo=UTC),
        }
        lake.write("staging/documents", rows("staging/documents", given), day)
    upstream = dg.AssetSpec(["staging", "documents"], partitions_def=DAILY)
    assert materialize(lake, [CLUSTERS, upstream], DAY1, DAY3).success
    columns = ("doc_id", "cluster_id", "voice_id", "copies", "similarity")
    assert lake.read("staging/clusters", [DAY3]).select(columns).rows() == [("d3", "d0", "s0/p", 4, 1.0)]
    before = lake.sha256("staging/clusters", DAY3)
    lake.store.delete(lake.key("staging/clusters", DAY3))
    assert materialize(lake, [CLUSTERS, upstream], DAY3).success
    assert lake.sha256("staging/clusters", DAY3) == before
    assert WINDOW_DAYS == EVIDENCE_DAYS
