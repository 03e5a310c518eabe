"""What a release does: against moto's server as AWS, and with the real Terraform over resources that need no provider."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from deploy import rollout
from deploy.rollout import RefusedError, apply, hash_of, launch, main, plan, running, summary, verify
from trending_assets_tests import moto
from trending_assets_tests.unit.deploy.dockerfiles import REPO

OLD, NEW = (f"sha256:{digit * 64}" for digit in "12")
DIGESTS = {"dagster": NEW, "api": NEW}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """moto's server: AWS's variables for it."""
    with moto.moto(tmp_path_factory.mktemp("moto") / "log") as variables:
        yield variables


@pytest.fixture
def ecs(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """ECS with the services of an environment of the test's own, none of which has to run a task."""
    for name, value in aws.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("ecs")
    client.create_cluster(clusterName="trending-now-staging")
    for service in [name for services in rollout.SERVICES.values() for name in services]:
        set_image(client, service, NEW, new=True)
    return client


def set_image(client: Any, service: str, digest: str, new: bool = False) -> None:
    """Make a task definition that names a digest, and let a service run it."""
    made = client.register_task_definition(
        family=f"trending-now-staging-{service}",
        containerDefinitions=[
            {"name": service, "image": f"1.dkr.ecr.eu-central-1.amazonaws.com/x@{digest}", "memory": 1}
        ],
    )
    definition = made["taskDefinition"]["taskDefinitionArn"]
    there = client.describe_services(cluster="trending-now-staging", services=[service])["services"]
    if new and not there:
        client.create_service(
            cluster="trending-now-staging", serviceName=service, taskDefinition=definition, desiredCount=0
        )
    else:
        client.update_service(cluster="trending-now-staging", service=service, taskDefinition=definition)


