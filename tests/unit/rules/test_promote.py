from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    actions,
    ad_set,
    ago,
    copy,
    creative,
    did,
    goal,
    holds,
    learning,
    past,
    paused,
    plan,
    plan_full,
    removed,
    scaling,
    settings,
    template,
)


def winner(id_: str = "11", campaign: str = "1", budget: int = 1000, **change: Any) -> Any:
    return ad_set(id_, campaign, budget, **({"lifetime": did(500, 10)} | change))


def promoted(*things: Any, **change: Any) -> list[str]:
    return actions(plan(*things, templates=(), **change), "promote")


def held(*things: Any, **change: Any) -> list[str]:
    return holds(plan(*things, templates=(), **change), "promote")


CREATED = [
    "update_budget 1/11 1000>700 make_room",
    "create_campaign new:scaling:streams None>300 winner",
    "promote_winner new:scaling:streams/11 winner",
    "resume_campaign new:scaling:streams winner",
]


def test_the_first_winner_of_a_goal_gets_it_a_scaling_campaign() -> None:
    assert promoted(learning(), winner()) == CREATED


def test_a_winner_is_copied_into_the_scaling_campaign_that_runs() -> None:
    things = [learning(), winner(budget=700), scaling(), copy("91")]

    assert promoted(*things) == ["promote_winner 9/11 winner"]


# Holds


def test_with_scaling_off_the_winner_is_only_told() -> None:
    decided = plan(learning(), winner(), settings=settings(auto_scale_winners=False), templates=())

    assert [each.adset_id for each in decided.winners] == ["11"]
    assert actions(decided, "promote") == []
    assert holds(decided, "promote") == ["promote_winner 1/11 auto_scale_off"]


@pytest.mark.parametrize(
    ("row", "cools"),
    [
        pytest.param({"adset_id": "11", "at": ago(hours=72)}, False, id="72 hours ago"),
        pytest.param({"adset_id": "11", "at": ago(hours=73)}, False, id="longer ago"),
        pytest.param({"adset_id": "11", "at": ago(hours=72, microseconds=-1)}, True, id="just less"),
        pytest.param({"adset_id": "11", "at": ago(hours=0)}, True, id="now"),
        pytest.param({"adset_id": "11", "status": "unknown"}, True, id="it may have happened"),
        pytest.param({"adset_id": "12", "creative_id": "c1", "status": "failed"}, False, id="it failed"),
        pytest.param({"adset_id": "12"}, False, id="another ad set"),
        pytest.param({"adset_id": "12", "creative_id": "c1"}, True, id="the same creative"),
        pytest.param({"adset_id": "12", "creative_id": "c2"}, False, id="another creative"),
        pytest.param({"adset_id": None, "creative_id": None}, False, id="null is never the same"),
        pytest.param({"adset_id": None, "creative_id": "c1"}, True, id="the creative alone"),
        pytest.param({"adset_id": "11", "creative_id": "c2"}, True, id="the ad set alone"),
        pytest.param({"adset_id": "11", "goal_key": "virality"}, True, id="for whatever goal"),
        pytest.param({"adset_id": "11", "action_type": "update_budget"}, False, id="another action"),
        pytest.param({"adset_id": "11", "action_type": "pause_adset"}, False, id="yet another action"),
    ],
)
def test_an_ad_set_or_creative_promoted_lately_cools_down(row: dict[str, Any], *, cools: bool) -> None:
    things = [learning(), winner(), past(**row)]

    assert held(*things) == (["promote_winner 1/11 cooldown"] if cools else [])
    assert promoted(*things) == ([] if cools else CREATED)


def test_a_winner_without_a_creative_shares_none() -> None:
    things = [learning(), winner(creative_id=None), past(adset_id="12", creative_id=None)]

    assert held(*things) == []


def test_the_cooldown_is_the_policys() -> None:
    things = [learning(), winner(), past(adset_id="11", at=ago(hours=1))]

    assert held(*things, policy={"promotion_cooldown_hours": 1}) == []


