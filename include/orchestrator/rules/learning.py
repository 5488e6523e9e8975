"""Step ``learning``: open untried test cells, and resume what the budget fits again.

A cell is an approved creative (newest first) with an audience of the goal's template (by position). One
that any ad set of the goal ever had, in whatever state, is tried and not started again; only ad sets
paused for ``below_minimum_budget`` are resumed (``budget_fits_again``), before new cells are opened
(``new_test_cell``). A goal has at most ``max_learning_adsets``, and no more than its learning part
feeds at the minimum each.

The first of these holds the whole goal: ``paused_by_user``, ``removed_by_user`` (less than
``recreate_after_days`` ago), ``no_creative``, ``budget_below_minimum``, ``no_room`` (its only campaigns
are paused), ``no_untested_cell``, ``no_room`` (all of it together would pass the cap). Without a
template the goal has the error ``no_template``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.rules.actions import ActionFactory, hold_for
from orchestrator.rules.apportionment import equal_shares
from orchestrator.rules.fold import fold, is_increase
from orchestrator.rules.resumability import comes_back
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_campaigns,
    ad_sets_of,
    best_first,
    by_age,
    campaigns_of,
    goal_ad_sets,
    is_paused_by_person,
    is_paused_by_us,
    learning_ad_sets,
    working_goals,
)


class Cell(NamedTuple):
    """One thing to test: an audience with a creative."""

    audience: str
    creative_id: str


class Outline(NamedTuple):
    """What a goal's learning will be: what is kept, resumed and opened, and the first hold.

    With ``no_template`` or a hold, nothing is resumed or opened. ``shares`` has the daily budget of
    every kept and resumed ad set by id, ``cell_shares`` that of each new one in cell order.
    """

    kept: tuple[AdSetNow, ...]
    resumed: tuple[AdSetNow, ...]
    cells: tuple[Cell, ...]
    hold: str | None
    shares: dict[str, int]
    cell_shares: list[int]


def learning(state: State) -> Taken:
    """Outline every active goal with a budget, and act on what the guardrail allows."""
    actions: list[Action] = []
    holds: list[Hold] = []
    errors: list[GoalError] = []
    live = state.live_minor
    planned = as_planned(state)
    for goal in working_goals(state):
        plan = feasible(state, goal, outline(planned, goal))
        if plan.hold == "no_template":
            errors.append(GoalError(step="learning", goal_key=goal.key, reason="no_template"))
        elif plan.hold is not None:
            holds.append(_hold(state, goal, plan.hold))
        if not plan.resumed and not plan.cells:
            continue
        wanted = _actions(state, goal, plan)
        rise = rise_minor(plan)
        if state.reduction_failed:
            holds += [hold_for(action, "reduction_failed") for action in wanted if is_increase(action)]
        elif live + rise > state.limits.cap:
            holds.append(_hold(state, goal, "no_room"))
        else:
            actions += wanted
            live += rise
    decision = Decision(actions=tuple(actions), holds=tuple(holds), errors=tuple(errors))
    return Taken(decision, fold(state, ((action, "success") for action in actions)))


def outline(state: State, goal: GoalNow) -> Outline:
    """What a goal's learning will be, from its campaigns as they stand in ``state``."""
    kept = learning_ad_sets(state, goal.key)
    hold = _first_hold(state, goal)
    if hold is not None or len(kept) >= goal.n_max:
        return _shared(goal, kept, [], [], hold)
    missing = goal.n_max - len(kept)
    resumed = _fitting_again(state, goal)[:missing]
    cells = untried(state, goal)[: missing - len(resumed)]
    return _shared(goal, kept, resumed, cells, None if resumed or cells else "no_untested_cell")


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
    hold = _first_hold(state, goal)
    if hold is not None:
        return plan._replace(resumed=(), cells=(), hold=hold)
    resumed = tuple(a for a in plan.resumed if state.campaigns[a.campaign_id].status == "ACTIVE")
    nothing_is_left = bool(plan.resumed) and not resumed and not plan.cells
    return plan._replace(resumed=resumed, hold="no_room" if nothing_is_left else plan.hold)


def rise_minor(plan: Outline) -> int:
    """What the resumed and the new ad sets of an outline may spend in a day, together."""
    return sum(plan.shares[a.id] for a in plan.resumed) + sum(plan.cell_shares)


