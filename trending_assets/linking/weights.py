"""The numbers of the decision, all in one place: log-odds of a name being a title, what each cue adds, and calibration."""

import numpy as np

from trending_assets.linking.fold import Array

# Log-odds that words printed so name a title, before any cue: a row a size (catalogue.SIZES), a column a style
# (spans.STYLES: name, opening, lower, flat, loud).
BASE = np.array(
    [
        [-2.9, -6.3, -10.0, -10.0, -6.3],  # one function word
        [-2.7, -4.4, -8.0, -6.6, -4.4],  # one everyday word
        [-1.9, -2.6, -7.0, -3.6, -2.9],  # one less common word
        [-3.9, -4.5, -7.0, -5.8, -4.0],  # one given or place name
        [-1.4, -1.2, -6.2, -1.8, -0.9],  # one rare word
        [-5.8, -5.7, -6.0, -6.0, -6.0],  # digits
        [0.1, -3.9, -8.0, -7.9, -4.0],  # function words
        [-0.8, -3.1, -7.0, -4.1, -2.2],  # function words and an everyday one
        [0.1, -0.5, -3.9, -0.9, -0.2],  # function words and a rare one
        [-0.5, -2.0, -6.0, -3.4, -1.7],  # given or place names
        [0.6, -0.8, -5.8, -1.7, 0.0],  # two everyday words
        [0.7, 0.8, -4.1, -0.7, 1.3],  # two words, one rare
        [2.1, 2.0, -1.5, 0.6, 1.9],  # three or more
    ]
)

# What a cue adds to the log-odds of a range of words.
SPAN = {
    "template": 4.4,
    "alone": 0.9,
    "opening template": 2.7,
    "led": -0.5,
    "quoted": 1.8,
    "hashtag": 3.5,
    "delimited": -0.4,
    "inside a name on the left": -6.0,
    "inside a name on the right": -6.1,
    "subtitle follows": -9.0,
    "article or such after a colon": -3.9,
    "quoted without talk": -1.2,
    "long before a colon": 2.8,
    "nothing else in news": -1.6,
    "nothing else": 0.7,
    "calendar": -3.0,
    "capital article before": -0.8,
    "opinion": -4.6,
    "opens as a subject": 0.5,
    "after an article": -1.8,
    "listed": 2.5,
    "talk elsewhere": 0.1,
    "sequel": -8.3,
    "ends in a rating": -7.9,
    "glued": -3.7,
    "headline": 1.0,
    "watched": 2.3,
    "named as a work": 2.2,
    "work of": 2.4,
    "followed by a work's word": 1.5,
    "review behind": 2.9,
    "noun behind": 0.3,
    "season": 3.1,
    "possessive": -0.3,
    "contraction": -8.0,
    "compared": -1.0,
    "talk": 0.3,
    "repeated": -0.2,
    "in a longer name": -2.0,
    "year printed": 2.0,
    "medium named": 0.0,
    # Cues are worth less with words that stand in any text.
    "weak named": 1.8,
    "weak alone": -1.5,
    "weak quoted": -0.2,
    "weak hashtag": -1.5,
}

# What changes where a text is a review, which is about one title: others in it are what that one is held against.
REVIEW = {
    "review": -1.3,
    "compared": -3.2,
    "opens as a subject": 2.4,
    "after an article": -1.0,
    "work of": -3.5,
    "followed by a work's word": -2.9,
    "possessive": 0.5,
    "glued": -1.0,
    "quoted": -1.2,
    "listed": -2.2,
    "headline": 2.0,
    "named as a work": -0.6,
    "watched": -1.2,
    "new": 0.5,
    "recent": -1.6,
    "older": -1.5,
    "undated": 0.0,
    "this year's": 1.1,
}

# What a cue adds to the log-odds of a title.
PAIR = {
    "form 1": 0.3,  # another name
    "form 2": 1.2,  # closed up
    "form 3": 0.9,  # article behind
    "form 4": 0.6,  # numeral written otherwise
    "form 5": -1.7,  # article left out
    "form 6": -1.9,  # what stands behind a colon
    "form 7": -5.4,  # what stands before it
    "form 8": 1.0,  # blanks left out
    "form 9": -1.2,  # its maker left out
    "printed exactly": 1.5,
    "shouted": -3.0,
    "year right": 3.8,
    "year off by one": 0.1,
    "year wrong": -12.0,
    "year unknown": -1.0,
    "year near right": 1.0,
    "year near wrong": -2.1,
    "medium right": -0.1,
    "medium wrong": -12.0,
    "medium right in the sentence": 1.2,
    "medium wrong in the sentence": 0.2,
    "another of the sentence's medium": -1.7,
    "medium right in the text": 1.1,
    "medium wrong in the text": -0.9,
    "remake right": 1.3,
    "remake wrong": -1.7,
    "popularity": 0.7,
    "popularity behind": 1.4,
    "popularity unknown": -1.0,
    "broken": -3.6,
    "moved without a comma": -10.0,
    "its maker's": 2.4,
    "next year's": -2.2,
    "ahead": -4.2,
    "new": 1.2,
    "recent": 0.3,
    "older": -0.4,
    "old": -0.5,
    "undated": -0.3,
    "this year's": 0.9,
    "small as catalogued": 4.1,
    "another is this year's": -1.1,
    "unranked and older": -1.1,
    "with its mark": 1.4,
    "its people behind a colon": 6.0,
    "full name in the sentence": 4.8,
    "surname in the sentence": 3.6,
    "full name in the text": 3.2,
    "surname in the text": 0.8,
    "somebody's work": -1.0,
    "another's work": -1.9,
}

CUT = 0.8
"""A title whose probability is lower is left unlinked."""


def weigh(features: dict[str, Array], weights: dict[str, float]) -> Array:
    """Sum of the features, each times its weight."""
    size = len(next(iter(features.values())))
    total = np.zeros(size)
    for name, weight in weights.items():
        if name in features:
            total += weight * features[name]
    return total


# Log-odds that a name that is nothing but a name means a title of that name.
WHOLE = {
    "declared": 5.0,
    "chart": 5.0,
    "article says": 6.0,  # "(2021 film)"
    "article": 0.0,
    "article shared": -3.0,  # an article about one of several works of a name says which
    "article of a person": -8.0,
    "article's popularity": 0.5,
    "apart": -20.0,
    "too early": -20.0,
    "season off": -0.3,
    "edition off": -0.3,
    "other brackets off": -2.5,
    "id right": 12.0,
    "id wrong": -8.0,
    "people agree": 3.0,
    "people differ": -3.0,
}
ARTICLE = np.array([-7.0, -5.0, -3.0, -5.0, 0.5, -7.0, -3.0, -3.0, 1.0, -1.5, 1.0, 1.5, 4.0])
"""Log-odds that a Wikipedia article whose name has no brackets is of a film or show, by size (catalogue.SIZES)."""

COMPANY = 0.8
"""What a name gains where the document names other titles surely."""
SAME_SENSE = 3.0
"""What a title gains, and others of its name lose, where another place of the document names it surely."""


def calibrated(probability: Array) -> Array:
    """Confidence of links by their probability."""
    return probability
