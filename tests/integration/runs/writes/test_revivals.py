"""A scaling campaign that ran dry is revived: whatever instant a worker dies at, it ends as if none had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from demo import demo_users
from demo.demo_users import a_copy, a_test, creatives, goal, learning, scaling, steady
from demo.personas import PastAd, Persona
from orchestrator.documents import codec
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Snapshot
from orchestrator.domain.steps import TASKS
from orchestrator.runs import emergency_stop, lifecycle, run_report
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import Moment, before
from tests.integration.runs.test_human_edits import by_hand, live_minor, type_in
from tests.integration.runs.test_partial_writes import Again, both, dies, goes_on
from tests.integration.runs.writes.test_restored_database import restored

ALLOCATE, PROMOTE = "allocate_budget", "promote_winners"

# 20.00 a day, of which 6.00 scale. The first test wins; what scaled before ran dry with a budget of 5.00.
RHEA = replace(
    demo_users.BO,
    name="Rhea",
    goals={"streams": goal()},
    creatives=creatives("streams", "chorus", "dance"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "chorus", 500, steady(6, 500, 12_000, 60)),
            a_test("lookalike", "chorus", 500, steady(6, 500, 12_000, 5)),
            a_test("broad", "dance", 500, steady(6, 500, 12_000, 5)),
            a_test("lookalike", "dance", 500, steady(6, 500, 12_000, 5)),
        ),
        scaling("streams", 500, a_copy("lookalike", "chorus", steady(4, 500, 13_000, 1))),
    ),
)


def with_events(*events: int) -> Persona:
    """Rhea with other events a day of her four tests."""
    campaign, scaled = RHEA.campaigns
    tests = zip(campaign.ad_sets, events, strict=True)
    ad_sets = tuple(
        replace(a, ads=(PastAd(a.creative or "", steady(6, 500, 12_000, each)),)) for a, each in tests
    )
    return replace(RHEA, campaigns=(replace(campaign, ad_sets=ad_sets), scaled))


SOLE = with_events(60, 1, 1, 1)
"""One wins, and nobody after it."""
NOBODY = with_events(1, 1, 1, 1)
"""Nobody wins."""


def run_dry(town: Workbench, why: str = "loser") -> None:
    """What scaled is paused, as we would have: its ad set, and then its campaign."""
    campaign = scaling_campaign(town)
    (copy,) = campaign["ad_sets"]
    by_hand(town, "Rhea").set_status("ad_set", copy["id"], "PAUSED")
    by_hand(town, "Rhea").set_status("campaign", campaign["id"], "PAUSED")
    pause = "update {} set status = 'PAUSED', paused_by = 'orchestrator', paused_reason = %s where id = %s"
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(pause.format("ads_ad_sets"), [why, copy["id"]])  # type: ignore[arg-type]
        connection.execute(pause.format("ads_campaigns"), ["no_active_adset", campaign["id"]])  # type: ignore[arg-type]
    town.later(1)


def scaling_campaign(town: Workbench) -> dict[str, Any]:
    (found,) = [c for c in town.campaigns("Rhea") if c["is_cbo"]]
    return found


def on_meta(town: Workbench) -> tuple[str, int, list[str]]:
    """The scaling campaign's status and budget, and the statuses of the ad sets in it, the oldest first."""
    found = scaling_campaign(town)
    return found["status"], found["daily_budget_minor"], [a["status"] for a in found["ad_sets"]]


def our_row(town: Workbench) -> tuple[Any, ...]:
    """What we know of the scaling campaign."""
    with psycopg.connect(town.dsn) as connection:
        query = "select status, paused_by, paused_reason from ads_campaigns where role = 'scaling'"
        (found,) = connection.execute(query).fetchall()
        return tuple(found)


def budgets_of_tests(town: Workbench) -> list[int]:
    (found,) = [c for c in town.campaigns("Rhea") if not c["is_cbo"]]
    return [a["daily_budget_minor"] for a in found["ad_sets"]]


def winner(town: Workbench) -> dict[str, Any]:
    """The test that wins."""
    found: dict[str, Any] = next(c for c in town.campaigns("Rhea") if not c["is_cbo"])["ad_sets"][0]
    return found


def snapshot_of(town: Workbench, run_key: str) -> Snapshot:
    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    (stored,) = town.resources.store.snapshots.documents([run.run_id]).values()
    return codec.read_snapshot(stored)


def promotions(town: Workbench, *run_keys: str) -> list[ActionRow]:
    return [r for key in run_keys for r in town.actions(key) if r.action.action_type == "promote_winner"]


