"""What we wrote a moment ago, and what a read that is late makes of it. Pure.

A read may be older than a write that the platform acknowledged. An object that shows the value from before
such a write, and was not updated since, was changed by nobody: what we wrote holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeVar

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.platforms.base import RemoteAdSet, RemoteCampaign, RemoteTree
from orchestrator.snapshot.lost_objects import CREATION_TAKES

UNCHANGED_SINCE = "unchanged_since"
"""In an update's details: when the object had last been updated as it was sent."""
LATE = timedelta(minutes=10)
"""How old a read may be."""

WrittenField = Literal["daily_budget_minor", "status"]
_Object = TypeVar("_Object", RemoteCampaign, RemoteAdSet)


class OwnWrite(NamedTuple):
    """One value that we set, and the one before. ``unchanged_since`` is null for what we had just created."""

    object_id: str
    field: WrittenField
    before: int | str | None
    after: int | str | None
    unchanged_since: datetime | None


def own_writes(rows: Iterable[ActionRow]) -> list[OwnWrite]:
    """What some actions wrote, in their order; only what succeeded, and was not found so by reading back."""
    done = (
        row for row in rows if row.status == "success" and not row.details.keys() & {"already", "read_back"}
    )
    return [write for row in done for write in _writes_of(row)]


def _writes_of(row: ActionRow) -> Iterator[OwnWrite]:
    action, since = row.action, row.details.get(UNCHANGED_SINCE)
    made = RemoteIds.of(row.details)
    object_id = made.adset_id or made.campaign_id or ""
    if since is not None:
        at = datetime.fromisoformat(since)
        if action.action_type == "update_budget":
            yield OwnWrite(object_id, "daily_budget_minor", action.before_minor, action.after_minor, at)
        else:
            to = "PAUSED" if action.action_type.startswith("pause_") else "ACTIVE"
            yield OwnWrite(object_id, "status", "ACTIVE" if to == "PAUSED" else "PAUSED", to, at)
    elif action.action_type in ("create_adset", "promote_winner"):
        # What was left to the rules was not activated; what a person paused meanwhile, no longer.
        left = row.details.get("left_paused", ())
        if object_id in row.details.get("activating", ()) and object_id not in left:
            yield OwnWrite(object_id, "status", "PAUSED", "ACTIVE", None)
    elif row.details.get("activation") == "active":
        yield OwnWrite(object_id, "status", "PAUSED", "ACTIVE", None)


def as_written(tree: RemoteTree, writes: Sequence[OwnWrite]) -> tuple[RemoteTree, frozenset[str]]:
    """The tree with what we wrote where the read is late, and the ids of these objects."""
    if not writes:
        return tree, frozenset()
    campaigns = tuple(_as_written(each, writes) for each in tree[0])
    ad_sets = tuple(_as_written(each, writes) for each in tree[1])
    late = {old.id for old, new in zip(tree[0], campaigns, strict=True) if old != new}
    late |= {old.id for old, new in zip(tree[1], ad_sets, strict=True) if old != new}
    return (campaigns, ad_sets), frozenset(late)


def _as_written(seen: _Object, writes: Sequence[OwnWrite]) -> _Object:
    late: dict[str, Any] = {}
    for field in ("daily_budget_minor", "status"):
        ours = [w for w in writes if (w.object_id, w.field) == (seen.id, field)]
        value = getattr(seen, field)
        if not ours or value == ours[-1].after:
            continue
        if any(value == write.before for write in ours) and _is_untouched(seen, ours[-1]):
            late[field] = ours[-1].after
    return replace(seen, **late) if late else seen


def _is_untouched(seen: RemoteCampaign | RemoteAdSet, last: OwnWrite) -> bool:
    return seen.updated_at <= (last.unchanged_since or seen.created_at + CREATION_TAKES)
