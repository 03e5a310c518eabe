"""What a release does in AWS: `python -m deploy.rollout COMMAND --environment E`.

running   the digests that an environment's services run, read from ECS
plan      terraform plan with two digests: a summary, and a hash of the changes
apply     the same plan again, refused where its changes are not the hashed ones, then applied
verify    services are stable and run these digests; where the circuit breaker took a release back, they do not
launch    a Dagster job, by a task beside the daemon: queued as any run is

Credentials and region are AWS's own variables. --output FILE appends name=value lines, as GITHUB_OUTPUT takes them.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parent.parent
ENVIRONMENTS = REPO / "terraform" / "environments"
SERVICES = {"dagster": ("code-server", "webserver", "viewer", "daemon", "exporter"), "api": ("api",)}
"""Services by the image that they run."""
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
JOB = re.compile(r"[a-z][a-z0-9_]{0,60}")
PLAN = "release.tfplan"


class RefusedError(Exception):
    """Why nothing is done, or what was done does not stand, in a sentence."""


def name_of(environment: str) -> str:
    """trending-now-<environment>: the cluster, and the beginning of every other name."""
    return f"trending-now-{environment}"


def digest_in(image: str) -> str:
    """The digest of an image's address. Raises RefusedError for one that is named by a tag."""
    found = re.search(r"@(sha256:[0-9a-f]{64})$", image)
    if found is None:
        raise RefusedError(f"{image} names no digest")
    return found.group(1)


def images(ecs: Any, environment: str) -> dict[str, str]:
    """The digest that each service's current task definition names, by service. Raises RefusedError where one is missing."""
    cluster, wanted = name_of(environment), [name for names in SERVICES.values() for name in names]
    said = ecs.describe_services(cluster=cluster, services=wanted)
    definitions = {service["serviceName"]: service["taskDefinition"] for service in said["services"]}
    missing = sorted(set(wanted) - definitions.keys())
    if missing:
        raise RefusedError(f"the cluster {cluster} has no service {', '.join(missing)}")
    found = {}
    for service, definition in definitions.items():
        containers = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]["containerDefinitions"]
        (main,) = [container for container in containers if container["name"] == service]
        found[service] = digest_in(main["image"])
    return found


def running(ecs: Any, environment: str) -> dict[str, str]:
    """The digest by image. Raises RefusedError where services of one image disagree: a release is under way, or failed."""
    found = images(ecs, environment)
    digests = {}
    for image, services in SERVICES.items():
        different = {found[service] for service in services}
        if len(different) > 1:
            raise RefusedError(
                f"services of {image} in {environment} run different images: {', '.join(sorted(different))}"
            )
        (digests[image],) = different
    return digests


def verify(ecs: Any, environment: str, digests: Mapping[str, str], seconds: float = 900) -> None:
    """Wait until every service is stable. Raises RefusedError where one is not, or runs another image."""
    names, until = [name for services in SERVICES.values() for name in services], time.monotonic() + seconds
    while True:
        services = ecs.describe_services(cluster=name_of(environment), services=names)["services"]
        moving = sorted(
            service["serviceName"]
            for service in services
            if len(service["deployments"]) != 1 or service["runningCount"] != service["desiredCount"]
        )
        if not moving:
            break
        if time.monotonic() > until:
            raise RefusedError(f"not stable after {seconds:.0f} seconds: {', '.join(moving)}")
        time.sleep(10)
    found = images(ecs, environment)
    for image, of in SERVICES.items():
        other = sorted(service for service in of if found[service] != digests[image])
        if other:
            raise RefusedError(
                f"{', '.join(other)} run {found[other[0]]}, not {digests[image]}: the release was taken back"
            )


def launch(ecs: Any, environment: str, job: str, seconds: float = 600) -> str:
    """Queue a run of a job through Dagster, and give the task's ARN. Raises RefusedError where it was not queued."""
    cluster = name_of(environment)
    said = ecs.describe_services(cluster=cluster, services=["daemon"])["services"]
    if not said:
        raise RefusedError(f"the cluster {cluster} has no service daemon")
    command = ["dagster", "job", "launch", "--workspace", "/opt/dagster/workspace.yaml", "--job", job]
    started = ecs.run_task(
        cluster=cluster,
        taskDefinition=said[0]["taskDefinition"],
        launchType="FARGATE",
        networkConfiguration=said[0]["networkConfiguration"],
        overrides={"containerOverrides": [{"name": "daemon", "command": command}]},
        startedBy="github-actions",
    )
    if not started["tasks"]:
        raise RefusedError(f"no task was started: {started['failures']}")
    arn, until = str(started["tasks"][0]["taskArn"]), time.monotonic() + seconds
    while True:
        (task,) = ecs.describe_tasks(cluster=cluster, tasks=[arn])["tasks"]
        if task["lastStatus"] == "STOPPED":
            status = next((c.get("exitCode") for c in task["containers"] if c["name"] == "daemon"), None)
            if status != 0:
                why = f"exit status {status}; {task.get('stoppedReason', '')}"
                raise RefusedError(f"{job} was not queued ({why}). The log group /{cluster}/daemon says why.")
            return arn
        if time.monotonic() > until:
            raise RefusedError(f"{arn} is still {task['lastStatus']} after {seconds:.0f} seconds")
        time.sleep(5)


