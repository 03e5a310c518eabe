"""The numbers of the decision, all in one place: log-odds of a name being a title, what each cue adds, and calibration."""

import numpy as np

from trending_assets.linking.fold import Array

# Log-odds that words printed so name a title, before any cue: a row a size (catalogue.SIZES), a column a style
# (spans.STYLES: name, opening, lower, flat, loud).
BASE = np.array(
    [
        [-1.4, -7.0, -10.0, -10.0, -6.3],  # one function word
        [-2.6, -4.2, -8.0, -6.6, -4.7],  # one everyday word
        [-1.0, -2.2, -7.0, -3.3, -2.3],  # one less common word
        [-3.4, -4.2, -7.0, -4.7, -3.9],  # one given or place name
        [-1.6, -1.8, -6.6, -2.8, -1.1],  # one rare word
        [-4.9, -5.4, -6.0, -6.0, -6.0],  # digits
        [0.6, -4.0, -8.0, -8.0, -4.0],  # function words
        [-1.2, -3.1, -7.1, -4.3, -2.4],  # function words and an everyday one
        [0.3, -0.5, -4.0, -1.5, 0.0],  # function words and a rare one
        [-1.4, -2.0, -6.0, -4.5, -1.8],  # given or place names
        [0.2, -0.6, -6.0, -1.5, -0.1],  # two everyday words
        [-0.5, 0.8, -4.2, -1.0, 1.1],  # two words, one rare
        [1.8, 2.0, -1.8, 0.3, 2.0],  # three or more
        [0.3, 1.0, -2.6, 0.8, 1.1],  # two rare words
    ]
)

# What a cue adds to the log-odds of a range of words.
SPAN = {
    "template": 4.4,
    "alone": 0.5,
    "opening template": 3.0,
    "led": 0.3,
    "quoted": 0.2,
    "hashtag": 2.2,
    "delimited": -0.3,
    "inside a name on the left": -6.6,
    "inside a name on the right": -6.9,
    "subtitle follows": -9.1,
    "subtitle follows in capitals": -2.6,
    "article or such after a colon": -3.6,
    "flat subject": 2.1,
    "weak flat subject": -0.1,
    "heads a text before a colon": 1.5,
    "a noun's, behind an article": -1.1,
    "numbered": 1.6,
    "capital first": 2.5,
    "flat hashtag": -2.0,
    "quoted without talk": -0.3,
    "long before a colon": 2.6,
    "nothing else in news": -1.3,
    "nothing else": 0.3,
    "calendar": -2.8,
    "capital article before": -0.9,
    "a date": -4.0,
    "opinion": -4.9,
    "opens as a subject": 0.4,
    "after an article": -1.3,
    "listed": 3.6,
    "talk elsewhere": 0.2,
    "sequel": -8.3,
    "ends in a rating": -8.0,
    "glued": -3.9,
    "headline": 0.8,
    "watched": 1.5,
    "named as a work": 1.1,
    "work of": 1.8,
    "followed by a work's word": 1.6,
    "review behind": 2.9,
    "noun behind": 0.0,
    "season": 3.5,
    "possessive": -0.6,
    "contraction": -8.0,
    "compared": -0.8,
    "talk": 0.4,
    "off topic": -1.7,
    "repeated": -0.2,
    "in a longer name": -1.6,
    "year printed": 2.6,
    "medium named": 0.6,
    # Cues are worth less with words that stand in any text.
    "weak named": 1.7,
    "weak alone": -1.2,
    "weak quoted": -0.2,
    "weak hashtag": -1.5,
}

# What changes where a text is a review, which is about one title: others in it are what that one is held against.
REVIEW = {
    "review": -1.2,
    "compared": -3.7,
    "opens as a subject": 2.3,
    "after an article": -1.0,
    "work of": -3.3,
    "followed by a work's word": -2.7,
    "possessive": 0.5,
    "glued": -1.0,
    "quoted": -0.5,
    "listed": -2.2,
    "headline": 2.0,
    "named as a work": -0.4,
    "watched": -1.8,
    "new": 0.7,
    "recent": -1.5,
    "older": -1.6,
    "undated": 0.0,
    "this year's": 1.0,
    "only name": 0.9,
}

