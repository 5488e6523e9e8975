"""What an action or a hold is about, in one line without the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from orchestrator.domain.action_titles import (
    UNNAMED,
    Names,
    Tense,
    TestedCell,
    action_title,
    order_to,
    planned_cell,
)
from orchestrator.domain.goals import goal_name
from orchestrator.domain.model import Action, GoalError, Hold

_EVERYTHING = {
    "promote_winner": "promote any test",
    "update_budget": "raise any scaling campaign",
    "pause_adset": "pause any ad set",
}
_NOT_EVEN_LOWERED = frozenset({"within_tolerance", "budget_moved", "not_ours"})
"""Reasons for which a budget is written neither up nor down."""


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
    names: Names = UNNAMED

    def of(self, decided: Action | Hold | GoalError) -> str:
        """``Would raise the scaling campaign for streams …``, ``Would not work on streams``."""
        if isinstance(decided, Action):
            return action_title(decided, self.tense, self.currency, self.names)
        if isinstance(decided, GoalError):
            return self.negated(f"work on {goal_name(decided.goal_key)}")
        return self.negated(self._order(decided))

    def negated(self, order: str) -> str:
        """``Would not`` do it, or ``Did not``."""
        return f"{'Did' if self.tense == 'did' else 'Would'} not {order}"

    def _order(self, hold: Hold) -> str:
        if hold.goal_key is None or hold.reason == "evidence_contradicts":
            of_goal = f" for {goal_name(hold.goal_key)}" if hold.goal_key else ""
            return f"{_EVERYTHING[hold.action_type]}{of_goal}"
        goal = goal_name(hold.goal_key)
        if hold.action_type == "create_adset":
            test = planned_cell(hold.adset_id, hold.goal_key) if hold.adset_id else "another test"
            return f"start {test} for {goal}"
        if hold.action_type == "create_campaign":
            return f"create a {self.names.role(hold.campaign_id) or 'learning'} campaign for {goal}"
        if hold.action_type != "update_budget":
            return f"{order_to(hold.action_type)} {self.names.thing(hold)}"
        if hold.campaign_id is None:
            return f"give {goal} a budget"
        verb = "change" if hold.reason in _NOT_EVEN_LOWERED else "raise"
        return f"{verb} the budget of {self.names.thing(hold)}"
