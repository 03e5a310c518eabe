"""The ranking page, and what a search finds."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.page.render import ATTRIBUTION, answer, page, problem
from api.page.words import main_genre, title_link, tone

TOP = 60  # bubbles that stay readable, and rows of the first view
SHOWN = {"200": 200, "all": 500}  # rows of the longer views; 500 is the API's largest limit
BUBBLES = 200  # the most that are drawn
FOUND = 50
GROUPS = {"genre": "Genre", "platform": "Platform", "tag": "Vibe tag", "score": "Score", "vibe": "Vibe score"}
MEDIA = {"": "All", "movie": "Films", "tv": "TV shows"}
LISTS = {"": "Popular", "rising": "Rising"}
CHOICES = {"genre": ("Genre", "genres"), "vibe_tag": ("Vibe tag", "tags"), "platform": ("Platform", "platforms")}
MOST_CHOICES = 60  # the rest is reached by its address
FILTERS = ("list", "media_type", *CHOICES, "min_score", "max_score")
BASIS = {
    "mentions": "Ranked by how many people are expected to write about a title next, by charts and by TMDb's lists.",
    "charts_and_lists": "Ranked by charts and TMDb's lists.",
    "none": "Nothing was seen on this day.",
}
RISING = "Ranked by how far the next 7 days are expected above a title's usual week, in units of chance."
# D3 modules that the chart imports: the import map names them, and the preload saves round trips.
D3 = ["selection", "hierarchy", "force", "quadtree", "dispatch", "timer"]
_CARD = ["title_id", "title", "year", "media_type", "score", "lift", "lift_low", "lift_high", "expected"]
_CARD += ["expected_low", "expected_high", "direction", "alert", "mentions", "authors", "sites", "vibe_score"]
_CARD += ["vibe_tags", "genres", "genre_llm", "genre_llm_secondary", "genre_xgboost", "genre_bert", "platforms"]

router = APIRouter(include_in_schema=False)


def chart_row(row: Mapping[str, Any], rising: bool, day: str) -> dict[str, Any]:
    """What the chart and its card need of a ranked title; `rank` and `size` (0 or more) are those of its list."""
    shown = {key: row.get(key) for key in _CARD}
    rank, size = (row["rising_rank"], row["rising_score"]) if rising else (row["rank"], row["score"])
    more = {"tone": tone(row), "genre": main_genre(row), "href": title_link(str(row["title_id"]), day)}
    return shown | more | {"rank": rank, "size": max(0.0, size), "measure": "Rising score" if rising else "Score"}


def _choices(
    request: Request, day: str, keep: Mapping[str, str | None]
) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """(filter, its words, [(name, titles)]) of the day; what is chosen is among them even where the day has none of it."""
    found = []
    for name, (words, part) in CHOICES.items():
        status, body = answer(request, f"/v1/{part}", {"date": day})
        results = body["results"][:MOST_CHOICES] if status == 200 else []
        names = [(row["name"], row["titles"]) for row in results]
        chosen = keep[name]
        if chosen and chosen.casefold() not in (other.casefold() for other, _ in names):
            names.append((chosen, 0))
        found.append((name, words, names))
    return found


@router.get("/")
def ranking(
    request: Request,
    q: Annotated[str | None, Query()] = None,
    date: Annotated[str | None, Query()] = None,
    group: Annotated[str | None, Query()] = None,
    show: Annotated[str | None, Query()] = None,
) -> Response:
    """The ranking of a day by its filters, or with `q` what a search finds on it."""
    if q is not None:
        return _search(request, q.strip(), date)
    filters = {name: request.query_params.get(name) for name in FILTERS}
    if filters["list"] == "popular":
        filters["list"] = None
    limit = SHOWN.get(show or "", TOP)
    status, body = answer(request, "/v1/trends", {"date": date, **filters, "limit": str(limit)})
    if status != 200:
        return problem(request, status, body)
    listed, known = answer(request, "/v1/days", {})
    rows, day, rising = body["results"], body["date"], filters["list"] == "rising"
    days = known["days"] if listed == 200 else [day]
    at = days.index(day) if day in days else -1
    keep = {**filters, "group": group if group in GROUPS else None, "show": show if show in SHOWN else None}
    sizes = [max(0.0, row["rising_score"]) if rising else row["score"] for row in rows]
    context = {
        "body": body,
        "rows": rows,
        "day": day,
        "days": days,
        "previous": days[at - 1] if at > 0 else None,
        "next": days[at + 1] if 0 <= at < len(days) - 1 else None,
        "keep": keep,
        "chips": [name for name in ("genre", "vibe_tag", "platform", "min_score", "max_score") if keep[name]],
        "choices": _choices(request, day, keep),
        "rising": rising,
        "best": max(sizes, default=0.0),
        "bubbles": min(len(rows), BUBBLES),
        "chart": [chart_row(row, rising, day) for row in rows[:BUBBLES]],
        "basis": RISING if rising and rows else BASIS.get(body["basis"], ""),
        "attribution": body.get("attribution") or ATTRIBUTION,
        "silent": rows[0].get("missing_sites") if rows else None,
    }
    return page(request, "ranking.html", context | _NAMES, D3)


_NAMES = {"GROUPS": GROUPS, "MEDIA": MEDIA, "LISTS": LISTS, "TOP": TOP, "CHOICES": CHOICES}


def _search(request: Request, q: str, date: str | None) -> Response:
    if not q:
        return page(request, "search.html", {"day": date, "found": None})
    status, body = answer(request, "/v1/search", {"q": q, "date": date, "limit": str(FOUND)})
    if status != 200:
        return problem(request, status, body)
    return page(request, "search.html", {"query": q, "found": body, "day": body["date"]})
