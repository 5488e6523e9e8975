"""Parser of the fleet's search field. Pure."""

from __future__ import annotations

import re
from typing import cast
from uuid import UUID

from ads_orchestrator_airflow.panel import labels
from orchestrator.store.panel.panel_fleet import FleetFilter, FleetState
from orchestrator.store.panel.panel_pages import FIRST, LAST

_ACCOUNT = re.compile(r"(act_)?[0-9]{9,}")
_HEX = re.compile(r"[0-9a-f]{1,32}")


class NotAnId(ValueError):
    """The text is neither an ad account nor the beginning of an id."""


def parse(search: str, state: str, after: UUID | None) -> FleetFilter:
    """Return the store's filter. ``search``: an ad account, a user's id, or the beginning of one.

    Raises:
        NotAnId: The text is none of these.
    """
    typed = search.strip().lower()
    chosen = cast("FleetState", state) if state in labels.STATES else None
    if _ACCOUNT.fullmatch(typed):
        return FleetFilter(ad_account_id=f"act_{typed.removeprefix('act_')}", after=after or FIRST)
    low, high = _span(typed)
    return FleetFilter(state=chosen, low=low, high=high, after=after or FIRST)


def _span(typed: str) -> tuple[UUID, UUID]:
    """The first and the last id with this prefix."""
    digits = typed.replace("-", "")
    if not digits:
        return FIRST, LAST
    if not _HEX.fullmatch(digits):
        raise NotAnId(typed)
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
