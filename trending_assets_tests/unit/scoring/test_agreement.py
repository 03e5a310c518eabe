"""The figures of an evaluation: held against scikit-learn and SciPy, and against answers that are right or wrong by design."""

import numpy as np
import pytest
from scipy.stats import norm, spearmanr
from sklearn.metrics import cohen_kappa_score, f1_score

from trending_assets.lake import Lake
from trending_assets.scoring.evaluation.agreement import (
    DOCUMENT_SCHEMA,
    compare_digest,
    compare_document,
    digest_score,
    document_score,
    frame_of,
)
from trending_assets.scoring.evaluation.items import (
    Item,
    gold_digests,
    gold_documents,
    rated_documents,
    without_rating,
)
from trending_assets.scoring.evaluation.metrics import (
    bootstrap,
    document_figures,
    kappa,
    mean,
    micro_f1,
    point,
    spearman,
)
from trending_assets.scoring.schema import digest_task, document_task
from trending_assets_tests.unit.scoring.frames import DAY, documents
from trending_assets_tests.unit.scoring.oracle import WRONG, digest_answer, document_answer

RNG = np.random.default_rng(7)


def test_figures_are_those_of_scikit_learn_and_scipy() -> None:
    true = RNG.random(300) < 0.2
    found = np.where(RNG.random(300) < 0.85, true, ~true)
    assert point(kappa(found, true), 300) == pytest.approx(cohen_kappa_score(found, true))
    x, y = RNG.integers(0, 5, 300), RNG.integers(0, 5, 300)
    assert point(spearman(x, y), 300) == pytest.approx(spearmanr(x, y).statistic)
    labels, claims = RNG.random((300, 6)) < 0.3, RNG.random((300, 6)) < 0.3
    counts = [(labels & claims).sum(axis=1), claims.sum(axis=1), labels.sum(axis=1)]
    assert point(micro_f1(*counts), 300) == pytest.approx(f1_score(labels, claims, average="micro"))


def test_an_interval_is_as_wide_as_the_theory_says_and_always_the_same() -> None:
    x = RNG.normal(3, 2, 400)
    figure = bootstrap(mean(x), 400)
    assert figure is not None and figure == bootstrap(mean(x), 400) and figure.n == 400
    half = norm.ppf(0.975) * x.std() / np.sqrt(400)
    assert figure.value == pytest.approx(x.mean(), abs=1e-6)
    assert (figure.high - figure.low) / 2 == pytest.approx(half, rel=0.1)


def test_the_interval_covers_the_truth_about_as_often_as_it_promises() -> None:
    inside = 0
    for seed in range(300):
        x = np.random.default_rng(seed).random(80) < 0.3
        figure = bootstrap(mean(x), 80)
        assert figure is not None
        inside += figure.low <= 0.3 <= figure.high
    assert 0.9 <= inside / 300 <= 0.98


def test_what_is_not_defined_is_left_out() -> None:
    assert bootstrap(mean([]), 0) is None
    assert bootstrap(kappa([True, True], [True, True]), 2) is None
    assert bootstrap(spearman([1, 1, 1], [1, 2, 3]), 3) is None
    assert bootstrap(micro_f1([0], [0], [0]), 1) is None


@pytest.mark.parametrize("item", gold_documents(), ids=lambda item: item.id)
def test_every_gold_document_can_be_answered_right_and_wrong(item: Item) -> None:
    right, wrong = document_answer(item), document_answer(item, WRONG)
    assert document_task().problem(right) is None and document_task().problem(wrong) is None
    assert document_score(item.truth, right) == 1.0 > document_score(item.truth, wrong)


@pytest.mark.parametrize("item", gold_digests(), ids=lambda item: item.id)
def test_every_gold_digest_can_be_answered_right_and_wrong(item: Item) -> None:
    right, wrong = digest_answer(item), digest_answer(item, WRONG)
    assert digest_task().problem(right) is None and digest_task().problem(wrong) is None
    assert digest_score(item.truth, right) == 1.0 > digest_score(item.truth, wrong)
    assert digest_score(item.truth, right | {"too_little": True}) == 0.0


def test_the_gold_set_is_large_mixed_and_without_repeats() -> None:
    items = gold_documents()
    assert len({item.id for item in items}) == len(items) >= 150 and len(gold_digests()) >= 12
    assert {item.truth["sentiment"] for item in items} == {-1, 0, 1}
    for flag in ("spam", "spoiler"):
        assert sum(item.truth[flag] for item in items) >= 10
    assert sum(item.truth["about_title"] is False for item in items) >= 10
    assert all(4 <= len(item.payload["documents"]) <= 10 for item in gold_digests())


