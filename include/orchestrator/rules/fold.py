"""What each action makes of the world: one place for what was done and for what would be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, TypeVar

from msgspec.structs import replace

from orchestrator.domain import reasons
from orchestrator.domain.model import Action, ActionType, Outcome
from orchestrator.rules.live_budget import change_minor
from orchestrator.rules.state import AdSetNow, CampaignNow, State

_Thing = TypeVar("_Thing", CampaignNow, AdSetNow)


def is_increase(action: Action) -> bool:
    """True for a raise, a resume, a creation or a copy: what the guardrail may refuse."""
    if action.action_type == "update_budget":
        return (action.after_minor or 0) > (action.before_minor or 0)
    return not action.action_type.startswith("pause_")


def is_reduction(action: Action) -> bool:
    """True for a pause or a budget decrease."""
    if action.action_type == "update_budget":
        return (action.after_minor or 0) < (action.before_minor or 0)
    return action.action_type.startswith("pause_")


def fold(state: State, done: Iterable[tuple[Action, Outcome]]) -> State:
    """The state after ``done``, in order.

    A success is applied. What failed or is unknown is not; but an unknown promotion or raise starts
    its cooldown like a made one, and a reduction that was not surely made holds every later rise of
    the run (``reduction_failed``).
    """
    draft = StateBuilder(state)
    for action, outcome in done:
        if outcome == "success":
            draft.apply(action)
            continue
        if is_reduction(action):
            draft.reduction_failed = True
        if outcome == "unknown":
            draft.start_cooldown(action)
    return draft.finished()


class StateBuilder:
    """A state in the making: the same campaigns and ad sets, and the live budget in step with them.

    What ad sets belong to is brought up to date when it is read, once for all that changed before.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.campaigns = dict(state.campaigns)
        self.ad_sets = dict(state.ad_sets)
        self.live_minor = state.live_minor
        self.reduction_failed = state.reduction_failed
        self._campaigns_of = dict(state.campaigns_of)
        self._ad_sets_of = dict(state.ad_sets_of)
        self._active_of = dict(state.active_of)
        self._changed: set[str] = set()
        self._promoted = state.promoted
        self._scaled = state.scaled

    @property
    def active_of(self) -> dict[str, tuple[AdSetNow, ...]]:
        """The ACTIVE ad sets of each campaign that has some, by age."""
        if not self._changed:
            return self._active_of
        for campaign_id in self._changed:
            ad_sets = tuple([self.ad_sets[a.id] for a in self._ad_sets_of[campaign_id]])
            self._ad_sets_of[campaign_id] = ad_sets
            self._active_of[campaign_id] = tuple([a for a in ad_sets if a.status == "ACTIVE"])
        self._changed.clear()
        return self._active_of

    def finished(self) -> State:
        """The state as drafted; the draft is not to be used any more."""
        active_of = self.active_of
        return replace(
            self._state,
            campaigns=self.campaigns,
            ad_sets=self.ad_sets,
            campaigns_of=self._campaigns_of,
            ad_sets_of=self._ad_sets_of,
            active_of=active_of,
            live_minor=self.live_minor,
            reduction_failed=self.reduction_failed,
            promoted=self._promoted,
            scaled=self._scaled,
        )

    def apply(self, action: Action) -> None:
        """Apply one action."""
        self.make(action, change_minor(self, action))

    def make(self, action: Action, change: int) -> None:
        """Apply one action that is known to move the live budget by ``change`` minor units a day."""
        self.live_minor += change
        self._effects[action.action_type](self, action)

    def start_cooldown(self, action: Action) -> None:
        """Remember a promotion by ad set and creative, a raise of a scaling budget by goal."""
        if action.action_type == "promote_winner" and action.adset_id is not None:
            winner = self.ad_sets[action.adset_id]
            self._promoted = (*self._promoted, (winner.id, winner.creative_id))
        elif action.reason == reasons.SCALE_UP.code:
            self._scaled |= {action.goal_key}

    def _create_campaign(self, action: Action) -> None:
        """A learning campaign runs with its first ad set, a scaling one once it is activated."""
        is_scaling = action.after_minor is not None
        campaign = CampaignNow(
            id=action.campaign_id or "",
            goal_key=action.goal_key,
            role="scaling" if is_scaling else "testing",
            status="PAUSED" if is_scaling else "ACTIVE",
            paused_by="creation" if is_scaling else None,
            paused_reason=None,
            own_budget_minor=action.after_minor,
            is_moved=False,
            removed_at=None,
            in_snapshot=False,
        )
        key = (campaign.goal_key, campaign.role)
        self.campaigns[campaign.id] = campaign
        self._campaigns_of[key] = (*self._campaigns_of.get(key, ()), campaign)

    def _create_ad_set(self, action: Action) -> None:
        """Add an ad set, or open the one whose build was refused."""
        begun = self.ad_sets.get(action.adset_id or "")
        if begun is not None:
            now, budget = self._state.snapshot.now, action.after_minor or 0
            opened = replace(begun, status="ACTIVE", active_since=now, budget_minor=budget, delivery="ok")
            self._put_ad_set(opened)
            return
        self._add(action.adset_id or "", action.campaign_id or "", action.after_minor or 0, source=None)

    def _copy(self, action: Action) -> None:
        self.start_cooldown(action)
        self._add(f"copy:{action.adset_id}", action.campaign_id or "", 0, source=action.adset_id)

    def _add(self, id_: str, campaign_id: str, budget_minor: int, *, source: str | None) -> None:
        """Add an ACTIVE ad set. No later step of the run needs its cell."""
        ad_set = AdSetNow(
            id=id_,
            campaign_id=campaign_id,
            status="ACTIVE",
            paused_by=None,
            paused_reason=None,
            budget_minor=budget_minor,
            active_since=self._state.snapshot.now,
            audience="",
            creative_id=None,
            source_adset_id=source,
            spend_minor=0,
            impressions=0,
            events=0,
            days=(),
            age=len(self.ad_sets),
            in_snapshot=False,
        )
        self.ad_sets[id_] = ad_set
        self._ad_sets_of[campaign_id] = (*self._ad_sets_of.get(campaign_id, ()), ad_set)
        self._changed.add(campaign_id)

    def _set_budget(self, action: Action) -> None:
        after = action.after_minor or 0
        if action.adset_id is None:
            self.start_cooldown(action)
            self._put_campaign(replace(self._campaign(action), own_budget_minor=after))
        else:
            self._put_ad_set(replace(self.ad_sets[action.adset_id], budget_minor=after))

    def _pause(self, action: Action) -> None:
        if action.adset_id is None:
            self._put_campaign(_paused(self._campaign(action), action.reason))
        else:
            self._put_ad_set(_paused(self.ad_sets[action.adset_id], action.reason))

    def _resume(self, action: Action) -> None:
        """What is resumed starts its active time anew; with a campaign, all its ad sets."""
        now = self._state.snapshot.now
        if action.adset_id is not None:
            self._put_ad_set(replace(self.ad_sets[action.adset_id], status="ACTIVE", active_since=now))
            return
        campaign = self._campaign(action)
        self._put_campaign(replace(campaign, status="ACTIVE"))
        for ad_set in [self.ad_sets[a.id] for a in self._ad_sets_of.get(campaign.id, ())]:
            if ad_set.status == "ACTIVE":
                self._put_ad_set(replace(ad_set, active_since=now))

    def _campaign(self, action: Action) -> CampaignNow:
        return self.campaigns[action.campaign_id or ""]

    def _put_campaign(self, now: CampaignNow) -> None:
        self.campaigns[now.id] = now
        key = (now.goal_key, now.role)
        self._campaigns_of[key] = tuple([now if c.id == now.id else c for c in self._campaigns_of[key]])

    def _put_ad_set(self, now: AdSetNow) -> None:
        self.ad_sets[now.id] = now
        self._changed.add(now.campaign_id)

    _effects: ClassVar[Mapping[ActionType, Callable[[StateBuilder, Action], None]]] = {
        "create_campaign": _create_campaign,
        "create_adset": _create_ad_set,
        "promote_winner": _copy,
        "update_budget": _set_budget,
        "pause_adset": _pause,
        "pause_campaign": _pause,
        "resume_adset": _resume,
        "resume_campaign": _resume,
    }


def _paused(thing: _Thing, reason: str) -> _Thing:
    return replace(thing, status="PAUSED", paused_by="orchestrator", paused_reason=reason)
