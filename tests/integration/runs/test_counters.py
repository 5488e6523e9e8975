"""The numbers a step gives to those who watch, against what the simulator and the log saw."""

from __future__ import annotations

from collections import Counter

import pytest

from demo.demo_users import ADA, BO
from orchestrator.domain.steps import TASKS
from orchestrator.platforms.call_counter import CallStats
from orchestrator.runs import lifecycle, run_report
from orchestrator.runs.counters import Counts, total
from tests.integration.runs.conftest import Workbench


def a_run(town: Workbench, run_key: str, *, twice: bool = False) -> Counts:
    """All the steps of a run, each tried a second time if asked; what they counted."""
    counted: list[Counts] = []
    for batch in town.open(run_key):
        for step in TASKS:
            tries = range(1 + twice)
            counted += [lifecycle.run_step(town.resources, run_key, batch, step).counts for _ in tries]
    run_report.finish(town.resources, run_key)
    return total(counted)


@pytest.mark.people(ADA, BO)
@pytest.mark.parametrize("twice", [False, True])
def test_each_action_and_each_hold_is_counted_once_however_often_a_step_is_tried(
    town: Workbench, *, twice: bool
):
    counted = a_run(town, "live", twice=twice)

    log = Counter((row.action.action_type, row.status) for row in town.actions("live"))
    assert counted.actions == log
    assert log["promote_winner", "success"] == 2
    assert sum(counted.holds.values()) > 0


@pytest.mark.people(ADA, BO)
def test_what_was_asked_of_meta_is_what_arrived(town: Workbench):
    assert town.resources.call_stats == CallStats()

    a_run(town, "live")

    arrived, asked = town.simulator.requests(), town.resources.call_stats
    posts = [r for r in arrived if r["method"] == "POST" and r["path"] != "/"]
    assert asked.writes == len(posts) > 10
    assert asked.reads + asked.writes == len(arrived) - sum(r["path"] == "/" for r in arrived)
    assert asked.throttle_waits == 0