def terraform(folder: Path, *arguments: str) -> str:
    """One command's output. Raises RefusedError with Terraform's words."""
    done = subprocess.run(["terraform", f"-chdir={folder}", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RefusedError(f"terraform {arguments[0]} failed:\n{done.stderr[-4000:]}")
    return done.stdout


def plan(folder: Path, digests: Mapping[str, str], variables: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Write the plan release.tfplan into the folder and give what would change, no-ops left out."""
    terraform(folder, "init", "-input=false", "-no-color")
    given = [f"-var={image}_image_digest={digest}" for image, digest in digests.items()]
    given += [f"-var={variable}" for variable in variables]
    terraform(folder, "plan", "-input=false", "-no-color", "-lock-timeout=120s", f"-out={PLAN}", *given)
    shown: dict[str, Any] = json.loads(terraform(folder, "show", "-json", PLAN))
    return [
        change
        for change in shown.get("resource_changes", [])
        if change["change"]["actions"] not in (["no-op"], ["read"])
    ]


def hash_of(changes: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of changes: where it is the same, the same things happen to the same resources."""
    told = [
        {
            "address": c["address"],
            **{part: c["change"].get(part) for part in ("actions", "before", "after", "after_unknown")},
        }
        for c in changes
    ]
    return hashlib.sha256(json.dumps(sorted(told, key=lambda c: c["address"]), sort_keys=True).encode()).hexdigest()


def summary(environment: str, changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes as Markdown: addresses and what happens to them, no value of any resource."""
    kinds: dict[str, int] = {}
    for change in changes:
        kind = "/".join(change["change"]["actions"])
        kinds[kind] = kinds.get(kind, 0) + 1
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing changes"
    lines = [f"**Plan of {environment}**: {counts}.", ""]
    lines += [f"- {'/'.join(change['change']['actions'])} `{change['address']}`" for change in changes]
    return "\n".join(lines).rstrip()


def apply(folder: Path, digests: Mapping[str, str], expected: str | None, variables: Sequence[str] = ()) -> str:
    """Plan again and apply. Raises RefusedError where something else would change than what was agreed to."""
    changes = plan(folder, digests, variables)
    found = hash_of(changes)
    if expected is not None and found != expected:
        raise RefusedError(
            "the plan is not the one that was agreed to: somebody changed the environment meanwhile. Start the workflow anew"
        )
    terraform(folder, "apply", "-input=false", "-no-color", PLAN)
    return found


def _digest(text: str) -> str:
    if not DIGEST.fullmatch(text):
        raise argparse.ArgumentTypeError("a digest is sha256: and 64 hexadecimal digits")
    return text


def _job(text: str) -> str:
    if not JOB.fullmatch(text):
        raise argparse.ArgumentTypeError("a job's name takes small letters, digits and _")
    return text


def _ecs() -> Any:
    import boto3

    return boto3.client("ecs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for. Returns the exit status: 1 where it was refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["running", "plan", "apply", "verify", "launch"])
    parser.add_argument("--environment", required=True, choices=["dev", "staging", "prod"])
    parser.add_argument("--dagster", type=_digest, metavar="DIGEST", help="of the image dagster")
    parser.add_argument("--api", type=_digest, metavar="DIGEST", help="of the image api")
    parser.add_argument(
        "--changes", metavar="HASH", help="apply: what plan printed; refused where it is another by now"
    )
    parser.add_argument("--job", type=_job, help="launch: the job's name")
    parser.add_argument("--output", type=Path, metavar="FILE", help="file to which name=value lines are appended")
    options = parser.parse_args(arguments)
    digests = {"dagster": options.dagster, "api": options.api}
    if options.command in ("plan", "apply", "verify") and None in digests.values():
        parser.error(f"{options.command} takes --dagster and --api")
    if options.command == "launch" and options.job is None:
        parser.error("launch takes --job")
    from botocore.exceptions import BotoCoreError, ClientError

    folder, told = ENVIRONMENTS / options.environment, {}
    try:
        match options.command:
            case "running":
                told = running(_ecs(), options.environment)
            case "plan":
                changes = plan(folder, digests)
                told = {"changes": hash_of(changes)}
                print(summary(options.environment, changes))
            case "apply":
                told = {"changes": apply(folder, digests, options.changes)}
            case "verify":
                verify(_ecs(), options.environment, digests)
            case "launch":
                told = {"task": launch(_ecs(), options.environment, options.job)}
    except RefusedError as error:
        print(f"{options.environment}: {error}.", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"{options.environment}: AWS refused: {error}", file=sys.stderr)
        return 1
    lines = [f"{name}={value}" for name, value in told.items()]
    if options.output:
        with options.output.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    if options.command != "plan":
        print("\n".join(lines) or f"{options.environment} runs {options.dagster} and {options.api}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
