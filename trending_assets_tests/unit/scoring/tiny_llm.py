"""A small real HTTP server on loopback that speaks chat completions: tests say what it answers and read what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, Any] | bytes]

GOOD = {
    "sentiment": 0.5,
    "enthusiasm": 60,
    "about_title": True,
    "spam": False,
    "spoiler": False,
    "genres": ["Drama", "Drama"],
    "vibe_tags": ["funny"],
}


def completion(content: object, finish: str = "stop", refusal: str | None = None, model: str = "gpt-5-mini") -> Reply:
    """A 200 whose message is `content`: text as it is, anything else as JSON."""
    text = content if content is None or isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 40}}
    return 200, {"model": model, "choices": [{"message": message, "finish_reason": finish}], "usage": usage}


def error(status: int, message: str = "no", code: str | None = None) -> Reply:
    """An error in OpenAI's shape."""
    return status, {"error": {"message": message, "type": "x", "param": None, "code": code}}


def data_of(request: dict[str, Any]) -> dict[str, Any]:
    """The payload between the fences of a request."""
    text = request["messages"][-1]["content"]
    payload: dict[str, Any] = json.loads(text.removeprefix("<<<DATA\n").removesuffix("\nDATA>>>"))
    return payload


@dataclass
class TinyLlm:
    """`reply` gets a request's body and gives status (0: hang up) and body; `requests` holds all bodies in order."""

    url: str
    reply: Callable[[dict[str, Any]], Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the default of 5, many clients at once are left hanging on a busy machine


@contextmanager
def tiny_llm(
    reply: Callable[[dict[str, Any]], Reply] = lambda _: completion(GOOD), headers: Mapping[str, str] | None = None
) -> Iterator[TinyLlm]:
    """The server for the length of a `with` block; `headers` go with every answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(sent) if self.headers["Content-Type"] == "application/json" else {}
            with lock:
                server.requests.append(body)
            status, answer = server.reply(body)
            if not status:
                self.close_connection = True
                return
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True  # the client gave up waiting

        def log_message(self, *_: object) -> None:
            pass

    lock = threading.Lock()
    http = _Server(("127.0.0.1", 0), Handler)
    server = TinyLlm(f"http://127.0.0.1:{http.server_address[1]}/v1", reply)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
