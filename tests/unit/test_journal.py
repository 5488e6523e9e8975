"""What the log says of a user: every line when there are few users, holds by their count when many."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import UUID

import pytest

from orchestrator import journal
from orchestrator.deciding import Case
from orchestrator.model import Decision, Hold
from orchestrator.rows import RunRow

USER = UUID(int=7)
RUN = RunRow(
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


def said(caplog: pytest.LogCaptureFixture, case: Case, *, is_brief: bool) -> list[str]:
    with caplog.at_level(logging.INFO, logger="orchestrator.run"):
        journal.write_case(case, is_brief=is_brief)
    return caplog.messages


def test_few_users_have_a_line_for_each_hold(caplog: pytest.LogCaptureFixture):
    lines = said(caplog, Case(run=RUN, decision=Decision(holds=THREE)), is_brief=False)

    assert [lines[0], lines[-1]] == [GROUP, END]
    assert [line.split()[0] for line in lines[1:-1]] == ["hold", "hold", "hold"]
    assert "12" in lines[2]


def test_many_users_have_their_holds_counted_by_reason(caplog: pytest.LogCaptureFixture):
    lines = said(caplog, Case(run=RUN, decision=Decision(holds=THREE)), is_brief=True)

    assert [lines[0], lines[-1]] == [GROUP, END]
    assert [line.split()[:4] for line in lines[1:-1]] == [["hold", "2", "x", "no"], ["hold", "1", "x", "no"]]
    assert lines[1].endswith("[within_tolerance]")
    assert lines[2].endswith("[cooldown]")


@pytest.mark.parametrize(
    ("case", "line"),
    [
        pytest.param(Case(run=RUN), f"user {USER}: nothing to do", id="nothing"),
        pytest.param(Case(run=RUN, lines=["success  done"]), f"user {USER}: success  done", id="one line"),
    ],
)
def test_of_many_users_one_line_needs_no_group(caplog: pytest.LogCaptureFixture, case: Case, line: str):
    assert said(caplog, case, is_brief=True) == [line]


def test_of_few_users_each_has_a_group(caplog: pytest.LogCaptureFixture):
    assert said(caplog, Case(run=RUN), is_brief=False) == [GROUP, END]
