"""Clusters, probabilities and one meaning a name."""

import numpy as np
import pytest

from trending_assets.linking.decide import Pairs, clusters, covered, probabilities, settle, sure


def pairs(*rows: tuple[int, int, int, int, int, float]) -> Pairs:
    cluster, document, span, row, form, score = (np.array(column) for column in zip(*rows, strict=True))
    return Pairs(cluster, document, span, row, form, score.astype(float))


def test_overlapping_ranges_share_a_cluster_and_hopeless_ones_link_none() -> None:
    first, last = np.array([0, 1, 2, 6]), np.array([2, 3, 4, 8])
    assert clusters(first, last, np.zeros(4)).tolist() == [0, 0, 0, 1]
    apart = clusters(first, last, np.array([0.0, -5.0, 0.0, 0.0]))
    assert apart[0] != apart[2] and apart[1] == apart[0]
    assert len(clusters(np.zeros(0, int), np.zeros(0, int), np.zeros(0))) == 0


def test_covered_ranges() -> None:
    first, last = np.array([0, 0, 0, 2, 5]), np.array([3, 3, 1, 3, 7])
    assert covered(first, last).tolist() == [False, False, True, True, False]


def test_titles_of_a_cluster_and_no_title_share_one() -> None:
    found = pairs((0, 0, 0, 1, 1, 0.0), (0, 0, 0, 2, 1, 0.0), (1, 0, 1, 1, 1, 0.0))
    assert probabilities(found, found.score) == pytest.approx([1 / 3, 1 / 3, 1 / 2])


def test_a_title_that_a_cluster_names_twice_counts_once() -> None:
    found = pairs((0, 0, 0, 7, 1, 2.0), (0, 0, 1, 7, 2, 1.0))
    assert probabilities(found, found.score) == pytest.approx([np.exp(2) / (1 + np.exp(2)), 0.0])


def test_what_is_sure_in_one_place_decides_in_another() -> None:
    # Title 1 is sure in cluster 0; in cluster 1 the same name could be 1 or 2.
    found = pairs((0, 0, 0, 1, 5, 5.0), (1, 0, 1, 1, 5, 0.0), (1, 0, 1, 2, 5, 0.5))
    before, after = probabilities(found, found.score), settle(found, 3.0, 0.0)
    assert after[1] > 0.9 > before[1] and after[2] < before[2]
    assert after[0] >= before[0]


def test_a_lone_name_is_no_evidence_for_itself() -> None:
    found = pairs((0, 0, 0, 1, 5, 2.0))
    assert settle(found, 3.0, 1.0) == pytest.approx(probabilities(found, found.score))


def test_company_makes_a_name_likelier() -> None:
    found = pairs((0, 0, 0, 1, 5, 5.0), (1, 0, 1, 2, 6, 0.0))
    assert settle(found, 3.0, 1.0)[1] > probabilities(found, found.score)[1]


def test_a_name_is_linked_where_it_is_surely_one_of_its_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two titles of one name, one of them likely; a title alone with its name; a name that may be none.
    found = pairs((0, 0, 0, 1, 5, 0.0), (0, 0, 0, 2, 5, 0.0), (1, 0, 1, 3, 6, 0.0), (2, 0, 2, 4, 7, 0.0))
    probability = np.array([0.85, 0.14, 0.75, 0.5])
    assert sure(found, probability).tolist() == [False, False, True, False]
    monkeypatch.setattr("trending_assets.linking.weights.SHARE", 0.0)
    assert sure(found, probability).tolist() == [True, False, True, False]
    assert sure(pairs((0, 0, 0, 1, 1, 0.0)), np.zeros(1)).tolist() == [False]
