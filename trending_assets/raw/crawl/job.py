"""What a crawl is asked to do: the message from the asset's process to the spider's."""

from datetime import date

from pydantic import BaseModel

from trending_assets.raw.sources import Address, ChartAddress, Selectors


class Validators(BaseModel):
    """What a server gave to ask with again (RFC 9110): the listing's ETag and Last-Modified."""

    etag: str | None = None
    last_modified: str | None = None


class Manners(BaseModel):
    """How a crawl behaves: what it calls itself, how long it waits, and what it refuses."""

    user_agent: str
    delay: float
    """Seconds between two requests to a host that names none of its own."""
    delays: dict[str, float]
    """Seconds by host; robots.txt may ask for more."""
    timeout: float
    """Seconds that one answer may take as a whole."""
    parse_seconds: float = 5.0
    """Seconds of CPU that reading one answer may take."""
    max_body_bytes: int
    """Bytes of a body, on its way and once unpacked."""
    proxy: str | None
    """The forward proxy that everything goes through."""
    allow: list[str]
    """Hosts, host:port, addresses and networks that may be connected to although they are private."""


class CrawlJob(BaseModel):
    """One or more days of a source of documents, or of all charts."""

    source: str
    days: list[date]
    today: date
    manners: Manners
    validators: dict[date, dict[str, Validators]] = {}


class DocumentJob(CrawlJob):
    """A source of documents. `partitions` are the addresses of days that are in the lake already."""

    kind: str
    document_kind: str
    parser: str | None
    selectors: Selectors | None
    addresses: list[Address]
    partitions: dict[date, list[str]]
    late_days: int


class Chart(BaseModel):
    """A chart of a world: how it is read and where it stands."""

    name: str
    parser: str
    back_days: int
    address: ChartAddress


class ChartJob(CrawlJob):
    """The charts of a world."""

    charts: list[Chart]


Job = DocumentJob | ChartJob
