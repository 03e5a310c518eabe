"""Texts made from real titles by sentences of the project's own, to tune linking with: named titles, and traps of each family.

A seeded part of the titles is taken out of the catalogue: what names one of them must stay unlinked. Nothing here is reported on.
"""

import random
import unicodedata
from typing import Any

import polars as pl

from bench import linking_data as data
from trending_assets.linking.everyday import COMMON_WORDS, FUNCTION_WORDS
from trending_assets.linking.fold import fold_names

ABSENT = 0.15
"""Share of the titles that the catalogue then lacks."""

# {t} a title, {u} another one, {y} its year, {w} a wrong year, {p} one of its people, {s} that one's surname,
# {q} somebody else, {n} a small number, {c} a city, {h} the title as a hashtag.
POSTS = """
Just watched {t} and I have thoughts
Finally saw {t}, wow
{t} is one of the best movies I have seen all year
I can't stop thinking about {t}
rewatching {t} tonight
{t} was so boring I fell asleep
My favourite movie of all time is {t}
Has anyone here seen {t}?
Nothing beats {t} on a rainy sunday
{t} ({y}) is criminally underrated
{t} ({y}) - {n}/10
{n}/10 for {t}
Going to see {t} with my sister on friday
What did you think of the ending of {t}?
The soundtrack of {t} is perfect
Is {t} worth watching?
{p} was incredible in {t}
{t} with {p} still holds up
{s}'s {t} is a mess but I love it
Okay {t} made me cry
Between {t} and {u} I would pick {t}
Double feature tonight: {t} and {u}
The {y} film {t} deserves a second look
"{t}" is the kind of film they no longer make
Unpopular opinion: {t} is overrated
I fell asleep during {t}
{t} on Netflix tonight, anyone?
{t} deserved better
We rented {t} and regretted it
I've seen {t} about {n} times
Best scene in {t} is the opening
{h} was everything I hoped for
Tonight I am watching {t} for the first time
Thinking about how good {t} is
Top three: {t}, {u} and {v}.
watching {t} in {c}
"""
NEWS = """
{t} topped the weekend box office with ${n} million.
The first trailer for {t} arrived on Tuesday.
{p}, star of {t}, will return to the stage next year.
{p} directed {t} and wrote its screenplay.
{t}, the thriller with {p}, opens in theaters on Friday.
{t} took home {n} awards on Sunday night.
In an interview {p} looked back on {t}.
The studio behind {t} has announced a new project.
Ten films to watch this weekend: {t}, {u} and {v} lead the list.
"{t}" fell to third place, behind "{u}" and "{v}".
{t} ({y}) returns to cinemas for its anniversary.
Critics were kind to {t}, less so to {u}.
The cast of {t} gathered in {c} for the premiere.
The {y} movie {t} will be shown in {c} this summer.
Production of {t} began in {c} last spring.
"""
TV = """
{t} has been renewed for a third season.
The season finale of {t} drew {n} million viewers.
Just finished season {n} of {t}
{t} season {n} starts tonight
The new episode of {t} was wild
I binged {t} in two days
The showrunner of {t} promises answers.
{t} is the best show on tv right now
{t} (TV series) is worth your time
"""
# The text names something else, or nothing: the title is put where it must not be linked.
TRAPS = """
{t} {n} is only a rumour
{t} {r} 7/10
I rated {t} {r} 8/10
{t} ({w}) review
The {w} film {t} is not this one
{q} {t} was born in {c}
{t} {q} plays for {c} now
{t} season {n} has been renewed
The showrunner of the series {t} has quit
The Return of {t} 6/10
{t} of {q} 5/10
{t}: {q} Rising is on my list
I rated Beyond {t} Reloaded 4/10
"""
# Everyday words in everyday sentences: {l} is the title in lower case.
PLAIN = """
we talked about {l} all night
there is no {l} in {c} any more
they said {l} would be fine by monday
my brother never had {l}, but he is happy
the {l} was closed when we came to {c}
she was thinking of {l} again
"""
_CITIES = ("Lyon", "Leeds", "Tampa", "Osaka", "Quito", "Cork", "Perth", "Bergen")


