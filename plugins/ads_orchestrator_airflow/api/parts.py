"""What requests work with, made at first use: the api-server loads plugins before it has connections."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from ads_orchestrator_airflow.api.rates import Rates
from ads_orchestrator_airflow.api.tokens import Verifier
from orchestrator import settings
from orchestrator.settings import ApiSettings
from orchestrator.store.member import MemberStore

T = TypeVar("T")


def _database_url() -> str:
    from ads_orchestrator_airflow.connections import database_url

    return database_url()


class Parts:
    """The API's settings, the check of tokens, the counting of requests, the database.

    Args:
        read_settings: the API's settings.
        database_url: where our database is.
    """

    def __init__(
        self,
        read_settings: Callable[[], ApiSettings] = settings.load_api,
        database_url: Callable[[], str] = _database_url,
    ) -> None:
        self._read_settings = read_settings
        self._database_url = database_url
        self._made: dict[str, object] = {}
        self._making = Lock()

    @property
    def settings(self) -> ApiSettings:
        """The API's settings."""
        return self._once("settings", self._read_settings)

    @property
    def verifier(self) -> Verifier:
        """The check of tokens."""
        return self._once("verifier", lambda: Verifier(self._read_settings()))

    @property
    def rates(self) -> Rates:
        """How often each user may ask."""
        return self._once("rates", lambda: Rates(self._read_settings()))

    @property
    def members(self) -> MemberStore:
        """Our database, as the users."""
        return self._once("members", lambda: MemberStore(self._database_url()))

    def close(self) -> None:
        """Give the connections back."""
        with self._making:
            members = self._made.pop("members", None)
        if isinstance(members, MemberStore):
            members.close()

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """What was made before, or is made now. What fails is tried again at the next request."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]  # type: ignore[return-value]  # one type a name
