"""What the API gives, for OpenAPI and for the tests. Rows come from contracts (rows.py)."""

from datetime import date as Date
from datetime import datetime as Datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.rows import ChartEntry, Document, DriftTest, TitleFacts, Trend
from trending_assets.serving.history import COLUMNS


class Links(BaseModel):
    """Addresses of a title."""

    self: str
    history: str
    evidence: str


class RankedTitle(Trend):
    """A title in the ranking."""

    poster_url: str | None = Field(description="address of the poster")
    links: Links


class Facts(TitleFacts):
    """A title's facts and digest."""

    poster_url: str | None = Field(description="address of the poster")


class Answer(BaseModel):
    """What every answer carries."""

    model_config = ConfigDict(extra="forbid")
    date: Date = Field(description="data day (UTC)")
    as_of: Datetime = Field(description="end of that day: nothing in the answer was known later")
    snapshot: str = Field(
        description="short hash of the data: /v1/snapshots/{snapshot}/… gives it for good", pattern="^[0-9a-f]{16}$"
    )


# Under names of their own: in a class that has a field `list`, `list[…]` would be that field.
Names = list[str]
RankedTitles = list[RankedTitle]


class Trends(Answer):
    """The ranking of a day."""

    list: Literal["popular", "rising"] = Field(description="which of the two rankings")
    basis: Literal["mentions", "charts_and_lists", "none"] = Field(description="what the ranking rests on")
    note: str | None = Field(description="a sentence on a thin day")
    total: int = Field(ge=0, description="titles that pass the filters")
    limit: int = Field(ge=1, le=500, description="most titles that this answer may hold")
    next: str | None = Field(description="address of the titles after these; null at the end")
    scored_by: Names = Field(description="models that scored documents or wrote digests")
    attribution: str
    results: RankedTitles


class Title(Answer):
    """A title on a day."""

    title: Facts
    trend: Trend | None


Moment = tuple[
    Annotated[Date, Field(description="date")],
    Annotated[int, Field(ge=1, description="rank")],
    Annotated[float, Field(ge=0, description="score")],
    Annotated[float, Field(ge=0, description="level")],
    Annotated[float, Field(ge=0, description="lift")],
    Annotated[int, Field(ge=0, description="mentions")],
    Annotated[int, Field(ge=0, description="authors")],
    Annotated[int, Field(ge=0, description="sites")],
]


class History(Answer):
    """A title's ranks from one day to another, oldest first; days on which it was not ranked are left out."""

    title_id: str
    first: Date = Field(alias="from")
    columns: list[str] = Field(description="what the values of a row are", examples=[list(COLUMNS)])
    history: list[Moment] = Field(description="a row a day, values in the order of `columns`, rounded to 4 decimals")


class Evidence(Answer):
    """The documents behind a title's place, newest first."""

    title_id: str
    total: int = Field(ge=0)
    next: str | None = Field(None, description="address of the documents after these, where a part was asked for")
    results: list[Document]


class Days(Answer):
    """The published days up to this one, oldest first."""

    days: list[Date]
    newest: Date
    version: int = Field(ge=1, description="how often the published data has changed")


class Count(BaseModel):
    """A genre, vibe tag or platform."""

    model_config = ConfigDict(extra="forbid")
    name: str
    titles: int = Field(ge=1, description="ranked titles that have it")


class Counts(Answer):
    """What titles can be filtered by, most titles first."""

    results: list[Count]


class FoundTitle(BaseModel):
    """A title that was found."""

    model_config = ConfigDict(extra="forbid")
    title_id: str
    title: str
    year: int | None
    media_type: Literal["movie", "tv"]
    rank: int = Field(ge=1)
    score: float = Field(ge=0)
    links: Links


class Search(Answer):
    """Titles that were found, best first."""

    query: str
    total: int = Field(ge=0)
    limit: int = Field(ge=1, le=100)
    results: list[FoundTitle]


class Move(BaseModel):
    """How a title's place differs between two days."""

    model_config = ConfigDict(extra="forbid")
    title_id: str
    title: str
    media_type: Literal["movie", "tv"]
    from_rank: int | None = Field(ge=1)
    to_rank: int | None = Field(ge=1)
    rank_change: int | None = Field(description="places gained; null where it was not ranked on both days")
    from_score: float | None
    to_score: float | None
    score_change: float = Field(description="a day without the title counts as 0")
    status: Literal["new", "gone", "up", "down", "same"]


Moves = list[Move]


class Compare(Answer):
    """Two days side by side, the largest differences of score first."""

    first: Date = Field(alias="from")
    from_snapshot: str = Field(pattern="^[0-9a-f]{16}$")
    last: Date = Field(alias="to")
    list: Literal["popular", "rising"]
    total: int = Field(ge=0)
    limit: int = Field(ge=1, le=500)
    results: Moves


class LinkedEntry(ChartEntry):
    """A chart's row with the title that it was linked to."""

    title_id: str | None = Field(
        description="movie-<tmdb id> or tv-<tmdb id>; null where the row is linked to no title"
    )


class Charts(Answer):
    """Chart entries known on the day."""

    results: list[LinkedEntry]


class Drift(Answer):
    """Tests of the day's data against its baseline."""

    results: list[DriftTest]


class Calls(BaseModel):
    """LLM calls of one kind."""

    model_config = ConfigDict(extra="forbid")
    task: str = Field(description="what was asked: document_score, title_digest")
    model: str = Field(description="model that was asked")
    prompt_version: str
    mode: Literal["realtime", "batch"]
    outcome: str = Field(description="answered, unpaid, or how a paid answer failed")
    calls: int = Field(ge=1)
    tokens_in: int = Field(ge=0)
    tokens_cached: int = Field(ge=0, description="those of tokens_in that the provider had cached")
    tokens_out: int = Field(ge=0)
    cost_usd: float = Field(ge=0)


class Spend(Answer):
    """What the LLM calls that were made for the day cost; what was paid for on an earlier day costs nothing again."""

    cost_usd: float = Field(ge=0)
    results: list[Calls]


class AssetRecord(BaseModel):
    """An asset's partition: what is upstream, and the code, data and run that it came from."""

    model_config = ConfigDict(extra="forbid")
    asset: str
    partition: Date | None
    upstream: list[str]
    code_version: str | None
    sha256: str | None = Field(description="of the partition's object; null beside the bundle's own ancestors")
    run_id: str | None
    materialized_at: Datetime | None


class Lineage(Answer):
    """What the day's answers rest on."""

    source: Literal["dagster", "bundle"] = Field(description="dagster: with the latest run of every asset")
    assets: list[AssetRecord]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """A bundle is served."""

    status: Literal["ready"]
    date: Date
    version: int = Field(ge=1)


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="about:blank: the status says it all", examples=["about:blank"])
    title: str = Field(description="the status in words", examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(description="what is wrong and what to do", examples=["No bundle of 2020-01-01 is published."])
    instance: str = Field(description="path that was asked for", examples=["/v1/trends"])
