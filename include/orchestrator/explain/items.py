"""What was decided, as a person reads it: a title, a why, and every comparison behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orchestrator.domain.evidence import Comparison, Unit
from orchestrator.domain.model import ActionType
from orchestrator.domain.reason_kinds import ReasonClass
from orchestrator.domain.reasons import reason_class
from orchestrator.domain.steps import StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One comparison in people's text: ``clicks`` ``34`` ``at least`` ``30``, in ``unit``."""

    name: str
    have: str
    operator: Comparison
    need: str
    passed: bool
    unit: Unit = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedItem:
    """One action or hold, ready to be shown; ``why`` is a sentence without its full stop.

    ``action_type`` is null for a goal that cannot be worked on and for an account that delivers nothing.
    ``campaign_id`` and ``adset_id`` are the platform's where they are known. ``status`` is the action log's;
    null when nothing was recorded.
    ``reason`` is the code behind ``why``: of a row that was held after all, that of the hold.
    ``step`` is null where no rule decided: in an emergency stop.
    """

    kind: Literal["action", "hold"]
    step: StepName | None
    goal_key: str | None
    title: str
    why: str
    checks: tuple[Check, ...]
    reason: str
    action_type: ActionType | None = None
    object_kind: Literal["campaign", "ad set"] | None = None
    campaign_id: str | None = None
    adset_id: str | None = None
    before_minor: int | None = None
    after_minor: int | None = None
    status: str | None = None

    @property
    def reason_class(self) -> ReasonClass | None:
        """Whether nothing is to be done, or time, a person or the user's consent is needed."""
        return reason_class(self.reason)
