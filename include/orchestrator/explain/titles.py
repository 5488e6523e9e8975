"""What an action or a hold is about, in one line without the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from orchestrator.domain.goals import goal_name
from orchestrator.domain.messages import amounts_text
from orchestrator.domain.model import Action, GoalError, Hold

Tense = Literal["would", "do", "did"]
"""Nothing will be done (a preview, a dry run); it is to be done; it was."""


_PAST = {"start": "started", "lower": "lowered", "set": "set"}
"""The verbs whose past is not made by a d."""
_EVERYTHING = {
    "promote_winner": "promote any test",
    "update_budget": "raise any scaling campaign",
    "pause_adset": "pause any ad set",
}
_NOT_EVEN_LOWERED = frozenset({"within_tolerance", "budget_moved", "not_ours"})
"""Reasons for which a budget is written neither up nor down."""
_ROLES = {"testing": "learning", "scaling": "scaling"}


class TestedCell(NamedTuple):
    """What an ad set tests: an audience with a creative, in a campaign."""

    campaign_id: str
    audience: str
    creative_id: str | None


class Names(NamedTuple):
    """What is known of things by id: the roles of campaigns, the cells of ad sets."""

    roles: Mapping[str, str]
    cells: Mapping[str, TestedCell]


def names_in(document: Mapping[str, Any]) -> Names:
    """The names in a snapshot's document; of one that is empty, none."""
    campaigns, ad_sets = document.get("campaigns", ()), document.get("ad_sets", ())
    return Names(
        {c["id"]: c["role"] for c in campaigns},
        {a["id"]: TestedCell(a["campaign_id"], a["audience"], a["creative_id"]) for a in ad_sets},
    )


class Titles(NamedTuple):
    """Titles about things by id, as far as they have names, with amounts in ``currency``."""

    currency: str
    tense: Tense
    names: Names = Names({}, {})

    def action(self, action: Action) -> str:
        """``Would raise the scaling campaign for streams from $20.00 to $24.00``."""
        verb = _verb(action)
        past = _PAST.get(verb, f"{verb}d")
        begun = {"would": f"Would {verb}", "do": verb.capitalize(), "did": past.capitalize()}
        return f"{begun[self.tense]} {self._what(action)}{amounts_text(action, self.currency)}"

    def hold(self, hold: Hold) -> str:
        """``Would not raise the scaling campaign for streams``."""
        return f"{self._negated()} {self._order(hold)}"

    def error(self, error: GoalError) -> str:
        """``Would not work on streams``."""
        return f"{self._negated()} work on {goal_name(error.goal_key)}"

    def nothing_raised(self) -> str:
        """``Would not raise anything on the ad account``."""
        return f"{self._negated()} raise anything on the ad account"

    def ad_set(self, campaign_id: str | None, adset_id: str, goal_key: str) -> str:
        """``the test broad · c1 for streams``, as far as it is known."""
        goal = goal_name(goal_key)
        known = self.names.cells.get(adset_id)
        if known is None or not known.audience:
            return f"ad set {adset_id} for {goal}"
        cell = " · ".join([known.audience, *([known.creative_id] if known.creative_id else [])])
        if self.names.roles.get(campaign_id or known.campaign_id) == "scaling":
            return f"the copy {cell} in the scaling campaign for {goal}"
        return f"the test {cell} for {goal}"

    def _role(self, campaign_id: str | None) -> str | None:
        known = self.names.roles.get(campaign_id or "")
        if known is not None:
            return _ROLES[known]
        parts = (campaign_id or "").split(":")
        return _ROLES[parts[1]] if parts[0] == "new" else None

    def _what(self, action: Action) -> str:
        goal = goal_name(action.goal_key)
        if action.action_type == "create_campaign":
            return f"a {self._role(action.campaign_id) or 'new'} campaign for {goal}"
        if action.action_type == "create_adset":
            return f"{_cell(action.adset_id or '', action.goal_key)} for {goal}"
        into = " into the scaling campaign" if action.action_type == "promote_winner" else ""
        return f"{self._thing(action)}{into}"

    def _negated(self) -> str:
        return "Did not" if self.tense == "did" else "Would not"

    def _order(self, hold: Hold) -> str:
        if hold.goal_key is None or hold.reason == "evidence_contradicts":
            of_goal = f" for {goal_name(hold.goal_key)}" if hold.goal_key else ""
            return f"{_EVERYTHING[hold.action_type]}{of_goal}"
        goal = goal_name(hold.goal_key)
        if hold.action_type == "create_adset":
            test = _cell(hold.adset_id, hold.goal_key) if hold.adset_id else "another test"
            return f"start {test} for {goal}"
        if hold.action_type == "create_campaign":
            return f"create a {self._role(hold.campaign_id) or 'learning'} campaign for {goal}"
        if hold.action_type != "update_budget":
            return f"{_order_to(hold.action_type)} {self._thing(hold)}"
        if hold.campaign_id is None:
            return f"give {goal} a budget"
        verb = "change" if hold.reason in _NOT_EVEN_LOWERED else "raise"
        return f"{verb} the budget of {self._thing(hold)}"

    def _thing(self, decided: Action | Hold) -> str:
        """``the scaling campaign for streams``, as far as it is known; or an ad set."""
        goal_key = decided.goal_key or ""
        if decided.adset_id is not None:
            campaign_id = None if decided.action_type == "promote_winner" else decided.campaign_id
            return self.ad_set(campaign_id, decided.adset_id, goal_key)
        role = self._role(decided.campaign_id)
        return f"the {role} campaign for {goal_name(goal_key)}" if role else f"campaign {decided.campaign_id}"


def _cell(adset_id: str, goal_key: str) -> str:
    """``the test broad · c1``, of an ad set that is yet to be created."""
    cell = adset_id.removeprefix(f"new:testing:{goal_key}:")
    return f"the test {' · '.join(cell.split(':', 1))}"


def _verb(action: Action) -> str:
    if action.action_type != "update_budget":
        return _order_to(action.action_type)
    before, after = action.before_minor or 0, action.after_minor or 0
    if after == before:
        return "set"
    return "raise" if after > before else "lower"


def _order_to(action_type: str) -> str:
    """``pause`` of ``pause_campaign``; an ad set is not created, but a test started."""
    return "start" if action_type == "create_adset" else action_type.partition("_")[0]
