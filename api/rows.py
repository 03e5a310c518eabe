"""Rows of answers. Written from trending_assets/contracts by `python -m api.rows_from_contracts`. Do not edit."""

# ruff: noqa: E501

from datetime import date as Date
from datetime import datetime as Datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """A row, and nothing beside its columns."""

    model_config = ConfigDict(extra="forbid")


class SummaryItem(Row):
    """One SummaryItem."""

    sentence: str
    doc_ids: list[str]


class LeftOutItem(Row):
    """One LeftOutItem."""

    reason: str
    documents: int


class DroppedItem(Row):
    """One DroppedItem."""

    reason: str
    parts: int


class Trend(Row):
    """What the API serves of a day: the ranking with every score beside it."""

    title_id: str = Field(description="movie-<tmdb id> or tv-<tmdb id>")
    rank: int = Field(description="place among what is popular now; 1 is the most", ge=1)
    title: str = Field(description="English title; the original one without details")
    year: int | None = Field(description="year of release or first airing")
    media_type: Literal["movie", "tv"] = Field(description="movie or tv")
    score: float = Field(
        description="what the rank sorts by: voices a day that are expected next, and the points of charts and lists",
        ge=0,
    )
    rising_rank: int = Field(description="place among what is rising; 1 is the most", ge=1)
    rising_score: float = Field(
        description="what the rising rank sorts by: (expected - usual) / sqrt(usual + 1), usual being a week of the last 28 days"
    )
    basis: Literal["mentions", "charts_and_lists", "release"] = Field(
        description="mentions, charts_and_lists or release"
    )
    expected: float = Field(description="expected mentions by distinct voices and day over the next 7 days", ge=0)
    expected_low: float = Field(description="lower end of its 95% interval", ge=0)
    expected_high: float = Field(description="upper end of its 95% interval", ge=0)
    level: float = Field(description="voices a day: EWMA of half-life 1 day", ge=0)
    lift: float = Field(description="level over baseline, both shrunk by a prior", ge=0)
    lift_low: float = Field(description="lower end of the lift's 95% interval", ge=0)
    lift_high: float = Field(description="upper end of the lift's 95% interval", ge=0)
    direction: Literal["rising", "steady", "falling"] = Field(description="rising, steady or falling")
    missing_sites: list[str] = Field(
        description="sites that usually write and have nothing on the day; the same for all titles"
    )
    alert: bool = Field(description="a significant rise (trends/alerts)")
    mentions: int = Field(description="mentions on the day", ge=0)
    authors: int = Field(description="distinct authors on the day", ge=0)
    sites: int = Field(description="distinct sites on the day", ge=0)
    mention_points: float = Field(description="part of the score that mentions gave", ge=0)
    release_points: float = Field(description="part of the score that a release near the day gave", ge=0)
    chart_points: float = Field(description="part of the score that charts gave", ge=0)
    list_points: float = Field(description="part of the score that TMDb's lists gave", ge=0)
    sentiment: float | None = Field(description="mean sentiment of the digest", ge=-1, le=1)
    vibe_score: float | None = Field(description="1 to 10", ge=1, le=10)
    vibe_tags: list[str] = Field(description="vibe tags")
    genres: list[str] = Field(description="TMDb genres by name")
    genre_llm: str | None = Field(description="primary genre by the LLM")
    genre_llm_secondary: str | None = Field(description="secondary genre by the LLM")
    genre_model: str | None = Field(description="most probable genre by the champion of the two models below")
    genre_xgboost: str | None = Field(description="most probable genre by XGBoost")
    genre_bert: str | None = Field(description="most probable genre by BERT")
    platforms: list[str] = Field(
        description="streaming platforms (flat rate, in the country of TRENDING_TMDB_REGION), by JustWatch"
    )
    poster_path: str | None = Field(description="path under TMDb's image address")


