"""sources.yaml: the shipped file, and errors that name the entry and the field."""

from pathlib import Path

import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.raw.sources import load_sources

GOOD = """
sources:
  - name: posts
    kind: feed
    document_kind: post
    description: Posts.
    sandbox: {opml: [http://sandbox.example/opml/posts.opml]}
    terms: https://example.org/terms
"""


def _wrong(tmp_path: Path, text: str) -> str:
    file = tmp_path / "sources.yaml"
    file.write_text(text)
    with pytest.raises(PermanentFailure) as caught:
        load_sources(file)
    return str(caught.value)


def test_the_shipped_file_has_every_source_and_chart() -> None:
    found = load_sources()
    assert [entry.name for entry in found.documents] == ["posts", "reviews", "news"]
    assert [entry.name for entry in found.charts] == ["netflix_top10", "box_office_us"]
    news = found.documents[2]
    assert not news.addresses("sandbox").feeds
    assert news.addresses("live").feeds


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("kind: feed", "kind: fax", "entry posts"),
        ("document_kind: post", "document_kind: song", "entry posts, field document_kind"),
        ("http://sandbox.example/opml/posts.opml", "sandbox.example", "entry posts, field sandbox.opml"),
        ("terms: https://example.org/terms", "term: https://example.org", "entry posts, field term"),
        ("name: posts", "name: tweets", "contracts.py declares no table raw/tweets"),
        ("description: Posts.", "crawl_delay: -1\n    description: Posts.", "entry posts, field crawl_delay"),
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