def were_removed_lately(state: State, campaigns: Sequence[CampaignNow]) -> bool:
    """None of ``campaigns`` lives, and a person removed the last one only a few days ago."""
    if any(c.status in {"ACTIVE", "PAUSED"} for c in campaigns):
        return False
    removed_at = last_removed_at(campaigns)
    if removed_at is None:
        return False
    return state.snapshot.now - removed_at < timedelta(days=state.policy.recreate_after_days)


def last_removed_at(campaigns: Sequence[CampaignNow]) -> datetime | None:
    """When the last of ``campaigns`` was removed; null when none was."""
    return max((c.removed_at for c in campaigns if c.removed_at is not None), default=None)


def _first_hold(state: State, goal: GoalNow) -> str | None:
    """The first reason to leave the goal's learning as it is."""
    campaigns = campaigns_of(state, goal.key, "testing")
    is_closed = all(c.status != "ACTIVE" for c in campaigns)
    if goal.key not in state.audiences:
        return "no_template"
    if is_closed and any(is_paused_by_person(c) for c in campaigns):
        return "paused_by_user"
    if were_removed_lately(state, campaigns):
        return "removed_by_user"
    if goal.key not in state.approved:
        return "no_creative"
    if goal.learning_minor < goal.minimum_minor:
        return "budget_below_minimum"
    return "no_room" if is_closed and any(c.status == "PAUSED" for c in campaigns) else None


def untried(state: State, goal: GoalNow) -> list[Cell]:
    """The cells no ad set of the goal ever had, creative by creative."""
    tried = {(a.audience, a.creative_id) for a in goal_ad_sets(state, goal.key)}
    cells = [
        Cell(audience, creative)
        for creative in state.approved[goal.key]
        for audience in state.audiences[goal.key]
    ]
    return [cell for cell in cells if cell not in tried]


def _fitting_again(state: State, goal: GoalNow) -> list[AdSetNow]:
    """The ad sets once paused for want of budget, in kept order."""
    return best_first(
        ad_set
        for campaign in active_campaigns(state, goal.key, "testing")
        for ad_set in ad_sets_of(state, campaign.id)
        if is_paused_by_us(ad_set)
        and ad_set.paused_reason == "below_minimum_budget"
        and ad_set.creative_id not in state.unapproved
    )


def _shared(
    goal: GoalNow, kept: list[AdSetNow], resumed: list[AdSetNow], cells: list[Cell], hold: str | None
) -> Outline:
    """Share the learning budget equally; the oldest get what does not divide."""
    standing = by_age([*kept, *resumed])
    n = len(standing) + len(cells)
    shares = equal_shares(goal.learning_minor, n) if n else []
    return Outline(
        kept=tuple(kept),
        resumed=tuple(resumed),
        cells=tuple(cells),
        hold=hold,
        shares={a.id: share for a, share in zip(standing, shares, strict=False)},
        cell_shares=shares[len(standing) :],
    )


def _actions(state: State, goal: GoalNow, plan: Outline) -> list[Action]:
    """Resumes (budget, then resume), campaign, cells in cell order."""
    factory = ActionFactory("learning", goal.key)
    actions: list[Action] = []
    for ad_set in plan.resumed:
        if plan.shares[ad_set.id] != ad_set.budget_minor:
            actions.append(factory.set_ad_set_budget(ad_set, plan.shares[ad_set.id], "budget_fits_again"))
        actions.append(factory.resume_ad_set(ad_set, "budget_fits_again"))
    active = active_campaigns(state, goal.key, "testing")
    home = active[0].id if active else f"new:testing:{goal.key}"
    if plan.cells and not active:
        actions.append(factory.create_campaign(home, None, "no_learning_campaign"))
    for cell, share in zip(plan.cells, plan.cell_shares, strict=True):
        new = f"new:testing:{goal.key}:{cell.audience}:{cell.creative_id}"
        actions.append(factory.create_ad_set(home, new, share, "new_test_cell"))
    return actions


def _hold(state: State, goal: GoalNow, reason: str) -> Hold:
    factory = ActionFactory("learning", goal.key)
    campaigns = campaigns_of(state, goal.key, "testing")
    if reason == "paused_by_user":
        return factory.hold(
            "resume_campaign", reason, next(c.id for c in campaigns if is_paused_by_person(c))
        )
    homes = [c.id for status in ("ACTIVE", "PAUSED") for c in campaigns if c.status == status]
    return (
        factory.hold("create_adset", reason, homes[0]) if homes else factory.hold("create_campaign", reason)
    )
