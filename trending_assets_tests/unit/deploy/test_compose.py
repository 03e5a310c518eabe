"""deploy/compose.yaml: hardened services, the commands and names that all deployments share, no secret, settings that exist."""

import re
from typing import Any

import pytest
import yaml

from deploy.staging.compose import COMPOSE, DEPLOY, filled, move, raw_services, read_services
from trending_assets.failures import PermanentFailure
from trending_assets.settings import REPO_ROOT, Settings

SERVICES = raw_services()
TEXT = COMPOSE.read_text()
OURS = ("code-server", "webserver", "viewer", "daemon", "api", "exporter")
COMMANDS = {
    "code-server": "dagster code-server start --host 0.0.0.0 --port 4000 --module-name trending_assets.definitions",
    "webserver": "dagster-webserver --host 0.0.0.0 --port 3000 --workspace /opt/dagster/workspace.yaml",
    "viewer": "dagster-webserver --host 0.0.0.0 --port 3001 --workspace /opt/dagster/workspace.yaml --read-only",
    "daemon": "dagster-daemon run --workspace /opt/dagster/workspace.yaml",
    "api": "trending serve --port 8000",
    "exporter": "trending exporter --host 0.0.0.0 --port 9108",
}
GIVEN = {"POSTGRES_PASSWORD": "a", "S3_ACCESS_KEY": "b", "S3_SECRET_KEY": "c", "GRAFANA_PASSWORD": "d"}
GIVEN |= {"TRENDING_FIRST_DAY": "2026-01-01"}
FOREIGN = {
    "DAGSTER_HOME", "DAGSTER_CODE_SERVER_HOST", "DAGSTER_LOGS_BUCKET", "DAGSTER_DISABLE_TELEMETRY",
    "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "WANDB_API_KEY",
    "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION",
}  # fmt: skip
"""Variables of libraries: Dagster's, libpq's, AWS's, W&B's."""


def lax(services: dict[str, dict[str, Any]]) -> list[str]:
    """What is not as hard as it has to be, one sentence each."""
    wrong = []
    for name, service in services.items():
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        user = str(service.get("user", "0"))
        checks = {
            "runs as root": re.fullmatch(r"[1-9]\d*:[1-9]\d*", user) is None,
            "may write its root": service.get("read_only") is not True,
            "keeps capabilities": service.get("cap_drop") != ["ALL"] or "cap_add" in service,
            "may gain privileges": service.get("security_opt") != ["no-new-privileges:true"],
            "is privileged": bool(service.get("privileged")),
            "has no health check": not service.get("healthcheck", {}).get("test", [""])[1:],
            "is not started again": service.get("restart") != "unless-stopped",
            "has no limits": set(limits) != {"cpus", "memory", "pids"},
            "has no /tmp": not any(str(mount).startswith("/tmp") for mount in service.get("tmpfs", [])),
            "answers to everybody": any(not str(p).startswith("127.0.0.1:") for p in service.get("ports", [])),
            "has an image without a version": _unversioned(service["image"]),
            "mounts the engine's socket": any("docker.sock" in str(mount) for mount in service.get("volumes", [])),
        }
        wrong += [f"{name} {what}" for what, true in checks.items() if true]
    return wrong


def _unversioned(image: str) -> bool:
    image = filled(image, {})
    return not re.search(r"@sha256:[0-9a-f]{64}$|:v?\d+\.\d+|:local$", image)


def test_every_service_is_hardened() -> None:
    assert lax(SERVICES) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"user": "0:0"}, "runs as root"),
        ({"user": None}, "runs as root"),
        ({"read_only": False}, "may write its root"),
        ({"cap_add": ["NET_ADMIN"]}, "keeps capabilities"),
        ({"security_opt": []}, "may gain privileges"),
        ({"healthcheck": {}}, "has no health check"),
        ({"restart": "no"}, "is not started again"),
        ({"deploy": {}}, "has no limits"),
        ({"ports": ["3000:3000"]}, "answers to everybody"),
        ({"image": "postgres:latest"}, "has an image without a version"),
        ({"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]}, "mounts the engine's socket"),
    ],
)
def test_what_is_lax_is_seen(change: dict[str, Any], sentence: str) -> None:
    assert lax({"api": SERVICES["api"] | change}) == [f"api {sentence}"]


def test_the_services_are_all_there() -> None:
    assert set(SERVICES) == {"postgres", "s3", *OURS, "prometheus", "grafana"}


