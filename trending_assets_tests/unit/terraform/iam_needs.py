"""What each service has to be able to do, and what none may: written by hand, beside what was recorded (calls.json)."""

from collections.abc import Iterator

from deploy.iam.evaluate import Request
from trending_assets_tests.unit.terraform.s3_requests import REGION, kms

ACCOUNT = "111122223333"
NAME = "trending-now-prod"
SERVICES = ("code-server", "webserver", "viewer", "daemon", "run", "api", "exporter")
LAKE, LOGS = f"{NAME}-lake-{ACCOUNT}", f"{NAME}-logs-{ACCOUNT}"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{NAME}"
TASK = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{NAME}/0a1b2c3d"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"
SECRETS = {
    "database": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:rds!db-0a1b2c3d-AbCdEf",
    "tmdb": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{NAME}/tmdb-AbCdEf",
    "openai": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{NAME}/openai-AbCdEf",
    "wandb": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{NAME}/wandb-AbCdEf",
    "api_keys": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{NAME}/api-keys-AbCdEf",
}
KEY_OF_SECRETS = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/22222222-2222-2222-2222-222222222222"
OWN_SECRETS = {
    "run": {"database", "tmdb", "openai", "wandb"},
    "api": {"api_keys"},
    **{service: {"database"} for service in ("code-server", "webserver", "viewer", "daemon", "exporter")},
}


def s3(action: str, key: str, bucket: str = LAKE) -> Request:
    """An action on an object."""
    return Request(f"s3:{action}", f"arn:aws:s3:::{bucket}/{key}")


def pass_role(role: str, service: str = "ecs-tasks.amazonaws.com") -> Request:
    """To hand a role to a service."""
    return Request("iam:PassRole", f"{ROLE}-{role}", {"iam:PassedToService": service})


def run_task(family: str = f"{NAME}-run", cluster: str = CLUSTER) -> Request:
    """To start a task of a family in a cluster."""
    return Request(
        "ecs:RunTask", f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{family}:7", {"ecs:cluster": cluster}
    )


