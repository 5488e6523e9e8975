"""The steps of a run: the one table of their tasks, rules and order. Pure.

A task is a step's id in Airflow, in metrics and in ``run_step``; a rule is its name in decisions,
documents and the action log. Seven tasks, five of which decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

StepName = Literal["allocate", "learning", "promote", "scale", "pause"]
"""The rule of a deciding step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a run.

    Attributes:
        task: The id of its task.
        rule: The rule that it applies; null when it decides nothing.
        needs_insights: Whether the rule holds everything when Insights are missing or stale.
        doc: What is true afterwards, as the task's documentation.
    """

    task: str
    rule: StepName | None = None
    needs_insights: bool = False
    doc: str

    @property
    def key(self) -> StepName:
        """The rule of a deciding step.

        Raises:
            LookupError: The step decides nothing.
        """
        if self.rule is None:
            raise LookupError(f"{self.task} decides nothing")
        return self.rule


ALLOCATE = Step(
    task="allocate_budget",
    rule="allocate",
    doc="Unresolved actions of an earlier run are reconciled. The run's snapshot of each user is stored. "
    "The daily budget is divided over the goals.",
)
LEARNING = Step(
    task="check_learning_campaigns",
    rule="learning",
    doc="Each active goal has its learning campaign, with an ad set for each audience and approved "
    "creative. Partly created objects are complete.",
)
EXTRACT_INSIGHTS = Step(
    task="extract_insights",
    doc="Each ad set has its windows of insights. The daily rows are stored. Evidence that is "
    "missing or late is marked stale.",
)
DETECT_WINNERS = Step(
    task="detect_winners",
    doc="Each goal's winners are known, with the numbers that decided. Nothing is written.",
)
PROMOTE = Step(
    task="promote_winners",
    rule="promote",
    needs_insights=True,
    doc="Winners have a copy in the scaling campaign, as far as the guardrail allows.",
)
SCALE = Step(
    task="scale_budgets",
    rule="scale",
    needs_insights=True,
    doc="Scaling campaigns that keep performing have a higher budget, below the cap.",
)
PAUSE = Step(
    task="pause_losers",
    rule="pause",
    needs_insights=True,
    doc="Losing ad sets are paused, if the user has this on.",
)

STEPS = (ALLOCATE, LEARNING, EXTRACT_INSIGHTS, DETECT_WINNERS, PROMOTE, SCALE, PAUSE)
"""All steps, in the order of a run."""

BY_TASK: Mapping[str, Step] = {step.task: step for step in STEPS}
BY_RULE: Mapping[StepName, Step] = {step.rule: step for step in STEPS if step.rule is not None}

RULES = tuple(BY_RULE)
"""The rules of the deciding steps, in the order of a run."""

TASKS = tuple(step.task for step in STEPS)
"""The ids of all tasks, in the order of a run."""
