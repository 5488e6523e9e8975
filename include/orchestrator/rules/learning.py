"""Step ``learning``: open untried test cells, and resume what may run again.

A cell is an approved creative that fits the goal (newest first) with an audience of the goal's template (by
position) whose interests are all there. One that any ad set of ours ever had, in whatever state, is tried
and not started again. Before new cells are opened (``new_test_cell``) these ad sets are resumed: paused for
``below_minimum_budget`` (``budget_fits_again``); paused because they could not run, and now they could
(``delivers_again``); losers that have ``min_events`` by now and cost no more than the median of the tests
that run (``events_arrived``: conversions come late). A goal has at most ``max_learning_adsets``, and no more
than its learning part feeds at the minimum each.

An ad set whose build was refused is finished (``new_test_cell``, with its id) once what it is built from
changed, or after ``refused_retry_hours``; a refused cell or campaign is not tried again sooner.

The first of these holds the whole goal: ``not_ready`` (it misses something of the user's),
``paused_by_user``, ``budget_moved`` (a person moved the budget of its campaign), ``removed_by_user`` (less
than ``recreate_after_days`` ago), ``no_creative``, ``budget_below_minimum``, ``no_events_anywhere``,
``no_room`` (its only campaigns are paused), ``refused_before``, ``no_untested_cell``, ``no_room`` (all of it
together would pass the cap). Without a template the goal has the error ``no_template``. A goal that can run
nothing has only its hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.division.learning_outline import (
    Outline,
    Shares,
    active_testing,
    as_planned,
    feasible,
    outline,
    resumed_as,
    shares_of,
)
from orchestrator.rules.guardrail import admit_together, live_gate
from orchestrator.rules.resumability import open_campaigns
from orchestrator.rules.state import (
    Cell,
    GoalNow,
    State,
    Taken,
    active_goals,
    campaigns_of,
    is_paused_by_person,
)


def learning(state: State) -> Taken:
    """Outline every active goal with a budget, and act on what the guardrail allows."""
    actions: list[Action] = []
    holds: list[Hold] = []
    errors: list[GoalError] = []
    after = state
    for goal, whole, plan in _outlines(state):
        if plan.hold == "no_template":
            errors.append(GoalError(step="learning", goal_key=goal.key, reason="no_template"))
        elif plan.hold is not None:
            holds.append(_hold(state, goal, plan.hold, plan.failed))
        if not plan.resumed and not plan.cells:
            continue
        fits = _Fits(goal, state.limits.cap, after.live_minor, len(plan.retained))
        wanted = _actions(state, plan, shares_of(goal, whole), fits)
        together = admit_together(after, wanted)
        if together.passed:
            actions += wanted
            after = together.after
        else:
            holds += together.unsure or [_hold(state, goal, "no_room", (together.live,))]
    return Taken(Decision(actions=tuple(actions), holds=tuple(holds), errors=tuple(errors)), after)


def _outlines(state: State) -> Iterator[tuple[GoalNow, Outline, Outline]]:
    """Each goal with a budget, or idle, with its outline, by which shares go, and what of it can be done."""
    planned = as_planned(state)
    for goal in active_goals(state):
        if goal.budget_minor or goal.is_idle:
            whole = outline(planned, goal)
            is_as_planned = planned is state or goal.is_idle
            yield goal, whole, whole if is_as_planned else feasible(state, goal, whole)


def _actions(state: State, plan: Outline, shares: Shares, fits: _Fits) -> list[Action]:
    """Resumes (budget, then resume), campaign, cells in cell order."""
    goal = fits.goal
    factory = ActionFactory("learning", goal.key)
    actions: list[Action] = []
    for ad_set in plan.resumed:
        share, reason = shares.ad_sets[ad_set.id], resumed_as(ad_set)
        before = (*state.arrived.get(ad_set.id, ()), *fits.evidence(share))
        if share != ad_set.budget_minor:
            actions.append(factory.set_ad_set_budget(ad_set, share, reason, before))
        fits = fits.with_one(share)
        actions.append(factory.resume_ad_set(ad_set, reason, (*before, fits.live())))
    active = active_testing(state, goal.key)
    home = active[0].id if active else f"new:testing:{goal.key}"
    if plan.cells and not active:
        actions.append(factory.create_campaign(home, None, "no_learning_campaign", _NO_CAMPAIGN))
    for cell, share in zip(plan.cells, shares.cells, strict=True):
        new = (home, f"new:testing:{goal.key}:{cell.audience}:{cell.creative_id}")
        before, fits = fits.evidence(share), fits.with_one(share)
        ids = _begun(state, cell) or new
        actions.append(factory.create_ad_set(ids, share, "new_test_cell", (*before, fits.live())))
    return actions


def _begun(state: State, cell: Cell) -> tuple[str, str] | None:
    """The ids of the half-made ad set that a cell is opened in, where its campaign runs."""
    for ad_set in cell.begun:
        campaign = state.campaigns[ad_set.campaign_id]
        can_be_opened = campaign.role == "testing" and campaign.status == "ACTIVE" and not campaign.is_moved
        if can_be_opened and not ad_set.has_lifetime_budget:
            return campaign.id, ad_set.id
    return None


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
        return live_gate(self.live_minor, self.cap_minor)


def _hold(state: State, goal: GoalNow, reason: str, evidence: Evidence) -> Hold:
    factory = ActionFactory("learning", goal.key)
    campaigns = campaigns_of(state, goal.key, "testing")
    if reason == "paused_by_user":
        paused = next(c.id for c in campaigns if is_paused_by_person(c))
        return factory.hold("resume_campaign", reason, evidence, paused)
    opened = open_campaigns(state, goal.key) if goal.is_idle else active_testing(state, goal.key)
    if reason == "budget_moved":  # also that of one whose resume was refused: shares were divided with it
        moved = [c for c in (*opened[:1], *open_campaigns(state, goal.key)) if c.is_moved]
        return factory.hold("create_adset", reason, evidence, moved[0].id)
    homes = [c.id for c in (*opened, *campaigns) if c.status in {"ACTIVE", "PAUSED"}]
    if homes:
        return factory.hold("create_adset", reason, evidence, homes[0])
    return factory.hold("create_campaign", reason, evidence)