def made_texts(count: int, seed: int = data.SEED) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`count` texts with the column truth (a list of title_id), and the catalogue of 100,000 titles that they are read with."""
    rng = random.Random(seed)
    known = data.known_titles().filter(pl.col("title").str.len_chars() > 0)
    rows = known.select("title_id", "title", "year", "media_type", "popularity", "cast", "directors").to_dicts()
    heard = [r for r in rows if r["popularity"] is not None]
    everyday = [r for r in rows if all(w in FUNCTION_WORDS | COMMON_WORDS for w in r["title"].lower().split())]
    shared = dict(known.with_columns(form=fold_names(known["title"])).group_by("form").len().iter_rows())
    forms = dict(zip(known["title_id"].to_list(), fold_names(known["title"]).to_list(), strict=True))
    absent = {r["title_id"] for r in rows if shared[forms[r["title_id"]]] == 1 and rng.random() < ABSENT}
    weights = [max(r["popularity"], 0.5) ** 0.7 for r in heard]
    people = [p for r in rows for p in (r["cast"] or [])[:2]]
    out: list[tuple[str, list[str], str, int]] = []
    while len(out) < count:
        pick = rng.choices(heard, weights)[0] if rng.random() < 0.8 else rng.choice(rows)
        if not forms[pick["title_id"]] or not pick["year"]:
            continue
        when = min(max(pick["year"] + rng.choice((0, 0, 0, 1, 1, 2, 4, 9, 20, 30)), 1995), 2026)
        others = [
            o
            for o in rng.choices(heard, weights, k=9)
            if shared[forms[o["title_id"]]] == 1 and (o["year"] or 9999) <= when
        ]
        if len(others) < 2:
            continue
        out.append(
            _text(
                rng, pick, others[:2], absent, people, shared[forms[pick["title_id"]]] > 1, when, rng.choice(everyday)
            )
        )
    frame = pl.DataFrame(
        out, schema={"text": pl.String, "truth": pl.List(pl.String), "kind": pl.String, "year": pl.Int32}, orient="row"
    )
    documents = frame.select(
        "text",
        "truth",
        "kind",
        headline=pl.lit(None, pl.String),
        published_at=pl.datetime(pl.col("year"), 6, 1, time_zone="UTC"),
    )
    present = known.filter(~pl.col("title_id").is_in(sorted(absent))).select(data.COLUMNS)
    return documents, pl.concat([present, data.made(known, data.LARGE - present.height, seed)])


_ROMAN = {"II": "2", "III": "3", "IV": "4", "2": "II", "3": "III", "4": "Four", "Two": "2"}


def written(rng: random.Random, title: str) -> str:
    """The title as people write it: now and then with another numeral, without its article, accents, apostrophes or head."""
    plain = "".join(c for c in unicodedata.normalize("NFD", title) if not unicodedata.combining(c))
    ways = [
        plain,
        title.replace("'", ""),
        title.replace("’", ""),
        title.replace(" and ", " & "),
        title.replace(" & ", " and "),
    ]
    ways.append(" ".join(_ROMAN.get(w, w) for w in title.split()))
    ways.append(title.replace("-", "").replace(".", ""))
    if title.startswith("The ") and len(title.split()) > 2:
        ways += [title[4:], f"{title[4:]}, The"]
    if ": " in title and len(title.split(": ")[-1].split()) > 1 and rng.random() < 0.5:
        ways.append(title.split(": ")[-1])
    ways = [w for w in ways if w != title]
    return rng.choice(ways) if ways and rng.random() < 0.3 else title


def _text(
    rng: random.Random,
    pick: dict[str, Any],
    others: list[dict[str, Any]],
    absent: set[str],
    people: list[str],
    shared: bool,
    when: int,
    everyday: dict[str, Any],
) -> tuple[str, list[str], str, int]:
    """One text, its true titles, its kind and its year."""
    tv = pick["media_type"] == "tv"
    short = len(pick["title"].split()) <= 3 and ":" not in pick["title"]
    family = rng.choices(("posts", "news", "tv", "traps", "plain"), (6, 3, 2 if tv else 0, 3 if short else 0, 1.5))[0]
    lines = {"posts": POSTS, "news": NEWS, "tv": TV, "traps": TRAPS, "plain": PLAIN}[family].strip().split("\n")
    line = rng.choice(lines)
    if family == "traps" and tv and ("season" in line or "showrunner" in line):
        line = lines[0]
    own = [p for p in [*(pick["directors"] or []), *(pick["cast"] or [])[:3]] if " " in p]
    if ("{p}" in line or "{s}" in line) and not own:
        line = rng.choice(("Just watched {t}, no regrets", "{t} was a nice surprise"))
    if shared and not ("{y}" in line or "{p}" in line or "{s}" in line) and family not in ("traps", "plain"):
        line = "{t} ({y}) was better than I remembered"
    person = rng.choice(own) if own else "Ann Example"
    fill = {
        "t": written(rng, pick["title"]), "u": others[0]["title"], "v": others[1]["title"], "y": pick["year"], "p": person,
        "w": pick["year"] + rng.choice((-31, -17, -9, 7, 14)), "s": person.split()[-1], "q": rng.choice(people).split()[-1],
        "n": rng.randint(4, 9), "c": rng.choice(_CITIES), "l": everyday["title"].lower(),
        "r": rng.choice(("IV", "VI", "VII", "5")), "h": "#" + "".join(w for w in pick["title"].title() if w.isalnum()),
    }  # fmt: skip
    text = line.format(**fill)
    named = [pick] if family != "traps" and family != "plain" else []
    named += [o for o, slot in zip(others, ("{u}", "{v}"), strict=True) if slot in line]
    if family != "traps" and rng.random() < 0.15:
        text = text.lower() if rng.random() < 0.7 else text.upper()
    return (
        text,
        [r["title_id"] for r in named if r["title_id"] not in absent],
        "news" if family == "news" else "post",
        when,
    )
