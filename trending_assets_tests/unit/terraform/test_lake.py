"""terraform/modules/lake: its own tests, and what its policies refuse."""

import json
from typing import Any

import pytest

from deploy.iam.evaluate import Request, decide
from deploy.terraform import Examined
from trending_assets.retention import RULES

pytestmark = pytest.mark.slow


def test_rows_in_quarantine_stay_as_long_as_the_retention_says(lake_module: Examined) -> None:
    (said,) = [rule.days for rule in RULES if rule.prefix == "quarantine/"]
    (lake,) = [
        one["values"]
        for one in lake_module.resources
        if one["type"] == "aws_s3_bucket_lifecycle_configuration" and one["index"] == "lake"
    ]
    (rule,) = [one for one in lake["rule"] if one["id"] == "expire-quarantine"]
    assert rule["expiration"][0]["days"] == said


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


def test_policies_of_buckets(lake_module: Examined) -> None:
    by_kind = {one["index"]: one["values"] for one in lake_module.resources if one["type"] == "aws_s3_bucket_policy"}
    (key,) = [one["values"]["arn"] for one in lake_module.resources if one["type"] == "aws_kms_key"]
    for kind in ("lake", "logs"):
        hold(json.loads(by_kind[kind]["policy"]), f"trending-now-prod-{kind}-111122223333", key)
