"""The state a run begins with: the snapshot in order, its amounts converted, its budget divided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from orchestrator.domain import money
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import AdSet, Campaign, Lifetime, Snapshot
from orchestrator.domain.policy import Policy
from orchestrator.errors import ConfigError, InvalidDocument
from orchestrator.rules.breakers import Breakers
from orchestrator.rules.cells import UntriedCells
from orchestrator.rules.division.goal_shares import goals_of
from orchestrator.rules.freshness import contradicting, proven_events
from orchestrator.rules.live_budget import active_by_campaign, live_minor
from orchestrator.rules.past_refusals import refusals_of
from orchestrator.rules.resumability import barred
from orchestrator.rules.state import AdSetNow, CampaignNow, State, UserLimits
from orchestrator.rules.winners.late_events import arrived

_NOTHING = Lifetime(spend_minor=0, impressions=0, events=0)
_age = attrgetter("created_at", "id")
_parent = attrgetter("campaign_id")
_Thing = TypeVar("_Thing")
_Key = TypeVar("_Key")


class SnapshotWorld(NamedTuple):
    """The snapshot by campaign: what the breakers are judged on, whatever was done since."""

    campaigns: Mapping[str, CampaignNow]
    active_of: Mapping[str, Sequence[AdSetNow]]


def initial_state(snapshot: Snapshot, policy: Policy) -> State:
    """Set out from one snapshot.

    Raises:
        InvalidDocument: the account's currency has no exchange rate.
    """
    campaigns = {c.id: _campaign(c) for c in sorted(snapshot.campaigns, key=_age)}
    ad_sets = {a.id: _ad_set(a, age, policy) for age, a in enumerate(sorted(snapshot.ad_sets, key=_age))}
    unapproved = {c.id: c.status for c in snapshot.creatives if c.status != "approved"}
    bounds, active_of = limits(snapshot, policy), active_by_campaign(ad_sets.values())
    state = State(
        snapshot=snapshot,
        policy=policy,
        limits=bounds,
        goals=(),
        unknown_goals=tuple(sorted(g.goal_key for g in snapshot.goals if g.goal_key not in REGISTRY)),
        audiences={t.goal_key: t.audiences for t in snapshot.templates},
        usable=_usable(snapshot),
        unapproved=unapproved,
        refusals=refusals_of(snapshot, policy),
        campaigns=campaigns,
        ad_sets=ad_sets,
        campaigns_of=_grouped(campaigns.values(), attrgetter("goal_key", "role")),
        ad_sets_of=_grouped(ad_sets.values(), _parent),
        active_of=active_of,
        live_minor=0,
        changed_by_people=_changed_by_people(snapshot, campaigns.values()),
        barred=barred(snapshot, ad_sets.values(), unapproved),
        contradicting=contradicting(ad_sets.values(), campaigns, policy),
        untried={},
        arrived={},
        breakers=Breakers(snapshot, policy, bounds.cap, SnapshotWorld(campaigns, active_of)),
    )
    state = replace(state, live_minor=live_minor(state), arrived=arrived(state))
    state = replace(state, untried=UntriedCells(state))
    return replace(state, goals=goals_of(state))


def _changed_by_people(snapshot: Snapshot, campaigns: Iterable[CampaignNow]) -> frozenset[str]:
    """The campaigns in which a person moved a budget or made an ad set."""
    moved = [c.id for c in campaigns if c.is_moved]
    theirs = [a.campaign_id for a in snapshot.ad_sets if not a.ours or a.lifetime_daily_minor is not None]
    return frozenset(moved + theirs)


def _campaign(campaign: Campaign) -> CampaignNow:
    return CampaignNow(
        campaign.id,
        campaign.goal_key,
        campaign.role,
        campaign.status,
        campaign.paused_by,
        campaign.paused_reason,
        campaign.own_budget_minor,
        campaign.is_moved,
        campaign.removed_at,
        in_snapshot=True,
    )


def _ad_set(ad_set: AdSet, age: int, policy: Policy) -> AdSetNow:
    """What Insights does not list had no delivery: null counts as zeros."""
    lifetime = ad_set.lifetime or _NOTHING
    return AdSetNow(
        ad_set.id,
        ad_set.campaign_id,
        ad_set.status,
        ad_set.paused_by,
        ad_set.paused_reason,
        ad_set.budget_minor,
        ad_set.active_since or ad_set.created_at,
        ad_set.audience,
        ad_set.creative_id,
        ad_set.source_adset_id,
        lifetime.spend_minor,
        lifetime.impressions,
        lifetime.events,
        ad_set.days or (),
        age,
        True,  # noqa: FBT003 - in_snapshot; all by place, because a plan makes dozens of them
        ad_set.lifetime_daily_minor is not None,
        ad_set.ours,
        ad_set.delivery,
        ad_set.known_events,
        ad_set.retry,
        lifetime.events if ad_set.known_events is None else proven_events(lifetime, ad_set, policy),
    )


def _grouped(things: Iterable[_Thing], key: Callable[[_Thing], _Key]) -> dict[_Key, tuple[_Thing, ...]]:
    groups: dict[_Key, list[_Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return {name: tuple(group) for name, group in groups.items()}


def _usable(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """Each goal's approved creatives that fit it, newest first, then by id."""
    found = [c for c in snapshot.creatives if c.status == "approved" and c.usable]
    creatives = sorted(found, key=attrgetter("id"))
    creatives.sort(key=attrgetter("created_at"), reverse=True)
    by_goal = _grouped(creatives, attrgetter("goal_key"))
    return {goal_key: tuple([c.id for c in group]) for goal_key, group in by_goal.items()}


def limits(snapshot: Snapshot, policy: Policy) -> UserLimits:
    """A user's own amounts are in their currency already, the policy's are US cents."""
    currency = snapshot.account.currency
    try:
        minor_per_usd = money.rate(currency, snapshot.account.units_per_usd) * money.offset(currency)
    except ConfigError as problem:
        raise InvalidDocument("$.account.units_per_usd", str(problem)) from None

    def minor(typed: int | None, cents: int) -> int:
        return money.converted(cents, minor_per_usd) if typed is None else typed

    daily = minor(snapshot.settings.global_daily_budget_minor, policy.global_daily_budget)
    most = minor(snapshot.settings.max_daily_budget_minor, policy.max_daily_budget)
    return UserLimits(
        total=min(daily, most),
        cap=min(most, policy.max_growth * daily),
        winner_min_spend=minor(None, policy.winner_min_spend),
        loser_min_spend=minor(None, policy.loser_min_spend),
        loser_min_total_budget=minor(None, policy.loser_min_total_budget),
        blind_spend_limit=minor(None, policy.blind_spend_limit),
        winner_min_active=timedelta(hours=policy.winner_min_active_hours),
        loser_min_active=timedelta(hours=policy.loser_min_active_hours),
    )
