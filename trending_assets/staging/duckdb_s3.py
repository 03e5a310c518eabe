"""A dbt-duckdb plugin that lets DuckDB into the lake's bucket.

The credentials go from the environment straight to DuckDB. As `secrets:` of profiles.yml they would have to be in dbt's
DBT_ENV_SECRET_ variables, whose values dbt blanks out of everything: a key called "test" would turn every `test.…` node into
`*****.…` and break the run.
"""

import os

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

PREFIX = "TRENDING_S3_"
OPTIONS = ("KEY_ID", "SECRET", "SESSION_TOKEN", "REGION", "ENDPOINT", "URL_STYLE", "USE_SSL")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class Plugin(BasePlugin):
    """Named in profiles.yml under `plugins:`."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Make DuckDB's S3 secret of the TRENDING_S3_… variables that are set."""
        given = {name: os.environ[PREFIX + name] for name in OPTIONS if os.environ.get(PREFIX + name)}
        options = ", ".join(f"{name} {_quoted(value)}" for name, value in given.items())
        conn.execute(f"create or replace secret lake (type s3, {options})")
