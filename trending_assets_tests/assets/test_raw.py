"""The raw assets against a real sandbox process that serves a small world of the test's own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import dagster as dg
import httpx
import polars as pl
import pytest

from sandbox.process import SandboxProcess, running
from trending_assets import quarantine
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.raw.assets import ASSETS
from trending_assets.raw.crawl.runner import Crawled
from trending_assets.raw.documents import collect, document_frame
from trending_assets.raw.sources import load_sources
from trending_assets.settings import get_settings

pytestmark = pytest.mark.slow

FIRST, LAST = date(2013, 5, 1), date(2013, 5, 3)
DAYS = [FIRST + timedelta(days=n) for n in range(3)]
TEXTS = pl.List(pl.String)
PAGES = ("raw/posts", "raw/reviews", "raw/news")
CHECKED = (*PAGES, "raw/charts")


def _title(tmdb_id: int, title: str, original: str, media: str = "movie", popularity: float = 1.0) -> dict[str, Any]:
    return {
        "tmdb_id": tmdb_id,
        "imdb_id": f"tt{tmdb_id:07d}",
        "media_type": media,
        "title": title,
        "original_title": original,
        "year": 2013,
        "release_date": "2013-04-26",
        "overview": "A plot.",
        "tagline": "",
        "genres": ["Drama"],
        "keywords": ["sea"],
        "popularity": popularity,
        "vote_average": 7.0,
        "vote_count": 10,
        "runtime": 100.0,
        "original_language": "en",
        "cast": ["Ann Lee"],
        "directors": ["Bo Ek"],
    }


def _document(kind: str, number: int, hours: int, text: str, headline: str | None = None) -> dict[str, Any]:
    site = "posts.example" if kind == "post" else f"critic-{number % 3}.example"
    return {
        "url": f"http://{site}/{kind}s/{number}",
        "site": site,
        "kind": kind,
        "author": f"person{number % 7}",
        "published_at": datetime(2013, 5, 1, tzinfo=UTC) + timedelta(hours=hours),
        "headline": headline,
        "text": text,
        "rating": 3.0 if kind == "review" else None,
        "rating_max": 4.0 if kind == "review" else None,
        "language": "en",
    }


def _write_world(folder: Path) -> None:
    """Three days; 130 posts a day fill more than one feed page; the day before the first has posts, too."""
    folder.mkdir()
    titles = [
        _title(1, "Iron Man 3", "Iron Man 3", popularity=9.0),
        _title(2, "The Hunt", "Jagten"),
        _title(3, "It", "It"),
        _title(4, "Orphan Black", "Orphan Black", media="tv"),
        _title(5, "Never Named", "Never Named"),
    ]
    posts = [_document("post", n, -24 + n * 96 // 520, f"I rated Iron Man 3 {n % 10}/10") for n in range(520)]
    posts.append(_document("post", 900, 30, "I rated The Hunt 9/10"))
    posts.append(_document("post", 901, 60, ""))  # blank: cannot become a document
    reviews = [
        _document("review", n, 5 + 8 * n, f"Review text {n}.", "Orphan Black (2013) series review") for n in range(8)
    ]
    # the sandbox forbids /private/ in robots.txt, and has no such sitemap
    for number, path in ((9, "private/1"), (12, "sitemap-9.xml")):
        review = _document("review", number, 60, "Never read.", "It (2013) review")
        reviews.append(review | {"url": f"http://critic-0.example/{path}"})
    chart = {"chart": "box_office_us", "date": FIRST, "rank": 1, "title": "Iron Man 3", "value": 1e6, "unit": "usd"}
    charts = [chart | {"days_in_release": 1}]
    pl.DataFrame(
        titles, schema_overrides=dict.fromkeys(("genres", "keywords", "cast", "directors"), TEXTS)
    ).write_parquet(folder / "titles.parquet")
    pl.DataFrame(posts + reviews, infer_schema_length=None).cast(
        {"published_at": pl.Datetime("us", "UTC")}
    ).write_parquet(folder / "documents.parquet")
    pl.DataFrame(charts).cast({"rank": pl.Int32, "days_in_release": pl.Int32}).write_parquet(folder / "charts.parquet")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds") / "small"
    _write_world(folder)
    return folder


@pytest.fixture(scope="module")
def sandbox(world: Path) -> Iterator[SandboxProcess]:
    with running(world) as process:
        yield process


@pytest.fixture(autouse=True)
def _settings(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    values = {
        "TRENDING_WORLD": "sandbox",
        "TRENDING_HTTP_PROXY": sandbox.proxy,
        "TRENDING_TMDB_URL": f"{sandbox.url}/3",
        "TRENDING_TMDB_EXPORTS_URL": f"{sandbox.url}/p/exports",
        "TRENDING_TMDB_DETAILS_TOP": "1",
        "TRENDING_CRAWL_DELAY": "0",
        "TRENDING_STATE_DIR": str(tmp_path / "state"),
        "TMDB_API_KEY": "any",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    httpx.post(f"{sandbox.url}/sandbox/reset", trust_env=False)
    yield


def _run(lake: Lake, first: date, last: date, *tables: str) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    selection = [dg.AssetKey(table.split("/")) for table in tables] or None
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            ASSETS,
            selection=selection,
            resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
            tags={
                "dagster/asset_partition_range_start": first.isoformat(),
                "dagster/asset_partition_range_end": last.isoformat(),
            },
            instance=instance,
            raise_on_error=False,
        )


def _reason(result: dg.ExecuteInProcessResult) -> str:
    failures = [e for e in result.all_events if e.event_type_value in ("STEP_FAILURE", "STEP_UP_FOR_RETRY")]
    assert failures
    data: Any = failures[0].event_specific_data
    return str(data.error.to_string()) + str(data.error.cause)


def _bytes(lake: Lake, *tables: str) -> dict[str, str | None]:
    return {f"{t} {d}": lake.sha256(t, d) for t in tables for d in DAYS}


ALL = (*PAGES, "raw/tmdb_catalogue", "raw/tmdb_lists", "raw/tmdb_titles", "raw/charts")


def test_three_days_at_once_and_again_and_one_by_one(lake: Lake, world: Path, tmp_path: Path) -> None:
    result = _run(lake, FIRST, LAST)
    assert result.success
    checks = {c.asset_key.to_user_string(): c.passed for c in result.get_asset_check_evaluations()}
    assert checks == dict.fromkeys(CHECKED, True)

    truth = pl.read_parquet(world / "documents.parquet").with_columns(pl.col("published_at").dt.date().alias("date"))
    readable = (pl.col("text") != "") & (pl.col("text") != "Never read.")
    for table, kind in (("raw/posts", "post"), ("raw/reviews", "review")):
        for day in DAYS:
            expected = truth.filter((pl.col("date") == day) & (pl.col("kind") == kind) & readable)
            assert set(lake.read(table, [day])["url"]) == set(expected["url"])
    assert lake.read("raw/posts", [FIRST]).height > 100
    review = lake.read("raw/reviews", [FIRST]).row(0, named=True)
    assert (review["work_title"], review["work_media_type"], review["work_year"]) == ("Orphan Black", "tv", 2013)
    assert (review["rating"], review["rating_max"], review["text"]) == (3.0, 4.0, "Review text 0.")
    assert lake.read("raw/news", [FIRST]).is_empty()

    titles = lake.read("raw/tmdb_titles", DAYS)
    names = {day: set(titles.filter(pl.col("date") == day)["title"]) for day in DAYS}
    assert names[FIRST] == {"Iron Man 3", "Orphan Black"}
    assert names[LAST] == {"Iron Man 3", "Orphan Black", "The Hunt"}  # found by search: its original title is Jagten
    hunt = titles.filter((pl.col("title") == "The Hunt") & (pl.col("date") == LAST)).row(0, named=True)
    assert (hunt["fetched_on"], hunt["directors"]) == (date(2013, 5, 2), ["Bo Ek"])
    assert lake.read("raw/charts", [LAST])["chart_date"].to_list() == [FIRST]  # the newest of the days before

    before = _bytes(lake, *ALL)
    assert _run(lake, FIRST, LAST).success
    assert _bytes(lake, *ALL) == before
    alone = open_lake(str(tmp_path / "alone"))
    for day in DAYS:
        assert _run(alone, day, day).success
    assert _bytes(alone, *ALL) == before


def test_what_cannot_be_read_stands_in_quarantine_with_its_reason(lake: Lake) -> None:
    result = _run(lake, FIRST, LAST, "raw/posts", "raw/reviews")
    assert result.success
    rows = pl.concat([quarantine.read(lake, table, [LAST]) for table in PAGES]).select("url", "reason", "transient")
    assert rows.sort("url").rows() == [
        ("http://critic-0.example/private/1", "robots", False),
        ("http://critic-0.example/sitemap-9.xml", "http_error", False),
        ("http://posts.example/posts/901", "no_text", False),
    ]
    (noted,) = [m for m in result.asset_materializations_for_node("raw__reviews") if m.partition == LAST.isoformat()]
    assert (noted.metadata["quarantined"].value, noted.metadata["quarantined_robots"].value) == (2, 1)
    assert int(str(noted.metadata["requests"].value)) > 3 and int(str(noted.metadata["bytes"].value)) > 1000


def _collect(lake: Lake, source: str, proxy: str, day: date = LAST) -> Crawled:
    entry = next(e for e in load_sources().documents if e.name == source)
    settings = get_settings().model_copy(update={"http_proxy": proxy})
    return collect(entry, [day], lake, settings, date(2026, 1, 1), lambda line: None)


def _faults(sandbox: SandboxProcess, rules: list[dict[str, Any]]) -> None:
    answer = httpx.post(f"{sandbox.url}/sandbox/faults", json={"seed": 1, "rules": rules}, trust_env=False)
    answer.raise_for_status()


def test_passing_faults_change_nothing(lake: Lake, sandbox: SandboxProcess) -> None:
    calm = document_frame("raw/reviews", _collect(lake, "reviews", sandbox.proxy))
    kinds = ("http_500", "http_429", "cut_body", "broken_html")
    _faults(sandbox, [{"match": "http://", "kind": kind, "rate": 0.12} for kind in kinds])
    shaken = document_frame("raw/reviews", _collect(lake, "reviews", sandbox.proxy))
    stats = httpx.get(f"{sandbox.url}/sandbox/stats", trust_env=False).json()
    assert sum(stats["faults"].values()) > 0
    assert shaken.drop("payload_sha256").equals(calm.drop("payload_sha256"))


@pytest.mark.parametrize(("kind", "reason"), [("http_500", "http_transient"), ("cut_body", "cut_off")])
def test_a_feed_that_stays_broken_costs_one_row(lake: Lake, sandbox: SandboxProcess, kind: str, reason: str) -> None:
    calm = _collect(lake, "reviews", sandbox.proxy)
    _faults(sandbox, [{"match": "critic-1.example/feed.xml", "kind": kind}])
    shaken = _collect(lake, "reviews", sandbox.proxy)
    (row,) = [row for row in shaken.quarantine if row["url"] == "http://critic-1.example/feed.xml"]
    assert (row["reason"], row["transient"]) == (reason, True)
    assert shaken.counts[LAST]["unread_listings"] == 1
    read = {row["url"] for row in shaken.documents}
    assert read == {row["url"] for row in calm.documents if "critic-1" not in row["url"]} != set()


def test_a_source_of_which_nothing_can_be_read_fails(lake: Lake, sandbox: SandboxProcess) -> None:
    _faults(sandbox, [{"match": "/feed.xml", "kind": "http_500"}])
    with pytest.raises(TransientFailure, match=r"raw/reviews: nothing could be read for 2013-05-03.*and 2 more"):
        _collect(lake, "reviews", sandbox.proxy)


def test_a_server_without_a_memory_cannot_fill_the_past(lake: Lake) -> None:
    class Today(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'<opml version="2.0"><body/></opml>'
            self.send_response(200 if "opml" in self.path else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Today) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        proxy = f"http://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(PermanentFailure, match="cannot show the past: it answered for 2013-05-03"):
            _collect(lake, "posts", proxy)
        assert _collect(lake, "posts", proxy, date(2025, 12, 31)).counts[date(2025, 12, 31)]["seen"] == 0
        server.shutdown()


def test_a_dead_sandbox_fails_the_run_and_names_the_host(
    lake: Lake, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(world) as process:
        monkeypatch.setenv("TRENDING_HTTP_PROXY", process.proxy)
        process.kill()
        result = _run(lake, FIRST, FIRST, "raw/posts")
    assert not result.success
    assert "raw/posts: sandbox.example cannot be reached" in _reason(result)
    assert lake.days("raw/posts") == []


def test_without_a_key_the_catalogue_still_works(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_API_KEY", "")
    tables = ("raw/tmdb_catalogue", "raw/tmdb_lists", "raw/tmdb_titles")
    assert _run(lake, FIRST, LAST, *tables).success
    assert [lake.read(table, DAYS).height for table in tables] == [15, 0, 0]
    assert lake.days("raw/tmdb_titles") == DAYS
