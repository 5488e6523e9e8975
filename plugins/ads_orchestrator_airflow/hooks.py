"""Hooks: Airflow's connections as the orchestrator's settings and resources.

Nothing here runs while a DAG file is parsed; expensive imports are inside the functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

from ads_orchestrator_airflow.get_provider_info import CONNECTION_TYPE
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from orchestrator.resources import Resources
    from orchestrator.settings import Settings

DATABASE = "ads_orchestrator_db"
META_APP = "ads_orchestrator_meta"


class MetaAppHook(BaseHook):
    """The Meta app of one connection: App id, secret, base URL, API version, access tier, token keys."""

    conn_name_attr = "meta_conn_id"
    default_conn_name = META_APP
    conn_type = CONNECTION_TYPE
    hook_name = "Meta app (Ads Orchestrator)"

    _FIELDS: ClassVar[dict[str, str]] = {
        "meta_app_id": "login",
        "meta_app_secret": "password",
        "meta_base_url": "host",
    }
    _EXTRAS: ClassVar[dict[str, str]] = {
        "meta_api_version": "api_version",
        "meta_tier": "tier",
        "secret_keys": "secret_keys",  # so that a secrets backend holds all that is secret
    }

    def __init__(self, meta_conn_id: str = META_APP) -> None:
        super().__init__()
        self.meta_conn_id = meta_conn_id

    def get_conn(self) -> dict[str, Any]:
        """Return the settings that the connection overrides, by name."""
        connection = self.get_connection(self.meta_conn_id)
        extra = connection.extra_dejson
        found = {name: getattr(connection, field) for name, field in self._FIELDS.items()}
        found |= {name: extra.get(field) for name, field in self._EXTRAS.items()}
        return {name: value for name, value in found.items() if value}


def database_dsn(conn_id: str = DATABASE) -> str:
    """Return the libpq connection string of a Postgres connection; its extras are libpq's parameters.

    Raises:
        ConfigError: The connection does not exist, is not a Postgres connection or is none that libpq knows.
    """
    from orchestrator import conninfo

    connection = _connection(conn_id)
    if connection.conn_type != "postgres":
        raise ConfigError(f"the Airflow connection {conn_id} is of type {connection.conn_type}, not postgres")
    try:
        return conninfo.of_parts(
            {
                "host": connection.host,
                "port": connection.port,
                "user": connection.login,
                "password": connection.password,
                "dbname": connection.schema,
                **connection.extra_dejson,
            }
        )
    except ValueError as wrong:
        raise ConfigError(f"the Airflow connection {conn_id} {wrong}") from None


def _connection(conn_id: str) -> Connection:
    try:
        return BaseHook.get_connection(conn_id)
    except AirflowNotFoundException as missing:
        raise ConfigError(
            f"the Airflow connection {conn_id} is missing: add it, type postgres. If it is there, it"
            " cannot be read: percent-encode the special characters of its password"
        ) from missing
    except ValueError:  # its text may be the end of a password that was taken for a port
        raise ConfigError(f"the Airflow connection {conn_id} cannot be read") from None


def effective_settings(meta_conn_id: str = META_APP) -> Settings:
    """Return the environment's settings, overridden by the Meta connection's fields.

    Raises:
        ConfigError: Names the setting that is wrong, never its value.
    """
    from orchestrator import settings

    try:
        given = MetaAppHook(meta_conn_id).get_conn()
    except AirflowNotFoundException:
        return settings.load()
    try:
        return settings.load(**given)
    except ConfigError as error:
        raise ConfigError(f"{error} (the Airflow connection {meta_conn_id} goes first)") from None


@contextmanager
def open_resources(settings: Settings, db_conn_id: str = DATABASE) -> Iterator[Resources]:
    """Open the steps' resources on the database of an Airflow connection; close them at the end."""
    from orchestrator.resources import build_resources

    with closing(build_resources(settings, dsn=database_dsn(db_conn_id))) as built:
        yield built
