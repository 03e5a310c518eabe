"""Made marts of any size, in the contract's columns: the same numbers give the same rows. For load alone, nothing is meant."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.serving.lineage import Node

_TEXT = """
    amber arrow ash autumn bell birch blue bridge brook candle cedar city cloud coast copper crow dawn deep dust east echo
    ember falcon fern field fire fog fox frost garden ghost glass gold grey harbor hawk hollow honey house iron island ivy
    jade king lake lantern last light lily lost maple marsh mile mirror moon moss night north oak ocean old olive orchard
    paper pearl pine quiet rain raven red reed river road rose salt sand sea shadow silver sky slate snow south sparrow
    spring star stone storm summer sun swan tide tower valley velvet violet wave west white wild willow wind winter wolf
"""
WORDS = _TEXT.split()
GENRES = ("Action", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Horror", "Romance", "Thriller")
PLATFORMS = ("Netflix", "Disney Plus", "Max", "Hulu", "Apple TV Plus", "Paramount Plus")
TAGS = ("funny", "tense", "moving", "slow", "clever", "dark", "warm", "loud")
SITES = tuple(f"site{n}.example" for n in range(8))
GRAPH: Mapping[str, Node] = {
    **{f"raw/source_{n}": Node((), "1", True) for n in range(20)},
    "marts/trends": Node(tuple(f"raw/source_{n}" for n in range(20)), "1", True),
    "serving/bundle": Node(("marts/trends",), "1", True),
}


class Made:
    """`titles` made titles and their days. Frames are of one day, without the column `date`."""

    def __init__(self, titles: int, documents: int = 2000, seed: int = 6) -> None:
        self.count, self.documents, self.seed = titles, documents, seed
        rng = np.random.default_rng(seed)
        self.media = np.where(
            np.random.default_rng(6).random(titles) < 0.6, "movie", "tv"
        )  # the same ids with any seed
        rng.random(titles)
        self.ids = [f"{media}-{1000 + n}" for n, media in enumerate(self.media)]
        self.names = [
            " ".join(WORDS[w] for w in rng.integers(0, len(WORDS), rng.integers(1, 5))).title() for _ in range(titles)
        ]
        self.years = rng.integers(1960, 2027, titles)
        self.genres = [sorted({GENRES[g] for g in rng.integers(0, len(GENRES), 2)}) for _ in range(titles)]
        self.platforms = [sorted({PLATFORMS[p] for p in rng.integers(0, 6, rng.integers(0, 3))}) for _ in range(titles)]
        self.tags = [sorted({TAGS[t] for t in rng.integers(0, 8, rng.integers(0, 3))}) for _ in range(titles)]
        self.strength = rng.pareto(1.2, titles)

    def frames(self, day: date) -> dict[str, pl.DataFrame]:
        """What `Marts` takes, by its names."""
        rng = np.random.default_rng([self.seed, day.toordinal()])
        trends = self._trends(rng)
        charts = (
            trends.sort("rank")
            .head(10)
            .with_columns(
                pl.lit("made_chart").alias("chart"),
                pl.lit(day).alias("chart_date"),
                unit=pl.lit("USD"),
                value=1e6 / pl.col("rank"),
            )
        )
        return {
            "trends": trends,
            "titles": self._titles(trends),
            "evidence": self._evidence(trends, day, rng),
            "charts": filled("staging/charts", charts),
            "chart_entries": filled("linking/chart_entries", charts),
            "drift": filled(
                "drift/report",
                pl.DataFrame({"column": [f"staging/documents.column_{n}" for n in range(20)], "statistic": [0.1] * 20}),
            ),
            "calls": filled(
                "scoring/ledger",
                pl.DataFrame(
                    {"call_id": [str(n) for n in range(40)], "tokens_in": [500] * 40, "cost_usd": [0.0004] * 40}
                ),
            ),
        }

    def _trends(self, rng: np.random.Generator) -> pl.DataFrame:
        n = self.count
        score = np.round(self.strength * np.exp(rng.normal(0, 0.4, n)), 3)
        order = np.argsort(-score, kind="stable")
        rising = np.round(rng.normal(0, 3, n), 3)
        rising_rank = np.empty(n, np.int32)
        rising_rank[np.argsort(-rising, kind="stable")] = np.arange(1, n + 1)
        mentions = rng.poisson(np.minimum(score, 200))
        frame = pl.DataFrame(
            {
                "title_id": self.ids,
                "title": self.names,
                "year": self.years,
                "media_type": self.media,
                "score": score,
                "rising_rank": rising_rank,
                "rising_score": rising,
                "basis": ["mentions"] * n,
                "expected": np.round(score, 2),
                "expected_low": np.round(score * 0.5, 2),
                "expected_high": np.round(score * 2, 2),
                "level": np.round(score, 2),
                "lift": np.round(np.exp(rng.normal(0, 0.3, n)), 3),
                "direction": ["rising"] * n,
                "mentions": mentions,
                "authors": mentions,
                "sites": np.minimum(mentions, len(SITES)),
                "mention_points": score,
                "sentiment": np.round(rng.uniform(-1, 1, n), 2),
                "vibe_score": np.round(rng.uniform(1, 10, n), 1),
                "vibe_tags": self.tags,
                "genres": self.genres,
                "genre_xgboost": [genres[0] for genres in self.genres],
                "platforms": self.platforms,
                "poster_path": [f"/poster-{title}.jpg" for title in self.ids],
            }
        )[order]
        return filled("marts/trends", frame.with_row_index("rank", 1))

    def _titles(self, trends: pl.DataFrame) -> pl.DataFrame:
        plot = pl.format("In {} {}, somebody finds what was lost, and nobody says how.", "title", "year")
        facts = trends.select(
            *(
                "title_id",
                "media_type",
                "title",
                "year",
                "genres",
                "platforms",
                "poster_path",
                "vibe_score",
                "vibe_tags",
            ),
            tmdb_id=pl.col("title_id").str.split("-").list.last().cast(pl.Int64),
            original_title="title",
            overview=plot,
            runtime_minutes=pl.lit(101.0),
            cast=pl.lit(["Ada Ash", "Ben Birch", "Cleo Crow"]),
            directors=pl.lit(["Dora Dawn"]),
            digest_model=pl.lit("made"),
            too_little=pl.lit(False),
            summary=pl.concat_list(
                pl.struct(sentence=pl.format("Many liked {}.", "title"), doc_ids=pl.concat_list(pl.col("title_id")))
            ),
        )
        return filled("marts/titles", facts)

    def _evidence(self, trends: pl.DataFrame, day: date, rng: np.random.Generator) -> pl.DataFrame:
        at = np.sort(np.minimum(rng.geometric(0.02, self.documents) - 1, self.count - 1))  # most for the first ranks
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        site = [SITES[n] for n in rng.integers(0, len(SITES), self.documents)]
        rows = trends.sort("rank")[at].select(
            "title_id",
            headline=pl.format("What {} is about", "title"),
            excerpt=pl.format("I saw {} and would see it again. ", "title").repeat_by(4).list.join(""),
        )
        rows = rows.with_row_index("n").with_columns(
            doc_id=pl.format("{}{}", pl.lit(f"{day:%Y%m%d}"), pl.col("n").cast(pl.String).str.zfill(8)),
            first_seen=pl.lit(day),
            site=pl.Series(site),
            url=pl.format("https://{}/{}/{}", pl.Series(site), pl.lit(day.isoformat()), "n"),
            author=pl.format("author {}", "n"),
            published_at=pl.Series(
                [start + timedelta(seconds=int(s)) for s in rng.integers(0, 86_400, self.documents)]
            ),
            sentiment=pl.Series(np.round(rng.uniform(-1, 1, self.documents), 2)),
            model=pl.lit("made"),
        )
        return filled("marts/evidence", rows)


def filled(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in the contract's columns: what it lacks is null, or the least or first value of its column."""
    contract = TABLES[table]
    missing = [column for column in contract.columns if column.name not in frame.columns]
    made = [
        pl.lit(None if column.nullable else _least(column), dtype=column.dtype).alias(column.name) for column in missing
    ]
    return conform(frame.with_columns(made).select(list(contract.schema)), contract)


def _least(column: Any) -> Any:
    if column.values:
        return column.values[0]
    if isinstance(column.dtype, pl.List):
        return []
    plain = {pl.String: "x", pl.Boolean: False, pl.Date: date(2026, 1, 1)}
    return plain.get(column.dtype, max(column.low or 0, 0))
