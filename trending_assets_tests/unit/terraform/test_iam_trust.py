"""Who may take which role of terraform/modules/identity, and what GitHub's two may and may not do."""

import pytest

from deploy.iam.evaluate import Request, decide
from deploy.iam.render import Role
from deploy.iam.table import rows
from trending_assets_tests.unit.terraform.iam_needs import (
    ACCOUNT,
    CLUSTER,
    LAKE,
    NAME,
    OBJECTS,
    REGION,
    ROLE,
    SECRETS,
    SERVICES,
    TASK,
    pass_role,
    run_task,
    s3,
)

pytestmark = pytest.mark.slow


def test_who_may_take_a_role(rendered: dict[str, Role]) -> None:
    def take(role: str, context: dict[str, str], principal: dict[str, str], action: str) -> str:
        return decide(Request(action, f"{ROLE}-{role}", context, principal), [rendered[role].trust])

    ecs = {"Service": "ecs-tasks.amazonaws.com"}
    own = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{NAME}/1"}
    for service in SERVICES:
        for role in (service, f"{service}-execution"):
            assert take(role, own, ecs, "sts:AssumeRole") == "allowed"
            assert take(role, own | {"aws:SourceAccount": "444455556666"}, ecs, "sts:AssumeRole") != "allowed"
            assert take(role, own, {"Service": "ec2.amazonaws.com"}, "sts:AssumeRole") != "allowed"
    github = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
    issuer = "token.actions.githubusercontent.com"
    for role, environment in (("github-plan", "prod-plan"), ("github-deploy", "prod")):
        good = {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": f"repo:trending-now/trending-now:environment:{environment}",
        }
        assert take(role, good, github, "sts:AssumeRoleWithWebIdentity") == "allowed"
        for subject in (
            "repo:trending-now/trending-now:ref:refs/heads/main",
            "repo:trending-now/trending-now:pull_request",
            "repo:trending-now/trending-now:environment:dev",
            "repo:trending-now/trending-now:environment:prod-else",
            "repo:somebody/trending-now:environment:prod",
            "repo:trending-now/trending-now-fork:environment:prod",
        ):
            assert (
                take(role, good | {f"{issuer}:sub": subject}, github, "sts:AssumeRoleWithWebIdentity") != "allowed"
            ), subject
        assert take(role, good | {f"{issuer}:aud": "another"}, github, "sts:AssumeRoleWithWebIdentity") != "allowed"


def test_who_restores_is_named_and_the_pipeline_is_not(rendered: dict[str, Role]) -> None:
    trust, named = rendered["restore"].trust, f"arn:aws:iam::{ACCOUNT}:role/operators"
    for who, outcome in ((named, "allowed"), (f"{ROLE}-github-deploy", "not allowed"), (f"{ROLE}-run", "not allowed")):
        asked = Request("sts:AssumeRole", f"{ROLE}-restore", {}, {"AWS": who})
        assert decide(asked, [trust]) == outcome


