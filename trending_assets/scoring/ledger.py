"""The ledger of LLM calls: a call is written down, with the most that it may cost, before it is sent.

One SQL database: SQLite in the state folder, or Postgres where several machines score. It is write-ahead record, cache of
answers and budget in one, so that one transaction decides all three: whether a request was paid for before, whether somebody
else is asking it right now, and whether the day's budget still covers it. The lake keeps a copy of what was settled
(scoring/ledger and the caches), from which a lost database is filled again.

A call is `asked` until its outcome is known: then `answered` or `failed` (both paid for and never asked again) or `unpaid`
(asked again at will). At most one call of a request key is not `unpaid`. Money is in whole nano-dollars.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from trending_assets.failures import PermanentFailure
from trending_assets.scoring.ledger_database import (
    CALLS,
    DAYS,
    LAKES,
    LIVE,
    META,
    VERSION,
    engine_of,
    insert_into,
    short_errors,
)
from trending_assets.scoring.prices import NANO
from trending_assets.scoring.processes import this_process

SCHEMA = 1
"""Raised when the tables change; a database of another schema is refused."""
_FEW = 500  # keys in one question: below every database's limit of parameters

State = Literal["asked", "answered", "failed", "unpaid"]
Mode = Literal["realtime", "batch"]


@dataclass(frozen=True)
class Call:
    """A call as it stands in the ledger. `cost` is None where the price is unknown, `deadline` in seconds since 1970.

    `call_id` is given by the ledger: a hash of the key and of how often it was asked before, the same in every fresh lake.
    """

    request_key: str
    task: str
    model: str
    prompt_version: str
    lake: str
    partition: str
    mode: Mode = "realtime"
    state: State = "asked"
    kind: str = ""
    detail: str = ""
    owner: str = ""
    deadline: float = 0.0
    day: str = ""
    reserved: int = 0
    cost: int | None = None
    answered_by: str = ""
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    response: str = ""
    batch: str = ""
    call_id: str = ""


@dataclass(frozen=True)
class Reserve:
    """Write this call down as about to be sent, if its key is free and `cap` (nano-dollars a day; None: none) allows it."""

    call: Call
    cap: int | None


@dataclass(frozen=True)
class Settle:
    """Write down what became of a call. Does nothing where it is settled already.

    `cost` is None where the price is unknown; `charged` is what the day's budget counts for it all the same.
    """

    call_id: str
    state: State
    kind: str = ""
    detail: str = ""
    cost: int | None = 0
    charged: int = 0
    answered_by: str = ""
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    response: str = ""


@dataclass(frozen=True)
class Go:
    """The call is written down under this id: send it."""

    call_id: str


@dataclass(frozen=True)
class Taken:
    """The key has a call that is not unpaid: settled, or under way."""

    call: Call


@dataclass(frozen=True)
class NoBudget:
    """The day's budget does not cover the call. `may_fit`: it would if reservations of calls under way were given back."""

    may_fit: bool


@dataclass(frozen=True)
class Done:
    """A Settle was taken; `changed` is False where the call was settled before."""

    changed: bool


Operation = Reserve | Settle
Outcome = Go | Taken | NoBudget | Done


@dataclass(frozen=True)
class Spend:
    """A day's money in nano-dollars: what was spent, and what calls under way may still cost."""

    spent: int = 0
    reserved: int = 0

    @property
    def nano(self) -> int:
        """Both together: what the budget counts."""
        return self.spent + self.reserved

    @property
    def spent_usd(self) -> float:
        """What was spent, in US dollars."""
        return self.spent / NANO

    @property
    def reserved_usd(self) -> float:
        """What calls under way may cost at most, in US dollars."""
        return self.reserved / NANO


def spend_day(now: float | None = None) -> str:
    """The UTC day on which a call counts against the budget."""
    return datetime.fromtimestamp(time.time() if now is None else now, UTC).date().isoformat()