def pair(**change: Any) -> list[Any]:
    """Two winners of one goal: 11 is better, both far under the median."""
    return [
        learning(),
        winner("11", lifetime=did(500, 10)),
        winner("12", **({"lifetime": did(600, 10), "creative_id": "c2"} | change)),
        *[winner(f"2{i}", lifetime=did(5000, 5)) for i in range(4)],
    ]


def test_of_two_winners_with_one_creative_the_second_cools_down() -> None:
    things = [*pair(creative_id="c1"), scaling(budget=1000), copy("91")]

    assert promoted(*things) == ["promote_winner 9/11 winner"]
    assert "promote_winner 1/12 cooldown" in held(*things)


def test_without_a_cooldown_one_creative_is_promoted_twice() -> None:
    things = [*pair(creative_id="c1"), scaling(budget=1000), copy("91")]

    assert promoted(*things, policy={"promotion_cooldown_hours": 0}) == [
        "promote_winner 9/11 winner",
        "promote_winner 9/12 winner",
    ]


def test_a_held_promotion_starts_no_cooldown() -> None:
    things = [*pair(creative_id="c1"), past(adset_id="11"), scaling(budget=1000), copy("91")]

    assert promoted(*things) == ["promote_winner 9/12 winner"]


@pytest.mark.parametrize(
    ("campaigns", "reason"),
    [
        pytest.param([paused(scaling(), "user")], "paused_by_user", id="a person paused it"),
        pytest.param([paused(scaling(), None)], "paused_by_user", id="nobody knows who paused it"),
        pytest.param([paused(scaling(), "creation")], "unverified_copy", id="in creation"),
        pytest.param(
            [paused(scaling("8"), "creation"), paused(scaling("9"), "user")],
            "paused_by_user",
            id="a person first",
        ),
        pytest.param([removed(scaling(), days=6)], "removed_by_user", id="a person removed it"),
        pytest.param([removed(scaling(), days=7)], None, id="a week ago"),
        pytest.param(
            [removed(scaling("8"), days=1), paused(scaling("9"), why="no_active_adset")],
            None,
            id="another one lives",
        ),
        pytest.param([removed(learning("9"), days=1)], None, id="a learning campaign was removed"),
        pytest.param([paused(scaling(), why="no_events_anywhere")], "no_room", id="paused as blind"),
        pytest.param([paused(scaling(), why="no_active_adset")], None, id="it ran dry"),
        pytest.param([paused(scaling(), why="goal_inactive")], None, id="paused, and empty"),
        pytest.param([paused(scaling(), why=None)], None, id="reset, and empty"),
    ],
)
def test_what_stands_in_the_way_of_a_scaling_campaign(campaigns: list[Any], reason: str | None) -> None:
    expected = [] if reason is None else [f"promote_winner 1/11 {reason}"]

    assert held(learning(), winner(), *campaigns) == expected
    assert (promoted(learning(), winner(), *campaigns) == []) is bool(expected)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(paused(scaling("8", created_at=ago(days=99)), "user"), id="paused by a person"),
        pytest.param(paused(scaling("8", created_at=ago(days=99)), "creation"), id="in creation"),
        pytest.param(removed(scaling("8"), days=1), id="removed by a person"),
        pytest.param(paused(scaling("8"), why="no_active_adset"), id="dry"),
    ],
)
def test_an_active_scaling_campaign_comes_before_all_others(other: Any) -> None:
    things = [learning(), winner(budget=700), other, scaling(), copy("91")]

    assert promoted(*things) == ["promote_winner 9/11 winner"]


def test_the_first_active_scaling_campaign_by_age() -> None:
    things = [
        learning(),
        winner(budget=700),
        scaling("8"),
        copy("81", "8"),
        scaling("9", created_at=ago(days=99)),
        copy("91"),
    ]

    assert promoted(*things) == ["promote_winner 9/11 winner"]


