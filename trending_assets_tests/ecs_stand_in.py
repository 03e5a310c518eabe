"""ECS and CloudWatch Logs on loopback, as far as a Pipes task needs them: RunTask starts the command as a process here.

Its standard output becomes the log stream of its container, line by line. What was asked is kept in `asked`.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCOUNT = "arn:aws:ecs:eu-central-1:123456789012"


class Task:
    """A task of one container: the process, and what it has printed."""

    def __init__(self, command: list[str], environment: list[dict[str, str]]) -> None:
        self.lines: list[str] = []
        given = {entry["name"]: entry["value"] for entry in environment}
        self.process = subprocess.Popen(
            [sys.executable, *command[1:]], env=os.environ | given, stdout=subprocess.PIPE, text=True
        )
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
        self.process.wait()

    def described(self) -> dict[str, Any]:
        """As DescribeTasks gives it; a container that a signal ended has 128 and the signal as its exit code."""
        code = self.process.returncode
        container: dict[str, Any] = {"name": "run", "runtimeId": "1f3a"}
        if code is not None:
            container["exitCode"] = code if code >= 0 else 128 - code
        status = "RUNNING" if self.thread.is_alive() or code is None else "STOPPED"
        task = f"{ACCOUNT}:task/trending/abc"
        return {
            "taskArn": task,
            "clusterArn": f"{ACCOUNT}:cluster/trending",
            "lastStatus": status,
            "containers": [container],
        }


class StandIn:
    """Answers by operation. `refuse` makes RunTask start nothing, as ECS does where it has no capacity."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.task: Task | None = None
        self.refuse = False

    def answer(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of an operation."""
        self.asked.append((operation, body))
        if operation == "DescribeTaskDefinition":
            options = {"awslogs-group": "/trending/run", "awslogs-stream-prefix": "run"}
            log = {"logDriver": "awslogs", "options": options}
            return {"taskDefinition": {"containerDefinitions": [{"name": "run", "logConfiguration": log}]}}
        if operation == "RunTask":
            if self.refuse:
                return {"tasks": [], "failures": [{"reason": "RESOURCE:MEMORY"}]}
            (container,) = body["overrides"]["containerOverrides"]
            self.task = Task(container["command"], container["environment"])
        assert self.task is not None
        if operation == "DescribeLogStreams":
            return {"logStreams": [{"logStreamName": body["logStreamNamePrefix"]}]}
        if operation == "GetLogEvents":
            seen = int(body.get("nextToken", "0"))
            events = [{"message": line, "timestamp": seen} for line in self.task.lines[seen:]]
            return {"events": events, "nextForwardToken": str(seen + len(events))}
        return {"tasks": [self.task.described()], "failures": []}


@contextmanager
def ecs() -> Iterator[tuple[StandIn, dict[str, str]]]:
    """The stand-in, and AWS's variables that lead to it."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
            data = json.dumps(stand_in.answer(self.headers["X-Amz-Target"].rpartition(".")[2], body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        names = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-central-1"}
        yield stand_in, names | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}"}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        if stand_in.task:
            stand_in.task.process.kill()
