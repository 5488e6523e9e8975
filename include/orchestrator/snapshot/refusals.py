"""Which refusals still stand: those of what would be sent now. Pure.

What is built has a fingerprint of its template, its creative, the user's assets and the access token: an
account that is connected again may have other permissions. It is stored with a refusal; once it is another,
the refusal is of something else and counts no more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from orchestrator.domain.model import Action, PastAction
from orchestrator.domain.records import AdSetRow, PastRefusal, UserRows


class Cell(NamedTuple):
    """What an action builds, by our names; both null for a campaign."""

    audience: str | None
    creative_id: str | None


def cell_of(user: UserRows, action: Action) -> Cell:
    """The cell that an action builds: of a test, of the winner that it copies; of a campaign none."""
    known = next((a for a in user.ad_sets if a.id == action.adset_id), None)
    if known is not None:
        return Cell(known.audience, known.creative_id)
    if action.action_type != "create_adset" or action.adset_id is None:
        return Cell(None, None)
    audience, _, creative_id = action.adset_id.removeprefix(f"new:testing:{action.goal_key}:").rpartition(":")
    return Cell(audience, creative_id)


def fingerprint(user: UserRows, goal_key: str, cell: Cell) -> str:
    """16 hexadecimal digits of what is sent to build a cell or, without one, a goal's campaign."""
    template = next((t for t in user.templates if t.goal_key == goal_key), None)
    targeting = [a.targeting for a in template.audiences if a.name == cell.audience] if template else []
    shown = [(c.goal_key, c.spec) for c in user.creatives if c.id == cell.creative_id]
    source = (template.story if template else None, targeting, shown, _assets(user, goal_key))
    return hashlib.sha256(json.dumps(source, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _assets(user: UserRows, goal_key: str) -> Mapping[str, Any]:
    names = ("ad_account_id", "page_id", "instagram_user_id", "pixel_id", "dsa_beneficiary", "dsa_payor")
    token = user.assets.access_token.get_secret_value()
    others = {
        "conversion": user.assets.conversions.get(goal_key),
        "token": hashlib.sha256(token.encode()).hexdigest(),
    }
    return {name: getattr(user.assets, name) for name in names} | others


def with_refusals(user: UserRows, since: datetime) -> UserRows:
    """The user's rows with the refusals that stand in their history.

    An ad set left half made gets ``retry`` when none of its refusals stands, or all are older.

    Args:
        user: the rows; ``refusals`` has those of the log.
        since: a refusal at or before this instant stands no more for what it left half made.
    """
    standing = [each for each in user.refusals if _stands(user, each)]
    blocked = {each.half_made_id for each in standing if each.action.at > since}
    history = sorted((*user.history, *(each.action for each in standing)), key=lambda past: past.at)
    return replace(user, history=tuple(history), ad_sets=tuple(_with_retry(a, blocked) for a in user.ad_sets))


def _stands(user: UserRows, refusal: PastRefusal) -> bool:
    past = refusal.action
    return refusal.built_from == fingerprint(user, past.goal_key, _cell_of_past(user, past))


def _cell_of_past(user: UserRows, past: PastAction) -> Cell:
    source = next((a for a in user.ad_sets if a.id == past.adset_id), None)
    if past.action_type == "promote_winner" and source is not None:
        return Cell(source.audience, source.creative_id)
    return Cell(past.audience, past.creative_id if past.action_type == "create_adset" else None)


def _with_retry(ad_set: AdSetRow, blocked: set[str | None]) -> AdSetRow:
    is_half_made = ad_set.status == "PAUSED" and ad_set.paused_by == "creation"
    return replace(ad_set, retry=True) if is_half_made and ad_set.id not in blocked else ad_set
