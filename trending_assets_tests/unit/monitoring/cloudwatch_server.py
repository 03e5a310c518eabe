"""A CloudWatch on loopback that takes PutMetricData in the three protocols that botocore knows, packed or not.

It refuses what AWS refuses: too many metrics, too long a body, a namespace of AWS's own, values that are no numbers, a
metric without a name.
"""

import gzip
import io
import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from botocore.parsers import BaseCBORParser

CBOR, JSON, QUERY = "cbor", "json", "query"


@dataclass
class Call:
    """One call: its protocol, whether it came packed, and PutMetricData's parameters."""

    protocol: str
    packed: bool
    parameters: dict[str, Any]


@dataclass
class CloudWatch:
    """What the server has seen; `refuse` is the error code that it answers every call with."""

    url: str
    calls: list[Call] = field(default_factory=list)
    refuse: str | None = None

    def values(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """The newest value of each metric: (name, dimensions) → value."""
        return {
            (d["MetricName"], tuple((x["Name"], x["Value"]) for x in d["Dimensions"])): float(d["Value"])
            for call in self.calls
            for d in call.parameters["MetricData"]
        }


def decode(headers: dict[str, str], path: str, body: bytes) -> Call:
    """The call in a request. Raises ValueError for what is no PutMetricData."""
    packed = headers.get("content-encoding") == "gzip"
    body = gzip.decompress(body) if packed else body
    if len(body) > 1_000_000:
        raise ValueError("RequestEntityTooLarge")
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        _is(path.rsplit("/", 1)[-1])
        return Call(CBOR, packed, BaseCBORParser(None).parse_data_item(io.BufferedReader(io.BytesIO(body))))  # type: ignore[arg-type, no-untyped-call]
    if target := headers.get("x-amz-target"):
        _is(target.rsplit(".", 1)[-1])
        return Call(JSON, packed, json.loads(body))
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    _is(fields.pop("Action", ""))
    return Call(QUERY, packed, _nested(fields))


def _is(action: str) -> None:
    if action != "PutMetricData":
        raise ValueError("InvalidAction")


def _nested(fields: dict[str, str]) -> dict[str, Any]:
    """MetricData.member.1.Dimensions.member.2.Name=… as lists and dictionaries."""
    tree: dict[str, Any] = {}
    for name, value in fields.items():
        *path, last = name.split(".")
        node = tree
        for step in path:
            node = node.setdefault(step, {})
        node[last] = value
    return _lists(tree)


def _lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if "member" in node:
        return [_lists(node["member"][n]) for n in sorted(node["member"], key=int)]
    return {name: _lists(value) for name, value in node.items()}


def refusal(parameters: dict[str, Any]) -> str | None:
    """AWS's error code for parameters that it does not take."""
    data = parameters.get("MetricData", [])
    if parameters.get("Namespace", "AWS/").startswith("AWS/") or not data or len(data) > 1000:
        return "InvalidParameterValue"
    good = all(d.get("MetricName") and math.isfinite(float(d["Value"])) and len(d["Dimensions"]) <= 30 for d in data)
    return None if good else "InvalidParameterValue"


@contextmanager
def cloudwatch_server() -> Iterator[CloudWatch]:
    """Serve on a free port of loopback."""
    seen = CloudWatch("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            try:
                call = decode(headers, self.path, body)
                code = seen.refuse or refusal(call.parameters)
            except ValueError as error:
                code, call = str(error), None
            if call and not code:
                seen.calls.append(call)
            self._answer(headers, code)

        def _answer(self, headers: dict[str, str], code: str | None) -> None:
            cbor = headers.get("smithy-protocol") == "rpc-v2-cbor"
            if cbor:
                body = _cbor({"__type": code, "message": "hush-hush"} if code else {})
            elif "x-amz-target" in headers:
                body = json.dumps({"__type": code, "message": "hush-hush"} if code else {}).encode()
            elif code:
                error = f"<Code>{code}</Code><Message>hush-hush</Message>"
                body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>".encode()
            else:
                body = b"<PutMetricDataResponse><ResponseMetadata/></PutMetricDataResponse>"
            self.send_response(400 if code else 200)
            if cbor:
                self.send_header("smithy-protocol", "rpc-v2-cbor")
                self.send_header("content-type", "application/cbor")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _cbor(short: dict[str, str]) -> bytes:
    """A map of a few texts below 256 bytes (RFC 8949)."""
    texts = b"".join(bytes([0x78, len(text.encode())]) + text.encode() for pair in short.items() for text in pair)
    return bytes([0xA0 + len(short)]) + texts