def test_paused_campaigns_with_something_to_run_leave_no_room() -> None:
    """It found no room to come back: what runs takes it all."""
    things = [
        goal(),
        goal("virality", priority=5),
        learning(),
        winner(budget=350),
        paused(scaling(budget=150), why="goal_inactive"),
        copy("91"),
        scaling("7", 4300, goal_key="virality"),
        copy("71", "7"),
    ]

    assert holds(plan_full(*things), "promote") == ["promote_winner 1/11 no_room"]


def test_one_that_ran_dry_is_revived_even_beside_one_with_something_to_run() -> None:
    things = [
        learning(),
        winner(budget=700),
        paused(scaling("8", 99), why="below_minimum_budget"),
        copy("81", "8"),
        paused(scaling("9"), why="no_active_adset"),
    ]

    assert promoted(*things) == [
        "update_budget 1/11 1000>700 make_room",
        "update_budget 9 1000>300 winner",
        "promote_winner 9/11 winner",
        "resume_campaign 9 winner",
    ]


@pytest.mark.parametrize(
    ("budget", "n", "reason"),
    [
        pytest.param(200, 1, None, id="two minimums for two"),
        pytest.param(199, 1, "scaling_budget_below_minimum", id="one unit under"),
        pytest.param(500, 4, None, id="five for five"),
        pytest.param(499, 4, "scaling_budget_below_minimum", id="one unit under five"),
    ],
)
def test_a_copy_needs_its_minimum_in_the_campaign(budget: int, n: int, reason: str | None) -> None:
    copies = [copy(f"9{i}") for i in range(n)]
    expected = [] if reason is None else [f"promote_winner 1/11 {reason}"]

    assert held(learning(), winner(), scaling(budget=budget), *copies) == expected


def test_only_the_copies_of_the_campaign_itself_count() -> None:
    full = [copy(f"9{i}") for i in range(9)]
    things = [
        learning(),
        winner(),
        scaling("8", 200, created_at=ago(days=99)),
        copy("81", "8"),
        scaling(),
        *full,
    ]

    assert held(*things) == []


def test_paused_copies_need_nothing() -> None:
    things = [learning(), winner(), scaling(budget=200), copy("91"), paused(copy("92"), "user")]

    assert held(*things) == []


@pytest.mark.parametrize(
    ("share", "reason"),
    [
        pytest.param(9000, None, id="100 to scaling"),
        pytest.param(9010, "scaling_budget_below_minimum", id="99 to scaling"),
        pytest.param(1000, None, id="100 to learning"),
        pytest.param(990, "budget_below_minimum", id="99 to learning"),
    ],
)
@pytest.mark.parametrize(
    "campaigns",
    [
        pytest.param([], id="to create"),
        pytest.param([paused(scaling(), why="no_active_adset")], id="to revive"),
    ],
)
def test_both_parts_must_reach_the_minimum(share: int, reason: str | None, campaigns: list[Any]) -> None:
    expected = [] if reason is None else [f"promote_winner 1/11 {reason}"]

    assert held(goal(learning_share_bp=share), learning(), winner(), *campaigns) == expected


def test_the_scaling_part_comes_before_the_learning_part() -> None:
    small = goal(minimum_daily_budget_minor=501, learning_share_bp=5000)

    assert held(small, learning(), winner()) == ["promote_winner 1/11 scaling_budget_below_minimum"]


def test_the_first_hold_alone_is_told() -> None:
    off = settings(auto_scale_winners=False)
    cooling = past(adset_id="11")
    things = [goal(minimum_daily_budget_minor=400), learning(), winner()]

    assert held(*things, cooling, settings=off) == ["promote_winner 1/11 auto_scale_off"]
    assert held(*things, cooling, paused(scaling(), "user")) == ["promote_winner 1/11 cooldown"]
    assert held(*things, paused(scaling(), "user")) == ["promote_winner 1/11 paused_by_user"]
    assert held(*things, paused(scaling(), "creation")) == ["promote_winner 1/11 unverified_copy"]
    assert held(*things, removed(scaling(), days=1)) == ["promote_winner 1/11 removed_by_user"]
    assert held(*things) == ["promote_winner 1/11 scaling_budget_below_minimum"]


