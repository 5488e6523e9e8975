"""Step ``promote``: copy each goal's winners into its scaling campaign, and make room for it.

Into the first ACTIVE scaling campaign; else into one that ran dry, revived; else into a new one, with
the goal's scaling part as its budget. To create or revive, the learning ad sets are lowered to their
equal share of the learning part (``make_room``), and the worst it cannot feed are paused. The winner
stays in learning.

Holds, the first that applies: ``auto_scale_off``, a breaker, ``refused_before`` (the copy, or the campaign
to create, was refused less than ``refused_retry_hours`` ago), ``cooldown`` (the ad set or its creative was
promoted, or may have been, less than ``promotion_cooldown_hours`` ago), ``paused_by_user``,
``budget_moved`` (a person moved the budget of the scaling campaign or, to create or revive one, of the
learning campaign), ``unverified_copy``, ``removed_by_user``, ``scaling_budget_below_minimum``,
``budget_below_minimum``, ``no_room``. Reductions of all goals come first; each promotion is checked as a
whole with those before it counted as made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from orchestrator.domain.evidence import Evidence, Gate, figure, first_failed
from orchestrator.domain.model import Action, Decision, Hold, Winner
from orchestrator.rules.actions import MOVED, ActionFactory, switch, with_gate
from orchestrator.rules.division.apportionment import equal_shares
from orchestrator.rules.division.learning_outline import since_removed
from orchestrator.rules.freshness import is_stale, stale, trusted_goals
from orchestrator.rules.guardrail import admit_together
from orchestrator.rules.resumability import is_dry
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_campaigns,
    active_count,
    best_first,
    by_age,
    campaigns_of,
    cbo_minimum,
    is_in_creation,
    is_paused_by_person,
    is_paused_by_us,
    learning_ad_sets,
)
from orchestrator.rules.winners.selection import copies_in, select_winners


class Promotion(NamedTuple):
    """The actions of one promotion: what makes room for it, and what it opens."""

    reductions: tuple[Action, ...] = ()
    rises: tuple[Action, ...] = ()


class _Candidate(Struct, frozen=True, gc=False):
    """One winner of a goal; ``won`` is why it won, ``may`` why it may be promoted, or not."""

    goal: GoalNow
    ad_set: AdSetNow
    won: Evidence
    may: Evidence = ()


_NONE = Promotion()


def promote(state: State) -> Taken:
    """Judge every active goal, then promote winner by winner as far as the guardrail allows.

    Each promotion is checked as a whole, with those before it counted as made. The reductions of all
    of them come first.
    """
    if is_stale(state):
        return stale(state, "promote", "promote_winner")
    goals, holds = trusted_goals(state, "promote", "promote_winner")
    made: list[Promotion] = []
    winners: list[Winner] = []
    copied = copies_in(state)
    for goal in goals:
        factory = ActionFactory("promote", goal.key)
        selection = select_winners(state, goal, copied)
        holds += [
            factory.hold("promote_winner", reason, evidence, a.campaign_id, a.id)
            for a, reason, evidence in selection.held
        ]
        for ad_set, winner, evidence in selection.winners:
            winners.append(winner)
            promotion, state, refused = _promoted(state, _Candidate(goal, ad_set, evidence))
            made.append(promotion)
            holds += refused
    reductions = chain.from_iterable(promotion.reductions for promotion in made)
    rises = chain.from_iterable(promotion.rises for promotion in made)
    decision = Decision(actions=(*reductions, *rises), holds=tuple(holds), winners=tuple(winners))
    return Taken(decision, state)


def _promoted(state: State, winner: _Candidate) -> tuple[Promotion, State, list[Hold]]:
    """One winner's promotion and the state after it, or none and why not."""
    reason, may = first_failed(_permission(state, winner))
    winner = replace(winner, may=may)
    if reason is not None:
        return _NONE, state, [_hold(winner, reason, may)]
    wanted = _wanted(state, winner)
    whole = admit_together(state, (*wanted.reductions, *wanted.rises))
    if not whole.passed:
        return _NONE, state, whole.unsure or [_hold(winner, "no_room", (*may, whole.live))]
    *before, last = wanted.rises
    if last.action_type == "resume_campaign":
        wanted = wanted._replace(rises=(*before, with_gate(last, whole.live)))
    return wanted, whole.after, []


def _hold(winner: _Candidate, reason: str, why: Evidence) -> Hold:
    factory, ad_set = ActionFactory("promote", winner.goal.key), winner.ad_set
    return factory.hold("promote_winner", reason, winner.won + why, ad_set.campaign_id, ad_set.id)


