"""What a person decides about a user's evidence or a goal that is paused, and what it changed: values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

InterventionKind = Literal["accept_figures", "resume_goal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The author of a decision: the user, or an operator by name."""

    origin: Literal["user", "operator"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """One decision of a person, as it is recorded. ``goal_key``: null for all goals."""

    user_id: UUID
    goal_key: str | None
    kind: InterventionKind
    made_by: Person
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntFigures:
    """What is known of an ad set after a reading, and the reading where it contradicts; else null."""

    ad_set_id: str
    user_id: UUID
    known_events: int | None
    contradicting_events: int | None = None
    contradicting_impressions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictedAdSet:
    """An ad set whose latest reading contradicts what is known of it, since ``contradicted_at``."""

    ad_set_id: str
    goal_key: str
    audience: str
    known_events: int | None
    contradicting_events: int
    contradicting_impressions: int
    contradicted_at: datetime

    @property
    def can_be_accepted(self) -> bool:
        """Whether the reading may be true: more events than impressions are a fault in the tracking."""
        return self.contradicting_events <= self.contradicting_impressions


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFigures:
    """What an acceptance changed, and what it left because it cannot be true."""

    accepted: Sequence[ContradictedAdSet]
    impossible: Sequence[ContradictedAdSet]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsTurn:
    """What of a user waits for a person: figures that contradict, and goals paused for want of any event."""

    contradicted: Sequence[ContradictedAdSet]
    paused_goals: Sequence[str]
