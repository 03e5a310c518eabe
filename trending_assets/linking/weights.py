"""The numbers of the decision, all in one place: log-odds of a name being a title, what each cue adds, and calibration."""

import numpy as np

from trending_assets.linking.fold import Array

# Log-odds that words printed so name a title, before any cue: a row a size (catalogue.SIZES), a column a style
# (spans.STYLES: name, opening, lower, flat, loud).
BASE = np.array(
    [
        [-1.5, -6.0, -10.0, -9.5, -6.0],  # one function word
        [-2.0, -4.5, -8.0, -7.0, -4.5],  # one everyday word
        [-3.0, -4.0, -7.0, -6.0, -4.0],  # one given or place name
        [-1.0, -2.5, -4.5, -4.0, -2.5],  # one rare word
        [-6.0, -6.0, -6.0, -6.0, -6.0],  # digits
        [0.0, -4.0, -8.0, -8.0, -4.0],  # function words
        [-0.5, -3.0, -7.0, -6.0, -3.0],  # function words and an everyday one
        [1.0, 0.0, -2.5, -2.5, -0.5],  # function words and a rare one
        [-1.0, -2.0, -6.0, -4.0, -2.0],  # given or place names
        [1.0, -0.5, -5.0, -3.5, -1.0],  # two everyday words
        [1.5, 0.7, -3.0, -1.0, 0.7],  # two words, one rare
        [3.0, 2.5, 0.0, 1.5, 2.5],  # three or more
    ]
)

# What a cue adds to the log-odds of a range of words.
SPAN = {
    "template": 6.5,
    "alone": 3.5,
    "opening template": 4.0,
    "led": 1.0,
    "quoted": 5.0,
    "hashtag": 3.0,
    "delimited": 0.7,
    "inside a name on the left": -4.0,
    "inside a name on the right": -4.0,
    "subtitle follows": -4.0,
    "article or such after a colon": -1.5,
    "opinion": -3.0,
    "opens as a subject": 0.5,
    "after an article": -0.5,
    "listed": 2.0,
    "talk elsewhere": 0.4,
    "sequel": -7.0,
    "glued": -5.0,
    "headline": 1.0,
    "watched": 2.0,
    "named as a work": 3.5,
    "work of": 2.5,
    "followed by a work's word": 2.0,
    "possessive": 0.5,
    "contraction": -8.0,
    "compared": 0.0,
    "talk": 0.7,
    "repeated": 1.0,
    "in a longer name": -3.0,
    "year printed": 3.5,
    "medium named": 0.7,
    # Cues are worth less with words that stand in any text.
    "weak alone": -2.0,
    "weak quoted": -1.0,
    "weak hashtag": -1.5,
}

# What changes where a text is a review, which is about one title: others in it are what that one is held against.
REVIEW = {
    "review": 0.5,
    "compared": -2.5,
    "opens as a subject": 2.0,
    "after an article": -1.0,
    "work of": -1.5,
    "followed by a work's word": -0.5,
    "possessive": -0.5,
    "glued": -1.0,
    "quoted": -1.0,
    "listed": -1.0,
    "headline": 2.0,
    "named as a work": -0.5,
    "watched": 0.5,
    "new": 1.0,
    "recent": -0.5,
    "older": -2.0,
    "undated": 0.0,
    "popularity unknown": -0.5,
}

# What a cue adds to the log-odds of a title.
PAIR = {
    "form 1": -0.7,  # another name
    "form 2": -0.5,  # closed up
    "form 3": 0.5,  # article behind
    "form 4": -0.7,  # numeral written otherwise
    "form 5": -1.5,  # article left out
    "form 6": -2.0,  # what stands behind a colon
    "form 7": -3.5,  # what stands before it
    "form 8": -0.5,  # blanks left out
    "printed exactly": 0.7,
    "shouted": -3.0,
    "year right": 3.0,
    "year off by one": 0.5,
    "year wrong": -12.0,
    "year unknown": -1.0,
    "year near right": 1.5,
    "year near wrong": -0.7,
    "medium right": 1.5,
    "medium wrong": -7.0,
    "medium right in the sentence": 0.7,
    "medium wrong in the sentence": -1.5,
    "medium right in the text": 0.2,
    "medium wrong in the text": -0.4,
    "remake right": 2.0,
    "remake wrong": -2.0,
    "popularity": 0.6,
    "popularity unknown": -0.5,
    "broken": -4.0,
    "moved without a comma": -10.0,
    "its maker's": 2.5,
    "next year's": -1.0,
    "ahead": -3.0,
    "new": 1.2,
    "recent": 0.4,
    "older": 0.0,
    "old": -0.4,
    "undated": -0.3,
    "full name in the sentence": 3.0,
    "surname in the sentence": 1.5,
    "full name in the text": 2.0,
    "surname in the text": 0.7,
    "another's work": -2.0,
}

CUT = 0.6
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
ARTICLE = np.array([-6.0, -5.0, -5.0, 0.0, -6.0, -3.0, -3.0, 0.0, 0.0, -0.5, 1.5])
"""Log-odds that a Wikipedia article whose name has no brackets is of a film or show, by size (catalogue.SIZES)."""

SAME_SENSE = 3.0
"""What a title gains, and others of its name lose, where another place of the document names it surely."""


def calibrated(probability: Array) -> Array:
    """Confidence of links by their probability."""
    return probability
