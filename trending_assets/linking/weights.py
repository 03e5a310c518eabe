"""The numbers of the decision, all in one place: log-odds of a name being a title, what each cue adds, and calibration."""

import numpy as np

from trending_assets.linking.fold import Array

# Log-odds that words printed so name a title, before any cue: a row a size (catalogue.SIZES), a column a style
# (spans.STYLES: name, opening, lower, flat, loud).
BASE = np.array(
    [
        [-2.3, -6.1, -10.0, -10.0, -6.0],  # one function word
        [-2.4, -3.6, -8.0, -6.3, -3.5],  # one everyday word
        [-4.0, -3.6, -7.0, -6.0, -4.0],  # one given or place name
        [-1.4, -1.6, -6.2, -2.2, -1.2],  # one rare word
        [-5.9, -6.1, -6.0, -6.0, -6.0],  # digits
        [-0.1, -4.3, -7.9, -7.7, -4.0],  # function words
        [-0.5, -2.9, -7.1, -4.3, -2.3],  # function words and an everyday one
        [-0.3, -0.7, -3.7, -0.8, -0.2],  # function words and a rare one
        [-1.4, -2.0, -6.0, -3.6, -1.7],  # given or place names
        [0.5, -0.6, -5.6, -1.8, 0.0],  # two everyday words
        [0.9, 0.8, -4.0, 0.1, 1.2],  # two words, one rare
        [1.8, 2.0, -1.2, 0.7, 1.9],  # three or more
    ]
)

# What a cue adds to the log-odds of a range of words.
SPAN = {
    "template": 4.2,
    "alone": 1.9,
    "opening template": 2.3,
    "led": -0.6,
    "quoted": 1.5,
    "hashtag": 3.8,
    "delimited": 0.3,
    "inside a name on the left": -5.8,
    "inside a name on the right": -5.4,
    "subtitle follows": -9.1,
    "article or such after a colon": -4.4,
    "nothing else": -0.1,
    "calendar": -3.1,
    "capital article before": -1.7,
    "opinion": -5.0,
    "opens as a subject": 0.4,
    "after an article": -2.0,
    "listed": 1.7,
    "talk elsewhere": 0.1,
    "sequel": -8.8,
    "ends in a rating": -8.0,
    "glued": -3.8,
    "headline": 1.0,
    "watched": 3.2,
    "named as a work": 1.9,
    "work of": 2.2,
    "followed by a work's word": 0.5,
    "season": 3.1,
    "possessive": -0.8,
    "contraction": -8.0,
    "compared": -1.0,
    "talk": 0.5,
    "repeated": -0.6,
    "in a longer name": -3.3,
    "year printed": 2.4,
    "medium named": 0.1,
    # Cues are worth less with words that stand in any text.
    "weak named": 1.4,
    "weak alone": -1.9,
    "weak quoted": 0.2,
    "weak hashtag": -1.4,
}

# What changes where a text is a review, which is about one title: others in it are what that one is held against.
REVIEW = {
    "review": -1.3,
    "compared": -2.3,
    "opens as a subject": 2.6,
    "after an article": -0.8,
    "work of": -2.9,
    "followed by a work's word": -2.7,
    "possessive": 0.7,
    "glued": -1.0,
    "quoted": -2.6,
    "listed": -2.4,
    "headline": 2.0,
    "named as a work": -1.9,
    "watched": -2.0,
    "new": 1.1,
    "recent": -1.3,
    "older": -2.2,
    "undated": 0.0,
}

# What a cue adds to the log-odds of a title.
PAIR = {
    "form 1": 0.7,  # another name
    "form 2": 1.3,  # closed up
    "form 3": 0.4,  # article behind
    "form 4": 0.7,  # numeral written otherwise
    "form 5": -2.1,  # article left out
    "form 6": -2.2,  # what stands behind a colon
    "form 7": -5.4,  # what stands before it
    "form 8": 1.2,  # blanks left out
    "printed exactly": 2.3,
    "shouted": -2.6,
    "year right": 4.3,
    "year off by one": 0.3,
    "year wrong": -12.0,
    "year unknown": -1.0,
    "year near right": 1.1,
    "year near wrong": -2.0,
    "medium right": -0.3,
    "medium wrong": -12.0,
    "medium right in the sentence": 0.8,
    "medium wrong in the sentence": -0.5,
    "medium right in the text": 0.4,
    "medium wrong in the text": -1.0,
    "remake right": 0.9,
    "remake wrong": -1.6,
    "popularity": 0.8,
    "popularity behind": 1.0,
    "popularity unknown": -1.6,
    "broken": -3.7,
    "moved without a comma": -10.0,
    "its maker's": 2.3,
    "next year's": -2.0,
    "ahead": -3.8,
    "new": 1.2,
    "recent": 0.3,
    "older": -0.3,
    "old": -0.5,
    "undated": -0.3,
    "shared and new": 0.7,
    "shared and recent": -0.4,
    "shared and old": -1.3,
    "full name in the sentence": 4.6,
    "surname in the sentence": 2.9,
    "full name in the text": 2.2,
    "surname in the text": 1.3,
    "somebody's work": -1.0,
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
ARTICLE = np.array([-7.0, -5.0, -5.0, 0.5, -7.0, -3.0, -3.0, 1.0, -1.5, 1.0, 1.5, 4.0])
"""Log-odds that a Wikipedia article whose name has no brackets is of a film or show, by size (catalogue.SIZES)."""

SAME_SENSE = 3.0
"""What a title gains, and others of its name lose, where another place of the document names it surely."""


def calibrated(probability: Array) -> Array:
    """Confidence of links by their probability."""
    return probability
