"""What spam can do to the ranking, planted in spring-2013 on days up to 2013-05-29: `python -m bench.spam`.

Posts are planted as rows of features/voices, which is what the stages before make of them; copied texts go through
staging/clusters first. Everything after is the real path: sites, signals, features, ranking. `off` is the same with the rule
switched off. Ranks are compared with those of the same day without the attack.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import mean, median

import numpy as np
import polars as pl

from bench.spam_world import (
    BEGINS,
    ENDS,
    FIRST,
    PLAIN,
    SHARED,
    World,
    new_accounts,
    posts,
    ranked,
    spring,
    world_of,
)
from trending_assets.linking.worlds import read_documents
from trending_assets.partitions import days_between
from trending_assets.staging.clusters import WINDOW_DAYS, clusters

POSTS = 10_000
TOP = 20
COPY_DAYS = 25
"""Days on which copied texts go through clusters; the trials are spread over them."""
SITE = "tweets.example"
"""The established site: nearly all that people write in this world."""
SEED = 2013


def _moved(one: dict[str, int], other: dict[str, int], title_id: str) -> int:
    """Places between two rankings of a title; one that is not ranked stands behind the last."""
    return abs(one.get(title_id, len(one) + 1) - other.get(title_id, len(other) + 1))


def _trials(world: World, count: int, days: Sequence[date]) -> Iterator[tuple[date, str]]:
    """Random days and titles: in turns any title of the catalogue, and one of those that are in the day's ranking."""
    draw, every = random.Random(SEED), world.features.titles["title_id"].to_list()
    ranking = {day: sorted(world.ranks(day)) for day in days}
    for n in range(count):
        day = draw.choice(days)
        yield day, draw.choice(every if n % 2 else ranking[day])


def _summary(moves: Sequence[int]) -> str:
    return f"{sum(move == 0 for move in moves):>5,} of {len(moves):,} trials move nothing; at most {max(moves)} places"


def one_author(rules: World, count: int, days: Sequence[date]) -> None:
    """The author posts 10,000 times instead of once: an account with a past and a new one in turns."""
    draw = random.Random(SEED)
    moves, off = [], []
    for n, (day, title_id) in enumerate(_trials(rules, count, days)):
        author = draw.choice(rules.accounts_with_a_past(day, SITE)) if n % 4 < 2 else f"{SITE}/made-up"
        once = rules.ranks(day, posts(day, title_id, [author]))
        often = rules.planted(day, posts(day, title_id, [author], POSTS))
        moves.append(_moved(once, ranked(often, day), title_id))
        if n < count // 10:
            raw = often.signals.with_columns(voices=pl.col("mentions").cast(pl.Float64))
            off.append(_moved(once, ranked(replace(often, signals=raw), day), title_id))
    print(f"one author, {POSTS:,} posts against one:     {_summary(moves)}")
    print(f"  off (posts counted):                     {_summary(off)}")


def _reviews() -> list[str]:
    texts = pl.read_parquet(SHARED / "data" / "reviews.parquet", columns=["text"])["text"].drop_nulls()
    return texts.filter(texts.str.count_matches(r"\w+").is_between(60, 300)).unique().sort().to_list()


def _copies(day: date, text: str, share: float, draw: random.Random) -> pl.DataFrame:
    """POSTS documents of the day by as many names, the text with a share of its words replaced."""
    words = text.split()
    begin = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)

    def edited() -> str:
        return " ".join(draw.choice(words) if draw.random() < share else word for word in words) if share else text

    return pl.DataFrame(
        {
            "date": [day] * POSTS,
            "doc_id": [f"copy{n:05}" for n in range(POSTS)],
            "author_id": new_accounts(SITE, POSTS),
            "published_at": [begin + timedelta(seconds=n) for n in range(POSTS)],
            "headline": pl.Series([None] * POSTS, dtype=pl.String),
            "text": [text] + [edited() for _ in range(POSTS - 1)],
        }
    )


def voices_of_copies(documents: pl.DataFrame, copies: pl.DataFrame, day: date) -> list[str]:
    """Voices of the planted documents after staging/clusters, beside the real documents of its window."""
    recent = pl.col("date").is_between(day - timedelta(days=WINDOW_DAYS - 1), day)
    columns = ["date", "doc_id", "author_id", "published_at", "headline", "text"]
    both = pl.concat([documents.filter(recent).select(columns), copies.select(columns)], how="vertical_relaxed")
    found = clusters(both, [day]).join(copies.select("doc_id"), on="doc_id", how="semi")
    return sorted(set(found["voice_id"]))


