"""The simulator as the demo sets it up: its clock, its accounts with their past, its log of requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from stack.errors import StackError

TIMEOUT_S = 60.0

Request = Mapping[str, Any]
"""One Graph request as the simulator's log has it: method, path, params, account, took_effect, answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdAccount:
    """One ad account of the simulator with what belongs to its owner."""

    ad_account_id: str
    access_token: str
    page_id: str
    pixel_id: str
    instagram_user_id: str
    custom_conversion_id: str
    image_hash: str
    video_id: str
    currency: str
    timezone: str

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> AdAccount:
        """From a row of the control API, which has more in it."""
        return cls(**{name: str(row[name]) for name in cls.__dataclass_fields__})


class SimulatorControl:
    """The control API of one simulator, under ``/_sim``.

    Every method raises DemoProblem when it is refused or nobody answers.
    """

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/_sim", timeout=TIMEOUT_S, trust_env=False)
        self.url = url

    def begin(self, now: datetime, seed: int) -> None:
        """A new world without accounts, its clock standing still at ``now``."""
        self._ask("POST", "/reset", {"now": now.isoformat(), "seed": seed, "accounts": 0})

    def open_accounts(self, wishes: Sequence[Mapping[str, str]]) -> list[AdAccount]:
        """One empty account a wish: name, currency, timezone."""
        opened = self._ask("POST", "/seed", {"accounts": [dict(wish) for wish in wishes]})
        return [AdAccount.read(row) for row in opened["accounts"]]

    def load(self, accounts: Sequence[Mapping[str, Any]]) -> None:
        """Give accounts their past."""
        self._ask("POST", "/seed", {"accounts": list(accounts)})

    def kill_token(self, access_token: str) -> None:
        """As when the user changes the password (subcode 460)."""
        self._ask("POST", "/tokens", {"access_token": access_token, "dead": 460})

    def now(self) -> datetime:
        """What the simulated clock says."""
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    def advance(self, hours: int) -> datetime:
        """Let the time pass; the ads deliver meanwhile."""
        return datetime.fromisoformat(self._ask("POST", "/clock", {"advance_hours": hours})["now"])

    def requests(self, since: int = 0) -> list[Request]:
        """The Graph requests after number ``since``, oldest first. Tokens are left out."""
        found: list[Request] = self._ask("GET", f"/requests?since={since}")
        return found

    def state(self, ad_account_id: str) -> dict[str, Any]:
        """Everything in one account, with what was delivered up to now."""
        found: dict[str, Any] = self._ask("GET", f"/state?account={ad_account_id}")["accounts"][0]
        return found

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.TransportError as problem:
            raise StackError(f"No simulator answers at {self.url}: {problem}") from None
        if answer.is_error:
            raise StackError(f"The simulator refused {method} /_sim{path}: {answer.text[:300]}")
        return answer.json()
