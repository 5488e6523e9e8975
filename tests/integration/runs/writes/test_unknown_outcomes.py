"""An outcome that stays unknown holds what rises for its goal, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo import demo_users
from demo.demo_users import a_test, creatives, goal, learning, steady
from orchestrator.domain.records import UserRows
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle, open_actions, run_report
from orchestrator.runs.user_context import context_of
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import before_write
from tests.integration.runs.test_human_edits import by_hand, live_minor

ADA = demo_users.ADA
"""Three goals, and nothing on the account yet."""

FEW = steady(4, 250, 6_000, 2)
TWO_GOALS = replace(
    ADA,
    name="Two",
    goals={"streams": goal(3), "followers": goal(3)},
    daily_budget="20.00",
    max_daily_budget="20.00",
    creatives=(*creatives("followers", "tour"), *creatives("streams", "teaser")),
    campaigns=tuple(
        learning(key, a_test("broad", name, 250, FEW), a_test("lookalike", name, 250, FEW))
        for key, name in (("followers", "tour"), ("streams", "teaser"))
    ),
)
"""Four tests of 2.50, which the allocation raises to 5.00 each; the cap is 20.00."""


def outcomes(town: Workbench) -> dict[str, set[tuple[str, str | None]]]:
    """By goal: the statuses of its actions, with the reasons of those held."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for row in town.actions("run"):
        found.setdefault(row.action.goal_key, set()).add((row.status, row.details.get("hold")))
    return found


@pytest.mark.people(ADA)
def test_a_creation_without_an_outcome_holds_its_goal_alone(town: Workbench):
    town.simulator.add_faults([{"kind": "html_502", "method": "POST", "edge": "campaigns", "count": 2}])
    (batch,) = town.open("run")
    for step in TASKS[:2]:
        report = lifecycle.run_step(town.resources, "run", batch, step)

    first = town.actions("run")[0].action.goal_key
    found = outcomes(town)
    assert found.pop(first) == {("unknown", None), ("held", "unsettled")}
    assert list(found.values()) == [{("success", None)}] * 2
    assert [c["status"] for c in town.campaigns("Ada")] == ["ACTIVE", "ACTIVE"]
    assert type(report.retry).__name__ == "UnresolvedOutcome"

    for step in TASKS[1:]:  # the platform answers again
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    run_report.finish(town.resources, "run")
    row = town.actions("run")[0]
    assert (row.action.action_type, row.status) == ("create_campaign", "success")
    assert town.statuses("run") == {"success"}

    town.later(6)
    town.run("next")
    assert [c["status"] for c in town.campaigns("Ada")] == ["ACTIVE"] * 3


@pytest.mark.people(TWO_GOALS)
@pytest.mark.parametrize(
    ("by_a_person", "last"),
    [(500, ("success", None)), (501, ("held", "no_room"))],
    ids=["it just fits", "one cent too much"],
)
def test_a_raise_without_an_outcome_takes_its_room(
    town: Workbench, by_a_person: int, last: tuple[str, str | None]
):
    """2.50 and the 2.50 that it may add, what a person set, and two tests of 5.00 at last: at most 20.00."""
    first, second, _, _ = town.ad_sets("Two")
    town.simulator.add_faults([{"kind": "html_502", "method": "POST", "path": f"/{first['id']}", "count": 2}])
    edited = by_hand(town, "Two")
    before_write(town, 3, lambda: edited.set_daily_budget("ad_set", second["id"], by_a_person))
    (batch,) = town.open("run")

    lifecycle.run_step(town.resources, "run", batch, TASKS[0])

    found = [(r.status, r.details.get("hold")) for r in town.actions("run")]
    assert found == [("unknown", None), ("held", "unsettled"), ("success", None), last]
    assert live_minor(town, "Two") + 250 <= 2000


@pytest.mark.people(TWO_GOALS)
@pytest.mark.parametrize("is_answered", [True, False], ids=["read back", "no answer"])
def test_a_raise_that_stays_open_takes_its_room_in_the_next_step_too(town: Workbench, *, is_answered: bool):
    first = town.ad_sets("Two")[0]
    town.simulator.add_faults([{"kind": "html_502", "method": "POST", "path": f"/{first['id']}", "count": 2}])
    (batch,) = town.open("run")
    lifecycle.run_step(town.resources, "run", batch, TASKS[0])
    (run,) = town.resources.store.runs.of_batch("run", batch)
    rows = town.resources.store.users.load([run.user_id], history_since=town.now)[run.user_id]
    assert isinstance(rows, UserRows)
    context = context_of(town.resources, run, rows)
    (unknown,) = town.resources.store.action_log.unresolved([run.user_id])
    if not is_answered:
        town.simulator.add_faults([{"kind": "html_502"}])

    goals = open_actions.settle_in_run(context, run.run_id, [unknown])

    town.simulator.clear_faults()
    assert goals == (set() if is_answered else {unknown.action.goal_key})
    assert context.open_rises == ([] if is_answered else [unknown.action])
