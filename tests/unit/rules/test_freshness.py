from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from orchestrator.domain.model import Hold
from tests.unit.rules.worlds import (
    D1,
    D2,
    account,
    actions,
    ad_set,
    ago,
    copy,
    day,
    did,
    holds,
    learning,
    plan,
    scaling,
)

STALE = [
    ("promote", "promote_winner"),
    ("scale", "update_budget"),
    ("pause", "pause_adset"),
]


@pytest.mark.parametrize(
    ("read_at", "is_stale"),
    [
        pytest.param(None, True, id="not read, or not wholly"),
        pytest.param(ago(hours=6), False, id="six hours old"),
        pytest.param(ago(hours=6, microseconds=1), True, id="just older"),
        pytest.param(ago(hours=0), False, id="now"),
        pytest.param(ago(hours=-1), False, id="after the run began"),
    ],
)
def test_stale_evidence_holds_each_of_three_steps_once(read_at: Any, *, is_stale: bool) -> None:
    decided = plan(account=account(insights_read_at=read_at))

    assert [replace(each, evidence=()) for each in decided.holds if each.reason == "stale_insights"] == [
        Hold(
            step=step,
            action_type=action_type,
            goal_key=None,
            campaign_id=None,
            adset_id=None,
            reason="stale_insights",
        )
        for step, action_type in STALE
        if is_stale
    ]


def test_without_evidence_money_is_still_divided_but_nothing_rises() -> None:
    things = [
        learning(),
        ad_set("11", budget=600, lifetime=did(500, 10)),
        ad_set("12", budget=300, lifetime=did(5000)),
        scaling(),
        copy("91", days=(day(D1, 300, 3), day(D2, 300, 3))),
    ]

    fresh = {each.step for each in plan(*things).actions}
    stale = plan(*things, account=account(insights_read_at=None))

    assert fresh == {"allocate", "learning", "promote", "scale", "pause"}
    assert actions(stale) == [
        "update_budget 1/11 600>234 learning_share",
        "update_budget 1/12 300>233 learning_share",
    ]
    assert stale.winners == ()
    assert {each.reason for each in stale.holds if each.step in {"promote", "scale", "pause"}} == {
        "stale_insights"
    }
    assert holds(stale, "learning") == ["create_adset 1/new:testing:streams:broad:c1 breaker_stale_insights"]


def test_the_age_is_the_policys() -> None:
    hour_old, one_left = account(insights_read_at=ago(hours=1)), [learning(), ad_set(budget=500)]

    assert holds(plan(*one_left, account=hour_old, policy={"max_insights_age_hours": 1}), "scale") == []
    assert [
        each.reason
        for each in plan(*one_left, account=hour_old, policy={"max_insights_age_hours": 0}).holds
        if each.step != "allocate"
    ] == ["breaker_stale_insights", *["stale_insights"] * 3]
