"""Which titles belong together: sequels, remakes and spin-offs of one name. Told from the title alone, so it never changes."""

import hashlib
import re
import unicodedata

_SUBTITLE = re.compile(r"\s*(?::|\s[-–—]\s|\().*$")
_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten"
_ORDINALS = "first|second|third|fourth|fifth|sixth|final"
_SEQUEL = re.compile(
    rf"\b(?:part|chapter|volume|vol|episode|season|series|saga|{_NUMBER_WORDS}|\d+|[ivx]+)\b"
    rf"|\b(?:the movie|a new|returns?|reloaded|revolutions?|forever|begins|resurrection|the (?:{_ORDINALS}))\b"
)
_ARTICLE = re.compile(r"^(?:the|an?) ")
_APOSTROPHE = re.compile(r"['’‘`]")
_POSSESSIVE = re.compile(r"(?<!\bit)(?<!\bhe)(?<!\bshe)(?<!\blet)(?<!\bwhat)(?<!\bhere)(?<!\bthat)(?<!\bwho)'s\b.*$")
_OTHER = re.compile(r"[^\w]+")
_SMALL = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or", "the", "to", "with"]
)
_WORDS = 2
"""Words of a stem that name a franchise, small ones not counted: "Harry Potter and the Goblet of Fire" is "harry potter"."""

_ANYWHERE = (
    "batman", "superman", "spider man", "x men", "wolverine", "star wars", "star trek", "jurassic", "planet of the apes",
    "die hard", "paranormal activity", "elm street", "freddy", "chucky", "madea", "muppet", "muppets", "chipmunks",
    "scooby doo", "ninja turtles", "tomb raider", "minions", "of the dead", "living dead", "evil dead", "godzilla",
    "frankenstein", "dracula", "sherlock holmes", "tarzan", "robin hood", "zorro", "pink panther", "charlie chan",
    "bourne", "furious", "fockers", "final destination", "first blood", "riddick", "hulk", "avengers", "predator",
    "doctor who", "pokemon", "dragon ball", "transformers", "texas chainsaw", "texas chain saw", "blondie", "king kong",
    "ghostbusters", "karate kid", "american pie", "rings of power", "lord of the rings", "james bond",
)  # fmt: skip
"""Names that are a franchise's wherever in a title they stand ("Live Free or Die Hard")."""
_AT_START = (
    "alien", "shrek", "rocky", "rambo", "terminator", "twilight", "halloween", "scream", "saw", "matrix", "blade",
    "underworld", "exorcist", "jaws", "gremlins", "highlander", "conan", "tron", "garfield", "hellboy", "thor", "mummy",
    "hobbit", "hangover", "jackass", "cars", "madagascar", "purge", "conjuring", "annabelle", "insidious", "poltergeist",
    "grudge", "omen", "robocop", "crow", "narnia", "divergent", "expendables", "taken", "transporter", "smurfs", "fast",
    "jason", "creed", "wicked", "moana", "frozen", "zootopia", "sonic", "deadpool", "venom", "joker", "gladiator", "dune",
    "avatar", "naked gun", "dumb", "crocodile", "friday", "hellraiser", "leprechaun", "tremors", "critters",
)  # fmt: skip
"""Names that are a franchise's where a title begins with them ("Rocky Balboa")."""
_SAME = {
    "aliens": "alien", "furious": "fast", "x men": "wolverine", "dark knight": "batman", "man steel": "superman",
    "first blood": "rambo", "jason": "friday", "freddy": "elm street", "new nightmare": "elm street", "chucky": "child",
    "penguins madagascar": "madagascar", "minions": "despicable me", "creed": "rocky", "fockers": "meet parents",
    "raiders lost": "indiana jones", "muppets": "muppet", "texas chain saw": "texas chainsaw", "leatherface":
    "texas chainsaw", "monsters university": "monsters inc", "living dead": "of the dead", "lost world": "jurassic",
    "lara croft": "tomb raider", "rings of power": "lord of the rings", "hobbit": "lord of the rings", "lord rings":
    "lord of the rings",
} | dict.fromkeys(
    ["skyfall", "spectre", "goldfinger", "moonraker", "thunderball", "octopussy", "goldeneye", "casino royale",
     "quantum solace", "die another", "tomorrow never", "man golden", "licence kill", "world not", "spy who", "dr no",
     "living daylights", "live let", "diamonds are", "you only", "no time", "view kill", "never say", "russia love",
     "your eyes", "her majesty"],
    "james bond",
)  # fmt: skip
"""Stems that no word joins to their franchise."""
_ANYWHERE_RE = re.compile(rf"\b(?:{'|'.join(sorted(_ANYWHERE, key=len, reverse=True))})\b")
_AT_START_RE = re.compile(rf"(?:{'|'.join(sorted(_AT_START, key=len, reverse=True))})\b")


def title_group(title: str) -> str:
    """The name that a title shares with its sequels, remakes and spin-offs.

    "The Matrix", "Matrix 2" and "Matrix: Part II" give "matrix". Subtitle, number, part mark, article and what follows a
    possessive are cut, then the first two words count ("Harry Potter and the …"); franchises that share no such stem
    ("2 Fast 2 Furious", "Live Free or Die Hard", "Skyfall") are known by name. Rather too much is held together than too
    little: "The Man from Laramie" and "The Man from Reno" are one group, which costs nothing. A title that is nothing but a
    number keeps it ("1917").
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c)).casefold()
    plain = _APOSTROPHE.sub("'", plain).replace("&", " and ")
    whole = _words(plain)
    if named := _ANYWHERE_RE.search(whole):
        return _SAME.get(named[0], named[0])
    stem = _ARTICLE.sub("", _words(_POSSESSIVE.sub("", _SUBTITLE.sub("", plain))))
    if named := _AT_START_RE.match(stem):
        return _SAME.get(named[0], named[0])
    kept = _SEQUEL.sub(" ", stem).split()
    told = [word for word in kept if word not in _SMALL][:_WORDS]
    name = " ".join(told or kept) or stem or whole or title
    return _SAME.get(name, name)


def bucket(group: str) -> int:
    """A number from 0 to 99 that a group always gets: the first 8 bytes of its SHA-256, modulo 100."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") % 100


def _words(text: str) -> str:
    return _OTHER.sub(" ", text.replace("'", "")).strip()
