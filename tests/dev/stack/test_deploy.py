from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from cryptography.fernet import Fernet

from orchestrator.settings import API_PREFIX, ApiSettings, load_api
from scripts import new_env

ROOT = Path(__file__).parents[3]
COMPOSE = ROOT / "docker-compose.yaml"
REFERENCE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")
SECRET = re.compile(r"PASSWORD|SECRET|KEY")


def environment() -> dict[str, str]:
    """The environment file that a person is told to make, with the Meta app filled in."""
    lines = new_env.filled((ROOT / ".env.example").read_text()).splitlines()
    pairs = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return pairs | {"ORCHESTRATOR_META_APP_ID": "1", "ORCHESTRATOR_META_APP_SECRET": "s"}


def interpolated(variables: dict[str, str]) -> dict[str, Any]:
    """The compose file as Docker sees it: variables put in, anchors merged."""

    def value(reference: re.Match[str]) -> str:
        default = reference["rest"] if reference["kind"] == "-" else ""
        return variables.get(reference["name"]) or default or ""

    found: dict[str, Any] = yaml.safe_load(REFERENCE.sub(value, COMPOSE.read_text()).replace("$$", "$"))
    return found


def test_docker_would_read_the_compose_file() -> None:
    compose = PyCompose.from_json(json.dumps(interpolated(environment())))
    compose.validate()

    assert set(compose.service_names()) == {
        "postgres", "init", "api-server", "scheduler", "dag-processor", "triggerer", "redis", "worker",
    }  # fmt: skip


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_docker_compose_itself_takes_the_file(tmp_path: Path) -> None:
    env_file = tmp_path / "env"
    env_file.write_text("\n".join(f"{name}={value}" for name, value in environment().items()))
    command = ["docker-compose", "--env-file", str(env_file), "--profile", "celery", "config", "--quiet"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_redis_and_workers_start_only_with_their_profile() -> None:
    services = interpolated(environment())["services"]

    with_profile = {name for name, service in services.items() if service.get("profiles") == ["celery"]}
    assert with_profile == {"redis", "worker"}


def test_no_secret_has_a_default() -> None:
    references = list(REFERENCE.finditer(COMPOSE.read_text()))

    with_default = {r["name"] for r in references if r["kind"] == "-" and r["rest"]}
    assert [name for name in with_default if SECRET.search(name)] == []


def test_every_secret_is_asked_for_by_name() -> None:
    references = list(REFERENCE.finditer(COMPOSE.read_text()))

    asked_for = {r["name"] for r in references if r["kind"] == "?"}
    left_out = {r["name"] for r in references if SECRET.search(r["name"])} - asked_for
    assert left_out == {"ORCHESTRATOR_API_JWT_SECRET"}  # without it the users' API is closed


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
@pytest.mark.parametrize("missing", ["REDIS_PASSWORD", "AIRFLOW_FERNET_KEY", "ORCHESTRATOR_META_APP_SECRET"])
def test_a_secret_that_is_not_set_stops_docker_compose_with_its_name(tmp_path: Path, missing: str) -> None:
    env_file = tmp_path / "env"
    given = {name: value for name, value in environment().items() if name != missing}
    env_file.write_text("\n".join(f"{name}={value}" for name, value in given.items()))

    done = subprocess.run(
        ["docker-compose", "--env-file", str(env_file), "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert missing in done.stderr or "set it in .env" in done.stderr


AIRFLOWS_OWN = {
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__API_AUTH__JWT_SECRET",
}


def test_a_worker_is_given_neither_airflows_database_nor_a_key_of_airflows() -> None:
    variables = environment()
    worker = interpolated(variables)["services"]["worker"]["environment"]

    assert AIRFLOWS_OWN & worker.keys() == set()
    hidden = [variables[f"AIRFLOW_{n}"] for n in ("DB_PASSWORD", "FERNET_KEY", "API_SECRET", "JWT_SECRET")]
    assert [name for name, value in worker.items() if any(secret in str(value) for secret in hidden)] == []


@pytest.mark.parametrize("part", ["init", "api-server", "scheduler", "dag-processor", "triggerer"])
def test_every_other_part_of_airflow_is_given_all_of_it(part: str) -> None:
    assert interpolated(environment())["services"][part]["environment"].keys() >= AIRFLOWS_OWN


def test_every_part_that_stays_says_whether_it_is_well() -> None:
    services = interpolated(environment())["services"]

    assert {name for name, service in services.items() if "healthcheck" not in service} == {"init"}


def test_helm_names_airflows_keys_for_every_part_but_the_workers() -> None:
    values = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text())

    built_in = values["enableBuiltInSecretEnvVars"]
    assert built_in.keys() >= AIRFLOWS_OWN
    assert not any(built_in.values())
    named = {part for part, v in values.items() if isinstance(v, dict) and "env" in v}
    assert named == {
        "apiServer", "scheduler", "dagProcessor", "triggerer", "migrateDatabaseJob", "databaseCleanup",
    }  # fmt: skip
    assert {each["name"] for each in values["scheduler"]["env"]} == AIRFLOWS_OWN
    assert values["workers"]["waitForMigrations"]["enabled"] is False


def test_compose_and_helm_recover_lost_tasks_alike() -> None:
    composed = interpolated(environment())["services"]["scheduler"]["environment"]
    config = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text())["config"]

    helms = {
        f"AIRFLOW__{section}__{name}".upper(): value
        for section, name in (
            ("scheduler", "task_instance_heartbeat_timeout"),
            ("celery_broker_transport_options", "visibility_timeout"),
            ("workers", "execution_api_timeout"),
            ("scheduler", "max_tis_per_query"),
        )
        for value in [config[section][name]]
    }
    assert {name: composed[name] for name in helms} == helms


def test_the_compose_file_asks_for_nothing_that_the_example_does_not_name() -> None:
    asked_for = {r["name"] for r in REFERENCE.finditer(COMPOSE.read_text()) if r["kind"] == "?"}

    assert asked_for <= set(environment())


def test_it_stays_dry_unless_the_environment_arms_it() -> None:
    scheduler = interpolated({})["services"]["scheduler"]["environment"]

    assert scheduler["ORCHESTRATOR_ARMED"] is False
    assert environment()["ORCHESTRATOR_ARMED"] == "false"


def test_new_secrets_differ_and_fit_their_use() -> None:
    first, second = environment(), environment()

    Fernet(first["ORCHESTRATOR_SECRET_KEYS"])
    Fernet(first["AIRFLOW_FERNET_KEY"])
    generated = [name for name in first if first[name] != second[name]]
    assert len({first[name] for name in generated}) == len(generated) == 9


def test_the_dag_processor_is_given_no_key_of_a_users_token() -> None:
    services = interpolated(environment())["services"]

    holders = {name for name, s in services.items() if "ORCHESTRATOR_SECRET_KEYS" in s.get("environment", {})}
    assert holders == {"init", "api-server", "scheduler", "triggerer", "worker"}


USERS_API = {f"{API_PREFIX}{field.upper()}" for field in ApiSettings.model_fields}


def test_the_api_server_alone_is_given_what_the_users_api_needs() -> None:
    variables = environment() | {"ORCHESTRATOR_API_JWT_SECRET": "s" * 32}
    services = interpolated(variables)["services"]

    holders = {n for n, s in services.items() if USERS_API & s.get("environment", {}).keys()}
    assert holders == {"api-server"}
    given = services["api-server"]["environment"]
    assert given.keys() >= USERS_API
    assert given["ORCHESTRATOR_API_JWT_SECRET"] == "s" * 32


def test_what_compose_leaves_empty_closes_the_users_api(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in USERS_API:
        monkeypatch.setenv(name, "")

    settings = load_api()
    assert settings.closed_because() == f"set one of {API_PREFIX}JWT_SECRET and {API_PREFIX}JWKS_URL"
    assert settings.rate_limit == "120/minute"


def test_helm_gives_the_users_api_an_optional_secret() -> None:
    values = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text())

    env = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in values["apiServer"]["env"]}
    assert env.keys() == AIRFLOWS_OWN | USERS_API
    assert {name: env[name] for name in USERS_API} == {
        name: {"name": "ads-orchestrator-users-api", "key": name, "optional": True} for name in USERS_API
    }


def test_helm_takes_its_secrets_from_secrets() -> None:
    values = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text())
    notes = (ROOT / "deploy" / "README.md").read_text()

    named = [values[f"{name}SecretName"] for name in ("fernetKey", "apiSecretKey", "jwt")]
    named += [values["data"][f"{name}SecretName"] for name in ("metadata", "brokerUrl", "resultBackend")]
    named += [values["redis"]["passwordSecretName"], *re.findall(r"name: (\S+)", values["extraEnvFrom"])]
    assert len(named) == 8
    assert all(f"`{name}`" in notes for name in named)
    assert values["createUserJob"]["defaultUser"]["enabled"] is False


def test_image_chart_and_lock_have_one_airflow() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    values = yaml.safe_load((ROOT / "deploy" / "helm" / "values.yaml").read_text())

    version = re.search(r"^apache-airflow==(\S+)", lock, re.MULTILINE)
    assert version is not None
    assert values["airflowVersion"] == version[1]
    assert f"apache/airflow:{version[1]}-python3" in (ROOT / "Dockerfile").read_text()
