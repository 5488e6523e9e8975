"""What the log says: every line of each user when they are few, what is everybody's counted when many."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import UUID

import pytest

from orchestrator.domain.model import Allocation, Decision, Hold
from orchestrator.domain.records import UserRun
from orchestrator.runs import task_log
from orchestrator.runs.decide import UserStep

USER = UUID(int=7)
RUN = UserRun(
    run_id=UUID(int=1),
    user_id=USER,
    batch=0,
    now=datetime(2026, 11, 23, tzinfo=UTC),
    dry_run=False,
    goal_keys=None,
    trigger="cron",
    status="running",
    error=None,
)
GROUP, END = f"::group::user {USER}", "::endgroup::"


def a_hold(ad_set: str, reason: str) -> Hold:
    return Hold(
        step="allocate",
        action_type="update_budget",
        goal_key="streams",
        campaign_id="1",
        adset_id=ad_set,
        reason=reason,
    )


THREE = (a_hold("11", "within_tolerance"), a_hold("12", "within_tolerance"), a_hold("13", "cooldown"))


def said(caplog: pytest.LogCaptureFixture, *cases: UserStep, is_brief: bool) -> list[str]:
    with caplog.at_level(logging.INFO, logger="orchestrator.run"):
        told = task_log.TaskLog(is_brief=is_brief)
        for case in cases:
            told.add(case)
        told.close()
    return caplog.messages


def test_few_users_have_a_line_for_each_hold(caplog: pytest.LogCaptureFixture):
    lines = said(caplog, UserStep(run=RUN, decision=Decision(holds=THREE), aside="seen"), is_brief=False)

    assert [lines[0], lines[-1]] == [GROUP, END]
    assert [line.split()[0] for line in lines[1:-1]] == ["hold", "hold", "hold", "seen"]
    assert "12" in lines[2]


def test_holds_of_many_users_with_nothing_else_are_counted_together(caplog: pytest.LogCaptureFixture):
    both = (UserStep(run=RUN, decision=Decision(holds=held)) for held in (THREE, THREE[:1]))

    assert said(caplog, *both, is_brief=True) == [
        "hold     3 x no update budget, 2 users: its budget is close enough to its share [within_tolerance]",
        "hold     1 x no update budget, 1 user: the last such step is too recent [cooldown]",
    ]


SHARES = tuple(
    Allocation(goal_key=goal, budget_minor=1000, learning_minor=600, scaling_minor=400)
    for goal in ("streams", "followers")
)


def test_of_many_users_the_shares_are_one_line_each_with_the_holds(caplog: pytest.LogCaptureFixture):
    case = UserStep(run=RUN, currency="USD", decision=Decision(allocations=SHARES, holds=THREE))

    (line,) = said(caplog, case, is_brief=True)

    assert line.split("; ") == [
        f"user {USER}: share streams: $10.00 a day, $6.00 learning, $4.00 scaling",
        "share followers: $10.00 a day, $6.00 learning, $4.00 scaling",
        "hold 2 x no update budget: its budget is close enough to its share [within_tolerance]",
        "hold 1 x no update budget: the last such step is too recent [cooldown]",
    ]


def test_of_many_users_who_has_something_done_has_a_group(caplog: pytest.LogCaptureFixture):
    done = UserStep(run=RUN, decision=Decision(holds=THREE[:1]), lines=["success  done"])

    lines = said(caplog, done, is_brief=True)

    assert [lines[0], *lines[2:]] == [GROUP, "success  done", END]
    assert lines[1].startswith("hold     1 x no update budget:")


def test_of_many_users_one_line_needs_no_group(caplog: pytest.LogCaptureFixture):
    assert said(caplog, UserStep(run=RUN, lines=["success  done"]), is_brief=True) == [
        f"user {USER}: success done"
    ]


def test_of_many_users_nothing_is_said_of_who_has_nothing_to_do(caplog: pytest.LogCaptureFixture):
    assert said(caplog, UserStep(run=RUN, aside="seen"), is_brief=True) == []


def test_of_few_users_each_has_a_group(caplog: pytest.LogCaptureFixture):
    assert said(caplog, UserStep(run=RUN), is_brief=False) == [GROUP, END]