class TitleFacts(Row):
    """What the API serves of a title: facts, digest and model genres, for every title of marts/trends."""

    title_id: str = Field(description="movie-<tmdb id> or tv-<tmdb id>")
    tmdb_id: int = Field(description="TMDb's id; films and TV count apart", ge=1)
    media_type: Literal["movie", "tv"] = Field(description="movie or tv")
    imdb_id: str | None = Field(description="IMDb id (tt…)")
    title: str = Field(description="English title; the original one without details")
    original_title: str = Field(description="title in the original language")
    year: int | None = Field(description="year of release or first airing")
    release_date: Date | None = Field(description="release or first air date")
    overview: str | None = Field(description="plot in a few sentences")
    tagline: str | None = Field(description="tagline")
    genres: list[str] = Field(description="TMDb genres by name")
    runtime_minutes: float | None = Field(description="runtime, minutes", ge=0)
    cast: list[str] = Field(description="leading cast, billing order, at most 10")
    directors: list[str] = Field(description="directors; creators for TV")
    platforms: list[str] = Field(
        description="streaming platforms (flat rate, in the country of TRENDING_TMDB_REGION), by JustWatch"
    )
    poster_path: str | None = Field(description="path under TMDb's image address")
    vibe_score: float | None = Field(description="1 to 10", ge=1, le=10)
    vibe_tags: list[str] = Field(description="vibe tags")
    too_little: bool | None = Field(description="too little to say; null where no document names it")
    summary: list[SummaryItem] = Field(description="cited review summary")
    no_summary: Literal["too_few", "over_cap", "no_answer", "too_little", "no_sentence"] | None = Field(
        description="why there is no summary: too_few (under 3 documents or 2 authors), over_cap (beyond the 100 titles with most authors), no_answer (the LLM gave none that can be used), too_little (it says so), no_sentence (none of its sentences stood)"
    )
    left_out: list[LeftOutItem] = Field(
        description="documents left out, by reason: addresses_software, copy, not_scored, spam, not_about_title; and not read for the summary alone: older_of_voice (its author wrote a newer one), over_request (beyond the 30 of a request)"
    )
    dropped: list[DroppedItem] = Field(
        description="parts of the LLM's answer that were dropped, by reason: sentences (empty, uncited, unknown_document, address, markup, addresses_software, invented_name, invented_number, over_length), unsupported_tag, unsupported_genre"
    )
    digest_model: str | None = Field(description="model that wrote the digest")
    digest_prompt_version: str | None = Field(description="prompt version of the digest")
    documents: int = Field(
        description="documents of the last 7 days that the vibe score rests on: about the title, no spam, no copies",
        ge=0,
    )
    voices: int = Field(description="authors of those documents", ge=0)
    sites: int = Field(description="sites of those authors", ge=0)
    vibe_weight: float = Field(
        description="how much of the full evidence that is: 1 from 36 voices on, a site counting as 24 at most",
        ge=0.0,
        le=1.0,
    )


class Document(Row):
    """Documents of the last 7 days behind each ranked title, with their scores."""

    title_id: str = Field(description="movie-<tmdb id> or tv-<tmdb id>")
    doc_id: str = Field(description="first 16 hex digits of the SHA-256 of the canonical URL")
    first_seen: Date = Field(description="partition of the document")
    url: str = Field(description="link to the source")
    site: str = Field(description="host that published it")
    kind: Literal["post", "review", "news"] = Field(description="post, review or news")
    author: str = Field(description="author as the site names them; empty where it names none")
    published_at: Datetime = Field(description="publication time (UTC)")
    headline: str | None = Field(description="headline")
    excerpt: str = Field(description="first 280 characters")
    rating: float | None = Field(description="rating / best rating", ge=0.0, le=1.0)
    confidence: float = Field(description="confidence of the link", ge=0.0, le=1.0)
    method: str = Field(description="evidence of the link")
    sentiment: float | None = Field(description="sentiment of the document", ge=-1, le=1)
    enthusiasm: int | None = Field(description="0 to 100", ge=0, le=100)
    counted: bool = Field(
        description="its score says about the title and no spam: it may count in vibe score and digest; the ranking counts all"
    )
    model: str | None = Field(description="model that scored it")
    prompt_version: str | None = Field(description="prompt version of the score")


class ChartEntry(Row):
    """Chart entries known on the day, with the medium and year that the chart or its title tell."""

    chart: str = Field(description="chart")
    chart_date: Date = Field(description="day or week's end of the edition")
    rank: int = Field(description="place, 1 is first", ge=1)
    title: str = Field(description="title without a year in brackets")
    year: int | None = Field(description="year in brackets, where the chart prints one")
    media_type: Literal["movie", "tv"] | None = Field(description="medium that the chart is of")
    value: float | None = Field(description="gross, hours viewed, page views or mean rating")
    unit: str | None = Field(description="usd, hours, views or rating")
    days_in_release: int | None = Field(description="days since release, where the chart prints them")


class DriftTest(Row):
    """Tests of the day against its baselines, one row a column, baseline and test."""

    column: str = Field(description="table.column that is watched")
    against: Literal["trailing", "training"] = Field(description="baseline that the day is held against")
    test: Literal[
        "schema",
        "missing",
        "minimum",
        "maximum",
        "mean",
        "median",
        "mann_whitney",
        "ks",
        "psi",
        "chi_squared",
        "quality",
    ] = Field(
        description="schema: columns, types, nulls and categories; missing: share of nulls; minimum to median: summary statistics; mann_whitney, ks, psi, chi_squared: distributions; quality: how good past predictions turned out"
    )
    statistic: float | None = Field(description="the test's statistic; null without a baseline")
    p_value: float | None = Field(
        description="probability of so large a statistic without drift; null where none is stated", ge=0.0, le=1.0
    )
    effect: float | None = Field(
        description="size of the shift: standard deviations (mean, median, ranks), PSI, Cramér's V, KS distance, share of rows",
        ge=0,
    )
    severity: Literal["none", "small", "moderate", "large"] = Field(description="how large the effect is, whatever p")
    drifted: bool | None = Field(description="drift by test and effect; null where nothing was tested")
    verdict: Literal["drifted", "stable", "noted", "no_baseline"] = Field(
        description="drifted, stable, noted (worth reading, no alarm) or no_baseline"
    )
    detail: str = Field(description="one sentence for a person")
    current: int = Field(description="values of the day", ge=0)
    baseline: int = Field(description="values of the baseline", ge=0)
    baseline_version: str | None = Field(description="version of the baseline; null where there is none")