# Make room


def test_learning_ad_sets_are_lowered_to_their_equal_share_and_none_is_raised() -> None:
    things = [
        learning(),
        winner("11", budget=400),
        ad_set("12", budget=100),
        ad_set("13", budget=100, created_at=ago(days=15)),
        ad_set("14", budget=1),
    ]

    # allocation shares 1000 among the four; 700 among four is 175
    assert promoted(*things) == [
        "update_budget 1/13 250>175 make_room",
        "update_budget 1/11 250>175 make_room",
        "update_budget 1/12 250>175 make_room",
        "update_budget 1/14 250>175 make_room",
        *CREATED[1:],
    ]


@pytest.mark.parametrize(
    ("present", "written"),
    [
        pytest.param(240, ["update_budget 1/12 240>233 make_room"], id="above its share"),
        pytest.param(233, [], id="on it"),
        pytest.param(230, [], id="under it: not raised"),
    ],
)
def test_only_what_is_above_its_share_is_lowered(present: int, written: list[str]) -> None:
    """A tolerance of 100 % lets allocation leave every budget as it is."""
    things = [learning(), winner("11", budget=234), ad_set("12", budget=present), ad_set("13", budget=200)]

    made = promoted(*things, policy={"budget_tolerance_bp": 10000})

    assert [each for each in made if each.startswith("update_budget")] == written


@pytest.mark.parametrize(
    ("total", "paused_ids"),
    [
        pytest.param(428, ["1/13"], id="300 feeds three of four"),
        pytest.param(427, ["1/13", "1/14"], id="299 feeds two"),
        pytest.param(500, ["1/13"], id="350 feeds three"),
        pytest.param(571, [], id="400 feeds all four"),
    ],
)
def test_the_worst_that_learning_cannot_feed_any_more_are_paused(total: int, paused_ids: list[str]) -> None:
    things = [
        learning(),
        winner("11"),
        ad_set("12", lifetime=did(900, 9)),
        ad_set("13"),
        ad_set("14", lifetime=did(9000, 9)),
    ]

    made = promoted(*things, settings=settings(global_daily_budget_minor=total))

    assert [each for each in made if each.startswith("pause")] == [
        f"pause_adset {each} below_minimum_budget" for each in paused_ids
    ]


def test_ad_sets_of_whatever_id_make_room() -> None:
    things = [learning(), winner("12"), ad_set("11"), ad_set("13")]

    assert promoted(*things)[:3] == [
        "update_budget 1/11 334>234 make_room",
        "update_budget 1/12 333>233 make_room",
        "update_budget 1/13 333>233 make_room",
    ]


def test_the_winner_counts_as_the_best() -> None:
    """12 is cheaper, but too young to win; one of the two can be fed."""
    things = [
        learning(),
        winner("11"),
        ad_set("12", lifetime=did(10, 9), active_since=ago(hours=1)),
    ]

    made = promoted(
        goal(learning_share_bp=5000),
        *things,
        settings=settings(global_daily_budget_minor=280),
    )

    assert made == [
        "pause_adset 1/12 below_minimum_budget",
        "create_campaign new:scaling:streams None>140 winner",
        "promote_winner new:scaling:streams/11 winner",
        "resume_campaign new:scaling:streams winner",
    ]


def test_ad_sets_opened_in_this_run_make_room_too() -> None:
    decided = plan(learning(), winner(), template(audiences=["a"]))

    assert actions(decided) == [
        "update_budget 1/11 1000>500 learning_share",
        "create_adset 1/new:testing:streams:a:c1 None>500 new_test_cell",
        "update_budget 1/11 500>350 make_room",
        "update_budget 1/new:testing:streams:a:c1 500>350 make_room",
        *CREATED[1:],
    ]


