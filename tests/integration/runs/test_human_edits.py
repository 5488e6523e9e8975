"""People and operators act while a run is under way: what they did stands, and is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from demo import demo_users
from demo.seed_database import assets_of
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import before_write


def by_hand(town: Workbench, name: str) -> Any:
    """The account in a person's own hands: no gate of ours."""
    account = town.accounts[name]
    return town.resources.platform.account(assets_of(account))


def type_in(town: Workbench, column: str, amount: str) -> None:
    """Every user types another budget."""
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(f"update user_ads_modes set {column} = %s", [amount])


def live_minor(town: Workbench, name: str) -> int:
    """What can be spent in a day, as the simulator has it."""
    return sum(
        thing["daily_budget_minor"] or 0
        for campaign in town.campaigns(name)
        if campaign["status"] == "ACTIVE"
        for thing in [campaign, *(a for a in campaign["ad_sets"] if a["status"] == "ACTIVE")]
    )


def rows_of(town: Workbench, run_key: str, ad_set_id: str) -> list[tuple[str, str, str | None]]:
    return [
        (r.action.action_type, r.status, r.message)
        for r in town.actions(run_key)
        if r.action.adset_id == ad_set_id
    ]


def nias_tests(town: Workbench) -> list[dict[str, Any]]:
    (learning,) = [c for c in town.campaigns("Nia") if not c["is_cbo"]]
    return list(learning["ad_sets"])


PERSON_CHANGED = "a person changed it meanwhile; it is left alone"
PERSON_REMOVED = "a person removed it meanwhile"


@pytest.mark.people(demo_users.NIA)
@pytest.mark.parametrize(
    ("edit", "said", "status", "budget_minor"),
    [
        pytest.param(
            lambda a, i: a.set_daily_budget("ad_set", i, 345),
            PERSON_CHANGED,
            "ACTIVE",
            345,
            id="another budget",
        ),
        pytest.param(
            lambda a, i: a.set_status("ad_set", i, "PAUSED"), PERSON_CHANGED, "PAUSED", 350, id="paused"
        ),
        pytest.param(
            lambda a, i: a.set_status("ad_set", i, "ARCHIVED"), PERSON_REMOVED, "ARCHIVED", 350, id="archived"
        ),
        pytest.param(
            lambda a, i: a.set_status("ad_set", i, "DELETED"), PERSON_REMOVED, "DELETED", 350, id="deleted"
        ),
    ],
)
def test_what_a_person_changed_between_reading_and_writing_is_left_alone_and_said(
    town: Workbench, edit: Callable[[Any, str], None], said: str, status: str, budget_minor: int
):
    last = nias_tests(town)[-1]["id"]
    before_write(town, 1, lambda: edit(by_hand(town, "Nia"), last))

    town.run("run")

    assert rows_of(town, "run", last) == [("update_budget", "held", said)]
    (left,) = [a for a in nias_tests(town) if a["id"] == last]
    assert (left["status"], left["daily_budget_minor"]) == (status, budget_minor)
    done = [r.status for r in town.actions("run") if r.action.adset_id not in (last, None)]
    assert done == ["success"] * 3

    town.later(6)
    town.run("next")
    (row,) = [a for a in _snapshot(town, "next").ad_sets if a.id == last]
    assert row.status == status
    assert row.paused_by == ("user" if status == "PAUSED" else None)
    assert status != "ACTIVE" or [
        (r.action.before_minor, r.status) for r in town.actions("next") if r.action.adset_id == last
    ] == [(345, "success")]


def _snapshot(town: Workbench, run_key: str) -> Any:
    from orchestrator.documents import codec  # noqa: PLC0415

    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    (stored,) = town.resources.store.snapshots.documents([run.run_id]).values()
    return codec.read_snapshot(stored)


@pytest.mark.people(demo_users.CY)
def test_a_cap_that_is_lowered_before_a_raise_holds_it(town: Workbench):
    (batch,) = town.open("run")
    for step in TASKS[:5]:
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    live = live_minor(town, "Cy")
    type_in(town, "max_daily_budget", "20.00")
    writes = len(town.writes())

    lifecycle.run_step(town.resources, "run", batch, "scale_budgets", last_try=True)

    (scaled,) = [r for r in town.actions("run") if r.action.reason == "scale_up"]
    assert (scaled.status, scaled.message) == ("held", "it would pass the cap")
    assert scaled.details["checks_now"] == [
        {"name": "live_budget_now", "have": live + 120, "word": "at most", "need": 2000, "unit": "minor"}
    ]
    assert len(town.writes()) == writes
    assert live_minor(town, "Cy") == live


