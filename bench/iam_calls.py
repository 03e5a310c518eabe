"""What the product's own code asks of AWS while it works: the evidence that the IAM policies rest on.

`python -m bench.iam_calls [--check]` (some minutes; extra tools, terraform). Starts the packaged S3 server with a recorder in
front, makes a world of four days, and lets each service do its work against it: a run of one whole day, the sensors' look at
the lake, exporter, API and page, compute logs written and read. Runs are launched, watched and stopped before a stand-in for
ECS. Prints, for each role, how many requests it made and whether the rendered policies allow each, and writes them, one of
a kind, to trending_assets_tests/unit/terraform/calls.json, which tests hold the policies against. `--check` writes nothing.
"""

import argparse
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from bench import iam_launcher
from bench.server_process import server, trending_serve
from deploy.iam.evaluate import Request
from deploy.iam.render import render
from trending_assets.s3 import environment, free_port, s3_server
from trending_assets_tests.e2e.running import run_world
from trending_assets_tests.unit.terraform.s3_requests import recording

LAKE_BUCKET, LOGS_BUCKET = "trending-now-prod-lake-111122223333", "trending-now-prod-logs-111122223333"
LAKE = f"s3://{LAKE_BUCKET}/lake"
LOGS_PREFIX = "compute-logs"
DAY = date(2026, 3, 7)
CALLS = Path(__file__).resolve().parent.parent / "trending_assets_tests" / "unit" / "terraform" / "calls.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    roles = render()
    with tempfile.TemporaryDirectory() as folder:
        found = record(Path(folder))
    good = True
    for service, requests in found.items():
        role = roles[service]
        refused = [one for one in requests if role.decision(one) != "allowed"]
        print(f"{service:12} {len(requests):4} requests of a kind, {len(refused)} of them refused by its policy")
        for one in refused:
            print(f"  {one.action} {one.resource} {dict(one.context)}")
        good &= not refused and bool(requests)
    if not check:
        write(found)
    return 0 if good else 1


def write(found: Mapping[str, Sequence[Request]]) -> None:
    """Put the requests into calls.json, a line each."""
    lines = [
        f"{json.dumps(service)}: [\n"
        + ",\n".join(json.dumps([one.action, one.resource, dict(one.context)], sort_keys=True) for one in requests)
        + "\n]"
        for service, requests in found.items()
    ]
    CALLS.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def recorded() -> dict[str, list[Request]]:
    """The requests that calls.json holds, by service."""
    return {service: [Request(*one) for one in calls] for service, calls in json.loads(CALLS.read_text()).items()}


def record(folder: Path) -> dict[str, list[Request]]:
    """Requests by service, one of a kind: of objects that differ in day or hash the first."""
    port = free_port()
    with s3_server(folder / "s3", port):
        _make_buckets(environment(port))
        works: dict[str, list[Callable[[Path, dict[str, str]], None]]] = {
            "run": [a_run, writes_compute_logs],
            "code-server": [sensors, writes_compute_logs],
            "exporter": [exporter],
            "api": [api],
            "daemon": [writes_compute_logs],
            "viewer": [reads_compute_logs],
            "webserver": [reads_compute_logs],
        }
        found: dict[str, list[Request]] = {}
        for service, parts in works.items():
            with recording(port) as (env, recorder):
                for part in parts:
                    part(folder, env)
            found[service] = one_of_a_kind(recorder.requests())
    for service, requests in iam_launcher.record().items():
        found[service] = [*found[service], *requests]
    return found


def one_of_a_kind(requests: list[Request]) -> list[Request]:
    """The first of the requests whose keys differ in nothing but a day or a hash, sorted."""
    kinds: dict[tuple[str, str, str], Request] = {}
    for one in requests:
        kind = re.sub(
            r"\d{4}-\d{2}-\d{2}", "<day>", re.sub(r"[0-9a-f]{2}/[0-9a-f]{30}|[0-9a-f]{12,}", "<hash>", one.resource)
        )
        kinds.setdefault((one.action, kind, str(sorted(one.context.items()))), one)
    return [kinds[kind] for kind in sorted(kinds)]


def _make_buckets(env: dict[str, str]) -> None:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        region_name=env["AWS_REGION"],
    )
    for bucket in (LAKE_BUCKET, LOGS_BUCKET):
        client.create_bucket(Bucket=bucket)


def a_run(folder: Path, env: dict[str, str]) -> None:
    """The job `everything` for a day: every asset, the models trained, the bundle published."""
    from sandbox.generator import generate

    generate(3, 4, date(2026, 3, 8), folder / "world")
    state = {"TRENDING_STATE_DIR": str(folder / "state")}
    done = run_world(folder / "world", DAY.isoformat(), DAY.isoformat(), LAKE, folder, **env, **state)
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])


