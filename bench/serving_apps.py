"""What bench/serving.py holds our API against, each served by uvicorn as ours is: `python -m bench.serving_apps NAME PORT`."""

import os
import sys
from typing import Any

import uvicorn

BODY = b'{"hello":"world"}'


async def raw(scope: Any, receive: Any, send: Any) -> None:
    """Hello without a framework."""
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def fastapi() -> Any:
    """Hello by FastAPI, as its tutorial has it, in its faster form (async)."""
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    return app


def duckdb() -> Any:
    """FastAPI that asks DuckDB: one file a request, known by name, one thread, orjson bytes. Its fastest form that we know.

    A day lies in its own Parquet (YEAR_DAYS), a title's days in one file that is sorted by title (YEAR_BY_TITLE).
    """
    import duckdb as engine
    import orjson
    from fastapi import FastAPI, Response

    app, base = FastAPI(), engine.connect(config={"threads": 1})
    base.execute("set enable_object_cache = true")
    columns = "title_id, rank, title, year, media_type, score, level, lift, mentions, authors, sites"
    days, by_title = os.environ["YEAR_DAYS"], os.environ["YEAR_BY_TITLE"]

    def answer(query: str, values: list[Any]) -> Response:
        found = base.cursor().execute(query, values)
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return Response(orjson.dumps({"results": rows}), media_type="application/json")

    @app.get("/trends")
    async def trends(date: str) -> Response:
        path = f"{days}/date={date}/data.parquet"
        return answer(f"select {columns} from read_parquet(?) order by rank limit 50", [path])

    @app.get("/history/{title_id}")
    async def history(title_id: str) -> Response:
        query = f"select date, {columns} from read_parquet(?) where title_id = ? order by date"
        return answer(query, [by_title, title_id])

    return app


if __name__ == "__main__":
    name, port = sys.argv[1], int(sys.argv[2])
    uvicorn.run(
        {"raw": lambda: raw, "fastapi": fastapi, "duckdb": duckdb}[name](),
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
    )