def copied_text(rules: World, plain: World, count: int, days: Sequence[date], share: float) -> None:
    """One review under 10,000 names, each copy with a share of its words replaced, against the first of them alone."""
    draw, reviews = random.Random(SEED), _reviews()
    documents = read_documents(SHARED / "worlds" / "spring-2013" / "documents.parquet").filter(pl.col("date") <= ENDS)
    chosen = sorted(draw.sample(list(days), min(COPY_DAYS, len(days))))
    voices = {}
    for day in chosen:
        voices[day] = voices_of_copies(documents, _copies(day, draw.choice(reviews), share, draw), day)
    print(f"  {share:.0%} of the words replaced: {max(map(len, voices.values()))} voices at most on {len(chosen)} days")
    moves, off = [], []
    for n, (day, title_id) in enumerate(_trials(rules, count, chosen)):
        first = posts(day, title_id, new_accounts(SITE, 1))
        once = rules.ranks(day, first)
        moves.append(_moved(once, rules.ranks(day, posts(day, title_id, voices[day])), title_id))
        if n < count // 10:
            many = posts(day, title_id, new_accounts(SITE, POSTS))
            off.append(_moved(plain.ranks(day, first), plain.ranks(day, many), title_id))
    print(f"one copied text, {POSTS:,} names against one:  {_summary(moves)}")
    print(f"  off (names counted):                     {_summary(off)}")


def short_text(rules: World, plain: World, count: int, days: Sequence[date]) -> None:
    """`I rated X 10/10` under 10,000 new names: no cluster folds it, so that the accounts' pasts alone hold it."""
    moves, entered, off, off_entered = [], 0, [], 0
    for n, (day, title_id) in enumerate(_trials(rules, count, days)):
        before, rows = rules.ranks(day), posts(day, title_id, new_accounts(SITE, POSTS))
        after = rules.ranks(day, rows)
        moves.append(_moved(before, after, title_id))
        entered += before.get(title_id, POSTS) > TOP >= after.get(title_id, POSTS)
        if n < count // 10:
            raw = plain.ranks(day, rows)
            off.append(_moved(before, raw, title_id))
            off_entered += before.get(title_id, POSTS) > TOP >= raw.get(title_id, POSTS)
    print(f"short text, {POSTS:,} new names against none:  {_summary(moves)}; {entered} enter the top {TOP}")
    print(f"  off (every account counts):              {_summary(off)}; {off_entered} enter the top {TOP}")


def new_site(rules: World, plain: World, days: Sequence[date]) -> None:
    """10,000 posts by 10,000 accounts of a site that nobody knew, for 1, 3 and 7 days running, on a title that nobody named
    and on those of the ranks below the top 20."""
    draw = random.Random(SEED)
    for stays in (1, 3, 7):
        best, entered, tried, off = [], 0, 0, []
        for day in days[::3]:
            before = rules.ranks(day)
            near = [title for title, rank in before.items() if TOP < rank <= TOP + 5]
            for title_id in [draw.choice(rules.unknown(day)), *near]:
                running = days_between(day - timedelta(days=stays - 1), day)
                rows = pl.concat([posts(d, title_id, new_accounts("new-site.example", POSTS)) for d in running])
                rank = rules.ranks(day, rows).get(title_id)
                if title_id in near:
                    tried += 1
                    entered += rank is not None and rank <= TOP
                else:
                    best.append(rank or POSTS)
                    if day == days[0]:
                        off.append(plain.ranks(day, rows)[title_id])
        place = "not ranked" if min(best) == POSTS else f"rank {min(best)}"
        print(
            f"a new site, {POSTS:,} accounts, {stays} days: an unknown title's best of {len(best)} days: {place} "
            f"(off: rank {min(off)}); of the 5 titles below the top {TOP} {entered} of {tried} enter it"
        )


def needed(world: World, day: date, title_id: str, names: Sequence[str]) -> int | None:
    """Fewest of the accounts that bring the title into the top 20; None where all of them do not."""

    def enters(count: int) -> bool:
        return world.ranks(day, posts(day, title_id, names[:count])).get(title_id, POSTS) <= TOP

    if not names or not enters(len(names)):
        return None
    low, high = 0, 1
    while not enters(high):
        low, high = high, min(2 * high, len(names))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enters(middle) else (middle, high)
    return high


