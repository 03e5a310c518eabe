"""What the API's paths take, and what they refuse (422, never a silent clamp)."""

from datetime import date as Date
from re import fullmatch
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

TITLE_ID = r"^(movie|tv)-[1-9][0-9]{0,11}$"
SNAPSHOT = r"^[0-9a-f]{16}$"
CURSOR = r"^[0-9a-f]{16}\.[1-9][0-9]{0,6}$"
MOST = 500


def _plain_day(value: object) -> object:
    if isinstance(value, str) and not fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a day is YYYY-MM-DD")
    return value


Day = Annotated[Date, BeforeValidator(_plain_day)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
List = Literal["popular", "rising"]
Medium = Literal["movie", "tv"]
Score = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Cursor = Annotated[str, Field(pattern=CURSOR)]


class Params(BaseModel):
    """Parameters of an answer, without its day."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TrendsParams(Params):
    """Parameters of the ranking."""

    list: List = Field("popular", description="popular: by rank; rising: by rising_rank")
    media_type: Medium | None = Field(None, description="films or TV alone")
    genre: Name | None = Field(None, description="TMDb genre by name, in any case (/v1/genres)")
    vibe_tag: Name | None = Field(None, description="vibe tag by name, in any case (/v1/tags)")
    platform: Name | None = Field(None, description="streaming platform by name, in any case (/v1/platforms)")
    min_score: Score | None = Field(None, description="least trend score")
    max_score: Score | None = Field(None, description="largest trend score")
    limit: int = Field(50, ge=1, le=MOST, description="most titles to answer with")
    cursor: Cursor | None = Field(
        None, description="where the last answer ended, from its `next`: stays with its snapshot"
    )


class HistoryParams(Params):
    """Parameters of a history."""

    first: Day | None = Field(
        None, alias="from", description="first day; 365 days with the last one where it is left out"
    )


class EvidenceParams(Params):
    """Parameters of a title's evidence."""

    limit: int | None = Field(
        None, ge=1, le=MOST, description="most documents to answer with; all where it is left out"
    )
    cursor: Cursor | None = Field(
        None, description="where the last answer ended, from its `next`: stays with its snapshot"
    )


class SearchParams(Params):
    """Parameters of a search."""

    q: str = Field(min_length=1, max_length=100, description="words of a title, or of a name of its cast and crew")
    limit: int = Field(20, ge=1, le=100, description="most titles to answer with")


class LineageParams(Params):
    """Parameters of the lineage."""

    asset: Name | None = Field(None, description="one asset, as group/table", examples=["marts/trends"])


class CompareParams(Params):
    """Parameters of a comparison, which has two days of its own."""

    first: Day = Field(alias="from", description="day to compare with", examples=["2026-11-13"])
    last: Day = Field(alias="to", description="day that is compared", examples=["2026-11-20"])
    list: List = Field("popular", description="which of the two rankings")
    media_type: Medium | None = Field(None, description="films or TV alone")
    limit: int = Field(50, ge=1, le=MOST, description="most titles to answer with")


def dated(params: type[Params]) -> type[Params]:
    """The same parameters with the data day."""
    day: Any = (Day | None, Field(None, description="data day; the newest one where it is left out"))
    return create_model(params.__name__.replace("Params", "Query") or "Query", __base__=params, date=day)
