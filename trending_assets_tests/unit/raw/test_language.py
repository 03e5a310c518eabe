"""Language of short texts, on texts that the limit was not chosen on."""

import pytest

from trending_assets.raw.language import SURE, best, detect, tag
from trending_assets_tests.unit.raw.language_texts import MEASURED_ON, texts


def test_short_texts_of_known_language() -> None:
    rows = texts(MEASURED_ON)
    found = [(known, best(None, text, None)) for known, text in rows]
    sure = [(known, made) for known, made in found if made is not None]
    right = sum(known == made for known, made in sure)
    print(f"language: {len(sure)} of {len(rows)} short texts are sure enough, {right} of those right")
    assert right == len(sure), "a wrong language is worse than none"
    assert len(sure) >= 0.8 * len(rows)


def test_the_own_tag_counts_then_the_text_then_the_site() -> None:
    german = "Gestern im Kino gewesen, was für ein starker Film"
    assert best("fr", german, "en") == "fr"
    assert best(None, german, "en") == "de"
    assert best("und", german, "en") == "de"
    assert best(None, "8/10", "en") == "en"
    assert best(None, "8/10", None) is None


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("en_GB", "en-GB"),
        ("English", "en"),
        ("pt-BR", "pt-BR"),
        ("und", None),
        ("C", None),
        ("x" * 40, None),
        (None, None),
        ("", None),
    ],
)
def test_tags(value: str | None, made: str | None) -> None:
    assert tag(value) == made


def test_detect_gives_a_probability_and_the_same_one_each_time() -> None:
    given = ["Best thing on TV right now, no contest", "", "12345", "\ud800", "見た" * 10_000]
    assert detect(given) == detect(given)
    assert all(0 <= sure <= 1 for _, sure in detect(given))
    assert detect(["", "8/10"]) == [("und", 0.0)] * 2
    assert detect([given[0]])[0][0] == "en" and detect([given[0]])[0][1] >= SURE
