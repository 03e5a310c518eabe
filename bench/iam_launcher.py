"""What Dagster's EcsRunLauncher asks of AWS when it starts, watches and stops a run: the real launcher before a stand-in.

Used by bench/iam_calls.py. The stand-in (moto) knows clusters, tasks and network interfaces; what boto3 is told is written down
and put in terms of IAM, with what AWS checks besides: RunTask also passes the definition's two roles and tags the task.
"""

import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import yaml

from deploy.iam.evaluate import Request
from trending_assets_tests import moto

NAME = "trending-now-prod"
ACCOUNT = "111122223333"
PRODUCTION = Path(__file__).resolve().parent.parent / "deploy" / "dagster" / "production.yaml"
Calls = list[tuple[str, Mapping[str, Any]]]


def launcher_config() -> dict[str, Any]:
    """As deploy/dagster/production.yaml sets the launcher up."""
    config: dict[str, Any] = yaml.safe_load(PRODUCTION.read_text())["run_launcher"]["config"]
    return config


def record() -> dict[str, list[Request]]:
    """Requests of the daemon, which launches and watches, and of the webserver, which stops."""
    old = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder, moto.moto(Path(folder, "moto.log")) as env:
        os.environ.update(env)
        try:
            daemon, webserver = _drive()
        finally:
            os.environ.clear()
            os.environ.update(old)
    return {"daemon": _requests(daemon), "webserver": _requests(webserver)}


def _drive() -> tuple[Calls, Calls]:
    import boto3
    from dagster import DagsterRunStatus
    from dagster._core.test_utils import create_run_for_test, instance_for_test
    from dagster_aws.ecs.utils import get_task_logs

    task, definition = _cluster()
    os.environ["DAGSTER_RUN_TASK_DEFINITION"] = definition
    launcher = {"module": "dagster_aws.ecs", "class": "EcsRunLauncher", "config": launcher_config()}
    heard: Calls = []
    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register(
        "before-parameter-build",
        lambda params, model, **_: heard.append((f"{model.service_model.service_name}:{model.name}", params)),
    )
    try:
        with _metadata(task), instance_for_test(overrides={"run_launcher": launcher}) as instance:
            run = create_run_for_test(instance, "watch", status=DagsterRunStatus.STARTING, **_origins())
            instance.launch_run(run.run_id, workspace=None)  # type: ignore[arg-type]
            launched = instance.get_run_by_id(run.run_id)
            instance.run_launcher.check_run_worker_health(launched)  # type: ignore[arg-type]
            _make_log(launched.tags["ecs/task_arn"])  # type: ignore[union-attr]
            # What the health check does with a task that died.
            arn = launched.tags["ecs/task_arn"]  # type: ignore[union-attr]
            get_task_logs(boto3.client("ecs"), boto3.client("logs"), NAME, arn, "run")
            daemon = [call for call in heard if call[0] not in ("logs:CreateLogGroup", "logs:CreateLogStream")]
            heard.clear()
            instance._run_launcher = None  # another process: it sets its launcher up anew
            instance.run_launcher.terminate(run.run_id)
            return daemon, list(heard)
    finally:
        boto3.DEFAULT_SESSION = None


def _cluster() -> tuple[dict[str, Any], str]:
    """A cluster in which the daemon runs as a task; gives that task and the ARN of the runs' definition."""
    import boto3

    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    ecs.create_cluster(clusterName=NAME)
    definition = ""
    for service in ("daemon", "run"):
        log = {
            "logDriver": "awslogs",
            "options": {"awslogs-group": f"/{NAME}/{service}", "awslogs-stream-prefix": service},
        }
        container = {"name": service, "image": "image", "cpu": 256, "memory": 512, "logConfiguration": log}
        made = ecs.register_task_definition(
            family=f"{NAME}-{service}",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="512",
            memory="1024",
            containerDefinitions=[container],
        )
        definition = made["taskDefinition"]["taskDefinitionArn"]
    network = {
        "subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]],
        "securityGroups": [ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]],
    }
    started = ecs.run_task(
        cluster=NAME,
        taskDefinition=f"{NAME}-daemon",
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    return started["tasks"][0], definition


def _make_log(task: str) -> None:
    import boto3

    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=f"/{NAME}/run")
    logs.create_log_stream(logGroupName=f"/{NAME}/run", logStreamName=f"run/run/{task.split('/')[-1]}")


def _origins() -> dict[str, Any]:
    from dagster._core.code_pointer import ModuleCodePointer
    from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
    from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

    pointer = ModuleCodePointer("trending_assets.definitions", "defs")
    repository = RepositoryPythonOrigin(
        "python", pointer, container_image=None, entry_point=["dagster"], container_context={}
    )
    remote = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("trending_assets"), "__repository__")
    return {
        "job_code_origin": JobPythonOrigin("watch", repository),
        "remote_job_origin": RemoteJobOrigin(remote, "watch"),
    }


@contextmanager
def _metadata(task: Mapping[str, Any]) -> Iterator[None]:
    """ECS's metadata endpoint of the daemon's task."""
    body = json.dumps({"Cluster": task["clusterArn"], "TaskARN": task["taskArn"], "Name": "daemon"}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["ECS_CONTAINER_METADATA_URI_V4"] = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _requests(calls: Calls) -> list[Request]:
    found = [request for name, params in calls for request in _as_iam(name, params)]
    return list({(one.action, one.resource): one for one in found}.values())


def _as_iam(name: str, params: Mapping[str, Any]) -> list[Request]:
    cluster = f"arn:aws:ecs:{moto.REGION}:{ACCOUNT}:cluster/{NAME}"
    tasks = f"arn:aws:ecs:{moto.REGION}:{ACCOUNT}:task/{NAME}/0a1b2c3d"
    match name:
        case "ecs:DescribeTaskDefinition":
            return [Request(name, "*")]
        case "ecs:DescribeTasks" | "ecs:StopTask":
            return [Request(name, tasks, {"ecs:cluster": cluster})]
        case "ecs:RunTask":
            family = str(params["taskDefinition"]).replace(moto.ACCOUNT, ACCOUNT)
            role = f"arn:aws:iam::{ACCOUNT}:role/{NAME}-run"
            passed = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
            tags = [Request("ecs:TagResource", tasks, {"ecs:CreateAction": "RunTask"})] if params.get("tags") else []
            roles = [Request("iam:PassRole", arn, passed) for arn in (role, f"{role}-execution")]
            return [Request(name, family, {"ecs:cluster": cluster}), *roles, *tags]
        case "ec2:DescribeNetworkInterfaces":
            return [Request(name, "*", {"ec2:Region": moto.REGION})]
        case "logs:GetLogEvents":
            group, stream = params["logGroupName"], params["logStreamName"]
            stream = stream.rpartition("/")[0] + "/0a1b2c3d"
            return [Request(name, f"arn:aws:logs:{moto.REGION}:{ACCOUNT}:log-group:{group}:log-stream:{stream}")]
    raise ValueError(f"{name}: which permission AWS asks for this is not known here.")
