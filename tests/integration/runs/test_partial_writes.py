"""What a dead process left half made: it is made whole, under what holds now and beside what people did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import psycopg
import pytest

from demo import demo_users
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import Died, Moment, before, die_before
from tests.integration.runs.test_human_edits import by_hand, live_minor, type_in

ALLOCATE, LEARN, PROMOTE = "allocate_budget", "check_learning_campaigns", "promote_winners"

Again = Literal["same step", "next run"]


def dies(town: Workbench, step: str, moment: Moment, number: int) -> int:
    """A run whose process dies in ``step``, just before one of its calls; its batch."""
    (batch,) = town.open("run")
    for earlier in TASKS[: TASKS.index(step)]:
        lifecycle.run_step(town.resources, "run", batch, earlier, last_try=True)
    die_before(town, moment, number)
    with pytest.raises(Died):
        lifecycle.run_step(town.resources, "run", batch, step)
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute("update user_leases set busy_until = null, expires_at = clock_timestamp()")
    return batch


def goes_on(town: Workbench, step: str, again: Again) -> None:
    """The step is tried again, or the next run comes."""
    if again == "same step":
        lifecycle.run_step(town.resources, "run", 0, step, last_try=True)
    else:
        town.run("next")


def first(town: Workbench, action_type: str) -> ActionRow:
    return next(r for r in town.actions("run") if r.action.action_type == action_type)


def copies(town: Workbench) -> list[dict[str, Any]]:
    (scaling,) = [c for c in town.campaigns("Bo") if c["is_cbo"]]
    found: list[dict[str, Any]] = scaling["ad_sets"]
    return found


both = pytest.mark.parametrize("again", ["same step", "next run"])

# Writes of Bo's promotion: four cuts, the campaign, the copy, its ad, the ad's activation, the copy's.


@both
@pytest.mark.people(demo_users.BO)
def test_a_copied_ad_that_a_person_paused_stays_paused_and_the_copy_is_finished(
    town: Workbench, again: Again
):
    dies(town, PROMOTE, "begin_write", 9)
    (copy,) = copies(town)
    (ad,) = copy["ads"]
    assert (copy["status"], ad["status"]) == ("PAUSED", "ACTIVE")
    by_hand(town, "Bo").set_status("ad", ad["id"], "PAUSED")

    goes_on(town, PROMOTE, again)

    (copy, *_) = copies(town)
    assert (copy["status"], [each["status"] for each in copy["ads"]]) == ("ACTIVE", ["PAUSED"])
    row = first(town, "promote_winner")
    assert (row.status, row.details["left_paused"]) == ("success", [ad["id"]])
    assert f"a person paused {ad['id']} meanwhile, and it stays so" in (row.message or "")


@both
@pytest.mark.people(demo_users.BO)
def test_an_ad_whose_activation_was_the_last_thing_sent_was_paused_if_it_changed_since(
    town: Workbench, again: Again
):
    dies(town, PROMOTE, "annotate", 2)  # the ad's activation is recorded and done, the copy's not recorded
    (ad,) = copies(town)[0]["ads"]
    assert ad["status"] == "ACTIVE"
    town.later(1)
    by_hand(town, "Bo").set_status("ad", ad["id"], "PAUSED")

    goes_on(town, PROMOTE, again)

    (copy, *_) = copies(town)
    assert (copy["status"], [each["status"] for each in copy["ads"]]) == ("ACTIVE", ["PAUSED"])


@both
@pytest.mark.people(demo_users.BO)
def test_a_copy_that_a_person_paused_stays_paused(town: Workbench, again: Again):
    dies(town, PROMOTE, "record_outcome", 6)  # four cuts and the campaign are settled
    (copy,) = copies(town)
    assert copy["status"] == "ACTIVE"
    by_hand(town, "Bo").set_status("ad_set", copy["id"], "PAUSED")

    goes_on(town, PROMOTE, again)
    town.later(6)
    town.run("later")

    assert copies(town)[0]["status"] == "PAUSED"
    row = first(town, "promote_winner")
    assert (row.status, row.details["left_paused"]) == ("success", [copy["id"]])


@both
@pytest.mark.people(demo_users.BO)
def test_a_copy_nobody_touched_is_activated(town: Workbench, again: Again):
    dies(town, PROMOTE, "begin_write", 9)
    town.later(1)

    goes_on(town, PROMOTE, again)

    (copy, *_) = copies(town)
    assert (copy["status"], [each["status"] for each in copy["ads"]]) == ("ACTIVE", ["ACTIVE"])
    assert first(town, "promote_winner").status == "success"


# Writes of Di's first test cell, in a campaign that runs: the ad set, the creative, the ad, its activation,
# the ad set's. Two tests of 350 each and a scaling campaign of 600 deliver, the new test adds 350.


@both
@pytest.mark.people(demo_users.DI)
def test_a_new_ad_set_that_a_person_paused_stays_paused(town: Workbench, again: Again):
    dies(town, LEARN, "record_outcome", 1)
    new = town.ad_sets("Di")[2]
    assert new["status"] == "ACTIVE"
    by_hand(town, "Di").set_status("ad_set", new["id"], "PAUSED")

    goes_on(town, LEARN, again)
    town.later(6)
    town.run("later")

    assert town.ad_sets("Di")[2]["status"] == "PAUSED"
    assert first(town, "create_adset").details["left_paused"] == [new["id"]]


@pytest.mark.people(demo_users.DI)
def test_a_cap_that_was_lowered_since_holds_for_what_is_half_made_and_the_rules_resume_it_later(
    town: Workbench,
):
    dies(town, LEARN, "begin_write", 5)
    type_in(town, "max_daily_budget", "16.49")

    goes_on(town, LEARN, "same step")

    made, after = [r for r in town.actions("run") if r.action.action_type == "create_adset"]
    assert (made.status, made.message) == (
        "held",
        "it was made and stays paused: it would pass the cap",
    )
    assert (after.status, after.message) == ("held", "it would pass the cap")
    assert [a["status"] for a in town.ad_sets("Di")] == ["ACTIVE", "ACTIVE", "PAUSED", "ACTIVE"]
    assert live_minor(town, "Di") == 1300

    type_in(town, "max_daily_budget", "50.00")
    for step in TASKS[2:]:
        lifecycle.run_step(town.resources, "run", 0, step, last_try=True)
    town.later(6)
    town.run("next")
    assert [a["status"] for a in town.ad_sets("Di")] == ["ACTIVE"] * 5
    assert live_minor(town, "Di") == 2000


@pytest.mark.people(demo_users.DI)
def test_what_is_half_made_is_counted_once_where_it_just_fits(town: Workbench):
    dies(town, LEARN, "begin_write", 5)
    type_in(town, "max_daily_budget", "16.50")

    goes_on(town, LEARN, "same step")

    assert [r.status for r in town.actions("run") if r.action.action_type == "create_adset"] == [
        "success",
        "held",
    ]
    assert live_minor(town, "Di") == 1650


@pytest.mark.people(demo_users.DI)
@pytest.mark.parametrize(
    ("typed_minor", "status"), [(350, "success"), (351, "held")], ids=["fits", "one cent too much"]
)
def test_a_half_made_ad_set_is_asked_about_with_the_budget_that_meta_has_not_the_planned_one(
    town: Workbench, typed_minor: int, status: str
):
    dies(town, LEARN, "annotate", 2)  # its activation is not recorded
    new = town.ad_sets("Di")[2]["id"]
    by_hand(town, "Di").set_daily_budget("ad_set", new, typed_minor)
    type_in(town, "max_daily_budget", "16.50")

    goes_on(town, LEARN, "same step")

    made = first(town, "create_adset")
    assert made.status == status
    assert made.details.get("checks_now", []) == (
        []
        if status == "success"
        else [{"name": "live_budget_now", "have": 1651, "word": "at most", "need": 1650, "unit": "minor"}]
    )
    assert live_minor(town, "Di") == 1650  # with it, or with the next cell in its place


@pytest.mark.people(demo_users.DI)
def test_what_a_listing_does_not_show_yet_is_looked_for_again_before_it_counts_as_not_made(town: Workbench):
    lag_s = 2.5
    town.simulator.add_faults(
        [{"kind": "lag", "method": "POST", "path": "*/adsets", "seconds": lag_s, "count": 1}]
    )
    dies(town, LEARN, "begin_write", 2)  # the ad set is there, and nobody kept its id
    town.resources = replace(
        town.resources, settings=town.resources.settings.model_copy(update={"read_back_pause_s": lag_s})
    )

    goes_on(town, LEARN, "next run")

    assert first(town, "create_adset").status == "success"
    assert len(town.ad_sets("Di")) == len({a["name"].split(" [k:")[0] for a in town.ad_sets("Di")})


# Kit's learning campaign: the campaign, two cells of five and four writes, and its activation.


def activation(town: Workbench) -> Any:
    return first(town, "create_campaign").details.get("activation")


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param("annotate", 5, id="before it is recorded"),
        pytest.param("begin_write", 11, id="before it is sent"),
        pytest.param("annotate", 6, id="before its outcome is written down"),
    ],
)
@both
@pytest.mark.people(demo_users.KIT)
def test_the_activation_of_a_new_campaign_is_told_wherever_the_process_dies(
    town: Workbench, again: Again, moment: Moment, number: int
):
    dies(town, LEARN, moment, number)
    assert activation(town) is None

    goes_on(town, LEARN, again)

    assert [c["status"] for c in town.campaigns("Kit")] == ["ACTIVE"]
    told = {r.status for run in ("run", "next") for r in town.actions(run)}
    assert told == {"success"}
    resumed = [r for r in town.actions("next") if r.action.action_type == "resume_campaign"]
    assert (activation(town) == "active") is not bool(resumed)


@both
@pytest.mark.people(demo_users.KIT)
def test_a_new_campaign_that_a_person_paused_before_we_heard_of_it_stays_paused(
    town: Workbench, again: Again
):
    dies(town, LEARN, "annotate", 6)
    (campaign,) = town.campaigns("Kit")
    assert campaign["status"] == "ACTIVE"
    town.later(1)
    by_hand(town, "Kit").set_status("campaign", campaign["id"], "PAUSED")

    goes_on(town, LEARN, again)
    town.later(6)
    town.run("later")

    assert [c["status"] for c in town.campaigns("Kit")] == ["PAUSED"]
    assert activation(town) == "changed_by_person"


@pytest.mark.people(demo_users.KIT)
def test_an_activation_there_is_no_room_for_is_told_in_the_row_that_created_the_campaign(town: Workbench):
    (batch,) = town.open("run")
    lifecycle.run_step(town.resources, "run", batch, "allocate_budget")
    # its cells are made
    before(town, "record_outcome", 3, lambda: type_in(town, "max_daily_budget", "19.99"))

    lifecycle.run_step(town.resources, "run", batch, LEARN, last_try=True)

    assert activation(town) == "no_room"
    assert [c["status"] for c in town.campaigns("Kit")] == ["PAUSED"]
    assert first(town, "create_campaign").details["checks_now"] == [
        {"name": "live_budget_now", "have": 2000, "word": "at most", "need": 1999, "unit": "minor"}
    ]


# Bo's learning campaign was paused by us and is resumed: one write.


def resumes(town: Workbench, moment: Moment) -> None:
    """Bo's campaign is paused as we would have; the process that resumes it dies."""
    (campaign,) = town.campaigns("Bo")
    by_hand(town, "Bo").set_status("campaign", campaign["id"], "PAUSED")
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(
            "update ads_campaigns set status = 'PAUSED', paused_by = 'orchestrator',"
            " paused_reason = 'goal_inactive'"
        )
    town.later(1)
    dies(town, ALLOCATE, moment, 1)


