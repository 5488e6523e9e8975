"""Airflow's connections, as the orchestrator gets them."""

from __future__ import annotations

import json
import traceback

import pytest
from psycopg.conninfo import conninfo_to_dict

from ads_orchestrator_airflow.hooks import MetaAppHook, database_dsn, effective_settings
from orchestrator.errors import ConfigError

DB = "AIRFLOW_CONN_ADS_ORCHESTRATOR_DB"
META = "AIRFLOW_CONN_ADS_ORCHESTRATOR_META"
APP = {
    "conn_type": "ads_orchestrator_meta",
    "login": "42",
    "password": "hush",
    "host": "http://127.0.0.1:8055",
}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (DB, META, "ORCHESTRATOR_META_BASE_URL", "ORCHESTRATOR_META_APP_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        pytest.param(
            "postgresql://ann:p%40ss@db:5433/ads",
            {"user": "ann", "password": "p@ss", "host": "db", "port": "5433", "dbname": "ads"},
            id="a host and a password",
        ),
        pytest.param(
            "postgresql://postgres@/ads?host=/tmp/a%20socket",
            {"user": "postgres", "host": "/tmp/a socket", "dbname": "ads"},
            id="a socket's folder",
        ),
        pytest.param(
            json.dumps(
                {"conn_type": "postgres", "host": "db", "schema": "ads", "extra": {"sslmode": "require"}}
            ),
            {"host": "db", "dbname": "ads", "sslmode": "require"},
            id="JSON with an extra",
        ),
        pytest.param(
            json.dumps({"conn_type": "postgres", "host": "db", "password": "% @:/\\'", "port": 5433}),
            {"host": "db", "password": "% @:/\\'", "port": "5433"},
            id="JSON, which encodes nothing",
        ),
    ],
)
def test_a_postgres_connection_is_what_libpq_reads(
    monkeypatch: pytest.MonkeyPatch, given: str, parts: dict[str, str]
):
    monkeypatch.setenv(DB, given)

    assert conninfo_to_dict(database_dsn()) == parts


@pytest.mark.usefixtures("airflow_database")
def test_a_missing_database_connection_is_named():
    with pytest.raises(ConfigError, match=r"^the Airflow connection ads_orchestrator_db is missing: add it"):
        database_dsn()


def test_a_database_connection_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(DB, "mysql://ann@db/ads")

    with pytest.raises(ConfigError, match="is of type mysql, not postgres"):
        database_dsn()


@pytest.mark.usefixtures("airflow_database")
@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param("postgresql://ann:hush/x@db/ads", "is missing: add it, .* cannot be read", id="a slash"),
        pytest.param(
            "postgresql://ann:12/hush@db/ads", "has a host, port or database that cannot be one", id="digits"
        ),
        pytest.param(
            json.dumps({"conn_type": "postgres", "host": "hush@db"}), "has a host, port or", id="a host"
        ),
        pytest.param(
            json.dumps({"conn_type": "postgres", "host": "db", "extra": {"hush": "1"}}),
            "has a parameter that libpq does not know",
            id="an extra",
        ),
        pytest.param(
            json.dumps({"conn_type": "postgres", "host": "db", "extra": {"options": {"hush": 1}}}),
            "has a parameter that is no text",
            id="a nested extra",
        ),
    ],
)
def test_a_database_connection_that_libpq_cannot_use_is_one_line_without_it(
    monkeypatch: pytest.MonkeyPatch, given: str, line: str
):
    monkeypatch.setenv(DB, given)

    with pytest.raises(ConfigError, match=f"^the Airflow connection ads_orchestrator_db {line}") as refusal:
        database_dsn()

    assert "hush" not in "".join(traceback.format_exception(refusal.value))


def test_the_meta_connection_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_META_BASE_URL", "https://graph.facebook.com")
    monkeypatch.setenv("ORCHESTRATOR_META_APP_ID", "7")
    more = {"password": "hush, older", "extra": {"api_version": "v25.0", "tier": "full"}}
    monkeypatch.setenv(META, json.dumps(APP | more))

    settings = effective_settings()

    assert (settings.meta_app_id, settings.meta_base_url) == ("42", "http://127.0.0.1:8055")
    assert (settings.meta_api_version, settings.meta_tier) == ("v25.0", "full")
    assert [secret.get_secret_value() for secret in settings.meta_app_secret] == ["hush", "older"]


def test_the_keys_of_the_tokens_may_come_with_the_connection(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", "of the environment")
    monkeypatch.setenv(META, json.dumps(APP | {"extra": {"secret_keys": "new,old"}}))

    assert [key.get_secret_value() for key in effective_settings().secret_keys] == ["new", "old"]


@pytest.mark.usefixtures("airflow_database")
def test_without_a_meta_connection_the_environment_counts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_META_APP_ID", "7")

    assert effective_settings().meta_app_id == "7"


def test_an_empty_field_leaves_the_environments(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORCHESTRATOR_META_BASE_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv(META, json.dumps(APP | {"host": ""}))

    assert effective_settings().meta_base_url == "http://127.0.0.1:9000"


def test_a_wrong_field_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(META, json.dumps(APP | {"host": "hush.example"}))

    with pytest.raises(
        ConfigError, match=r"^ORCHESTRATOR_META_BASE_URL: .*address \(the Airflow connec"
    ) as error:
        effective_settings()

    assert "hush" not in str(error.value)


def test_a_hook_can_name_another_connection(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW_CONN_OTHER_APP", json.dumps(APP | {"login": "43"}))

    assert MetaAppHook("other_app").get_conn()["meta_app_id"] == "43"
