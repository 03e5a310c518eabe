"""Servers of the API restarted in turn by SIGTERM, behind a balancer and under load: `python -m bench.rolling_restart`.

A request counts as failed where it was not answered 200 with the body that its ETag names. Run once as the server is, and
once without its drain, which must lose some: else the load would show nothing.
"""

import argparse
import asyncio
import hashlib
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.draining_proxy import balancer
from bench.http_client import Client
from bench.made_lake import DAY, made_lake
from bench.server_process import Server, server, stop, trending_serve
from trending_assets.s3 import free_port

TARGETS = ("/v1/trends", "/v1/days", "/v1/trends?limit=3", "/v1/genres")


@dataclass
class Outcome:
    """What the clients saw."""

    answered: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    exits: list[int] = field(default_factory=list)


async def _client(port: int, outcome: Outcome, stopping: asyncio.Event) -> None:
    async with Client("127.0.0.1", port) as client:
        turn = 0
        while not stopping.is_set():
            target, turn = TARGETS[turn % len(TARGETS)], turn + 1
            try:
                reply = await client.get(target)
            except OSError as error:
                outcome.failed[type(error).__name__] += 1
                continue
            whole = reply.headers.get("etag", "")[1:33] == hashlib.sha256(reply.body).hexdigest()[:32]
            if reply.status == 200 and whole:
                outcome.answered += 1
            else:
                outcome.failed[str(reply.status)] += 1


async def restart_all(lake: str, drain_seconds: float, rounds: int, clients: int) -> Outcome:
    """Two servers, each restarted `rounds` times while `clients` keep asking."""
    outcome, stopping = Outcome(), asyncio.Event()
    ports = [free_port(), free_port()]
    env = {"TRENDING_API_DRAIN_SECONDS": str(drain_seconds)}
    with ExitStack() as stack:

        async def start(port: int) -> Server:
            return await asyncio.to_thread(stack.enter_context, server(trending_serve(lake, port), port, env=env))

        running = {port: await start(port) for port in ports}
        async with balancer(ports) as front:
            load = [asyncio.create_task(_client(front, outcome, stopping)) for _ in range(clients)]
            await asyncio.sleep(0.5)
            for port in ports * rounds:
                outcome.exits.append(await asyncio.to_thread(stop, running[port].process))
                running[port] = await start(port)
                await asyncio.sleep(0.5)
            stopping.set()
            await asyncio.gather(*load)
    return outcome


def main() -> None:
    """Print what was lost with the drain and without."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="restarts of each of the two servers")
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake = made_lake(Path(folder), [DAY]).uri
        for seconds, label in ((2.0, "draining for 2 s"), (0.0, "without a drain")):
            outcome = asyncio.run(restart_all(lake, seconds, options.rounds, options.clients))
            lost = ", ".join(f"{n} x {why}" for why, n in outcome.failed.most_common()) or "none"
            print(
                f"{label}: {len(outcome.exits)} restarts under {options.clients} clients, "
                f"{outcome.answered:,} requests answered, failed: {lost}."
            )


if __name__ == "__main__":
    main()