def paused_by(town: Workbench) -> list[tuple[Any, ...]]:
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        return connection.execute(
            "select status, paused_by from ads_campaigns where role = 'testing'"
        ).fetchall()


@both
@pytest.mark.people(demo_users.BO)
def test_what_a_person_paused_after_a_resume_without_an_answer_stays_paused(town: Workbench, again: Again):
    resumes(town, "record_outcome")
    (campaign,) = town.campaigns("Bo")
    assert campaign["status"] == "ACTIVE"
    town.later(1)
    by_hand(town, "Bo").set_status("campaign", campaign["id"], "PAUSED")

    goes_on(town, ALLOCATE, again)
    assert paused_by(town) == [("PAUSED", "user")]
    town.later(6)
    town.run("later")

    assert [c["status"] for c in town.campaigns("Bo")] == ["PAUSED"]
    row = first(town, "resume_campaign")
    assert (row.status, row.details["hold"]) == ("held", "changed_by_person")


@both
@pytest.mark.people(demo_users.BO)
def test_a_resume_that_was_never_sent_is_made(town: Workbench, again: Again):
    resumes(town, "begin_write")
    town.later(1)

    goes_on(town, ALLOCATE, again)

    assert town.campaigns("Bo")[0]["status"] == "ACTIVE"
    assert paused_by(town)[0] == ("ACTIVE", None)
