"""What requests work with, made at first use: the api-server loads plugins before it has connections."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Protocol, TypeVar

from airflow.sdk.timezone import utcnow

from ads_orchestrator_airflow import simulator_clock
from ads_orchestrator_airflow.api.jwt_verifier import JwtVerifier
from ads_orchestrator_airflow.api.rate_limit import RateLimit
from ads_orchestrator_airflow.api.run_service import RunService
from orchestrator import settings
from orchestrator.domain import policy
from orchestrator.domain.policy import Policy
from orchestrator.settings import ApiSettings, Settings
from orchestrator.store.run_requests import RunRequestStore
from orchestrator.store.user_view import UserViewStore

if TYPE_CHECKING:
    from orchestrator.resources import Resources


class Closable(Protocol):
    """What has connections to give back."""

    def close(self) -> None:
        """Give them back."""


T = TypeVar("T")
C = TypeVar("C", bound=Closable)


def _database_url() -> str:
    from ads_orchestrator_airflow.hooks import database_url

    return database_url()


def _product_settings() -> Settings:
    from ads_orchestrator_airflow.hooks import effective_settings

    return effective_settings()


class Dependencies:
    """The API's settings, the check of tokens, the counting of requests, the database.

    Args:
        api_settings: who may sign in, how often they may ask.
        product_settings: whether anything is written to Meta, which thresholds are in force.
        database_url: where our database is.
    """

    def __init__(
        self,
        api_settings: Callable[[], ApiSettings] = settings.load_api,
        product_settings: Callable[[], Settings] = _product_settings,
        database_url: Callable[[], str] = _database_url,
    ) -> None:
        self._api_settings = api_settings
        self._product_settings = product_settings
        self._database_url = database_url
        self._made: dict[str, object] = {}
        self._open: list[Closable] = []
        self._making = RLock()

    @property
    def settings(self) -> ApiSettings:
        """The API's settings."""
        return self._once("settings", self._api_settings)

    @property
    def verifier(self) -> JwtVerifier:
        """The check of tokens."""
        return self._once("verifier", lambda: JwtVerifier(self.settings))

    @property
    def rates(self) -> RateLimit:
        """How often each user may ask."""
        return self._once("rates", lambda: RateLimit(self.settings))

    @property
    def members(self) -> UserViewStore:
        """Our database, as the users."""
        return self._once("members", lambda: self._kept(UserViewStore(self._database_url())))

    @property
    def desk(self) -> RunService:
        """Where runs are asked for."""
        return self._once("desk", self._make_desk)

    @property
    def policy(self) -> Policy:
        """The thresholds in force."""
        return self._once("policy", lambda: policy.load(self._product_settings().policy_file))

    @property
    def resources(self) -> Resources:
        """What a preview reads with: our database as the service, and Meta."""
        return self._once("resources", self._make_resources)

    def close(self) -> None:
        """Give every connection back."""
        with self._making:
            self._made.clear()
            while self._open:
                self._open.pop().close()

    def _make_resources(self) -> Resources:
        from orchestrator.resources import build_resources

        return self._kept(build_resources(self._product_settings(), dsn=self._database_url()))

    def _make_desk(self) -> RunService:
        product = self._product_settings()
        return RunService(
            store=self._kept(RunRequestStore(self._database_url())),
            armed=product.armed,
            policy_hash=self.policy.hash,
            now=utcnow,
            simulated=lambda: simulator_clock.present(product),
        )

    def _kept(self, opened: C) -> C:
        self._open.append(opened)
        return opened

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """What was made before, or is made now. What fails is tried again at the next request."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]  # type: ignore[return-value]  # one type a name
