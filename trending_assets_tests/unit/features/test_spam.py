"""Spam through the ranking on a made past: each rule holds, and what it holds back comes through when it is switched off."""

import random
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bench.spam import POSTS, TOP, needed, voices_of_copies
from bench.spam_world import PLAIN, World, new_accounts, posts, ranked, world_of
from trending_assets.features.files import of_voices
from trending_assets.features.parameters import FEATURES
from trending_assets_tests.unit.features.people import day, said
from trending_assets_tests.unit.scoring.frames import titles

LAST = 39
TITLES = [f"movie-{n + 1}" for n in range(60)]
CATALOGUE = [*TITLES, *(f"movie-{n + 1}" for n in range(60, 3000))]
UNKNOWN = TITLES[-1]
SITE = "old"


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """40 days on which 400 accounts of one site write about 59 titles, about some more than about others."""
    rng, frames = np.random.default_rng(1), []
    for n in range(LAST + 1):
        for k, title_id in enumerate(TITLES[:-1]):
            count = rng.poisson(12 / (1 + k / 6))
            frames.append(said(n, title_id, (f"{SITE}/{a}" for a in rng.choice(400, count, replace=False))))
    return pl.concat(frames)


@pytest.fixture(scope="module")
def rules(people: pl.DataFrame) -> World:
    return world_of(of_voices(titles(dict.fromkeys(CATALOGUE, "x")), people, [day(n) for n in range(LAST + 1)]))


@pytest.fixture(scope="module")
def plain(rules: World) -> World:
    return world_of(rules.features, PLAIN)


@pytest.mark.parametrize("author", [f"{SITE}/7", f"{SITE}/made-up"])
@pytest.mark.parametrize("title_id", [UNKNOWN, TITLES[30], TITLES[0]])
def test_one_author_is_one_voice_however_often(rules: World, author: str, title_id: str) -> None:
    today = day(LAST)
    once = rules.ranks(today, posts(today, title_id, [author]))
    often = rules.planted(today, posts(today, title_id, [author], POSTS))
    assert ranked(often, today) == once
    counted = replace(often, signals=often.signals.with_columns(voices=pl.col("mentions").cast(pl.Float64)))
    assert ranked(counted, today)[title_id] == 1, "posts counted"


def test_a_copied_text_is_one_voice_under_any_names(rules: World, plain: World) -> None:
    draw, today = random.Random(3), day(LAST)
    words = [f"word{n}" for n in range(80)]
    copies = pl.DataFrame(
        {
            "date": [today] * 200,
            "doc_id": [f"c{n:03}" for n in range(200)],
            "author_id": new_accounts(SITE, 200),
            "published_at": [today] * 200,
            "headline": pl.Series([None] * 200, dtype=pl.String),
            "text": [
                " ".join(draw.choice(words) if draw.random() < 0.05 and n else w for w in words) for n in range(200)
            ],
        }
    ).cast({"published_at": pl.Datetime("us", "UTC")})
    voices = voices_of_copies(copies.clear(), copies, today)
    assert len(voices) == 1
    first = posts(today, UNKNOWN, voices)
    assert plain.ranks(today, first)[UNKNOWN] > TOP
    assert plain.ranks(today, posts(today, UNKNOWN, copies["author_id"]))[UNKNOWN] == 1, "names counted"
    assert rules.ranks(today, first) == rules.ranks(today), "a new account that nobody vouches for"


def test_accounts_without_a_past_bring_no_unknown_title_up(rules: World, plain: World) -> None:
    today, names = day(LAST), new_accounts(SITE, POSTS)
    assert needed(rules, today, UNKNOWN, names) is None
    few = needed(plain, today, UNKNOWN, names)
    assert few is not None and few < 25, "every account counts"
    known = needed(rules, today, UNKNOWN, rules.accounts_with_a_past(today, SITE))
    assert known is not None and known <= few + 2, "who has a past is heard as before"


@pytest.mark.parametrize("stays", [1, 3, 7])
def test_a_new_site_brings_no_title_up(rules: World, plain: World, stays: int) -> None:
    today = day(LAST)
    rows = pl.concat([posts(day(LAST - n), UNKNOWN, new_accounts("new", POSTS)) for n in range(stays)])
    assert rules.ranks(today, rows).get(UNKNOWN, POSTS) > TOP
    assert plain.ranks(today, rows)[UNKNOWN] == 1, "no cap, every account counts"
    uncapped = replace(rules, parameters=replace(FEATURES, site_cap=1e9, site_cap_days=1))
    assert stays == 1 or uncapped.ranks(today, rows)[UNKNOWN] == 1, "no cap: from the second day on they have a past"
