"""What an action or a hold is about, in one line without the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from orchestrator.domain import money
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Action, GoalError, Hold, Snapshot

Tense = Literal["would", "do", "did"]
"""Nothing will be done (a preview, a dry run); it is to be done; it was."""


class Verb(NamedTuple):
    """An order and its past."""

    do: str
    did: str


_VERBS: Mapping[str, Verb] = {
    "create_campaign": Verb("create", "created"),
    "create_adset": Verb("start", "started"),
    "promote_winner": Verb("promote", "promoted"),
    "pause_adset": Verb("pause", "paused"),
    "pause_campaign": Verb("pause", "paused"),
    "resume_adset": Verb("resume", "resumed"),
    "resume_campaign": Verb("resume", "resumed"),
}
_RAISE, _LOWER, _SET = Verb("raise", "raised"), Verb("lower", "lowered"), Verb("set", "set")
_EVERYTHING = {
    "promote_winner": "promote any test",
    "update_budget": "raise any scaling campaign",
    "pause_adset": "pause any ad set",
}
_ROLES = {"testing": "learning", "scaling": "scaling"}


class Cell(NamedTuple):
    """What an ad set tests: an audience with a creative, in a campaign."""

    campaign_id: str
    audience: str
    creative_id: str | None


class Names(NamedTuple):
    """What is known of things by id: the roles of campaigns, the cells of ad sets."""

    roles: Mapping[str, str]
    cells: Mapping[str, Cell]


def names_of(snapshot: Snapshot) -> Names:
    """The names in a snapshot."""
    return Names(
        {c.id: c.role for c in snapshot.campaigns},
        {a.id: Cell(a.campaign_id, a.audience, a.creative_id) for a in snapshot.ad_sets},
    )


def names_in(document: Mapping[str, Any]) -> Names:
    """The names in a snapshot's document; of one that is empty, none."""
    return Names(
        {c["id"]: c["role"] for c in document.get("campaigns", ())},
        {
            a["id"]: Cell(a["campaign_id"], a["audience"], a["creative_id"])
            for a in document.get("ad_sets", ())
        },
    )


class Titles(NamedTuple):
    """Titles about things by id, as far as they have names, with amounts in ``currency``."""

    currency: str
    tense: Tense
    names: Names = Names({}, {})

    def action(self, action: Action) -> str:
        """``Would raise the scaling campaign for streams from $20.00 to $24.00``."""
        verb = _verb(action)
        begun = {"would": f"Would {verb.do}", "do": verb.do.capitalize(), "did": verb.did.capitalize()}
        return f"{begun[self.tense]} {self._what(action)}{self._amounts(action)}"

    def hold(self, hold: Hold) -> str:
        """``Would not raise the scaling campaign for streams``."""
        return f"{self._negated()} {self._order(hold)}"

    def error(self, error: GoalError) -> str:
        """``Would not work on streams``."""
        return f"{self._negated()} work on {goal_name(error.goal_key)}"

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

    def campaign(self, campaign_id: str | None, goal_key: str) -> str:
        """``the scaling campaign for streams``, as far as it is known."""
        role = self._role(campaign_id)
        return f"the {role} campaign for {goal_name(goal_key)}" if role else f"campaign {campaign_id}"

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
        if action.action_type == "promote_winner":
            winner = self.ad_set(None, action.adset_id or "", action.goal_key)
            return f"{winner} into the scaling campaign"
        if action.adset_id is not None:
            return self.ad_set(action.campaign_id, action.adset_id, action.goal_key)
        return self.campaign(action.campaign_id, action.goal_key)

    def _amounts(self, action: Action) -> str:
        if action.after_minor is None:
            return ""
        after = money.text(action.after_minor, self.currency)
        if action.before_minor is None:
            return f" with {after} a day"
        before = money.text(action.before_minor, self.currency)
        return f" from {before} to {after} a day"

    def _negated(self) -> str:
        return "Did not" if self.tense == "did" else "Would not"

    def _order(self, hold: Hold) -> str:
        if hold.goal_key is None:
            return _EVERYTHING[hold.action_type]
        goal = goal_name(hold.goal_key)
        if hold.action_type == "create_adset":
            return (
                f"start {_cell(hold.adset_id, hold.goal_key) if hold.adset_id else 'another test'} for {goal}"
            )
        if hold.action_type == "create_campaign":
            return f"create a {self._role(hold.campaign_id) or 'learning'} campaign for {goal}"
        if hold.action_type == "update_budget":
            return self._budget_order(hold, goal)
        return f"{_VERBS[hold.action_type].do} {self._thing(hold)}"

    def _budget_order(self, hold: Hold, goal: str) -> str:
        if hold.campaign_id is None:
            return f"give {goal} a budget"
        verb = "change" if hold.reason == "within_tolerance" else "raise"
        return f"{verb} the budget of {self._thing(hold)}"

    def _thing(self, hold: Hold) -> str:
        goal_key = hold.goal_key or ""
        if hold.adset_id is not None:
            campaign_id = None if hold.action_type == "promote_winner" else hold.campaign_id
            return self.ad_set(campaign_id, hold.adset_id, goal_key)
        return self.campaign(hold.campaign_id, goal_key)


def goal_name(goal_key: str) -> str:
    """A goal as it is named inside a sentence."""
    spec = REGISTRY.get(goal_key)
    return spec.title.lower() if spec else goal_key


def events(goal_key: str | None, count: int = 2) -> str:
    """What people call so many of a goal's core signals: ``click``, ``clicks``."""
    spec = REGISTRY.get(goal_key or "")
    noun = spec.event if spec else "event"
    return noun if count == 1 else f"{noun}s"


def ad_sets(count: int) -> str:
    """``1 ad set``, ``3 ad sets``."""
    return f"{count} ad set" if count == 1 else f"{count} ad sets"


def _cell(adset_id: str, goal_key: str) -> str:
    """``the test broad · c1``, of an ad set that is yet to be created."""
    cell = adset_id.removeprefix(f"new:testing:{goal_key}:")
    return f"the test {' · '.join(cell.split(':', 1))}"


def _verb(action: Action) -> Verb:
    if action.action_type != "update_budget":
        return _VERBS[action.action_type]
    before, after = action.before_minor or 0, action.after_minor or 0
    if after == before:
        return _SET
    return _RAISE if after > before else _LOWER
