"""Make one decided action true on Meta: a recipe an action type.

Every recipe can be run again after dying on any of its lines. What it creates carries the
action's key in its name and is looked for first when the action may have been begun before;
what it sets is an absolute value; everything is created PAUSED and activated last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from orchestrator.building import create_ad_set, create_campaign
from orchestrator.copying import promote
from orchestrator.rows import ActionRow
from orchestrator.site import Site, target


def make(site: Site, row: ActionRow) -> dict[str, Any]:
    """Make one action true.

    An action that is ``intended`` or ``unknown`` may have been begun by a process that died, or its
    answer was lost: what it created is looked for before it is created again.

    Returns:
        Details for the log: Meta's ids, and duplicates that were found and paused.

    Raises:
        MetaError: as the client classified it.
    """
    return _RECIPES[row.action.action_type](site, row)


def _update_budget(site: Site, row: ActionRow) -> dict[str, Any]:
    action = row.action
    kind, object_id = target(site, action)
    minor = action.after_minor or 0
    site.account.set_daily_budget(kind, object_id, minor)
    site.keep(replace(site.kept(kind, object_id), daily_budget_minor=minor))
    return {f"meta_{_column(kind)}_id": object_id}


def _pause(site: Site, row: ActionRow) -> dict[str, Any]:
    kind, object_id = target(site, row.action)
    site.account.set_status(kind, object_id, "PAUSED")
    kept = site.kept(kind, object_id)
    site.keep(replace(kept, status="PAUSED", paused_by="orchestrator", paused_reason=row.action.reason))
    return {f"meta_{_column(kind)}_id": object_id}


def _resume(site: Site, row: ActionRow) -> dict[str, Any]:
    kind, object_id = target(site, row.action)
    site.activate(kind, object_id)
    return {f"meta_{_column(kind)}_id": object_id}


def _column(kind: str) -> str:
    return "campaign" if kind == "campaign" else "adset"


_RECIPES: Mapping[str, Callable[[Site, ActionRow], dict[str, Any]]] = {
    "create_campaign": create_campaign,
    "create_adset": create_ad_set,
    "promote_winner": promote,
    "update_budget": _update_budget,
    "pause_adset": _pause,
    "pause_campaign": _pause,
    "resume_adset": _resume,
    "resume_campaign": _resume,
}
