"""The labelled texts of cases.py, one test each: what must be linked and what must be left alone."""

import pytest

from trending_assets.linking.link import link_documents
from trending_assets_tests.unit.linking.cases import CASES, HARD, Case, documents, titles


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """Linked titles by doc_id, all cases read in one call as a day's documents are."""
    mentions = link_documents(documents(), titles())
    linked: dict[str, set[str]] = {doc: set() for doc in mentions["doc_id"]}
    for doc, title in mentions.drop_nulls("title_id").select("doc_id", "title_id").iter_rows():
        linked[doc].add(title)
    return linked


def _marked(number: int, case: Case) -> object:
    # A case that is still too hard fails; one that is no longer has to leave the list.
    marks = [pytest.mark.xfail(strict=True, reason="too little evidence for the cut")] if case.text in HARD else []
    return pytest.param(number, case, id=f"{case.family}: {case.text[:60]}", marks=marks)


@pytest.mark.parametrize(("number", "case"), [_marked(number, case) for number, case in enumerate(CASES)])
def test_case(number: int, case: Case, found: dict[str, set[str]]) -> None:
    assert found[f"{number:04}"] == set(case.titles)


def test_hard_cases_are_few() -> None:
    assert len(HARD) <= len(CASES) // 15
    assert set(HARD) <= {case.text for case in CASES}
