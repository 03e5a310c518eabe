"""The dbt project as Dagster sees it: where it lies, its manifest, and the resource that runs dbt."""

import hashlib
import sys
from functools import cached_property
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_dbt import DbtCliResource, DbtProject
from filelock import FileLock
from packaging import version

from trending_assets.failures import PermanentFailure
from trending_assets.settings import get_settings
from trending_assets.staging.dbt_schema import PROJECT_DIR
from trending_assets.staging.dbt_schema import write as write_generated
from trending_assets.staging.dbt_spark import not_installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT = DbtProject(project_dir=PROJECT_DIR)
_INPUTS = ("dbt_project.yml", "profiles.yml", "models/**/*", "macros/**/*", "tests/**/*")


def engine_of_settings() -> str:
    """What runs the models where nobody says otherwise: duckdb or spark (TRENDING_DBT_ENGINE)."""
    return get_settings().dbt_engine


def target_path(engine: str) -> Path:
    """Where dbt keeps what it parsed, under the project: a parsed project is of one adapter, so each engine has its own."""
    return PROJECT.target_path if engine == "duckdb" else PROJECT.target_path / engine


class LakeDbtResource(DbtCliResource):
    """dbt's command line without what this project has no use for. `engine` is what its SQL runs on: duckdb or spark.

    dagster-dbt asks `dbt --version` (which asks PyPI) and opens a second in-memory database before each call, for
    fetch_row_counts and fetch_column_metadata; rows and lineage come from the call itself here. Saves about 4 s a call.
    """

    engine: str = "duckdb"

    @cached_property
    def _cli_version(self) -> version.Version:
        return version.parse(installed_version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: "Sequence[str]") -> Any:
        return None


def dbt_resource(engine: str | None = None) -> LakeDbtResource:
    """The resource `dbt`: this environment's dbt, whether or not the environment is activated; spark: in a session of its own."""
    engine = engine or engine_of_settings()
    flags = ["--no-send-anonymous-usage-stats", "--no-use-colors"]
    if engine == "spark":
        module = ["-m", "trending_assets.staging.dbt_spark"]
        return LakeDbtResource(
            project_dir=str(PROJECT_DIR),
            dbt_executable=sys.executable,
            global_config_flags=[*module, *flags],
            engine=engine,
        )
    return LakeDbtResource(project_dir=str(PROJECT_DIR), dbt_executable=_dbt(), global_config_flags=flags)


def _dbt() -> str:
    beside_python = Path(sys.executable).with_name("dbt")
    return str(beside_python) if beside_python.exists() else "dbt"


def _fingerprint(engine: str) -> str:
    """Hash of what dbt parses, and of dbt itself: changes, additions and deletions all show."""
    digest = hashlib.sha256(installed_version("dbt-core").encode() + installed_version(f"dbt-{engine}").encode())
    for path in _input_files():
        digest.update(path.relative_to(PROJECT_DIR).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _input_files() -> "Iterator[Path]":
    found = {path for pattern in _INPUTS for path in PROJECT_DIR.glob(pattern) if path.is_file()}
    yield from sorted(path for path in found if path.suffix in {".sql", ".yml", ".csv"})


def prepare_manifest(engine: str = "duckdb") -> Path:
    """Path of an up-to-date manifest. Runs `dbt parse` only when the project's files changed since the last time.

    Raises PermanentFailure with dbt's message where the project does not parse, or where Spark is meant and not installed.
    """
    from dagster_dbt.errors import DagsterDbtCliRuntimeError

    if engine == "spark" and (why := not_installed()):
        raise PermanentFailure(why)
    write_generated()  # a new entry of sources.yaml is in the project from the next load on
    target = PROJECT_DIR / target_path(engine)
    manifest, stamp = target / "manifest.json", target / "manifest.fingerprint"
    wanted = _fingerprint(engine)
    if _is_current(manifest, stamp, wanted):
        return manifest
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(manifest.with_name(".manifest.lock")):
        if not _is_current(manifest, stamp, wanted):  # another process may have parsed while this one waited
            try:
                arguments = ["parse", "--quiet", *(["--target", "spark"] if engine == "spark" else [])]
                dbt_resource("duckdb").cli(arguments, target_path=target).wait()  # parsing asks no engine
            except DagsterDbtCliRuntimeError as error:
                raise PermanentFailure(f"The dbt project does not parse: {error}") from None
            stamp.write_text(wanted, encoding="utf-8")
    return manifest


def _is_current(manifest: Path, stamp: Path, wanted: str) -> bool:
    return manifest.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted
