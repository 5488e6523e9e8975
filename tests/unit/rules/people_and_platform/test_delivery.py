"""What Meta says of delivery: what cannot run is paused and frees its place, and returns once it can."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    D1,
    D2,
    account,
    actions,
    ad_set,
    ago,
    copy,
    creative,
    day,
    did,
    goal,
    holds,
    learning,
    past,
    paused,
    plan,
    plan_full,
    scaling,
    settings,
    template,
)


@pytest.mark.parametrize(
    ("delivery", "made"),
    [
        pytest.param("ok", [], id="ok"),
        pytest.param("in_review", [], id="in review"),
        pytest.param("cannot", ["pause_adset 1/11 cannot_deliver"], id="cannot"),
        pytest.param("ended", ["pause_adset 1/11 ended"], id="ended"),
    ],
)
@pytest.mark.parametrize(
    ("campaign", "is_paused_there"),
    [
        pytest.param(learning(), True, id="it runs"),
        pytest.param(paused(learning(), "creation"), True, id="in creation"),
        pytest.param(paused(learning(), "user"), False, id="a person paused it"),
    ],
)
def test_what_cannot_deliver_is_paused(
    campaign: Any, delivery: str, made: list[str], *, is_paused_there: bool
) -> None:
    decided = plan_full(campaign, ad_set(budget=1000, delivery=delivery))

    pauses = [each for each in actions(decided, "allocate") if each.startswith("pause")]
    assert pauses == (made if is_paused_there else [])


def test_the_first_reason_that_applies_is_named() -> None:
    bad = creative("bad", status="rejected")

    assert actions(plan(bad, learning(), ad_set(creative_id="bad", delivery="cannot")), "allocate") == [
        "pause_adset 1/11 creative_not_approved"
    ]


@pytest.mark.parametrize(
    ("row", "made"),
    [
        pytest.param({"account_status": 1}, ["pause_adset 1/11 cannot_deliver"], id="active"),
        pytest.param({"account_status": 9}, ["pause_adset 1/11 cannot_deliver"], id="in grace"),
        pytest.param({"account_status": 3}, [], id="unsettled: its ads prove nothing"),
        pytest.param({"spend_cap_left_minor": 1}, ["pause_adset 1/11 cannot_deliver"], id="a cent is left"),
        pytest.param({"spend_cap_left_minor": 0}, [], id="nothing is left"),
        pytest.param({"spend_cap_left_minor": -1}, [], id="it is passed"),
    ],
)
def test_an_account_that_cannot_spend_blames_no_ad_set(row: dict[str, Any], made: list[str]) -> None:
    decided = plan_full(learning(), ad_set(budget=1000, delivery="cannot"), account=account(**row))

    assert actions(decided, "allocate") == made


def test_nor_does_it_win_there_though_it_is_left_to_run() -> None:
    stopped = ad_set(lifetime=did(500, 10), delivery="cannot")
    decided = plan(learning(), stopped, template(audiences=[]), account=account(account_status=3))

    assert (decided.winners, holds(decided, "promote")) == ((), [])


def test_its_place_is_free_and_its_cell_stays_tried() -> None:
    decided = plan(
        learning(), ad_set("11", audience="broad", delivery="ended"), template(audiences=["broad", "new"])
    )

    assert actions(decided) == [
        "pause_adset 1/11 ended",
        "create_adset 1/new:testing:streams:new:c1 None>1000 new_test_cell",
    ]


def test_a_goal_without_a_budget_still_pauses_it() -> None:
    decided = plan(goal(budget_hint_minor=0), learning(), ad_set("11", delivery="cannot"), ad_set("12"))

    assert actions(decided) == ["pause_adset 1/11 cannot_deliver", "pause_campaign 1 no_budget_left"]


def test_a_scaling_campaign_whose_last_ad_set_cannot_deliver_is_paused_and_never_raised() -> None:
    days = (day(D1, 300, 9), day(D2, 300, 9))
    decided = plan_full(scaling(budget=2000), copy("91", delivery="cannot", days=days))

    assert actions(decided) == ["pause_adset 9/91 cannot_deliver", "pause_campaign 9 no_active_adset"]


# In review


def test_what_is_in_review_is_no_candidate_and_does_not_set_the_median() -> None:
    things = [
        learning(),
        ad_set("11", lifetime=did(500, 10), delivery="in_review"),
        ad_set("12", lifetime=did(600, 9)),
    ]

    decided = plan(*things, template(audiences=[]))
    assert holds(decided, "promote") == [
        "promote_winner 1/11 in_review",
        "promote_winner 1/12 not_better_than_median",
    ]


@pytest.mark.parametrize(
    ("deliveries", "held"),
    [
        pytest.param(["in_review"], True, id="all of them"),
        pytest.param(["in_review", "ok"], False, id="but one"),
    ],
)
def test_a_scaling_campaign_in_review_is_not_raised(deliveries: list[str], *, held: bool) -> None:
    days = (day(D1, 300, 3), day(D2, 300, 3))
    copies = [copy(f"9{n}", delivery=each, days=days) for n, each in enumerate(deliveries)]
    decided = plan_full(scaling(budget=2000), *copies)

    assert ("update_budget 9 in_review" in holds(decided, "scale")) is held
    assert (actions(decided, "scale") == []) is held


def test_what_is_in_review_is_not_resumed() -> None:
    starved = paused(ad_set("12", delivery="in_review"), why="below_minimum_budget")

    assert actions(plan(learning(), ad_set("11", budget=1000), starved, template(audiences=[]))) == []


# Returns


def returned(*things: Any, **change: Any) -> list[str]:
    return [each for each in actions(plan_full(*things, **change)) if "resume" in each or "pause" in each]


@pytest.mark.parametrize(
    ("why", "returns"),
    [
        pytest.param("cannot_deliver", True, id="cannot_deliver"),
        pytest.param("ended", True, id="ended"),
        pytest.param("creative_not_approved", True, id="creative_not_approved"),
        pytest.param("loser", False, id="a loser"),
        pytest.param("below_minimum_budget", False, id="for want of budget"),
    ],
)
def test_a_copy_that_delivers_again_returns(why: str, *, returns: bool) -> None:
    made = returned(scaling(), copy("91"), paused(copy("92"), why=why))

    assert made == (["resume_adset 9/92 delivers_again"] if returns else [])


@pytest.mark.parametrize(
    ("row", "returns"),
    [
        pytest.param({"at": ago(hours=72)}, True, id="72 hours ago"),
        pytest.param({"at": ago(hours=72, microseconds=-1)}, False, id="just less"),
        pytest.param({"at": ago(hours=1), "status": "unknown"}, False, id="it may have happened"),
        pytest.param({"at": ago(hours=1), "status": "failed"}, True, id="it failed"),
        pytest.param({"at": ago(hours=1), "reason": "ended"}, True, id="for another reason"),
        pytest.param({"at": ago(hours=1), "adset_id": "91"}, True, id="another ad set"),
    ],
)
def test_not_so_soon_after_a_pause_for_it(row: dict[str, Any], *, returns: bool) -> None:
    pause = past("pause_adset", **({"adset_id": "92", "reason": "cannot_deliver"} | row))
    made = returned(scaling(), copy("91"), paused(copy("92"), why="cannot_deliver"), pause)

    assert made == (["resume_adset 9/92 delivers_again"] if returns else [])


@pytest.mark.parametrize(
    ("budget", "ids"),
    [
        pytest.param(300, ["92", "93"], id="a minimum each"),
        pytest.param(299, ["92"], id="one unit less"),
        pytest.param(200, ["92"], id="two minimums"),
        pytest.param(199, [], id="one unit less than two"),
    ],
)
def test_as_far_as_the_budget_feeds_them(budget: int, ids: list[str]) -> None:
    copies = [paused(copy(each), why="ended") for each in ("92", "93")]

    assert returned(scaling(budget=budget), copy("91"), *copies) == [
        f"resume_adset 9/{each} delivers_again" for each in ids
    ]


def test_a_campaign_is_not_paused_as_empty_when_one_returns() -> None:
    assert returned(scaling(), paused(copy("91"), why="ended")) == ["resume_adset 9/91 delivers_again"]
    assert returned(scaling(budget=99), paused(copy("91"), why="ended")) == [
        "pause_campaign 9 no_active_adset"
    ]


def test_one_whose_budget_once_cut_feeds_none_again_leaves_the_room_to_the_others() -> None:
    """1100 is the cap, 1000 is learning: a hundred is left, and two ad sets would need two."""
    decided = plan(
        learning(),
        ad_set("11", budget=1000),
        scaling("2", 1500),
        ad_set("21", "2", None, ours=False),
        paused(copy("22", "2"), why="cannot_deliver"),
        template(audiences=[]),
        settings=settings(global_daily_budget_minor=1000, max_daily_budget_minor=1100),
    )

    assert actions(decided, "allocate") == ["pause_campaign 2 no_active_adset"]


@pytest.mark.parametrize(
    ("budget", "made"),
    [
        pytest.param(
            250,
            ["resume_adset 9/91 delivers_again", "resume_adset 9/92 delivers_again"],
            id="250 feeds two of three",
        ),
        pytest.param(100, ["resume_adset 9/91 delivers_again"], id="at least one"),
    ],
)
def test_a_dry_campaign_comes_back_with_those_its_budget_feeds(budget: int, made: list[str]) -> None:
    copies = [paused(copy(each), why="cannot_deliver") for each in ("91", "92", "93")]
    dry = paused(scaling(budget=budget), why="no_active_adset")

    assert returned(dry, *copies) == [*made, "resume_campaign 9 goal_active"]
    assert plan_full(dry, *copies).allocations[0].scaling_minor == 300


def test_below_one_minimum_neither_comes_back() -> None:
    dry = paused(scaling(budget=99), why="no_active_adset")
    decided = plan_full(dry, paused(copy("91"), why="ended"))

    assert (actions(decided), holds(decided, "allocate")) == ([], ["resume_campaign 9 no_room"])


def test_only_the_first_dry_one_comes_back_and_none_beside_one_that_runs() -> None:
    older, younger = (
        paused(scaling(each, created_at=ago(days=n)), why="no_active_adset")
        for each, n in (("8", 9), ("9", 8))
    )
    copies = [paused(copy("81", "8"), why="ended"), paused(copy("91"), why="ended")]

    assert returned(older, younger, *copies) == [
        "resume_adset 8/81 delivers_again",
        "resume_campaign 8 goal_active",
    ]
    assert returned(scaling("7"), copy("71", "7"), older, younger, *copies) == []


def test_a_test_that_delivers_again_is_resumed_with_its_share() -> None:
    stopped = paused(ad_set("12", budget=700), why="cannot_deliver")
    decided = plan(learning(), ad_set("11", budget=500), stopped, template(audiences=[]))

    assert actions(decided) == [
        "update_budget 1/12 700>500 delivers_again",
        "resume_adset 1/12 delivers_again",
    ]


def test_a_breaker_holds_the_lower_budget_before_a_resume_with_it() -> None:
    stopped = paused(ad_set("12", budget=700), why="cannot_deliver")
    things = [learning(), ad_set("11", budget=500), stopped, template(audiences=[])]
    decided = plan(*things, account=account(account_status=2))

    assert actions(decided) == []
    assert holds(decided, "learning") == [
        "resume_adset 1/12 breaker_account",
        "update_budget 1/12 breaker_account",
    ]


def test_a_person_resets_what_was_paused_as_blind() -> None:
    blind, reset = (paused(learning(), why=why) for why in ("no_events_anywhere", None))

    assert holds(plan_full(blind, ad_set()), "allocate") == ["resume_campaign 1 no_events_anywhere"]
    assert actions(plan_full(reset, ad_set(budget=1000)), "allocate") == ["resume_campaign 1 goal_active"]
    assert holds(plan_full(goal(is_active=False), blind), "allocate") == []
