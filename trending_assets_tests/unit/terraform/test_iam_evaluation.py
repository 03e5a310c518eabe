"""The evaluation of IAM policies against what AWS's user guide says of each element."""

from typing import Any

import pytest

from deploy.iam.evaluate import Decision, Request, arn_matches, decide
from trending_assets.failures import PermanentFailure


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def statement(effect: str = "Allow", action: Any = "s3:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


READ = Request("s3:GetObject", "arn:aws:s3:::bucket/home/anna/notes.txt")
TWO = ["StringEquals", "StringLike"]
KEY = "s3:prefix"


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([], "not allowed"),
        ([statement()], "allowed"),
        ([statement(), statement("Deny")], "denied"),  # an explicit deny wins, wherever it stands
        ([statement("Deny"), statement()], "denied"),
        ([statement("Deny", "s3:PutObject"), statement()], "allowed"),
        ([statement(action="S3:getobject")], "allowed"),  # the case of actions does not count
        ([statement(action="s3:Get*")], "allowed"),
        ([statement(action="s3:GetObjec?")], "allowed"),
        ([statement(action="s3:GetObject?")], "not allowed"),
        ([statement(action=["s3:PutObject", "s3:GetObject"])], "allowed"),
        ([statement(resource="arn:aws:s3:::bucket/home/anna/*")], "allowed"),
        ([statement(resource="arn:aws:s3:::bucket/home/*/notes.txt")], "allowed"),
        ([statement(resource="arn:aws:s3:::bucket/home/Anna/*")], "not allowed"),  # that of resources does
        ([statement(resource="arn:aws:s3:::bucket")], "not allowed"),  # a bucket is none of its objects
        ([statement(resource="arn:aws:s3:::other/*")], "not allowed"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "allowed"),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], "not allowed"),
        ([statement(), {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::bucket/*"}], "allowed"),
        ([statement(), {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::other/*"}], "denied"),
    ],
)
def test_statements(statements: list[dict[str, Any]], said: Decision) -> None:
    assert decide(READ, [document(*statements)]) == said


@pytest.mark.parametrize(
    ("condition", "context", "applies"),
    [
        ({"StringEquals": {KEY: "home/"}}, {"s3:prefix": "home/"}, True),
        ({"StringEquals": {"S3:Prefix": "home/"}}, {"s3:prefix": "home/"}, True),  # the case of keys does not count
        ({"StringEquals": {KEY: "home/"}}, {"s3:prefix": "Home/"}, False),
        ({"StringEquals": {KEY: ["", "home/"]}}, {"s3:prefix": "home/"}, True),  # one of several values
        ({"StringEquals": {KEY: "home/"}}, {}, False),  # a key that is not there does not match
        ({"StringEqualsIfExists": {KEY: "home/"}}, {}, True),
        ({"StringNotEquals": {KEY: "home/"}}, {}, True),  # … and is not equal
        ({"StringNotEquals": {KEY: ["a", "b"]}}, {KEY: "b"}, False),  # neither … nor
        ({"StringEqualsIgnoreCase": {KEY: "HOME/"}}, {KEY: "home/"}, True),
        ({"StringLike": {KEY: "home/*"}}, {KEY: "home/anna/"}, True),
        ({"StringEquals": {KEY: "home/*"}}, {KEY: "home/anna/"}, False),  # no wildcards
        ({"StringNotLike": {KEY: "home/*"}}, {KEY: "home/anna/"}, False),
        ({"Null": {"aws:TokenIssueTime": "true"}}, {}, True),  # the guide's example: no temporary credentials
        ({"Null": {"aws:TokenIssueTime": "true"}}, {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}, False),
        ({"Null": {"aws:TokenIssueTime": "false"}}, {}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "false"}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, False),
        (
            {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}},
            {"aws:SourceArn": "arn:aws:sns:eu:111122223333:t"},
            True,
        ),
        (
            {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}},
            {"aws:SourceArn": "arn:aws:sns:eu:444455556666:t"},
            False,
        ),
        ({"StringEquals": {KEY: "a"}, "Bool": {"aws:SecureTransport": "true"}}, {KEY: "a"}, False),  # all operators
        ({"StringEquals": {KEY: "a", "aws:x": "b"}}, {KEY: "a", "aws:x": "b"}, True),  # all keys
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a"]}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a", "c"]}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, {}, True),  # as the guide warns
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {"aws:TagKeys": ["a", "c"]}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {}, False),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, Any], applies: bool) -> None:
    asked = Request(READ.action, READ.resource, context)
    assert decide(asked, [document(statement(Condition=condition))]) == ("allowed" if applies else "not allowed")
    assert decide(asked, [document(statement(), statement("Deny", Condition=condition))]) == (
        "denied" if applies else "allowed"
    )


def test_a_boundary_allows_nothing_and_takes_away() -> None:
    everything, reading = document(statement()), document(statement(action="s3:GetObject"))
    write = Request("s3:PutObject", READ.resource)
    assert decide(READ, [everything], boundary=reading) == "allowed"
    assert decide(write, [everything], boundary=reading) == "not allowed"
    assert decide(READ, [], boundary=reading) == "not allowed"
    assert decide(READ, [everything], boundary=document(statement("Deny"))) == "denied"


def test_a_wildcard_does_not_reach_over_a_colon_but_in_the_last_part() -> None:
    group = "arn:aws:logs:eu-central-1:111122223333:log-group:/app/run:log-stream:run/run/1"
    assert arn_matches("arn:aws:logs:*:111122223333:log-group:/app/run:*", group)
    assert not arn_matches("arn:aws:*:log-group:/app/run:*", group)
    assert not arn_matches("arn:aws:logs:eu-central-1:111122223333:log-group:/app/ru", group)


def test_a_resource_policy_speaks_of_its_principals() -> None:
    policy = document(statement(Principal={"Service": "logging.s3.amazonaws.com"}))
    assert (
        decide(Request("s3:PutObject", "*", principal={"Service": "logging.s3.amazonaws.com"}), [policy]) == "allowed"
    )
    assert (
        decide(Request("s3:PutObject", "*", principal={"Service": "events.amazonaws.com"}), [policy]) == "not allowed"
    )
    assert decide(Request("s3:PutObject", "*"), [document(statement(Principal="*"))]) == "allowed"


@pytest.mark.parametrize(
    "strange",
    [
        statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        statement(NotPrincipal="*"),
        statement(resource="arn:aws:s3:::bucket/${aws:username}/*"),
        statement(Condition={"StringEquals": {"aws:TagKeys": "a"}}),
    ],
)
def test_what_is_not_known_is_refused_rather_than_guessed(strange: dict[str, Any]) -> None:
    with pytest.raises(PermanentFailure):
        decide(
            Request(READ.action, READ.resource, {"aws:TagKeys": ["a", "b"], "aws:SourceIp": "10.1.1.1"}),
            [document(strange)],
        )
