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
from datetime import timedelta
from typing import NamedTuple

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.rules.actions import REDUCTION_FAILED, ActionFactory, hold_for, live_budget
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
    """What a goal's learning will be: what is retained, resumed and opened, and the first hold.

    With ``no_template`` or a hold, nothing is resumed or opened; ``failed`` is the gate behind the hold.
    ``shares`` has the daily budget of every retained and resumed ad set by id, ``cell_shares`` that of each
    new one in cell order.
    """

    retained: tuple[AdSetNow, ...]
    resumed: tuple[AdSetNow, ...]
    cells: tuple[Cell, ...]
    hold: str | None
    failed: Evidence
    shares: dict[str, int]
    cell_shares: list[int]


_NO_HOLD: tuple[None, Evidence] = (None, ())
_ALL_TRIED = ("no_untested_cell", (Gate("untried_cells", 0, "at least", 1),))
_CLOSED = ("no_room", (Gate("learning_open", 0, "at least", 1),))


def learning(state: State) -> Taken:
    """Outline every active goal with a budget, and act on what the guardrail allows."""
    actions: list[Action] = []
    holds: list[Hold] = []
    errors: list[GoalError] = []
    live = state.live_minor
    planned = as_planned(state)
    for goal in working_goals(state):
        plan = outline(planned, goal)
        if planned is not state:
            plan = _feasible(state, goal, plan)
        if plan.hold == "no_template":
            errors.append(GoalError(step="learning", goal_key=goal.key, reason="no_template"))
        elif plan.hold is not None:
            holds.append(_hold(state, goal, plan.hold, plan.failed))
        if not plan.resumed and not plan.cells:
            continue
        wanted = _actions(state, goal, plan, live)
        together = live_budget(live + _rise_minor(plan), state.limits.cap)
        if state.reduction_failed:
            holds += [hold_for(a, "reduction_failed", REDUCTION_FAILED) for a in wanted if is_increase(a)]
        elif not together.passed:
            holds.append(_hold(state, goal, "no_room", (together,)))
        else:
            actions += wanted
            live += _rise_minor(plan)
    decision = Decision(actions=tuple(actions), holds=tuple(holds), errors=tuple(errors))
    return Taken(decision, fold(state, ((action, "success") for action in actions)))


def outline(state: State, goal: GoalNow) -> Outline:
    """What a goal's learning will be, from its campaigns in ``state``."""
    retained = learning_ad_sets(state, goal.key)
    hold = _first_hold(state, goal)
    if hold[0] is not None or len(retained) >= goal.n_max:
        return _shared(goal, retained, [], [], hold)
    missing = goal.n_max - len(retained)
    resumed = _fitting_again(state, goal)[:missing]
    cells = untried(state, goal)[: missing - len(resumed)]
    return _shared(goal, retained, resumed, cells, _NO_HOLD if resumed or cells else _ALL_TRIED)


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


def _feasible(state: State, goal: GoalNow, plan: Outline) -> Outline:
    """What of an outline can be done in the campaigns that really are ACTIVE."""
    hold, failed = _first_hold(state, goal)
    if hold is not None:
        return plan._replace(resumed=(), cells=(), hold=hold, failed=failed)
    resumed = tuple(a for a in plan.resumed if state.campaigns[a.campaign_id].status == "ACTIVE")
    nothing_is_left = bool(plan.resumed) and not resumed and not plan.cells
    hold, failed = _CLOSED if nothing_is_left else (plan.hold, plan.failed)
    return plan._replace(resumed=resumed, hold=hold, failed=failed)


def _rise_minor(plan: Outline) -> int:
    """What the resumed and the new ad sets of an outline may spend in a day, together."""
    return sum(plan.shares[a.id] for a in plan.resumed) + sum(plan.cell_shares)


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


def _first_hold(state: State, goal: GoalNow) -> tuple[str | None, Evidence]:
    """The first reason to leave the goal's learning as it is, with the gate that failed."""
    campaigns = campaigns_of(state, goal.key, "testing")
    is_closed = all(c.status != "ACTIVE" for c in campaigns)
    if goal.key not in state.audiences:
        return "no_template", ()
    by_person = sum(map(is_paused_by_person, campaigns)) if is_closed else 0
    if by_person:
        return "paused_by_user", (Gate("learning_paused_by_person", by_person, "is", 0),)
    removed = since_removed("since_learning_removed", state, campaigns) if is_closed else None
    if removed is not None and not removed.passed:
        return "removed_by_user", (removed,)
    if goal.key not in state.approved:
        return "no_creative", (Gate("approved_creatives", 0, "at least", 1),)
    if goal.learning_minor < goal.minimum_minor:
        return "budget_below_minimum", (learning_budget(goal),)
    return _CLOSED if is_closed and any(c.status == "PAUSED" for c in campaigns) else _NO_HOLD


