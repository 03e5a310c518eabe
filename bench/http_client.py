"""A small HTTP/1.1 client for load: one keep-alive connection, one request after another, `Connection: close` obeyed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType

import httptools

Headers = Mapping[str, str]


@dataclass
class Reply:
    """An answer as it came over the wire; header names in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    keeps: bool = True
    """Whether the server keeps the connection open."""


class _Reading:
    """Callbacks of httptools that fill a reply."""

    def __init__(self) -> None:
        self.reply, self.done = Reply(), False
        self._parts: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.reply.headers[name.decode().lower()] = value.decode()

    def on_headers_complete(self) -> None:
        self.reply.status = self._parser.get_status_code()

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        self.reply.body, self.done = b"".join(self._parts), True
        self.reply.keeps = self._parser.should_keep_alive()


class Client:
    """Asks `host:port`. Raises OSError where it cannot connect, and where the answer does not come whole."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def get(self, target: str, headers: Headers | None = None) -> Reply:
        """GET a path with its query, over the open connection or a new one."""
        if self._streams is not None and self._streams[0].at_eof():  # closed by the server while nothing was asked
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{more}\r\n".encode())
        reading = _Reading()
        try:
            while not reading.done:
                data = await reader.read(1 << 18)
                if not data:
                    raise ConnectionError(f"the connection ended before the answer to {target} was whole")
                reading.feed(data)
        except BaseException:
            self.close()
            raise
        if not reading.reply.keeps:
            self.close()
        return reading.reply
