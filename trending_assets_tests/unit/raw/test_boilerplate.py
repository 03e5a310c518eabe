"""What publishers' software adds goes; what people write stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.raw.boilerplate import without_boilerplate

KEPT = "A fine film."


@pytest.mark.parametrize(
    "added",
    [
        "The post Dune (2021) review appeared first on The Daily Reel.",
        "The post “Heat”, again appeared first on Some Site",
        "This article originally appeared on Some Site.",
        "Originally published on Some Site.",
        "Read more",
        "Read More »",
        "Continue reading “A fine film” …",
        "Continue reading →",
        "Click here to read more",
        "Read the full review at Some Site",
        "(more…)",
        "Share this: Facebook Twitter",
        "Share on Facebook",
        "Like this: Like Loading...",
        "Sign up for our weekly newsletter here.",
        "Subscribe to the Film Letter newsletter!",
        "Follow us on Mastodon @reel",
        "© 2026 Reel Media. All rights reserved.",
        "submitted by alice to movies 12 points | 3 comments",
        "submitted by /u/bob [link] [comments]",
    ],
)
def test_added_lines_go(added: str) -> None:
    assert without_boilerplate(f"{KEPT} {added}") == KEPT
    assert without_boilerplate(f"{KEPT} Read more. {added}") == KEPT
    assert without_boilerplate(added) is None


@pytest.mark.parametrize(
    "text",
    [
        "I want to read more",
        "He asked her to share this with nobody.",
        "I wrote the newsletter about it.",
        "Go and see the film.",
        "What he sees is never all there is. More to come",
        "She would rather keep reading",
        "The follow-up is better. We saw it on Friday.",
        "It is rated 7/10",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert without_boilerplate(text) == text


def test_an_ellipsis_in_brackets_is_an_ellipsis() -> None:
    assert without_boilerplate("It starts well, but […]") == "It starts well, but…"
    assert without_boilerplate("It starts well [...] Read more") == "It starts well…"


@given(st.text(max_size=300))
def test_only_ends_are_taken(text: str) -> None:
    made = without_boilerplate(text)
    assert made is None or "…" in made or made in text


def test_long_texts_cost_no_more_than_their_end() -> None:
    for part in ("Share this: ", "The post ", "© 2026 ", "submitted by ", "Read more. "):
        without_boilerplate(part * 100_000)
