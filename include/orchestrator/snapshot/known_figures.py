"""What is known of a user's ad sets: what a reading adds to it, and where it contradicts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from orchestrator.domain.contradiction import contradicts, known_after
from orchestrator.domain.model import AdSet, Lifetime, Snapshot
from orchestrator.domain.policy import Policy
from orchestrator.domain.records import LearntFigures

_NO_DELIVERY = Lifetime(spend_minor=0, impressions=0, events=0)
_LIVING = frozenset({"ACTIVE", "PAUSED"})


def contradicting(snapshot: Snapshot, policy: Policy) -> frozenset[str]:
    """The ids of the living ad sets of ours whose figures contradict what is known."""
    return frozenset(each.id for each in snapshot.ad_sets if _contradicts(each, policy))


def learnt(snapshot: Snapshot, policy: Policy) -> Iterator[LearntFigures]:
    """What a whole reading changes: ad sets of ours of which more is known, and those that contradict."""
    for ad_set in snapshot.ad_sets:
        if not ad_set.ours or (ad_set.lifetime is None and ad_set.known_events is None):
            continue  # a person's, or never delivered
        read = ad_set.lifetime or _NO_DELIVERY
        if _contradicts(ad_set, policy):
            yield LearntFigures(
                ad_set_id=ad_set.id,
                user_id=UUID(snapshot.user_id),
                known_events=ad_set.known_events,
                contradicting_events=read.events,
                contradicting_impressions=read.impressions,
            )
            continue
        known = known_after(read.events, read.impressions, ad_set.known_events, **_thresholds(policy))
        if known != ad_set.known_events:
            yield LearntFigures(ad_set_id=ad_set.id, user_id=UUID(snapshot.user_id), known_events=known)


def _contradicts(ad_set: AdSet, policy: Policy) -> bool:
    read = ad_set.lifetime or _NO_DELIVERY
    return (
        ad_set.ours
        and ad_set.status in _LIVING
        and contradicts(read.events, read.impressions, ad_set.known_events, **_thresholds(policy))
    )


def _thresholds(policy: Policy) -> dict[str, int]:
    return {"min_events": policy.evidence_min_events, "keep_bp": policy.evidence_keep_bp}
