"""The small word lists of the linker: what may stand before or after a title, and titles that are everyday words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that lead in to a title in a short post or a headline: "I just watched …", "Review: …".
LEAD_IN = _words(
    "i we you just have has had ve my our finally now re rate rated rating rates gave give giving watch watched watching "
    "rewatch rewatched rewatching see saw seen seeing finish finished finishing stream streamed streaming review reviewed "
    "reviewing reviews score scored scoring log logged logging nowwatching today tonight yesterday last night movie film "
    "show series the a of on about for to at again first time new currently thoughts verdict is was it its nw tv"
)
# Of those, the ones that say that a title follows.
LEAD_VERBS = _words(
    "rate rated rating rates gave give giving watch watched watching rewatch rewatched rewatching saw seen seeing finish "
    "finished finishing stream streamed streaming review reviewed reviewing reviews score scored scoring log logged "
    "logging nowwatching"
)
# Words that trail a title: "… (2013) review", "… on Netflix tonight".
TRAILING = _words(
    "a an the review reviewed reviews movie film show series rating score today tonight again yesterday on at in via for "
    "imdb letterboxd trakt netflix first time stars star out of and out now is"
)
# Words that may stand in capitals beside a title without being a part of its name.
BESIDE = _words(
    "review reviews trailer movie film films movies show series director directors star stars actor actress writer "
    "producer sequel prequel remake reboot franchise cast premiere i we you he she they it this that these those there "
    "here when while if because although though like unlike before after watching watched watch see saw loved love what "
    "why how who where then now yes no not just still even only both either also has had was were are be been will would "
    "can could should marvel disney pixar dc netflix hbo s t re ve ll"
)
# One-word opinions that stand where a title could: "Amazing 10/10".
OPINIONS = _words(
    "amazing awesome awful bad best better boring brilliant classic cool disappointing dull enjoyable entertaining epic "
    "excellent fantastic favourite favorite fine fun funny good great horrible incredible lame lovely loved masterpiece "
    "meh nice no nope ok okay outstanding perfect perfection phenomenal poor rubbish sad scary solid stunning stupid super "
    "superb terrible trash wonderful worst wow yes"
)
# Words before a title that another title is held against: "funnier than …", "a rehash of …", "like …".
COMPARING = _words(
    "like unlike than as of from to since forget recall recalls evoke evokes echoes beyond between director creator author "
    "makers before after and or"
)
# Titles that are everyday words: only a declared form, a template, quotes or a year make them a title.
EVERYDAY = _words(
    "it her him them they you me us we he she i up down from dark nope heat once big go gone here there home away after "
    "before now then this that what who why when where one two three life love money time war men women man woman boy "
    "girl day night summer winter next first last fire water blood crash speed signs taken drive ted red rush"
)


def is_everyday(form: str) -> bool:
    """True for a folded form that says little by itself: everyday words, one to three letters, or digits alone."""
    return form in EVERYDAY or len(form) <= 3 or form.replace(" ", "").isdigit()