def test_pauses_and_decreases_are_by_age_across_campaigns() -> None:
    things = [
        learning("1"),
        learning("2"),
        winner("11", "1", created_at=ago(days=5)),
        ad_set("12", "1", created_at=ago(days=3)),
        ad_set("13", "1", created_at=ago(days=2)),
        ad_set("21", "2", created_at=ago(days=4)),
        ad_set("22", "2", created_at=ago(days=1)),
    ]

    made = promoted(*things, settings=settings(global_daily_budget_minor=500))

    # 350 feeds three: 11, 21 and 12 by age
    assert made[:5] == [
        "pause_adset 1/13 below_minimum_budget",
        "pause_adset 2/22 below_minimum_budget",
        "create_campaign new:scaling:streams None>150 winner",
        "promote_winner new:scaling:streams/11 winner",
        "resume_campaign new:scaling:streams winner",
    ]


def test_decreases_are_by_age_across_campaigns() -> None:
    things = [
        learning("1"),
        learning("2"),
        winner("11", "1", created_at=ago(days=5)),
        ad_set("12", "1", created_at=ago(days=3)),
        ad_set("21", "2", created_at=ago(days=4)),
    ]

    made = promoted(*things, settings=settings(global_daily_budget_minor=1001))

    # 701: 234, 234 and 233 by age
    assert made[:3] == [
        "update_budget 1/11 334>234 make_room",
        "update_budget 2/21 334>234 make_room",
        "update_budget 1/12 333>233 make_room",
    ]


# Revival


@pytest.mark.parametrize(
    ("budget", "written"),
    [
        pytest.param(1000, ["update_budget 9 1000>300 winner"], id="lowered"),
        pytest.param(100, ["update_budget 9 100>300 winner"], id="raised"),
        pytest.param(300, [], id="as it is"),
        pytest.param(0, ["update_budget 9 0>300 winner"], id="from nothing"),
    ],
)
def test_the_first_that_ran_dry_is_revived_with_the_scaling_part(budget: int, written: list[str]) -> None:
    things = [
        learning(),
        winner(),
        paused(scaling("8", created_at=ago(days=1)), why="no_active_adset"),
        paused(scaling("9", budget), why="no_active_adset"),
    ]

    assert promoted(*things) == [
        "update_budget 1/11 1000>700 make_room",
        *written,
        "promote_winner 9/11 winner",
        "resume_campaign 9 winner",
    ]


def test_one_paused_as_dry_is_revived_whatever_a_person_put_into_it_since() -> None:
    things = [learning(), winner(), paused(scaling(budget=300), why="no_active_adset"), copy("91")]

    assert promoted(*things) == [
        "update_budget 1/11 1000>700 make_room",
        "promote_winner 9/11 winner",
        "resume_campaign 9 winner",
    ]


def test_one_that_lost_its_last_ad_set_in_this_run_is_revived() -> None:
    things = [
        creative("c1"),
        creative("c2", status="rejected"),
        learning(),
        winner(),
        scaling(budget=300),
        copy("91", creative_id="c2"),
    ]

    assert actions(plan(*things, templates=())) == [
        "pause_adset 9/91 creative_not_approved",
        "pause_campaign 9 no_active_adset",
        "update_budget 1/11 1000>700 make_room",
        "promote_winner 9/11 winner",
        "resume_campaign 9 winner",
    ]


def test_one_starved_in_this_run_is_not_revived() -> None:
    things = [learning(), winner(), scaling(budget=5000), *[copy(f"9{i}") for i in range(50)]]

    assert held(*things) == ["promote_winner 1/11 no_room"]


# Several winners


def test_the_second_winner_is_copied_into_what_the_first_opened() -> None:
    things = pair()

    made = promoted(goal(learning_share_bp=6000), *things, settings=settings(global_daily_budget_minor=1000))

    assert made[-4:] == [
        "create_campaign new:scaling:streams None>400 winner",
        "promote_winner new:scaling:streams/11 winner",
        "resume_campaign new:scaling:streams winner",
        "promote_winner new:scaling:streams/12 winner",
    ]