def _permission(state: State, winner: _Candidate) -> Iterator[tuple[str, Gate]]:
    """What must be so before a winner is promoted, but for the guardrail."""
    yield "auto_scale_off", switch("auto_scale", is_on=state.snapshot.settings.auto_scale_winners)
    if state.breakers.tripped is not None:
        *figures, gate = state.breakers.tripped.evidence
        yield from (("", each) for each in figures)
        yield state.breakers.tripped.reason, gate
    campaigns = campaigns_of(state, winner.goal.key, "scaling")
    yield from _refused(state, winner, campaigns)
    promoted_at = _last_promoted_at(state, winner.ad_set)
    if promoted_at is not None:
        since = state.snapshot.now - promoted_at
        cooldown = timedelta(hours=state.policy.promotion_cooldown_hours)
        yield "cooldown", Gate("since_promotion", since, "at least", cooldown, "hours")
    active = _first_active(campaigns)
    yield from (
        _opening(state, winner.goal, campaigns) if active is None else _running(state, winner.goal, active)
    )


def _refused(state: State, winner: _Candidate, campaigns: Sequence[CampaignNow]) -> list[tuple[str, Gate]]:
    """Whether the copy was refused lately, or the campaign that would have to be created for it."""
    gates = [state.refusals.gate("promote_winner", winner.ad_set.id)]
    if all(c.status not in {"ACTIVE", "PAUSED"} for c in campaigns):
        gates.append(state.refusals.gate("create_campaign", winner.goal.key, "winner"))
    return [("refused_before", gate) for gate in gates if gate is not None]


def _running(state: State, goal: GoalNow, campaign: CampaignNow) -> Iterator[tuple[str, Gate]]:
    """Whether a campaign that runs can feed one more."""
    if campaign.is_moved:
        yield "budget_moved", MOVED[0]
    running = active_count(state, campaign.id) + 1
    budget, least = campaign.budget_minor, cbo_minimum(goal, running)
    yield "", figure("running", running, "ad sets")
    yield "scaling_budget_below_minimum", Gate("campaign_budget", budget, "at least", least, "minor")


def _opening(state: State, goal: GoalNow, campaigns: Sequence[CampaignNow]) -> Iterator[tuple[str, Gate]]:
    """Whether a scaling campaign may be created or revived; none is ACTIVE."""
    by_person = sum(map(is_paused_by_person, campaigns))
    yield "paused_by_user", Gate("scaling_paused_by_person", by_person, "is", 0)
    if _has_moved(state, goal, campaigns):
        yield "budget_moved", MOVED[0]
    yield "unverified_copy", Gate("scaling_unfinished", sum(map(is_in_creation, campaigns)), "is", 0)
    removed = since_removed("since_scaling_removed", state, campaigns)
    if removed is not None:
        yield "removed_by_user", removed
    paused = [c for c in campaigns if is_paused_by_us(c)]
    if paused and _first_dry(state, paused) is None:
        yield "", figure("paused_reason", paused[0].paused_reason or "goal_inactive")
        yield "no_room", Gate("scaling_open", 0, "at least", 1)
    minimum, part = goal.minimum_minor, goal.scaling_if_split
    yield "scaling_budget_below_minimum", Gate("scaling_part", part, "at least", minimum, "minor")
    left = goal.learning_if_split
    yield "budget_below_minimum", Gate("learning_part", left, "at least", minimum, "minor")


def _has_moved(state: State, goal: GoalNow, campaigns: Sequence[CampaignNow]) -> bool:
    """Whether a person moved a budget that creating or reviving a scaling campaign would have to lower."""
    living = [c for c in campaigns if c.status == "PAUSED"]
    dry = _first_dry(state, living)
    if living and dry is None:
        return False
    testing = active_campaigns(state, goal.key, "testing")
    return (dry is not None and dry.is_moved) or (bool(testing) and testing[0].is_moved)


def _last_promoted_at(state: State, winner: AdSetNow) -> datetime | None:
    """When the ad set or its creative was last promoted, or may have been; null when it never was."""
    for adset_id, creative_id in state.promoted:
        if _is_same(winner, adset_id, creative_id):
            return state.snapshot.now
    past = [
        row.at
        for row in state.snapshot.history
        if row.action_type == "promote_winner"
        and row.status != "failed"
        and _is_same(winner, row.adset_id, row.creative_id)
    ]
    return max(past, default=None)


