"""The environment, typed. Nothing else reads it.

Dry unless ``ORCHESTRATOR_ARMED`` is exactly ``true``. The command line of a checkout finds a running demo
by the file in the demo's state folder: ``running_demo``.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestrator.errors import ConfigError

PREFIX = "ORCHESTRATOR_"
API_PREFIX = "ORCHESTRATOR_API_"
MIN_SECRET_BYTES = 32  # of HS256: RFC 7518, 3.2
SECRETS = ("database_url", "secret_keys", "meta_app_secret", "jwt_secret", "rate_storage_url")
"""Settings that a file may hold, as Docker and Kubernetes mount one: ``ORCHESTRATOR_SECRET_KEYS_FILE``."""
MAX_SECRET_FILE_BYTES = 65_536

Kind = TypeVar("Kind", bound=BaseSettings)
Rate = Annotated[str, Field(pattern=r"^[1-9]\d{0,6}/(second|minute|hour|day)$")]

CHECKOUT = Path(__file__).resolve().parents[2]
DEMO_FILE = "orchestrator.json"
"""In the state folder: the variables of a running demo. Readable by its owner alone, locked while it runs."""


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
    """Whether anything may be written to the platform at all."""

    meta_base_url: str = "https://graph.facebook.com"
    meta_api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v26.0"
    meta_app_id: str = ""
    meta_app_secret: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Secrets of the app, the newest first: an older one proves what the newest does not."""
    meta_tier: Literal["limited", "full"] = "limited"
    """The app's access tier, until Meta's answers say otherwise. Limited allows far fewer calls."""
    meta_connect_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    meta_read_timeout_s: Annotated[float, Field(gt=0, le=600)] = 60.0

    read_back_pause_s: Annotated[float, Field(ge=0, le=60)] = 5.0
    """How long to wait before looking again for what a lost answer may have created."""
    users_concurrency: Annotated[int, Field(ge=1, le=256)] = 32
    """How many users of one batch are worked on at once."""
    user_limit_s: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    """How long one user may keep a step busy; what is left then is the next run's."""
    user_waits_s: Annotated[float, Field(ge=0, le=86_400)] = 180.0
    """How much of that may be waiting for the platform's rate limits, all waits together."""
    failed_users_max_percent: Annotated[int, Field(ge=0, le=100)] = 10
    """A run is a failure when more of its users than this failed."""
    lease_minutes: Annotated[int, Field(ge=1, le=360)] = 30
    """How long the user of a run that died stays locked. Every step renews it."""
    require_activity_days: Annotated[int, Field(ge=1)] | None = None
    """Exclude users that were not active for so long. Unset: nobody is left out."""

    keep_snapshots_days: Annotated[int, Field(ge=7)] = 30
    """What was read of a user, run by run: the largest rows, and unused after a month."""
    keep_decisions_days: Annotated[int, Field(ge=7)] = 90
    """Evidence and holds, run by run: a quarter, so that a user's question about a bill can be answered."""
    keep_actions_days: Annotated[int, Field(ge=30)] = 400
    """The action log: a year and a month, so that a month can be held against the same one a year ago."""
    keep_runs_days: Annotated[int, Field(ge=30)] = 400
    """A user's runs and the whole runs: as long as the log that hangs on them."""
    keep_dry_runs_days: Annotated[int, Field(ge=1)] = 30
    """All of a dry run: a month, nothing came of it."""
    keep_insights_days: Annotated[int, Field(ge=60)] = 400
    """Daily figures an ad set: as the log. The platform restates 28 days. Campaigns' weeks have no limit."""

    policy_file: Path | None = None
    """A policy to use instead of the package's own."""

    @field_validator("armed", mode="before")
    @classmethod
    def _armed_only_by_the_exact_word(cls, value: Any) -> bool:
        return bool(value == "true")

    @field_validator("secret_keys", "meta_app_secret", mode="before")
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        return tuple(k.strip() for k in value.split(",") if k.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            # Loads psycopg, which a command without a database has no use for.
            from orchestrator import conninfo  # noqa: PLC0415

            conninfo.check_url(value.get_secret_value())
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


class ApiSettings(BaseSettings):
    """The users' API: ``jwt_secret`` is ``ORCHESTRATOR_API_JWT_SECRET``. Without its keys it is closed."""

    model_config = SettingsConfigDict(
        env_prefix=API_PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    jwt_secret: SecretStr | None = None
    """The HS256 key, at least 32 bytes: its holder can act as any user. This or ``jwks_url``, not both."""
    jwks_url: str | None = None
    """The URL of the public keys of the users' tokens."""
    jwks_outage_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """How long the last fetched keys stay in use while the sign-in service does not answer, in hours."""
    jwt_issuer: str = ""
    """The required issuer of the tokens (``iss``)."""
    jwt_audience: str = ""
    """The required audience of a user's token (``aud``)."""
    service_audience: str = ""
    """The required audience of a token of your own scheduler. Unset: runs of all users cannot be started."""
    origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Front ends on other hosts that browsers may call from: ``https://app.example.com``, comma separated."""
    rate_limit: Rate = "120/minute"
    """Requests of one user."""
    run_rate_limit: Rate = "10/minute"
    """Runs and previews of one user, counted in the requests too."""
    anonymous_rate_limit: Rate = "120/minute"
    """Requests of one address without a valid token, in each process. Good tokens are not counted."""
    proxy_depth: Annotated[int, Field(ge=0, le=10)] = 0
    """Own proxies in front that append to ``X-Forwarded-For``. 0: that header is ignored."""
    rate_storage_url: SecretStr = SecretStr("memory://")
    """The counter of requests: ``redis://…`` when the api-server has several processes."""
    max_wait_s: Annotated[int, Field(ge=0, le=600)] = 60
    """The longest wait of a response for the end of a run, in seconds."""

    @field_validator("origins", mode="before")
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        return tuple(o.strip() for o in value.split(",") if o.strip()) if isinstance(value, str) else value

    @field_validator("origins")
    @classmethod
    def _named_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or f"{parts.scheme}://{parts.netloc}" != origin:
                raise ValueError("must be origins like https://app.example.com, comma separated; no *")
        return value

    @field_validator("jwt_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"must have at least {MIN_SECRET_BYTES} bytes")
        return value

    @field_validator("jwks_url")
    @classmethod
    def _not_to_be_tampered_with(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if value is not None and not local and (parts.scheme != "https" or not parts.hostname):
            raise ValueError("must be an https address")
        return value

    def closed_because(self) -> str | None:
        """Why nobody can sign in, for the people of the deployment; null when they can."""
        if (self.jwt_secret is None) == (self.jwks_url is None):
            return f"set one of {API_PREFIX}JWT_SECRET and {API_PREFIX}JWKS_URL"
        missing = [name for name in ("jwt_issuer", "jwt_audience") if not getattr(self, name)]
        if missing:
            return f"{API_PREFIX}{missing[0].upper()} is not set"
        if self.jwt_audience == self.service_audience:
            return f"{API_PREFIX}SERVICE_AUDIENCE must differ from {API_PREFIX}JWT_AUDIENCE"
        return None


def load(**instead: Any) -> Settings:
    """Read the environment; fields given here go before it.

    Raises:
        ConfigError: one line that names the variable and what is wrong with it, never its value.
    """
    return _read(Settings, PREFIX, instead)


def of_variables(variables: Mapping[str, str], **instead: Any) -> Settings:
    """The settings of given variables, ``ORCHESTRATOR_…`` each, on top of the environment; see ``load``."""
    fields = {name.removeprefix(PREFIX).lower(): value for name, value in variables.items()}
    return load(**{name: value for name, value in fields.items() if name in Settings.model_fields} | instead)


def running_demo() -> Path | None:
    """Find the demo that runs from this checkout: its file, or None.

    None as soon as one ``ORCHESTRATOR_…`` variable is set, and outside a checkout: an installed package or an
    image never looks. ``STATE_DIR`` is where the demo runs, ``.state`` of the checkout when it is not set.
    """
    if any(name.startswith(PREFIX) for name in os.environ) or not (CHECKOUT / "dev" / "demo").is_dir():
        return None
    file = Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state").resolve() / DEMO_FILE
    return file if _is_locked(file) else None


def load_demo(file: Path, **instead: Any) -> Settings:
    """Read the settings of a running demo; fields given here go before them.

    Raises:
        ConfigError: the file is somebody else's or open to others, or it points at Meta itself.
    """
    found = file.stat()
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise ConfigError(f"{file} must belong to you and be closed to others; stop the demo and remove it")
    demo = of_variables(json.loads(file.read_text(encoding="utf-8")), **instead)
    if demo.is_real_meta():
        raise ConfigError(f"{file} points at Meta itself and no demo does; remove it")
    return demo


def _is_locked(file: Path) -> bool:
    """Whether a process holds the file; the system drops the lock of one that was killed."""
    try:
        with file.open(encoding="utf-8") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (FileNotFoundError, PermissionError):
        return False
    return False


def load_api(**instead: Any) -> ApiSettings:
    """Read the settings of the users' API; see ``load``."""
    return _read(ApiSettings, API_PREFIX, instead)


def _read(kind: type[Kind], prefix: str, instead: Mapping[str, Any]) -> Kind:
    names = [name for name in SECRETS if name in kind.model_fields and name not in instead]
    files: dict[str, Any] = {
        name: _content(prefix + name.upper()) for name in names if os.environ.get(_file(prefix, name))
    }
    try:
        return kind(**files, **instead)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise ConfigError(f"{prefix}{str(first['loc'][0]).upper()}: {first['msg']}") from None


def _file(prefix: str, name: str) -> str:
    return f"{prefix}{name.upper()}_FILE"


def _content(variable: str) -> str:
    """The secret in the file that ``…_FILE`` names, without the newline that editors put at its end.

    Raises:
        ConfigError: it cannot be had. The file's name is not shown: somebody may put the secret there.
    """
    if os.environ.get(variable):
        raise ConfigError(f"{variable} and {variable}_FILE are both set; set one of them")
    try:
        with Path(os.environ[f"{variable}_FILE"]).open("rb") as file:
            found = file.read(MAX_SECRET_FILE_BYTES + 1)
    except OSError as problem:
        raise ConfigError(f"{variable}_FILE: the file cannot be read: {problem.strerror}") from None
    if len(found) > MAX_SECRET_FILE_BYTES:
        raise ConfigError(f"{variable}_FILE: the file is larger than {MAX_SECRET_FILE_BYTES} bytes")
    try:
        text = found.decode()
    except UnicodeDecodeError:
        raise ConfigError(f"{variable}_FILE: the file is no text in UTF-8") from None
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise ConfigError(f"{variable}_FILE: the file is empty")
    return secret
