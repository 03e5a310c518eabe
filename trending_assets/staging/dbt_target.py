"""Which profile target a lake needs, and the environment that dbt reads its address and credentials from."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from trending_assets.failures import PermanentFailure
from trending_assets.settings import get_settings
from trending_assets.staging.dbt_project import target_path


def target_of(uri: str, engine: str = "duckdb") -> str:
    """The output of profiles.yml for a lake: spark on Spark; on DuckDB s3 for s3://bucket/prefix, local for a folder."""
    if engine == "spark":
        return "spark"
    return "s3" if uri.startswith("s3://") else "local"


def target_environment(uri: str, engine: str = "duckdb") -> dict[str, str]:
    """Variables that profiles.yml and duckdb_s3.py read for this lake; dbt itself never sees the credentials.

    Spark finds credentials by itself, and has a parsed project of its own. Raises PermanentFailure where DuckDB is to read S3 and
    no AWS credentials are found.
    """
    if engine == "spark":
        return {"DBT_TARGET_PATH": str(target_path(engine))}
    if target_of(uri) == "local":
        return {}
    import boto3

    session = boto3.Session()
    credentials = session.get_credentials()
    if credentials is None:
        raise PermanentFailure(
            "No AWS credentials for the lake. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role."
        )
    frozen = credentials.get_frozen_credentials()
    environment = {
        "TRENDING_DUCKDB_EXTENSIONS": str(extension_directory()),
        "TRENDING_S3_REGION": session.region_name or os.environ.get("AWS_REGION") or "us-east-1",
        "TRENDING_S3_KEY_ID": frozen.access_key or "",
        "TRENDING_S3_SECRET": frozen.secret_key or "",
        "TRENDING_S3_SESSION_TOKEN": frozen.token or "",
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        address = urlsplit(endpoint)
        environment |= {
            "TRENDING_S3_ENDPOINT": address.netloc + address.path.rstrip("/"),
            "TRENDING_S3_URL_STYLE": "path",
            "TRENDING_S3_USE_SSL": "true" if address.scheme == "https" else "false",
        }
    else:
        environment["TRENDING_S3_ENDPOINT"] = f"s3.{environment['TRENDING_S3_REGION']}.amazonaws.com"
    return environment


def extension_directory() -> Path:
    """A directory in which DuckDB finds the packaged httpfs as installed: <state>/duckdb/v<version>/<platform>/.

    Raises PermanentFailure where the package has none for this DuckDB.
    """
    packaged = Path(str(files("duckdb_extension_httpfs"))) / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
    if not packaged.exists():
        raise PermanentFailure(
            f"duckdb-extension-httpfs has no build for DuckDB {duckdb.__version__} on {platform.platform()}. "
            "Install the version that equals DuckDB's."
        )
    name = duckdb.sql("pragma platform").fetchall()[0][0]
    root = get_settings().state_dir.resolve() / "duckdb"
    installed = root / f"v{duckdb.__version__}" / name / packaged.name
    if not installed.exists() or installed.stat().st_size != packaged.stat().st_size:
        installed.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=installed.parent)
        os.close(handle)
        shutil.copyfile(packaged, temporary)
        os.replace(temporary, installed)
    return root


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process while a child is started, and put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
