"""The eighteen users of the demo: each one situation that a run must get right."""

from __future__ import annotations

from demo.pasts import (
    THREE_AUDIENCES,
    a_copy,
    a_test,
    creatives,
    goal,
    halves,
    learning,
    scaling,
    steady,
    thirds,
)
from demo.personas import AdDay, Outcome, PastPromotion, Persona
from demo.platform_users import OLA, PIA, QUIN, RAY

SCALE = "scale_up"


ADA = Persona(
    name="Ada",
    why="brand-new: three goals and approved creatives, nothing on Meta yet",
    goals={"streams": goal(5), "presave": goal(3), "followers": goal(2)},
    creatives=(
        *creatives("streams", "teaser", "hook"),
        *creatives("presave", "cover"),
        *creatives("followers", "backstage"),
    ),
    first=(
        Outcome(
            "a learning campaign for each goal",
            "action",
            "no_learning_campaign",
            action_type="create_campaign",
            count=3,
        ),
        Outcome("a test for every audience and creative", "action", "new_test_cell", count=8),
    ),
)

BO = Persona(
    name="Bo",
    why="two of four tests beat the others: winners are ready",
    goals={"virality": goal()},
    creatives=creatives("virality", "chorus", "dance"),
    campaigns=(
        learning(
            "virality",
            a_test("broad", "chorus", 500, steady(6, 500, 12_000, 1_040)),
            a_test("lookalike", "chorus", 500, steady(6, 500, 12_000, 480)),
            a_test("broad", "dance", 500, steady(6, 500, 12_000, 440)),
            a_test("lookalike", "dance", 500, steady(6, 500, 12_000, 960)),
        ),
    ),
    first=(
        Outcome("both winners are promoted", "action", "winner", action_type="promote_winner", count=2),
        Outcome("the tests make room for them", "action", "make_room", count=4),
    ),
    after_days=(Outcome("what was promoted grows by a step", "action", SCALE),),
    after_hours=(Outcome("it may not grow again so soon", "hold", "cooldown", action_type="update_budget"),),
)

CY = Persona(
    name="Cy",
    why="already scaling, and an event costs what it did",
    goals={"followers": goal()},
    creatives=creatives("followers", "rehearsal", "tour"),
    campaigns=(
        learning(
            "followers",
            a_test("broad", "rehearsal", 350, steady(9, 350, 8_000, 35)),
            a_test("lookalike", "rehearsal", 350, steady(9, 350, 8_000, 1)),
            a_test("broad", "tour", 350, steady(9, 350, 8_000, 1)),
            a_test("lookalike", "tour", 350, steady(9, 350, 8_000, 1)),
        ),
        scaling("followers", 600, a_copy("broad", "rehearsal", steady(4, 600, 14_000, 58))),
    ),
    first=(Outcome("its scaling budget grows by a fifth", "action", SCALE),),
)

DI = Persona(
    name="Di",
    why="scaling, but an event cost twice as much yesterday",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser", "hook"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 700, steady(9, 700, 15_000, 7)),
            a_test("lookalike", "teaser", 700, steady(9, 700, 15_000, 1)),
        ),
        scaling(
            "streams",
            600,
            a_copy("broad", "teaser", (*steady(3, 600, 13_000, 12), AdDay(600, 13_000, 6))),
        ),
    ),
    audiences=("broad", "lookalike"),
    first=(
        Outcome("its scaling budget stays", "hold", "cost_rising"),
        Outcome("nothing is scaled", "action", SCALE, count=0),
    ),
)

ED = Persona(
    name="Ed",
    why="two tests spent a lot and brought nobody",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    audiences=THREE_AUDIENCES,
    campaigns=(thirds("streams", "teaser", steady(5, 660, 14_000, 1), *[steady(5, 660, 14_000, 0)] * 2),),
    first=(Outcome("both losers are paused", "action", "loser", action_type="pause_adset", count=2),),
    after_days=(
        Outcome("the test that is left gets their money", "action", "learning_share"),
        Outcome("nothing paused comes back", "action", "budget_fits_again", count=0),
    ),
)

FLO = Persona(
    name="Flo",
    why="a winner, but Auto-Scale Winners is off",
    goals={"build_audience": goal()},
    auto_scale=False,
    creatives=creatives("build_audience", "newsletter"),
    audiences=THREE_AUDIENCES,
    campaigns=(
        thirds("build_audience", "newsletter", *(steady(6, 660, 9_000, events) for events in (9, 4, 3))),
    ),
    first=(
        Outcome("the winner is recommended", "hold", "auto_scale_off", action_type="promote_winner"),
        Outcome("and not promoted", "action", "winner", count=0),
    ),
)

