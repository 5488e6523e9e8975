"""Is a decided action still right, given what the platform has at this instant?

A plan is made from one reading; people edit in between. Before every write the shell reads
again and checks here. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import structs

from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Action, AdSet, Campaign
from orchestrator.rules.guardrail import live_gate
from orchestrator.rules.live_budget import active_by_campaign, change_minor, live_minor

Verdict = Literal["go", "already", "changed_by_person", "removed_by_person", "no_room"]

_GONE = frozenset({"ARCHIVED", "DELETED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteState:
    """What the platform has now, by its own ids. ``cap_minor`` is the cap in force now.

    ``updated_at``: when each was last changed, where the platform says so. ``open_minor``: what rises of
    which no outcome is known may add to the live budget at any instant.
    """

    campaigns: Mapping[str, Campaign]
    ad_sets: Mapping[str, AdSet]
    cap_minor: int
    updated_at: Mapping[str, datetime] = field(default_factory=dict)
    open_minor: int = 0

    @property
    def active_of(self) -> Mapping[str, tuple[AdSet, ...]]:
        """The ACTIVE ad sets of each campaign that has some, grouped anew at each call."""
        return active_by_campaign(self.ad_sets.values())


class Headroom(NamedTuple):
    """What an action would add to the live budget, beside that budget and the cap it was held against."""

    live_minor: int
    rise_minor: int
    cap_minor: int

    @property
    def gate(self) -> Gate:
        """The guardrail at this instant."""
        planned = live_gate(self.live_minor + self.rise_minor, self.cap_minor)
        return structs.replace(planned, name="live_budget_now")

    @property
    def suffices(self) -> bool:
        """Whether it may be added: what raises nothing always may."""
        return self.rise_minor <= 0 or self.gate.passed


def check(action: Action, remote: RemoteState) -> Verdict:
    """Say whether ``action`` (with the platform's ids) may still be made.

    Returns:
        ``already``: the target is there, nothing to write. ``changed_by_person`` and
        ``removed_by_person``: the platform has neither the old value nor the target, or a person moved the
        budget of what is opened, resumed or copied into. ``no_room``: the
        live budget would pass the cap, or rise while it is above it.
    """
    verdict = _CHECKS[action.action_type](action, remote)
    if verdict == "go" and not headroom_for(action, remote).suffices:
        return "no_room"
    return verdict


def headroom_for(action: Action, remote: RemoteState) -> Headroom:
    """The two sides of the guardrail for one action, in minor units.

    A new ad set counts as in the plan: with its campaign running, though that is activated after it.
    """
    world = _running(action.campaign_id, remote) if action.action_type == "create_adset" else remote
    return Headroom(live_minor(world) + remote.open_minor, change_minor(world, action), remote.cap_minor)


def open_minor(remote: RemoteState, rises: Iterable[Action]) -> int:
    """What some rises, with the platform's ids, would still add to the live budget if each happened now."""
    return sum(max(0, change_minor(remote, rise)) for rise in rises)


def _running(campaign_id: str | None, remote: RemoteState) -> RemoteState:
    campaign = remote.campaigns.get(campaign_id or "")
    if campaign is None or campaign.status != "PAUSED":
        return remote
    return replace(remote, campaigns={**remote.campaigns, campaign.id: replace(campaign, status="ACTIVE")})


def was_paused_again(action: Action, remote: RemoteState, unchanged_since: datetime | None) -> bool:
    """Whether a resume of which no answer came was made, and a person paused the thing after it.

    Args:
        action: with the platform's ids.
        remote: what the platform has now.
        unchanged_since: when the thing had last been changed as the resume was sent; null when no
            resume was sent, or it was not recorded.
    """
    thing = _thing(action, remote)
    if thing is None or unchanged_since is None or not action.action_type.startswith("resume_"):
        return False
    return thing.status == "PAUSED" and remote.updated_at.get(thing.id, unchanged_since) > unchanged_since


def _create_campaign(_action: Action, _remote: RemoteState) -> Verdict:
    return "go"


def _create_adset(action: Action, remote: RemoteState) -> Verdict:
    return _parent_refusal(action.campaign_id, remote) or "go"


def _promote(action: Action, remote: RemoteState) -> Verdict:
    winner = _thing(action, remote)
    if winner is None or winner.status in _GONE:
        return "removed_by_person"
    if _is_paused_by_person(winner, remote):
        return "changed_by_person"
    return _parent_refusal(action.campaign_id, remote) or "go"


def _parent_refusal(campaign_id: str | None, remote: RemoteState) -> Verdict | None:
    campaign = remote.campaigns.get(campaign_id or "")
    if campaign is None or campaign.status in _GONE:
        return "removed_by_person"
    is_theirs = campaign.is_moved or _is_paused_by_person(campaign, remote)
    return "changed_by_person" if is_theirs else None


def _update_budget(action: Action, remote: RemoteState) -> Verdict:
    thing = _thing(action, remote)
    if thing is None or thing.status in _GONE:
        return "removed_by_person"
    if thing.daily_budget_minor == action.after_minor:
        return "already"
    if thing.daily_budget_minor is None or thing.daily_budget_minor != action.before_minor:
        return "changed_by_person"
    return "changed_by_person" if _is_paused_by_person(thing, remote) else "go"


def _pause(action: Action, remote: RemoteState) -> Verdict:
    thing = _thing(action, remote)
    if thing is None or thing.status in _GONE:
        return "removed_by_person"
    return "already" if thing.status == "PAUSED" else "go"


def _resume(action: Action, remote: RemoteState) -> Verdict:
    thing = _thing(action, remote)
    if thing is None or thing.status in _GONE:
        return "removed_by_person"
    if thing.status == "ACTIVE":
        return "already"
    is_theirs = _has_moved_budget(thing, remote) or _is_paused_by_person(thing, remote)
    return "changed_by_person" if is_theirs else "go"


def _has_moved_budget(thing: Campaign | AdSet, remote: RemoteState) -> bool:
    """Whether a person moved the budget it would run with; a learning campaign runs with what it has."""
    if isinstance(thing, Campaign):
        return thing.role == "scaling" and thing.is_moved
    campaign = remote.campaigns.get(thing.campaign_id)
    return thing.lifetime_daily_minor is not None or (campaign is not None and campaign.is_moved)


def _is_paused_by_person(thing: Campaign | AdSet, remote: RemoteState) -> bool:
    """Whether a person paused it or the campaign it is in: neither is touched."""
    chain: list[Campaign | AdSet] = [thing]
    if isinstance(thing, AdSet) and thing.campaign_id in remote.campaigns:
        chain.append(remote.campaigns[thing.campaign_id])
    return any(each.status == "PAUSED" and each.paused_by in (None, "user") for each in chain)


def _thing(action: Action, remote: RemoteState) -> Campaign | AdSet | None:
    if action.adset_id is not None:
        return remote.ad_sets.get(action.adset_id)
    return remote.campaigns.get(action.campaign_id or "")


_CHECKS = {
    "create_campaign": _create_campaign,
    "create_adset": _create_adset,
    "promote_winner": _promote,
    "update_budget": _update_budget,
    "pause_adset": _pause,
    "pause_campaign": _pause,
    "resume_adset": _resume,
    "resume_campaign": _resume,
}
