"""What a crawl is asked to do: the message from the asset's process to the spider's."""

from datetime import date

from pydantic import BaseModel


class CrawlJob(BaseModel):
    """One source over one or more days. `partitions` are the addresses of days that are in the lake already."""

    source: str
    kind: str
    document_kind: str
    opml: list[str]
    feeds: list[str]
    days: list[date]
    today: date
    partitions: dict[date, list[str]]
    late_days: int
    user_agent: str
    delay: float
    proxied: bool
    max_body_bytes: int
