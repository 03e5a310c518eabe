"""dbt on Spark: `python -m trending_assets.staging.dbt_spark build --target spark …` in the place of `dbt build …`.

dbt-spark runs its SQL in the Spark session of its own process. This module makes that session as the lake needs it and adds the
two functions that Spark's SQL lacks: lake_has and lake_put. Under spark-submit (EMR, a cluster) master and memory are the job's.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from trending_assets.failures import PermanentFailure
from trending_assets.store import open_store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SCHEMAS = ("staging", "marts")

_LAKE: dict[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",  # not INT96, which no contract knows
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.files.maxRecordsPerFile": "0",  # a day is one file
    "spark.sql.catalogImplementation": "in-memory",  # no metastore: the lake's layout says all
    "spark.log.level": "ERROR",
}
_ONE_MACHINE = {
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
}


def not_installed() -> str | None:
    """What to do where the extra spark is not installed, as a sentence; None where it is."""
    if find_spec("pyspark") is None or find_spec("dbt.adapters.spark") is None:
        return "Spark is not installed. Run `make setup EXTRAS=spark`, or set TRENDING_DBT_ENGINE=duckdb."
    return None


def missing() -> str | None:
    """What this environment lacks to run Spark, as a sentence that says what to do; None where it can."""
    if why := not_installed():
        return why
    if not _on_cluster() and _java() is None:
        return "Spark needs Java 17 or later. Install it (Debian: openjdk-17-jre-headless), or set TRENDING_DBT_ENGINE=duckdb."
    return None


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")


def _on_cluster() -> bool:
    return "PYSPARK_GATEWAY_PORT" in os.environ  # spark-submit started us, and a JVM with the job's settings is there


@contextmanager
def spark_session() -> Iterator["SparkSession"]:
    """The process's Spark session with the lake's settings and functions; its tables lie in a scratch that is removed.

    On one machine: all cores, 2 GB (PYSPARK_SUBMIT_ARGS="--driver-memory 8g pyspark-shell" gives more), scratch in TMPDIR. Under
    spark-submit the job's own spark.sql.warehouse.dir is the scratch. Raises PermanentFailure where Spark cannot start.
    """
    if why := missing():
        raise PermanentFailure(why)
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers run lake_put, of this package
    scratch = None if _on_cluster() else tempfile.mkdtemp(prefix="trending-spark-")
    builder = SparkSession.builder.appName("trending-dbt")
    for name, value in (_LAKE if scratch is None else _LAKE | _ONE_MACHINE).items():
        builder = builder.config(name, value)
    if scratch is not None:
        builder = builder.master("local[*]").config("spark.sql.warehouse.dir", f"{scratch}/tables")
        builder = builder.config("spark.local.dir", scratch)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise PermanentFailure(f"Spark did not start: {' '.join(str(error).split())[:300]}") from None
    try:
        session.udf.register("lake_has", _function(has, "boolean"))
        session.udf.register("lake_put", _function(put, "string"))
        yield session
        for schema in SCHEMAS:
            session.sql(f"drop schema if exists {schema} cascade")
    finally:
        session.stop()
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def _function(python: Any, returns: str) -> Any:
    from pyspark.sql.functions import udf

    # It does something, so no planner may leave it out or do it twice; the lambda has no type hints for Spark to interpret.
    return udf(lambda *given: python(*given), returns).asNondeterministic()


def has(lake: str, table: str, day: str) -> bool:
    """Whether a table's partition is there."""
    key = f"{table}/date={day}/data.parquet"
    return key in open_store(lake)[1].list(f"{table}/date={day}")


def put(lake: str, table: str, day: str, file: str | None) -> str:
    """Put a Parquet file (file:/…, s3://… or s3a://…) in its partition's place, as every object of the lake is put; give its key.

    Without a file the partition has the contract's columns and no row.
    """
    from trending_assets.lake import Lake

    root, store = open_store(lake)
    into = Lake(root, store)
    if file is None:
        from trending_assets.contracts import TABLES, empty

        into.write(table, empty(TABLES[table]), date.fromisoformat(day))
    else:
        store.put(into.key(table, date.fromisoformat(day)), _read(file))
    return into.key(table, date.fromisoformat(day))


def _read(file: str) -> bytes:
    address = urlsplit(file)
    if address.scheme == "file":
        return Path(unquote(address.path)).read_bytes()
    data = open_store(f"s3://{address.netloc}")[1].get(unquote(address.path).lstrip("/"))
    if data is None:
        raise PermanentFailure(f"Spark's file {file} is gone before it was put in its place.")
    return data


def main(arguments: Sequence[str]) -> int:
    """Run dbt with these arguments in a session; gives dbt's exit code."""
    try:
        with spark_session():
            from dbt.cli.main import dbtRunner

            result = dbtRunner().invoke(list(arguments))
            if result.exception is not None:
                print(result.exception, file=sys.stderr)
                return 2
            return 0 if result.success else 1
    except PermanentFailure as failure:
        print(failure, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
