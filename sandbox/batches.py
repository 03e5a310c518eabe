"""OpenAI's files and batches, in memory: upload JSON lines, run them in the background, fetch the result."""

from __future__ import annotations

import asyncio
from collections import Counter
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import json_answer
from sandbox.llm import Llm, LlmError, check_key

_ENDPOINTS = ("/v1/chat/completions", "/v1/responses")


def _form(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a multipart/form-data body by name: (filename or "", content)."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            parts[name] = (part.get_filename() or "", content)
    return parts


class Batches:
    """Files and batches of one server. `counts` is the server's counter table."""

    def __init__(self, llm: Llm, counts: dict[str, Counter[str]]) -> None:
        self.llm, self.counts = llm, counts
        self.files: dict[str, tuple[dict[str, Any], bytes]] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def reset(self) -> None:
        """Forget all files and batches."""
        self.files.clear()
        self.batches.clear()

    def routes(self) -> list[Route]:
        """Starlette routes."""
        table = [
            ("/v1/files", self.upload, "POST"),
            ("/v1/files/{id}", self.file, "GET"),
            ("/v1/files/{id}/content", self.content, "GET"),
            ("/v1/batches", self.create, "POST"),
            ("/v1/batches", self.listing, "GET"),
            ("/v1/batches/{id}", self.batch, "GET"),
        ]
        return [Route(path, self._guarded(handler), methods=[method]) for path, handler, method in table]

    def _guarded(self, handler: Any) -> Any:
        async def answer(request: Request) -> Response:
            try:
                check_key(request)
                response: Response = await handler(request)
                return response
            except LlmError as error:
                return json_answer(error.body(), error.status)

        return answer

    def _keep(self, name: str, purpose: str, content: bytes, seed: str = "") -> dict[str, Any]:
        number = sha256(f"{seed}|{name}|{purpose}|".encode() + content).hexdigest()[:24]
        about = {
            "id": f"file-sb{number}",
            "object": "file",
            "bytes": len(content),
            "created_at": 0,
            "filename": name,
            "purpose": purpose,
            "status": "processed",
        }
        self.files[str(about["id"])] = (about, content)
        return about

    def _file(self, number: Any) -> tuple[dict[str, Any], bytes]:
        if number not in self.files:
            raise LlmError(404, f"No such file: {number!r}.", None, "id")
        return self.files[number]

    async def upload(self, request: Request) -> Response:
        parts = _form(request.headers.get("content-type", ""), await request.body())
        if "file" not in parts or "purpose" not in parts:
            raise LlmError(400, "Send multipart/form-data with the fields 'file' and 'purpose'.", None, "file")
        purpose = parts["purpose"][1].decode("utf-8", "replace").strip()
        if purpose != "batch":
            raise LlmError(400, f"Purpose {purpose!r} is not known here; use 'batch'.", None, "purpose")
        name, content = parts["file"]
        return json_answer(self._keep(name or "batch.jsonl", purpose, content))

    async def file(self, request: Request) -> Response:
        return json_answer(self._file(request.path_params["id"])[0])

    async def content(self, request: Request) -> Response:
        return Response(self._file(request.path_params["id"])[1], 200, None, "application/octet-stream")

    async def create(self, request: Request) -> Response:
        try:
            order = orjson.loads(await request.body())
        except orjson.JSONDecodeError as error:
            raise LlmError(400, f"The body is not JSON: {error}.") from error
        endpoint = order.get("endpoint") if isinstance(order, dict) else None
        if endpoint not in _ENDPOINTS:
            raise LlmError(400, f"'endpoint' must be one of {', '.join(_ENDPOINTS)}.", None, "endpoint")
        content = self._file(order.get("input_file_id"))[1]
        number = sha256(orjson.dumps(order, option=orjson.OPT_SORT_KEYS) + content).hexdigest()[:24]
        batch: dict[str, Any] = {
            "id": f"batch_sb{number}",
            "object": "batch",
            "endpoint": endpoint,
            "errors": None,
            "input_file_id": order["input_file_id"],
            "completion_window": order.get("completion_window", "24h"),
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "created_at": 0,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "metadata": order.get("metadata"),
        }
        self.batches[batch["id"]] = batch
        shown = json_answer(batch)
        task = asyncio.create_task(asyncio.to_thread(self._run, batch, content))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return shown

    async def listing(self, request: Request) -> Response:
        rows = list(self.batches.values())
        ends = {"first_id": rows[0]["id"] if rows else None, "last_id": rows[-1]["id"] if rows else None}
        return json_answer({"object": "list", "data": rows, "has_more": False, **ends})

    async def batch(self, request: Request) -> Response:
        found = self.batches.get(request.path_params["id"])
        if found is None:
            raise LlmError(404, f"No such batch: {request.path_params['id']!r}.", None, "id")
        return json_answer(found)

    def _run(self, batch: dict[str, Any], content: bytes) -> None:
        lines = [line for line in content.splitlines() if line.strip()]
        batch["status"] = "in_progress"
        batch["request_counts"]["total"] = len(lines)
        good: list[bytes] = []
        bad: list[bytes] = []
        for at, line in enumerate(lines):
            self.counts["llm"]["batch_items"] += 1
            custom, number = None, f"batch_req_sb{at:08d}"
            try:
                entry = orjson.loads(line)
                custom = entry.get("custom_id")
                if entry.get("url") != batch["endpoint"]:
                    raise LlmError(400, f"Line {at + 1}: 'url' differs from the batch's endpoint.", None, "url")
                status, body = 200, self.llm.call(batch["endpoint"], orjson.dumps(entry.get("body")))
            except LlmError as error:
                status, body = error.status, error.body()
            except (orjson.JSONDecodeError, AttributeError):
                status, body = 400, LlmError(400, f"Line {at + 1} is not a JSON object.").body()
            response = {"status_code": status, "request_id": number, "body": body}
            made = orjson.dumps({"id": number, "custom_id": custom, "response": response, "error": None})
            (good if status == 200 else bad).append(made)
            batch["request_counts"]["completed" if status == 200 else "failed"] += 1
        for field, rows in (("output_file_id", good), ("error_file_id", bad)):
            if rows:
                kept = self._keep(f"{batch['id']}_{field}.jsonl", "batch_output", b"\n".join(rows) + b"\n", batch["id"])
                batch[field] = kept["id"]
        batch |= {"completed_at": 0, "status": "completed"}
