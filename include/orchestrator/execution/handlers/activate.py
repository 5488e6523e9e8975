"""Let deliver what an action of ours created, unless a person paused it since.

Everything is created PAUSED, so after a crash a thing that is PAUSED either still waits for us or was
paused by a person. Each activation is therefore announced in its action's row before it is sent, one at
a time: what was announced before another one was surely sent. For the last one Meta's own times tell: a
thing that nobody touched was last updated when it was created.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from orchestrator.domain.records import ActionRow
from orchestrator.execution.context import Kind, Site
from orchestrator.platforms.meta.wire import Found, MetaAdSet, MetaCampaign

CREATION_TAKES = timedelta(minutes=1)
"""An update so soon after the creation is still the creation."""

Stands = Literal["active", "waiting", "taken"]


def activate(site: Site, row: ActionRow, kind: Kind, object_id: str) -> bool:
    """Activate what ``row`` created. False: a person paused or removed it meanwhile, and it is left so."""
    stands = how_it_stands(site, row, kind, object_id)
    if stands == "taken":
        if kind != "ad":
            site.keep_as_theirs(kind, object_id)
        return False
    if stands == "waiting":
        _announce(site, row, object_id)
        site.account.set_status(kind, object_id, "ACTIVE")
    if kind != "ad":
        site.keep_active(kind, object_id)
    return True


def how_it_stands(site: Site, row: ActionRow, kind: Kind, object_id: str) -> Stands:
    """Whether a created thing delivers, waits for its activation, or was taken over by a person.

    Reads Meta only for what an earlier try announced.
    """
    announced = _announced(site, row)
    if object_id not in announced:
        return "waiting"
    seen = _seen(site, kind, object_id)
    if seen.status == "ACTIVE":
        return "active"
    surely_sent = object_id != announced[-1] or _was_kept_active(site, kind, object_id)
    if seen.status != "PAUSED" or surely_sent or was_touched(seen):
        return "taken"
    return "waiting"


def was_touched(seen: Found | MetaAdSet | MetaCampaign) -> bool:
    """Whether something was changed after its creation. What Meta tells no time of was not."""
    return seen.updated_at is not None and seen.updated_at - seen.created_at > CREATION_TAKES


def _announced(site: Site, row: ActionRow) -> list[str]:
    return site.announced.setdefault(row.id, list(row.details.get("activating", ())))


def _announce(site: Site, row: ActionRow, object_id: str) -> None:
    announced = _announced(site, row)
    if object_id not in announced:
        announced.append(object_id)
        site.store.note(row.id, {"activating": announced})


def _seen(site: Site, kind: Kind, object_id: str) -> Found | MetaAdSet | MetaCampaign:
    if kind == "ad":
        return site.account.ad(object_id)
    return site.account.ad_set(object_id) if kind == "ad_set" else site.account.campaign(object_id)


def _was_kept_active(site: Site, kind: Kind, object_id: str) -> bool:
    return kind != "ad" and site.kept(kind, object_id).active_since is not None
