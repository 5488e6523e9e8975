"""What a step works with, built from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from orchestrator import policy
from orchestrator.meta.client import Limits, MetaApp
from orchestrator.policy import Policy
from orchestrator.secrets import Secrets
from orchestrator.settings import Settings
from orchestrator.store import PoolLimits, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Postgres, Meta, the thresholds and the settings."""

    store: Store
    meta: MetaApp
    policy: Policy
    settings: Settings

    def close(self) -> None:
        """Give every connection back."""
        self.store.close()
        self.meta.close()


def build(settings: Settings, *, dsn: str | None = None) -> Tools:
    """Build the tools over ``dsn``, or over the settings' own database.

    Raises:
        ConfigError: a setting is missing, the policy is wrong or a key is no Fernet key.
    """
    return Tools(
        store=Store(
            dsn or settings.database(),
            Secrets(settings.secret_keys),
            lease=timedelta(minutes=settings.lease_minutes),
            limits=PoolLimits(statement_s=settings.database_statement_timeout_s),
        ),
        meta=MetaApp(
            app_id=settings.meta_app_id,
            app_secret=settings.meta_app_secret,
            base_url=settings.meta_base_url,
            api_version=settings.meta_api_version,
            limits=Limits(
                connect_timeout_s=settings.meta_connect_timeout_s,
                read_timeout_s=settings.meta_read_timeout_s,
                connections=settings.users_concurrency,
                tier=settings.meta_tier,
            ),
        ),
        policy=policy.load(settings.policy_file),
        settings=settings,
    )
