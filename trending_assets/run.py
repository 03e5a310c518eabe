"""The whole graph, headless: what `trending run` does."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from trending_assets.failures import PermanentFailure
from trending_assets.lake import open_lake
from trending_assets.scoring.endpoint import embedded_model, encoder_folder
from trending_assets.settings import get_settings
from trending_assets.store import absolute_lake

MAX_DAYS = 31
"""Days of one Dagster run. A longer range is split, so that one failure costs a month at most."""


class Ended(NamedTuple):
    """How runs ended: what failed by asset or `asset (check)`, each a sentence, and whether every day is there all the same."""

    failures: dict[str, str]
    whole: bool
    """Nothing failed but checks that no step waits for, as an alarm of drift."""


def check_range(first: date, last: date) -> None:
    """Raise PermanentFailure with a sentence where the range is empty, in the future or before the history begins."""
    newest = datetime.now(UTC).date() - timedelta(days=1)
    begin = get_settings().first_day
    if last < first:
        raise PermanentFailure(f"--to {last} is before --from {first}.")
    if last > newest:
        raise PermanentFailure(f"--to {last} is not over yet: the newest complete day (UTC) is {newest}.")
    if first < begin:
        raise PermanentFailure(f"--from {first} is before the first partition {begin}. Set TRENDING_FIRST_DAY.")


def _world_folder(world: str) -> Path:
    folder = Path(world).expanduser().resolve()
    if not (folder / "titles.parquet").is_file():
        raise PermanentFailure(f"{folder} is not a world: it has no titles.parquet. Name a world's folder, or live.")
    return folder


@contextmanager
def world_served(world: str) -> Iterator[None]:
    """Serve a world's folder on loopback and point the settings at it; `live` leaves every address as it is."""
    if world == "live":
        os.environ["TRENDING_WORLD"] = "live"
        yield
        return
    from sandbox.process import running

    settings = get_settings()
    with running(_world_folder(world), sentiment=encoder_folder(settings)) as sandbox:
        os.environ.update(sandbox_environment(sandbox.url, embedded_model(settings)))
        yield


def sandbox_environment(url: str, model: str) -> dict[str, str]:
    """Settings under which everything talks to a sandbox at `url`, whose LLM answers as `model`."""
    return {
        "TRENDING_WORLD": "sandbox",
        "TRENDING_HTTP_PROXY": url,
        "TRENDING_TMDB_URL": f"{url}/3",
        "TRENDING_TMDB_EXPORTS_URL": f"{url}/p/exports",
        "TMDB_API_KEY": "sandbox",
        "TRENDING_TMDB_REQUESTS_PER_SECOND": "5000",
        "TRENDING_LLM_URL": f"{url}/v1",
        "TRENDING_LLM_MODEL": model,
        "OPENAI_API_KEY": "sandbox",
        "TRENDING_CRAWL_DELAY": "0",
    }


def _chunks(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(last, first + timedelta(days=MAX_DAYS - 1))
        yield first, end
        first = end + timedelta(days=1)


def run_range(first: date, last: date, lake_uri: str) -> Ended:
    """Materialize every asset for the days first to last into the lake; ends at the first run that leaves something out.

    The models are trained through `first` unless the lake has ones that are no newer than that.
    """
    check_range(first, last)
    os.environ["TRENDING_LAKE"] = absolute_lake(lake_uri)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    open_lake(os.environ["TRENDING_LAKE"])
    print("Loading the graph.", file=sys.stderr)
    failures: dict[str, str] = {}
    for start, end in _chunks(first, last):
        ended = _run_once(start, end)
        failures |= {name: f"{failures.get(name, '')} {why}".lstrip() for name, why in ended.failures.items()}
        if not ended.whole:
            return Ended(failures, False)
    return Ended(failures, True)


def run_evaluations() -> Ended:
    """Run what is not a day's work, the evaluations of prompts and of the ranking, into the lake of the settings."""
    import dagster as dg

    from trending_assets.definitions import LONG, defs

    chosen = (LONG | dg.AssetSelection.assets("scoring/prompts")).resolve(defs.resolve_asset_graph())
    job = defs.resolve_implicit_global_asset_job_def().get_subset(asset_selection=chosen)
    return _execute(job, "the prompts and the ranking, held against what is known")


def _run_once(first: date, last: date) -> Ended:
    import dagster as dg

    from trending_assets.definitions import LONG, MODELS, defs

    job = defs.resolve_job_def("everything")
    ops: dict[str, object] = {}
    if _has_usable_models(first):
        keep = (dg.AssetSelection.all() - LONG - MODELS).resolve(defs.resolve_asset_graph())
        job = job.get_subset(asset_selection=keep)
    else:
        ops["genre__training_set"] = {"config": {"through": first.isoformat()}}
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    days = (last - first).days + 1
    title = f"{first} to {last}: {days} day{'s' * (days > 1)} into {os.environ['TRENDING_LAKE']}"
    return _execute(job, title, ops, tags)


def _execute(job: Any, title: str, ops: dict[str, object] | None = None, tags: dict[str, str] | None = None) -> Ended:
    """Run a job in this process with a progress display."""
    import dagster as dg

    from trending_assets.definitions import ASSETS
    from trending_assets.progress import RunDisplay

    home = os.environ.get("DAGSTER_HOME")
    instance = dg.DagsterInstance.get() if home else dg.DagsterInstance.ephemeral()
    tables = {asset.op.name: sorted(key.to_user_string() for key in asset.keys) for asset in ASSETS}
    log = get_settings().state_dir / "logs" / "run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(instance)
        display = stack.enter_context(RunDisplay(title, len(job.graph.node_dict), tables))
        stack.enter_context(redirect_stdout(stack.enter_context(log.open("w"))))  # dbt prints a line a test
        result = job.execute_in_process(
            run_config={"loggers": {"progress": {}}, "ops": ops or {}},
            instance=instance,
            tags=tags,
            raise_on_error=False,
        )
    failures = display.failures | display.failed_checks
    if not result.success and not failures:
        failures["run"] = "Dagster ended the run without naming a step; look at its log."
    return Ended(failures, result.success)


def _has_usable_models(first: date) -> bool:
    from trending_assets.genre.champion import usable_for
    from trending_assets.genre.registry import read_registry

    return usable_for(read_registry(open_lake(os.environ["TRENDING_LAKE"])), first)
