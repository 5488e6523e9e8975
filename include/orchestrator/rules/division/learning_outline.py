"""What a goal's learning will be: which ad sets stay, are resumed and opened, at which shares, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.rules.actions import MOVED, ActionFactory
from orchestrator.rules.division.apportionment import equal_shares
from orchestrator.rules.fold import fold
from orchestrator.rules.resumability import comes_back, is_blind, may_deliver_again, open_campaigns
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    Cell,
    GoalNow,
    State,
    active_campaigns,
    ad_sets_of,
    best_first,
    by_age,
    campaigns_of,
    is_paused_by_person,
    is_paused_by_us,
    learning_ad_sets,
    working_goals,
    would_deliver,
)


class Outline(Struct, frozen=True, gc=False):
    """What a goal's learning will be: what is retained, resumed and opened, and the first hold.

    With ``no_template`` or a hold, nothing is resumed or opened; ``failed`` is the gate behind the hold.
    """

    retained: Sequence[AdSetNow]
    resumed: Sequence[AdSetNow]
    cells: Sequence[Cell]
    hold: str | None
    failed: Evidence


class Shares(NamedTuple):
    """The daily budgets of an outline: of each retained and resumed ad set by id, of new ones by place."""

    ad_sets: dict[str, int]
    cells: list[int]


_Reason = tuple[str | None, Evidence]

_NO_HOLD: _Reason = (None, ())
_ALL_TRIED: _Reason = ("no_untested_cell", (Gate("untried_cells", 0, "at least", 1),))
_CLOSED: _Reason = ("no_room", (Gate("learning_open", 0, "at least", 1),))

_WAITED_FOR = frozenset(
    {
        "no_template",
        "not_ready",
        "paused_by_user",
        "budget_moved",
        "removed_by_user",
        "no_creative",
        "no_events_anywhere",
        "refused_before",
    }
)
"""What keeps a goal from learning whatever budget it has."""

_RESUMED_AS: Mapping[str | None, str] = {
    "below_minimum_budget": "budget_fits_again",
    "loser": "events_arrived",
}
"""The reason of a resume by that of the pause; all others deliver again."""


def outline(state: State, goal: GoalNow) -> Outline:
    """What a goal's learning will be, from its campaigns in ``state``.

    Those of an idle goal count as resumed: it waits for something else.
    """
    opened = (open_campaigns if goal.is_idle else active_testing)(state, goal.key)
    retained = learning_ad_sets(state, goal.key)
    hold = _first_hold(state, goal, opened)
    if hold[0] is not None or len(retained) >= goal.n_max:
        return Outline(retained, (), (), *hold)
    missing = goal.n_max - len(retained)
    resumed = _resumable(state, opened)[:missing]
    untried = state.untried[goal.key]
    cells = [cell for cell in untried if cell.refused is None][: missing - len(resumed)]
    if resumed or cells:
        return Outline(retained, resumed, cells, *_NO_HOLD)
    return Outline(retained, (), (), *(_refused(untried[0].refused) if untried else _ALL_TRIED))


def active_testing(state: State, goal_key: str) -> list[CampaignNow]:
    """A goal's learning campaigns that run, by age."""
    return active_campaigns(state, goal_key, "testing")


def has_nothing_to_start(state: State, goal_key: str, missing: Sequence[str]) -> bool:
    """Whether step learning would resume nothing and could open no cell, whatever budget the goal had."""
    opened, untried = open_campaigns(state, goal_key), state.untried[goal_key]
    hold = _before_budget(state, goal_key, missing, opened)
    reason, _ = hold if hold[0] is not None else _after_budget(state, goal_key, opened)
    if reason in _WAITED_FOR:
        return True
    if _resumable(state, opened):
        return False
    return not untried or (reason is None and all(cell.refused is not None for cell in untried))


def as_planned(state: State) -> State:
    """The world as step allocate meant to leave it: there, too, where a campaign's resume was refused.

    Shares were divided on it, and what is resumed or opened now gets its share of then.
    """
    refused = [
        ActionFactory("learning", goal.key).resume_campaign(campaign.id, "goal_active")
        for goal in working_goals(state)
        for campaign in campaigns_of(state, goal.key, "testing")
        if comes_back(campaign)
    ]
    return fold(state, ((action, "success") for action in refused)) if refused else state


def feasible(state: State, goal: GoalNow, plan: Outline) -> Outline:
    """What of an outline can be done in the campaigns that really are ACTIVE."""
    hold, failed = _first_hold(state, goal, active_testing(state, goal.key))
    if hold is not None:
        return replace(plan, resumed=(), cells=(), hold=hold, failed=failed)
    resumed = [a for a in plan.resumed if state.campaigns[a.campaign_id].status == "ACTIVE"]
    nothing_is_left = bool(plan.resumed) and not resumed and not plan.cells
    hold, failed = _CLOSED if nothing_is_left else (plan.hold, plan.failed)
    return replace(plan, resumed=resumed, hold=hold, failed=failed)


