"""TMDb's API v3 and its daily id exports: what is asked, and what one answer comes to."""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import orjson
import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES
from trending_assets.failures import BadInput, PermanentFailure, Reason, TransientFailure
from trending_assets.raw.clock import today_utc
from trending_assets.raw.tmdb.catalogue import Export, ExportReader
from trending_assets.raw.tmdb.client import BadAnswer, Body, Bounds, Client, client, gather
from trending_assets.raw.tmdb.lists import LISTS, TmdbList
from trending_assets.raw.tmdb.shapes import detail_row, list_row, whole
from trending_assets.settings import Settings

MEDIA = ("movie", "tv")
EXPORTS = {"movie": "movie_ids", "tv": "tv_series_ids"}
_BOTH = "credits,keywords,watch/providers,external_ids,alternative_titles,reviews"
APPENDED = {"movie": f"{_BOTH},release_dates", "tv": f"{_BOTH},content_ratings"}
LAST_PAGE = 500
"""TMDb pages no further than this."""
MOST_ITEMS = 1000
"""A page of TMDb has 20 items, one of changes 100; one with more than this is none."""
EXPORT_BOUNDS = Bounds(wire=200_000_000, unpacked=2_000_000_000, seconds=1800.0)

Key = tuple[str, int]
Made = dict[str, Any] | None
"""A row, or None where the item is no row."""
T = TypeVar("T")


def is_token(key: str) -> bool:
    """True for a v4 token (a JWT, sent as Bearer); False for a v3 key (sent as api_key)."""
    return key.startswith("eyJ")


def read_object(body: bytes, what: str) -> dict[str, Any]:
    """The JSON object of a body. Raises BadInput: CUT_OFF where it ends too early, WRONG_FORMAT for anything else.

    An error in TMDb's own shape (status_code, status_message) under HTTP 200 is no answer either.
    """
    try:
        made = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        cut = not body.strip() or "unexpected end" in error.msg
        raise BadInput(
            Reason.CUT_OFF if cut else Reason.WRONG_FORMAT, f"{what} is {'cut off' if cut else 'no'} JSON."
        ) from None
    if not isinstance(made, dict):
        raise BadInput(Reason.WRONG_FORMAT, f"{what} is no JSON object.")
    try:
        orjson.dumps(made)  # refuses what is nested so deeply (254 levels) that nobody downstream could write it
    except orjson.JSONEncodeError:
        raise BadInput(Reason.WRONG_FORMAT, f"{what} is nested too deeply.") from None
    if "status_message" in made and not made.keys() & {"id", "results"}:
        raise BadInput(Reason.WRONG_FORMAT, f"{what} is TMDb's status {whole(made.get('status_code'))} alone.")
    return made


class _Json(Body, Generic[T]):
    """A sink that makes something of a JSON object at once, so that no more than one is in memory however many are asked."""

    def __init__(self, what: str, secret: bytes, make: Callable[[dict[str, Any]], T]) -> None:
        super().__init__(secret)
        self.what, self.make = what, make

    def done(self) -> T:
        return self.make(read_object(self.payload(), self.what))


@dataclass
class Details:
    """Rows of raw/tmdb_titles, the asked ids that TMDb does not know (404), and those whose answer is in `bad`."""

    rows: pl.DataFrame
    gone: list[Key] = field(default_factory=list)
    unreadable: list[Key] = field(default_factory=list)
    bad: list[quarantine.Row] = field(default_factory=list)


def _page(
    make: Callable[[int, str, Any], T], before: int, address: str, answer: dict[str, Any]
) -> tuple[list[T], set[str], Any]:
    """What is made of a page's items, the names of the items, and total_pages as it stands there."""
    results = answer.get("results")
    if not isinstance(results, list) or len(results) > MOST_ITEMS:
        what = f"{len(results):,} results on one page" if isinstance(results, list) else "no results"
        raise BadInput(Reason.WRONG_FORMAT, f"TMDb's answer for {address} has {what}.")
    ids = (item.get("id") if isinstance(item, dict) else item for item in results)
    names = {str(one) if isinstance(one, int | float | str) else "" for one in ids}
    made = [make(before + n, f"{address}#{n}", item) for n, item in enumerate(results, 1)]
    return made, names, answer.get("total_pages")


@contextmanager
def as_a_whole() -> Iterator[None]:
    """Fail where one answer decides about a whole table: transient or permanent as the answer's reason is."""
    try:
        yield
    except BadAnswer as error:
        raise (TransientFailure if error.reason.transient else PermanentFailure)(str(error)) from None


