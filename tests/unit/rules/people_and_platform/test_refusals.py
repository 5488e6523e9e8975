"""What Meta refused is not sent again so soon, and nothing is prepared for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    actions,
    ad_set,
    ago,
    creative,
    did,
    holds,
    learning,
    past,
    paused,
    plan,
    scaling,
    template,
)

CELL = {"action_type": "create_adset", "audience": "broad", "creative_id": "c1", "status": "failed"}


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        pytest.param({}, True, id="an hour ago"),
        pytest.param({"at": ago(hours=72, microseconds=-1)}, True, id="just less than 72 hours"),
        pytest.param({"at": ago(hours=72)}, False, id="72 hours ago"),
        pytest.param({"status": "unknown"}, False, id="it may have happened"),
        pytest.param({"audience": "other"}, False, id="another audience"),
        pytest.param({"audience": None}, False, id="no audience"),
        pytest.param({"creative_id": "c2"}, False, id="another creative"),
        pytest.param({"creative_id": None}, False, id="no creative"),
        pytest.param({"action_type": "promote_winner"}, False, id="another action"),
    ],
)
def test_a_refused_cell_is_passed_over(row: dict[str, Any], *, refused: bool) -> None:
    decided = plan(learning(), past(**(CELL | row)))

    opened = ["create_adset 1/new:testing:streams:broad:c1 None>1000 new_test_cell"]
    assert actions(decided) == ([] if refused else opened)
    assert holds(decided, "learning") == (["create_adset 1 refused_before"] if refused else [])


def test_the_next_cell_is_opened_instead() -> None:
    decided = plan(learning(), past(**CELL), template(audiences=["broad", "second"]))

    assert actions(decided) == ["create_adset 1/new:testing:streams:second:c1 None>1000 new_test_cell"]


def test_the_hours_are_the_policys() -> None:
    assert len(actions(plan(learning(), past(**CELL), policy={"refused_retry_hours": 1}))) == 1
    assert len(actions(plan(learning(), past(**CELL), policy={"refused_retry_hours": 0}))) == 1
    assert actions(plan(learning(), past(**CELL), policy={"refused_retry_hours": 2})) == []


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        pytest.param({}, True, id="an hour ago"),
        pytest.param({"at": ago(hours=72)}, False, id="72 hours ago"),
        pytest.param({"goal_key": "virality"}, False, id="another goal"),
        pytest.param({"reason": "winner"}, False, id="a scaling campaign"),
        pytest.param({"status": "success"}, False, id="it was made"),
    ],
)
def test_a_refused_learning_campaign_is_not_created(row: dict[str, Any], *, refused: bool) -> None:
    refusal = {"action_type": "create_campaign", "reason": "no_learning_campaign", "status": "failed"}
    decided = plan(past(**(refusal | row)))

    assert (actions(decided) == []) is refused
    assert holds(decided) == (["create_campaign streams refused_before"] if refused else [])


WINNING = (learning(), ad_set("11", budget=1000, lifetime=did(500, 10)), template(audiences=[]))


@pytest.mark.parametrize(
    ("row", "things", "refused"),
    [
        pytest.param({"adset_id": "11"}, [], True, id="the copy"),
        pytest.param({"adset_id": "11"}, [scaling()], True, id="into a campaign that runs"),
        pytest.param({"adset_id": "11", "at": ago(hours=72)}, [], False, id="72 hours ago"),
        pytest.param({"adset_id": "12"}, [], False, id="another copy"),
        pytest.param({"action_type": "create_campaign"}, [], True, id="the scaling campaign"),
        pytest.param(
            {"action_type": "create_campaign"},
            [paused(scaling(), why="no_active_adset")],
            False,
            id="none has to be created",
        ),
        pytest.param(
            {"action_type": "create_campaign", "goal_key": "virality"}, [], False, id="another goal"
        ),
        pytest.param(
            {"action_type": "create_campaign", "reason": "no_learning_campaign"}, [], False, id="for learning"
        ),
    ],
)
def test_nothing_is_prepared_for_a_refused_promotion(
    row: dict[str, Any], things: list[Any], *, refused: bool
) -> None:
    decided = plan(*WINNING, *things, past(**({"status": "failed"} | row)))

    assert holds(decided, "promote") == (["promote_winner 1/11 refused_before"] if refused else [])
    assert ("update_budget 1/11 1000>700 make_room" in actions(decided)) is not (
        refused or scaling() in things
    )


def begun(**change: Any) -> Any:
    return paused(ad_set("12", **({"audience": "broad", "budget": 400} | change)), "creation")


@pytest.mark.parametrize(
    ("things", "made"),
    [
        pytest.param([begun()], [], id="refused, and nothing changed since"),
        pytest.param([begun(retry=True)], ["create_adset 1/12 None>1000 new_test_cell"], id="finished"),
        pytest.param(
            [begun(retry=True, campaign="2"), paused(learning("2"), "user")],
            ["create_adset 1/new:testing:streams:broad:c1 None>1000 new_test_cell"],
            id="in a campaign that is paused: made anew",
        ),
        pytest.param(
            [begun(retry=True), ad_set("13", audience="broad", budget=1000)], [], id="tried by another"
        ),
        pytest.param([paused(ad_set("12", audience="broad", retry=True))], [], id="not in creation"),
        pytest.param(
            [begun(retry=True), past(**CELL)],
            [],
            id="refused anew just now",
        ),
    ],
)
def test_a_half_made_ad_set_is_finished_once_it_may_be_tried_again(
    things: list[Any], made: list[str]
) -> None:
    assert actions(plan(learning(), creative(), *things)) == made


def test_one_that_is_finished_runs_from_now_on() -> None:
    decided = plan(learning(), begun(retry=True, lifetime=did(1001, 0)))

    assert holds(decided, "pause") == ["pause_adset 1/12 too_young"]
