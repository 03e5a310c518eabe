"""Copies of a text: what folds, what stays apart, and one day at a time."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, validate
from trending_assets.partitions import EVIDENCE_DAYS
from trending_assets.staging import clusters as module
from trending_assets.staging.clusters import MAX_CANDIDATES, MIN_SHINGLES, WINDOW_DAYS, clusters, shingles_of, words

DAY = date(2026, 3, 10)
TEXT = (
    "The second act is where the film finds its nerve: a long dinner in which nobody says what they came to say, and the "
    "camera, for once, has the patience to wait for it. By the time the plates are cleared we know who will leave and who "
    "will only talk about leaving, and the last shot makes us doubt both."
)
OTHERS = "quiet lamp river seldom orange window seventh copper whisper garden marble thunder velvet harbour needle"
PARAGRAPH, SPARE = TEXT.split(), OTHERS.split()


def _documents(*given: tuple[str, str, str], day: date = DAY, start: int = 0) -> pl.DataFrame:
    """Rows of (doc_id, author_id, text), a minute apart."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows = [
        {
            "date": day,
            "doc_id": d,
            "author_id": a,
            "headline": None,
            "text": t,
            "published_at": begin + timedelta(minutes=start + n),
        }
        for n, (d, a, t) in enumerate(given)
    ]
    schema = {"date": pl.Date, **{k: v for k, v in TABLES["staging/documents"].schema.items() if k in rows[0]}}
    return pl.DataFrame(rows, schema=schema)


def _edited(draw: random.Random, share: float = 0.06) -> str:
    return " ".join(draw.choice(SPARE) if draw.random() < share else word for word in PARAGRAPH)


def _by_id(frame: pl.DataFrame) -> dict[str, tuple[str, str, int, float | None]]:
    return {
        row[0]: row[1:] for row in frame.select("doc_id", "cluster_id", "voice_id", "copies", "similarity").iter_rows()
    }


def test_ten_edited_copies_of_a_paragraph_are_one_voice() -> None:
    draw = random.Random(11)
    copies = [(f"c{n}", f"s{n}/p{n}", _edited(draw)) for n in range(10)]
    given = _documents(("a", "x/ann", TEXT), *copies, ("z", "z/zoe", "Something else " * 3 + " ".join(SPARE * 3)))
    made = _by_id(clusters(given, [DAY]))
    assert made["a"] == ("a", "x/ann", 1, None)
    for n, (doc_id, _, _) in enumerate(copies):
        cluster, voice, so_far, similarity = made[doc_id]
        assert (cluster, voice, so_far) == ("a", "x/ann", n + 2)
        assert similarity is not None and 0.5 <= similarity <= 1
    assert made["z"] == ("z", "z/zoe", 1, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: f"RT @ann: {text} https://x.example/1?utm=2 #film",
        lambda text: f"A friend wrote this and I agree with all of it. {text}",
        lambda text: text[: len(text) * 3 // 4] + "…",
        lambda text: text.replace(",", " —").replace(":", ";"),
        lambda text: " ".join(reversed(text.split(": "))),
    ],
    ids=["case", "links", "lead", "cut", "punctuation", "order"],
)
def test_what_resharing_does_to_a_text(change: object) -> None:
    original = TEXT
    changed = change(original)  # type: ignore[operator]
    made = _by_id(clusters(_documents(("a", "x/ann", original), ("b", "y/bob", changed)), [DAY]))
    assert made["b"][:2] == ("a", "x/ann")


def test_short_posts_of_one_pattern_are_many_voices() -> None:
    posts = [
        (f"{n:03}", f"x/p{n}", f"I rated The Lord of the Rings: The Return of the King {n % 3 + 7}/10 #IMDb")
        for n in range(60)
    ]
    made = _by_id(clusters(_documents(*posts), [DAY]))
    assert {row[1] for row in made.values()} == {author for _, author, _ in posts}
    assert all(row[2:] == (1, None) for row in made.values())


def test_texts_of_other_words_stay_apart() -> None:
    draw = random.Random(4)
    texts = [" ".join(draw.choices(PARAGRAPH + SPARE * 4, k=60)) for _ in range(40)]
    made = _by_id(clusters(_documents(*((f"{n:02}", f"x/p{n}", text) for n, text in enumerate(texts))), [DAY]))
    assert all(row[0] == doc_id for doc_id, row in made.items())


def test_a_chain_of_small_changes_does_not_drift() -> None:
    """Each text is like the one before it; compared with the cluster's first, the far ones open clusters of their own."""
    draw = random.Random(8)
    words_now, chain = list(PARAGRAPH), []
    for n in range(30):
        chain.append((f"{n:02}", f"s{n}/p", " ".join(words_now)))
        for _ in range(4):
            words_now[draw.randrange(len(words_now))] = draw.choice(SPARE)
    made = _by_id(clusters(_documents(*chain), [DAY]))
    assert made["01"][0] == "00"
    first = {doc_id: set(shingles_of(None, text)) for doc_id, _, text in chain}
    for doc_id, (cluster, _, _, similarity) in made.items():
        true = len(first[doc_id] & first[cluster]) / len(first[doc_id] | first[cluster])
        assert (similarity is None and doc_id == cluster) or abs(similarity - true) < 1e-12  # type: ignore[operator]
        assert doc_id == cluster or true >= module.SIMILARITY
    assert len({row[0] for row in made.values()}) >= 3


