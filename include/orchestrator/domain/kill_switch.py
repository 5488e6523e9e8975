"""The kill switch as values: its state, and a change of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchState:
    """The switch of everybody, and the number of users stopped by their own."""

    stopped: bool
    note: str | None
    changed_by: str | None
    changed_at: datetime | None
    users_stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchChange:
    """A change of the switch: its time, and the users that exist; null: everybody's."""

    at: datetime | None
    user_ids: tuple[UUID, ...] | None
