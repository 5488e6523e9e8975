"""An action in one line: what it does, to what, and with which amounts. Pure.

The task log, the action log and every page word an action here; they differ in the names they know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from orchestrator.domain import money
from orchestrator.domain.goals import goal_name
from orchestrator.domain.model import Action, Hold, Role

Tense = Literal["would", "do", "did"]
"""Nothing will be done (a preview, a dry run); it is to be done; it was."""

_PAST = {"start": "started", "lower": "lowered", "set": "set"}
"""The verbs whose past is not made by a d."""
_ROLES: Mapping[str, str] = {"testing": "learning", "scaling": "scaling"}


class TestedCell(NamedTuple):
    """What an ad set tests: an audience with a creative, in a campaign."""

    campaign_id: str
    audience: str
    creative_id: str | None


class Names(NamedTuple):
    """What is known of things by id: the roles of campaigns, the cells of ad sets."""

    roles: Mapping[str, Role]
    cells: Mapping[str, TestedCell]

    def role(self, campaign_id: str | None) -> str | None:
        """``learning`` or ``scaling``, of a campaign that is known or yet to be created."""
        new, _, of_goal = (campaign_id or "").partition(":")
        planned = of_goal.partition(":")[0] if new == "new" else ""
        role = self.roles.get(campaign_id or "", planned)
        return role_name(role) if role else None

    def ad_set(self, campaign_id: str | None, adset_id: str, goal_key: str) -> str:
        """``the test broad · c1 for streams``, as far as it is known."""
        goal = goal_name(goal_key)
        known = self.cells.get(adset_id)
        if known is None or not known.audience:
            return f"ad set {adset_id} for {goal}"
        cell = " · ".join([known.audience, *([known.creative_id] if known.creative_id else [])])
        if self.roles.get(campaign_id or known.campaign_id) == "scaling":
            return f"the copy {cell} in the scaling campaign for {goal}"
        return f"the test {cell} for {goal}"

    def thing(self, decided: Action | Hold) -> str:
        """``the scaling campaign for streams``, as far as it is known; or an ad set."""
        goal_key = decided.goal_key or ""
        if decided.adset_id is not None:
            campaign_id = None if decided.action_type == "promote_winner" else decided.campaign_id
            return self.ad_set(campaign_id, decided.adset_id, goal_key)
        role = self.role(decided.campaign_id)
        named = f"the {role} campaign" if role else f"campaign {decided.campaign_id}"
        return f"{named} for {goal_name(goal_key)}"


UNNAMED = Names({}, {})
"""Nothing is known but ids."""


def role_name(role: str) -> str:
    """What people call a campaign's role."""
    return _ROLES.get(role, role)


def action_title(action: Action, tense: Tense, currency: str, names: Names = UNNAMED) -> str:
    """``Would raise the scaling campaign for streams from $20.00 to $24.00 a day``."""
    verb = _verb(action)
    past = _PAST.get(verb, f"{verb}d")
    begun = {"would": f"Would {verb}", "do": verb.capitalize(), "did": past.capitalize()}
    return f"{begun[tense]} {_what(action, names)}{_amounts(action, currency)}"


def planned_cell(adset_id: str, goal_key: str) -> str:
    """``the test broad · c1``, of an ad set that is yet to be created."""
    cell = adset_id.removeprefix(f"new:testing:{goal_key}:")
    return f"the test {' · '.join(cell.split(':', 1))}"


def order_to(action_type: str) -> str:
    """``pause`` of ``pause_campaign``; an ad set is not created, but a test started."""
    return "start" if action_type == "create_adset" else action_type.partition("_")[0]


def _verb(action: Action) -> str:
    if action.action_type != "update_budget":
        return order_to(action.action_type)
    before, after = action.before_minor or 0, action.after_minor or 0
    if after == before:
        return "set"
    return "raise" if after > before else "lower"


def _what(action: Action, names: Names) -> str:
    goal = goal_name(action.goal_key)
    if action.action_type == "create_campaign":
        return f"a {names.role(action.campaign_id) or 'new'} campaign for {goal}"
    if action.action_type == "create_adset":
        return f"{planned_cell(action.adset_id or '', action.goal_key)} for {goal}"
    into = " into the scaling campaign" if action.action_type == "promote_winner" else ""
    return f"{names.thing(action)}{into}"


def _amounts(action: Action, currency: str) -> str:
    """The budget that an action sets, after what it is about: `` from $20.00 to $24.00 a day``."""
    if action.after_minor is None:
        return ""
    after = money.text(action.after_minor, currency)
    if action.before_minor is None:
        return f" with {after} a day"
    return f" from {money.text(action.before_minor, currency)} to {after} a day"
