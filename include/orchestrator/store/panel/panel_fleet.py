"""The fleet: its users by page, and its statistics.

A page of users is two statements whatever the size of the fleet: the keys of the page, then one
row a key. Both read in key order, so neither sorts the whole fleet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from orchestrator.store.database import Connection, Transactions, read, statement
from orchestrator.store.panel.panel_pages import FIRST, LAST, Page

FleetState = Literal["running", "failed", "paused", "throttled", "worked", "idle"]

_KEYS: Mapping[FleetState | None, str] = {
    None: "panel_fleet/everybody",
    "running": "panel_fleet/running",
    "paused": "panel_fleet/paused",
    "failed": "panel_fleet/troubled",
    "throttled": "panel_fleet/troubled",
    "worked": "panel_fleet/quiet",
    "idle": "panel_fleet/quiet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFilter:
    """The users of a page: all, those of a state, those in a range of ids, or those of an ad account."""

    state: FleetState | None = None
    low: UUID = FIRST
    high: UUID = LAST
    ad_account_id: str | None = None
    after: UUID = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetUser:
    """One user: switches, account, the latest run, the live daily budget, the actions of 24 hours.

    ``currency`` is None until the account is set up; the run's fields are None before the first run.
    ``done``: actions of the latest run that were done; planned, in a dry run. ``stopped_for``: the reason for
    which the account delivers nothing, as the last run read it.
    """

    user_id: UUID
    auto_scale_winners: bool
    auto_pause_losers: bool
    paused_by_operator: bool
    connected: bool
    ad_account_id: str | None
    currency: str | None
    account_name: str | None
    account_status: int | None
    stopped_for: str | None
    stopped_since: datetime | None
    state: FleetState
    run_id: UUID | None
    status: str | None
    dry_run: bool | None
    error: str | None
    opened_at: datetime | None
    ended_at: datetime | None
    done: int | None
    live_minor: int
    actions_24h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedAccount:
    """An ad account that delivers nothing: the platform's number of its status, the reason, since when."""

    user_id: UUID
    ad_account_id: str
    account_name: str | None
    account_status: int
    stopped_for: str
    stopped_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyBudget:
    """The live daily budget of all users with accounts of one currency, in minor units."""

    currency: str
    users: int
    live_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCount:
    """Live actions of one type in the last 24 hours; ``failed`` counts unknown outcomes too."""

    action_type: str
    done: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetStats:
    """The fleet in numbers. A state without users is left out."""

    users_by_state: Mapping[str, int]
    live_budgets: Sequence[CurrencyBudget]
    recent_actions: Sequence[ActionCount]


class FleetQueries:
    """Queries over all users."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def page(self, chosen: FleetFilter, page_size: int = 50) -> Page[FleetUser]:
        """One page of users, by id."""
        with self._transactions() as tx:
            keys = _keys(tx, chosen, page_size + 1)
            shown = keys[:page_size]
            rows = read(tx, FleetUser, "panel_fleet/users", {"user_ids": shown}).fetchall()
        return Page(rows, shown[-1] if len(keys) > page_size else None)

    def stopped_accounts(self, after: UUID = FIRST, page_size: int = 50) -> Page[StoppedAccount]:
        """One page of the accounts that deliver nothing, by user. Reads no other user."""
        bound = {"after": after, "page_size": page_size + 1}
        with self._transactions() as tx:
            rows = read(tx, StoppedAccount, "panel_fleet/stopped_accounts", bound).fetchall()
        shown = rows[:page_size]
        return Page(shown, shown[-1].user_id if len(rows) > page_size else None)

    def stats(self) -> FleetStats:
        """The statistics of the fleet. Reads every user: cache the result."""
        with self._transactions() as tx:
            states = tx.execute(statement("panel_fleet/states")).fetchall()
            return FleetStats(
                users_by_state={row["state"]: row["users"] for row in states},
                live_budgets=read(tx, CurrencyBudget, "panel_fleet/live_budgets").fetchall(),
                recent_actions=read(tx, ActionCount, "panel_fleet/recent_actions").fetchall(),
            )


def _keys(tx: Connection, chosen: FleetFilter, page_size: int) -> list[UUID]:
    name = _KEYS[chosen.state] if chosen.ad_account_id is None else "panel_fleet/of_account"
    bound = asdict(chosen) | {"page_size": page_size}
    return [row["user_id"] for row in tx.execute(statement(name), bound)]
