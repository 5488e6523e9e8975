"""What is asked again before every write: the operators' switches, and the amounts a user typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """What a user typed, in major units of the account's currency. Null means the policy's."""

    global_daily_budget: Decimal | None
    max_daily_budget: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """The operators' switches: everybody's, and how many users are stopped by themselves."""

    stopped: bool
    note: str | None
    changed_by: str | None
    changed_at: datetime | None
    users_stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchChange:
    """What a switch was turned for: when, and the users there are; null is everybody."""

    at: datetime | None
    user_ids: tuple[UUID, ...] | None