def accounts_needed(rules: World, plain: World, days: Sequence[date]) -> None:
    """Accounts of the established site that bring a title nobody named into the top 20, with all of them posting on one day."""
    ways: dict[str, tuple[World, Callable[[date], list[str]]]] = {
        "new accounts": (rules, lambda day: new_accounts(SITE, POSTS)),
        "accounts with a past": (rules, lambda day: rules.accounts_with_a_past(day, SITE)),
        "any, rules off": (plain, lambda day: new_accounts(SITE, POSTS)),
    }
    for name, (world, names) in ways.items():
        draw = random.Random(SEED)
        found = [needed(world, day, draw.choice(rules.unknown(day)), names(day)) for day in days]
        counts = [count for count in found if count is not None]
        told = (
            f"fewest {min(counts)}, median {median(counts):g}, mean {mean(counts):.1f}"
            if counts
            else f"none up to {POSTS:,}"
        )
        print(f"accounts needed for the top {TOP}, {name:<21} {told} ({len(counts)} of {len(days)} days)")


def _mean_ndcg(scores: Sequence["np.ndarray"], gains: Sequence["np.ndarray"]) -> float:
    discount = 1 / np.log2(np.arange(2, TOP + 2))
    values = []
    for score, gain in zip(scores, gains, strict=True):
        order = np.argsort(-score, kind="stable")[:TOP]
        values.append(float(gain[order] @ discount) / float(np.sort(gain)[::-1][:TOP] @ discount))
    return mean(values)


def cost(rules: World, plain: World, days: Sequence[date]) -> None:
    """NDCG@20 of the ranking and of an EWMA of a day's half-life, on voices against all authors; the truth counts authors."""
    ids = plain.features.titles["title_id"].sort().to_list()
    place = {title_id: n for n, title_id in enumerate(ids)}
    every = days_between(BEGINS, ENDS)

    def matrix(world: World, column: str) -> "np.ndarray":
        counts = np.zeros((len(ids), len(every)))
        for day, title_id, n in world.features.signals.select("date", "title_id", column).iter_rows():
            counts[place[title_id], (day - BEGINS).days] = n
        return counts

    def scores_of(world: World, day: date) -> "np.ndarray":
        scores = np.full(len(ids), -np.inf)
        for title_id, rank in world.ranks(day).items():
            scores[place[title_id]] = -rank
        return scores

    truth = matrix(plain, "authors")
    at = [(day - BEGINS).days for day in days]
    for target, ahead in (("next day", 1), ("next 7 days", 7)):
        gains = [truth[:, t + 1 : t + 1 + ahead].sum(axis=1) for t in at]
        line = []
        for world in (rules, plain):
            counts = matrix(world, "voices")
            ewma = [counts[:, : t + 1] @ 0.5 ** np.arange(t, -1, -1) for t in at]
            ranking = [scores_of(world, day) for day in days]
            line += [_mean_ndcg(ranking, gains), _mean_ndcg(ewma, gains)]
        print(
            f"NDCG@{TOP} {target:<11} ranking {line[0]:.4f}, rules off {line[2]:.4f}, cost {line[2] - line[0]:+.4f}; "
            f"EWMA of a day {line[1]:.4f}, rules off {line[3]:.4f}, cost {line[3] - line[1]:+.4f}"
        )


def main(trials: int = 1000) -> None:
    """Print the table."""
    if not (SHARED / "worlds" / "spring-2013").is_dir():
        print(f"No real data at {SHARED} (set TRENDING_SHARED): nothing is measured.")
        return
    features = spring()
    days = days_between(FIRST, ENDS)
    rules, plain = world_of(features), world_of(features, PLAIN)
    print(f"spring-2013, {days[0]} to {days[-1]} ({len(days)} days), {features.titles.height:,} titles")
    for part in (
        lambda: one_author(rules, trials, days),
        lambda: copied_text(rules, plain, trials, days, 0.0),
        lambda: copied_text(rules, plain, trials // 4, days, 0.05),
        lambda: short_text(rules, plain, trials, days),
        lambda: new_site(rules, plain, days),
        lambda: accounts_needed(rules, plain, days),
        lambda: cost(rules, plain, days[:-7]),
    ):
        begin = time.perf_counter()
        part()
        print(f"  ({time.perf_counter() - begin:.0f} s)", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