def sensors(_: Path, env: dict[str, str]) -> None:
    """What the two sensors look at: what waits for the LLM, and whether models are to be trained again."""
    with _variables(env):
        from trending_assets.genre.retraining import Cursor, wanted
        from trending_assets.lake import open_lake
        from trending_assets.scoring import waiting

        lake = open_lake(LAKE)
        waiting.days(lake, date(2026, 3, 1), date(2026, 3, 8))
        wanted(lake, Cursor(), date(2026, 3, 9), 1)


def exporter(folder: Path, env: dict[str, str]) -> None:
    """`trending exporter`, until it has read lake and tables."""
    port = free_port()
    command = [*trending_serve(LAKE, port)[:3], "exporter", "--lake", LAKE, "--port", str(port)]
    with server(command, port, ready="/metrics", env=_clean(env, folder)) as one:
        for _ in range(240):
            shown = httpx.get(f"{one.url}/metrics").text
            if all(f'trending_exporter_up{{part="{part}"}} 1.0' in shown for part in ("lake", "tables")):
                return
            time.sleep(0.5)
    raise RuntimeError("The exporter did not read the lake.")


def api(folder: Path, env: dict[str, str]) -> None:
    """`trending serve`, asked for everything that reads the lake."""
    port = free_port()
    paths = [
        "/",
        "/readyz",
        "/v1/days",
        "/v1/trends",
        f"/v1/trends?date={DAY}",
        "/v1/lineage",
        "/v1/freshness",
        "/v1/snapshots/0123456789abcdef/trends",
        "/operator",
        f"/operator/drift/{DAY}",
        f"/operator/profiles/{DAY}",
        "/operator/drift/2026-01-01",
    ]
    asked = {"title": "The Last Saloon", "overview": "A sheriff and an outlaw ride.", "media_type": "movie"}
    with server(trending_serve(LAKE, port), port, env=_clean(env, folder)) as one:
        said = {path: httpx.get(one.url + path, timeout=60).status_code for path in paths}
        said["/v1/classify"] = httpx.post(
            f"{one.url}/v1/classify", json=asked | {"models": ["xgboost"]}, timeout=120
        ).status_code
    absent = {path for path in paths if "2026-01-01" in path or "0123456789" in path}
    wrong = {path: status for path, status in said.items() if (status != 200) != (path in absent) or status >= 500}
    if wrong:
        raise RuntimeError(f"The API answered otherwise than foreseen: {wrong}")


KEYS = ([f"run-{n}", "compute_logs", "step"] for n in range(1_000_000))


def writes_compute_logs(folder: Path, env: dict[str, str]) -> None:
    """Dagster's manager, as deploy/dagster/production.yaml sets it up, with a small log and one in several parts."""
    from dagster._core.storage.compute_log_manager import ComputeIOType

    with _variables(env):
        manager = _manager(folder / "written")
        for lines in (1, 400_000):
            with manager.open_log_stream(next(KEYS), ComputeIOType.STDERR) as stream:
                stream.write("a line of a log that is long enough\n" * lines)


def reads_compute_logs(folder: Path, env: dict[str, str]) -> None:
    """What a page of a run shows of its logs, also of one that wrote none."""
    from dagster._core.storage.compute_log_manager import ComputeIOType

    with _variables(env):
        manager = _manager(folder / f"read-{time.monotonic_ns()}")
        if b"a line of a log" not in (manager.get_log_data(["run-0", "compute_logs", "step"]).stderr or b""):
            raise RuntimeError("The compute log that was written is not there.")
        manager.get_log_data(["run-none", "compute_logs", "step"])
        manager.get_log_keys_for_log_key_prefix(["run-0", "compute_logs"], ComputeIOType.STDERR)


def _manager(local: Path) -> Any:
    from dagster_aws.s3.compute_log_manager import S3ComputeLogManager

    return S3ComputeLogManager(
        bucket=LOGS_BUCKET, prefix=LOGS_PREFIX, local_dir=str(local), skip_empty_files=True, upload_interval=30
    )


def _clean(env: dict[str, str], folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRENDING_", "DAGSTER_", "AWS_"))}
    return kept | env | {"TRENDING_STATE_DIR": str(folder / "state-of-services")}


@contextmanager
def _variables(env: dict[str, str]) -> Iterator[None]:
    old = dict(os.environ)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(old)


if __name__ == "__main__":
    raise SystemExit(main())
