"""The LLM face through the real openai client."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.llm import MODEL, find_task
from sandbox.process import SandboxProcess
from sandbox.scorer import digest_title, score_document

VIBES = ["funny", "slow-burn", "tense", "heartwarming"]
GENRES = ["Comedy", "Horror", "Crime", "Drama"]
SCORE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentiment": {"type": "number", "minimum": -1, "maximum": 1},
        "enthusiasm": {"type": "integer", "minimum": 0, "maximum": 100},
        "about_title": {"type": "boolean"},
        "spam": {"type": "boolean"},
        "spoiler": {"type": "boolean"},
        "genres": {"type": "array", "items": {"type": "string", "enum": GENRES}},
        "vibe_tags": {"type": "array", "items": {"type": "string", "enum": VIBES}},
    },
    "required": ["sentiment", "enthusiasm", "about_title", "spam", "spoiler", "genres", "vibe_tags"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "score", "schema": SCORE_SCHEMA, "strict": True}}


def _task(text: str, **more: Any) -> list[dict[str, str]]:
    data = json.dumps({"task": "document_score", "document": {"text": text, **more}})
    return [{"role": "system", "content": "Score."}, {"role": "user", "content": f"<<<DATA\n{data}\nDATA>>>"}]


@pytest.fixture
def client(sandbox_process: SandboxProcess, api: httpx.Client) -> openai.OpenAI:
    quiet = openai.DefaultHttpxClient(trust_env=False)
    return openai.OpenAI(base_url=f"{sandbox_process.url}/v1", api_key="k", max_retries=0, http_client=quiet)


def _chat(client: openai.OpenAI, text: str, **more: Any) -> dict[str, Any]:
    answer = client.chat.completions.create(model=MODEL, messages=_task(text, **more), response_format=FORMAT)  # type: ignore[call-overload]
    data: dict[str, Any] = json.loads(answer.choices[0].message.content)
    return data


def test_chat_scores_what_people_say(client: openai.OpenAI, api: httpx.Client) -> None:
    good = _chat(client, "Just watched Fargo, brilliant and so funny! Loved it.", title="Fargo")
    bad = _chat(client, "Fargo is not good, the plot is dull and slow.", title="Fargo")
    assert good["sentiment"] > 0.5 > -0.2 > bad["sentiment"]
    assert good["vibe_tags"] == ["funny"] and bad["vibe_tags"] == ["slow-burn"]
    assert good["about_title"] and good["enthusiasm"] > bad["enthusiasm"]
    assert _chat(client, "I rated Dead Mine 6/10 #IMDb")["sentiment"] == pytest.approx(0.2)
    assert _chat(client, "A film", rating=1, rating_max=5)["sentiment"] == pytest.approx(-0.6)
    spam = _chat(client, "Win a free giveaway, click here")
    assert spam["spam"] and not spam["about_title"]
    assert api.get("/sandbox/stats").json()["faces"]["llm"] == {"chat_completions": 5}


def test_title_is_no_praise(client: openai.OpenAI) -> None:
    assert _chat(client, "I saw The Great Beauty", title="The Great Beauty")["sentiment"] == 0


def test_same_request_same_answer(client: openai.OpenAI) -> None:
    one, two = (
        client.chat.completions.create(model=MODEL, messages=_task("fine film"), response_format=FORMAT)  # type: ignore[call-overload]
        for _ in range(2)
    )
    assert one == two
    assert one.model == MODEL and one.usage.total_tokens == one.usage.prompt_tokens + one.usage.completion_tokens


def test_responses_digest(client: openai.OpenAI) -> None:
    texts = ["Loved it, gripping and brilliant", "Wonderful", "dull and slow", "great fun 9/10", "superb"]
    documents = [{"doc_id": f"d{at}", "text": text, "sentiment": None} for at, text in enumerate(texts)]
    title = {"name": "Heat", "year": 1995, "genres": ["Crime"], "overview": "A detective hunts a thief."}
    cited = {"type": "array", "items": {"type": "string"}}
    sentence = {
        "type": "object",
        "properties": {"sentence": {"type": "string"}, "doc_ids": cited},
        "required": ["sentence", "doc_ids"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {
            "too_little": {"type": "boolean"},
            "vibe_score": {"anyOf": [{"type": "number", "minimum": 1, "maximum": 10}, {"type": "null"}]},
            "vibe_tags": {"type": "array", "items": {"$ref": "#/$defs/vibe"}},
            "primary_genre": {"anyOf": [{"type": "string", "enum": GENRES}, {"type": "null"}]},
            "secondary_genre": {"anyOf": [{"type": "string", "enum": GENRES}, {"type": "null"}]},
            "summary": {"type": "array", "items": sentence},
        },
        "required": ["too_little", "vibe_score", "vibe_tags", "primary_genre", "secondary_genre", "summary"],
        "additionalProperties": False,
        "$defs": {"vibe": {"type": "string", "enum": VIBES}},
    }
    for rows, little in ((documents, False), (documents[:2], True)):
        answer = client.responses.create(
            model=MODEL,
            input=json.dumps({"task": "title_digest", "title": title, "documents": rows}),
            text={"format": {"type": "json_schema", "name": "digest", "schema": schema, "strict": True}},
        )
        data = json.loads(answer.output_text)
        assert data["too_little"] is little
        assert (data["vibe_score"] is None) is little
        assert bool(data["summary"]) is not little
        assert data["primary_genre"] == "Crime"
        assert sum(len(part["sentence"].split()) for part in data["summary"]) <= 60
        assert all(set(part["doc_ids"]) <= {row["doc_id"] for row in rows} for part in data["summary"])
        assert all(part["doc_ids"] for part in data["summary"])
        assert answer.usage is not None and answer.usage.output_tokens > 0


def test_genres_of_a_title(client: openai.OpenAI) -> None:
    guess = {
        "type": "object",
        "properties": {"genre": {"type": "string", "enum": GENRES}, "probability": {"type": "number"}},
        "required": ["genre", "probability"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {
            "genres": {"type": "array", "items": guess},
            "more": {"$ref": "#"},
        },  # a schema that holds itself
        "required": ["genres"],
    }
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    title = {"name": "Heat", "overview": "A detective hunts a thief after a murder; the police wait."}
    for one, expected in ((title, "Crime"), ({"name": "Xyz", "overview": None}, None)):
        messages = [{"role": "user", "content": json.dumps({"task": "classify", "title": one})}]
        done = client.chat.completions.create(model=MODEL, messages=messages, response_format=form)  # type: ignore[call-overload]
        found = json.loads(done.choices[0].message.content)["genres"]
        assert (found[0]["genre"] if found else None) == expected
        assert all(0 < one["probability"] < 1 for one in found)


def test_errors_have_openais_shape(client: openai.OpenAI, api: httpx.Client) -> None:
    bare = api.post("/v1/chat/completions", json={"model": MODEL, "messages": _task("x")})
    assert bare.status_code == 401
    assert bare.json()["error"]["code"] == "invalid_api_key"
    with pytest.raises(openai.NotFoundError, match=MODEL):
        client.chat.completions.create(model="gpt-none", messages=_task("x"))  # type: ignore[arg-type]
    with pytest.raises(openai.BadRequestError, match="document_score"):
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Hello"}])
    other = {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": other}}
    with pytest.raises(openai.BadRequestError, match="colour"):
        client.chat.completions.create(model=MODEL, messages=_task("x"), response_format=form)  # type: ignore[call-overload]


def test_token_limit_cuts(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model=MODEL, messages=_task("x"), max_tokens=5)  # type: ignore[arg-type]
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None and answer.usage.completion_tokens == 5


def test_batch(client: openai.OpenAI, api: httpx.Client) -> None:
    url = "/v1/chat/completions"
    lines = [
        {"custom_id": f"c{at}", "method": "POST", "url": url, "body": {"model": MODEL, "messages": _task(text)}}
        for at, text in enumerate(["great film", "bad film", "\u00fcber film"])
    ]
    lines.append({"custom_id": "bad", "method": "POST", "url": url, "body": {"model": "other", "messages": []}})
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    file = client.files.create(file=("in.jsonl", content), purpose="batch")
    assert client.files.content(file.id).content == content
    batch = client.batches.create(input_file_id=file.id, endpoint=url, completion_window="24h")  # type: ignore[arg-type]
    for _ in range(100):
        batch = client.batches.retrieve(batch.id)
        if batch.status == "completed":
            break
        time.sleep(0.05)
    assert batch.request_counts is not None
    assert (batch.request_counts.completed, batch.request_counts.failed) == (3, 1)
    assert batch.output_file_id and batch.error_file_id
    rows = [json.loads(line) for line in client.files.content(batch.output_file_id).content.splitlines()]
    assert [row["custom_id"] for row in rows] == ["c0", "c1", "c2"]
    feelings = [json.loads(row["response"]["body"]["choices"][0]["message"]["content"])["sentiment"] for row in rows]
    assert feelings[0] > feelings[2] == 0 > feelings[1]
    failed = json.loads(client.files.content(batch.error_file_id).content)
    assert (failed["custom_id"], failed["response"]["status_code"]) == ("bad", 404)
    assert api.get("/sandbox/stats").json()["faces"]["llm"]["batch_items"] == 4


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_is_scored_within_bounds(text: str, title: str) -> None:
    answer = score_document({"text": text, "title": title}, tuple(VIBES), tuple(GENRES))
    assert -1 <= answer["sentiment"] <= 1 and 0 <= answer["enthusiasm"] <= 100
    assert set(answer["vibe_tags"]) <= set(VIBES) and set(answer["genres"]) <= set(GENRES)


@given(st.lists(st.tuples(st.text(max_size=80), st.none() | st.floats(-1, 1)), max_size=12))
def test_any_digest_cites_its_documents(rows: list[tuple[str, float | None]]) -> None:
    documents = [{"doc_id": str(at), "text": text, "sentiment": value} for at, (text, value) in enumerate(rows)]
    answer = digest_title({"name": "X", "genres": ["Drama"]}, documents, None, None)
    assert answer["too_little"] is (len(rows) < 3)
    assert answer["vibe_score"] is None or 1 <= answer["vibe_score"] <= 10
    assert all(
        part["doc_ids"] and set(part["doc_ids"]) <= {d["doc_id"] for d in documents} for part in answer["summary"]
    )
    assert sum(len(part["sentence"].split()) for part in answer["summary"]) <= 60


@pytest.mark.parametrize("text", ['{"task": "t"}', 'x <<<DATA{"task": "t"}DATA>>> {y}', 'say {"task": "t"} now'])
def test_task_is_found(text: str) -> None:
    assert find_task(text) == {"task": "t"}
