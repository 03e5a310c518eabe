"""FastAPI's OpenAPI document with our one error shape in place of its own two, and an example for every answer."""

from typing import Any

from fastapi import FastAPI

from api.models import Problem
from api.problems import PROBLEM_JSON, problem_body

NAMED: dict[str, Any] = {
    "title_id": "movie-49047",
    "title": "Gravity",
    "original_title": "Gravity",
    "year": 2013,
    "media_type": "movie",
    "date": "2026-11-20",
    "as_of": "2026-11-21T00:00:00Z",
    "snapshot": "0f1e2d3c4b5a6978",
    "self": "/v1/titles/movie-49047",
    "history": "/v1/titles/movie-49047/history",
    "evidence": "/v1/titles/movie-49047/evidence",
    "doc_id": "9d4e1e23bd5b7270",
    "url": "https://reviews.example/gravity",
    "poster_url": "https://image.tmdb.org/t/p/w342/poster.jpg",
    "asset": "marts/trends",
    "genre": "Science Fiction",
    "genres": ["Science Fiction", "Thriller"],
    "vibe_tags": ["tense"],
    "platforms": ["Netflix"],
    "days": ["2026-11-19", "2026-11-20"],
    "next": "/v1/trends?cursor=0f1e2d3c4b5a6978.50",
}
"""Examples by the name of the field; others are made from the field's type and bounds."""
DETAILS = {
    401: "This API key is not known.",
    403: "This API key has not the scope classify.",
    404: "2020-01-01 is not published. The newest day is 2026-11-20.",
    413: "A body may have 65536 bytes, not 70000.",
    422: "limit: Input should be less than or equal to 500.",
    429: "Too many requests. Ask again in 3 s.",
    500: "Our mistake. Its log line is 5c1d3f8a9b7e6d240000000000000007.",
    503: "No bundle is published yet. Materialize serving/bundle, then ask again.",
}


def install(app: FastAPI) -> None:
    """Make `app.openapi()` give the document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            _finish(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _finish(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, reply in operation["responses"].items():
                for kind, content in reply.get("content", {}).items():
                    if kind == PROBLEM_JSON:
                        content["example"] = problem_body(int(status), DETAILS[int(status)], path)
                    elif kind == "application/json":
                        content["example"] = example(content["schema"], schemas)


def example(schema: dict[str, Any], schemas: dict[str, Any], name: str = "") -> Any:
    """A value that keeps the schema."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    kinds = schema.get("anyOf", [schema])
    given = NAMED.get(name)
    if given is not None and any(_fits(given, kind) for kind in kinds):
        return given
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return example({**schema["anyOf"][0]}, schemas, name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {key: example(value, schemas, key) for key, value in schema.get("properties", {}).items()}
        case "array":
            return [example(item, schemas) for item in schema.get("prefixItems", [schema.get("items", {})])]
        case "integer":
            return int(schema.get("minimum", 1))
        case "number":
            return float(schema.get("minimum", 0.5))
        case "boolean":
            return False
        case "string":
            return {"date": "2026-11-20", "date-time": "2026-11-20T12:00:00Z"}.get(schema.get("format", ""), "text")
    return None


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    types = {"string": str, "integer": int, "array": list}
    return isinstance(value, types.get(schema.get("type", ""), ()))
