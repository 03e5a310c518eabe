"""A digest rests on documents about the title, one voice an author, and every sentence of it cites them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets import quarantine
from trending_assets.contracts import TABLES, conform, validate
from trending_assets.lake import Lake
from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.digests import MAX_WORDS, TABLE, check_digest, digest_titles
from trending_assets.scoring.evidence import MAX_DOCUMENTS, MAX_TITLES, chosen, evidence, summarize
from trending_assets.scoring.schema import digest_task
from trending_assets.scoring.tally import Tally
from trending_assets_tests.unit.scoring.frames import DAY, mentions, table, titles
from trending_assets_tests.unit.scoring.test_documents import settings
from trending_assets_tests.unit.scoring.tiny_llm import Reply, TinyLlm, completion, data_of, tiny_llm

Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def good(body: dict[str, Any]) -> Reply:
    ids = [document["doc_id"] for document in data_of(body)["documents"]]
    answer = {
        "too_little": False,
        "vibe_score": 7.5,
        "vibe_tags": ["funny", "funny"],
        "primary_genre": "Drama",
        "secondary_genre": "Drama",
        "summary": [{"sentence": "People like it.", "doc_ids": ids[:2]}],
    }
    return completion(answer)


@pytest.fixture
def server() -> Iterator[TinyLlm]:
    with tiny_llm(good) as started:
        yield started


def world(voices: list[dict[str, Any]]) -> Frames:
    """Scores, mentions and documents of voices: doc_id, author, title, and what differs from a plain good document."""
    scores, links, docs = [], [], []
    for voice in voices:
        day = voice.get("date", DAY)
        at = datetime(day.year, day.month, day.day, voice.get("hour", 12), tzinfo=UTC)
        scores.append(
            {
                "date": day,
                "doc_id": voice["doc_id"],
                "sentiment": voice.get("sentiment", 0.5),
                "about_title": voice.get("about_title", True),
                "spam": voice.get("spam", False),
            }
        )
        links.append(mentions({voice["doc_id"]: voice.get("title", "movie-1")}, day))
        docs.append(
            {
                "date": day,
                "doc_id": voice["doc_id"],
                "author_id": voice["author"],
                "published_at": at,
                "text": voice.get("text", "Good."),
                "kind": "post",
            }
        )
    return table("scoring/document_scores", scores), pl.concat(links), table("staging/documents", docs)


def digest(lake: Lake, server: TinyLlm, frames: Frames, *days: date) -> tuple[pl.DataFrame, Tally]:
    names = titles({"movie-1": "Dune", "movie-2": "Up"}, *days)
    with LlmAsker(settings(server.url)) as asker:
        return digest_titles(lake, days or (DAY,), *frames, names, asker, digest_task())


def three(**more: Any) -> list[dict[str, Any]]:
    return [{"doc_id": f"d{n}", "author": f"a{n}"} | more for n in range(3)]


def test_a_title_with_enough_voices_gets_a_digest(lake: Lake, server: TinyLlm) -> None:
    frame, tally = digest(lake, server, world(three()))
    assert validate(conform(frame, TABLES[TABLE]), TABLES[TABLE]) == []
    row = frame.to_dicts()[0]
    assert (row["documents"], row["sentiment"], row["too_little"], row["vibe_score"]) == (3, 0.5, False, 7.5)
    assert row["vibe_tags"] == ["funny"] and row["primary_genre"] == "Drama" and row["secondary_genre"] is None
    assert row["summary"] == [{"sentence": "People like it.", "doc_ids": ["d0", "d1"]}]
    assert tally.calls == 1 and data_of(server.requests[0])["title"]["genres"] == ["Drama"]


@pytest.mark.parametrize(
    "voices",
    [
        three()[:2],
        [v | {"author": "one"} for v in three()],
        [*three()[:2], {"doc_id": "d9", "author": "a9", "spam": True}],
        [*three()[:2], {"doc_id": "d9", "author": "a9", "about_title": False}],
        [*three()[:2], {"doc_id": "d9", "author": "a9", "date": DAY - timedelta(days=7)}],
        [*three()[:2], {"doc_id": "d9", "author": "a9", "date": DAY + timedelta(days=1)}],
    ],
)
def test_too_little_is_said_without_a_call(lake: Lake, server: TinyLlm, voices: list[dict[str, Any]]) -> None:
    frame, tally = digest(lake, server, world(voices))
    row = frame.to_dicts()[0]
    assert row["too_little"] and row["model"] is None and row["vibe_score"] is None and row["sentiment"] == 0.5
    assert server.requests == [] and tally.notes["not_asked_too_few_documents"] == 1


def test_sentiment_gives_every_author_one_voice() -> None:
    voices = [{"doc_id": f"d{n}", "author": "loud", "sentiment": 1.0} for n in range(9)]
    voices.append({"doc_id": "e", "author": "quiet", "sentiment": -1.0})
    head = summarize(evidence(DAY, *world(voices)))
    assert head["sentiment"].to_list() == [0.0] and head["documents"].to_list() == [10]


def test_a_request_holds_each_authors_newest_and_at_most_thirty_by_doc_id() -> None:
    voices = [{"doc_id": f"d{n:02}", "author": f"a{n}", "hour": 5} for n in range(40)]
    voices.append({"doc_id": "z", "author": "a0", "hour": 9})
    picked = chosen(evidence(DAY, *world(voices)))["doc_id"].to_list()
    assert picked == [f"d{n:02}" for n in range(1, MAX_DOCUMENTS + 1)]


def test_only_the_titles_with_most_authors_are_asked_about() -> None:
    voices = [
        {"doc_id": f"d{t}-{n}", "author": f"a{n}", "title": f"movie-{t:03}"}
        for t in range(MAX_TITLES + 2)
        for n in range(3 if t < 2 else 4)
    ]
    heads = summarize(evidence(DAY, *world(voices)))
    assert heads.filter(~pl.col("asked"))["title_id"].to_list() == ["movie-000", "movie-001"]
    assert heads["enough"].all()


def test_unchanged_evidence_is_not_asked_about_again_and_a_range_equals_its_days(lake: Lake, server: TinyLlm) -> None:
    days = [DAY + timedelta(days=n) for n in range(4)]
    voices = [*three(), {"doc_id": "late", "author": "b", "date": days[2]}]
    ranged, tally = digest(lake, server, world(voices), *days)
    assert tally.calls == 2  # the first day, and the day with a new document
    alone, tally = digest(lake, server, world(voices), days[3])
    assert tally.calls == 0 and alone.equals(ranged.filter(pl.col("date") == days[3]))
    assert lake.sha256("scoring/digest_cache", days[0]) == lake.sha256("scoring/digest_cache", days[1])


def test_texts_are_cut_and_ordered(lake: Lake, server: TinyLlm) -> None:
    digest(lake, server, world(list(reversed(three(text="long " * 900)))))
    sent = data_of(server.requests[0])["documents"]
    assert [d["doc_id"] for d in sent] == ["d0", "d1", "d2"] and {len(d["text"]) for d in sent} == {600}


def test_a_failed_digest_stands_in_quarantine(lake: Lake, server: TinyLlm) -> None:
    server.reply = lambda _: completion("{", finish="length")
    frame, tally = digest(lake, server, world(three()))
    assert frame.is_empty() and tally.failures == {"truncated": 1}
    assert quarantine.read(lake, TABLE, [DAY]).select("url", "reason").rows() == [("movie-1", "llm")]


def answer(*sentences: tuple[str, list[str]], **more: Any) -> dict[str, Any]:
    base = {"too_little": False, "vibe_score": 5.0, "vibe_tags": [], "primary_genre": None, "secondary_genre": "War"}
    return base | {"summary": [{"sentence": s, "doc_ids": ids} for s, ids in sentences]} | more


def test_sentences_that_cite_nothing_or_strangers_or_lead_past_sixty_words_are_dropped() -> None:
    given_ids = {"a", "b"}
    found = check_digest(
        answer(("Uncited.", []), ("Stranger.", ["a", "x"]), ("Fine.", ["a", "a"]), ("w " * 60, ["b"]), (" ", ["a"])),
        given_ids,
    )
    assert found.columns["summary"] == [{"sentence": "Fine.", "doc_ids": ["a"]}]
    assert found.columns["secondary_genre"] is None  # no second without a first
    assert found.dropped == {
        "uncited_sentence": 1,
        "unknown_document_cited": 1,
        "over_60_words_or_4_sentences": 1,
        "empty_sentence": 1,
    }
    nothing_left = check_digest(answer(("Uncited.", [])), given_ids).columns
    assert nothing_left["too_little"] and nothing_left["vibe_score"] is None
    assert check_digest(answer(("Fine.", ["a"]), too_little=True), given_ids).columns["summary"] == []


@given(st.lists(st.tuples(st.text("ab ", max_size=80), st.lists(st.sampled_from("abcx"), max_size=3)), max_size=8))
def test_whatever_comes_back_the_summary_cites_and_is_short(sentences: list[tuple[str, list[str]]]) -> None:
    found = check_digest(answer(*sentences), {"a", "b", "c"})
    kept = found.columns["summary"]
    assert sum(len(s["sentence"].split()) for s in kept) <= MAX_WORDS
    assert all(s["doc_ids"] and set(s["doc_ids"]) <= set("abc") for s in kept)
    assert len(kept) + found.dropped.total() == len(sentences) and found.columns["too_little"] == (not kept)
