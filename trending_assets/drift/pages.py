"""HTML pages of a day beside its tables in the lake, and the address under which the API shows them."""

from datetime import date
from typing import TYPE_CHECKING

from trending_assets.settings import get_settings

if TYPE_CHECKING:
    from trending_assets.lake import Lake  # it imports Polars, which the API's page does not need

PAGES = {"drift/report": ("report.html", "drift"), "drift/profiles": ("profiles.html", "profiles")}
"""Tables with pages: the object's name beside the partition, and the last folder of the API's address (/operator/…)."""


def page_key(table: str, day: date) -> str:
    """Key of the page in the lake."""
    return f"{table}/date={day.isoformat()}/{PAGES[table][0]}"


def put_page(lake: "Lake", table: str, day: date, html: str) -> None:
    """Put a day's page in the lake, in place of the one that was there."""
    lake.store.put(page_key(table, day), html.encode())


def page_url(table: str, day: date) -> str:
    """Where the API shows the page, by the setting api_url."""
    return f"{get_settings().api_url.rstrip('/')}/operator/{PAGES[table][1]}/{day.isoformat()}"
