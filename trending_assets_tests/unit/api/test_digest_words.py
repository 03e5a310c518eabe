"""Every reason that a digest can carry has plain words on the page."""

from api.digest_words import DROPPED, LEFT_OUT, NO_SUMMARY
from trending_assets.contracts import TABLES
from trending_assets.scoring.evidence import OUT_OF_ALL, OUT_OF_SUMMARY
from trending_assets_tests.unit.api.conftest import Get

TITLES = TABLES["marts/titles"]


def test_every_reason_has_words() -> None:
    assert tuple(NO_SUMMARY) == TITLES.column("no_summary").values
    assert tuple(LEFT_OUT) == (*OUT_OF_ALL, *OUT_OF_SUMMARY)
    assert [reason for reason in LEFT_OUT if reason not in TITLES.column("left_out").meaning] == []
    assert [reason for reason in DROPPED if reason not in TITLES.column("dropped").meaning] == []


def test_a_title_says_what_its_vibe_score_rests_on_and_what_was_left_out(get: Get) -> None:
    title = get("/v1/titles/movie-1").json()["title"]
    names = ("documents", "voices", "sites", "vibe_weight", "no_summary", "left_out", "dropped")
    assert set(names) <= title.keys() and title["left_out"] == [{"reason": "spam", "documents": 2}]
