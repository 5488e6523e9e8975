"""The executor on two platforms: the same decisions are made true, whatever a platform can."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import psycopg
import pytest

from demo import demo_users
from demo.seed_history import numbered
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.steps import PROMOTE, TASKS
from orchestrator.runs import emergency_stop, lifecycle
from tests.integration.execution.conftest import Seen, account_of, lose, on_toy, seen
from tests.integration.execution.toy_platform import ToyPlatform
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import Died, Moment, before, die_before

ADA, BO, CY, ED, NIA = demo_users.ADA, demo_users.BO, demo_users.CY, demo_users.ED, demo_users.NIA

Told = tuple[str, str, str, int]

BO_LOG = [
    ("update_budget", "make_room", "success", 4),
    ("create_campaign", "winner", "success", 1),
    ("promote_winner", "winner", "success", 2),
    ("resume_campaign", "winner", "success", 1),
]
BO_AFTER = [Seen("scaling", "ACTIVE", 600, 2), Seen("testing", "ACTIVE", 1400, 4)]
"""Bo's two winners are promoted, and the tests made room for them."""


def told(rows: list[ActionRow]) -> list[Told]:
    """What was done and how it ended, and how often."""
    kinds = [(row.action.action_type, row.action.reason, row.status) for row in rows]
    return [(*kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]


@pytest.mark.people(ADA)
def test_a_new_user_gets_learning_campaigns_that_deliver(town: Workbench) -> None:
    town.run("run")

    assert told(town.actions("run")) == [
        ("create_campaign", "no_learning_campaign", "success", 3),
        ("create_adset", "new_test_cell", "success", 8),
    ]
    assert seen(town, ADA.user_id) == [
        Seen("testing", "ACTIVE", 400, 2),
        Seen("testing", "ACTIVE", 600, 2),
        Seen("testing", "ACTIVE", 1000, 4),
    ]
    town.run("next")
    assert town.actions("next") == []


@pytest.mark.people(BO)
def test_winners_are_promoted_and_the_tests_make_room(town: Workbench) -> None:
    town.run("run")

    assert told(town.actions("run")) == BO_LOG
    assert seen(town, BO.user_id) == BO_AFTER


@pytest.mark.people(ED)
def test_losers_are_paused_and_the_one_that_is_left_gets_their_money(town: Workbench) -> None:
    town.run("run")

    assert told(town.actions("run")) == [("pause_adset", "loser", "success", 2)]
    assert seen(town, ED.user_id) == [Seen("testing", "ACTIVE", 667, 1)]
    town.later(1)
    town.run("next")
    assert told(town.actions("next")) == [("update_budget", "learning_share", "success", 1)]
    assert seen(town, ED.user_id) == [Seen("testing", "ACTIVE", 2000, 1)]


@pytest.mark.people(NIA)
def test_a_lowered_cap_cuts_what_is_live(town: Workbench) -> None:
    town.run("run")

    assert told(town.actions("run")) == [
        ("update_budget", "learning_share", "success", 4),
        ("update_budget", "cap", "success", 1),
    ]
    assert seen(town, NIA.user_id) == [Seen("scaling", "ACTIVE", 360, 1), Seen("testing", "ACTIVE", 840, 4)]


@pytest.mark.people(CY)
def test_what_a_stop_paused_is_resumed_once_it_is_over(town: Workbench) -> None:
    town.resources.store.kill_switch.set(None, stopped=True, note=None, changed_by="test")
    stopped = emergency_stop.stop_spending(town.resources, None, town.now, {}, lambda *_: None)

    assert (stopped.campaigns, stopped.failed) == (2, {})
    assert [each.status for each in seen(town, CY.user_id)] == ["PAUSED", "PAUSED"]
    town.resources.store.kill_switch.set(None, stopped=False, note=None, changed_by="test")
    town.later(1)
    town.run("next")
    assert [row.status for row in town.actions("next") if row.action.action_type == "resume_campaign"] == [
        "success",
        "success",
    ]
    assert seen(town, CY.user_id) == [Seen("scaling", "ACTIVE", 720, 1), Seen("testing", "ACTIVE", 1400, 4)]


@pytest.mark.parametrize("happens", [True, False], ids=["it happened", "it did not"])
@pytest.mark.parametrize(
    "method",
    ["set_daily_budget", "create_campaign", "copy_ad_set|create_whole_ad_set", "ad_set", "campaign"],
)
@pytest.mark.people(BO)
def test_a_write_without_an_answer_is_read_back_and_made_once(
    town: Workbench, method: str, *, happens: bool
) -> None:
    lossy = lose(town, lambda name, given: _what(name, given) in method.split("|"), happens=happens)

    town.run("run")

    assert lossy.lost == 1
    assert told(town.actions("run")) == BO_LOG
    assert seen(town, BO.user_id) == BO_AFTER


def _what(name: str, given: tuple[Any, ...]) -> str:
    """The method; of a status, whose it is."""
    return str(given[0]) if name == "set_status" else name


@pytest.mark.parametrize("happens", [True, False], ids=["it happened", "it did not"])
@pytest.mark.people(ED)
def test_a_pause_without_an_answer_is_read_back(town: Workbench, *, happens: bool) -> None:
    lossy = lose(town, lambda name, _: name == "set_status", happens=happens)

    town.run("run")

    assert lossy.lost == 1
    assert told(town.actions("run")) == [("pause_adset", "loser", "success", 2)]
    assert seen(town, ED.user_id) == [Seen("testing", "ACTIVE", 667, 1)]


@pytest.mark.parametrize("again", ["same step", "next run"])
@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param("begin_write", 1, id="before the first cut"),
        pytest.param("record_outcome", 1, id="after the first cut"),
        pytest.param("begin_write", 5, id="before the campaign"),
        pytest.param("record_outcome", 5, id="after the campaign"),
        pytest.param("begin_write", 7, id="within the first promotion"),
        pytest.param("record_outcome", 6, id="after the first promotion"),
        pytest.param("record_outcome", 8, id="after the campaign's activation"),
    ],
)
@pytest.mark.people(BO)
def test_what_a_dead_process_left_is_made_whole(
    town: Workbench, moment: Moment, number: int, again: str
) -> None:
    (batch,) = town.open("run")
    steps = iter(TASKS)
    for step in steps:
        if step == PROMOTE.task:
            break
        lifecycle.run_step(town.resources, "run", batch, step, last_try=True)
    die_before(town, moment, number)
    with pytest.raises(Died):
        lifecycle.run_step(town.resources, "run", batch, PROMOTE.task)
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute("update user_leases set busy_until = null, expires_at = clock_timestamp()")

    if again == "same step":
        lifecycle.run_step(town.resources, "run", batch, PROMOTE.task, last_try=True)
        assert told(town.actions("run")) == BO_LOG
    else:
        town.later(1)
        for run_key in ("next", "after that"):
            town.run(run_key)
        assert {row.status for row in town.actions("run")} <= {"planned", "success", "held", "failed"}
    assert seen(town, BO.user_id) == BO_AFTER