GUS = Persona(
    name="Gus",
    why="promoted 41 hours ago, and the same creative wins with another audience",
    goals={"fan_segmentation": goal()},
    creatives=creatives("fan_segmentation", "quiz"),
    audiences=THREE_AUDIENCES,
    campaigns=(
        learning(
            "fan_segmentation",
            a_test("broad", "quiz", 467, steady(7, 460, 9_000, 60)),
            a_test("lookalike", "quiz", 467, steady(7, 460, 9_000, 70)),
            a_test("fans", "quiz", 466, steady(7, 460, 9_000, 12)),
        ),
        scaling("fan_segmentation", 600, a_copy("broad", "quiz", steady(1, 600, 12_000, 70))),
    ),
    promotions=(PastPromotion(goal_key="fan_segmentation", ad_set="broad quiz", hours_ago=41),),
    first=(
        Outcome("the second winner has to wait", "hold", "cooldown", action_type="promote_winner"),
        Outcome("nothing is promoted", "action", "winner", count=0),
    ),
    after_days=(Outcome("now it is promoted", "action", "winner", action_type="promote_winner"),),
)

HANA = Persona(
    name="Hana",
    why="a yen account: no cents, other minimums",
    goals={"streams": goal()},
    currency="JPY",
    timezone="Asia/Tokyo",
    daily_budget="3000",
    max_daily_budget="9000",
    creatives=creatives("streams", "teaser", "hook"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 750, steady(5, 740, 15_000, 6)),
            a_test("lookalike", "teaser", 750, steady(5, 740, 15_000, 2)),
            a_test("broad", "hook", 750, steady(5, 740, 15_000, 2)),
            a_test("lookalike", "hook", 750, steady(5, 740, 15_000, 2)),
        ),
    ),
    first=(
        Outcome("the winner is promoted, in yen", "action", "winner", action_type="create_campaign"),
        Outcome("and copied", "action", "winner", action_type="promote_winner"),
    ),
)

IVO = Persona(
    name="Ivo",
    why="a daily budget under Meta's minimum",
    goals={"streams": goal(5, budget_hint=0.80), "followers": goal(2)},
    daily_budget="1.50",
    creatives=(*creatives("streams", "teaser"), *creatives("followers", "backstage")),
    first=(
        Outcome("nothing is started with 80 cents", "hold", "budget_below_minimum", goal_key="streams"),
        Outcome("nor with the 70 cents that are left", "hold", "no_budget_left", goal_key="followers"),
        Outcome("nothing is created", "action", "new_test_cell", count=0),
    ),
)

JO = Persona(
    name="Jo",
    why="paused the campaign by hand in Ads Manager",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    campaigns=(
        halves(
            "streams",
            "teaser",
            steady(5, 950, 20_000, 6),
            steady(5, 950, 20_000, 5),
            paused_by_hand=True,
        ),
    ),
    first=(
        Outcome("it stays paused", "hold", "paused_by_user"),
        Outcome("nothing is resumed", "action", "goal_active", count=0),
        Outcome("and no other campaign is made", "action", "no_learning_campaign", count=0),
    ),
)

KIT = Persona(
    name="Kit",
    why="the access token is dead",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    token_is_dead=True,
    first=(Outcome("told to connect again; the others go on", "failure", "AuthExpired"),),
)

LIV = Persona(
    name="Liv",
    why="no approved creative",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser", status="in_review"),
    first=(
        Outcome("nothing is shown that nobody approved", "hold", "no_creative"),
        Outcome("nothing is created", "action", "no_learning_campaign", count=0),
    ),
)

MAX = Persona(
    name="Max",
    why="a goal nobody knows beside a good one",
    goals={"streams": goal(4), "sell_merch": goal(5)},
    creatives=creatives("streams", "teaser"),
    first=(
        Outcome("the unknown one is reported", "error", "unknown_goal", goal_key="sell_merch"),
        Outcome("the good one starts all the same", "action", "no_learning_campaign", goal_key="streams"),
    ),
)

NIA = Persona(
    name="Nia",
    why="lowered the cap to $12.00 while $29.00 a day are live",
    goals={"streams": goal()},
    max_daily_budget="12.00",
    creatives=creatives("streams", "teaser", "hook"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 350, steady(9, 340, 7_000, 4)),
            a_test("lookalike", "teaser", 350, steady(9, 340, 7_000, 1)),
            a_test("broad", "hook", 350, steady(9, 340, 7_000, 1)),
            a_test("lookalike", "hook", 350, steady(9, 340, 7_000, 1)),
        ),
        scaling("streams", 1_500, a_copy("broad", "teaser", steady(4, 1_480, 30_000, 18))),
    ),
    first=(
        Outcome("its tests are cut", "action", "learning_share", count=4),
        Outcome("its scaling budget is cut to what is left", "action", "cap"),
        Outcome("and nothing grows", "action", SCALE, count=0),
    ),
)

FLEET = (ADA, BO, CY, DI, ED, FLO, GUS, HANA, IVO, JO, KIT, LIV, MAX, NIA, OLA, PIA, QUIN, RAY)
