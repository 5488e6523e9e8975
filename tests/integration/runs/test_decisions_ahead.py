"""For whom nothing is to be done, all steps are decided at once; what they decide stays the same."""

from __future__ import annotations

from uuid import UUID

import pytest

from demo import demo_users
from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import policy
from orchestrator.domain.model import Decision
from orchestrator.domain.steps import RULES, TASKS
from orchestrator.runs import lifecycle
from tests.integration.runs.conftest import Workbench

REDUCE = {"kind": "reduce_data", "method": "GET", "path": "*/insights"}


def decided(town: Workbench, run_id: UUID) -> dict[str, Decision]:
    """What is recorded of one user's run, by step."""
    found = {step: town.resources.store.action_log.decisions([run_id], step) for step in RULES}
    return {step: codec.read_decision(rows[run_id]) for step, rows in found.items() if rows}


def allocate(town: Workbench, run_key: str) -> UUID:
    """Do the first step of a run of one user."""
    (batch,) = town.open(run_key)
    lifecycle.run_step(town.resources, run_key, batch, "allocate_budget")
    (run,) = town.resources.store.runs.of_batch(run_key, batch)
    return run.run_id


@pytest.mark.people(demo_users.ADA)
def test_a_user_for_whom_nothing_is_to_be_done_is_decided_for_in_the_first_step(town: Workbench):
    town.run("first")
    town.later(1)
    run_id = allocate(town, "second")
    ahead = decided(town, run_id)

    plan = rules.plan(
        codec.own_snapshot(town.resources.store.snapshots.texts([run_id])[run_id]), policy.overridden({})
    )
    assert set(ahead) == {"allocate", "learning", "promote", "scale", "pause"}
    assert plan.actions == ()
    recorded = codec.read_decision(codec.decision_json(Decision(holds=plan.holds)))
    assert tuple(hold for step in RULES for hold in ahead[step].holds) == recorded.holds
    assert ahead["allocate"].allocations == plan.allocations


@pytest.mark.people(demo_users.ADA)
def test_the_later_steps_leave_it_as_it_is(town: Workbench):
    town.run("first")
    town.later(1)
    run_id = allocate(town, "second")
    ahead = decided(town, run_id)
    for step in TASKS[1:]:
        report = lifecycle.run_step(town.resources, "second", 0, step)
        assert (report.users, report.actions, report.failed) == (1, 0, {})

    assert decided(town, run_id) == ahead
    assert town.statuses("second") == {"success"}


@pytest.mark.people(demo_users.BO)
def test_nothing_is_decided_ahead_of_a_step_that_has_something_to_do(town: Workbench):
    run_id = allocate(town, "run")
    assert set(decided(town, run_id)) == {"allocate", "learning"}

    lifecycle.run_step(town.resources, "run", 0, "check_learning_campaigns")
    lifecycle.run_step(town.resources, "run", 0, "extract_insights")
    lifecycle.run_step(town.resources, "run", 0, "detect_winners")
    assert set(decided(town, run_id)) == {"allocate", "learning"}

    lifecycle.run_step(town.resources, "run", 0, "promote_winners")
    assert len(decided(town, run_id)["promote"].actions) > 0
    assert set(decided(town, run_id)) == {"allocate", "learning", "promote"}


@pytest.mark.people(demo_users.NIA)
def test_nothing_is_decided_ahead_once_something_was_done(town: Workbench):
    run_id = allocate(town, "run")

    assert len(decided(town, run_id)["allocate"].actions) > 0
    lifecycle.run_step(town.resources, "run", 0, "check_learning_campaigns")
    assert set(decided(town, run_id)) == {"allocate", "learning"}


@pytest.mark.people(demo_users.ADA)
def test_nothing_is_decided_on_evidence_that_is_still_to_be_completed(town: Workbench):
    town.run("first")
    town.later(1)
    town.simulator.add_faults([REDUCE])
    run_id = allocate(town, "second")
    town.simulator.clear_faults()

    assert set(decided(town, run_id)) == {"allocate", "learning"}
    for step in TASKS[1:]:
        lifecycle.run_step(town.resources, "second", 0, step)
    assert "stale_insights" not in {h.reason for d in decided(town, run_id).values() for h in d.holds}
