"""What the weights of the linker were thought to be before any row was seen: the prior of bench.linking_fit, set by hand.

The names are those of linking/weights.py. A number is a log-odds; a second one is how far the fit may take it (standard
deviation; SPREAD where none is given).
"""

SPREAD = 0.8

# A row a size, a column a style, as in weights.BASE.
BASE = [
    [-2.0, -6.0, -10.0, -10.0, -6.0],  # one function word
    [-2.2, -4.0, -8.0, -6.5, -4.0],  # one everyday word
    [-1.8, -2.8, -7.0, -4.5, -3.0],  # one less common word
    [-4.0, -4.0, -7.0, -6.0, -4.0],  # one given or place name
    [-1.5, -2.0, -6.0, -3.0, -2.0],  # one rare word
    [-6.0, -6.0, -6.0, -6.0, -6.0],  # digits
    [0.0, -4.0, -8.0, -8.0, -4.0],  # function words
    [-0.5, -3.0, -7.0, -5.0, -2.5],  # function words and an everyday one
    [0.0, -0.5, -3.5, -1.5, -0.5],  # function words and a rare one
    [-1.5, -2.0, -6.0, -4.0, -2.0],  # given or place names
    [0.5, -0.5, -5.5, -2.5, -0.5],  # two everyday words
    [0.7, 0.7, -4.0, -0.5, 0.7],  # two words, one rare
    [1.5, 2.0, -1.0, 0.8, 1.8],  # three or more
    [1.0, 1.0, -3.0, 0.2, 1.0],  # two rare words
]

SPAN = {
    "template": (5.0,), "alone": (2.5,), "opening template": (3.0,), "led": (0.0,), "quoted": (3.0,),
    "hashtag": (3.5,), "delimited": (0.2,), "inside a name on the left": (-7.0, 0.4),
    "inside a name on the right": (-7.0, 0.4), "subtitle follows": (-9.0, 0.4), "subtitle follows in capitals": (-2.5,),
    "article or such after a colon": (-4.0,), "nothing else": (-1.0,), "nothing else in news": (-3.0, 0.3),
    "surprising word": (0.8,), "surprising word in lower case": (0.8,), "surprising words": (0.5,),
    "surprising words in lower case": (0.8,), "calendar": (-3.0,),
    "a date": (-4.0,), "capital article before": (-1.5,), "opinion": (-5.0,), "opens as a subject": (0.3, 0.15),
    "after an article": (-1.0,), "listed": (2.2,), "talk elsewhere": (0.4, 0.2), "sequel": (-8.0,),
    "ends in a rating": (-8.0,), "glued": (-4.0,), "headline": (1.0,), "watched": (2.5,), "named as a work": (2.5,),
    "work of": (2.0,), "followed by a work's word": (1.2,), "review behind": (3.0,), "noun behind": (1.5,),
    "season": (3.5,), "possessive": (0.0,), "contraction": (-8.0,), "compared": (-0.3,), "talk": (0.7,),
    "off topic": (-1.5,), "repeated": (-0.2, 0.3), "in a longer name": (-3.0,), "year printed": (3.0,),
    "medium named": (0.7,), "weak named": (1.5,), "weak alone": (-2.0,), "weak quoted": (0.0, 0.2),
    "quoted in lower case": (1.0,),
    "flat subject": (0.8,), "weak flat subject": (-0.8,), "heads a text before a colon": (1.5,),
        "a noun's, behind an article": (-1.0,), "numbered": (1.5,), "numbered in lower case": (1.5,),
    "capital first": (1.5,), "flat hashtag": (-2.0,),
     "quoted without talk": (-3.0,), "long before a colon": (3.0,), "weak hashtag": (-1.5,),
}  # fmt: skip

REVIEW = {
    "review": (0.0,), "compared": (-2.5,), "opens as a subject": (2.0,), "after an article": (-1.0,),
    "work of": (-2.0,), "followed by a work's word": (-2.0,), "possessive": (0.0,), "glued": (-1.0,),
    "quoted": (-0.7, 0.3), "listed": (-2.0,), "headline": (2.0,), "named as a work": (-0.5, 0.3), "watched": (-1.0,),
    "new": (1.0,), "recent": (-0.5,), "older": (-1.8,), "undated": (0.0,), "this year's": (1.0,),
    "only name": (0.7,),
    "below a framed headline": (-4.0,), "of": (-1.5,),
}  # fmt: skip

PAIR = {
    "form 1": (0.7,), "form 2": (0.7,), "form 3": (0.0,), "form 4": (0.7,), "form 5": (-3.0,), "form 6": (-1.5,),
    "form 7": (-5.0,), "form 8": (1.0,), "form 9": (-0.3,), "printed exactly": (1.5,), "shouted": (-3.0,),
    "year right": (3.5,), "year off by one": (0.5,), "year wrong": (-12.0, 0.1), "year unknown": (-1.0,),
    "year near right": (1.5,), "year of the text right": (2.5,), "year of the text wrong": (-2.5,),
    "year near wrong": (-1.5,), "medium right": (1.0,), "medium wrong": (-12.0, 0.1),
    "medium right in the sentence": (0.8,), "medium wrong in the sentence": (-1.2,),
    "medium right in the sentence twice": (0.7,), "medium wrong in the sentence twice": (-1.0,),
    "another of the sentence's medium": (-2.0,), "medium right in the text": (0.4,),
    "medium wrong in the text": (-0.6,), "remake right": (1.5,), "remake wrong": (-2.0,), "popularity": (0.6,),
    "popularity behind": (0.9, 0.3), "popularity unknown": (-0.5, 0.3), "unheard beside a known one": (-1.0,),
    "broken": (-4.0,),
    "moved without a comma": (-10.0,), "moved, and ends there": (2.5,), "moved before a dash": (8.0,),
    "a show's subtitle": (4.0,), "its maker's": (2.5,), "next year's": (-1.5,), "ahead": (-3.5,),
    "new": (0.7, 0.15), "recent": (0.2, 0.15), "older": (0.0, 0.15), "old": (-0.2, 0.15), "undated": (-0.3,),
    "this year's": (0.3, 0.2), "another is this year's": (-2.0,), "unranked and older": (-0.9,),
    "with its mark": (2.0,), "its people behind a colon": (6.0,), "small as catalogued": (3.5,),
    "full name in the sentence": (4.5,), "surname in the sentence": (3.0,), "full name in the text": (2.2,),
    "surname in the text": (1.2,), "another's work": (-2.0,), "somebody's work": (-1.0,),
}  # fmt: skip
