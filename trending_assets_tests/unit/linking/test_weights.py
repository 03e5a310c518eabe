"""Every weight is that of a feature, and has a prior: a name that is misspelt would weigh nothing."""

import numpy as np
import polars as pl

from bench import linking_prior as prior
from trending_assets.linking import weights
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.fold import read
from trending_assets.linking.reading import hashtags, score
from trending_assets_tests.unit.linking.frames import titles


def test_every_weight_is_of_a_feature() -> None:
    text, catalogue = read(pl.Series(["", "I rated Iron Man 3 8/10"])), Catalogue.of(titles())
    none = np.zeros(2, bool)
    found = score(
        text,
        catalogue.within(text, hashtags(text)),
        catalogue,
        headline=np.array([True, False]),
        review=none,
        news=none,
        written=np.full(2, 2013),
        documents=np.zeros(2, np.int64),
    )
    assert set(weights.SPAN) <= set(found.span_features)
    assert set(weights.PAIR) <= set(found.pair_features)
    assert set(weights.REVIEW) <= {"review"} | set(found.span_features) | set(found.pair_features)


def test_every_weight_has_a_prior() -> None:
    for table in ("SPAN", "PAIR", "REVIEW"):
        assert set(getattr(weights, table)) == set(getattr(prior, table))
    assert np.shape(weights.BASE) == np.shape(prior.BASE)
