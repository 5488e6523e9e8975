"""A client of the simulator's control API, under ``/_sim``: world, accounts, clock, faults, requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from stack.errors import StackError

TIMEOUT_S = 300.0

Request = Mapping[str, Any]
"""One Graph request in the simulator's log: method, path, params, account, took_effect, answer."""

SeedForm = dict[str, Any]
"""An account, campaign or ad set in the form that ``POST /_sim/seed`` accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdAccount:
    """One ad account of the simulator and the assets of its owner."""

    ad_account_id: str
    access_token: str
    page_id: str
    pixel_id: str
    instagram_user_id: str
    custom_conversion_id: str
    image_hash: str
    video_id: str
    lead_form_id: str
    currency: str
    timezone: str

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> AdAccount:
        """Parse a row of the control API; its other fields are ignored."""
        return cls(**{name: str(row[name]) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Requests to the simulator since its start. ``writes``: calls that are not reads."""

    round_trips: int
    calls: int
    writes: int
    refused: int

    def __sub__(self, before: RequestCounts) -> RequestCounts:
        return RequestCounts(
            self.round_trips - before.round_trips,
            self.calls - before.calls,
            self.writes - before.writes,
            self.refused - before.refused,
        )


class SimulatorControl:
    """The control API of one simulator.

    Every method raises StackError when the simulator refuses or does not answer.
    """

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/_sim", timeout=TIMEOUT_S, trust_env=False)
        self.url = url

    def reset(self, now: datetime, seed: int, **laws: object) -> None:
        """Replace the world by one without accounts, its clock stopped at ``now``.

        Args:
            now: The time it begins at.
            seed: What everything is drawn from.
            laws: Reviews and effects of delivery that differ from those it was started with.
        """
        self._call("POST", "/reset", {"now": now.isoformat(), "seed": seed, "accounts": 0, **laws})

    def open_accounts(self, profiles: Sequence[Mapping[str, str]]) -> list[AdAccount]:
        """Open one empty account a profile: name, currency, timezone."""
        opened = self._call("POST", "/seed", {"accounts": [dict(profile) for profile in profiles]})
        return [AdAccount.read(row) for row in opened["accounts"]]

    def load(self, accounts: Sequence[SeedForm]) -> None:
        """Add the history of accounts."""
        self._call("POST", "/seed", {"accounts": list(accounts)})

    def act(self, act: str, id_: str, **details: object) -> str:
        """Do what a person does in Ads Manager; the id of what was edited or made."""
        return str(self._call("POST", "/people", {"act": act, "id": id_, **details})["id"])

    def change_account(self, ad_account_id: str, **changes: object) -> None:
        """Change an account from outside: its status, its spending limit, its means of payment."""
        self._call("POST", "/accounts", {"ad_account_id": ad_account_id, **changes})

    def kill_token(self, access_token: str) -> None:
        """Invalidate a token, as a changed password does (subcode 460)."""
        self._call("POST", "/tokens", {"access_token": access_token, "dead": 460})

    def review(self, ad_id: str, verdict: str) -> None:
        """Decide an ad's review: APPROVED or DISAPPROVED."""
        self._call("POST", "/review", {"ad_id": ad_id, "verdict": verdict})

    def withhold(self, ad_account_id: str, fields: Sequence[str]) -> None:
        """Leave these fields out of the account's Insights, and no others, from now on."""
        self._call("POST", "/figures", {"ad_account_id": ad_account_id, "missing": list(fields)})

    def now(self) -> datetime:
        """Read the simulated clock."""
        return datetime.fromisoformat(self._call("GET", "/clock")["now"])

    def advance(self, hours: int) -> datetime:
        """Advance the simulated clock; ads deliver meanwhile."""
        return datetime.fromisoformat(self._call("POST", "/clock", {"advance_hours": hours})["now"])

    def requests(self, since: int = 0) -> list[Request]:
        """The logged Graph requests after number ``since``, oldest first, without tokens."""
        found: list[Request] = self._call("GET", f"/requests?since={since}")
        return found

    def clear_requests(self) -> None:
        """Empty the log of requests; their numbers and counts continue."""
        self._call("DELETE", "/requests")

    def counts(self) -> RequestCounts:
        """Count the requests since the simulator's start."""
        return RequestCounts(**self._call("GET", "/counts"))

    def add_faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Add fault rules; they are tried in order."""
        self._call("POST", "/faults", list(rules))

    def faults(self) -> list[dict[str, Any]]:
        """The fault rules, each with how often it matched and hit."""
        found: list[dict[str, Any]] = self._call("GET", "/faults")
        return found

    def clear_faults(self) -> None:
        """Remove all fault rules."""
        self._call("DELETE", "/faults")

    def state(self, ad_account_id: str) -> dict[str, Any]:
        """Everything in one account, delivery up to now included."""
        found: dict[str, Any] = self._call("GET", f"/state?account={ad_account_id}")["accounts"][0]
        return found

    def states(self) -> list[dict[str, Any]]:
        """Everything in every account."""
        found: list[dict[str, Any]] = self._call("GET", "/state")["accounts"]
        return found

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.TransportError as problem:
            raise StackError(f"No simulator answers at {self.url}: {problem}") from None
        if answer.is_error:
            raise StackError(f"The simulator refused {method} /_sim{path}: {answer.text[:300]}")
        return answer.json()
