"""The audit of citations sees what is wrong: a document that is missing, unlinked, of another title, spam, too old or new."""

from datetime import timedelta
from typing import Any

import pytest

from trending_assets.lake import Lake
from trending_assets.scoring.citations import citations
from trending_assets_tests.unit.scoring.frames import DAY, table
from trending_assets_tests.unit.scoring.voices import world

DOCUMENTS: list[dict[str, Any]] = [
    {"doc_id": "good", "author": "s/a"},
    {"doc_id": "other", "author": "s/a", "title": "movie-2"},
    {"doc_id": "spam", "author": "s/a", "spam": True},
    {"doc_id": "apart", "author": "s/a", "about_title": False},
    {"doc_id": "unscored", "author": "s/a", "scored": False},
    {"doc_id": "week", "author": "s/a", "date": DAY - timedelta(days=6)},
    {"doc_id": "old", "author": "s/a", "date": DAY - timedelta(days=7)},
    {"doc_id": "late", "author": "s/a", "date": DAY + timedelta(days=1)},
]


@pytest.mark.parametrize(
    ("doc_id", "exists", "about"),
    [
        ("good", True, True),
        ("week", True, True),
        ("other", True, False),
        ("spam", True, False),
        ("apart", True, False),
        ("unscored", True, False),
        ("old", False, False),
        ("late", False, False),
        ("nowhere", False, False),
    ],
)
def test_each_citation_is_held_against_the_lake(lake: Lake, doc_id: str, exists: bool, about: bool) -> None:
    for voice in DOCUMENTS:
        day = voice.get("date", DAY)
        scores, links, documents, _ = world([v for v in DOCUMENTS if v.get("date", DAY) == day])
        names = ("scoring/document_scores", "linking/mentions", "staging/documents")
        for name, frame in zip(names, (scores, links, documents), strict=True):
            lake.write(name, frame.drop("date"), day)
    summary = [{"sentence": "Fine.", "doc_ids": [doc_id]}, {"sentence": "Bare.", "doc_ids": []}]
    digests = table("scoring/title_digests", [{"title_id": "movie-1", "summary": summary}])
    found = citations(lake, digests).select("place", "doc_id", "exists", "about").rows()
    assert found == [(0, doc_id, exists, about), (1, None, False, False)]


def test_no_digest_cites_nothing(lake: Lake) -> None:
    assert citations(lake, table("scoring/title_digests", [])).is_empty()
