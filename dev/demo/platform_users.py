"""Four users of the demo to whom something happens at Meta: review, hand edits, a limit, lost figures."""

from __future__ import annotations

from demo.pasts import THREE_AUDIENCES, creatives, goal, halves, steady, thirds
from demo.personas import HandEdit, Outcome, Persona

OLA = Persona(
    name="Ola",
    why="one ad was rejected, one is still in review",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    audiences=THREE_AUDIENCES,
    campaigns=(
        thirds(
            "streams",
            "teaser",
            steady(6, 660, 14_000, 12),
            steady(1, 300, 6_000, 0),
            (),
            reviews=("APPROVED", "DISAPPROVED", "PENDING"),
        ),
    ),
    first=(
        Outcome("the test of the rejected ad frees its place", "action", "cannot_deliver"),
        Outcome("the one in review is not judged yet", "hold", "in_review"),
        Outcome("the test that runs is promoted", "action", "winner", action_type="promote_winner"),
    ),
)

PIA = Persona(
    name="Pia",
    why="a budget was moved to the campaign by hand, an ad set duplicated: $60.00 a day, cap $25.00",
    goals={"streams": goal(5), "followers": goal(3)},
    max_daily_budget="25.00",
    creatives=(*creatives("streams", "teaser"), *creatives("followers", "backstage")),
    campaigns=(halves("streams", "teaser", steady(5, 950, 20_000, 6), steady(5, 950, 20_000, 5)),),
    edits=(
        HandEdit("move_budget_to_campaign", "streams · testing", {"daily_budget_minor": 6_000}),
        HandEdit("duplicate", "broad teaser"),
    ),
    first=(
        Outcome("the moved budget is left as it is", "hold", "budget_moved", action_type="update_budget"),
        Outcome("so is the duplicate", "hold", "not_ours"),
        Outcome("it counts: nothing is started beside it", "hold", "no_room", goal_key="followers"),
        Outcome("nothing rises", "action", "new_test_cell", count=0),
    ),
)

QUIN = Persona(
    name="Quin",
    why="the account has reached its spending limit: all is active, nothing is spent",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    audiences=THREE_AUDIENCES,
    campaigns=(thirds("streams", "teaser", steady(5, 660, 14_000, 1), *[steady(5, 660, 14_000, 0)] * 2),),
    edits=(HandEdit("set_spending_limit", details={"spend_cap_minor": 9_900}),),
    first=(
        Outcome("losers are paused all the same", "action", "loser", action_type="pause_adset", count=2),
        Outcome("nothing is started", "action", "new_test_cell", count=0),
    ),
    after_days=(
        Outcome("the test that is left does not get their money", "hold", "breaker_spending_limit"),
        Outcome("nothing rises", "action", "learning_share", count=0),
    ),
)

RAY = Persona(
    name="Ray",
    why="conversions are missing from what Meta reports, and come back days later",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    campaigns=(halves("streams", "teaser", steady(1, 900, 20_000, 12), steady(1, 900, 20_000, 2)),),
    missing=("conversions", "cost_per_conversion"),
    first=(
        Outcome("no test has events to judge it by", "hold", "too_few_events", count=2),
        Outcome("nothing is paused", "action", "loser", count=0),
        Outcome("nor promoted", "action", "winner", count=0),
    ),
    after_days=(Outcome("they are back, and a test is promoted", "action", "winner", "promote_winner"),),
)
