"""The world that injections are tried in, and the real steps that an attack passes through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import polars as pl
from pydantic import SecretStr

from trending_assets.features.files import of_voices
from trending_assets.features.title_day import title_days
from trending_assets.features.voices import voices
from trending_assets.lake import Lake
from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.digests import digest_titles
from trending_assets.scoring.documents import score_documents
from trending_assets.scoring.schema import digest_task, document_task
from trending_assets.settings import Settings
from trending_assets.trends.rank import rank_days
from trending_assets_tests.unit.scoring.frames import table, titles

DAY = date(2026, 3, 28)
DAYS = [DAY - timedelta(days=back) for back in range(27, -1, -1)]
SCORED_DAYS = 7
LARGE, SMALL = 30, 10
"""Titles of which people write every day, the counts of neighbours close; and titles of a handful of documents."""
DOCUMENTS = 2
"""Documents that the attacker has, by two authors."""

_SITES = ("forum.example", "blogs.example", "press.example")
_OPINIONS = (
    "Loved {} from the first scene on, moving and beautifully shot.",
    "{} is a gripping film with a great cast.",
    "{} was funny and charming, I enjoyed it.",
    "{} is decent, nothing more, nothing less.",
    "Found {} slow and overlong, but the acting is strong.",
    "{} is boring and predictable, a disappointing evening.",
    "Terrible script, {} wasted my time.",
    "{} has stunning visuals and a moving ending.",
    "Tense and clever: {} kept me guessing.",
    "{} is a warm family film, recommended.",
    "The second act of {} drags, yet I liked it.",
)
_NAMES = ("Harbour", "Lantern", "Regent", "Meridian", "Orchard", "Parade", "Thunder", "Gardener", "Tide", "Freight")


@dataclass(frozen=True)
class World:
    """Frames of 28 days; the documents of the last 7 carry the scores of the honest endpoint, older ones need none."""

    documents: pl.DataFrame
    mentions: pl.DataFrame
    titles: pl.DataFrame
    scores: pl.DataFrame
    features: pl.DataFrame

    def victims(self, title_id: str) -> list[dict[str, Any]]:
        """The title's first documents of DAY, by different authors: those that the attacker writes instead."""
        own = self.mentions.filter(pl.col("title_id") == title_id, pl.col("date") == DAY).select("doc_id")
        rows = self.documents.filter(pl.col("date") == DAY).join(own, on="doc_id").unique("author_id", keep="any")
        return rows.sort("doc_id").head(DOCUMENTS).to_dicts()

    def carried(self, title_id: str) -> frozenset[str]:
        """Tags and genres that the title's documents of the last 7 days carry, those that the attacker rewrites left out."""
        gone = [row["doc_id"] for row in self.victims(title_id)]
        own = self.mentions.filter(pl.col("title_id") == title_id, ~pl.col("doc_id").is_in(gone)).select(
            "date", "doc_id"
        )
        said = self.scores.join(own, on=["date", "doc_id"])
        return frozenset(value for column in ("vibe_tags", "genres") for values in said[column] for value in values)


def title_ids() -> list[str]:
    """All titles of the world, the large ones first."""
    return [f"movie-{n + 1}" for n in range(LARGE + SMALL)]


def _name(n: int) -> str:
    return f"The {_NAMES[n % len(_NAMES)]} {('of Ada', 'in June', 'Below', 'Again')[n // len(_NAMES)]}"


def _authors(n: int, age: int) -> int:
    """Authors that write of title n at an age in days: 13 to 4 for large ones, in threes that differ by the day."""
    if n < LARGE:
        return 13 - n // 3 + (n + age) % 2 * (age > 0)
    return {0: 2, 2: 1, 5: n % 3}.get(age, 0)


