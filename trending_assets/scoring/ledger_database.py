"""The ledger's database: its tables, and how SQLite and Postgres are opened and spoken to."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from trending_assets.failures import PermanentFailure

META = sa.MetaData()
CALLS = sa.Table(
    "llm_calls",
    META,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("request_key", sa.Text, nullable=False),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("prompt_version", sa.Text, nullable=False),
    sa.Column("lake", sa.Text, nullable=False),
    sa.Column("partition", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("deadline", sa.Float, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger),
    sa.Column("answered_by", sa.Text, nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_cached", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("batch", sa.Text, nullable=False),
)
LIVE = CALLS.c.state != "unpaid"
sa.Index("llm_calls_live", CALLS.c.request_key, unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
sa.Index("llm_calls_key", CALLS.c.request_key)
sa.Index("llm_calls_partition", CALLS.c.lake, CALLS.c.partition)
sa.Index("llm_calls_asked", CALLS.c.state, sqlite_where=CALLS.c.state == "asked")
DAYS = sa.Table(
    "llm_days",
    META,
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("spent", sa.BigInteger, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
)
LAKES = sa.Table("llm_lakes", META, sa.Column("lake", sa.Text, primary_key=True))
VERSION = sa.Table("llm_schema", META, sa.Column("version", sa.Integer, primary_key=True))


@cache
def engine_of(url: str, pid: int) -> sa.Engine:
    """The engine of an address for the process `pid`: a forked child must not use its parent's connections."""
    made = sa.engine.make_url(url)
    if made.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    if made.database:
        Path(made.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 60, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
        for pragma in ("busy_timeout=60000", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def insert_into(connection: sa.Connection, table: sa.Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


@contextmanager
def short_errors(url: str) -> Iterator[None]:
    """What the database raises, as a PermanentFailure of one sentence without the password."""
    try:
        yield
    except (
        sa.exc.OperationalError,
        sa.exc.DatabaseError,
        sa.exc.NoSuchModuleError,
        OSError,
        ModuleNotFoundError,
    ) as error:
        shown = sa.engine.make_url(url).render_as_string(hide_password=True)
        said = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        raise PermanentFailure(
            f"The ledger of LLM calls at {shown} cannot be used: {said}. No call is made without it. "
            "Check TRENDING_LLM_LEDGER and the folder TRENDING_STATE_DIR."
        ) from None
