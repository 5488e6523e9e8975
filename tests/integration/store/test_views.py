"""The questions people ask, answered by views."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.integration.store.conftest import Rows


def test_recent_runs_have_their_decision_in_one_piece(rows: Rows):
    user = rows.user()
    old = rows.run_of(
        user, status="success", ended_at="2026-11-23T06:10:00Z", opened_at="2026-11-23T06:00:00Z"
    )
    new = rows.run_of(user, opened_at="2026-11-23T12:00:00Z", budgets_scaled=2)
    for step in ("allocate", "scale"):
        rows.insert("ads_run_decisions", run_id=new, user_id=user, step=step, decision={"holds": [step]})

    found = rows.all(
        "select run_id, status, budgets_scaled, decision from recent_runs where user_id = %(user)s"
        " order by opened_at desc limit 10",
        user=user,
    )

    assert [list(row.values()) for row in found] == [
        [new, "running", 2, {"allocate": {"holds": ["allocate"]}, "scale": {"holds": ["scale"]}}],
        [old, "success", 0, None],
    ]


def test_a_runs_actions_stand_in_the_order_of_decision(rows: Rows):
    user = rows.user()
    run_id = rows.run_of(user)
    for step, ordinal in (("pause", 0), ("allocate", 1), ("allocate", 0), ("scale", 0), ("learning", 0)):
        rows.action_of(user, run_id, step=step, ordinal=ordinal)

    found = rows.all(
        "select position, step from run_actions where run_id = %(run)s order by position", run=run_id
    )

    assert [list(row.values()) for row in found] == [
        [1, "allocate"],
        [2, "allocate"],
        [3, "learning"],
        [4, "scale"],
        [5, "pause"],
    ]


def test_a_promotion_shows_its_winner_and_how_its_copy_stands(rows: Rows):
    user = rows.user()
    testing, scaling = rows.campaign_of(user), rows.campaign_of(user, role="scaling")
    winner = rows.ad_set_of(user, testing, audience="lookalike")
    copy = rows.ad_set_of(
        user, scaling, source_adset_id=winner, created_at="2026-11-23T12:01:00Z", status="PAUSED"
    )
    rows.ad_set_of(user, scaling, source_adset_id=winner, created_at="2026-11-01T00:00:00Z")
    promotion = {"action_type": "promote_winner", "adset_id": winner, "campaign_id": scaling}
    rows.action_of(user, rows.run_of(user), **promotion)
    rows.action_of(
        user, rows.run_of(user, dry_run=True), dry_run=True, status="planned", settled_at=None, **promotion
    )

    found = rows.one(
        "select winner_adset_id, audience, scaling_campaign_id, copy_adset_id, copy_status, status"
        " from winner_promotions where user_id = %(user)s",
        user=user,
    )

    assert list(found.values()) == [winner, "lookalike", scaling, copy, "PAUSED", "success"]


def success(rows: Rows, user: Any) -> dict[str, Any]:
    return {
        row.pop("week").strftime("%Y-%m-%d"): row
        for row in rows.all(
            "select week at time zone 'UTC' as week, campaigns_created, goals_with_new_learning,"
            " goals_with_winner_within_7_days as winners, promotions, promotions_scaled, scaling_cost_ratio"
            " from weekly_success where user_id = %(user)s",
            user=user,
        )
    }


def a_week(**changes: Any) -> dict[str, Any]:
    nothing = {
        "campaigns_created": 0,
        "goals_with_new_learning": 0,
        "winners": 0,
        "promotions": 0,
        "promotions_scaled": 0,
        "scaling_cost_ratio": None,
    }
    return nothing | changes


def test_a_users_weeks(rows: Rows):
    user = rows.user()
    monday = "2026-11-09T00:00:00Z"
    testing = rows.campaign_of(user, created_at=monday)
    rows.campaign_of(user, goal_key="presave", created_at=monday)
    scaling = rows.campaign_of(user, role="scaling", created_at="2026-11-16T00:00:00Z")
    run_id = rows.run_of(user)
    winner = {"step": "promote", "action_type": "promote_winner", "reason": "winner"}
    rows.action_of(user, run_id, run_at="2026-11-16T00:00:00Z", **winner)  # seven days after the first
    rows.action_of(user, run_id, run_at="2026-11-22T00:00:00Z", ordinal=1, **winner)
    rows.action_of(user, run_id, run_at="2026-11-20T00:00:00Z", step="scale", reason="scale_up")
    for ad_set, spend, events in (
        (rows.ad_set_of(user, testing), 1000, 10),
        (rows.ad_set_of(user, scaling), 800, 10),
    ):
        rows.day_of(user, ad_set, "2026-11-18", spend_minor=spend, events=events)

    assert success(rows, user) == {
        "2026-11-09": a_week(campaigns_created=2, goals_with_new_learning=2, winners=1),
        # Two promotions, the first went on to scale; an event costs 80 in scaling and 100 in learning.
        "2026-11-16": a_week(
            campaigns_created=1, promotions=2, promotions_scaled=1, scaling_cost_ratio=Decimal("0.8")
        ),
    }


def test_a_winner_a_second_after_seven_days_is_late(rows: Rows):
    user = rows.user()
    rows.campaign_of(user, created_at="2026-11-09T00:00:00Z")
    rows.action_of(user, rows.run_of(user), run_at="2026-11-16T00:00:01Z", action_type="promote_winner")

    assert success(rows, user)["2026-11-09"]["winners"] == 0


def test_a_week_without_events_has_no_cost_to_compare(rows: Rows):
    user = rows.user()
    ad_set = rows.ad_set_of(user, rows.campaign_of(user, role="scaling", created_at="2026-11-16T00:00:00Z"))
    rows.day_of(user, ad_set, "2026-11-18", spend_minor=800, events=0)

    assert success(rows, user) == {"2026-11-16": a_week(campaigns_created=1)}
