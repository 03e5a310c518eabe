"""Marts, built by real dbt calls over small tables of the stages before them."""

from datetime import date, timedelta

import dagster as dg
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.lake import Lake, open_lake
from trending_assets.marts.assets import ASSETS
from trending_assets.s3 import SECRET_KEY
from trending_assets.staging.dbt_schema import MARTS
from trending_assets_tests.unit.dbt.tables import failure, hashes, materialize, rows

pytestmark = pytest.mark.slow
DAY1, DAY2 = date(2026, 11, 19), date(2026, 11, 20)
DAILY_TABLES = (
    *("staging/documents", "staging/titles", "linking/mentions", "scoring/document_scores", "scoring/title_digests"),
    *("trends/trend_scores", "trends/alerts", "genre/predictions"),
)
SUMMARY = [{"sentence": "Loud and kind.", "doc_ids": ["d0", "d1"]}]


def _fill(lake: Lake) -> None:
    """Document dN is first seen N days before DAY2 and is about movie-7. Before DAY1 only some days and tables are there."""
    day = {n: DAY2 - timedelta(days=n) for n in range(8)}
    for n in (0, 1, 3, 6, 7):
        doc = {"doc_id": f"d{n}", "url": f"https://a.example/{n}", "site": "a.example", "author_id": "a.example/Ann/B"}
        link = {"doc_id": f"d{n}", "title_id": "movie-7", "confidence": 0.9, "method": "exact"}
        lake.write("staging/documents", rows("staging/documents", doc | {"text": "x" * 300 + "é"}), day[n])
        lake.write("linking/mentions", rows("linking/mentions", link, {"doc_id": "other", "method": "none"}), day[n])
        score = {
            "doc_id": f"d{n}",
            "sentiment": 0.5,
            "about_title": True,
            "spam": n == 1,
            "model": "m",
            "prompt_version": "1",
        }
        if n != 3:
            lake.write("scoring/document_scores", rows("scoring/document_scores", score), day[n])
    for today in (DAY1, DAY2):
        ranked = [{"title_id": "movie-7", "rank": 1, "score": 2.5}, {"title_id": "tv-9", "rank": 2, "score": 1.0}]
        lake.write("trends/trend_scores", rows("trends/trend_scores", *ranked), today)
        lake.write("trends/alerts", rows("trends/alerts", *([{"title_id": "tv-9"}] if today == DAY2 else [])), today)
        seven = {
            "title_id": "movie-7",
            "tmdb_id": 7,
            "media_type": "movie",
            "title": "Seven",
            "genres": ["Crime"],
            "year": 1995,
        }
        lake.write(
            "staging/titles", rows("staging/titles", seven, seven | {"title_id": "movie-8", "tmdb_id": 8}), today
        )
        digest = {"title_id": "movie-7", "documents": 3, "vibe_score": 8.5, "vibe_tags": ["dark"], "summary": SUMMARY}
        more = {"primary_genre": "Crime", "model": "m", "prompt_version": "1"}
        lake.write("scoring/title_digests", rows("scoring/title_digests", digest | more), today)
        guesses = [
            {
                "title_id": "movie-7",
                "model": "xgboost",
                "genre": genre,
                "probability": p,
                "predicted": predicted,
                "champion": True,
            }
            for genre, p, predicted in (("Drama", 0.6, False), ("Crime", 0.5, True), ("Action", 0.5, True))
        ]
        lake.write("genre/predictions", rows("genre/predictions", *guesses), today)


@pytest.fixture(scope="module")
def ranged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dg.ExecuteInProcessResult]:
    lake = open_lake(str(tmp_path_factory.mktemp("ranged")))
    _fill(lake)
    return lake, materialize(lake, ASSETS, DAY1, DAY2)


