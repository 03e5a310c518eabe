"""sources.yaml as typed entries: which addresses each raw asset reads, per world, and how they are read."""

from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError, model_validator

from trending_assets.failures import PermanentFailure

SOURCES_FILE = Path(__file__).with_name("sources.yaml")
PARSERS = Path(__file__).with_name("parsers")
World = Literal["sandbox", "live"]
LISTS = ("feed", "opml", "sitemap", "index", "api")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_HTTP = TypeAdapter(HttpUrl)


def _http(address: str) -> None:
    """Raise ValueError where it is no http(s) address."""
    _HTTP.validate_python(address)


def dated(address: str, day: date) -> str:
    """A chart's address on a day: {day} is YYYY-MM-DD; {year}, {month} and {dom} are its parts. Raises ValueError for others."""
    try:
        return address.format(day=day.isoformat(), year=f"{day:%Y}", month=f"{day:%m}", dom=f"{day:%d}")
    except (KeyError, IndexError, ValueError) as error:
        raise ValueError(f"{address} has a placeholder that is none of day, year, month and dom: {error}") from None


class Address(_Strict):
    """Where documents are listed: exactly one of feed, opml, sitemap, index (an HTML page of links) and api (JSON).

    `terms` and `crawl_delay` (seconds between two requests to the host) say what the site asks for; a robots.txt that asks
    for more delay gets it. `links` selects the links of an index page that lead to documents (CSS).
    """

    feed: str | None = None
    opml: str | None = None
    sitemap: str | None = None
    index: str | None = None
    api: str | None = None
    links: str | None = None
    terms: str | None = None
    crawl_delay: float = Field(1.0, ge=0)

    @model_validator(mode="after")
    def _one(self) -> "Address":
        given = [name for name in LISTS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"an address is one of {', '.join(LISTS)}; this one names {' and '.join(given) or 'none'}")
        _http(self.url)
        if self.terms is not None:
            _http(self.terms)
        if (self.index is None) != (self.links is None):
            raise ValueError("index and links go together: a page, and the CSS selector of its links to documents")
        return self

    @property
    def how(self) -> str:
        """Which of LISTS it is."""
        return next(name for name in LISTS if getattr(self, name) is not None)

    @property
    def url(self) -> str:
        """The address itself."""
        return str(getattr(self, self.how))


class Selectors(_Strict):
    """CSS selectors of a plain HTML page. Without `text` a library finds the main text."""

    headline: str | None = None
    text: str | None = None
    author: str | None = None
    published: str | None = None
    rating: str | None = None
    rating_max: float | None = Field(None, gt=0)
    work_title: str | None = None
    work_year: str | None = None


class ChartAddress(_Strict):
    """A chart's address, with {day} (or {year}, {month}, {dom}) where it has one a day; `index` lists the charts that exist."""

    url: str
    index: str | None = None
    terms: str | None = None
    crawl_delay: float = Field(1.0, ge=0)

    @model_validator(mode="after")
    def _addresses(self) -> "ChartAddress":
        for address in (dated(self.url, date(2000, 1, 1)), self.index, self.terms):
            if address is not None:
                _http(address)
        return self

    @property
    def names_the_day(self) -> bool:
        """True where the address itself is of a day: such a server can show the past without RFC 7089."""
        return dated(self.url, date(2000, 1, 1)) != self.url


class _Entry(_Strict):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = Field(min_length=1)
    parser: str | None = Field(None, pattern=r"^[a-z][a-z0-9_]*$")

    @model_validator(mode="after")
    def _parser_is_there(self) -> "_Entry":
        if self.parser is not None and not (PARSERS / f"{self.parser}.py").is_file():
            raise ValueError(f"there is no parser raw/parsers/{self.parser}.py")
        return self


class DocumentSource(_Entry):
    """A source of documents: one asset and one table raw/<name>."""

    kind: Literal["feed", "review_pages", "html_pages", "json"]
    document_kind: Literal["post", "review", "news"]
    selectors: Selectors | None = None
    sandbox: tuple[Address, ...] = ()
    live: tuple[Address, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> "DocumentSource":
        if (self.kind == "json") != (self.parser is not None):
            raise ValueError("a parser goes with the kind json, and only with it")
        if self.selectors is not None and self.kind != "html_pages":
            raise ValueError("selectors go with the kind html_pages")
        allowed = {"feed": ("feed", "opml"), "json": ("api",)}.get(self.kind, ("feed", "opml", "sitemap", "index"))
        for address in (*self.sandbox, *self.live):
            if address.how not in allowed:
                raise ValueError(f"the kind {self.kind} reads {' or '.join(allowed)}, not {address.how}")
        return self

    @property
    def table(self) -> str:
        """Its raw table."""
        return f"raw/{self.name}"

    @property
    def meaning(self) -> str:
        """What the table holds, in a sentence."""
        return f"{self.description.rstrip('.')}: one row a document first seen on the day."

    def addresses(self, world: World) -> tuple[Address, ...]:
        """Addresses of the world; none where it has none."""
        return self.sandbox if world == "sandbox" else self.live


class ChartSource(_Entry):
    """A chart whose newest edition goes to raw/charts, read by its parser."""

    kind: Literal["chart"]
    parser: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    back_days: int = Field(0, ge=0, description="days before D whose edition stands in where D has none")
    sandbox: ChartAddress | None = None
    live: ChartAddress | None = None

    def address(self, world: World) -> ChartAddress | None:
        """Address of the world; None where it has none."""
        return self.sandbox if world == "sandbox" else self.live


class Sources(_Strict):
    """All entries, in the file's order."""

    sources: tuple[Annotated[DocumentSource | ChartSource, Field(discriminator="kind")], ...]

    @cached_property
    def documents(self) -> list[DocumentSource]:
        """Entries that are sources of documents."""
        return [entry for entry in self.sources if isinstance(entry, DocumentSource)]

    @cached_property
    def charts(self) -> list[ChartSource]:
        """Entries that are charts."""
        return [entry for entry in self.sources if isinstance(entry, ChartSource)]


def _where(location: tuple[int | str, ...], raw: object) -> str:
    """`entry posts, field live.0.feed` for a pydantic error location."""
    if len(location) < 2 or location[0] != "sources" or not isinstance(location[1], int):
        return f"field {'.'.join(str(part) for part in location) or 'sources'}"
    entries = raw.get("sources") if isinstance(raw, dict) else None
    entry = entries[location[1]] if isinstance(entries, list) else None
    name = entry.get("name") if isinstance(entry, dict) else None
    kinds = ("feed", "review_pages", "html_pages", "json", "chart")
    fields = ".".join(str(part) for part in location[3 if location[2:3] and location[2] in kinds else 2 :])
    return f"entry {name or f'number {location[1] + 1}'}" + (f", field {fields}" if fields else "")


@lru_cache(maxsize=4)
def load_sources(path: Path = SOURCES_FILE) -> Sources:
    """Read and check the file. Raises PermanentFailure that names every wrong entry and field."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError) as error:
        raise PermanentFailure(f"{path.name} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        raise PermanentFailure(f"{path.name} is not YAML: {' '.join(str(error).split())}.") from None
    try:
        found = Sources.model_validate(raw)
    except ValidationError as error:
        wrong = "; ".join(f"{_where(e['loc'], raw)}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors())
        raise PermanentFailure(f"{path.name} is wrong: {wrong}.") from None
    names = [entry.name for entry in found.sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PermanentFailure(f"{path.name} is wrong: entry {', '.join(twice)} is there twice.")
    return found
