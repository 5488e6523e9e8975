"""Is a decided action still right, given what Meta has at this instant?

A plan is made from one reading; people edit in between. Before every write the shell reads
again and asks here. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from orchestrator.domain.model import Action, AdSet, Campaign

Verdict = Literal["go", "already", "changed_by_person", "removed_by_person", "no_room"]

_GONE = frozenset({"ARCHIVED", "DELETED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteState:
    """What stands on Meta now, by Meta's ids. ``cap_minor`` is the cap in force now.

    ``updated_at``: when each was last changed by whomever, where Meta tells.
    """

    campaigns: Mapping[str, Campaign]
    ad_sets: Mapping[str, AdSet]
    cap_minor: int
    updated_at: Mapping[str, datetime] = field(default_factory=dict)

    def live_sum_minor(self) -> int:
        """Add up what can be spent in a day, as the guardrail counts it."""
        active = {c.id: c for c in self.campaigns.values() if c.status == "ACTIVE"}
        testing = sum(
            a.daily_budget_minor or 0
            for a in self.ad_sets.values()
            if a.status == "ACTIVE" and a.campaign_id in active and active[a.campaign_id].role == "testing"
        )
        return testing + sum(c.daily_budget_minor or 0 for c in active.values() if c.role == "scaling")


class Headroom(NamedTuple):
    """What an action would add to the live sum, beside the sum and the cap it was held against."""

    live_minor: int
    rise_minor: int
    cap_minor: int

    @property
    def suffices(self) -> bool:
        """Whether it may be added: what raises nothing always may."""
        return self.rise_minor <= 0 or self.live_minor + self.rise_minor <= self.cap_minor


def check(action: Action, standing: RemoteState) -> Verdict:
    """Say whether ``action`` (with Meta's ids) may still be made.

    Returns:
        ``already``: the target is there, nothing to write. ``changed_by_person`` and
        ``removed_by_person``: Meta has neither the old value nor the target. ``no_room``: the
        live sum would pass the cap, or rise while it is above it.
    """
    verdict = _CHECKS[action.action_type](action, standing)
    if verdict == "go" and not headroom_for(action, standing).suffices:
        return "no_room"
    return verdict


def headroom_for(action: Action, standing: RemoteState) -> Headroom:
    """The two sides of the guardrail for one action, in minor units."""
    return Headroom(standing.live_sum_minor(), _rise_minor(action, standing), standing.cap_minor)


def was_paused_again(action: Action, standing: RemoteState, unchanged_since: datetime | None) -> bool:
    """Whether a resume of which no answer came was made, and a person paused the thing after it.

    Args:
        action: with Meta's ids.
        standing: what stands now.
        unchanged_since: when the thing had last been changed as the resume was sent; null when no
            resume was sent, or nobody wrote it down.
    """
    thing = _thing(action, standing)
    if thing is None or unchanged_since is None or not action.action_type.startswith("resume_"):
        return False
    return thing.status == "PAUSED" and standing.updated_at.get(thing.id, unchanged_since) > unchanged_since


def _create_campaign(_action: Action, _standing: RemoteState) -> Verdict:
    return "go"


def _create_adset(action: Action, standing: RemoteState) -> Verdict:
    return _parent_refusal(action.campaign_id, standing) or "go"


def _promote(action: Action, standing: RemoteState) -> Verdict:
    winner = _thing(action, standing)
    if winner is None or winner.status in _GONE:
        return "removed_by_person"
    if _is_paused_by_person(winner, standing):
        return "changed_by_person"
    return _parent_refusal(action.campaign_id, standing) or "go"


def _parent_refusal(campaign_id: str | None, standing: RemoteState) -> Verdict | None:
    campaign = standing.campaigns.get(campaign_id or "")
    if campaign is None or campaign.status in _GONE:
        return "removed_by_person"
    return "changed_by_person" if _is_paused_by_person(campaign, standing) else None


def _update_budget(action: Action, standing: RemoteState) -> Verdict:
    thing = _thing(action, standing)
    if thing is None or thing.status in _GONE:
        return "removed_by_person"
    if thing.daily_budget_minor == action.after_minor:
        return "already"
    if thing.daily_budget_minor is None or thing.daily_budget_minor != action.before_minor:
        return "changed_by_person"
    return "changed_by_person" if _is_paused_by_person(thing, standing) else "go"


def _pause(action: Action, standing: RemoteState) -> Verdict:
    thing = _thing(action, standing)
    if thing is None or thing.status in _GONE:
        return "removed_by_person"
    return "already" if thing.status == "PAUSED" else "go"


def _resume(action: Action, standing: RemoteState) -> Verdict:
    thing = _thing(action, standing)
    if thing is None or thing.status in _GONE:
        return "removed_by_person"
    if thing.status == "ACTIVE":
        return "already"
    return "changed_by_person" if _is_paused_by_person(thing, standing) else "go"


def _rise_minor(action: Action, standing: RemoteState) -> int:
    """What an action adds to the live sum; 0 or less for one that adds nothing."""
    thing = _thing(action, standing)
    after_minor = action.after_minor or 0
    match action.action_type:
        case "create_adset":
            return after_minor
        case "update_budget" if thing is not None and _is_live(thing, standing):
            return after_minor - (thing.daily_budget_minor or 0)
        case "resume_adset" | "resume_campaign" if thing is not None:
            return _resumed_minor(thing, standing)
    return 0


def _resumed_minor(thing: Campaign | AdSet, standing: RemoteState) -> int:
    """What resuming adds to the live sum."""
    if isinstance(thing, AdSet):
        parent = standing.campaigns.get(thing.campaign_id)
        live = parent is not None and parent.status == "ACTIVE" and parent.role == "testing"
        return (thing.daily_budget_minor or 0) if live else 0
    if thing.role == "scaling":
        return thing.daily_budget_minor or 0
    return sum(
        a.daily_budget_minor or 0
        for a in standing.ad_sets.values()
        if a.campaign_id == thing.id and a.status == "ACTIVE"
    )


def _is_paused_by_person(thing: Campaign | AdSet, standing: RemoteState) -> bool:
    """Whether a person paused it or the campaign it is in: neither is touched."""
    chain: list[Campaign | AdSet] = [thing]
    if isinstance(thing, AdSet) and thing.campaign_id in standing.campaigns:
        chain.append(standing.campaigns[thing.campaign_id])
    return any(each.status == "PAUSED" and each.paused_by in (None, "user") for each in chain)


def _is_live(thing: Campaign | AdSet, standing: RemoteState) -> bool:
    if thing.status != "ACTIVE":
        return False
    if isinstance(thing, Campaign):
        return True
    parent = standing.campaigns.get(thing.campaign_id)
    return parent is not None and parent.status == "ACTIVE"


def _thing(action: Action, standing: RemoteState) -> Campaign | AdSet | None:
    if action.adset_id is not None:
        return standing.ad_sets.get(action.adset_id)
    return standing.campaigns.get(action.campaign_id or "")


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