def test_every_partition_keeps_its_contract(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    lake, result = ranged
    for table in MARTS:
        assert lake.days(table) == [DAY1, DAY2]
        for day in lake.days(table):
            assert validate(lake.read(table, [day]).drop("date"), TABLES[table]) == [], (table, day)
    assert {c.asset_key.to_user_string() for c in result.get_asset_check_evaluations() if c.passed} == set(MARTS)
    assert all(c.passed for c in result.get_asset_check_evaluations())


def test_trends(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    seven, nine = ranged[0].read("marts/trends", [DAY2]).iter_rows(named=True)
    assert (seven["title"], seven["rank"], seven["vibe_score"], seven["alert"]) == ("Seven", 1, 8.5, False)
    assert (seven["genre_llm"], seven["genre_xgboost"], seven["genre_bert"]) == ("Crime", "Action", None)
    assert seven["genre_model"] == "Action"
    assert (nine["title"], nine["media_type"], nine["alert"], nine["vibe_tags"]) == ("tv-9", "tv", True, [])
    assert ranged[0].read("marts/trends", [DAY1])["alert"].to_list() == [False, False]


def test_titles(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    seven, nine = ranged[0].read("marts/titles", [DAY2]).iter_rows(named=True)
    assert (seven["tmdb_id"], seven["summary"], seven["documents"], seven["digest_model"]) == (7, SUMMARY, 3, "m")
    assert (nine["tmdb_id"], nine["summary"], nine["documents"], nine["too_little"]) == (9, [], 0, None)


def test_evidence_is_of_seven_days(ranged: tuple[Lake, dg.ExecuteInProcessResult]) -> None:
    found = {row["doc_id"]: row for row in ranged[0].read("marts/evidence", [DAY2]).iter_rows(named=True)}
    assert sorted(found) == ["d0", "d1", "d3", "d6"]  # d7 is too old, `other` is unlinked
    assert [found[key]["counted"] for key in sorted(found)] == [True, False, False, True]  # d1 is spam, d3 unscored
    assert found["d3"]["sentiment"] is None
    assert found["d6"]["first_seen"] == DAY2 - timedelta(days=6)
    assert found["d0"]["author"] == "Ann/B"
    assert found["d0"]["excerpt"] == "x" * 280
    assert sorted(ranged[0].read("marts/evidence", [DAY1])["doc_id"]) == ["d1", "d3", "d6", "d7"]


def test_a_single_day_gives_the_bytes_of_the_range(ranged: tuple[Lake, dg.ExecuteInProcessResult], lake: Lake) -> None:
    _fill(lake)
    materialize(lake, ASSETS, DAY2)
    assert hashes(lake, MARTS) == {key: value for key, value in hashes(ranged[0], MARTS).items() if key[1] == DAY2}


def test_a_failing_test_is_named(lake: Lake) -> None:
    _fill(lake)
    twice = rows("trends/trend_scores", {"title_id": "movie-7", "rank": 1}, {"title_id": "movie-7", "rank": 2})
    lake.write("trends/trend_scores", twice, DAY2)
    result = materialize(lake, ASSETS, DAY2, raise_on_error=False)
    message = failure(result)
    assert "unique_per_day_mart_trends_title_id: Got 1 result" in message
    failed = {c.check_name for c in result.get_asset_check_evaluations() if not c.passed}
    assert failed == {"unique_per_day_mart_trends_title_id", "unique_per_day_mart_titles_title_id"}


def test_deps_join_staging_and_the_python_tables() -> None:
    (assets,) = ASSETS
    specs = {spec.key.to_user_string(): spec for spec in assets.specs}
    deps = {
        name: {d.asset_key.to_user_string(): d.partition_mapping for d in spec.deps} for name, spec in specs.items()
    }
    assert set().union(*deps.values()) == set(DAILY_TABLES)
    window = {name for name, mapping in deps["marts/evidence"].items() if mapping is not None}
    assert window == {"staging/documents", "linking/mentions", "scoring/document_scores"}
    assert {m.start_offset for m in deps["marts/evidence"].values() if m} == {-6}  # type: ignore[attr-defined]
    assert set(deps["marts/titles"]) == {"trends/trend_scores", "staging/titles", "scoring/title_digests"}


@pytest.mark.s3
def test_a_bucket_holds_the_same_bytes(
    ranged: tuple[Lake, dg.ExecuteInProcessResult], s3_env: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """The access key is the word "test", which is in the name of every dbt test: masking it would break the run."""
    lake = open_lake("s3://marts/lake")
    _fill(lake)
    result = materialize(lake, ASSETS, DAY1, DAY2)
    assert result.success
    assert hashes(lake, MARTS) == hashes(ranged[0], MARTS)
    assert all(c.passed for c in result.get_asset_check_evaluations())
    printed = capfd.readouterr()
    assert SECRET_KEY not in printed.out + printed.err