@pytest.mark.people(BO)
def test_a_budget_that_a_person_changed_is_left_alone(town: Workbench) -> None:
    by_hand = account_of(town, BO.user_id)
    own = "ad_set" in town.resources.capabilities.budget_levels

    def edit() -> None:
        second = town.actions("run")[1].action
        owner = second.adset_id if own else second.campaign_id
        by_hand.set_daily_budget("ad_set" if own else "campaign", str(owner), 1234)

    before(town, "record_outcome", 1, edit)

    town.run("run")

    second = town.actions("run")[1]
    assert (second.status, second.details["hold"]) == ("held", "changed_by_person")
    there = by_hand.ad_set if own else by_hand.campaign
    owner = second.action.adset_id if own else second.action.campaign_id
    assert there(str(owner)).daily_budget_minor == 1234


@pytest.mark.people(BO)
def test_a_winner_that_a_person_paused_is_not_promoted(town: Workbench) -> None:
    by_hand = account_of(town, BO.user_id)
    winner = numbered(BO, 1).ad_sets["broad chorus"]
    before(town, "record_outcome", 1, lambda: by_hand.set_status("ad_set", winner, "PAUSED"))

    town.run("run")

    (promotion,) = [
        row
        for row in town.actions("run")
        if row.action.action_type == "promote_winner" and row.action.adset_id == winner
    ]
    # Where the campaign owns the budget, the other tests spend what the paused one did: they are not cut.
    own = "ad_set" in town.resources.capabilities.budget_levels
    assert promotion.details["hold"] == ("changed_by_person" if own else "reduction_failed")
    assert promotion.status == "held"
    assert by_hand.ad_set(winner).status == "PAUSED"


@pytest.mark.people(BO)
def test_the_platform_is_kept_with_everything_that_was_made(town: Workbench) -> None:
    town.run("run")

    with psycopg.connect(town.dsn) as connection:
        kept = connection.execute(
            "select distinct platform from ads_campaigns union select platform from ads_ad_sets"
            " union select platform from ads_automation_runs"
        ).fetchall()
    assert kept == [(town.resources.platform.name,)]


@pytest.mark.people(demo_users.ED)
def test_parts_of_events_are_stored_as_they_are_reported(fresh_database_url: str) -> None:
    with on_toy([demo_users.ED], fresh_database_url) as town:
        world = cast("ToyPlatform", town.resources.platform).worlds["act_1"]
        for ad_set_id, days in world.daily.items():
            world.daily[ad_set_id] = [row._replace(events=Decimal("0.9")) for row in days]
        first = min(world.daily)

        town.run("run", dry_run=True)

        with psycopg.connect(town.dsn) as connection:
            (events,) = connection.execute(
                "select sum(events) from ads_insights_daily where adset_id = %s", [first]
            ).fetchone()
            (known,) = connection.execute(
                "select known_events from ads_ad_sets where id = %s", [first]
            ).fetchone()
        (run,) = town.resources.store.runs.of_batch("run", 0)
        document = town.resources.store.snapshots.documents([run.run_id])[run.run_id]
        (ad_set,) = [each for each in document["ad_sets"] if each["id"] == first]

    assert (events, known) == (Decimal("2.7"), 5)  # of the last three days, and of all five
    assert ad_set["lifetime"]["events"] == 5
    assert [day["events"] for day in ad_set["days"]] == [1, 1, 1]
