"""Decide for the users of a batch, and record it all before anything is written.

``decide`` is what a step makes of one user: pure, and the same in a live run, a dry run and a preview.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from orchestrator import document, journal, rules
from orchestrator.counting import Before
from orchestrator.crew import Crew
from orchestrator.explain import numbers
from orchestrator.model import Decision, Outcome, StepName
from orchestrator.rows import ActionDraft, ActionRow, DecisionRow, RunRow, outcome_of
from orchestrator.rules.breakers import without_rises
from orchestrator.rules.scope import only_goals
from orchestrator.tools import Tools


@dataclass(slots=True)
class Case:
    """One user in one step: the state so far, the decision and its rows."""

    run: RunRow
    state: rules.State
    currency: str
    decision: Decision = field(default_factory=Decision)
    rows: list[ActionRow] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    before: Before = field(default_factory=Before)


def decide(step: StepName, state: rules.State, goal_keys: Collection[str] | None = None) -> Decision:
    """What a run makes of ``state`` in ``step``: the rules, for its goals only, under the breakers.

    Args:
        step: one of ``rules.STEPS``.
        state: the snapshot, folded with what the steps before did or would have done.
        goal_keys: the goals the run is for; null for all.
    """
    goals = None if goal_keys is None else frozenset(goal_keys)
    return without_rises(only_goals(rules.decide(step, state), goals, state), state)


def decide_all(tools: Tools, crew: Crew, runs: Sequence[RunRow], step: StepName) -> list[Case]:
    """Decide for every user with a snapshot. One decided before, by an earlier try, stays as it was."""
    cases = _cases(tools, crew, runs, before=step)
    recorded = tools.store.decisions(cases, step)

    def new_row(run: RunRow) -> DecisionRow | None:
        case, before = cases[run.run_id], recorded.get(run.run_id)
        case.before.decided = before is not None
        case.decision = document.read_decision(before) if before is not None else _decided(step, case)
        case.lines = journal.decision_lines(case.decision, case.currency)
        return _decision_row(step, case) if before is None else None

    decided = crew.each_here([case.run for case in cases.values()], new_row)
    new = [row for row in decided.values() if row is not None]
    if new:
        tools.store.record_decisions(new)
    for row in tools.store.actions(decided, step):
        cases[row.run_id].rows.append(row)
    for run_id in decided:
        cases[run_id].before.remember(cases[run_id].rows)
    return [cases[run_id] for run_id in decided]


def _decided(step: StepName, case: Case) -> Decision:
    return decide(step, case.state, case.run.goal_keys)


def _decision_row(step: StepName, case: Case) -> DecisionRow:
    creative_of = {a.id: a.creative_id for a in case.state.snapshot.ad_sets}
    checks = numbers.of_decision(case.decision, case.state)
    return DecisionRow(
        run_id=case.run.run_id,
        step=step,
        decision=document.decision_json(case.decision),
        actions=tuple(
            ActionDraft(
                action=action,
                key=action_key(case.run.run_id, step, ordinal),
                creative_id=creative_of.get(action.adset_id or ""),
                promoted_from_id=action.adset_id if action.action_type == "promote_winner" else None,
                details={"checks": checks[ordinal]} if checks[ordinal] else {},
            )
            for ordinal, action in enumerate(case.decision.actions)
        ),
    )


def action_key(run_id: UUID, step: StepName, ordinal: int) -> str:
    """The idempotency key of a run's action: 16 hexadecimal digits, the same at every try."""
    return hashlib.sha256(f"{run_id}/{step}/{ordinal}".encode()).hexdigest()[:16]


def show_winners(tools: Tools, crew: Crew, runs: Sequence[RunRow]) -> None:
    """Show who wins and who does not. ``promote_winners`` decides the same and acts on it."""
    cases = _cases(tools, crew, runs, before="promote")

    def show(run: RunRow) -> None:
        case = cases[run.run_id]
        journal.write_group(run, journal.decision_lines(_decided("promote", case), case.currency))

    crew.each_here([case.run for case in cases.values()], show)


def _cases(tools: Tools, crew: Crew, runs: Sequence[RunRow], *, before: StepName) -> dict[UUID, Case]:
    """Every user with a snapshot, in the state in which the steps before ``before`` left them."""
    snapshots = tools.store.snapshots([r.run_id for r in crew.standing(runs)])
    earlier: dict[UUID, list[ActionRow]] = {}
    for row in tools.store.actions(snapshots):
        if rules.STEPS.index(row.action.step) < rules.STEPS.index(before):
            earlier.setdefault(row.run_id, []).append(row)

    def case(run: RunRow) -> Case:
        snapshot = document.read_snapshot(snapshots[run.run_id])
        done = [(r.action, _outcome(run, r)) for r in earlier.get(run.run_id, ())]
        state = rules.fold(rules.begin(snapshot, tools.policy), done)
        return Case(run=run, state=state, currency=snapshot.account.currency)

    return crew.each_here([r for r in runs if r.run_id in snapshots], case)


def _outcome(run: RunRow, row: ActionRow) -> Outcome:
    return "success" if run.dry_run else outcome_of(row)
