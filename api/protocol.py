"""uvicorn's HTTP/1.1 with a shortcut: an answer that is there goes out at once, without a task and its ASGI messages.

The same request through any other ASGI server gets the same answer from the edge.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.edge import Edge
from api.reply import lines


class Protocol(HttpToolsProtocol):
    """`edge` is the app's."""

    edge: Edge
    last: list[tuple[bytes, bytes]] | None = None
    standing = b""

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        staying = cycle.keep_alive and not self.edge.draining
        instant = self.edge.instant(cycle.scope) if staying and not self.flow.write_paused else None
        if instant is None:
            super()._start_asgi_task(cycle, app)
            return
        status, head, body = instant
        first = STATUS_LINE[status] + self._fields(cycle.default_headers) + head + b"\r\n"
        self.transport.writelines((first, *body) if isinstance(body, tuple) else (first, body))
        cycle.response_started = cycle.response_complete = True
        cycle.on_response()

    def _fields(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """The server's own fields as lines. uvicorn makes the list anew once a second, for its date."""
        shared = type(self)
        if headers is not shared.last:
            shared.last, shared.standing = headers, lines(headers)
        return shared.standing


def protocol_of(edge: Edge) -> type[Protocol]:
    """The protocol for one app: uvicorn makes an instance a connection."""
    return type("EdgeProtocol", (Protocol,), {"edge": edge})
