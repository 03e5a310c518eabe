"""Addresses of answers, with the model that each keeps."""

from typing import Any

from pydantic import BaseModel

from api import models

PATHS: list[tuple[str, type[BaseModel]]] = [
    ("/v1/trends", models.Trends),
    ("/v1/trends?list=rising", models.Trends),
    ("/v1/trends?limit=1", models.Trends),
    ("/v1/titles/movie-1", models.Title),
    ("/v1/titles/movie-1/history", models.History),
    ("/v1/titles/movie-1/evidence", models.Evidence),
    ("/v1/titles/movie-1/evidence?limit=1", models.Evidence),
    ("/v1/genres", models.Counts),
    ("/v1/platforms", models.Counts),
    ("/v1/tags", models.Counts),
    ("/v1/search?q=he", models.Search),
    ("/v1/charts", models.Charts),
    ("/v1/days", models.Days),
    ("/v1/drift", models.Drift),
    ("/v1/spend", models.Spend),
    ("/v1/lineage", models.Lineage),
]
PLAIN = {"Accept-Encoding": "identity"}


def with_day(path: str, day: Any) -> str:
    return f"{path}{'&' if '?' in path else '?'}date={day}" if day else path
