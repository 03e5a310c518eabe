"""sources.yaml as typed entries: which addresses each raw asset reads, per world."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError, field_validator

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure

SOURCES_FILE = Path(__file__).with_name("sources.yaml")
World = Literal["sandbox", "live"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_HTTP = TypeAdapter(HttpUrl)


def _http(address: str) -> str:
    _HTTP.validate_python(address.replace("{day}", "2000-01-01"))
    return address


class FeedAddresses(_Strict):
    """Feeds by their own address, or by OPML lists that name them."""

    opml: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()

    _check = field_validator("opml", "feeds")(lambda value: tuple(_http(address) for address in value))


class ChartAddress(_Strict):
    """A chart's address, with `{day}` where it has one a day; `index` lists the charts that exist, where there is a list."""

    url: str
    index: str | None = None

    _check = field_validator("url", "index")(lambda value: value if value is None else _http(value))


class _Entry(_Strict):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = Field(min_length=1)
    terms: str
    crawl_delay: float = Field(1.0, ge=0)

    _check_terms = field_validator("terms")(_http)


class DocumentSource(_Entry):
    """A source of documents: one asset raw/<name>."""

    kind: Literal["feed", "review_pages"]
    document_kind: Literal["post", "review", "news"]
    sandbox: FeedAddresses = FeedAddresses()
    live: FeedAddresses = FeedAddresses()

    @field_validator("name")
    @classmethod
    def _declared(cls, value: str) -> str:
        if f"raw/{value}" not in TABLES:
            raise ValueError(f"contracts.py declares no table raw/{value}")
        return value

    @property
    def table(self) -> str:
        return f"raw/{self.name}"

    def addresses(self, world: World) -> FeedAddresses:
        """Addresses of the world; both lists are empty where it has none."""
        return self.sandbox if world == "sandbox" else self.live


class ChartSource(_Entry):
    """A chart whose newest edition goes to raw/charts."""

    kind: Literal["chart_tsv", "chart_table"]
    sandbox: ChartAddress | None = None
    live: ChartAddress | None = None

    def address(self, world: World) -> ChartAddress | None:
        """Address of the world; None where it has none."""
        return self.sandbox if world == "sandbox" else self.live


class Sources(_Strict):
    """All entries, in the file's order."""

    sources: tuple[Annotated[DocumentSource | ChartSource, Field(discriminator="kind")], ...]

    @property
    def documents(self) -> list[DocumentSource]:
        return [entry for entry in self.sources if isinstance(entry, DocumentSource)]

    @property
    def charts(self) -> list[ChartSource]:
        return [entry for entry in self.sources if isinstance(entry, ChartSource)]


def _where(location: tuple[int | str, ...], raw: object) -> str:
    """`entry posts, field live.feeds` for a pydantic error location."""
    if len(location) < 2 or location[0] != "sources" or not isinstance(location[1], int):
        return f"field {'.'.join(str(part) for part in location) or 'sources'}"
    entries = raw.get("sources") if isinstance(raw, dict) else None
    entry = entries[location[1]] if isinstance(entries, list) else None
    name = entry.get("name") if isinstance(entry, dict) else None
    kinds = ("feed", "review_pages", "chart_tsv", "chart_table")
    fields = ".".join(str(part) for part in location[2:] if part not in kinds)
    return f"entry {name or f'number {location[1] + 1}'}" + (f", field {fields}" if fields else "")


def load_sources(path: Path = SOURCES_FILE) -> Sources:
    """Read and check the file. Raises PermanentFailure that names every wrong entry and field."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PermanentFailure(f"{path.name} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        raise PermanentFailure(f"{path.name} is not YAML: {' '.join(str(error).split())}.") from None
    try:
        found = Sources.model_validate(raw)
    except ValidationError as error:
        wrong = "; ".join(f"{_where(e['loc'], raw)}: {e['msg']}" for e in error.errors())
        raise PermanentFailure(f"{path.name} is wrong: {wrong}.") from None
    names = [entry.name for entry in found.sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PermanentFailure(f"{path.name} is wrong: entry {', '.join(twice)} is there twice.")
    return found
