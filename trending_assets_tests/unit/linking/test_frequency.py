"""Zipf values of words, beside the library's own."""

import numpy as np
import polars as pl
import pytest
from wordfreq import zipf_frequency

from trending_assets.linking.fold import read
from trending_assets.linking.frequency import UNHEARD, zipf


@pytest.mark.parametrize("word", ["the", "it", "heat", "trainspotting"])
def test_values_are_those_of_the_library(word: str) -> None:
    (value,) = zipf(read(pl.Series([word])).hashes[1:-1])
    assert value == pytest.approx(zipf_frequency(word, "en"), abs=0.01)


def test_unknown_words_and_numbers_are_unheard() -> None:
    assert zipf(read(pl.Series(["gwoemul 2013"])).hashes[1:-1]).tolist() == [UNHEARD, UNHEARD]


def test_spellings_that_fold_to_one_word_count_together() -> None:
    (value,) = zipf(read(pl.Series(["Café"])).hashes[1:-1])
    assert value > max(zipf_frequency("café", "en"), zipf_frequency("cafe", "en"))


def test_no_words() -> None:
    assert len(zipf(np.zeros(0, np.uint64))) == 0
