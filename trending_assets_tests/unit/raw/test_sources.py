"""sources.yaml: the shipped file, and errors that name the entry and the field."""

import importlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.raw.sources import Address, ChartAddress, dated, load_sources

REPO = Path(__file__).resolve().parents[3]
GOOD = """
sources:
  - name: posts
    kind: feed
    document_kind: post
    description: Posts.
    sandbox:
      - {opml: http://sandbox.example/opml/posts.opml}
"""
MINE = """
  - name: mine
    kind: feed
    document_kind: news
    description: A feed of my own.
    live:
      - {feed: "https://example.org/feed", terms: "https://example.org/terms", crawl_delay: 2}
"""


def _wrong(tmp_path: Path, text: str) -> str:
    file = tmp_path / "sources.yaml"
    file.write_text(text)
    with pytest.raises(PermanentFailure) as caught:
        load_sources(file)
    return str(caught.value)


def test_every_live_address_names_its_terms_and_keeps_a_distance() -> None:
    found = load_sources()
    live: list[tuple[str, Address | ChartAddress]] = [
        (entry.name, address) for entry in found.documents for address in entry.live
    ]
    live += [(entry.name, entry.live) for entry in found.charts if entry.live]
    assert len(live) >= 15
    for name, address in live:
        assert address.terms, name
        assert address.crawl_delay >= 0.5, name


def test_every_parser_that_is_named_can_parse() -> None:
    for entry in load_sources().sources:
        if entry.parser:
            assert callable(importlib.import_module(f"trending_assets.raw.parsers.{entry.parser}").parse)


def test_a_chart_address_of_a_day() -> None:
    day = date(2026, 3, 9)
    assert dated("https://a.example/{year}/{month}/{dom}?d={day}", day) == "https://a.example/2026/03/09?d=2026-03-09"
    with pytest.raises(ValueError, match="a placeholder that is none of day, year, month and dom"):
        dated("https://a.example/{week}", day)


@pytest.mark.slow
def test_a_new_entry_is_an_asset_with_its_checks_and_a_place_in_the_lineage(tmp_path: Path) -> None:
    for name in ("trending_assets", "dbt_project"):
        shutil.copytree(REPO / name, tmp_path / name, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    with (tmp_path / "trending_assets" / "raw" / "sources.yaml").open("a") as file:
        file.write(MINE)
    code = """
from trending_assets.definitions import defs
graph = defs.resolve_asset_graph()
import dagster as dg
mine, documents = dg.AssetKey(["raw", "mine"]), dg.AssetKey(["staging", "documents"])
assert mine in graph.get(documents).parent_keys
print(*sorted(key.name for key in graph.get_check_keys_for_assets({mine})))
"""
    env = os.environ | {"PYTHONPATH": str(tmp_path), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["contract", "every_listing_read", "no_missing_day", "nothing_lost"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("kind: feed", "kind: fax", "entry posts"),
        ("document_kind: post", "document_kind: song", "entry posts, field document_kind"),
        ("opml: http://sandbox.example/opml/posts.opml", "opml: sandbox.example", "entry posts, field sandbox.0"),
        ("opml: http", "index: http", "index and links go together"),
        ("{opml: http://sandbox.example/opml/posts.opml}", "{terms: http://a.example}", "this one names none"),
        ("opml: http", "sitemap: http", "the kind feed reads feed or opml, not sitemap"),
        ("description: Posts.", "descriptio: Posts.", "entry posts, field descriptio"),
        ("description: Posts.", "description: P\n    parser: nobody", "there is no parser raw/parsers/nobody.py"),
        ("description: Posts.", "description: P\n    parser: lemmy_posts", "a parser goes with the kind json"),
        ("description: Posts.", "description: P\n    selectors: {text: p}", "selectors go with the kind html_pages"),
        ("posts.opml}", "posts.opml, crawl_delay: -1}", "entry posts, field sandbox.0.crawl_delay"),
        ("sources:", "springs:", "field sources"),
        ("kind: feed", "kind: [", "is not YAML"),
    ],
)
def test_errors_name_the_entry_and_the_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert named in _wrong(tmp_path, GOOD.replace(old, new, 1))


def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    assert "entry posts is there twice" in _wrong(tmp_path, GOOD + GOOD.replace("sources:\n", ""))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match=r"none\.yaml cannot be read"):
        load_sources(tmp_path / "none.yaml")