def item_bytes(item: Any) -> bytes:
    """An item of an answer as JSON, the same bytes for the same content."""
    return json.dumps(item, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")


def bad_item(source: str, address: str, reason: Reason, detail: str, item: Any) -> quarantine.Row:
    """A quarantine row of one item of an answer; its payload is the item's JSON."""
    return quarantine.row(source, address, reason, detail, item_bytes(item))


def bad_answer(source: str, address: str, error: BadAnswer) -> quarantine.Row:
    """A quarantine row of a whole answer."""
    return quarantine.row(source, address, error.reason, str(error), error.payload)


@dataclass
class Tmdb:
    """TMDb for one run. Every method asks for the end of a day."""

    web: Client
    url: str
    exports_url: str
    region: str

    async def answer(
        self,
        path: str,
        day: date,
        make: Callable[[dict[str, Any]], T],
        params: Mapping[str, str] | None = None,
    ) -> T | None:
        """What `make` makes of the JSON object at a path; None for 404. Raises as Client.get does; `make` may raise BadInput."""
        what = f"The answer of TMDb for /{path}"
        found = await self.web.get(
            f"{self.url}/{path}", day, lambda: _Json(what, self.web.secret, make), params, expected=(404,)
        )
        return found.made

    async def pages(
        self,
        path: str,
        day: date,
        most: int,
        make: Callable[[int, str, Any], T],
        params: Mapping[str, str] | None = None,
    ) -> list[T]:
        """What `make` makes of every item of a paged answer, by its place, its address (page and place) and the item.

        Ends at `total_pages`, at `most`, at a page without items, and at one that has nothing which earlier pages lack (a
        server that ignores `page`). Raises as `answer` does, and BadAnswer where a page has no results or MOST_ITEMS.
        """
        made: list[T] = []
        seen: set[str] = set()
        for page in range(1, min(most, LAST_PAGE) + 1):
            query = {**(params or {}), "page": str(page)}
            take = partial(_page, make, len(made), self.address(path, query))
            found = await self.answer(path, day, take, query)
            if found is None and page == 1:
                raise BadAnswer(Reason.HTTP_ERROR, f"TMDb answers HTTP 404 for /{path}.")
            items, names, total = found or ([], set(), 0)
            made += items
            if names <= seen or (isinstance(total, int) and page >= total):
                break
            seen |= names
        return made

    def address(self, path: str, params: Mapping[str, str] | None = None) -> str:
        """Address of a path for people: without the key."""
        return f"{self.url}/{path}" + (f"?{urlencode(params)}" if params else "")

    async def catalogue(self, day: date) -> list[Export]:
        """The day's exports of films and TV. Raises PermanentFailure for a day without one, TransientFailure before 08:00."""
        with as_a_whole():
            return [await self._export(media, day) for media in MEDIA]

    async def _export(self, media: str, day: date) -> Export:
        url = f"{self.exports_url}/{EXPORTS[media]}_{day:%m_%d_%Y}.json.gz"
        answer = await self.web.get(
            url, day, lambda: ExportReader(media, url), expected=(403, 404), dated=False, most=EXPORT_BOUNDS
        )
        if answer.made is not None:
            return answer.made
        status = f"TMDb has no id export for {day} at {url} (HTTP {answer.status})."
        if day >= self.web.today:
            raise TransientFailure(f"{status} It is published at about 08:00 UTC of its day; ask again after that.")
        raise PermanentFailure(f"{status} It keeps about three months.")

    async def lists(self, day: date) -> tuple[pl.DataFrame, dict[str, int], list[quarantine.Row]]:
        """Rows of raw/tmdb_lists, counts (items = rows + repeats + quarantined), and the items that cannot be rows."""
        with as_a_whole():
            found = await gather(
                [self.pages(one.path, day, one.pages, partial(_list_item, one), one.params(day)) for one in LISTS]
            )
        rows = [row for items in found for row, _ in items if row]
        bad = [aside for items in found for _, aside in items if aside]
        contract = TABLES["raw/tmdb_lists"]
        frame = pl.DataFrame(rows, schema=contract.schema).sort("rank").unique(contract.key, keep="first")
        counts = {"items": len(rows) + len(bad), "repeats": len(rows) - frame.height, "quarantined": len(bad)}
        return frame.sort(contract.key), counts, bad

    async def details(self, ids: Sequence[Key], day: date) -> Details:
        """Details of titles. An answer that cannot be read costs its title alone."""
        made = await gather([self._detail(media, tmdb_id, day) for media, tmdb_id in ids])
        found = Details(pl.DataFrame([row for row, _ in made if row], schema=TABLES["raw/tmdb_titles"].schema))
        for key, (row, bad) in zip(ids, made, strict=True):
            if bad:
                found.unreadable.append(key)
                found.bad.append(bad)
            elif row is None:
                found.gone.append(key)
        return found

    async def _detail(self, media: str, tmdb_id: int, day: date) -> tuple[Made, quarantine.Row | None]:
        path = f"{media}/{tmdb_id}"

        def make(item: dict[str, Any]) -> dict[str, Any]:
            if item.get("id", tmdb_id) != tmdb_id:
                raise BadInput(Reason.BAD_ROW, f"TMDb answers for /{path} with details of another title.")
            row = detail_row(media, tmdb_id, item, day, self.region)
            if row is None:
                raise BadInput(Reason.BAD_ROW, f"TMDb answers for /{path} with details without a name.")
            return row

        try:
            return await self.answer(path, day, make, {"append_to_response": APPENDED[media]}), None
        except BadAnswer as error:
            return None, bad_answer("details", self.address(path), error)

    async def search(self, media: str, name: str, day: date) -> tuple[list[dict[str, Any]], list[quarantine.Row]]:
        """First page of the search for a name, as rows with tmdb_id, title and original_title; and what cannot be read."""
        path, params = f"search/{quote(media)}", {"query": name}
        try:
            items = await self.pages(path, day, 1, partial(_list_item, TmdbList(media, "search", path)), params)
        except BadAnswer as error:
            return [], [bad_answer("search", self.address(path, params), error)]
        return [row for row, _ in items if row], [aside for _, aside in items if aside]

    async def changes(self, first: date, last: date, day: date) -> tuple[set[Key], list[quarantine.Row]]:
        """Titles that TMDb says were changed from `first` to `last`, both included; and the items without an id.

        A call a day: TMDb allows 14 days a call but only 500 pages, and two weeks of films fill nearly all of those.
        """
        days = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
        asked = [(media, {"start_date": one, "end_date": one}) for media in MEDIA for one in days]
        with as_a_whole():
            found = await gather(
                [self.pages(f"{media}/changes", day, LAST_PAGE, _changed_item, window) for media, window in asked]
            )
        changed = {
            (media, tmdb_id) for (media, _), items in zip(asked, found, strict=True) for tmdb_id, _ in items if tmdb_id
        }
        return changed, [aside for items in found for _, aside in items if aside]


def _list_item(one: TmdbList, place: int, address: str, item: Any) -> tuple[Made, quarantine.Row | None]:
    """A list item as a row, or for quarantine: without id or title, or of another medium than the list's."""
    row = list_row(one.media, one.name, place, item) if isinstance(item, dict) else None
    if row and row["tmdb_id"] and row["title"] and item.get("media_type") in (None, one.media):
        return row, None
    return None, bad_item(one.name, address, Reason.BAD_ROW, "A list item without id and title.", item)


def _changed_item(place: int, address: str, item: Any) -> tuple[int | None, quarantine.Row | None]:
    tmdb_id = whole(item.get("id")) if isinstance(item, dict) else None
    if tmdb_id:
        return tmdb_id, None
    return None, bad_item("changes", address, Reason.BAD_ROW, "A changed title without an id.", item)


def _key_of(settings: Settings) -> str:
    """The key, without blanks around it. Raises PermanentFailure for one that no header may carry."""
    key = settings.tmdb_api_key.get_secret_value().strip() if settings.tmdb_api_key else ""
    if not re.fullmatch(r"[\x21-\x7e]*", key):
        raise PermanentFailure("TMDB_API_KEY has characters that no key has. Copy it anew from TMDb's settings.")
    return key


def _address_of(name: str, url: str) -> str:
    """An address of the settings. Raises PermanentFailure for one with a user in it, which errors would show."""
    if "@" in urlsplit(url).netloc:
        raise PermanentFailure(f"{name} names a user before the host. Leave that out: errors show the address.")
    return url.rstrip("/")


@asynccontextmanager
async def tmdb(settings: Settings, today: date | None = None) -> AsyncIterator[Tmdb]:
    """TMDb by the settings. Without a key only `catalogue` can be asked."""
    key = _key_of(settings)
    url = _address_of("TRENDING_TMDB_URL", settings.tmdb_url)
    exports_url = _address_of("TRENDING_TMDB_EXPORTS_URL", settings.tmdb_exports_url)
    headers = {"Authorization": f"Bearer {key}"} if key and is_token(key) else {}
    params = {"api_key": key} if key and not is_token(key) else {}
    async with client(
        "TMDb",
        user_agent=settings.user_agent,
        headers=headers,
        params=params,
        secret=key if len(key) > 15 else "",
        concurrency=settings.tmdb_concurrency,
        per_second=settings.tmdb_requests_per_second,
        today=today or today_utc(),
    ) as web:
        yield Tmdb(web, url, exports_url, settings.tmdb_region)
