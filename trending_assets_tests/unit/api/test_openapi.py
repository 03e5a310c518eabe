"""The description of the API: every status, examples that hold, names for people, rows from contracts."""

import re
import subprocess
import sys
from pathlib import Path

import jsonschema

from api import rows_from_contracts
from api.openapi import example
from trending_assets_tests.unit.api.conftest import Get
from trending_assets_tests.unit.api.paths import PATHS


def test_openapi_documents_every_status_and_one_error_shape(get: Get) -> None:
    document = get("/openapi.json").json()
    assert "HTTPValidationError" not in str(document)
    for path, _ in PATHS:
        template = path.partition("?")[0].replace("movie-1", "{title_id}")
        replies = document["paths"][template]["get"]["responses"]
        assert set(replies) == {"200", "304", "401", "403", "404", "422", "429", "500", "503"}
        assert set(replies["422"]["content"]) == {"application/problem+json"}
    assert get("/openapi.json").content == get("/openapi.json").content


def test_operations_are_named_for_people(get: Get) -> None:
    paths = get("/openapi.json").json()["paths"]
    names = [operation["operationId"] for operations in paths.values() for operation in operations.values()]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert {"trends", "title", "title_history", "title_evidence", "snapshot_trends", "export", "classify"} <= set(names)


def test_openapi_has_an_example_of_every_answer_that_keeps_its_schema(get: Get) -> None:
    document = get("/openapi.json").json()
    examples = 0
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, reply in operation["responses"].items():
                for kind, content in reply.get("content", {}).items():
                    if kind in ("application/json", "application/problem+json"):
                        examples += 1
                        schema = {**content["schema"], "components": document["components"]}
                        jsonschema.validate(content["example"], schema)
                        assert kind == "application/json" or content["example"]["status"] == int(status)
    assert examples > 100


def test_an_example_is_a_value_of_the_fields_kind() -> None:
    schema = {"type": "object", "properties": {"date": {"type": "string"}, "n": {"type": "integer", "minimum": 3}}}
    assert example(schema, {}) == {"date": "2026-11-20", "n": 3}


def test_rows_are_written_from_contracts() -> None:
    source = Path(rows_from_contracts.__file__).with_name("rows.py").read_text()
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "api/rows.py", "-"]
    made = subprocess.run(ruff, input=rows_from_contracts.render(), capture_output=True, text=True, check=True)
    assert source == made.stdout, "run python -m api.rows_from_contracts"