@pytest.mark.parametrize("name", OURS)
def test_its_command_is_the_one_of_all_deployments(name: str) -> None:
    assert " ".join(SERVICES[name]["command"]) == COMMANDS[name]
    assert SERVICES[name]["user"] == "10001:10001"


def test_every_variable_is_a_setting_or_a_librarys() -> None:
    known = {f"TRENDING_{name.upper()}" for name in Settings.model_fields} | {"TMDB_API_KEY", "OPENAI_API_KEY"}
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= known | FOREIGN, name


def test_what_starts_when() -> None:
    """Whoever reads a store waits for it; who asks the code server waits for that. Nobody waits for himself."""
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    for name in ("code-server", "exporter"):
        assert {"postgres", "s3"} <= set(waits[name])
    for name in ("webserver", "viewer", "daemon"):
        assert waits[name] == {"code-server": {"condition": "service_healthy"}}
    healthy = [c["condition"] for name, of in waits.items() for c in of.values() if name != "prometheus"]
    assert set(healthy) == {"service_healthy"}


def test_no_secret_stands_in_it() -> None:
    """Each secret is asked for, without a value to fall back on."""
    for name in ("POSTGRES_PASSWORD", "S3_SECRET_KEY", "S3_ACCESS_KEY", "GRAFANA_PASSWORD"):
        assert re.findall(rf"\$\{{{name}(.)", TEXT) and set(re.findall(rf"\$\{{{name}(..)", TEXT)) == {":?"}
        with pytest.raises(PermanentFailure, match=name):
            read_services({k: v for k, v in GIVEN.items() if k != name})
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|_KEY", variable):
                assert str(value).startswith("${"), variable


def test_the_example_names_every_variable() -> None:
    example = (DEPLOY / ".env.example").read_text()
    assert set(re.findall(r"^(\w+)=", example, re.M)) == set(re.findall(r"\$\{(\w+)", TEXT))
    assert not re.search(r"^\w*(PASSWORD|SECRET|KEY)\w*=.", example, re.M)


def test_only_what_speaks_to_people_or_to_the_world_is_outside() -> None:
    inside = {name for name, service in SERVICES.items() if service["networks"] == ["inside"]}
    assert inside == {"postgres", "s3", "daemon", "exporter"}
    assert yaml.safe_load(TEXT)["networks"]["inside"] == {"internal": True}
    assert not any("ports" in SERVICES[name] for name in inside)


def test_what_it_mounts_is_there() -> None:
    volumes = set(yaml.safe_load(TEXT)["volumes"])
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source, _, target = mount.partition(":")
            assert source in volumes or ((DEPLOY / source).exists() and target.endswith(":ro")), mount


def test_prometheus_and_grafana_are_set_as_in_monitoring() -> None:
    """The same but for the addresses of the network."""
    monitoring = REPO_ROOT / "monitoring"
    mine = yaml.safe_load((DEPLOY / "prometheus.yaml").read_text())
    theirs = (monitoring / "prometheus" / "prometheus.yml").read_text()
    for here, there in (("rules/*.yml", "/etc/prometheus/rules/*.yml"), ("127.0.0.1:8000", "api:8000")):
        theirs = theirs.replace(here, there)
    assert mine == yaml.safe_load(theirs.replace("127.0.0.1:9108", "exporter:9108"))
    source = (monitoring / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text()
    expected = yaml.safe_load(source.replace("http://127.0.0.1:9090", "http://prometheus:9090"))
    assert yaml.safe_load((DEPLOY / "grafana-datasource.yaml").read_text()) == expected


def test_variables_are_filled_in_as_compose_does() -> None:
    values = {"A": "x", "EMPTY": ""}
    assert filled("${A} ${A:-else} ${EMPTY:-else} ${B:-} ${B}", values) == "x x else  "
    with pytest.raises(PermanentFailure, match="needs B: a word"):
        filled("${B:?a word}", values)


def test_addresses_are_moved_as_whole_words() -> None:
    places = {"3000": "41000", "127.0.0.1:3000": "127.0.0.1:41000", "/data": "/elsewhere"}
    assert move("127.0.0.1:3000 13000 3000 -dir=/data /var/data /data/x", places) == (
        "127.0.0.1:41000 13000 41000 -dir=/elsewhere /var/data /elsewhere/x"
    )
