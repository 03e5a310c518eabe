"""dev, staging and prod as they would be planned: who is open to whom, what containers may, and that the three are one thing."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.staging.compose import raw_services
from deploy.terraform import Examined, examine
from deploy.terraform_plan import ENVIRONMENTS, PLAN, table
from trending_assets.heavy import task_parameters
from trending_assets.settings import Settings
from trending_assets_tests.unit.terraform.conftest import TERRAFORM, Terraform

ON_ONE_HOST = ("code-server", "webserver", "viewer", "daemon", "api", "exporter")
COMMANDS = {name: " ".join(raw_services()[name]["command"]) for name in ON_ONE_HOST}  # AWS runs what compose runs
COMMANDS["run"] = "dagster --version"  # EcsRunLauncher gives the command
HEALTH = {
    "code-server": "dagster api grpc-health-check --port 4000",
    "webserver": "http://127.0.0.1:3000/server_info",
    "viewer": "http://127.0.0.1:3001/server_info",
    "daemon": "dagster-daemon liveness-check",
    "api": "http://127.0.0.1:8000/healthz",
    "exporter": "http://127.0.0.1:9108/metrics",
}
DATABASE = {"PGUSER", "PGPASSWORD"}
KEYS = {"TMDB_API_KEY", "OPENAI_API_KEY", "WANDB_API_KEY"}
SECRETS = {
    "code-server": DATABASE,
    "webserver": DATABASE,
    "viewer": DATABASE,
    "daemon": DATABASE,
    "exporter": DATABASE,
    "run": DATABASE | KEYS,
    "api": set(),
}
ALONE = {"code-server", "daemon", "exporter"}
TIERS = {"network", "database", "sizes", "run_disk_gib", "webserver_count", "viewer_count", "api_count"}
MAY_DIFFER = {
    *TIERS,
    *("environment", "account_id", "state_bucket_name", "domain_names", "zone_id", "page_emails", "ticket_emails"),
    *("dagster_settings", "requests_per_5_minutes", "deletion_protection"),
    *("image_reader_accounts", "promoted_repository_arns", "restore_principal_arns"),
}


class Plan:
    """A mocked plan of an environment."""

    def __init__(self, name: str, resources: list[dict[str, Any]]) -> None:
        self.name = name
        self.resources = resources

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Values of the resources of a type."""
        return [one["values"] for one in self.resources if one["type"] == kind]

    def tasks(self) -> dict[str, dict[str, Any]]:
        """Task definitions by service, their containers read."""
        return {
            made["family"].removeprefix(f"trending-now-{self.name}-"): {
                **made,
                "containers": json.loads(made["container_definitions"]),
            }
            for made in self.of("aws_ecs_task_definition")
        }

    def services(self) -> dict[str, dict[str, Any]]:
        """ECS services by name."""
        return {made["name"]: made for made in self.of("aws_ecs_service")}


@pytest.fixture(scope="session")
def outcome(terraform: Terraform) -> Callable[[str], Examined]:
    """`terraform test` of an environment, once each."""
    kept: dict[str, Examined] = {}

    def of(name: str) -> Examined:
        if name not in kept:
            kept[name] = examine(
                terraform.folder.parents[1] / "environments" / name, terraform.environment, PLAN, show=True
            )
        return kept[name]

    return of


@pytest.fixture(params=ENVIRONMENTS)
def plan(request: pytest.FixtureRequest, outcome: Callable[[str], Examined]) -> Plan:
    """Each environment's plan."""
    found = outcome(request.param)
    assert set(found.runs.values()) == {"pass"}, found.runs
    return Plan(request.param, found.resources)


def test_environments_differ_in_values_and_backend_alone() -> None:
    first, *others = (TERRAFORM / "environments" / name for name in ENVIRONMENTS)
    for other in others:
        files = {
            path.relative_to(other) for path in other.rglob("*") if path.is_file() and ".terraform" not in str(path)
        }
        assert files == {
            path.relative_to(first) for path in first.rglob("*") if path.is_file() and ".terraform" not in str(path)
        }
        for path in files - {path for path in files if path.name in {"terraform.tfvars", "backend.tf"}}:
            assert (other / path).read_bytes() == (first / path).read_bytes(), f"{path} of {other.name}"


