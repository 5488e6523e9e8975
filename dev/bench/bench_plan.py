"""How long one user's plan takes: six goals, thirty ad sets. ``make bench-plan``.

The aim is a millisecond on one core, from a parsed snapshot.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import steps
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Snapshot
from tests.unit.rules.worlds import (
    D1,
    D2,
    ad_set,
    copy,
    creative,
    day,
    did,
    goal,
    learning,
    scaling,
    settings,
    template,
    thresholds,
    world,
)

AUDIENCES = ("broad", "lookalike", "retarget")
DAYS = (day(D1, 130, 4), day(D2, 130, 4))
EVENTS = (12, 4, 4, 3, 0)
DAY = settings(global_daily_budget_minor=6000, max_daily_budget_minor=20000)
POLICY = thresholds()


def busy() -> Snapshot:
    """Winners, losers, raises and budgets that are all off: 56 actions."""
    things: list[object] = []
    for i, key in enumerate(REGISTRY):
        things += [goal(key, priority=i % 5 + 1), template(key, AUDIENCES)]
        things += [creative(f"c{i}{j}", goal_key=key) for j in range(2)]
        things.append(learning(f"{i}", goal_key=key))
        copies = i % 2
        for j in range(5 - copies):
            lifetime = did(900 + 100 * j, EVENTS[j], 2500)
            things.append(
                ad_set(
                    f"{i}{j}",
                    f"{i}",
                    200,
                    audience=AUDIENCES[j % 3],
                    creative_id=f"c{i}{j // 3}",
                    lifetime=lifetime,
                    days=DAYS,
                )
            )
        if copies:
            things.append(scaling(f"s{i}", 1200, goal_key=key))
            things.append(copy(f"s{i}4", f"s{i}", f"{i}1", lifetime=did(1300, 9, 2500), days=DAYS))
    return world(*things, settings=DAY)


def steady() -> Snapshot:
    """The same a run later, when budgets are on their shares and nothing is notable: most runs."""
    start = busy()
    written = {
        action.adset_id: action.after_minor
        for action in rules.plan(start, POLICY).actions
        if action.step == steps.ALLOCATE.key and action.after_minor is not None
    }
    return replace(
        start,
        ad_sets=tuple(
            replace(
                each,
                daily_budget_minor=written.get(each.id, each.daily_budget_minor),
                lifetime=did(900, 4, 2500),
            )
            for each in start.ad_sets
        ),
    )


@pytest.mark.parametrize("snapshot", [pytest.param(steady(), id="steady"), pytest.param(busy(), id="busy")])
def test_a_plan_from_a_parsed_snapshot(benchmark: BenchmarkFixture, snapshot: Snapshot) -> None:
    planned = benchmark(rules.plan, snapshot, POLICY)

    assert len(planned.allocations) == 6


@pytest.mark.parametrize("snapshot", [pytest.param(steady(), id="steady"), pytest.param(busy(), id="busy")])
def test_a_plan_from_a_document(benchmark: BenchmarkFixture, snapshot: Snapshot) -> None:
    planned = benchmark(rules.plan_document, codec.snapshot_json(snapshot))

    assert len(planned["allocations"]) == 6
