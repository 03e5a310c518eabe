"""terraform/modules/lake: its own tests, what its policies refuse, and a real apply to a stand-in for AWS."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.iam.evaluate import Request, decide
from deploy.iam.render import ready
from trending_assets.s3 import free_port
from trending_assets_tests import moto
from trending_assets_tests.unit.terraform.conftest import Checked

pytestmark = pytest.mark.slow

OVERRIDE = """
provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  region                      = "eu-central-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  endpoints {
    iam = "URL"
    kms = "URL"
    s3  = "URL"
    sts = "URL"
  }
}
"""


def test_every_terraform_run_passes(lake_module: Checked) -> None:
    assert {name for name, status in lake_module.runs.items() if status != "pass"} == set()
    assert len(lake_module.runs) >= 12


def refused(policy: dict[str, Any], request: Request) -> bool:
    return decide(request, [policy, {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]) == "denied"


def hold(policy: dict[str, Any], bucket: str, key: str) -> None:
    """What a bucket's policy of lake or logs has to refuse, and what it has to let through."""
    of = f"arn:aws:s3:::{bucket}/lake/serving/current.json"
    tls, header = {"aws:SecureTransport": "true"}, "s3:x-amz-server-side-encryption"
    assert refused(policy, Request("s3:GetObject", of, {"aws:SecureTransport": "false"}))
    assert not refused(policy, Request("s3:GetObject", of, tls))
    assert not refused(policy, Request("s3:PutObject", of, tls))  # the bucket's own encryption
    assert not refused(policy, Request("s3:PutObject", of, tls | {"s3:if-none-match": "*"}))  # the pointer's swap
    assert not refused(policy, Request("s3:PutObject", of, tls | {header: "aws:kms", f"{header}-aws-kms-key-id": key}))
    assert refused(policy, Request("s3:PutObject", of, tls | {header: "AES256"}))
    assert refused(
        policy, Request("s3:PutObject", of, tls | {header: "aws:kms", f"{header}-aws-kms-key-id": "another"})
    )


def test_policies_of_buckets(lake_module: Checked) -> None:
    by_kind = {one["index"]: one["values"] for one in lake_module.resources if one["type"] == "aws_s3_bucket_policy"}
    (key,) = [one["values"]["arn"] for one in lake_module.resources if one["type"] == "aws_kms_key"]
    for kind in ("lake", "logs"):
        hold(json.loads(by_kind[kind]["policy"]), f"trending-now-prod-{kind}-111122223333", key)


def test_the_module_applied_to_a_stand_in_for_aws(binary: str, tmp_path: Path) -> None:
    if not moto.installed():
        pytest.skip("there is no moto_server in .venv/tools (make setup EXTRAS=tools)")
    import boto3

    with moto.moto(free_port(), tmp_path / "moto.log") as env, ready("lake", tmp_path) as (module, environment):
        (module / "override.tf").write_text(OVERRIDE.replace("URL", env["AWS_ENDPOINT_URL"]))
        command = [binary, "apply", "-auto-approve", "-input=false", "-no-color", "-var=name=trending-now-dev"]
        done = subprocess.run(command, cwd=module, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": moto.REGION}
        client = boto3.client("s3", endpoint_url=env["AWS_ENDPOINT_URL"], **keys)
        buckets = {kind: f"trending-now-dev-{kind}-{moto.ACCOUNT}" for kind in ("lake", "logs", "access")}
        assert {one["Name"] for one in client.list_buckets()["Buckets"]} == set(buckets.values())
        for bucket in buckets.values():
            assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
            assert set(client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {
                True
            }
            rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
            assert {"versions", "delete-markers"} <= {rule["ID"] for rule in rules}
        lake = buckets["lake"]
        (rule,) = client.get_bucket_encryption(Bucket=lake)["ServerSideEncryptionConfiguration"]["Rules"]
        key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        assert rule["BucketKeyEnabled"] and rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        hold(json.loads(client.get_bucket_policy(Bucket=lake)["Policy"]), lake, key)
        client.put_object(Bucket=lake, Key="lake/serving/current.json", Body=b"1", IfNoneMatch="*")
        with pytest.raises(client.exceptions.ClientError, match="PreconditionFailed"):
            client.put_object(Bucket=lake, Key="lake/serving/current.json", Body=b"2", IfNoneMatch="*")
        client.delete_object(Bucket=lake, Key="lake/serving/current.json")
        versions = client.list_object_versions(Bucket=lake)["Versions"]
        assert len(versions) == 1, "what was deleted can be brought back"