# The writes of Rhea's promotion: four cuts, the campaign's budget, the copy, its ad, the ad's activation, the
# copy's, the campaign's resume. Its actions: four cuts, the budget, the copy, the resume.
INSTANTS = [
    pytest.param("begin_write", 6, id="before the copy"),
    pytest.param("end_write", 6, id="after the copy"),
    pytest.param("annotate", 2, id="before the copy is about to be active"),
    pytest.param("begin_write", 9, id="before the copy is active"),
    pytest.param("end_write", 9, id="after the copy is active"),
    pytest.param("record_outcome", 6, id="before the record of the copy"),
    pytest.param("mark_intended", 7, id="after the record of the copy"),
    pytest.param("begin_write", 10, id="before the resume"),
    pytest.param("end_write", 10, id="after the resume"),
    pytest.param("record_outcome", 7, id="before the record of the resume"),
]


@both
@pytest.mark.people(RHEA)
@pytest.mark.parametrize(("moment", "number"), INSTANTS)
def test_a_revival_is_finished_whatever_instant_its_worker_dies_at(
    town: Workbench, moment: Moment, number: int, again: Again
):
    run_dry(town)
    dies(town, PROMOTE, moment, number)

    goes_on(town, PROMOTE, again)
    town.later(1)
    town.run("later")

    assert on_meta(town) == ("ACTIVE", 600, ["PAUSED", "ACTIVE"])
    assert our_row(town) == ("ACTIVE", None, None)
    assert budgets_of_tests(town) == [350, 350, 350, 350]
    assert [r.status for r in promotions(town, "run", "next", "later")].count("success") == 1
    assert {r.status for r in town.actions("run")} <= {"success", "failed", "held"}


def in_the_gap(town: Workbench) -> None:
    """A worker dies when the copy is recorded and the resume is not begun."""
    run_dry(town)
    dies(town, PROMOTE, "mark_intended", 7)
    assert on_meta(town) == ("PAUSED", 600, ["PAUSED", "ACTIVE"])
    assert our_row(town) == ("PAUSED", "orchestrator", "reviving")


@pytest.mark.people(RHEA)
def test_a_revival_is_planned_as_a_resume_for_want_of_a_budget_and_shown_as_what_it_is(town: Workbench):
    in_the_gap(town)

    town.run("next")

    (resumed,) = [r for r in town.actions("next") if r.action.action_type == "resume_campaign"]
    assert (resumed.action.step, resumed.action.reason, resumed.status) == (
        "allocate",
        "goal_active",
        "success",
    )
    (found,) = [c for c in snapshot_of(town, "next").campaigns if c.role == "scaling"]
    assert (found.status, found.paused_by, found.paused_reason) == (
        "PAUSED",
        "orchestrator",
        "below_minimum_budget",
    )


# Tests at 14.00 and a scaling campaign of 6.00: it needs 20.00.
@pytest.mark.parametrize(
    ("cap", "status"), [("20.00", "ACTIVE"), ("19.99", "PAUSED")], ids=["fits", "one cent too little"]
)
@pytest.mark.people(RHEA)
def test_a_resume_that_there_is_no_room_for_is_made_once_there_is(town: Workbench, cap: str, status: str):
    run_dry(town)
    (batch,) = town.open("run")
    for step in TASKS[: TASKS.index(PROMOTE)]:
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    before(town, "mark_intended", 6, lambda: type_in(town, "max_daily_budget", cap))

    for step in TASKS[TASKS.index(PROMOTE) :]:
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    run_report.finish(town.resources, "run")

    assert on_meta(town) == (status, 600, ["PAUSED", "ACTIVE"])
    assert (
        our_row(town)
        == {
            "ACTIVE": ("ACTIVE", None, None),
            "PAUSED": ("PAUSED", "orchestrator", "reviving"),
        }[status]
    )

    type_in(town, "max_daily_budget", "50.00")
    town.later(1)
    town.run("next")
    assert on_meta(town) == ("ACTIVE", 600, ["PAUSED", "ACTIVE"])
    assert [r.status for r in promotions(town, "run", "next")] == ["success"]


@both
@pytest.mark.people(SOLE)
def test_a_copy_that_is_refused_after_all_leaves_no_revival_behind(town: Workbench, again: Again):
    run_dry(town)
    dies(town, PROMOTE, "record_outcome", 6)
    assert our_row(town) == ("PAUSED", "orchestrator", "reviving")
    (ad,) = winner(town)["ads"]
    town.simulator.act("pause", ad["id"])

    goes_on(town, PROMOTE, again)
    run_report.finish(town.resources, "run")
    town.later(1)
    town.run("later")

    assert promotions(town, "run")[0].status == "failed"
    assert on_meta(town) == ("PAUSED", 600, ["PAUSED", "ACTIVE"])
    assert our_row(town) == ("PAUSED", "orchestrator", "no_active_adset")


