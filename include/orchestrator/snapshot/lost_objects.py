"""Objects of ours on the account that no row knows, after a database was restored. Pure.

Their rows are made anew from their names, which end with the key of the action that created them. What
was paused after it was first changed counts as paused by a person: nothing says any more whether it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from orchestrator.domain.model import ObjectStatus
from orchestrator.domain.records import AdSetRow, CampaignRow, UserRows
from orchestrator.platforms.base import RemoteAdSet, RemoteCampaign, RemoteTree
from orchestrator.snapshot import object_names

CREATION_TAKES = timedelta(minutes=1)
"""An update so soon after the creation is still the creation."""
_LIVING = frozenset({"ACTIVE", "PAUSED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LostObjects:
    """Rows made anew, and what bears our mark and does not say what it is.

    ``problem``: why nothing could be read. ``is_shared``: another user has the same ad account, so that it
    may be theirs.
    """

    campaigns: tuple[CampaignRow, ...] = ()
    ad_sets: tuple[AdSetRow, ...] = ()
    unclear: tuple[RemoteCampaign | RemoteAdSet, ...] = ()
    problem: str | None = None
    is_shared: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether there is a row now of all that is ours."""
        return not self.unclear and self.problem is None

    def __bool__(self) -> bool:
        return bool(self.campaigns or self.ad_sets or not self.is_clear)


def lost_objects(
    user: UserRows,
    marked: RemoteTree,
    open_keys: Collection[str],
    *,
    theirs: Collection[str] = (),
    is_shared: bool = False,
) -> LostObjects:
    """What of the objects with our mark no row knows.

    A person's duplicate has its source's key: of the objects of one key the oldest is ours.

    Args:
        user: our rows.
        marked: the living objects whose name holds a key.
        open_keys: of actions that are still read back, which find what they created themselves.
        theirs: ids of what other users have rows of.
        is_shared: another user has the same ad account: nothing is made anew, for it may be theirs.
    """
    marked = (
        tuple(each for each in marked[0] if each.id not in theirs),
        tuple(each for each in marked[1] if each.id not in theirs),
    )
    campaigns = {c.id: c for c in user.campaigns}
    ad_sets = {a.id: a for a in user.ad_sets}
    if is_shared:
        strangers = (*_ours(marked[0], campaigns, open_keys), *_ours(marked[1], ad_sets, open_keys))
        return LostObjects(unclear=strangers, is_shared=True)
    found: list[CampaignRow | AdSetRow] = []
    unclear: list[RemoteCampaign | RemoteAdSet] = []
    for remote in _ours(marked[0], campaigns, open_keys):
        row = _campaign(user, remote)
        if row is None:
            unclear.append(remote)
        else:
            campaigns[row.id] = row
            found.append(row)
    for each in _ours(marked[1], ad_sets, open_keys):
        ad_set = _ad_set(user, each, campaigns.get(each.campaign_id), ad_sets)
        if ad_set is None:
            unclear.append(each)
        else:
            ad_sets[ad_set.id] = ad_set
            found.append(ad_set)
    return LostObjects(
        campaigns=tuple(row for row in found if isinstance(row, CampaignRow)),
        ad_sets=tuple(row for row in found if isinstance(row, AdSetRow)),
        unclear=tuple(unclear),
    )


def _ours(marked: tuple[Any, ...], known: Mapping[str, Any], open_keys: Collection[str]) -> Iterator[Any]:
    """The marked objects that no row knows, the oldest of each key."""
    taken = {*open_keys, *(object_names.key_of(each.name) for each in marked if each.id in known)}
    for each in sorted(marked, key=lambda one: (one.created_at, len(one.id), one.id)):
        key = object_names.key_of(each.name)
        if each.id not in known and key is not None and key not in taken and each.status in _LIVING:
            taken.add(key)
            yield each


def _campaign(user: UserRows, remote: RemoteCampaign) -> CampaignRow | None:
    place = object_names.campaign_of(remote.name)
    if place is None:
        return None
    return CampaignRow(**_common(user, remote), goal_key=place.goal_key, role=place.role, removed_at=None)


def _ad_set(
    user: UserRows, remote: RemoteAdSet, campaign: CampaignRow | None, ad_sets: Mapping[str, AdSetRow]
) -> AdSetRow | None:
    source = ad_sets.get(remote.source_adset_id or "")
    cell = object_names.cell_of(remote.name) if source is None else (source.audience, source.creative_id)
    if campaign is None or cell is None:
        return None
    return AdSetRow(
        **_common(user, remote),
        campaign_id=campaign.id,
        goal_key=campaign.goal_key,
        audience=cell[0],
        creative_id=cell[1],
        source_adset_id=remote.source_adset_id,
        removed_at=None,
    )


def _common(user: UserRows, remote: RemoteCampaign | RemoteAdSet) -> dict[str, Any]:
    is_active = remote.status == "ACTIVE"
    was_changed = remote.updated_at - remote.created_at > CREATION_TAKES
    return {
        "id": remote.id,
        "user_id": user.user_id,
        "status": cast("ObjectStatus", remote.status),
        "paused_by": None if is_active else "user" if was_changed else "creation",
        "paused_reason": None,
        "daily_budget_minor": remote.daily_budget_minor,
        "created_at": remote.created_at,
        "active_since": remote.created_at if is_active else None,
        "platform": user.assets.platform,
    }
