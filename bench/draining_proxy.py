"""A load balancer in small: sends each request to the next server that is ready, over connections that it keeps."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

from bench.http_client import Client, Reply

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
LOOK_SECONDS = 0.05


class Balancer:
    """Asks every server's /readyz and uses those that say 200. It never tries a request twice: a lost one is a 502."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports, self.ready = list(ports), set[int]()
        self._turn = count()

    async def watch(self) -> None:
        """Look at every server for ever."""
        probes = {port: Client("127.0.0.1", port) for port in self.ports}
        while True:
            for port, probe in probes.items():
                try:
                    good = (await probe.get("/readyz")).status == 200
                except OSError:
                    good = False
                (self.ready.add if good else self.ready.discard)(port)
            await asyncio.sleep(LOOK_SECONDS)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client's requests (GET without a body), one after another."""
        backends = {port: Client("127.0.0.1", port) for port in self.ports}
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *lines = head.split("\r\n")
                named = (line.partition(": ")[::2] for line in lines if line)
                reply = await self._forward(backends, first.split(" ")[1], dict(named))
                kept = [f"{name}: {value}" for name, value in reply.headers.items() if name not in HOP]
                kept.append(f"content-length: {len(reply.body)}")
                writer.write("\r\n".join([f"HTTP/1.1 {reply.status} X", *kept, "", ""]).encode() + reply.body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            for backend in backends.values():
                backend.close()

    async def _forward(self, backends: dict[int, Client], target: str, headers: dict[str, str]) -> Reply:
        ready = sorted(self.ready)
        if not ready:
            return Reply(503, body=b"no server is ready")
        try:
            return await backends[ready[next(self._turn) % len(ready)]].get(target, headers)
        except OSError as error:
            return Reply(502, body=str(error).encode())


@asynccontextmanager
async def balancer(ports: Sequence[int]) -> AsyncIterator[int]:
    """A balancer in front of servers on these ports of loopback; gives its own port."""
    one = Balancer(ports)
    looking = asyncio.create_task(one.watch())
    listener = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    try:
        while len(one.ready) < len(one.ports):
            await asyncio.sleep(LOOK_SECONDS)
        port: int = listener.sockets[0].getsockname()[1]
        yield port
    finally:
        looking.cancel()
        listener.close()