@pytest.mark.parametrize(
    ("total", "second"),
    [
        pytest.param(668, [], id="200 feeds two"),
        pytest.param(664, ["promote_winner 1/12 scaling_budget_below_minimum"], id="199 does not"),
    ],
)
def test_the_second_copy_needs_its_minimum_too(total: int, second: list[str]) -> None:
    things = pair()[:3]
    more = [ad_set(f"2{i}", lifetime=did(5000, 5)) for i in range(3)]

    found = held(*things, *more, settings=settings(global_daily_budget_minor=total))

    assert [each for each in found if "12" in each] == second


def test_a_second_winner_that_made_room_for_the_first_is_still_promoted() -> None:
    made = promoted(
        goal(learning_share_bp=1000),
        *pair(),
    )

    assert made == [
        "pause_adset 1/12 below_minimum_budget",
        "pause_adset 1/20 below_minimum_budget",
        "pause_adset 1/21 below_minimum_budget",
        "pause_adset 1/22 below_minimum_budget",
        "pause_adset 1/23 below_minimum_budget",
        "update_budget 1/11 167>100 make_room",
        "create_campaign new:scaling:streams None>900 winner",
        "promote_winner new:scaling:streams/11 winner",
        "resume_campaign new:scaling:streams winner",
        "promote_winner new:scaling:streams/12 winner",
    ]


def test_reductions_of_all_goals_come_first() -> None:
    things = [
        goal("streams", priority=1),
        goal("virality", priority=1),
        learning("1"),
        winner("11", creative_id="a"),
        learning("2", goal_key="virality"),
        winner("21", "2", creative_id="b"),
    ]

    assert promoted(*things) == [
        "update_budget 1/11 500>350 make_room",
        "update_budget 2/21 500>350 make_room",
        "create_campaign new:scaling:streams None>150 winner",
        "promote_winner new:scaling:streams/11 winner",
        "resume_campaign new:scaling:streams winner",
        "create_campaign new:scaling:virality None>150 winner",
        "promote_winner new:scaling:virality/21 winner",
        "resume_campaign new:scaling:virality winner",
    ]


# Guardrail


def crowded(live: int, *things: Any) -> Any:
    """Someone else's live budget, which counts in the guardrail: the cap is 5000."""
    return plan(
        goal(),
        goal("podcasts", is_active=False),
        scaling("99", live, goal_key="podcasts"),
        learning(),
        *things,
        templates=(),
    )


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        pytest.param(4000, [], id="on the cap: learning gives what scaling takes"),
        pytest.param(4001, ["promote_winner 1/11 no_room"], id="one unit over"),
    ],
)
def test_a_promotion_counts_its_own_reductions(live: int, expected: list[str]) -> None:
    decided = crowded(live, winner())

    assert holds(decided, "promote") == expected
    assert actions(decided, "promote") == ([] if expected else CREATED)


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        pytest.param(4000, [], id="on the cap"),
        pytest.param(4001, ["promote_winner 1/11 no_room"], id="above it already"),
    ],
)
def test_nothing_is_promoted_above_the_cap(live: int, expected: list[str]) -> None:
    decided = crowded(live, winner(budget=700), scaling(budget=300), copy("91"))

    assert holds(decided, "promote") == expected


def test_each_promotion_is_checked_with_those_before_it() -> None:
    """Both goals' learning is small, so each promotion needs 150 and frees nothing."""
    things = [
        goal("podcasts", is_active=False),
        scaling("99", 4250, goal_key="podcasts"),
        goal("streams", priority=1),
        goal("virality", priority=1),
        learning("1"),
        winner("11", budget=300, creative_id="a"),
        learning("2", goal_key="virality"),
        winner("21", "2", budget=300, creative_id="b"),
    ]

    decided = plan(*things, templates=(), policy={"budget_tolerance_bp": 10000})

    assert holds(decided, "promote") == ["promote_winner 2/21 no_room"]
    assert [each.goal_key for each in decided.actions if each.step == "promote"] == ["streams"] * 3