@pytest.mark.people(SOLE)
def test_a_revival_ends_when_a_person_pauses_the_copy(town: Workbench):
    in_the_gap(town)
    copy = scaling_campaign(town)["ad_sets"][1]
    town.later(1)
    by_hand(town, "Rhea").set_status("ad_set", copy["id"], "PAUSED")

    town.run("next")

    assert our_row(town) == ("PAUSED", "orchestrator", "no_active_adset")
    by_hand(town, "Rhea").set_status("ad_set", copy["id"], "ACTIVE")
    town.later(1)
    town.run("later")
    assert on_meta(town)[0] == "PAUSED"
    assert our_row(town) == ("PAUSED", "orchestrator", "no_active_adset")


@pytest.mark.people(RHEA)
def test_a_campaign_that_a_person_resumed_and_paused_is_theirs(town: Workbench):
    in_the_gap(town)
    campaign = scaling_campaign(town)["id"]
    by_hand(town, "Rhea").set_status("campaign", campaign, "ACTIVE")
    town.run("next")
    assert our_row(town) == ("ACTIVE", None, None)

    by_hand(town, "Rhea").set_status("campaign", campaign, "PAUSED")
    for run_key in ("later", "last"):
        town.later(1)
        town.run(run_key)

    assert on_meta(town)[0] == "PAUSED"
    assert our_row(town) == ("PAUSED", "user", None)


@pytest.mark.people(RHEA)
def test_what_a_person_paused_after_a_resume_without_an_answer_stays_paused(town: Workbench):
    run_dry(town)
    dies(town, PROMOTE, "end_write", 10)
    assert on_meta(town)[0] == "ACTIVE"
    town.later(1)
    by_hand(town, "Rhea").set_status("campaign", scaling_campaign(town)["id"], "PAUSED")

    for run_key in ("next", "later"):
        town.run(run_key)
        town.later(1)

    assert on_meta(town)[0] == "PAUSED"
    assert our_row(town) == ("PAUSED", "user", None)


@pytest.mark.people(RHEA)
def test_a_stop_of_the_spending_holds_until_writing_goes_on(town: Workbench):
    in_the_gap(town)
    switch = town.resources.store.kill_switch
    switch.set(None, stopped=True, note=None, changed_by="test")
    report = emergency_stop.stop_spending(town.resources, None, town.now, {}, lambda *_: None)
    assert (report.campaigns, report.failed, live_minor(town, "Rhea")) == (1, {}, 0)

    town.later(1)
    town.run("while stopped")
    assert live_minor(town, "Rhea") == 0
    assert our_row(town) == ("PAUSED", "orchestrator", "reviving")

    switch.set(None, stopped=False, note=None, changed_by="test")
    town.later(1)
    town.run("next")
    assert on_meta(town) == ("ACTIVE", 600, ["PAUSED", "ACTIVE"])
    assert live_minor(town, "Rhea") == 2000


# Four cuts, the ad set, the campaign.


@both
@pytest.mark.people(NOBODY)
@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param("begin_write", 5, id="before the ad set"),
        pytest.param("end_write", 5, id="after the ad set"),
        pytest.param("record_outcome", 5, id="before the record of the ad set"),
        pytest.param("mark_intended", 6, id="after the record of the ad set"),
        pytest.param("end_write", 6, id="after the resume"),
    ],
)
def test_a_campaign_comes_back_with_an_ad_set_that_delivers_again_whatever_instant_its_worker_dies_at(
    town: Workbench, moment: Moment, number: int, again: Again
):
    run_dry(town, "cannot_deliver")
    dies(town, ALLOCATE, moment, number)

    goes_on(town, ALLOCATE, again)
    town.later(1)
    town.run("later")

    assert on_meta(town) == ("ACTIVE", 500, ["ACTIVE"])
    assert our_row(town) == ("ACTIVE", None, None)
    assert budgets_of_tests(town) == [350, 350, 350, 350]


@pytest.mark.people(SOLE)
def test_a_restored_database_does_not_take_a_copy_that_it_finds_for_a_revival(
    town: Workbench, server_url: str
):
    run_dry(town)
    with restored(town, server_url, "lost"):
        assert on_meta(town) == ("ACTIVE", 600, ["PAUSED", "ACTIVE"])
        by_hand(town, "Rhea").set_status("campaign", scaling_campaign(town)["id"], "PAUSED")

        for run_key in ("run", "next"):
            town.later(1)
            town.run(run_key)

        assert on_meta(town) == ("PAUSED", 600, ["PAUSED", "ACTIVE"])
        assert our_row(town) == ("PAUSED", "orchestrator", "no_active_adset")