def since_removed(name: str, state: State, campaigns: Sequence[CampaignNow]) -> Gate | None:
    """How long ago a person removed the last of ``campaigns``, against ``recreate_after_days``.

    Null when one of them lives, or none was removed.
    """
    if any(c.status in {"ACTIVE", "PAUSED"} for c in campaigns):
        return None
    removed_at = max((c.removed_at for c in campaigns if c.removed_at is not None), default=None)
    if removed_at is None:
        return None
    wait = timedelta(days=state.policy.recreate_after_days)
    return Gate(name, state.snapshot.now - removed_at, "at least", wait, "days")


def _first_hold(state: State, goal: GoalNow, opened: Sequence[CampaignNow]) -> _Reason:
    """The first reason to leave the goal's learning as it is, with the gate that failed.

    ``opened`` are the goal's learning campaigns that run, by age.
    """
    hold = _before_budget(state, goal.key, goal.missing, opened)
    if hold[0] is not None:
        return hold
    if goal.budget_minor and goal.has_learning and goal.learning_minor < goal.minimum_minor:
        return "budget_below_minimum", (learning_budget(goal),)
    return _after_budget(state, goal.key, opened)


def _before_budget(
    state: State, goal_key: str, missing: Sequence[str], opened: Sequence[CampaignNow]
) -> _Reason:
    if goal_key not in state.audiences:
        return "no_template", ()
    if missing:
        return "not_ready", (Gate("missing", ", ".join(missing), "is", "nothing"),)
    hold = _campaign_hold(state, goal_key, opened)
    if hold[0] is None and goal_key not in state.usable:
        return "no_creative", (Gate("approved_creatives", 0, "at least", 1),)
    return hold


def _campaign_hold(state: State, goal_key: str, opened: Sequence[CampaignNow]) -> _Reason:
    """What a person did to the goal's learning campaigns."""
    if opened:
        return ("budget_moved", MOVED) if opened[0].is_moved else _NO_HOLD
    campaigns = campaigns_of(state, goal_key, "testing")
    by_person = sum(map(is_paused_by_person, campaigns))
    if by_person:
        return "paused_by_user", (Gate("learning_paused_by_person", by_person, "is", 0),)
    removed = since_removed("since_learning_removed", state, campaigns)
    if removed is not None and not removed.passed:
        return "removed_by_user", (removed,)
    return _NO_HOLD


def _after_budget(state: State, goal_key: str, opened: Sequence[CampaignNow]) -> _Reason:
    if opened:
        return _NO_HOLD
    paused = [c for c in campaigns_of(state, goal_key, "testing") if c.status == "PAUSED"]
    if paused:
        return ("no_events_anywhere", BLIND) if is_blind(paused[0]) else _CLOSED
    return _refused(state.refusals.gate("create_campaign", goal_key, "no_learning_campaign"))


BLIND: Evidence = (Gate("paused_for", "no events anywhere", "is", "reset by a person"),)
"""Behind the holds of what stays paused until a person resets it."""


def _refused(gate: Gate | None) -> _Reason:
    return _NO_HOLD if gate is None else ("refused_before", (gate,))


def learning_budget(goal: GoalNow) -> Gate:
    """A goal's learning budget, against the minimum for one ad set."""
    return Gate("learning_budget", goal.learning_minor, "at least", goal.minimum_minor, "minor")


def _resumable(state: State, opened: Sequence[CampaignNow]) -> list[AdSetNow]:
    """The ad sets that could be resumed in ``opened``, in the order in which they are."""
    found = [
        ad_set
        for campaign in opened
        if not campaign.is_moved
        for ad_set in ad_sets_of(state, campaign.id)
        if ad_set.status == "PAUSED" and is_paused_by_us(ad_set) and _is_resumable(state, ad_set)
    ]
    return sorted(best_first(found), key=lambda a: _CLASSES.index(resumed_as(a))) if found else []


_CLASSES = ("budget_fits_again", "delivers_again", "events_arrived")


def resumed_as(ad_set: AdSetNow) -> str:
    """The reason of an ad set's resume, by that of its pause."""
    return _RESUMED_AS.get(ad_set.paused_reason, "delivers_again")


def _is_resumable(state: State, ad_set: AdSetNow) -> bool:
    """Whether the reason of its pause is over, and it has a daily budget that can be set."""
    if ad_set.has_lifetime_budget or not would_deliver(state, ad_set):
        return False
    if ad_set.paused_reason == "below_minimum_budget":
        return True
    return ad_set.id in state.arrived if ad_set.paused_reason == "loser" else may_deliver_again(state, ad_set)


def shares_of(goal: GoalNow, plan: Outline) -> Shares:
    """Share the learning budget equally; the oldest get what does not divide."""
    ad_sets = by_age([*plan.retained, *plan.resumed])
    n = len(ad_sets) + len(plan.cells)
    shares = equal_shares(goal.learning_minor, n) if n else []
    by_id = {a.id: share for a, share in zip(ad_sets, shares, strict=False)}
    return Shares(by_id, shares[len(ad_sets) :])