def values(name: str) -> dict[str, str]:
    """Values of an environment's tfvars by variable, as text."""
    text = (TERRAFORM / "environments" / name / "terraform.tfvars").read_text()
    found = re.findall(r"^(\w+) *= *((?:\{\n.*?^\}|\[\n.*?^\]|.+?))$", text, re.MULTILINE | re.DOTALL)
    return {key: re.sub(r"\s+", " ", value) for key, value in found}


def test_prod_differs_from_staging_in_the_values_agreed() -> None:
    prod, staging = values("prod"), values("staging")
    assert prod.keys() == staging.keys() == values("dev").keys()
    assert {key for key in prod if prod[key] != staging[key]} <= MAY_DIFFER
    assert len(prod) >= 20, "the values were read"


def test_each_environment_has_its_own_account_and_state() -> None:
    accounts = {name: values(name)["account_id"].strip('"') for name in ENVIRONMENTS}
    assert len(set(accounts.values())) == 3
    for name, account in accounts.items():
        backend = (TERRAFORM / "environments" / name / "backend.tf").read_text()
        assert f'"trending-now-terraform-{account}"' in backend and f'["{account}"]' in backend
        assert f'"{name}/terraform.tfstate"' in backend and re.search(r"use_lockfile\s*= true", backend)
        assert re.search(r"encrypt\s*= true", backend)
        assert f'"trending-now-terraform-{account}"' in values(name)["state_bucket_name"]


def test_prod_s_images_are_staging_s() -> None:
    """Both sides of the promotion agree, and with the accounts; nobody else reads another environment's images."""
    prod, staging, dev = values("prod"), values("staging"), values("dev")
    assert json.loads(staging["image_reader_accounts"]) == [prod["account_id"].strip('"')]
    region, account = (staging[name].strip('"') for name in ("region", "account_id"))
    begin = f"arn:aws:ecr:{region}:{account}:repository/"
    named = re.findall(r'"([^"]+)"', prod["promoted_repository_arns"])
    assert named == [f"{begin}trending-now-staging-{image}" for image in ("dagster", "api")]
    assert {prod["image_reader_accounts"], dev["image_reader_accounts"], dev["promoted_repository_arns"]} == {"[]"}
    assert staging["promoted_repository_arns"] == "[]"


def test_nothing_secret_stands_in_the_values() -> None:
    for path in TERRAFORM.rglob("*.tfvars"):
        assert not re.search(r"(?i)(password|secret|api_key|token)\w*\s*=", path.read_text()), path


@pytest.mark.slow
def test_the_world_reaches_the_api_s_balancer_and_nothing_else(plan: Plan) -> None:
    ingress = plan.of("aws_vpc_security_group_ingress_rule")
    world = {
        (one["security_group_id"], one["from_port"], one["to_port"])
        for one in ingress
        if one["cidr_ipv4"] == "0.0.0.0/0"
    }
    assert world == {("sg-api-balancer", 443, 443), ("sg-api-balancer", 80, 80)}
    assert all(one["from_port"] == one["to_port"] and one["ip_protocol"] == "tcp" for one in ingress)
    assert not any(group.get("ingress") or group.get("egress") for group in plan.of("aws_default_security_group"))
    public = [one["name"] for one in plan.of("aws_lb") if not one["internal"]]
    assert public == [f"trending-now-{plan.name}-api"]
    assert not any(service["network_configuration"][0]["assign_public_ip"] for service in plan.services().values())
    assert not any(one["publicly_accessible"] for one in plan.of("aws_db_instance"))


@pytest.mark.slow
def test_every_group_is_worn(plan: Plan) -> None:
    """What checkov cannot follow (CKV2_AWS_5): each security group of ours is somebody's."""
    worn = {group for one in plan.services().values() for group in one["network_configuration"][0]["security_groups"]}
    worn |= {group for one in plan.of("aws_lb") for group in one["security_groups"]}
    worn |= {group for one in plan.of("aws_db_instance") for group in one["vpc_security_group_ids"]}
    made = {one["name"].removeprefix(f"trending-now-{plan.name}-") for one in plan.of("aws_security_group")}
    assert {f"sg-{name}" for name in made - {"endpoints"}} == worn
    assert {one["network_configuration"][0]["security_groups"][0] for one in plan.services().values()} == {
        f"sg-{name}" for name in plan.services()
    }


