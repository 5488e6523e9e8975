"""Step ``promote``: copy each goal's winners into its scaling campaign, and make room for it.

Into the first ACTIVE scaling campaign; else into one that ran dry, revived; else into a new one, with
the goal's scaling part as its budget. To create or revive, the learning ad sets are lowered to their
equal share of the learning part (``make_room``), and the worst it cannot feed are paused. The winner
stays in learning.

Holds, the first that applies: ``auto_scale_off``, ``cooldown`` (the ad set or its creative was
promoted, or may have been, less than ``promotion_cooldown_hours`` ago), ``paused_by_user``,
``unverified_copy``, ``removed_by_user``, ``scaling_budget_below_minimum``, ``budget_below_minimum``,
``no_room``. Reductions of all goals stand first; each promotion is checked as a whole with those before
it counted as made.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from orchestrator.domain.model import Action, Decision, Hold, Winner
from orchestrator.rules.actions import ActionFactory, hold_for
from orchestrator.rules.apportionment import equal_shares
from orchestrator.rules.fold import fold, is_increase
from orchestrator.rules.freshness import is_stale, stale
from orchestrator.rules.learning import were_removed_lately
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    active_goals,
    best_first,
    by_age,
    campaigns_of,
    cbo_minimum,
    is_in_creation,
    is_paused_by_person,
    is_paused_by_us,
    learning_ad_sets,
)
from orchestrator.rules.winners.thresholds import copied_ad_sets, select_winners


class Promotion(NamedTuple):
    """The actions of one promotion: what makes room for it, and what it opens."""

    reductions: tuple[Action, ...] = ()
    rises: tuple[Action, ...] = ()


_NONE = Promotion()


def promote(state: State) -> Taken:
    """Judge every active goal, then promote winner by winner as far as the guardrail allows.

    Each promotion is checked as a whole, with those before it counted as made. The reductions of all
    of them come first.
    """
    if is_stale(state):
        return stale(state, "promote", "promote_winner")
    made: list[Promotion] = []
    holds: list[Hold] = []
    winners: list[Winner] = []
    copied = copied_ad_sets(state)
    for goal in active_goals(state):
        factory = ActionFactory("promote", goal.key)
        judged = select_winners(state, goal, copied)
        holds += [factory.hold("promote_winner", why, a.campaign_id, a.id) for a, why in judged.held]
        for ad_set, winner in judged.winners:
            winners.append(winner)
            promotion, state, refused = promoted(state, goal, ad_set)
            made.append(promotion)
            holds += refused
    reductions = chain.from_iterable(promotion.reductions for promotion in made)
    rises = chain.from_iterable(promotion.rises for promotion in made)
    decision = Decision(actions=(*reductions, *rises), holds=tuple(holds), winners=tuple(winners))
    return Taken(decision, state)


def promoted(state: State, goal: GoalNow, winner: AdSetNow) -> tuple[Promotion, State, list[Hold]]:
    """One winner's promotion and the state after it, or none and why not."""
    wanted, reason = wanted_for(state, goal, winner)
    if reason is None and state.reduction_failed:
        return (
            _NONE,
            state,
            [hold_for(action, "reduction_failed") for action in wanted.rises if is_increase(action)],
        )
    if reason is None:
        after = fold(state, ((action, "success") for action in (*wanted.reductions, *wanted.rises)))
        if after.live_minor <= state.limits.cap:
            return wanted, after, []
    hold = ActionFactory("promote", goal.key).hold(
        "promote_winner", reason or "no_room", winner.campaign_id, winner.id
    )
    return _NONE, state, [hold]


def wanted_for(state: State, goal: GoalNow, winner: AdSetNow) -> tuple[Promotion, str | None]:
    """One winner's promotion, unchecked by the guardrail; or the first hold that applies."""
    active = active_campaigns(state, goal.key, "scaling")
    reason = _hold_of_winner(state, winner) or (None if active else _hold_of_campaigns(state, goal))
    if reason is not None:
        return _NONE, reason
    if active:
        return _into(goal, winner, active[0], len(active_ad_sets(state, active[0].id)))
    return _opened(state, goal, winner)


def _hold_of_winner(state: State, winner: AdSetNow) -> str | None:
    if not state.snapshot.settings.auto_scale_winners:
        return "auto_scale_off"
    return "cooldown" if _is_cooling(state, winner) else None


def _is_cooling(state: State, winner: AdSetNow) -> bool:
    """The ad set or its creative was promoted, or may have been, not long ago."""
    at = last_promoted_at(state, winner)
    cooldown = timedelta(hours=state.policy.promotion_cooldown_hours)
    return at is not None and state.snapshot.now - at < cooldown


