"""The lake's record of the ledger: scoring/ledger, and how a lost ledger is filled again from it and from the caches."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.ledger import Call, Ledger
from trending_assets.scoring.prices import NANO

TABLE = "scoring/ledger"
CACHES = {"document_score": "scoring/document_cache", "title_digest": "scoring/digest_cache"}


def record(ledger: Ledger, lake: Lake, days: Sequence[date]) -> pl.DataFrame:
    """Rows of scoring/ledger with `date`: the calls that were made for these days and whose outcome is known.

    What the lake has on record already stays, also where the ledger was lost since.
    """
    schema = {"date": pl.Date, **TABLES[TABLE].schema}
    calls = [
        {"date": day, **_row(call)}
        for day in days
        for call in ledger.calls(lake.uri, day.isoformat())
        if call.state != "asked"
    ]
    stood = lake.read(TABLE, days, missing="skip").select(list(schema))
    fresh = pl.DataFrame(calls, schema=schema)
    return pl.concat([fresh, stood.join(fresh, on=["date", "call_id"], how="anti")]).sort("date", "call_id")


def _row(call: Call) -> dict[str, object]:
    return {
        "call_id": call.call_id,
        "request_key": call.request_key,
        "task": call.task,
        "model": call.model,
        "answered_by": call.answered_by,
        "prompt_version": call.prompt_version,
        "mode": call.mode,
        # A free call counts against no budget, and without its day a fresh lake gets the same bytes.
        "paid_on": date.fromisoformat(call.day) if call.day and call.cost != 0 else None,
        "state": call.state,
        "kind": call.kind,
        "detail": call.detail,
        "tokens_in": call.tokens_in,
        "tokens_cached": call.tokens_cached,
        "tokens_out": call.tokens_out,
        "cost_usd": None if call.cost is None else call.cost / NANO,
        "response": "" if call.state == "answered" else call.response,
    }


def restore(ledger: Ledger, lake: Lake) -> None:
    """Take in what the lake has on record, once a lake: nothing that it was paid for is paid for again."""
    if ledger.knows(lake.uri):
        return
    answers = {
        row["request_key"]: row | {"task": task}
        for task, table in CACHES.items()
        for row in lake.read(table, lake.days(table), missing="skip").iter_rows(named=True)
    }
    calls = list[Call]()
    for row in lake.read(TABLE, lake.days(TABLE), missing="skip").iter_rows(named=True):
        answer = answers.pop(row["request_key"], None) if row["state"] == "answered" else None
        if row["state"] == "answered" and answer is None:
            continue  # its answer is gone, so it must be asked again
        calls.append(
            Call(
                row["request_key"],
                row["task"],
                row["model"],
                row["prompt_version"],
                lake.uri,
                row["date"].isoformat(),
                row["mode"],
                row["state"],
                row["kind"],
                row["detail"],
                day=row["paid_on"].isoformat() if row["paid_on"] else "",
                cost=None if row["cost_usd"] is None else round(row["cost_usd"] * NANO),
                answered_by=row["answered_by"],
                tokens_in=row["tokens_in"],
                tokens_cached=row["tokens_cached"],
                tokens_out=row["tokens_out"],
                response=answer["response"] if answer else row["response"],
                call_id=row["call_id"],
            )
        )
    calls += [_from_cache(lake, row) for row in answers.values()]
    ledger.take_in(lake.uri, calls)


def _from_cache(lake: Lake, row: dict[str, object]) -> Call:
    """An answer without its call: what it cost is not known any more."""
    return Call(
        call_id=f"cache-{str(row['request_key'])[:32]}",
        request_key=str(row["request_key"]),
        task=str(row["task"]),
        model=str(row["model"]),
        prompt_version=str(row["prompt_version"]),
        lake=lake.uri,
        partition=str(row["date"]),
        state="answered",
        cost=None,
        answered_by=str(row["model"]),
        tokens_in=int(str(row["tokens_in"])),
        tokens_out=int(str(row["tokens_out"])),
        response=str(row["response"]),
    )