def test_what_an_environment_runs_is_read_from_its_services(
    ecs: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert running(ecs, "staging") == DIGESTS
    assert main(["running", "--environment", "staging", "--output", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out").read_text(encoding="utf-8") == f"dagster={NEW}\napi={NEW}\n"
    set_image(ecs, "viewer", OLD)
    with pytest.raises(RefusedError, match="services of dagster in staging run different images"):
        running(ecs, "staging")
    assert main(["running", "--environment", "prod"]) == 1
    assert "prod: AWS refused: " in capsys.readouterr().err


def test_a_release_that_was_taken_back_is_noticed(ecs: Any) -> None:
    verify(ecs, "staging", DIGESTS, seconds=0)
    set_image(ecs, "api", OLD)
    with pytest.raises(RefusedError, match="api run sha256:1+, not sha256:2+: the release was taken back"):
        verify(ecs, "staging", DIGESTS, seconds=0)


class Moving:
    """ECS while the new task of one service is not up."""

    def describe_services(self, **_: Any) -> dict[str, Any]:
        still = {"deployments": [{}], "runningCount": 1, "desiredCount": 1}
        return {"services": [{"serviceName": "api", **still}, {"serviceName": "daemon", **still, "runningCount": 0}]}


def test_a_service_that_does_not_settle_is_noticed() -> None:
    with pytest.raises(RefusedError, match="not stable after -0 seconds: daemon"):
        verify(Moving(), "staging", DIGESTS, seconds=-0.1)


def test_an_image_that_is_named_by_a_tag_is_refused() -> None:
    with pytest.raises(RefusedError, match="names no digest"):
        rollout.digest_in("1.dkr.ecr.eu-central-1.amazonaws.com/trending-now-staging-api:latest")


class Tasks:
    """ECS as far as a task that ends with an exit status."""

    def __init__(self, status: int) -> None:
        self.status, self.started = status, dict[str, Any]()

    def describe_services(self, **_: Any) -> dict[str, Any]:
        network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
        return {"services": [{"taskDefinition": "daemon:7", "networkConfiguration": network}]}

    def run_task(self, **asked: Any) -> dict[str, Any]:
        self.started = asked
        return {"tasks": [{"taskArn": "arn:task"}], "failures": []}

    def describe_tasks(self, **_: Any) -> dict[str, Any]:
        return {"tasks": [{"lastStatus": "STOPPED", "containers": [{"name": "daemon", "exitCode": self.status}]}]}


def test_a_job_is_queued_beside_the_daemon() -> None:
    ecs = Tasks(0)
    assert launch(ecs, "staging", "genre_training") == "arn:task"
    assert ecs.started["taskDefinition"] == "daemon:7" and ecs.started["networkConfiguration"]
    (override,) = ecs.started["overrides"]["containerOverrides"]
    assert override["name"] == "daemon" and override["command"][-2:] == ["--job", "genre_training"]
    with pytest.raises(RefusedError, match="was not queued"):
        launch(Tasks(1), "staging", "genre_training")


TERRAFORM = """
variable "dagster_image_digest" { type = string }
variable "api_image_digest" { type = string }
variable "more" {
  type    = string
  default = "a"
}
resource "terraform_data" "api" { input = var.api_image_digest }
resource "terraform_data" "secret" { input = sensitive("password") }
output "more" { value = var.more }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of Terraform whose resources need no provider. Skips where there is no terraform."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on PATH (1.11 or newer)")
    monkeypatch.setenv("CHECKPOINT_DISABLE", "1")
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    return tmp_path


def test_what_was_agreed_to_is_applied_and_nothing_else(folder: Path) -> None:
    changes = plan(folder, DIGESTS)
    said = summary("prod", changes)
    assert "**Plan of prod**: 2 create." in said and "- create `terraform_data.api`" in said
    assert "password" not in said and NEW not in said
    agreed = hash_of(changes)
    with pytest.raises(RefusedError, match="the plan is not the one that was agreed to"):
        apply(folder, {**DIGESTS, "api": OLD}, agreed)
    assert apply(folder, DIGESTS, agreed) == agreed
    assert plan(folder, DIGESTS) == []
    rollback = plan(folder, {**DIGESTS, "api": OLD})
    assert "1 update" in summary("prod", rollback) and hash_of(rollback) != agreed


def test_terraform_s_own_words_are_shown(folder: Path) -> None:
    (folder / "main.tf").write_text(TERRAFORM + 'resource "none" "none" {', encoding="utf-8")
    with pytest.raises(RefusedError, match="terraform init failed"):
        plan(folder, DIGESTS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "--environment", "prod", "--dagster", "latest", "--api", NEW],
        ["apply", "--environment", "prod", "--dagster", NEW],
        ["apply", "--environment", "production", "--dagster", NEW, "--api", NEW],
        ["launch", "--environment", "prod", "--job", "x; rm -rf /"],
    ],
)
def test_bad_input_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


def promote(tmp_path: Path, digest: str, copied: str, attested: bool) -> subprocess.CompletedProcess[str]:
    """deploy/images/promote.sh with a docker and a gh that say what they were asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    asked = tmp_path / "asked"
    (programs / "gh").write_text(f'#!/bin/sh\necho gh "$@" >> {asked}\nexit {0 if attested else 1}\n')
    (programs / "docker").write_text(
        f'#!/bin/sh\necho docker "$@" >> {asked}\ncase "$*" in *--format*) echo {copied};; *inspect*) exit 1;; esac\n'
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    return subprocess.run(
        [str(REPO / "deploy/images/promote.sh"), "staging/api", digest, "prod/api", "7-1", "org/repo"],
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_image_is_promoted_by_its_digest_once_its_attestation_holds(tmp_path: Path) -> None:
    done = promote(tmp_path, NEW, NEW, attested=True)
    assert (done.returncode, done.stdout) == (0, f"prod/api@{NEW}\n"), done.stderr
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[1].startswith(f"gh attestation verify oci://staging/api@{NEW} --repo org/repo --signer-workflow")
    assert asked[2] == f"docker buildx imagetools create --prefer-index=false --tag prod/api:7-1 staging/api@{NEW}"


@pytest.mark.parametrize(("digest", "copied", "attested"), [(NEW, OLD, True), (NEW, NEW, False), ("latest", NEW, True)])
def test_an_image_is_not_promoted(tmp_path: Path, digest: str, copied: str, attested: bool) -> None:
    assert promote(tmp_path, digest, copied, attested).returncode != 0
    asked = tmp_path / "asked"
    assert attested or "create" not in asked.read_text(encoding="utf-8")
