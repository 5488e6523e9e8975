"""What the platform refused lately: the same is not sent again so soon, and nothing is prepared for it.

The history has only those failed rows that are refusals of what would be sent now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import PastAction, Snapshot
from orchestrator.domain.policy import Policy

RefusedKey = tuple[str, ...]


class Refusals(NamedTuple):
    """When what was refused less than ``window`` before ``now``, by the key of what it was about.

    ``undelivered``: the ad sets that were paused because they could not deliver, in the same window.
    """

    now: datetime
    window: timedelta
    refused: Mapping[RefusedKey, datetime]
    undelivered: frozenset[str]

    def gate(self, *key: str) -> Gate | None:
        """How long ago it was refused, against the window; null when it was not."""
        at = self.refused.get(key)
        return None if at is None else Gate("since_refusal", self.now - at, "at least", self.window, "hours")


def refusals_of(snapshot: Snapshot, policy: Policy) -> Refusals:
    """Read the action log's refusals that still count."""
    window = timedelta(hours=policy.refused_retry_hours)
    recent = [row for row in snapshot.history if snapshot.now - row.at < window]
    undelivered = frozenset(
        row.adset_id
        for row in recent
        if row.action_type == "pause_adset"
        and row.reason == "cannot_deliver"
        and row.status != "failed"
        and row.adset_id is not None
    )
    return Refusals(
        snapshot.now, window, _latest(row for row in recent if row.status == "failed"), undelivered
    )


def _latest(failed: Iterable[PastAction]) -> dict[RefusedKey, datetime]:
    latest: dict[RefusedKey, datetime] = {}
    for row in failed:
        key = _key(row)
        if key is not None:
            latest[key] = max(row.at, latest.get(key, row.at))
    return latest


def _key(row: PastAction) -> RefusedKey | None:
    """A test cell by audience and creative, a promotion by ad set, a campaign by goal and reason."""
    match row.action_type:
        case "create_adset" if row.audience is not None and row.creative_id is not None:
            return row.action_type, row.audience, row.creative_id
        case "promote_winner" if row.adset_id is not None:
            return row.action_type, row.adset_id
        case "create_campaign" if row.reason is not None:
            return row.action_type, row.goal_key, row.reason
    return None
