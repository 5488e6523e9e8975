"""Decide for the users of a batch, and record it all before anything is written.

``decide`` is what a step makes of one user: pure, and the same in a live run, a dry run and a preview.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import steps
from orchestrator.domain.action_log import ActionDraft, ActionRow, outcome_of
from orchestrator.domain.model import Decision, Outcome
from orchestrator.domain.records import DecisionRow, UserRun
from orchestrator.domain.steps import StepName
from orchestrator.errors import LeaseLost
from orchestrator.resources import Resources
from orchestrator.rules.goal_filter import filter_goals
from orchestrator.runs.counters import Before, Counts
from orchestrator.runs.worker_pool import WorkerPool


@dataclass(slots=True, kw_only=True)
class UserStep:
    """One user in one step: the state so far, the decision and its rows.

    ``state`` is null, and the currency unknown, while all that was decided are holds.
    """

    run: UserRun
    state: rules.State | None = None
    currency: str = ""
    is_untouched: bool = False
    """Nothing was decided in this run that could change anything."""
    decision: Decision = field(default_factory=Decision)
    rows: list[ActionRow] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    aside: str = ""
    """For the log, where each user has lines of their own."""
    before: Before = field(default_factory=Before)
    ahead: list[Decision] = field(default_factory=list)
    """What later steps will find decided by this one."""

    def added(self) -> Counts:
        """What this try added to the log, with what later steps will find decided."""
        ahead = (hold for decision in self.ahead for hold in decision.holds)
        return self.before.added(self.rows, (*self.decision.holds, *ahead))

    def current_state(self) -> rules.State:
        """The state, where something is to be decided or done."""
        if self.state is None:
            raise RuntimeError("Bug! something is to be done for a user whose state was not read")
        return self.state


def decide(step: StepName, state: rules.State, goal_keys: Collection[str] | None = None) -> Decision:
    """What a run makes of ``state`` in ``step``: the rules, breakers among them, for its goals only.

    Args:
        step: one of ``steps.RULES``.
        state: the snapshot, folded with what the steps before did or would have done.
        goal_keys: the goals the run is for; null for all.
    """
    goals = None if goal_keys is None else frozenset(goal_keys)
    return filter_goals(rules.decide(step, state), goals, state)


def decide_all(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], step: StepName
) -> list[UserStep]:
    """Decide for every user with a snapshot. One decided before stays as it was."""
    cases = _decided_before(resources, pool, runs, step)
    missing = [
        r for r in pool.remaining(runs) if r.run_id not in cases or not _is_quiet(cases[r.run_id].decision)
    ]
    new: dict[UUID, DecisionRow] = {}
    cases_before = _cases(resources, pool, missing, before=step)

    def decided(run: UserRun) -> UserStep:
        case, before = cases_before[run.run_id], cases.get(run.run_id)
        case.before.decided = before is not None
        case.decision = _decided(step, case) if before is None else before.decision
        if before is None:
            new[run.run_id] = _decision_row(step, case)
        return case

    cases |= pool.map_inline([case.run for case in cases_before.values()], decided)
    if new:
        _record(resources, pool, runs, new)
    with_actions = [r for r in runs if r.run_id in cases and cases[r.run_id].decision.actions]
    for run_id, rows in _actions(resources, pool, with_actions, step).items():
        cases[run_id].rows += rows
    for case in cases.values():
        case.before.remember(case.rows)
    return [cases[run.run_id] for run in pool.remaining(runs) if run.run_id in cases]


def _record(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], new: Mapping[UUID, DecisionRow]
) -> None:
    """Record what was decided; users whose run was ended meanwhile fail."""

    def record(part: Sequence[UserRun]) -> dict[UUID, bool]:
        resources.store.action_log.record_decisions([new[r.run_id] for r in part])
        return dict.fromkeys(resources.store.runs.ended([r.run_id for r in part]), True)

    for run_id in pool.map_together([r for r in runs if r.run_id in new], record):
        pool.failures[run_id] = LeaseLost("the run was ended; nothing more is decided in it")


def _actions(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], step: StepName | None = None
) -> dict[UUID, list[ActionRow]]:
    """The action log of some runs by run, of one step or of all; every run has an entry."""

    def read(part: Sequence[UserRun]) -> dict[UUID, list[ActionRow]]:
        by_run: dict[UUID, list[ActionRow]] = {run.run_id: [] for run in part}
        for row in resources.store.action_log.actions(by_run, step):
            by_run[row.run_id].append(row)
        return by_run

    return pool.map_together(runs, read)


def _decided_before(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], step: StepName
) -> dict[UUID, UserStep]:
    """Users decided by an earlier try, or by an earlier step of this run that changed nothing."""
    recorded = pool.map_together(
        runs, lambda part: resources.store.action_log.decision_texts([r.run_id for r in part], step)
    )
    return pool.map_inline(
        [run for run in runs if run.run_id in recorded],
        lambda run: UserStep(
            run=run,
            decision=codec.decision_without_evidence(recorded[run.run_id]),
            before=Before(decided=True),
        ),
    )


def _is_quiet(decision: Decision) -> bool:
    """Nothing in it needs the state or the account's currency to be applied or worded."""
    return not (decision.actions or decision.allocations or decision.winners)


