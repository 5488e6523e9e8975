from __future__ import annotations

import pytest

from orchestrator import rules
from orchestrator.rules.state import cbo_minimum, working_goals
from tests.unit.rules.worlds import goal, settings, thresholds, world


@pytest.mark.parametrize(
    ("n", "minimum"),
    [
        pytest.param(0, 100, id="an empty one"),
        pytest.param(1, 100, id="one"),
        pytest.param(3, 300, id="three"),
    ],
)
def test_the_cbo_minimum_is_a_minimum_an_active_ad_set(n: int, minimum: int) -> None:
    one = rules.initial_state(world(), thresholds()).goals[0]

    assert cbo_minimum(one, n) == minimum


@pytest.mark.parametrize(
    ("total", "keys"), [pytest.param(0, [], id="nothing"), pytest.param(1, ["streams"], id="a cent")]
)
def test_a_goal_works_from_the_first_cent(total: int, keys: list[str]) -> None:
    tiny = goal(minimum_daily_budget_minor=1)
    state = rules.initial_state(world(tiny, settings=settings(global_daily_budget_minor=total)), thresholds())

    assert [each.key for each in working_goals(state)] == keys