# What a cue adds to the log-odds of a title.
PAIR = {
    "form 1": 1.6,  # another name
    "form 2": 1.0,  # closed up
    "form 3": 1.4,  # article behind
    "form 4": 0.2,  # numeral written otherwise
    "form 5": -1.0,  # article left out
    "form 6": -1.3,  # what stands behind a colon
    "form 7": -4.7,  # what stands before it
    "form 8": 1.5,  # blanks left out
    "form 9": -1.1,  # its maker left out
    "printed exactly": 0.7,
    "shouted": -2.4,
    "year right": 4.5,
    "year off by one": 0.2,
    "year wrong": -12.0,
    "year unknown": -1.0,
    "year near right": 1.2,
    "year near wrong": -1.9,
    "medium right": 0.7,
    "medium wrong": -12.0,
    "medium right in the sentence": 1.4,
    "medium wrong in the sentence": -0.8,
    "medium right in the sentence twice": 0.9,
    "medium wrong in the sentence twice": -1.2,
    "another of the sentence's medium": -1.5,
    "medium right in the text": 1.5,
    "medium wrong in the text": -0.8,
    "remake right": 0.6,
    "remake wrong": -0.1,
    "popularity": 0.8,
    "popularity behind": 1.8,
    "unheard beside a known one": -1.3,
    "popularity unknown": -0.7,
    "broken": -3.7,
    "moved without a comma": -10.0,
    "moved before a dash": 7.7,
    "moved, and ends there": 3.0,
    "a show's subtitle": 4.0,
    "its maker's": 2.5,
    "next year's": -2.2,
    "ahead": -4.0,
    "new": 1.5,
    "recent": 0.1,
    "older": -0.5,
    "old": -0.4,
    "undated": -0.3,
    "this year's": 1.1,
    "small as catalogued": 3.6,
    "another is this year's": 0.1,
    "unranked and older": -0.7,
    "with its mark": 2.5,
    "its people behind a colon": 6.0,
    "full name in the sentence": 5.9,
    "surname in the sentence": 4.4,
    "full name in the text": 4.5,
    "surname in the text": 2.1,
    "somebody's work": -1.0,
    "another's work": -2.1,
}

CUT = 0.75
"""A title whose probability is lower is left unlinked."""
SHARE = 0.92
"""So is one that has less of the probability of all titles of its name."""
CUT_WHOLE = 0.8
"""The same for names that are nothing but a name: charts, declared works."""


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
    "id wrong": -20.0,
    "people agree": 3.0,
    "people differ": -6.0,
}
ARTICLE = np.array([-7.0, -5.0, -3.0, -5.0, 0.5, -7.0, -3.0, -3.0, 1.0, -1.5, 1.0, 1.5, 4.0, 1.5])
"""Log-odds that a Wikipedia article whose name has no brackets is of a film or show, by size (catalogue.SIZES)."""

COMPANY = 0.8
"""What a name gains where the document names other titles surely."""
SAME_SENSE = 3.0
"""What a title gains, and others of its name lose, where another place of the document names it surely."""


# Probability of a link, and the share of such links that was right (isotonic regression, bench.linking_calibration --fit).
CALIBRATION: tuple[tuple[float, float], ...] = (
    (0.76, 0.807),
    (0.8, 0.840),
    (0.85, 0.913),
    (0.9, 0.938),
    (0.94, 0.952),
    (0.97, 0.964),
    (0.98, 0.978),
    (0.99, 0.978),
    (0.999, 0.997),
    (1.0, 1.000),
)


def calibrated(probability: Array) -> Array:
    """Confidence of links: the share of links of their probability that is right."""
    known, right = np.array(CALIBRATION).T
    return np.interp(probability, known, right)