@pytest.mark.slow
def test_a_container_is_not_root_and_writes_to_tmp_alone(plan: Plan) -> None:
    tasks = plan.tasks()
    assert tasks.keys() == COMMANDS.keys()
    for name, task in tasks.items():
        assert task["network_mode"] == "awsvpc" and task["requires_compatibilities"] == ["FARGATE"]
        for container in task["containers"]:
            assert container["readonlyRootFilesystem"] is True and container["user"] == "10001", name
            assert container["privileged"] is False
            assert container["linuxParameters"] == {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}}
            assert [mount["containerPath"] for mount in container["mountPoints"]] == ["/tmp"]
            assert re.search(r"@sha256:[0-9a-f]{64}$", container["image"])
            assert container["logConfiguration"]["options"]["awslogs-group"] == f"/trending-now-{plan.name}/{name}"


@pytest.mark.slow
def test_commands_and_health_checks_are_those_of_the_other_ways_to_run_it(plan: Plan) -> None:
    for name, task in plan.tasks().items():
        main = task["containers"][0]
        assert main["name"] == name and " ".join(main["command"]) == COMMANDS[name]
        if name == "run":
            assert "healthCheck" not in main
            continue
        kind, *words = main["healthCheck"]["command"]
        assert kind == "CMD" and (HEALTH[name] in words or " ".join(words) == HEALTH[name] or HEALTH[name] in words[-1])
    asked = {one["name"].rsplit("-", 1)[1]: one["health_check"][0]["path"] for one in plan.of("aws_lb_target_group")}
    assert asked == {"api": "/readyz", "webserver": "/server_info", "viewer": "/server_info"}


@pytest.mark.slow
def test_no_secret_is_given_in_the_clear(plan: Plan) -> None:
    for name, task in plan.tasks().items():
        for container in task["containers"]:
            for one in container["environment"]:
                assert not re.search(r"(?i)(password|secret|token|api_key|credential)$", one["name"]), name
                assert not re.search(r"://[^/@]+:[^/@]+@", one["value"]), f"{one['name']} has a password in its address"
            assert all(
                one["valueFrom"].startswith("arn:aws:secretsmanager:") for one in container.get("secrets", ())
            ), name


@pytest.mark.slow
def test_the_keys_of_other_services_are_the_runs_alone(plan: Plan) -> None:
    given = {name: {one["name"] for one in task["containers"][0]["secrets"]} for name, task in plan.tasks().items()}
    assert given == SECRETS
    of_run = {one["name"]: one["valueFrom"] for one in plan.tasks()["run"]["containers"][0]["secrets"]}
    assert of_run["PGPASSWORD"].endswith(":password::") and of_run["PGUSER"].endswith(":username::")
    assert "secret:tmdb" in of_run["TMDB_API_KEY"] and "secret:openai" in of_run["OPENAI_API_KEY"]
    prepare = plan.tasks()["api"]["containers"][1]
    assert [one["name"] for one in prepare["secrets"]] == ["API_KEYS"] and prepare["essential"] is False


@pytest.mark.slow
def test_every_service_has_roles_of_its_own(plan: Plan) -> None:
    tasks = plan.tasks()
    for name, task in tasks.items():
        assert task["task_role_arn"] == f"arn:aws:iam::111122223333:role/{name}"
        assert task["execution_role_arn"] == f"arn:aws:iam::111122223333:role/{name}-execution"
    made = {one["name"] for one in plan.of("aws_iam_role")}
    assert {f"trending-now-{plan.name}-{name}{kind}" for name in tasks for kind in ("", "-execution")} <= made