def _decided(step: StepName, case: UserStep) -> Decision:
    return decide(step, case.current_state(), case.run.goal_keys)


def _decision_row(step: StepName, case: UserStep) -> DecisionRow:
    """The step's own decision with its actions or, where there are none, with what is decided ahead."""
    decision = case.decision
    recorded = codec.decision_json(decision)
    if not decision.actions:
        ahead = _decided_ahead(step, case)
        case.ahead = list(ahead.values())
        later = {name: codec.decision_json(each) for name, each in ahead.items()}
        return DecisionRow(
            run_id=case.run.run_id, step=step, decision=recorded | ({"ahead": later} if later else {})
        )
    state = case.current_state()
    creative_of = {a.id: a.creative_id for a in state.snapshot.ad_sets}
    return DecisionRow(
        run_id=case.run.run_id,
        step=step,
        decision=recorded,
        actions=tuple(
            ActionDraft(
                action=action,
                key=action_key(case.run.run_id, step, ordinal),
                creative_id=creative_of.get(action.adset_id or ""),
                promoted_from_id=action.adset_id if action.action_type == "promote_winner" else None,
                details={"checks": [codec.gate_json(gate) for gate in action.evidence]},
            )
            for ordinal, action in enumerate(decision.actions)
        ),
    )


def _decided_ahead(step: StepName, case: UserStep) -> dict[StepName, Decision]:
    """What the next steps will decide, as long as nothing happens.

    What a step decides depends on the snapshot and on what was done before it. So a user with
    no action yet is decided up to the first step with something to do, at once; the later
    steps find it recorded, in the same row. Not past evidence that is still to be completed.
    """
    ahead: dict[StepName, Decision] = {}
    is_whole = case.current_state().snapshot.account.insights_read_at is not None
    for later in steps.RULES[steps.RULES.index(step) + 1 :] if case.is_untouched else ():
        if steps.BY_RULE[later].needs_insights and not is_whole:
            break
        decision = _decided(later, case)
        if decision.actions:
            break
        ahead[later] = decision
    return ahead


def action_key(run_id: UUID, part: str, ordinal: int) -> str:
    """The idempotency key of an action: 16 hexadecimal digits, the same at every try.

    Args:
        run_id: the run's.
        part: the step that decided, or the origin of an action without one.
        ordinal: its place among the actions of that part.
    """
    return hashlib.sha256(f"{run_id}/{part}/{ordinal}".encode()).hexdigest()[:16]


def show_winners(resources: Resources, pool: WorkerPool, runs: Sequence[UserRun]) -> list[UserStep]:
    """The winners and the holds of the rule ``promote``, for the log; its own step acts on them."""
    cases = {
        run_id: case
        for run_id, case in _decided_before(resources, pool, runs, steps.PROMOTE.key).items()
        if _is_quiet(case.decision)
    }
    cases |= _cases(resources, pool, [r for r in runs if r.run_id not in cases], before=steps.PROMOTE.key)

    def shown(run: UserRun) -> UserStep:
        case = cases[run.run_id]
        if case.state is not None:
            case.decision = _decided(steps.PROMOTE.key, case)
        return case

    return list(pool.map_inline([r for r in runs if r.run_id in cases], shown).values())


def _cases(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], *, before: StepName
) -> dict[UUID, UserStep]:
    """Every user with a snapshot, in the state in which the steps before ``before`` left them."""
    snapshots = pool.map_together(
        runs, lambda part: resources.store.snapshots.texts([r.run_id for r in part])
    )
    log = _actions(resources, pool, [r for r in runs if r.run_id in snapshots])

    def case(run: UserRun) -> UserStep:
        snapshot = codec.own_snapshot(snapshots[run.run_id])
        earlier = [r for r in log[run.run_id] if _is_before(r.action.decided_in, before)]
        done = [(r.action, _outcome(run, r)) for r in earlier]
        state = rules.fold(rules.initial_state(snapshot, resources.policy), done)
        return UserStep(run=run, state=state, currency=snapshot.account.currency, is_untouched=not done)

    return pool.map_inline([r for r in runs if r.run_id in snapshots], case)


def _is_before(step: StepName, other: StepName) -> bool:
    return steps.RULES.index(step) < steps.RULES.index(other)


def _outcome(run: UserRun, row: ActionRow) -> Outcome:
    return "success" if run.dry_run else outcome_of(row)
