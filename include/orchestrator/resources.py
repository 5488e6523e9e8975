"""What a step works with, built from the settings."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import stamina
from stamina.instrumentation import RetryDetails

from orchestrator.domain import policy
from orchestrator.domain.policy import Policy
from orchestrator.platforms.base import AdsPlatform, Capabilities
from orchestrator.platforms.call_counter import CallStats
from orchestrator.platforms.meta.capabilities import CAPABILITIES
from orchestrator.settings import Settings
from orchestrator.store import PoolLimits, Store
from orchestrator.store.encryption import Secrets

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Postgres, the thresholds, the settings and, made at first use, the ads platform."""

    store: Store
    policy: Policy
    settings: Settings
    _building: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def platform(self) -> AdsPlatform:
        """Our app at the ads platform, the same for every thread."""
        with self._building:
            return self._platform

    @property
    def capabilities(self) -> Capabilities:
        """What the ads platform can. Unlike ``platform`` it loads no SDK."""
        return CAPABILITIES

    @cached_property
    def _platform(self) -> AdsPlatform:
        # Loads the SDK, so at first use only: most steps do not call the platform.
        from orchestrator.platforms.meta.client import ClientLimits, MetaApp  # noqa: PLC0415

        settings = self.settings
        return MetaApp(
            app_id=settings.meta_app_id,
            app_secrets=settings.meta_app_secret,
            base_url=settings.meta_base_url,
            api_version=settings.meta_api_version,
            limits=ClientLimits(
                connect_timeout_s=settings.meta_connect_timeout_s,
                read_timeout_s=settings.meta_read_timeout_s,
                user_limit_s=settings.user_limit_s,
                user_waits_s=settings.user_waits_s,
                connections=settings.users_concurrency,
                tier=settings.meta_tier,
            ),
        )

    @property
    def call_stats(self) -> CallStats:
        """The calls to the platform so far."""
        return self._platform.call_stats if "_platform" in vars(self) else CallStats()

    def close(self) -> None:
        """Give every connection back."""
        self.store.close()
        if "_platform" in vars(self):
            self._platform.close()


def build_resources(settings: Settings, *, dsn: str | None = None) -> Resources:
    """Build the resources over ``dsn``, or over the settings' own database.

    Raises:
        ConfigError: a setting is missing, the policy is wrong or a key is no Fernet key.
    """
    log_retries()
    return Resources(
        store=Store(
            dsn or settings.database(),
            Secrets(settings.secret_keys),
            lease=timedelta(minutes=settings.lease_minutes),
            limits=PoolLimits(statement_s=settings.database_statement_timeout_s),
        ),
        policy=policy.load(settings.policy_file),
        settings=settings,
    )


def log_retries() -> None:
    """Log every retry as one quiet line, instead of stamina's own output. Idempotent."""
    stamina.instrumentation.set_on_retry_hooks([_log_retry])


def _log_retry(details: RetryDetails) -> None:
    log.info(
        "%s: tried again in %.1f s (try %d)",
        type(details.caused_by).__name__,
        details.wait_for,
        details.retry_num + 1,
    )