def learning_budget(goal: GoalNow) -> Gate:
    """A goal's learning budget, against the minimum for one ad set."""
    return Gate("learning_budget", goal.learning_minor, "at least", goal.minimum_minor, "minor")


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
    """The ad sets once paused for want of budget, in retention order."""
    return best_first(
        ad_set
        for campaign in active_campaigns(state, goal.key, "testing")
        for ad_set in ad_sets_of(state, campaign.id)
        if is_paused_by_us(ad_set)
        and ad_set.paused_reason == "below_minimum_budget"
        and ad_set.creative_id not in state.unapproved
    )


def _shared(
    goal: GoalNow,
    retained: list[AdSetNow],
    resumed: list[AdSetNow],
    cells: list[Cell],
    hold: tuple[str | None, Evidence],
) -> Outline:
    """Share the learning budget equally; the oldest get what does not divide."""
    ad_sets = by_age([*retained, *resumed])
    n = len(ad_sets) + len(cells)
    shares = equal_shares(goal.learning_minor, n) if n else []
    return Outline(
        retained=tuple(retained),
        resumed=tuple(resumed),
        cells=tuple(cells),
        hold=hold[0],
        failed=hold[1],
        shares={a.id: share for a, share in zip(ad_sets, shares, strict=False)},
        cell_shares=shares[len(ad_sets) :],
    )


def _actions(state: State, goal: GoalNow, plan: Outline, live_minor: int) -> list[Action]:
    """Resumes (budget, then resume), campaign, cells in cell order."""
    factory = ActionFactory("learning", goal.key)
    actions: list[Action] = []
    fits = _Fits(goal, state.limits.cap, live_minor, len(plan.retained))
    for ad_set in plan.resumed:
        share = plan.shares[ad_set.id]
        before = fits.evidence(share)
        if share != ad_set.budget_minor:
            actions.append(factory.set_ad_set_budget(ad_set, share, "budget_fits_again", before))
        fits = fits.with_one(share)
        actions.append(factory.resume_ad_set(ad_set, "budget_fits_again", (*before, fits.live())))
    active = active_campaigns(state, goal.key, "testing")
    home = active[0].id if active else f"new:testing:{goal.key}"
    if plan.cells and not active:
        actions.append(factory.create_campaign(home, None, "no_learning_campaign", _NO_CAMPAIGN))
    for cell, share in zip(plan.cells, plan.cell_shares, strict=True):
        new = f"new:testing:{goal.key}:{cell.audience}:{cell.creative_id}"
        before, fits = fits.evidence(share), fits.with_one(share)
        actions.append(factory.create_ad_set((home, new), share, "new_test_cell", (*before, fits.live())))
    return actions


_NO_CAMPAIGN: Evidence = (Gate("learning_campaigns", 0, "less than", 1),)


class _Fits(NamedTuple):
    """Room for one more learning ad set of a goal: in number, for its budget, and under the cap."""

    goal: GoalNow
    cap_minor: int
    live_minor: int
    before: int

    def evidence(self, share: int) -> Evidence:
        """The gates of an ad set with a daily budget of ``share``, but for the guardrail."""
        goal = self.goal
        return (
            figure("learning_budget", goal.learning_minor, "minor"),
            Gate("learning_ad_sets", self.before, "less than", goal.n_max, "ad sets"),
            Gate("ad_set_budget", share, "at least", goal.minimum_minor, "minor"),
        )

    def with_one(self, share: int) -> _Fits:
        """The room once it runs."""
        return self._replace(live_minor=self.live_minor + share, before=self.before + 1)

    def live(self) -> Gate:
        """The guardrail for what runs by now."""
        return live_budget(self.live_minor, self.cap_minor)


def _hold(state: State, goal: GoalNow, reason: str, evidence: Evidence) -> Hold:
    factory = ActionFactory("learning", goal.key)
    campaigns = campaigns_of(state, goal.key, "testing")
    if reason == "paused_by_user":
        paused = next(c.id for c in campaigns if is_paused_by_person(c))
        return factory.hold("resume_campaign", reason, evidence, paused)
    homes = [c.id for status in ("ACTIVE", "PAUSED") for c in campaigns if c.status == status]
    if homes:
        return factory.hold("create_adset", reason, evidence, homes[0])
    return factory.hold("create_campaign", reason, evidence)
