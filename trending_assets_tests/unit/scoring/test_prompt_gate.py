"""The gate of prompt versions: what it lets through by measure, and each of its guards catching."""

import polars as pl
import pytest

from bench.prompt_gate import accepted
from trending_assets.scoring.evaluation.agreement import (
    DIGEST_SCHEMA,
    DOCUMENT_SCHEMA,
    compare_digest,
    compare_document,
    frame_of,
)
from trending_assets.scoring.evaluation.gate import Verdict, compare
from trending_assets.scoring.evaluation.items import gold_digests, gold_documents
from trending_assets_tests.unit.scoring.oracle import SPAM_BLIND, WRONG, digest_answer, document_answer


def documents(system: str = "", again: str | None = None, reordered: str | None = None) -> pl.DataFrame:
    """Compared answers of a version: its first, its second and its reordered one by what the system message says."""
    rows = []
    for item in gold_documents():
        answers = [document_answer(item, words) for words in (system, system if again is None else again)]
        twin = document_answer(item, system if reordered is None else reordered)
        rows.append({"labels": "gold", "item": item.id} | compare_document(item.truth, answers, twin))
    return frame_of(rows, DOCUMENT_SCHEMA)


def digests(system: str = "", reordered: str | None = None) -> pl.DataFrame:
    rows = []
    for item in gold_digests():
        twin = digest_answer(item, system if reordered is None else reordered)
        answers = [digest_answer(item, system)] * 2
        rows.append({"labels": "gold", "item": item.id} | compare_digest(item.truth, answers, twin))
    return frame_of(rows, DIGEST_SCHEMA)


def refused(verdict: Verdict, words: str) -> None:
    assert not verdict.accepted and words in verdict.reason, verdict.reason


def test_an_equal_version_is_accepted_with_its_figures() -> None:
    verdict = compare(documents(), documents())
    n = len(gold_documents())
    assert verdict == Verdict(True, verdict.reason, 0.0, 0.0, 0.0, n)
    assert f"on {n} items: +0.000" in verdict.reason and verdict.reason.endswith("order hold.")
    assert compare(digests(), digests()).accepted


def test_a_better_version_is_accepted_and_a_worse_one_is_not() -> None:
    assert compare(documents(WRONG), documents()).accepted
    refused(compare(documents(), documents(WRONG)), "may score lower by more than 0.05")
    assert compare(digests(WRONG), digests()).accepted
    refused(compare(digests(), digests(WRONG)), "may score lower")


def test_a_version_that_loses_one_flag_is_refused_though_its_score_holds() -> None:
    verdict = compare(documents(), documents(SPAM_BLIND))
    refused(verdict, "the kappa of spam is 0.00, below 0.60")
    assert verdict.low is not None and verdict.low > -0.05  # the score alone would have let it through
    # A version in use that is no better at it sets a floor of its own.
    assert compare(documents(SPAM_BLIND), documents(SPAM_BLIND)).accepted


def test_an_unsteady_version_is_refused_though_its_score_holds() -> None:
    steady = documents(WRONG)
    refused(compare(steady, documents(WRONG, again="")), "repeatability falls from 1.000")
    refused(compare(documents(), documents(reordered=WRONG)), "reordered requests falls from 1.000")
    refused(compare(digests(), digests(reordered=WRONG)), "reordered requests falls from 1.000")


def test_versions_without_common_documents_are_not_compared() -> None:
    rows = documents()
    refused(compare(rows.head(100), rows.tail(100)), "No document was put to both versions")
    assert compare(rows.head(100), rows.tail(200)).n == 50


def test_what_a_version_did_not_answer_counts_against_it() -> None:
    silent = [
        {"labels": "gold", "item": i.id} | compare_document(i.truth, [None, None], None)
        if n % 5 == 0
        else {"labels": "gold", "item": i.id} | compare_document(i.truth, [document_answer(i)] * 2, document_answer(i))
        for n, i in enumerate(gold_documents())
    ]
    refused(compare(documents(), frame_of(silent, DOCUMENT_SCHEMA)), "may score lower")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("difference", "digests", "least", "most"),
    # Of a digest only genre and tags are held against the gold set of 36 titles, so its gate sees less.
    [(-0.05, False, 0.0, 0.05), (0.05, False, 0.8, 1.0), (-0.05, True, 0.0, 0.05), (0.05, True, 0.55, 1.0)],
)
def test_a_worse_version_hardly_ever_passes_and_a_better_one_nearly_always(
    difference: float, digests: bool, least: float, most: float
) -> None:
    share = accepted(difference, digests, trials=60, seed=3)
    print(f"{'title_digest' if digests else 'document_score'} {difference:+.2f}: {share:.3f} accepted")
    assert least <= share <= most