@pytest.mark.slow
def test_there_is_exactly_one_daemon_also_while_a_release_rolls(plan: Plan) -> None:
    services = plan.services()
    assert services.keys() == COMMANDS.keys() - {"run"}
    for name, service in services.items():
        least, most = service["deployment_minimum_healthy_percent"], service["deployment_maximum_percent"]
        assert (least, most) == ((0, 100) if name in ALONE else (100, 200)), name
        assert name not in ALONE or service["desired_count"] == 1
        assert service["deployment_circuit_breaker"] == [{"enable": True, "rollback": True}]
    assert [one["alarm_names"] for one in services["api"]["alarms"]] == [[f"trending-now-{plan.name}-api-5xx"]]


@pytest.mark.slow
def test_the_environment_of_dagster_is_the_one_that_production_yaml_reads(plan: Plan) -> None:
    for name, task in plan.tasks().items():
        given = {one["name"]: one["value"] for one in task["containers"][0]["environment"]}
        assert given["TRENDING_LAKE"] == f"s3://trending-now-{plan.name}-lake-111122223333/lake"
        if name == "api":
            assert given["TRENDING_API_DRAIN_SECONDS"] == "5" and given["TRENDING_API_HOST"] == "0.0.0.0"
            assert given["TRENDING_DAGSTER_URL"] == f"http://viewer.trending-now-{plan.name}.internal:3001"
            continue
        assert {"PGHOST", "PGPORT", "PGDATABASE", "PGSSLMODE", "DAGSTER_LOGS_BUCKET", "AWS_REGION"} <= given.keys()
        assert given["TRENDING_LLM_LEDGER"] == "postgresql+psycopg://"
        assert given["DAGSTER_CODE_SERVER_HOST"] == f"code-server.trending-now-{plan.name}.internal"
        if name in {"daemon", "webserver", "viewer"}:
            assert given["DAGSTER_RUN_TASK_DEFINITION"].endswith(":task-definition/run:7"), (
                "the revision that is planned"
            )
    delays = {one["name"].rsplit("-", 1)[1]: one["deregistration_delay"] for one in plan.of("aws_lb_target_group")}
    assert delays["api"] == "5", "the load balancer waits as long as the API goes on answering"


@pytest.mark.slow
def test_a_heavy_step_asked_out_of_its_run_goes_where_runs_go(plan: Plan) -> None:
    """TRENDING_HEAVY_STEPS=ecs among the settings is all that it takes."""
    given = {one["name"]: one["value"] for one in plan.tasks()["run"]["containers"][0]["environment"]}
    heavy = {name.removeprefix("TRENDING_").lower(): given[name] for name in given if "_HEAVY_" in name}
    asked = task_parameters(Settings(_env_file=None, **heavy), ["true"], "1")  # type: ignore[arg-type]
    assert (asked["cluster"], asked["taskDefinition"]) == (
        f"trending-now-{plan.name}",
        f"trending-now-{plan.name}-run",
    )
    (of_runs,) = plan.services()["daemon"]["network_configuration"]  # production.yaml: use_current_ecs_task_config
    network = asked["networkConfiguration"]["awsvpcConfiguration"]
    assert set(network["subnets"]) == set(of_runs["subnets"]) == {"subnet-private"}
    assert network["securityGroups"] == of_runs["security_groups"]
    assert asked["overrides"]["containerOverrides"][0]["name"] in plan.tasks()


@pytest.mark.slow
def test_nothing_lies_or_travels_in_the_clear(plan: Plan) -> None:
    (database,) = plan.of("aws_db_instance")
    assert database["storage_encrypted"] and database["manage_master_user_password"] and not database["password"]
    (parameters,) = plan.of("aws_db_parameter_group")
    assert {"rds.force_ssl": "1"}.items() <= {one["name"]: one["value"] for one in parameters["parameter"]}.items()
    assert all(
        group["kms_key_id"] and group["retention_in_days"] >= 365 for group in plan.of("aws_cloudwatch_log_group")
    )
    assert all(topic["kms_master_key_id"] for topic in plan.of("aws_sns_topic"))
    listeners = {(one["port"], one["protocol"], one["default_action"][0]["type"]) for one in plan.of("aws_lb_listener")}
    assert listeners == {(443, "HTTPS", "forward"), (443, "HTTPS", "fixed-response"), (80, "HTTP", "redirect")}


