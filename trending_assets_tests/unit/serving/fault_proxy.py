"""A proxy in front of an S3 server that refuses, fails or loses answers, by a seed; or only tells what it was asked."""

import http.client
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import ClassVar

CODES = {409: "ConditionalRequestConflict", 412: "PreconditionFailed", 500: "InternalError"}
PUT_FAULTS = ("409 before", "412 before", "500 before", "500 after", "cut after", "cut before")
"""What can happen to a put: refused, or done and its answer lost. `cut` closes the connection without an answer."""
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection"}


class FaultProxy:
    """What it does: a `share` of the puts of the pointer meets a fault, and a thirtieth of that share of other requests."""

    def __init__(self, port: int, share: float, seed: int) -> None:
        self.port, self.share = port, share
        self.faults: Counter[str] = Counter()
        self._random, self._guard = random.Random(seed), threading.Lock()
        self._puts, self._others = cycle(PUT_FAULTS), cycle(("500 before", "500 after", "cut after"))

    def told(self, method: str, path: str, headers: Message) -> None:
        """Hears of every request, with its query."""

    def fault(self, method: str, path: str) -> str | None:
        """What happens to a request."""
        conditional = method == "PUT" and path.endswith("/current.json")
        with self._guard:
            if self._random.random() >= (self.share if conditional else self.share / 30):
                return None
            fault = next(self._puts if conditional else self._others)
            self.faults[fault if conditional else f"{fault}, other requests"] += 1
            return fault


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    proxy: ClassVar[FaultProxy]

    def _pass(self) -> None:
        body = self._body()
        self.proxy.told(self.command, self.path, self.headers)
        fault = self.proxy.fault(self.command, self.path.partition("?")[0])
        kind, _, when = (fault or "").partition(" ")
        if when == "before":
            return self._fail(kind)
        upstream = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=30)
        try:
            # The Host that the client signed is passed on, and so is all else: the server checks the signature.
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP | {"expect"}:
                    upstream.putheader(name, value)
            upstream.endheaders(body)
            answer = upstream.getresponse()
            data = answer.read()
            if when == "after":
                return self._fail(kind)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP | {"date", "server"} and not (
                    name.lower() == "content-length" and self.command != "HEAD"
                ):
                    self.send_header(name, value)
            if self.command != "HEAD":
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        finally:
            upstream.close()

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass

    def _body(self) -> bytes:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
            self.wfile.flush()
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _fail(self, kind: str) -> None:
        if kind == "cut":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status = int(kind)
        data = f"<Error><Code>{CODES[status]}</Code><Message>made by the fault proxy</Message></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass

    def handle_expect_100(self) -> bool:
        return True  # answered where the body is read


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        pass  # a client that gave up


@contextmanager
def fault_proxy(
    port: int, share: float, seed: int, kind: type[FaultProxy] = FaultProxy
) -> Iterator[tuple[str, FaultProxy]]:
    """Serve on 127.0.0.1 in front of the S3 server on that port; yields the address and the proxy."""
    proxy = kind(port, share, seed)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": proxy}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