PROMOTED = f"arn:aws:ecr:{REGION}:444455556666:repository/trending-now-staging"
"""Staging's repositories, of which the tests' prod gets its images."""
ROLLOUT = (
    run_task(f"{NAME}-daemon"),
    pass_role("daemon"),
    pass_role("daemon-execution"),
    Request("ecs:DescribeTasks", TASK, {"ecs:cluster": CLUSTER}),
    *(
        Request(f"ecr:{action}", f"{PROMOTED}-{image}")
        for action in ("BatchGetImage", "GetDownloadUrlForLayer")
        for image in ("dagster", "api")
    ),
)
"""What deploy/rollout.py launch and deploy/images/promote.sh ask besides what Terraform asks."""
WATCHES = (
    Request("ecs:DescribeServices", f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{NAME}/daemon", {"ecs:cluster": CLUSTER}),
    Request("ecs:DescribeTaskDefinition", "*"),
)
"""What deploy/rollout.py running and verify ask: the role plan may that, too."""
BOUNDARY = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/{NAME}-boundary"}
DEPLOYS = (
    s3("PutObject", "prod/terraform.tfstate", f"trending-now-terraform-{ACCOUNT}"),
    s3("DeleteObject", "prod/terraform.tfstate.tflock", f"trending-now-terraform-{ACCOUNT}"),
    Request("ecr:PutImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}-api"),
    Request("ecs:RegisterTaskDefinition", "*"),
    Request("ecs:UpdateService", f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{NAME}/api"),
    pass_role("api"),
    pass_role("database-monitoring", "monitoring.rds.amazonaws.com"),
    Request("iam:CreateRole", f"{ROLE}-flow-logs", BOUNDARY),
    Request("iam:PutRolePolicy", f"{ROLE}-api", BOUNDARY),
    Request(
        "ec2:DeleteSubnet", f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/subnet-1", {"aws:ResourceTag/environment": "prod"}
    ),
    Request("s3:PutLifecycleConfiguration", f"arn:aws:s3:::{LAKE}"),
    Request("ecr:SetRepositoryPolicy", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}-api"),
    *ROLLOUT,
)
NEVER_DEPLOYS = (
    *(s3(action, key) for action in ("GetObject", "PutObject", "DeleteObject") for key in OBJECTS.values()),
    *(Request("secretsmanager:GetSecretValue", secret) for secret in SECRETS.values()),
    Request("secretsmanager:PutSecretValue", SECRETS["openai"]),
    s3("PutObject", "dev/terraform.tfstate", f"trending-now-terraform-{ACCOUNT}"),
    s3("DeleteObject", "prod/terraform.tfstate", f"trending-now-terraform-{ACCOUNT}"),
    Request("s3:DeleteBucket", f"arn:aws:s3:::{LAKE}"),
    Request("s3:PutBucketPolicy", f"arn:aws:s3:::trending-now-terraform-{ACCOUNT}"),
    Request("ecr:PutImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/trending-now-dev-api"),
    Request("iam:CreateRole", f"{ROLE}-new"),  # without the boundary
    Request("iam:CreateRole", f"{ROLE}-new", {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/another"}),
    Request("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/another", BOUNDARY),
    Request("iam:PutRolePolicy", f"{ROLE}-github-deploy", BOUNDARY),
    Request("iam:UpdateAssumeRolePolicy", f"{ROLE}-github-deploy"),
    Request("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/{NAME}-boundary"),
    Request("iam:DeleteRolePermissionsBoundary", f"{ROLE}-api"),
    Request(
        "iam:AttachRolePolicy",
        f"{ROLE}-api",
        BOUNDARY | {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    Request("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
    pass_role("github-deploy"),
    pass_role("api", "lambda.amazonaws.com"),
    Request(
        "ec2:DeleteSubnet", f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/subnet-1", {"aws:ResourceTag/environment": "dev"}
    ),
    Request("ec2:RunInstances", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*"),
    Request("kms:PutKeyPolicy", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1", {"aws:ResourceTag/environment": "dev"}),
    Request("ecs:UpdateService", f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/trending-now-dev/api"),
    run_task(),
    run_task(f"{NAME}-daemon", CLUSTER.replace("prod", "dev")),
    run_task("trending-now-dev-daemon"),
    Request("ecr:PutImage", f"{PROMOTED}-api"),
    Request("ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:444455556666:repository/another"),
    Request("iam:UpdateAssumeRolePolicy", f"{ROLE}-restore"),
    Request("iam:PutRolePolicy", f"{ROLE}-restore", BOUNDARY),
    Request("sts:AssumeRole", f"{ROLE}-restore"),
    Request("ecs:ExecuteCommand", CLUSTER),
)


def test_the_pipeline_deploys_and_reads_no_content_and_cannot_widen_itself(rendered: dict[str, Role]) -> None:
    deploy, plan = rendered["github-deploy"], rendered["github-plan"]
    assert [one for one in DEPLOYS if deploy.decision(one) != "allowed"] == []
    assert [one for one in NEVER_DEPLOYS if deploy.decision(one) == "allowed"] == []
    assert [one for one in WATCHES for role in (deploy, plan) if role.decision(one) != "allowed"] == []
    assert [one for one in (*DEPLOYS, *NEVER_DEPLOYS) if plan.decision(one) == "allowed"] == []
    verbs = {action.split(":")[1] for _, action, _, _ in rows({"plan": plan})}
    assert [verb for verb in verbs if not verb.startswith(("Get", "List", "Describe"))] == []