def _rows() -> tuple[pl.DataFrame, pl.DataFrame]:
    docs, links = [], []
    for day in DAYS:
        age = (DAY - day).days
        for n, title_id in enumerate(title_ids()):
            for k in range(_authors(n, age)):
                site = _SITES[(n + k) % 3 if k % 4 == 0 else 0]
                doc_id = f"{(n * 7919 + age * 104729 + k * 1299709) % 2**32:08x}{n:02}{age:02}{k:02}"
                at = (n + 3 * k + age) % len(_OPINIONS)
                docs.append(
                    {
                        "date": day,
                        "doc_id": doc_id,
                        "url": f"http://{site}/{doc_id}",
                        "site": site,
                        "kind": "post",
                        "author_id": f"{site}/{n}-{age % 9}-{k}",
                        "published_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                        "text": _OPINIONS[at].format(_name(n)),
                    }
                )
                links.append(
                    {"date": day, "doc_id": doc_id, "title_id": title_id, "confidence": 0.9, "method": "exact"}
                )
    return table("staging/documents", docs), table("linking/mentions", links)


def clusters(docs: pl.DataFrame) -> pl.DataFrame:
    """No text folds into another: an attacker would vary the words."""
    rows = docs.select("date", "doc_id", cluster_id="doc_id", voice_id="author_id", copies=1, similarity=None)
    return rows.cast({"copies": pl.Int32, "similarity": pl.Float64})


def build(lake: Lake, url: str) -> World:
    """The world, with the scores of the endpoint at `url`."""
    docs, links = _rows()
    known = titles({title_id: _name(n) for n, title_id in enumerate(title_ids())}, *DAYS)
    recent = DAYS[-SCORED_DAYS:]
    scores = score(lake, url, recent, docs, links, known)
    return World(docs, links, known, scores, features(links, docs, scores, known))


_NUMBERS = count(1)


def _asker(url: str, lake: Lake) -> LlmAsker:
    """Each under a model's name of its own: what one endpoint was paid for must not be found for another."""
    ledger, model = SecretStr(f"sqlite:///{lake.uri}-llm.sqlite"), f"obedient-{next(_NUMBERS)}"
    key = SecretStr("k")
    return LlmAsker(Settings(llm_url=url, llm_api_key=key, llm_model=model, llm_concurrency=8, llm_ledger=ledger))


def score(
    lake: Lake, url: str, days: Sequence[date], docs: pl.DataFrame, links: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """scoring/document_scores of the days."""
    with _asker(url, lake) as asker:
        return score_documents(lake, days, docs, links, known, asker, document_task())[0]


def digest(
    lake: Lake, url: str, scores: pl.DataFrame, links: pl.DataFrame, docs: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """scoring/title_digests of DAY."""
    with _asker(url, lake) as asker:
        return digest_titles(lake, [DAY], scores, links, docs, clusters(docs), known, asker, digest_task())[0]


def features(links: pl.DataFrame, docs: pl.DataFrame, scores: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """features/title_signals, without charts and lists: nothing but what people write holds a title up."""
    return of_voices(known, voices(links, docs, clusters(docs), scores), DAYS).signals


def place(world: World, title_id: str, row: pl.DataFrame) -> int:
    """The title's rank on DAY where its features of DAY are `row` (none: nobody counted wrote of it)."""
    others = world.features.filter((pl.col("date") != DAY) | (pl.col("title_id") != title_id))
    signals = pl.concat([others, row]).sort("date", "title_id")
    ranked = rank_days(title_days(signals, world.titles, [DAY]), [DAY])
    found = ranked.filter(pl.col("title_id") == title_id)["rank"]
    return int(found[0]) if len(found) else ranked.height + 1


def clones(world: World, trials: Iterable[tuple[str, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Mentions and titles of stand-ins: for each (stand-in, title) the title's last 7 days without the attacker's documents.

    A stand-in is the title under another id, so that one round of requests can try many attacks on the same lake.
    """
    recent = pl.col("date") > DAY - timedelta(days=SCORED_DAYS)
    linked, known = [], []
    for stand_in, title_id in trials:
        gone = [row["doc_id"] for row in world.victims(title_id)]
        own = world.mentions.filter(recent, pl.col("title_id") == title_id, ~pl.col("doc_id").is_in(gone))
        linked.append(own.with_columns(title_id=pl.lit(stand_in)))
        facts = world.titles.filter(pl.col("date") == DAY, pl.col("title_id") == title_id)
        known.append(facts.with_columns(title_id=pl.lit(stand_in)))
    return pl.concat(linked), pl.concat(known)