@pytest.mark.slow
def test_the_lake_tells_of_its_objects(plan: Plan) -> None:
    """Without it `report-absent` of modules/monitoring pages every day."""
    told = [one["bucket"] for one in plan.of("aws_s3_bucket_notification") if one["eventbridge"]]
    assert len(told) == len(plan.of("aws_s3_bucket"))


@pytest.mark.slow
def test_the_load_balancers_may_write_their_access_logs(plan: Plan) -> None:
    policies = [json.loads(one["policy"])["Statement"] for one in plan.of("aws_s3_bucket_policy")]
    letting = [one for policy in policies for one in policy if one["Sid"] == "LoadBalancersDeliverAccessLogs"]
    assert len(letting) == 1 and letting[0]["Resource"].endswith("-access-111122223333/*/AWSLogs/111122223333/*")
    buckets = {one["access_logs"][0]["bucket"] for one in plan.of("aws_lb")}
    assert buckets == {f"trending-now-{plan.name}-access-111122223333"}


@pytest.mark.slow
def test_prod_outlives_a_machine_a_zone_and_a_mistake(outcome: Callable[[str], Examined]) -> None:
    prod = Plan("prod", outcome("prod").resources)
    (database,) = prod.of("aws_db_instance")
    assert database["multi_az"] and database["deletion_protection"] and database["backup_retention_period"] >= 14
    assert all(one["enable_deletion_protection"] for one in prod.of("aws_lb"))
    assert len(prod.of("aws_nat_gateway")) == 3 and prod.services()["api"]["desired_count"] >= 2
    assert not any(bucket["force_destroy"] for bucket in prod.of("aws_s3_bucket"))


@pytest.mark.slow
def test_the_table_counts_what_is_planned(outcome: Callable[[str], Examined]) -> None:
    found = {name: outcome(name).resources for name in ENVIRONMENTS}
    lines = table(found)
    assert lines[0].split() == list(ENVIRONMENTS)
    assert lines[-1].split() == ["resources", "in", "all", *(str(len(one)) for one in found.values())]
    assert next(line for line in lines if line.startswith("aws_nat_gateway")).split()[1:] == ["1", "1", "3"]


WRONG = (
    ("modules/task/main.tf", "readonlyRootFilesystem = true", "readonlyRootFilesystem = false"),
    ("modules/network/groups.tf", "for cidr in var.operator_cidrs", 'for cidr in ["0.0.0.0/0"]'),
    (
        "modules/orchestrator/tasks.tf",
        "      # Two daemons would launch everything twice: the old one ends before the new one begins.\n      alone = true",
        "      alone = false",
    ),
    (
        "modules/orchestrator/tasks.tf",
        "secrets            = local.database",
        "secrets            = merge(local.database, { OPENAI_API_KEY = var.secret_arns.openai })",
    ),
    (
        "modules/orchestrator/tasks.tf",
        'TRENDING_HEAVY_SECURITY_GROUPS = var.security_group_ids["daemon"]',
        'TRENDING_HEAVY_SECURITY_GROUPS = var.security_group_ids["webserver"]',
    ),
)
"""File, what is right, what is wrong."""


@pytest.fixture(scope="session")
def broken(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    """dev, as planned by modules gone wrong."""
    copy = tmp_path_factory.mktemp("broken") / "terraform"
    shutil.copytree(terraform.folder.parents[1], copy, ignore=shutil.ignore_patterns(".terraform*"))
    for name, right, wrong in WRONG:
        source = (copy / name).read_text()
        assert right in source, right
        (copy / name).write_text(source.replace(right, wrong))
    yield Plan("dev", examine(copy / "environments" / "dev", terraform.environment, PLAN, show=True).resources)


@pytest.mark.slow
@pytest.mark.parametrize(
    "guard",
    [
        test_a_container_is_not_root_and_writes_to_tmp_alone,
        test_the_world_reaches_the_api_s_balancer_and_nothing_else,
        test_there_is_exactly_one_daemon_also_while_a_release_rolls,
        test_the_keys_of_other_services_are_the_runs_alone,
        test_a_heavy_step_asked_out_of_its_run_goes_where_runs_go,
    ],
)
def test_a_guard_catches_modules_gone_wrong(broken: Plan, guard: Callable[[Plan], None]) -> None:
    with pytest.raises(AssertionError):
        guard(broken)
