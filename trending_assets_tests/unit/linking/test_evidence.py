"""evidence.py: what the words of a document say."""

from trending_assets.linking.evidence import opening


def test_an_opening_is_the_first_sentence_or_what_ends_with_the_first_rating() -> None:
    assert opening("Speed 8/10. Well worth the time.") == "Speed 8/10"
    assert opening("Rewatched Heat. Still great.") == "Rewatched Heat."
    assert opening("I rated Iron Man 3 8/10") == ""