@dataclass(frozen=True)
class Ledger:
    """The ledger at an address of SQLAlchemy's. Raises PermanentFailure with one sentence where it cannot be opened."""

    url: str = field(repr=False)  # it may hold a password

    def __post_init__(self) -> None:
        try:
            with short_errors(self.url), self._writing() as connection:
                META.create_all(connection)
                connection.execute(insert_into(connection, VERSION).values(version=SCHEMA).on_conflict_do_nothing())
                versions = list(connection.scalars(sa.select(VERSION.c.version)))
        except sa.exc.ArgumentError:
            raise PermanentFailure(
                "TRENDING_LLM_LEDGER is no database address; take sqlite:///FILE or postgresql+psycopg://USER@HOST/DB."
            ) from None
        if versions != [SCHEMA]:
            raise PermanentFailure(
                f"{self.shown} is a ledger of schema {versions}, and this version of the code writes {SCHEMA}. "
                "Use the version that made it, or name another TRENDING_LLM_LEDGER."
            )

    @property
    def shown(self) -> str:
        """The address without a password."""
        return sa.engine.make_url(self.url).render_as_string(hide_password=True)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with engine_of(self.url, os.getpid()).begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with engine_of(self.url, os.getpid()).connect().execution_options(reading=True) as connection:
            yield connection

    def apply(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Do all operations in one transaction, which is on disk when this returns; their outcomes in order."""
        today = spend_day()
        with short_errors(self.url), self._writing() as connection:
            _lock_day(connection, today)
            return [
                self._reserve(connection, o, today) if isinstance(o, Reserve) else self._settle(connection, o)
                for o in operations
            ]

    def _reserve(self, connection: sa.Connection, wanted: Reserve, today: str) -> Outcome:
        key = wanted.call.request_key
        asked = connection.scalar(sa.select(sa.func.count()).where(CALLS.c.request_key == key)) or 0
        call_id = hashlib.sha256(f"{key} {asked}".encode()).hexdigest()[:32]
        row = vars(wanted.call) | {"call_id": call_id, "state": "asked", "day": today, "owner": this_process()}
        if not _added(connection, row):
            live = sa.select(CALLS).where(CALLS.c.request_key == key, LIVE)
            return Taken(_call(connection.execute(live).one()))
        day, cost = DAYS.c, wanted.call.reserved
        fits = sa.true() if wanted.cap is None else day.spent + day.reserved + cost <= wanted.cap
        update = sa.update(DAYS).where(day.day == today, fits).values(reserved=day.reserved + cost)
        if connection.execute(update).rowcount:
            return Go(call_id)
        connection.execute(sa.delete(CALLS).where(CALLS.c.call_id == call_id))
        spent = connection.scalar(sa.select(day.spent).where(day.day == today)) or 0
        return NoBudget(may_fit=wanted.cap is not None and spent + cost <= wanted.cap)

    def _settle(self, connection: sa.Connection, settled: Settle) -> Outcome:
        of_call = sa.select(CALLS.c.day, CALLS.c.reserved).where(
            CALLS.c.call_id == settled.call_id, CALLS.c.state == "asked"
        )
        found = connection.execute(of_call).one_or_none()
        if found is None:
            return Done(False)
        values = {name: value for name, value in vars(settled).items() if name not in ("call_id", "charged")}
        connection.execute(sa.update(CALLS).where(CALLS.c.call_id == settled.call_id).values(values | {"reserved": 0}))
        connection.execute(
            sa.update(DAYS)
            .where(DAYS.c.day == found.day)
            .values(reserved=DAYS.c.reserved - found.reserved, spent=DAYS.c.spent + settled.charged)
        )
        return Done(True)

    def live(self, keys: Iterable[str]) -> dict[str, Call]:
        """The calls of these request keys that are not unpaid, by key."""
        wanted, found = list(keys), dict[str, Call]()
        with short_errors(self.url), self._reading() as connection:
            for start in range(0, len(wanted), _FEW):
                some = CALLS.c.request_key.in_(wanted[start : start + _FEW])
                for row in connection.execute(sa.select(CALLS).where(some, LIVE)):
                    found[row.request_key] = _call(row)
        return found

    def call(self, call_id: str) -> Call | None:
        """The call of that id."""
        with short_errors(self.url), self._reading() as connection:
            row = connection.execute(sa.select(CALLS).where(CALLS.c.call_id == call_id)).one_or_none()
        return None if row is None else _call(row)

    def calls(self, lake: str, partition: str) -> list[Call]:
        """All calls that were made for a partition of a lake, by id."""
        of = sa.select(CALLS).where(CALLS.c.lake == lake, CALLS.c.partition == partition).order_by(CALLS.c.call_id)
        with short_errors(self.url), self._reading() as connection:
            return [_call(row) for row in connection.execute(of)]

    def asked(self) -> list[Call]:
        """Calls whose outcome is not known, the oldest deadline first."""
        of = sa.select(CALLS).where(CALLS.c.state == "asked").order_by(CALLS.c.deadline, CALLS.c.call_id)
        with short_errors(self.url), self._reading() as connection:
            return [_call(row) for row in connection.execute(of)]

    def mark_batch(self, old: str, new: str) -> None:
        """Calls of batch `old` belong to batch `new` from now on."""
        with short_errors(self.url), self._writing() as connection:
            connection.execute(sa.update(CALLS).where(CALLS.c.batch == old).values(batch=new))

    def release(self, kinds: Iterable[str]) -> int:
        """Let calls be asked again, and paid again: failed ones and those in doubt (past their deadline) of these kinds.

        What was spent stays spent; a reservation in doubt counts as spent. Gives their number.
        """
        wanted = list(kinds)
        with short_errors(self.url), self._writing() as connection:
            doubt = (CALLS.c.state == "asked") & (CALLS.c.deadline < time.time())
            chosen = sa.select(CALLS.c.call_id, CALLS.c.state, CALLS.c.reserved).where(
                CALLS.c.kind.in_(wanted), doubt | (CALLS.c.state == "failed")
            )
            rows = list(connection.execute(chosen))
            in_doubt = [row.call_id for row in rows if row.state == "asked"]
            for call_id in in_doubt:
                call = connection.execute(sa.select(CALLS).where(CALLS.c.call_id == call_id)).one()
                self._settle(connection, Settle(call_id, "unpaid", call.kind, call.detail, None, call.reserved))
            for row in rows:
                connection.execute(sa.update(CALLS).where(CALLS.c.call_id == row.call_id).values(state="unpaid"))
            return len(rows)

    def spend(self, day: str | None = None) -> Spend:
        """The money of a day, today by default."""
        of = sa.select(DAYS.c.spent, DAYS.c.reserved).where(DAYS.c.day == (day or spend_day()))
        with short_errors(self.url), self._reading() as connection:
            row = connection.execute(of).one_or_none()
        return Spend(row.spent, row.reserved) if row else Spend()

    def knows(self, lake: str) -> bool:
        """Whether the settled calls of that lake were taken in."""
        with short_errors(self.url), self._reading() as connection:
            return connection.scalar(sa.select(LAKES.c.lake).where(LAKES.c.lake == lake)) is not None

    def take_in(self, lake: str, settled: Iterable[Call]) -> None:
        """Take in the settled calls that a lake has on record; those that the ledger has stay as they are."""
        with short_errors(self.url), self._writing() as connection:
            for call in settled:
                if _added(connection, vars(call)) and call.cost and call.day:
                    _lock_day(connection, call.day)
                    day = sa.update(DAYS).where(DAYS.c.day == call.day)
                    connection.execute(day.values(spent=DAYS.c.spent + call.cost))
            connection.execute(insert_into(connection, LAKES).values(lake=lake).on_conflict_do_nothing())


def _added(connection: sa.Connection, row: dict[str, Any]) -> bool:
    """Write a call down; False where its key has a live one. RETURNING tells, as not every driver counts inserted rows."""
    insert = insert_into(connection, CALLS).values(row).on_conflict_do_nothing().returning(CALLS.c.call_id)
    return connection.execute(insert).one_or_none() is not None


def _lock_day(connection: sa.Connection, day: str) -> None:
    """Make the day's row, and hold it: transactions that touch money go one after the other."""
    connection.execute(insert_into(connection, DAYS).values(day=day, spent=0, reserved=0).on_conflict_do_nothing())
    connection.execute(sa.update(DAYS).where(DAYS.c.day == day).values(spent=DAYS.c.spent))


def _call(row: sa.Row[Any]) -> Call:
    return Call(**row._mapping)
