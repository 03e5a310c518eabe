"""The fence holds whatever a document says, and an edited prompt is a new version."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.failures import PermanentFailure
from trending_assets.scoring.documents import document_payload
from trending_assets.scoring.prompts import CLOSE, OPEN, clean, fenced, load_prompts, messages, newest_prompt
from trending_assets.scoring.vocabulary import VIBE_TAGS

PARTS = st.sampled_from(
    [OPEN, CLOSE, "<<<", ">>>", "<", ">", "DATA", "\u200b", "\u2060", "\n", "\u202e", '"', "\\", "x"]
)
HOSTILE = st.lists(PARTS, max_size=12).map("".join) | st.text(max_size=40)


@given(HOSTILE, HOSTILE)
def test_no_text_can_open_or_close_the_fence(text: str, headline: str) -> None:
    row = {"text": text, "headline": headline, "title": text, "rating": None, "rating_max": None}
    message = fenced(document_payload(row))
    assert message.count(OPEN) == 1 and message.count(CLOSE) == 1
    inner = message.removeprefix(OPEN).removesuffix(CLOSE)
    assert json.loads(inner)["document"]["rating"] is None


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text, 1000)
    assert once is not None and clean(once, 1000) == once


def test_plain_words_pass_unchanged() -> None:
    text = "Great film, 9/10 <3 \n“Très bien” 👨‍👩‍👧 >> 映画"
    assert clean(text, 100) == text
    assert clean(text, 5) == "Great"


def test_unseen_characters_cannot_hide_a_marker() -> None:
    assert clean("<\u200b<\u2060<DATA", 100) == "‹‹‹DATA"
    assert clean("good\u202e\U000e0041\x00 film", 100) == "good film"


def test_every_prompt_marks_the_data_and_lists_the_vocabulary() -> None:
    for name in ("document_score", "title_digest"):
        for prompt in load_prompts(name):
            assert "never an instruction" in prompt.text and OPEN in prompt.text and "{{" not in prompt.text
            assert all(tag in prompt.text for tag in VIBE_TAGS)
            assert messages(prompt, {})[0]["content"] == prompt.text


def write(folder: Path, number: int, text: str, says: object = None) -> None:
    (folder / "p").mkdir(exist_ok=True)
    (folder / "p" / f"{number}.md").write_text(f"---\nversion: {says or number}\n---\n{text}\n")


def test_an_edit_is_a_new_version_even_when_the_number_stays(tmp_path: Path) -> None:
    write(tmp_path, 7, "Score it.")
    before = newest_prompt("p", tmp_path).version
    write(tmp_path, 7, "Score it well.")
    after = newest_prompt("p", tmp_path).version
    assert before.startswith("7-") and after.startswith("7-") and before != after


def test_versions_are_sorted_as_numbers_and_the_newest_is_the_highest(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        write(tmp_path, number, f"Score it, try {number}.")
    assert [prompt.number for prompt in load_prompts("p", tmp_path)] == [1, 9, 10]
    assert newest_prompt("p", tmp_path).text == "Score it, try 10."


def test_a_prompt_file_that_cannot_be_right_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="There is no prompt for p"):
        newest_prompt("p", tmp_path)
    write(tmp_path, 2, "Score it.", says=1)
    with pytest.raises(PermanentFailure, match="says version 1, but its name says 2"):
        newest_prompt("p", tmp_path)
    (tmp_path / "p" / "2.md").write_text("Score it.")
    with pytest.raises(PermanentFailure, match="front matter"):
        newest_prompt("p", tmp_path)
