"""The names of what is created: what it is, and the key of the action that created it at the end.

The key finds a creation whose answer was lost; the rest says what an object is of which no row is left.
"""

from __future__ import annotations

import re
from typing import NamedTuple, cast

from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Role

MARK = "[k:"
"""Part of the name of everything that is created."""

_KEY = re.compile(r" \[k:([0-9a-f]{16})\]$")
_KEYS = re.compile(r"( \[k:[0-9a-f]{16}\])+$")
_GOALS = {goal.title: key for key, goal in REGISTRY.items()}


class CampaignPlace(NamedTuple):
    """What a campaign of ours is."""

    goal_key: str
    role: Role


def campaign_name(goal_key: str, role: Role, key: str) -> str:
    """A new campaign's name."""
    return f"{REGISTRY[goal_key].title} · {role} {MARK}{key}]"


def cell_name(audience: str, creative_id: str, key: str) -> str:
    """A new test's name."""
    return f"{audience} · {creative_id} {MARK}{key}]"


def key_of(name: str) -> str | None:
    """The key of the action that created an object; null when its name does not end with one."""
    found = _KEY.search(name)
    return found.group(1) if found else None


def campaign_of(name: str) -> CampaignPlace | None:
    """What a campaign of this name is; null when the name does not say so."""
    title, _, role = _KEYS.sub("", name).rpartition(" · ")
    if title not in _GOALS or role not in ("testing", "scaling"):
        return None
    return CampaignPlace(_GOALS[title], cast("Role", role))


def cell_of(name: str) -> tuple[str, str] | None:
    """Audience and creative of a test, or of a copy of one; null when the name does not say so."""
    audience, _, creative_id = _KEYS.sub("", name).rpartition(" · ")
    return (audience, creative_id) if audience and creative_id else None
