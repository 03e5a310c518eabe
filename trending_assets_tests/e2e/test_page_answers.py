"""The answers that the page's tests are made of have the shapes of the API's models: a page that suits them suits the API."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from api import models
from api.freshness import Freshness
from trending_assets_tests.e2e.made_answers import EMPTY_DAY, LONG, NEWEST, answer

SHAPES: list[tuple[str, dict[str, str], type[BaseModel]]] = [
    ("/v1/days", {}, models.Days),
    ("/v1/trends", {"limit": "60"}, models.Trends),
    ("/v1/trends", {"limit": "60", "list": "rising", "media_type": "tv"}, models.Trends),
    ("/v1/trends", {"limit": "60", "date": EMPTY_DAY}, models.Trends),
    ("/v1/genres", {}, models.Counts),
    ("/v1/tags", {}, models.Counts),
    ("/v1/platforms", {}, models.Counts),
    ("/v1/search", {"q": "winter"}, models.Search),
    ("/v1/lineage", {"date": NEWEST}, models.Lineage),
    ("/v1/freshness", {}, Freshness),
    ("/v1/drift", {}, models.Drift),
    ("/v1/spend", {}, models.Spend),
    ("/v1/titles/movie-1000", {}, models.Title),
    ("/v1/titles/movie-1000/history", {}, models.History),
    (f"/v1/titles/{LONG}/evidence", {}, models.Evidence),
    ("/v1/titles/movie-9", {}, models.Problem),
]


def ask(path: str, params: dict[str, str]) -> dict[str, Any]:
    return answer(path, params)[1]


@pytest.mark.parametrize(("path", "params", "model"), SHAPES, ids=lambda value: value if isinstance(value, str) else "")
def test_made_answers_are_answers_of_the_api(path: str, params: dict[str, str], model: type[BaseModel]) -> None:
    model.model_validate(ask(path, params))


def test_another_shape_is_noticed() -> None:
    body = deepcopy(ask("/v1/trends", {"limit": "5"}))  # the made rows are shared by all tests
    del body["results"][0]["rising_rank"]
    with pytest.raises(ValidationError):
        models.Trends.model_validate(body)
