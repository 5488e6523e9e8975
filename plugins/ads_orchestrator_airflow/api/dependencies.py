"""Lazily created dependencies: the api-server loads plugins before it has connections."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Protocol, TypeVar

from airflow.sdk.timezone import utcnow

from ads_orchestrator_airflow import simulator_clock
from ads_orchestrator_airflow.api.jwt_verifier import JwtVerifier
from ads_orchestrator_airflow.api.request_limit import AnonymousLimit, RateLimit
from ads_orchestrator_airflow.api.run_service import RunService
from orchestrator import settings
from orchestrator.domain import policy
from orchestrator.domain.policy import Policy
from orchestrator.settings import ApiSettings, Settings
from orchestrator.store.ad_objects import AdObjects
from orchestrator.store.database import Database, PoolLimits
from orchestrator.store.run_requests import RunRequestStore
from orchestrator.store.user_view import UserViewStore

if TYPE_CHECKING:
    from orchestrator.resources import Resources


class Closable(Protocol):
    """A dependency with connections."""

    def close(self) -> None:
        """Close the connections."""


T = TypeVar("T")
C = TypeVar("C", bound=Closable)


def _dsn() -> str:
    from ads_orchestrator_airflow.hooks import database_dsn

    return database_dsn()


def _product_settings() -> Settings:
    from ads_orchestrator_airflow.hooks import effective_settings

    return effective_settings()


class Dependencies:
    """The dependencies of the routes, each created once, by the first request that uses it.

    A failure is not cached: the next request tries again.

    Args:
        api_settings: loads the API's settings: tokens, rate limits, origins.
        product_settings: loads the settings of the runs: armed or not, Meta, the policy.
        database_dsn: returns the connection string of the orchestrator's database.
    """

    def __init__(
        self,
        api_settings: Callable[[], ApiSettings] = settings.load_api,
        product_settings: Callable[[], Settings] = _product_settings,
        database_dsn: Callable[[], str] = _dsn,
    ) -> None:
        self._api_settings = api_settings
        self._product_settings = product_settings
        self._dsn = database_dsn
        self._values: dict[str, object] = {}
        self._open: list[Closable] = []
        self._locks: dict[str, RLock] = {}

    @property
    def settings(self) -> ApiSettings:
        """The API's settings."""
        return self._cached("settings", self._api_settings)

    @property
    def verifier(self) -> JwtVerifier:
        """The verifier of tokens."""
        return self._cached("verifier", lambda: self._closed_later(JwtVerifier(self.settings)))

    @property
    def rate_limit(self) -> RateLimit:
        """The rate limits a user."""
        return self._cached("rate_limit", lambda: RateLimit(self.settings))

    @property
    def anonymous_limit(self) -> AnonymousLimit:
        """The rate limit of an address."""
        return self._cached("anonymous_limit", lambda: AnonymousLimit(self.settings))

    @property
    def user_view(self) -> UserViewStore:
        """The database, as one user sees it."""
        return self._cached("user_view", lambda: self._closed_later(UserViewStore(self._dsn())))

    @property
    def ad_objects(self) -> AdObjects:
        """The users' campaigns and ad sets, as the service."""
        return self._cached("ad_objects", self._make_ad_objects)

    @property
    def run_service(self) -> RunService:
        """The start of runs."""
        return self._cached("run_service", self._make_run_service)

    @property
    def policy(self) -> Policy:
        """The thresholds in force."""
        return self._cached("policy", lambda: policy.load(self._product_settings().policy_file))

    @property
    def resources(self) -> Resources:
        """The resources of a preview: the database as the service, and Meta."""
        return self._cached("resources", self._make_resources)

    def close(self) -> None:
        """Close every connection."""
        self._values.clear()
        while self._open:
            self._open.pop().close()

    def _make_ad_objects(self) -> AdObjects:
        return AdObjects(self._closed_later(Database(self._dsn(), PoolLimits())).transaction)

    def _make_resources(self) -> Resources:
        from orchestrator.resources import build_resources

        return self._closed_later(build_resources(self._product_settings(), dsn=self._dsn()))

    def _make_run_service(self) -> RunService:
        product = self._product_settings()
        return RunService(
            store=self._closed_later(RunRequestStore(self._dsn())),
            armed=product.armed,
            policy_hash=self.policy.hash,
            now=utcnow,
            simulated=lambda: simulator_clock.now(product),
        )

    def _closed_later(self, opened: C) -> C:
        self._open.append(opened)
        return opened

    def _cached(self, name: str, make: Callable[[], T]) -> T:
        # A lock for each value, and none to read it: the event loop, which needs settings, verifier and
        # anonymous limit, must not wait while a connection is made.
        if name not in self._values:
            with self._locks.setdefault(name, RLock()):
                if name not in self._values:
                    self._values[name] = make()
        return self._values[name]  # type: ignore[return-value]  # one type a name