OBJECTS = {
    "raw": "lake/raw/posts/date=2026-03-07/data.parquet",
    "staging": "lake/staging/titles/date=2026-03-07/data.parquet",
    "marts": "lake/marts/trends/date=2026-03-07/data.parquet",
    "scores": "lake/scoring/document_scores/date=2026-03-07/data.parquet",
    "scores in quarantine": "lake/quarantine/document_scores/date=2026-03-07/data.parquet",
    "posts in quarantine": "lake/quarantine/posts/date=2026-03-07/data.parquet",
    "drift rows": "lake/drift/report/date=2026-03-07/data.parquet",
    "drift page": "lake/drift/report/date=2026-03-07/report.html",
    "profiles page": "lake/drift/profiles/date=2026-03-07/profiles.html",
    "quality": "lake/drift/quality/date=2026-03-07/data.parquet",
    "registry": "lake/genre/registry.json",
    "model": "lake/genre/models/xgboost/0123456789abcdef.zip",
    "training set": "lake/genre/training_set/data.parquet",
    "dvc": "lake/genre/dvc/files/md5/00/0123456789abcdef0123456789abcdef",
    "pointer": "lake/serving/current.json",
    "bundle": "lake/serving/objects/0123456789abcdef.bundle",
    "beside the lake": "other/file",
}
READS = {
    "code-server": {"scores in quarantine", "drift rows", "drift page", "registry", "staging"},
    "api": {"pointer", "bundle", "registry", "model", "drift page", "profiles page"},
    "exporter": {
        "raw",
        "scores",
        "scores in quarantine",
        "posts in quarantine",
        "drift rows",
        "drift page",
        "quality",
        "pointer",
    },
    "run": set(OBJECTS) - {"beside the lake"},
    "webserver": set(),
    "viewer": set(),
    "daemon": set(),
}
"""Of OBJECTS, what each service reads; every other one is closed to it."""
LOG = "compute-logs/storage/run-1/compute_logs/step.err"
LOG_WRITERS, LOG_READERS = {"run", "code-server", "daemon"}, {"webserver", "viewer"}
METRICS = Request("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "TrendingNow"})
RUNS = {
    "daemon": {"start", "stop", "see"},
    "webserver": {"stop", "see"},
    "run": {"start", "stop", "see"},  # heavy steps, as tasks beside the run (trending_assets/heavy.py)
}
ON_RUNS = {
    "start": (run_task(), pass_role("run"), pass_role("run-execution")),
    "stop": (Request("ecs:StopTask", TASK, {"ecs:cluster": CLUSTER}),),
    "see": (Request("ecs:DescribeTasks", TASK, {"ecs:cluster": CLUSTER}),),
}


def log_of(service: str, action: str, stream: str = "run/run/0a1b2c3d") -> Request:
    """An action on a stream of a service's log group; without a stream, on the group."""
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/{NAME}/{service}"
    return Request(f"logs:{action}", f"{group}:log-stream:{stream}")


KNOW_DEFINITION = Request("ecs:DescribeTaskDefinition", "*")
HEAVY = (
    KNOW_DEFINITION,
    Request("ecs:TagResource", TASK, {"ecs:CreateAction": "RunTask"}),
    log_of("run", "DescribeLogStreams", ""),
    log_of("run", "GetLogEvents"),
)
"""What Dagster's PipesECSClient asks besides ON_RUNS."""


def needs(service: str) -> Iterator[Request]:
    """What the task role of the service has to be allowed."""
    for name in sorted(READS[service]):
        yield s3("GetObject", OBJECTS[name])
    if READS[service]:
        yield kms("Decrypt", LAKE)
        yield Request("s3:ListBucket", f"arn:aws:s3:::{LAKE}", {"s3:prefix": "lake/"})
    if service == "viewer":
        yield KNOW_DEFINITION
    if service == "run":
        yield from HEAVY
        yield s3("PutObject", OBJECTS["marts"])
        yield kms("GenerateDataKey", LAKE)
    if service in LOG_WRITERS:
        yield from (s3("PutObject", LOG, LOGS), s3("AbortMultipartUpload", LOG, LOGS), kms("GenerateDataKey", LOGS))
    if service in LOG_READERS:
        yield from (s3("GetObject", LOG, LOGS), kms("Decrypt", LOGS))
    for what in sorted(RUNS.get(service, ())):
        yield from ON_RUNS[what]
    if service == "exporter":
        yield METRICS


def forbidden(service: str) -> Iterator[Request]:
    """What the task role of the service must not be allowed: all that others do, and what nobody does."""
    for name in sorted(set(OBJECTS) - READS[service]):
        yield s3("GetObject", OBJECTS[name])
    for name in sorted(OBJECTS):
        yield s3("DeleteObject", OBJECTS[name])
        if service != "run" or name == "beside the lake":
            yield s3("PutObject", OBJECTS[name])
    if not READS[service]:
        yield kms("Decrypt", LAKE)
    if service != "run":
        yield log_of("run", "DescribeLogStreams", "")
    yield log_of("api", "DescribeLogStreams", "")
    yield log_of("api", "GetLogEvents")
    yield Request("ecs:TagResource", CLUSTER, {"ecs:CreateAction": "CreateCluster"})
    if service not in LOG_WRITERS:
        yield s3("PutObject", LOG, LOGS)
    if service not in LOG_READERS:
        yield s3("GetObject", LOG, LOGS)
    yield s3("GetObject", "lake/2026-03-07.log", f"{NAME}-access-{ACCOUNT}")
    yield s3("GetObject", "prod/terraform.tfstate", f"trending-now-terraform-{ACCOUNT}")
    yield s3("GetObject", OBJECTS["pointer"], f"trending-now-dev-lake-{ACCOUNT}")
    for what in sorted(set(ON_RUNS) - RUNS.get(service, set())):
        yield from ON_RUNS[what]
    yield run_task(f"{NAME}-api")
    yield run_task(cluster=CLUSTER.replace("prod", "dev"))
    yield pass_role("daemon")
    yield pass_role("github-deploy")
    yield pass_role("run", "lambda.amazonaws.com")
    yield Request("ecs:StopTask", TASK.replace("prod", "dev"), {"ecs:cluster": CLUSTER.replace("prod", "dev")})
    for action in ("StopTask", "DescribeTasks"):
        yield Request(f"ecs:{action}", TASK, {"ecs:cluster": CLUSTER.replace("prod", "dev")})
    yield Request("ecs:RegisterTaskDefinition", "*")
    yield Request("ecs:ExecuteCommand", TASK, {"ecs:cluster": CLUSTER})
    yield Request("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/EC2"})
    if service != "exporter":
        yield METRICS
    for secret in SECRETS.values():
        yield Request("secretsmanager:GetSecretValue", secret)
    # The key is used through S3 alone, and for these buckets alone.
    key = kms("Decrypt", LAKE)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        yield Request(action, key.resource)
    yield kms("GenerateDataKey", f"trending-now-dev-lake-{ACCOUNT}")
    yield Request(key.action, key.resource, {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"})
    yield kms("Decrypt", f"trending-now-dev-lake-{ACCOUNT}")
    yield Request("iam:CreateRole", f"{ROLE}-new")
    yield Request("sts:AssumeRole", f"{ROLE}-github-deploy")
    yield Request("s3:PutBucketPolicy", f"arn:aws:s3:::{LAKE}")


def restore_needs() -> Iterator[Request]:
    """What an operator has to be allowed who restores or prunes the lake."""
    for action in ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject"):
        yield s3(action, OBJECTS["marts"])
    for action in ("ListBucket", "ListBucketVersions", "GetBucketVersioning", "GetLifecycleConfiguration"):
        yield Request(f"s3:{action}", f"arn:aws:s3:::{LAKE}")
    yield from (kms("Decrypt", LAKE), kms("GenerateDataKey", LAKE))


def restore_forbidden() -> Iterator[Request]:
    """What must not be allowed even then: above all, to take a version away."""
    for name in sorted(OBJECTS):
        yield s3("DeleteObjectVersion", OBJECTS[name])
    for action in ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject"):
        yield s3(action, OBJECTS["beside the lake"])
        yield s3(action, LOG, LOGS)
        yield s3(action, OBJECTS["marts"], f"trending-now-dev-lake-{ACCOUNT}")
    for action in ("PutLifecycleConfiguration", "PutBucketVersioning", "PutBucketPolicy", "DeleteBucket"):
        yield Request(f"s3:{action}", f"arn:aws:s3:::{LAKE}")
    for action in ("ListBucket", "ListBucketVersions", "GetBucketVersioning", "GetLifecycleConfiguration"):
        yield Request(f"s3:{action}", f"arn:aws:s3:::{LOGS}")
    key = kms("Decrypt", LAKE)
    yield from (Request(action, key.resource) for action in ("kms:Decrypt", "kms:GenerateDataKey"))
    yield Request(key.action, KEY_OF_SECRETS, key.context)
    yield from (Request("secretsmanager:GetSecretValue", secret) for secret in SECRETS.values())
    yield from (run_task(), pass_role("run"))


def execution_needs(service: str) -> Iterator[Request]:
    """What the execution role of the service has to be allowed."""
    image = "api" if service == "api" else "dagster"
    yield Request("ecr:GetAuthorizationToken", "*")
    for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"):
        yield Request(f"ecr:{action}", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}-{image}")
    for action in ("CreateLogStream", "PutLogEvents"):
        yield Request(
            f"logs:{action}", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/{NAME}/{service}:log-stream:{service}/1"
        )
    for secret in sorted(OWN_SECRETS[service]):
        yield Request("secretsmanager:GetSecretValue", SECRETS[secret])
    yield _secrets_key(f"secretsmanager.{REGION}.amazonaws.com")


def execution_forbidden(service: str) -> Iterator[Request]:
    """What it must not be allowed."""
    other = "dagster" if service == "api" else "api"
    yield Request("ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}-{other}")
    yield Request("ecr:PutImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}-dagster")
    for group in [f"/{NAME}/{one}" for one in SERVICES if one != service] + ["/trending-now-dev/run"]:
        yield Request("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:a/1")
    for secret in sorted(set(SECRETS) - OWN_SECRETS[service]):
        yield Request("secretsmanager:GetSecretValue", SECRETS[secret])
    yield _secrets_key(f"s3.{REGION}.amazonaws.com")
    yield s3("GetObject", OBJECTS["pointer"])
    yield pass_role("run")


def _secrets_key(through: str) -> Request:
    return Request("kms:Decrypt", KEY_OF_SECRETS, {"kms:ViaService": through})
