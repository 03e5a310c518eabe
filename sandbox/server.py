"""The sandbox server: `python -m sandbox.server --world DIR --port N`."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import json_answer, text_answer
from sandbox.batches import Batches
from sandbox.edge import Edge, State
from sandbox.faults import Plan
from sandbox.llm import Llm
from sandbox.rehearsal import Rehearsal
from sandbox.sentiment.encoder import Encoder
from sandbox.tmdb import Tmdb
from sandbox.world import World, WorldError, empty_world, load_world


def _admin(world: World, state: State, batches: Batches) -> list[Route]:
    async def stats(request: Request) -> Response:
        faces = {face: dict(sorted(counts.items())) for face, counts in state.counts.items()}
        total = {face: sum(counts.values()) for face, counts in state.counts.items()}
        return json_answer(
            {
                "world": world.name,
                "first_day": world.first_day.isoformat(),
                "last_day": world.last_day.isoformat(),
                "total": total,
                "faces": faces,
                "faults": dict(sorted(state.faulted.items())),
            }
        )

    async def reset(request: Request) -> Response:
        state.reset()
        batches.reset()
        return json_answer({"reset": True})

    async def set_faults(request: Request) -> Response:
        try:
            plan = Plan.model_validate_json(await request.body())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the body"
            return text_answer(f"Not a fault plan: {where}: {first['msg']}.", 422)
        state.faults.set(plan)
        return json_answer({"rules": len(plan.rules)})

    async def clear_faults(request: Request) -> Response:
        state.faults.set(Plan())
        return json_answer({"rules": 0})

    return [
        Route("/sandbox/stats", stats),
        Route("/sandbox/reset", reset, methods=["POST"]),
        Route("/sandbox/faults", set_faults, methods=["POST"]),
        Route("/sandbox/faults", clear_faults, methods=["DELETE"]),
    ]


def create_app(world: Path | None, sentiment: Path | None = None, rehearsal: Rehearsal | None = None) -> Starlette:
    """The ASGI app of a world folder, or of the LLM alone for None.

    Raises WorldError with one sentence when the folder cannot be served.
    """
    loaded, state = load_world(world) if world else empty_world(), State()
    llm = Llm(_encoder(sentiment) if sentiment else None, rehearsal)
    batches = Batches(llm, state.counts)
    routes = [*llm.routes(), *Tmdb(loaded).routes(), *batches.routes(), *_admin(loaded, state, batches)]
    return Starlette(routes=routes, middleware=[Middleware(Edge, world=loaded, state=state)])


def _encoder(folder: Path) -> Encoder:
    try:
        return Encoder(folder)
    except Exception as error:  # onnxruntime and tokenizers raise kinds of their own
        raise WorldError(f"{folder} holds no sentiment encoder that can be loaded: {error}") from error


def serve(
    world: Path | None,
    host: str = "127.0.0.1",
    port: int = 0,
    sentiment: Path | None = None,
    rehearsal: Rehearsal | None = None,
) -> None:
    """Serve a world until a signal comes; port 0 takes a free port. Prints one line when requests are accepted."""
    app = create_app(world, sentiment, rehearsal)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise WorldError(
                f"Port {port} on {host} cannot be used: {error.strerror}; choose another --port."
            ) from error
        listener.listen(2048)
        taken = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        named = world.name if world else "the LLM alone"
        print(
            f"sandbox: {named} on http://{shown}:{taken} (also a proxy for its *.example sites)",
            flush=True,
        )
        config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


def main(argv: list[str] | None = None) -> int:
    """Command line. Exit 2 with one sentence when the world or the port is bad."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.server", description="Replay a world folder as a small internet on loopback."
    )
    parser.add_argument(
        "--world", type=Path, help="folder with titles.parquet and the optional files; without one only the LLM answers"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port to bind (default: a free one, which is printed)")
    parser.add_argument(
        "--sentiment", type=Path, help="folder of an encoder from `python -m sandbox.sentiment train-encoder`"
    )
    parser.add_argument("--rehearse", metavar="MODEL", help="answer under that model's name too, and count its tokens")
    parser.add_argument("--no-prompt-cache", action="store_true", help="rehearse without cached prefixes")
    args = parser.parse_args(argv)
    rehearsal = Rehearsal(args.rehearse, not args.no_prompt_cache) if args.rehearse else None
    try:
        serve(args.world, args.host, args.port, args.sentiment, rehearsal)
    except WorldError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