def last_promoted_at(state: State, winner: AdSetNow) -> datetime | None:
    """When the ad set or its creative was last promoted, or may have been; null when it never was."""
    past = [
        (row.adset_id, row.creative_id, row.at)
        for row in state.snapshot.history
        if row.action_type == "promote_winner" and row.status != "failed"
    ]
    past += [(adset_id, creative_id, state.snapshot.now) for adset_id, creative_id in state.promoted]
    return max(
        (
            at
            for adset_id, creative_id, at in past
            if adset_id == winner.id or (creative_id is not None and creative_id == winner.creative_id)
        ),
        default=None,
    )


def _hold_of_campaigns(state: State, goal: GoalNow) -> str | None:
    """Why no scaling campaign may be opened; only asked when none is ACTIVE."""
    campaigns = campaigns_of(state, goal.key, "scaling")
    if any(is_paused_by_person(c) for c in campaigns):
        return "paused_by_user"
    if any(is_in_creation(c) for c in campaigns):
        return "unverified_copy"
    return "removed_by_user" if were_removed_lately(state, campaigns) else None


def _into(
    goal: GoalNow, winner: AdSetNow, campaign: CampaignNow, running: int
) -> tuple[Promotion, str | None]:
    """Copy into a campaign that runs."""
    if campaign.budget_minor < cbo_minimum(goal, running + 1):
        return _NONE, "scaling_budget_below_minimum"
    return Promotion((), (ActionFactory("promote", goal.key).promote(winner, campaign.id),)), None


def _opened(state: State, goal: GoalNow, winner: AdSetNow) -> tuple[Promotion, str | None]:
    """Create a scaling campaign, or revive the first that ran dry."""
    paused = [c for c in campaigns_of(state, goal.key, "scaling") if is_paused_by_us(c)]
    dry = [c for c in paused if _ran_dry(state, c)]
    if paused and not dry:
        return _NONE, "no_room"
    if goal.scaling_if_split < goal.minimum_minor:
        return _NONE, "scaling_budget_below_minimum"
    if goal.learning_if_split < goal.minimum_minor:
        return _NONE, "budget_below_minimum"
    opening = _revive(goal, winner, dry[0]) if dry else _create(goal, winner)
    return Promotion(_make_room(state, goal, winner), opening), None


def _ran_dry(state: State, campaign: CampaignNow) -> bool:
    """Paused for ``no_active_adset``, or as good as: paused with nothing in it that could run."""
    if campaign.paused_reason == "no_active_adset":
        return True
    return campaign.paused_reason != "no_events_anywhere" and not active_ad_sets(state, campaign.id)


def _create(goal: GoalNow, winner: AdSetNow) -> tuple[Action, ...]:
    factory = ActionFactory("promote", goal.key)
    new = f"new:scaling:{goal.key}"
    return (
        factory.create_campaign(new, goal.scaling_if_split, "winner"),
        factory.promote(winner, new),
        factory.resume_campaign(new, "winner"),
    )


def _revive(goal: GoalNow, winner: AdSetNow, campaign: CampaignNow) -> tuple[Action, ...]:
    factory = ActionFactory("promote", goal.key)
    opening = (factory.promote(winner, campaign.id), factory.resume_campaign(campaign.id, "winner"))
    if campaign.budget_minor == goal.scaling_if_split:
        return opening
    return (factory.set_campaign_budget(campaign, goal.scaling_if_split, "winner"), *opening)


def others_best_first(state: State, goal: GoalNow, winner: AdSetNow) -> list[AdSetNow]:
    """The goal's other learning ad sets, in the order in which the budget feeds them after the winner."""
    return best_first(a for a in learning_ad_sets(state, goal.key) if a.id != winner.id)


def _make_room(state: State, goal: GoalNow, winner: AdSetNow) -> tuple[Action, ...]:
    """Lower the learning ad sets to their equal share beside a scaling campaign; none is raised.

    The worst that the smaller budget cannot feed are paused; the winner counts as the best.
    """
    factory = ActionFactory("promote", goal.key)
    others = others_best_first(state, goal, winner)
    fed = goal.learning_if_split // goal.minimum_minor
    kept = by_age([winner, *others[: fed - 1]])
    pauses = [factory.pause_ad_set(a, "below_minimum_budget") for a in by_age(others[fed - 1 :])]
    shares = equal_shares(goal.learning_if_split, len(kept))
    decreases = [
        factory.set_ad_set_budget(ad_set, share, "make_room")
        for ad_set, share in zip(kept, shares, strict=True)
        if share < ad_set.budget_minor
    ]
    return (*pauses, *decreases)