def test_repetitions_and_order_are_compared_and_a_missing_answer_counts_as_nothing() -> None:
    item = gold_documents()[0]
    right, wrong = document_answer(item), document_answer(item, WRONG)
    same = compare_document(item.truth, [right, right], right)
    assert (same["score"], same["repeatability"], same["order"], same["answered"]) == (1.0, 1.0, 1.0, 1.0)
    moved = compare_document(item.truth, [right, wrong], wrong)
    assert moved["score"] < 1.0 and moved["repeatability"] < 1.0 and moved["order"] == moved["repeatability"]
    silent = compare_document(item.truth, [None, right], right)
    assert silent["score"] == 0.5 and silent["answered"] == 0.5 and silent["repeatability"] is None
    assert "sentiment" not in silent and "order" not in silent


def test_order_effects_of_a_digest_are_told_apart() -> None:
    item = gold_digests()[0]
    right = digest_answer(item)
    other = right | {
        "primary_genre": "Soap",
        "summary": [{"sentence": "x", "doc_ids": right["summary"][0]["doc_ids"][:1]}],
    }
    row = compare_digest(item.truth, [right, right], other)
    assert (row["order_primary_genre_changed"], row["order_vibe_tags"], row["order_cited"]) == (1.0, 1.0, 0.5)
    assert row["same_primary_genre"] == 1.0


def test_figures_of_right_answers_are_perfect_and_of_turned_ones_are_not() -> None:
    def figures(system: str) -> dict[str, float]:
        rows = [
            {"labels": "gold", "item": item.id}
            | compare_document(item.truth, [document_answer(item, system)] * 2, document_answer(item))
            for item in gold_documents()
        ]
        return {name: figure.value for name, figure in document_figures(frame_of(rows, DOCUMENT_SCHEMA)).items()}

    right, wrong = figures(""), figures(WRONG)
    perfect = ("score", "sentiment_class", "sentiment_spearman", "spam_kappa", "genres_f1", "vibe_tags_f1", "order")
    assert all(right[name] == pytest.approx(1.0) for name in perfect)
    assert wrong["sentiment_spearman"] < -0.5 and wrong["genres_f1"] == 0 and wrong["order"] < 1
    assert wrong["spam_kappa"] == 1.0  # those answers are wrong elsewhere


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("A fine film. 8/10", "A fine film."),
        ("I give it 4.5 out of 5, no more.", "I give it , no more."),
        ("★★★★½ Lovely", "Lovely"),
        ("Three and a half stars for the cast", "for the cast"),
        ("Vier? Nein, 3 Sterne, und das ist viel", "Vier? Nein, , und das ist viel"),
        ("Rating: 7 Solid stuff", "Solid stuff"),
        ("Grade: B+ and I mean it", "and I mean it"),
        ("Solid 85% from me", "Solid from me"),
        ("Note : 7/10, un bon film", ", un bon film"),
        ("In 2001 two stars met, 10 of them", "In 2001 met, 10 of them"),
        ("A film about 9 people in 1984", "A film about 9 people in 1984"),
    ],
)
def test_forms_of_a_rating_are_taken_out(text: str, left: str) -> None:
    assert without_rating(text) == left


def test_rated_documents_are_a_fixed_sample_and_never_show_their_rating(lake: Lake) -> None:
    texts = {f"d{n}": f"Document {n} of a film that I have seen last night, 8/10." for n in range(30)}
    frame = documents(texts, rating=0.8)
    lake.write("staging/documents", frame, DAY)
    sample = rated_documents(lake, 10)
    assert len(sample) == 10 and sample == rated_documents(lake, 10) == rated_documents(lake, 20)[:10]
    assert all("8/10" not in item.payload["document"]["text"] for item in sample)
    assert all(item.payload["document"]["rating"] is None and item.truth == {"rating": 0.8} for item in sample)
    assert {item.labels for item in sample} == {"ratings"}
    lake.write("staging/documents", documents(texts), DAY)
    assert rated_documents(lake, 10) == ()


def test_a_schema_without_a_vibe_score_is_compared_by_the_rest() -> None:
    item = gold_digests()[0]
    answer = {name: value for name, value in digest_answer(item).items() if name != "vibe_score"}
    row = compare_digest(item.truth, [answer, answer], answer)
    assert (row["score"], row["repeatability"], row["order"], row["feeling_right"]) == (1.0, 1.0, 1.0, None)
    assert digest_score(item.truth, answer | {"primary_genre": "Soap"}) == 0.5