def test_the_window_and_causality() -> None:
    text = TEXT
    first = _documents(("a", "x/ann", text))
    later = [_documents((f"b{n}", f"y/b{n}", text), day=DAY + timedelta(days=n)) for n in range(1, 8)]
    everything = pl.concat([first, *later])
    days = [DAY + timedelta(days=n) for n in range(8)]
    made = _by_id(clusters(everything, days))
    assert made["a"] == ("a", "x/ann", 1, None), "what comes later changes nothing"
    assert [made[f"b{n}"] for n in range(1, 7)] == [("a", "x/ann", n + 1, 1.0) for n in range(1, 7)]
    assert made["b7"] == ("b1", "y/b1", 7, 1.0), "a week later the first is out of sight, and the oldest in sight leads"
    assert WINDOW_DAYS == EVIDENCE_DAYS, "the asset reads EVIDENCE_WINDOW"


def test_a_day_alone_and_in_a_range_gives_the_same_rows() -> None:
    draw = random.Random(2)
    parts = []
    for n in range(10):
        texts = [
            _edited(draw, 0.08) if draw.random() < 0.5 else " ".join(draw.choices(SPARE + PARAGRAPH, k=50))
            for _ in range(30)
        ]
        parts.append(
            _documents(
                *((f"{n}-{k:02}", f"s{k % 4}/p{k}", t) for k, t in enumerate(texts)), day=DAY + timedelta(days=n)
            )
        )
    documents = pl.concat(parts)
    days = sorted(set(documents["date"]))
    whole = clusters(documents.sample(fraction=1, shuffle=True, seed=1), days)
    assert validate(whole.drop("date"), TABLES["staging/clusters"]) == []
    for day in days:
        window = documents.filter(pl.col("date").is_between(day - timedelta(days=WINDOW_DAYS - 1), day))
        assert clusters(window, [day]).equals(whole.filter(pl.col("date") == day)), day
    assert whole.filter(pl.col("copies") > 1).height > 50


def test_a_flood_of_variants_costs_a_bounded_number_of_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 texts that share half a page and are still no copies: each is compared with MAX_CANDIDATES at most."""
    draw = random.Random(3)
    shared = " ".join(f"common{n}" for n in range(40))
    texts = [f"{shared} " + " ".join(f"own{draw.randrange(10**6)}" for _ in range(45)) for _ in range(2_000)]
    compared = []
    real = module._Similarities.of
    monkeypatch.setattr(module._Similarities, "of", lambda self, a, b: compared.append((a, b)) or real(self, a, b))  # type: ignore[func-returns-value]
    made = clusters(_documents(*((f"{n:04}", f"x/p{n}", text) for n, text in enumerate(texts))), [DAY])
    assert made["cluster_id"].n_unique() == len(texts)
    assert len(texts) < len(compared) <= MAX_CANDIDATES * len(texts)


def test_a_document_that_is_seen_again_is_no_copy_of_itself() -> None:
    again = pl.concat([_documents(("a", "x/ann", TEXT)), _documents(("a", "x/ann", TEXT), day=DAY + timedelta(days=5))])
    made = clusters(again, [DAY, DAY + timedelta(days=5)])
    assert made.select("cluster_id", "copies", "similarity").rows() == [("a", 1, None)] * 2


def test_words_and_the_shortest_text_that_counts() -> None:
    assert words("Heat", "Heat again, at https://x.example/a with @bob #film") == ["heat", "again", "at", "with"]
    assert words("Why", None) == ["why"]
    assert words(None, "映画はとても") == list("映画はとても")
    long_enough = " ".join(f"w{n}" for n in range(MIN_SHINGLES + 1))
    assert len(shingles_of(None, long_enough)) == MIN_SHINGLES
    assert shingles_of(None, long_enough.rpartition(" ")[0]) == []
    assert shingles_of(None, "la la la " * 100) == [], "words that repeat are no words of its own"


def test_nothing_at_all() -> None:
    frame = clusters(_documents(("a", "x/a", "b")).clear(), [DAY])
    assert frame.is_empty() and frame.columns == ["date", *TABLES["staging/clusters"].schema]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.05, 0.3, 1.0]), st.integers(0, 9)), max_size=14))
def test_every_document_has_one_row_and_a_cluster_that_is_there(given_rows: list[tuple[int, float, int]]) -> None:
    parts = []
    for n, (offset, share, seed) in enumerate(given_rows):
        text = _edited(random.Random(seed), share)
        parts.append(_documents((f"d{n:02}", f"s/{seed}", text), day=DAY + timedelta(days=offset), start=n))
    if not parts:
        return
    documents = pl.concat(parts)
    made = clusters(documents, sorted(set(documents["date"])))
    assert sorted(made["doc_id"]) == sorted(documents["doc_id"])
    voices = dict(documents.select("doc_id", "author_id").iter_rows())
    for doc_id, (cluster, voice, copies, similarity) in _by_id(made).items():
        assert voices[cluster] == voice
        assert (copies == 1) == (similarity is None) == (cluster == doc_id)


@pytest.mark.world
def test_rating_posts_of_spring_2013_stay_apart(shared: Path) -> None:
    rows = pl.read_parquet(shared / "worlds/spring-2013/documents.parquet").filter(pl.col("kind") == "post")
    documents = rows.select(
        date=pl.col("published_at").dt.date(),
        doc_id="url",
        author_id=pl.format("{}/{}", "site", "author"),
        published_at="published_at",
        headline="headline",
        text="text",
    )
    made = clusters(documents, sorted(set(documents["date"])))
    assert made.height == rows.height == 71_251
    assert made.filter(pl.col("cluster_id") != pl.col("doc_id")).is_empty()
