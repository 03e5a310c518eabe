"""What the API takes and gives, for OpenAPI and for the tests. Row models come from contracts."""

from datetime import date as Date
from datetime import datetime as Datetime
from re import fullmatch
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from trending_assets.contracts import TABLES, Column

_PLAIN: dict[Any, Any] = {
    pl.String: str,
    pl.Int32: int,
    pl.Int64: int,
    pl.Float64: float,
    pl.Boolean: bool,
    pl.Date: Date,
}


def _python_type(dtype: Any, name: str) -> Any:
    if isinstance(dtype, pl.Datetime):
        return Datetime
    if isinstance(dtype, pl.List):
        return list[_python_type(dtype.inner, name)]  # type: ignore[misc]
    if isinstance(dtype, pl.Struct):
        parts: dict[str, Any] = {f.name: (_python_type(f.dtype, f.name), ...) for f in dtype.fields}
        return create_model(name, __config__=ConfigDict(extra="forbid"), **parts)
    return _PLAIN[dtype]


def _field(column: Column) -> Any:
    kind = _python_type(column.dtype, f"{column.name} item".title().replace(" ", ""))
    if column.values:
        kind = Literal[column.values]
    return (
        kind | None if column.nullable else kind,
        Field(description=column.meaning, ge=column.low, le=column.high),
    )


def row_model(table: str, name: str, **more: Any) -> type[BaseModel]:
    """A model of a row of a table of the contracts, with further fields."""
    contract = TABLES[table]
    fields = {column.name: _field(column) for column in contract.columns} | more
    return create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=contract.meaning, **fields)


_POSTER: Any = (str | None, Field(description="address of the poster"))


class Links(BaseModel):
    """Addresses of a title."""

    self: str
    history: str
    evidence: str


Trend = row_model("marts/trends", "Trend")
RankedTitle = row_model("marts/trends", "RankedTitle", poster_url=_POSTER, links=(Links, ...))
TitleFacts = row_model("marts/titles", "TitleFacts", poster_url=_POSTER)
Document = row_model("marts/evidence", "Document")
DriftTest = row_model("drift/report", "DriftTest")


class Answer(BaseModel):
    """What every answer carries."""

    model_config = ConfigDict(extra="forbid")
    date: Date = Field(description="data day")
    snapshot: str = Field(description="short hash of the day's bundle", pattern="^[0-9a-f]{16}$")


class Trends(Answer):
    """The ranking of a day."""

    basis: Literal["mentions", "charts_and_lists", "none"] = Field(description="what the ranking rests on")
    note: str | None = Field(description="a sentence on a thin day")
    total: int = Field(ge=0, description="titles that pass the filters")
    limit: int = Field(ge=1, le=500, description="most titles that this answer may hold")
    days: list[Date] = Field(description="days up to this one, oldest first")
    scored_by: list[str] = Field(description="models that scored documents or wrote digests")
    attribution: str
    results: list[RankedTitle]  # type: ignore[valid-type]


class Title(Answer):
    """A title on a day."""

    title: TitleFacts  # type: ignore[valid-type]
    trend: Trend | None  # type: ignore[valid-type]


class Moment(BaseModel):
    """A title's rank on one day."""

    model_config = ConfigDict(extra="forbid")
    date: Date
    rank: int = Field(ge=1)
    score: float = Field(ge=0)
    level: float = Field(ge=0)
    lift: float = Field(ge=0)
    mentions: int = Field(ge=0)
    authors: int = Field(ge=0)
    sites: int = Field(ge=0)


class History(Answer):
    """A title's ranks over the days up to this one, oldest first."""

    title_id: str
    title: str
    history: list[Moment]


class Evidence(Answer):
    """The documents behind a title's place, newest first."""

    title_id: str
    total: int = Field(ge=0)
    results: list[Document]  # type: ignore[valid-type]


class Days(Answer):
    """The days up to this one."""

    days: list[Date]
    newest: Date


class Drift(Answer):
    """Tests of the day's data against its baseline."""

    results: list[DriftTest]  # type: ignore[valid-type]


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


def _plain_day(value: object) -> object:
    if isinstance(value, str) and not fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a day is YYYY-MM-DD")
    return value


Day = Annotated[Date, BeforeValidator(_plain_day)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class DayQuery(BaseModel):
    """Parameters of every answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    date: Day | None = Field(None, description="data day; the newest one where it is left out")


class TrendsQuery(DayQuery):
    """Parameters of the ranking."""

    media_type: Literal["movie", "tv"] | None = Field(None, description="films or TV alone")
    genre: Name | None = Field(None, description="TMDb genre by name, in any case")
    platform: Name | None = Field(None, description="streaming platform by name, in any case")
    limit: int = Field(50, ge=1, le=500, description="most titles to answer with")


class LineageQuery(DayQuery):
    """Parameters of the lineage."""

    asset: Name | None = Field(None, description="one asset, as group/table")
