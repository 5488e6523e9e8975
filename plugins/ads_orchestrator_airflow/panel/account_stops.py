"""Why an ad account delivers nothing, in the words of Meta's pages, and whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.domain import reasons


class AccountStop(NamedTuple):
    """What Meta says of an account, whose turn it is, and what they do."""

    says: str
    turn: str
    advice: str


_PAYS = "The user pays"
_CONTACTS = "The user contacts Meta"
_OF_STATUS: Mapping[int, AccountStop] = {
    2: AccountStop("Disabled", _CONTACTS, "A review is requested in Account Quality."),
    3: AccountStop("Unsettled: a bill is not paid", _PAYS, "The bill is in the billing settings."),
    7: AccountStop("Pending risk review", "Meta reviews", "Until Meta has decided, nobody can do anything."),
    8: AccountStop(
        "Pending settlement: a payment is under way",
        _PAYS,
        "A payment method that works is in the billing settings.",
    ),
    100: AccountStop(
        "Pending closure", _CONTACTS, "Unless the user closes it: then another ad account is connected."
    ),
    101: AccountStop("Closed", _CONTACTS, "It is opened again, or another ad account is connected."),
}
_SPENDING_LIMIT = AccountStop(
    "The spending limit is used up",
    "The user raises the limit",
    "It is raised or reset in the billing settings.",
)


def account_stop(stopped_for: str | None, status: int | None) -> AccountStop | None:
    """Return the words for a stored stop; None where there is none."""
    if stopped_for is None:
        return None
    if stopped_for == reasons.BREAKER_SPENDING_LIMIT.code:
        return _SPENDING_LIMIT
    other = AccountStop(f"Status {status}", _CONTACTS, "The reason is in Account Quality.")
    return _OF_STATUS.get(status or 0, other)