@pytest.mark.people(demo_users.ADA)
def test_a_cap_that_is_lowered_mid_step_holds_from_that_write_on(town: Workbench):
    before_write(town, 5, lambda: type_in(town, "max_daily_budget", "5.00"))

    town.run("run")

    # New ad sets count beside those made before them in a campaign that is activated last: the first goal's
    # that fit run, and its campaign with them.
    assert 0 < live_minor(town, "Ada") <= 500
    assert [c["status"] for c in town.campaigns("Ada")] == ["ACTIVE", "PAUSED", "PAUSED"]


@pytest.mark.people(demo_users.CY)
def test_a_cap_that_is_raised_waits_for_the_next_plan(town: Workbench):
    (batch,) = town.open("run")
    for step in TASKS[:5]:
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    type_in(town, "max_daily_budget", "500.00")

    lifecycle.run_step(town.resources, "run", batch, "scale_budgets", last_try=True)

    assert [
        (r.action.after_minor, r.status) for r in town.actions("run") if r.action.reason == "scale_up"
    ] == [(720, "success")]


def rises_of(town: Workbench, run_key: str) -> set[tuple[str, str | None]]:
    kinds = ("create_campaign", "promote_winner", "resume_campaign")
    return {(r.status, r.message) for r in town.actions(run_key) if r.action.action_type in kinds}


@pytest.mark.people(demo_users.BO)
def test_after_a_reduction_that_was_not_made_nothing_rises_and_the_other_reductions_are_made(town: Workbench):
    (learning,) = town.campaigns("Bo")
    first = learning["ad_sets"][0]["id"]
    (batch,) = town.open("run")
    for step in TASKS[:4]:
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    by_hand(town, "Bo").set_daily_budget("ad_set", first, 499)

    lifecycle.run_step(town.resources, "run", batch, "promote_winners", last_try=True)

    made = {r.action.adset_id: r.status for r in town.actions("run") if r.action.reason == "make_room"}
    assert made.pop(first) == "held"
    assert list(made.values()) == ["success"] * 3
    assert rises_of(town, "run") == {("held", "a reduction before it did not happen")}
    assert live_minor(town, "Bo") == 499 + 3 * 350


@pytest.mark.people(demo_users.BO)
def test_after_a_reduction_that_was_not_heard_of_nothing_rises_and_the_other_reductions_are_made(
    town: Workbench,
):
    first, *others = [a["id"] for a in town.ad_sets("Bo")]
    town.simulator.add_faults([{"kind": "html_502", "method": "POST", "path": f"/{first}"}])

    town.run("run")
    town.simulator.clear_faults()

    assert {(r.action.adset_id, r.status) for r in town.actions("run") if r.status != "held"} == {
        (first, "unknown"),
        *((each, "success") for each in others),
    }
    assert rises_of(town, "run") == {
        ("held", "an action before it may or may not have happened; it is read back first")
    }
    assert [r["path"] for r in town.writes()] == [f"/{each}" for each in others]
    assert town.statuses("run") == {"failed"}

    town.later(1)
    town.run("next")
    settled = [(r.status, r.message) for r in town.actions("run") if r.action.adset_id == first]
    assert settled[0] == ("failed", "read back: it did not happen")
    assert len(town.campaigns("Bo")) == 2


@pytest.mark.people(demo_users.BO)
def test_a_winner_that_a_person_paused_before_it_was_copied_is_not_copied(town: Workbench):
    (batch,) = town.open("run")
    for step in TASKS[:4]:
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    winner = town.ad_sets("Bo")[0]["id"]
    before_write(town, 5, lambda: by_hand(town, "Bo").set_status("ad_set", winner, "PAUSED"))

    lifecycle.run_step(town.resources, "run", batch, "promote_winners", last_try=True)

    (promoted,) = [r for r in town.actions("run") if r.action.action_type == "promote_winner"][:1]
    assert (promoted.action.adset_id, promoted.status, promoted.message) == (winner, "held", PERSON_CHANGED)
    assert winner not in {a["source_id"] for a in town.ad_sets("Bo")}
