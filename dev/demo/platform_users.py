"""Four users of the demo to whom something happens at Meta: review, hand edits, a limit, lost figures."""

from __future__ import annotations

from demo.pasts import a_test, creatives, goal, learning, steady
from demo.personas import HandEdit, Outcome, Persona

OLA = Persona(
    name="Ola",
    why="one ad was rejected, one is still in review",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    audiences=("broad", "lookalike", "fans"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 667, steady(6, 660, 14_000, 12)),
            a_test("lookalike", "teaser", 667, steady(1, 300, 6_000, 0), "DISAPPROVED"),
            a_test("fans", "teaser", 666, (), "PENDING"),
        ),
    ),
    first=(
        Outcome("the test that runs is promoted", "action", "winner", action_type="promote_winner"),
        Outcome("nothing is judged that was not shown", "action", "loser", count=0),
    ),
)

PIA = Persona(
    name="Pia",
    why="a budget was moved to the campaign and an ad set duplicated by hand; then the goal was switched off",
    goals={"streams": {"is_active": False, "priority": 5}, "followers": goal(3)},
    creatives=(*creatives("streams", "teaser"), *creatives("followers", "backstage")),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 1_000, steady(5, 950, 20_000, 6)),
            a_test("lookalike", "teaser", 1_000, steady(5, 950, 20_000, 5)),
        ),
    ),
    edits=(
        HandEdit("move_budget_to_campaign", "streams · testing", {"daily_budget_minor": 6_000}),
        HandEdit("duplicate", "broad teaser"),
    ),
    first=(
        Outcome(
            "it is paused, whatever owns its budget", "action", "goal_inactive", action_type="pause_campaign"
        ),
        Outcome("no budget in it is written", "action", "learning_share", goal_key="streams", count=0),
        Outcome("the other goal starts", "action", "no_learning_campaign", goal_key="followers"),
    ),
)

QUIN = Persona(
    name="Quin",
    why="the account has reached its spending limit: all is active, nothing is spent",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    audiences=("broad", "lookalike", "fans"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 667, steady(5, 660, 14_000, 1)),
            a_test("lookalike", "teaser", 667, steady(5, 660, 14_000, 0)),
            a_test("fans", "teaser", 666, steady(5, 660, 14_000, 0)),
        ),
    ),
    edits=(HandEdit("set_spending_limit", details={"spend_cap_minor": 9_900}),),
    first=(
        Outcome("losers are paused all the same", "action", "loser", action_type="pause_adset", count=2),
        Outcome("nothing is started", "action", "new_test_cell", count=0),
    ),
)

RAY = Persona(
    name="Ray",
    why="conversions are missing from what Meta reports, and come back days later",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 1_000, steady(1, 900, 20_000, 12)),
            a_test("lookalike", "teaser", 1_000, steady(1, 900, 20_000, 2)),
        ),
    ),
    missing=("conversions", "cost_per_conversion"),
    first=(
        Outcome("no test has events to judge it by", "hold", "too_few_events", count=2),
        Outcome("nothing is paused", "action", "loser", count=0),
        Outcome("nor promoted", "action", "winner", count=0),
    ),
    after_days=(Outcome("they are back, and a test is promoted", "action", "winner", "promote_winner"),),
)
