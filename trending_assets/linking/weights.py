"""The numbers of the decision, all in one place: log-odds of a name being a title, what each cue adds, and calibration."""

import numpy as np

from trending_assets.linking.fold import Array

# Log-odds that words printed so name a title, before any cue: a row a size (catalogue.SIZES), a column a style
# (spans.STYLES: name, opening, lower, flat, loud).
BASE = np.array(
    [
        [-1.7, -6.6, -10.0, -10.0, -6.7],  # one function word
        [-1.4, -2.9, -8.0, -5.2, -4.2],  # one everyday word
        [-0.6, -2.0, -7.0, -3.2, -2.1],  # one less common word
        [-3.1, -3.0, -7.0, -4.3, -3.7],  # one given or place name
        [-1.5, -1.9, -6.3, -2.6, -0.5],  # one rare word
        [-5.3, -6.5, -6.0, -6.0, -6.0],  # digits
        [0.3, -3.8, -8.0, -8.0, -4.0],  # function words
        [-1.3, -3.9, -7.1, -3.4, -2.6],  # function words and an everyday one
        [-0.7, -0.5, -4.7, -1.8, -0.3],  # function words and a rare one
        [-2.8, -2.0, -6.0, -4.3, -1.2],  # given or place names
        [-0.9, -0.7, -6.2, -1.8, -0.7],  # two everyday words
        [-1.8, 0.7, -4.4, -1.8, 0.9],  # two words, one rare
        [0.6, 2.0, -2.0, -0.5, 1.6],  # three or more
        [-1.0, 0.9, -2.9, -0.3, 1.0],  # two rare words
    ]
)

# What a cue adds to the log-odds of a range of words.
SPAN = {
    "template": 4.6,
    "alone": 0.4,
    "opening template": 3.0,
    "led": -0.1,
    "quoted": -0.3,
    "hashtag": 2.3,
    "delimited": 0.0,
    "inside a name on the left": -6.3,
    "inside a name on the right": -6.7,
    "subtitle follows": -9.1,
    "subtitle follows in capitals": -2.6,
    "article or such after a colon": -3.7,
    "flat subject": 1.7,
    "weak flat subject": 0.1,
    "heads a text before a colon": 1.3,
    "a noun's, behind an article": -1.3,
    "numbered in lower case": 1.1,
    "numbered": 1.5,
    "capital first": 1.8,
    "flat hashtag": -2.0,
    "quoted without talk": 0.0,
    "long before a colon": 2.6,
    "nothing else in news": -1.6,
    "nothing else": 0.4,
    "calendar": -2.7,
    "capital article before": -1.0,
    "a date": -4.0,
    "surprising word": 1.4,
    "surprising word in lower case": 2.1,
    "surprising words": 0.9,
    "surprising words in lower case": 0.4,
    "opinion": -4.8,
    "opens as a subject": 0.4,
    "after an article": -1.2,
    "listed": 3.8,
    "talk elsewhere": 0.2,
    "sequel": -6.8,
    "ends in a rating": -8.0,
    "glued": -3.7,
    "headline": 0.7,
    "watched": 1.5,
    "named as a work": 1.4,
    "work of": 2.0,
    "followed by a work's word": 1.4,
    "review behind": 2.9,
    "noun behind": -0.1,
    "season": 3.4,
    "possessive": -0.7,
    "contraction": -8.0,
    "compared": -0.7,
    "talk": 0.4,
    "off topic": -1.4,
    "repeated": 0.3,
    "in a longer name": -1.0,
    "year printed": 2.3,
    "medium named": 0.6,
    # Cues are worth less with words that stand in any text.
    "weak named": 1.6,
    "quoted in lower case": 1.1,
    "weak alone": -0.7,
    "weak quoted": -0.2,
    "weak hashtag": -1.6,
}

# What changes where a text is a review, which is about one title: others in it are what that one is held against.
REVIEW = {
    "review": -0.8,
    "compared": -4.1,
    "opens as a subject": 2.3,
    "after an article": -1.1,
    "work of": -2.5,
    "followed by a work's word": -3.0,
    "possessive": 0.6,
    "glued": -1.0,
    "quoted": -0.7,
    "listed": -2.2,
    "headline": 1.8,
    "named as a work": -0.4,
    "watched": -1.7,
    "new": 0.9,
    "recent": -1.4,
    "older": -1.4,
    "undated": 0.0,
    "this year's": 1.3,
    "of": -2.6,
    "below a framed headline": -4.0,
    "only name": 0.2,
}

# What a cue adds to the log-odds of a title.
PAIR = {
    "form 1": 1.2,  # another name
    "form 2": 1.0,  # closed up
    "form 3": 0.2,  # article behind
    "form 4": -0.2,  # numeral written otherwise
    "form 5": -0.7,  # article left out
    "form 6": -1.7,  # what stands behind a colon
    "form 7": -4.7,  # what stands before it
    "form 8": 1.2,  # blanks left out
    "form 9": -1.2,  # its maker left out
    "printed exactly": 0.6,
    "shouted": -2.4,
    "year right": 4.6,
    "year off by one": 0.2,
    "year wrong": -12.0,
    "year unknown": -1.0,
    "year of the text right": 2.5,
    "year of the text wrong": -2.6,
    "year near right": 1.2,
    "year near wrong": -1.5,
    "medium right": 1.0,
    "medium wrong": -12.0,
    "medium right in the sentence": 1.7,
    "medium wrong in the sentence": -0.8,
    "medium right in the sentence twice": 0.8,
    "medium wrong in the sentence twice": -1.4,
    "another of the sentence's medium": -1.6,
    "medium right in the text": 1.7,
    "medium wrong in the text": -0.5,
    "remake right": 0.6,
    "remake wrong": -0.1,
    "popularity": 0.8,
    "popularity behind": 1.7,
    "unheard beside a known one": -1.3,
    "popularity unknown": -1.0,
    "broken": -3.7,
    "moved without a comma": -10.0,
    "moved before a dash": 7.8,
    "moved, and ends there": 1.1,
    "a show's subtitle": 3.9,
    "its maker's": 2.7,
    "next year's": -2.4,
    "ahead": -4.4,
    "new": 1.4,
    "recent": 0.0,
    "older": -0.5,
    "old": -0.3,
    "undated": -0.3,
    "this year's": 1.1,
    "small as catalogued": 3.7,
    "another is this year's": -0.5,
    "unranked and older": -0.7,
    "with its mark": 2.4,
    "its people behind a colon": 6.0,
    "full name in the sentence": 5.9,
    "surname in the sentence": 4.2,
    "full name in the text": 5.5,
    "surname in the text": 2.9,
    "somebody's work": -1.0,
    "another's work": -2.0,
}

CUT = 0.68
"""A title whose probability is lower is left unlinked."""
SHARE = 0.9
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
    (0.69, 0.817),
    (0.72, 0.817),
    (0.76, 0.817),
    (0.8, 0.817),
    (0.85, 0.883),
    (0.9, 0.924),
    (0.94, 0.946),
    (0.97, 0.959),
    (0.98, 0.959),
    (0.99, 0.982),
    (0.999, 0.989),
    (1.0, 1.000),
)


def calibrated(probability: Array) -> Array:
    """Confidence of links: the share of links of their probability that is right."""
    known, right = np.array(CALIBRATION).T
    return np.interp(probability, known, right)
