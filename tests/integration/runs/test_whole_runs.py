"""One run through all seven steps: what is planned, what is done, what is done again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from demo import demo_users
from orchestrator.documents import codec
from orchestrator.domain import policy
from orchestrator.domain.model import Action, Decision
from orchestrator.domain.steps import RULES, TASKS, StepName
from orchestrator.rules import State
from orchestrator.runs import decide as deciding
from orchestrator.runs import lifecycle
from tests.integration.runs.conftest import Workbench

BO = demo_users.BO.user_id


def kinds(actions: list[Action]) -> list[tuple[str, str, str, int | None]]:
    return [(a.step, a.action_type, a.reason, a.after_minor) for a in actions]


@pytest.mark.people(*demo_users.FLEET)
def test_a_live_run_does_what_the_dry_run_planned_and_the_dry_run_writes_nothing(town: Workbench) -> None:
    town.run("dry", dry_run=True)
    planned = town.actions("dry")

    assert town.writes() == []
    assert {row.status for row in planned} == {"planned"}
    town.run("live")
    made = town.actions("live")
    assert {row.status for row in made} == {"success"}
    assert [(r.user_id, r.action) for r in made] == [(r.user_id, r.action) for r in planned]
    assert len(made) > 40


@pytest.mark.people(*demo_users.FLEET)
def test_a_tripped_breaker_shows_in_a_dry_run_as_in_a_live_one(town: Workbench) -> None:
    town.resources = replace(town.resources, policy=policy.overridden({"breaker_spend_bp": 0}))
    town.later(3)
    town.run("dry", dry_run=True)
    town.run("live")

    assert [(r.user_id, r.action) for r in town.actions("live")] == [
        (r.user_id, r.action) for r in town.actions("dry")
    ]
    held = {run_key: _holds(town, run_key) for run_key in ("dry", "live")}
    assert held["dry"] == held["live"]
    assert (BO, "promote_winner") in held["live"]
    assert {row.status for row in town.actions("live")} == {"success"}
    assert [row.action for row in town.actions("live") if row.user_id == BO] == []


def _holds(town: Workbench, run_key: str) -> set[tuple[UUID, str]]:
    """Whose rises the breaker held, and which."""
    held: set[tuple[UUID, str]] = set()
    for run in (r for b in range(64) for r in town.resources.store.runs.of_batch(run_key, b)):
        for step in RULES:
            for stored in town.resources.store.action_log.decisions([run.run_id], step).values():
                held |= {
                    (run.user_id, h.action_type)
                    for h in codec.read_decision(stored).holds
                    if h.reason == "breaker_overspend"
                }
    return held


@pytest.mark.people(demo_users.ADA)
def test_a_new_user_gets_a_learning_campaign_a_goal_that_delivers(town: Workbench) -> None:
    town.run("first")

    assert kinds([r.action for r in town.actions("first")]) == [
        ("learning", "create_campaign", "no_learning_campaign", None),
        ("learning", "create_adset", "new_test_cell", 250),
        ("learning", "create_adset", "new_test_cell", 250),
        ("learning", "create_adset", "new_test_cell", 250),
        ("learning", "create_adset", "new_test_cell", 250),
        ("learning", "create_campaign", "no_learning_campaign", None),
        ("learning", "create_adset", "new_test_cell", 300),
        ("learning", "create_adset", "new_test_cell", 300),
        ("learning", "create_campaign", "no_learning_campaign", None),
        ("learning", "create_adset", "new_test_cell", 200),
        ("learning", "create_adset", "new_test_cell", 200),
    ]
    assert [c["status"] for c in town.campaigns("Ada")] == ["ACTIVE", "ACTIVE", "ACTIVE"]
    assert [a["status"] for a in town.ad_sets("Ada")] == ["ACTIVE"] * 8
    assert [ad["status"] for a in town.ad_sets("Ada") for ad in a["ads"]] == ["ACTIVE"] * 8


@pytest.mark.people(demo_users.ADA)
def test_the_next_run_finds_nothing_to_do(town: Workbench) -> None:
    town.run("first")
    writes = len(town.writes())
    town.later(1)
    town.run("second")

    assert town.actions("second") == []
    assert len(town.writes()) == writes


@pytest.mark.people(demo_users.BO)
def test_a_step_that_is_run_again_does_nothing_twice(town: Workbench) -> None:
    batches = town.open("run")
    for step in TASKS[:5]:
        for _ in range(2):
            lifecycle.run_step(town.resources, "run", batches[0], step)
    promoted = [r for r in town.actions("run") if r.action.action_type == "promote_winner"]

    assert [r.status for r in promoted] == ["success", "success"]
    assert [len(c["ad_sets"]) for c in town.campaigns("Bo")] == [4, 2]


@pytest.mark.people(demo_users.ADA)
def test_a_run_for_some_goals_leaves_the_others_alone(town: Workbench) -> None:
    town.run("some", goal_keys=["followers"])

    assert {r.action.goal_key for r in town.actions("some")} == {"followers"}


@pytest.mark.people(demo_users.BO)
def test_an_unarmed_deployment_writes_nothing_though_the_run_is_live(town: Workbench) -> None:
    town.resources = replace(
        town.resources, settings=town.resources.settings.model_copy(update={"armed": False})
    )
    town.run("unarmed")

    assert town.writes() == []
    assert {r.status for r in town.actions("unarmed")} == {"planned"}


@pytest.mark.people(demo_users.BO, demo_users.ADA)
def test_one_users_dead_token_is_only_theirs(town: Workbench) -> None:
    town.simulator.kill_token(town.accounts["Bo"].access_token)
    town.run("run")
    ended = {r.user_id: r for b in range(2) for r in town.resources.store.runs.of_batch("run", b)}

    assert ended[demo_users.ADA.user_id].status == "success"
    assert ended[demo_users.BO.user_id].status == "failed"
    assert str(ended[demo_users.BO.user_id].error).startswith("AuthExpired: ")
    assert {r.user_id for r in town.actions("run")} == {demo_users.ADA.user_id}


@pytest.mark.people(demo_users.BO, demo_users.ADA)
def test_a_rule_that_breaks_on_one_user_decides_for_the_others_of_the_batch(
    town: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = deciding.rules.decide

    def odd(step: StepName, state: State) -> Decision:
        if state.snapshot.user_id == str(demo_users.BO.user_id):
            raise KeyError("an account nobody thought of")
        return decide(step, state)

    monkeypatch.setattr(deciding.rules, "decide", odd)
    town.users_per_batch = 2
    town.run("run")
    ended = {r.user_id: r.status for b in range(2) for r in town.resources.store.runs.of_batch("run", b)}

    assert ended == {demo_users.ADA.user_id: "success", demo_users.BO.user_id: "failed"}
    assert {r.user_id for r in town.actions("run")} == {demo_users.ADA.user_id}
