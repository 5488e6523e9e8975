"""The proof in its short forms; `make chaos` has the long ones."""

from __future__ import annotations

import pytest

from chaos import (
    ads_manager,
    clock_skew,
    concurrency,
    delivery_trouble,
    fault_storm,
    kill_points,
    restored_database,
)
from chaos.kill_points import Reference
from chaos.workbench import Workbench
from chaos.write_hooks import Point, Side

# Writes of the scenario on which the guarantees hang, one a row: (who, step, which write of the step).
CAMPAIGN = ("new streams", "check_learning_campaigns", 1)
AD_SET = ("new streams", "check_learning_campaigns", 2)
AD = ("new streams", "check_learning_campaigns", 4)
ACTIVATION = ("new streams", "check_learning_campaigns", 11)
COPY = ("promotes one", "promote_winners", 6)
COPIED_AD = ("promotes one", "promote_winners", 7)
REVIVAL = ("revives", "promote_winners", 5)
CUT = ("cuts", "allocate_budget", 3)
PAUSE = ("switches off", "allocate_budget", 1)
# And the record of a copy, after which nothing is open: the campaign that it revives is not resumed yet.
RECORD = ("revives", "promote_winners", 5)


# Either side leaves an intended row and a write that Meta has made: so each way takes one of them here.
@pytest.mark.parametrize(
    ("way", "side"),
    [("same step again", "before the commit"), ("next run", "before the answer")],
    ids=kill_points.WAYS,
)
def test_a_worker_killed_at_any_write_leaves_what_an_undisturbed_one_does(
    workbench: Workbench, references: dict[str, Reference], way: kill_points.Way, side: Side
) -> None:
    writes = (CAMPAIGN, AD_SET, AD, ACTIVATION, COPY, COPIED_AD, REVIVAL, CUT, PAUSE)
    cases = [
        kill_points.Case(user=references[who].user, step=step, point=Point(number, where), way=way)
        for (who, step, number), where in (*((each, side) for each in writes), (RECORD, "after the record"))
    ]
    verdicts = [
        v for each in kill_points.rounds(cases) for v in kill_points.play(workbench, each, references, 1)
    ]

    assert {v.case.name: v.problems for v in verdicts if v.problems} == {}
    assert len(verdicts) == 10


@pytest.mark.parametrize("manner", concurrency.MANNERS)
def test_two_workers_at_once_write_what_one_would(
    workbench: Workbench, references: dict[str, Reference], manner: concurrency.Manner
) -> None:
    scenario_users = [each.user for each in references.values()]

    assert concurrency.meet(workbench, scenario_users, references, manner, seed=1).problems == ()


def test_no_fault_breaks_the_guardrail_doubles_or_leaves_anything_open(workbench: Workbench) -> None:
    count = fault_storm.weather(workbench, users=8, runs=3, seed=1)

    assert count.problems == []
    assert count.writes > 20
    assert sum(count.faults.values()) - count.faults["none"] > 10


def test_a_restored_database_finds_what_was_made_since(
    workbench: Workbench, references: dict[str, Reference]
) -> None:
    scenario_users = [each.user for each in references.values()]

    done = restored_database.restore(workbench, scenario_users, runs_before=0, runs_lost=1, seed=1)

    assert (done.breaches, done.problems) == ((), ())


def test_a_wrong_clock_changes_nothing_on_the_night_that_has_an_hour_twice(workbench: Workbench) -> None:
    zones = ("America/Los_Angeles", "Asia/Kathmandu", "Europe/Berlin")

    assert (
        clock_skew.read_clocks(workbench, "Berlin's second half past two", seed=1, zones=zones).problems == ()
    )


def test_what_people_edit_between_runs_stays_and_the_cap_holds_over_it(workbench: Workbench) -> None:
    count, edits = ads_manager.live_beside_people(workbench, users=12, runs=5, seed=3)

    assert count.problems == []
    assert count.writes > 20
    assert edits.acts.total() > 30


def test_nothing_rises_that_cannot_deliver(workbench: Workbench) -> None:
    count, trouble = delivery_trouble.live_through_trouble(workbench, users=12, runs=6, seed=4)

    assert count.problems == []
    assert count.writes > 20
    assert trouble.kinds["ads DISAPPROVED"] > 0
