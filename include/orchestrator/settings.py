"""The environment, typed. Nothing else reads it.

Dry unless ``ORCHESTRATOR_ARMED`` is exactly ``true``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestrator.errors import ConfigError

PREFIX = "ORCHESTRATOR_"


class Settings(BaseSettings):
    """One field a variable: ``users_concurrency`` is ``ORCHESTRATOR_USERS_CONCURRENCY``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr | None = None
    """Our own database, not Airflow's: ``postgresql://user:password@host/ads``."""
    database_statement_timeout_s: Annotated[int, Field(ge=1, le=3600)] = 60
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Fernet keys of the stored access tokens, the newest first."""
    armed: bool = False
    """Whether anything may be written to Meta at all."""

    meta_base_url: str = "https://graph.facebook.com"
    meta_api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v26.0"
    meta_app_id: str = ""
    meta_app_secret: SecretStr = SecretStr("")
    meta_tier: Literal["limited", "full"] = "limited"
    """The app's access tier, until Meta's answers say otherwise. Limited allows far fewer calls."""
    meta_connect_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    meta_read_timeout_s: Annotated[float, Field(gt=0, le=600)] = 60.0

    read_back_pause_s: Annotated[float, Field(ge=0, le=60)] = 5.0
    """How long to wait before looking again for what a lost answer may have created."""
    users_concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    """How many users of one batch are worked on at once."""
    failed_users_max_percent: Annotated[int, Field(ge=0, le=100)] = 10
    """A run is a failure when more of its users than this failed."""
    lease_minutes: Annotated[int, Field(ge=1, le=360)] = 30
    """How long a run that died keeps its user to itself. Every step renews it."""
    require_activity_days: Annotated[int, Field(ge=1)] | None = None
    """Leave out users who were not active for so long. Unset: nobody is left out."""

    keep_snapshots_days: Annotated[int, Field(ge=7)] = 30
    """What was read of a user, run by run: the largest rows, and nobody asks for them after a month."""
    keep_decisions_days: Annotated[int, Field(ge=7)] = 90
    """Evidence and holds, run by run: a quarter, so that a user's question about a bill can be answered."""
    keep_actions_days: Annotated[int, Field(ge=30)] = 400
    """The action log: a year and a month, so that a month can be held against the same one a year ago."""
    keep_runs_days: Annotated[int, Field(ge=30)] = 400
    """A user's runs and the whole runs: as long as the log that hangs on them."""
    keep_dry_runs_days: Annotated[int, Field(ge=1)] = 30
    """All of a dry run: a month, nothing came of it."""
    keep_insights_days: Annotated[int, Field(ge=60)] = 400
    """Daily figures an ad set: as the log. Meta restates 28 days. A campaign's weeks are kept for good."""

    policy_file: Path | None = None
    """A policy to use instead of the package's own."""

    @field_validator("armed", mode="before")
    @classmethod
    def _armed_only_by_the_exact_word(cls, value: Any) -> bool:
        return bool(value == "true")

    @field_validator("secret_keys", mode="before")
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        return tuple(k.strip() for k in value.split(",") if k.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: SecretStr | None) -> SecretStr | None:
        # Libpq would repeat what it cannot read, password and all.
        if value is not None and urlsplit(value.get_secret_value()).scheme not in {"postgresql", "postgres"}:
            raise ValueError("must be a postgresql:// address")
        return value

    @field_validator("meta_base_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an http or https address")
        return value.rstrip("/")

    def is_real_meta(self) -> bool:
        """Whether requests go to Meta, and not to a simulator."""
        host = urlsplit(self.meta_base_url).hostname or ""
        return host == "facebook.com" or host.endswith(".facebook.com")

    def database(self) -> str:
        """The database's URL.

        Raises:
            ConfigError: it is not set.
        """
        if self.database_url is None:
            raise ConfigError(f"{PREFIX}DATABASE_URL is not set; give postgresql://user:password@host/ads")
        return self.database_url.get_secret_value()


def load(**instead: Any) -> Settings:
    """Read the environment; fields given here go before it.

    Raises:
        ConfigError: one line that names the variable and what is wrong with it, never its value.
    """
    try:
        return Settings(**instead)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise ConfigError(f"{name}: {first['msg']}") from None
