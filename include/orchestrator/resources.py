"""What a step works with, built from the settings."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import stamina
from stamina.instrumentation import RetryDetails

from orchestrator.domain import policy
from orchestrator.domain.policy import Policy
from orchestrator.platforms.meta.call_counter import CallStats
from orchestrator.settings import Settings
from orchestrator.store import PoolLimits, Store
from orchestrator.store.encryption import Secrets

if TYPE_CHECKING:
    from orchestrator.platforms.meta.client import MetaApp


log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Postgres, the thresholds, the settings and, once somebody asks for it, Meta."""

    store: Store
    policy: Policy
    settings: Settings
    _building: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def meta(self) -> MetaApp:
        """Our app at Meta, the same for every thread."""
        with self._building:
            return self._meta

    @cached_property
    def _meta(self) -> MetaApp:
        # Loads the SDK, so not before somebody asks: most steps have nothing to ask of Meta.
        from orchestrator.platforms.meta.client import ClientLimits, MetaApp  # noqa: PLC0415

        asked = self.settings
        return MetaApp(
            app_id=asked.meta_app_id,
            app_secret=asked.meta_app_secret,
            base_url=asked.meta_base_url,
            api_version=asked.meta_api_version,
            limits=ClientLimits(
                connect_timeout_s=asked.meta_connect_timeout_s,
                read_timeout_s=asked.meta_read_timeout_s,
                user_limit_s=asked.user_limit_s,
                user_waits_s=asked.user_waits_s,
                connections=asked.users_concurrency,
                tier=asked.meta_tier,
            ),
        )

    @property
    def asked(self) -> CallStats:
        """How much was asked of Meta so far."""
        return self._meta.asked if "_meta" in vars(self) else CallStats()

    def close(self) -> None:
        """Give every connection back."""
        self.store.close()
        if "_meta" in vars(self):
            self._meta.close()


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
