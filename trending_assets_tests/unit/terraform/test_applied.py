"""A real `terraform apply` of dev's lake, registry and secrets, by the real provider, on a stand-in for AWS (moto)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.terraform import copied, environment_for, run
from trending_assets_tests import moto
from trending_assets_tests.unit.terraform.conftest import Terraform
from trending_assets_tests.unit.terraform.test_lake import hold

pytestmark = pytest.mark.slow

MODULES = ("lake", "registry", "secrets")
SERVICES = ("ecr", "iam", "kms", "s3", "secretsmanager", "sts")
PROVIDER = """
terraform {
  backend "local" {}
}

provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  endpoints {
ENDPOINTS
  }
}
"""
WITHOUT = """
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = {}
}

resource "aws_s3_bucket_logging" "this" {
  for_each = {}
}
"""
"""moto writes the rules in a form that the provider waits minutes for, and delivers access logs by ACL alone: mocks test both."""


@pytest.fixture(scope="module")
def aws(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """dev's modules, applied; yields what makes a boto3 client of a service."""
    folder: Path = tmp_path_factory.mktemp("applied")
    dev = copied(folder) / "environments" / "dev"
    with moto.moto(folder / "moto.log") as env:
        url = env["AWS_ENDPOINT_URL"]
        endpoints = "\n".join(f'    {service} = "{url}"' for service in SERVICES)
        (dev / "stand_in_override.tf").write_text(PROVIDER.replace("ENDPOINTS", endpoints))
        (dev.parents[1] / "modules" / "lake" / "stand_in_override.tf").write_text(WITHOUT)
        values = [
            f"-var=account_id={moto.ACCOUNT}",
            *(f"-var={image}_image_digest=sha256:{'1' * 64}" for image in ("dagster", "api")),
        ]
        targets = [f"-target=module.{name}" for name in MODULES]
        for words in (["init"], ["apply", "-auto-approve", *values, *targets]):
            done = run(dev, environment_for(folder), words[0], "-input=false", "-no-color", *words[1:])
            assert done.returncode == 0, done.stderr
        yield lambda service: moto.client(service, url)


def test_buckets_are_versioned_closed_and_encrypted(aws: Any) -> None:
    s3 = aws("s3")
    buckets = {kind: f"trending-now-dev-{kind}-{moto.ACCOUNT}" for kind in ("lake", "logs", "access")}
    assert {one["Name"] for one in s3.list_buckets()["Buckets"]} == set(buckets.values())
    for kind, bucket in buckets.items():
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        how = rule["ApplyServerSideEncryptionByDefault"]
        if kind == "access":
            assert how["SSEAlgorithm"] == "AES256"  # access logs are delivered under it alone
            continue
        assert how["SSEAlgorithm"] == "aws:kms" and rule["BucketKeyEnabled"]
        assert aws("kms").get_key_rotation_status(KeyId=how["KMSMasterKeyID"])["KeyRotationEnabled"]
        hold(json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]), bucket, how["KMSMasterKeyID"])


def test_what_was_deleted_can_be_brought_back(aws: Any) -> None:
    s3, bucket, key = aws("s3"), f"trending-now-dev-lake-{moto.ACCOUNT}", "lake/serving/current.json"
    policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)  # moto refuses what a policy denies under any condition
    s3.put_object(Bucket=bucket, Key=key, Body=b"first", IfNoneMatch="*")
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"second", IfNoneMatch="*")
    s3.delete_object(Bucket=bucket, Key=key)
    (version,) = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert s3.get_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])["Body"].read() == b"first"
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)


def test_a_tag_of_an_image_is_given_once(aws: Any) -> None:
    found = {one["repositoryName"]: one for one in aws("ecr").describe_repositories()["repositories"]}
    assert found.keys() == {"trending-now-dev-dagster", "trending-now-dev-api"}
    for one in found.values():
        assert one["imageTagMutability"] == "IMMUTABLE" and one["imageScanningConfiguration"]["scanOnPush"]
        assert one["encryptionConfiguration"]["encryptionType"] == "KMS"


def test_secrets_are_entries_without_values(aws: Any) -> None:
    manager = aws("secretsmanager")
    names = {one["Name"] for one in manager.list_secrets()["SecretList"]}
    assert names == {f"trending-now-dev/{name}" for name in ("tmdb", "openai", "wandb", "api-keys")}
    for name in names:
        with pytest.raises(manager.exceptions.ResourceNotFoundException):
            manager.get_secret_value(SecretId=name)