def _is_same(winner: AdSetNow, adset_id: str | None, creative_id: str | None) -> bool:
    """Whether what was promoted is the winner, or has its creative."""
    return adset_id == winner.id or (creative_id is not None and creative_id == winner.creative_id)


def _wanted(state: State, winner: _Candidate) -> Promotion:
    """One winner's promotion, unchecked by the guardrail."""
    goal = winner.goal
    factory = ActionFactory("promote", goal.key)
    campaigns = campaigns_of(state, goal.key, "scaling")
    active = _first_active(campaigns)
    if active is not None:
        return Promotion((), (factory.promote(winner.ad_set, active.id, winner.won + winner.may),))
    dry = _first_dry(state, campaigns)
    opening = _revive(winner, dry) if dry is not None else _create(winner)
    return Promotion(_make_room(state, winner), opening)


def _first_active(campaigns: Sequence[CampaignNow]) -> CampaignNow | None:
    """The one that a winner is copied into: the oldest that runs."""
    for campaign in campaigns:
        if campaign.status == "ACTIVE":
            return campaign
    return None


def _first_dry(state: State, campaigns: Sequence[CampaignNow]) -> CampaignNow | None:
    """The one to revive: the first that was paused with nothing in it that could run."""
    return next((c for c in campaigns if is_dry(state, c)), None)


def _create(winner: _Candidate) -> tuple[Action, ...]:
    goal = winner.goal
    factory = ActionFactory("promote", goal.key)
    new, why = f"new:scaling:{goal.key}", _because(winner)
    return (
        factory.create_campaign(new, goal.scaling_if_split, "winner", why),
        factory.promote(winner.ad_set, new, winner.won + winner.may),
        factory.resume_campaign(new, "winner", why),
    )


def _revive(winner: _Candidate, campaign: CampaignNow) -> tuple[Action, ...]:
    goal, why = winner.goal, _because(winner)
    factory = ActionFactory("promote", goal.key)
    opening = (
        factory.promote(winner.ad_set, campaign.id, winner.won + winner.may),
        factory.resume_campaign(campaign.id, "winner", why),
    )
    if campaign.budget_minor == goal.scaling_if_split:
        return opening
    return (factory.set_campaign_budget(campaign, goal.scaling_if_split, "winner", why), *opening)


def _because(winner: _Candidate) -> Evidence:
    """Why a campaign is opened: which ad set won, what it cost an event, and that it may be promoted."""
    cost = [
        gate if not gate.operator else figure(gate.name, gate.have, gate.unit)
        for gate in winner.won
        if gate.name in {"compared", "median", "cost"}
    ]
    return (figure("winner", winner.ad_set.id), *cost, *winner.may)


def _make_room(state: State, winner: _Candidate) -> tuple[Action, ...]:
    """Lower the learning ad sets to their equal share beside a scaling campaign; none is raised.

    The worst that the smaller budget cannot feed are paused; the winner counts as the best.
    """
    goal, part = winner.goal, figure("learning_part", winner.goal.learning_if_split, "minor")
    factory = ActionFactory("promote", goal.key)
    sharing = learning_ad_sets(state, goal.key)
    others = best_first(a for a in sharing if a.id != winner.ad_set.id)
    first = [winner.ad_set] if len(others) < len(sharing) else []
    fed = goal.learning_if_split // goal.minimum_minor
    fitting = fed - len(first)
    retained = by_age([*first, *others[:fitting]])
    place = {ad_set.id: n for n, ad_set in enumerate(others[fitting:], fed + 1)}
    fits = (part, figure("minimum", goal.minimum_minor, "minor"), figure("fed", fed, "ad sets"))
    pauses = [
        factory.pause_ad_set(a, "below_minimum_budget", (*fits, _after_winner(place[a.id], fed)))
        for a in by_age(others[fitting:])
    ]
    whole = figure("goal_budget", goal.budget_minor, "minor")
    shares = equal_shares(goal.learning_if_split, len(retained)) if retained else []
    decreases = [
        factory.set_ad_set_budget(
            a, share, "make_room", (part, whole, Gate("share", share, "less than", a.budget_minor, "minor"))
        )
        for a, share in zip(retained, shares, strict=True)
        if share < a.budget_minor
    ]
    return (*pauses, *decreases)


def _after_winner(place: int, fed: int) -> Gate:
    """An ad set's place behind the winner, among those that the learning part feeds."""
    return Gate("place_after_winner", place, "more than", fed, "ad sets")
