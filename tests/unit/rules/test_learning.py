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
    paused,
    plan,
    removed,
    scaling,
    settings,
    template,
)


def opened(*things: Any, **change: Any) -> list[str]:
    return actions(plan(*things, **change), "learning")


def held(*things: Any, **change: Any) -> list[str]:
    return holds(plan(*things, **change), "learning")


# Cells


def test_a_goal_without_a_campaign_gets_one_with_its_first_cell() -> None:
    assert opened() == [
        "create_campaign new:testing:streams no_learning_campaign",
        "create_adset new:testing:streams/new:testing:streams:broad:c1 None>1000 new_test_cell",
    ]


def test_cells_go_creative_by_creative_newest_first_then_by_id() -> None:
    made = opened(
        learning(),
        template(audiences=["b", "a"]),
        creative("c3", created_at=ago(days=2)),
        creative("c1", created_at=ago(days=3)),
        creative("c2", created_at=ago(days=2)),
    )

    assert made == [
        "create_adset 1/new:testing:streams:b:c2 None>200 new_test_cell",
        "create_adset 1/new:testing:streams:a:c2 None>200 new_test_cell",
        "create_adset 1/new:testing:streams:b:c3 None>200 new_test_cell",
        "create_adset 1/new:testing:streams:a:c3 None>200 new_test_cell",
        "create_adset 1/new:testing:streams:b:c1 None>200 new_test_cell",
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(creative("c2", status="pending"), id="not approved"),
        pytest.param(creative("c2", status="active"), id="another word"),
        pytest.param(creative("c2", goal_key="virality"), id="of another goal"),
    ],
)
def test_only_the_goals_approved_creatives_make_cells(other: Any) -> None:
    assert opened(learning(), creative(), other) == [
        "create_adset 1/new:testing:streams:broad:c1 None>1000 new_test_cell"
    ]


@pytest.mark.parametrize(
    ("tried", "is_open"),
    [
        pytest.param(ad_set(audience="broad"), False, id="runs"),
        pytest.param(paused(ad_set(audience="broad"), why="loser"), False, id="lost"),
        pytest.param(paused(ad_set(audience="broad"), "user"), False, id="a person paused it"),
        pytest.param(paused(ad_set(audience="broad"), "creation"), False, id="in creation"),
        pytest.param(ad_set(audience="broad", status="DELETED"), False, id="deleted"),
        pytest.param(ad_set(audience="broad", status="ARCHIVED"), False, id="archived"),
        pytest.param(copy("91", audience="broad"), False, id="in scaling"),
        pytest.param(ad_set("51", "5", audience="broad"), False, id="in a removed campaign"),
        pytest.param(ad_set(audience="narrow"), True, id="another audience"),
        pytest.param(ad_set(audience="broad", creative_id="c2"), True, id="another creative"),
        pytest.param(ad_set(audience="broad", creative_id=None), True, id="an unknown creative"),
        pytest.param(ad_set("71", "7", audience="broad"), True, id="of another goal"),
    ],
)
def test_a_tried_cell_is_not_started_again(tried: Any, *, is_open: bool) -> None:
    made = opened(
        goal(),
        goal("virality", is_active=False),
        learning(),
        learning("7", goal_key="virality"),
        scaling(),
        copy("99"),
        removed(learning("5"), days=100),
        tried,
    )

    assert bool(made) is is_open


@pytest.mark.parametrize(
    ("total", "n"),
    [
        pytest.param(100, 1, id="70 // 100 is none, but one at least"),
        pytest.param(284, 1, id="199 // 100"),
        pytest.param(285, 2, id="200 // 100: half a unit rounds up"),
        pytest.param(714, 5, id="500 // 100"),
        pytest.param(5000, 5, id="never more than five"),
    ],
)
def test_as_many_as_the_learning_part_feeds(total: int, n: int) -> None:
    made = opened(
        learning(),
        template(audiences=list("abcdefg")),
        settings=settings(global_daily_budget_minor=total),
    )

    assert len(made) == n


def test_the_most_is_the_policys() -> None:
    made = opened(learning(), template(audiences=list("abcdefg")), policy={"max_learning_adsets": 2})

    assert len(made) == 2


def test_new_ad_sets_fill_up_to_the_most() -> None:
    made = opened(
        learning(),
        *[ad_set(f"1{i}", budget=200) for i in range(4)],
        template(audiences=list("abcdefg")),
    )

    assert made == ["create_adset 1/new:testing:streams:a:c1 None>200 new_test_cell"]


@pytest.mark.parametrize("n", [pytest.param(5, id="the most"), pytest.param(6, id="more")])
def test_nothing_is_opened_or_held_at_the_most(n: int) -> None:
    decided = plan(learning(), *[ad_set(f"1{i}") for i in range(n)], template(audiences=list("abcdefg")))

    assert (actions(decided, "learning"), holds(decided, "learning")) == ([], [])


def test_new_ones_come_last_in_what_does_not_divide() -> None:
    decided = plan(
        learning(),
        ad_set("11", budget=334),
        template(audiences=["a", "b"]),
        settings=settings(global_daily_budget_minor=1001),
    )

    assert actions(decided) == [
        "create_adset 1/new:testing:streams:a:c1 None>334 new_test_cell",
        "create_adset 1/new:testing:streams:b:c1 None>333 new_test_cell",
    ]


@pytest.mark.parametrize(
    ("campaigns", "home"),
    [
        pytest.param([learning("2"), learning("1")], "1", id="the same age: by id"),
        pytest.param([learning("1"), learning("2", created_at=ago(days=99))], "2", id="the oldest"),
        pytest.param(
            [paused(learning("2", created_at=ago(days=99)), "user"), learning("1")],
            "1",
            id="the first ACTIVE",
        ),
        pytest.param(
            [paused(learning("2", created_at=ago(days=99)), why="goal_inactive"), learning("1")],
            "2",
            id="one resumed in this run",
        ),
        pytest.param([removed(learning("2"), days=1), learning("1")], "1", id="not a removed one"),
    ],
)
def test_new_ad_sets_go_into_the_first_active_campaign(campaigns: list[Any], home: str) -> None:
    assert opened(*campaigns) == [f"create_adset {home}/new:testing:streams:broad:c1 None>1000 new_test_cell"]


def test_goals_are_opened_in_goal_order() -> None:
    made = opened(
        goal("streams", priority=1),
        goal("virality", priority=3),
        goal("followers", priority=5, is_active=False),
        goal("presave", priority=4, budget_hint_minor=0),
        *[template(key) for key in ("streams", "virality", "followers", "presave")],
        *[creative(key, goal_key=key) for key in ("streams", "virality", "followers", "presave")],
    )

    assert made == [
        "create_campaign new:testing:virality no_learning_campaign",
        "create_adset new:testing:virality/new:testing:virality:broad:virality None>750 new_test_cell",
        "create_campaign new:testing:streams no_learning_campaign",
        "create_adset new:testing:streams/new:testing:streams:broad:streams None>250 new_test_cell",
    ]


def test_a_goal_with_nothing_to_open_does_not_keep_the_next_from_it() -> None:
    made = opened(
        goal("streams", priority=5),
        goal("virality", priority=1),
        learning("1"),
        ad_set(audience="broad"),
        learning("2", goal_key="virality"),
        template("streams"),
        template("virality"),
        creative("c1"),
        creative("c2", goal_key="virality"),
    )

    assert made == ["create_adset 2/new:testing:virality:broad:c2 None>167 new_test_cell"]


# Resumes


def starved(id_: str = "12", budget: int = 500, **change: Any) -> Any:
    return paused(ad_set(id_, **({"budget": budget} | change)), why="below_minimum_budget")


def test_what_was_paused_for_want_of_budget_is_resumed_before_new_cells_open() -> None:
    decided = plan(learning(), ad_set("11"), starved("12", 100), template(audiences=["broad"]))

    assert actions(decided) == [
        "update_budget 1/11 500>334 learning_share",
        "update_budget 1/12 100>333 budget_fits_again",
        "resume_adset 1/12 budget_fits_again",
        "create_adset 1/new:testing:streams:broad:c1 None>333 new_test_cell",
    ]


def test_a_resume_above_its_share_is_lowered_first() -> None:
    decided = plan(learning(), ad_set("11"), starved("12", 900), template(audiences=[]))

    assert actions(decided, "learning") == [
        "update_budget 1/12 900>500 budget_fits_again",
        "resume_adset 1/12 budget_fits_again",
    ]


def test_a_resume_on_its_share_writes_no_budget() -> None:
    decided = plan(learning(), ad_set("11"), starved("12", 500), templates=(template(audiences=[]),))

    assert actions(decided, "learning") == ["resume_adset 1/12 budget_fits_again"]
    assert holds(decided, "learning") == []


def test_resumed_ones_share_by_their_age_and_stand_in_kept_order() -> None:
    decided = plan(
        learning(),
        ad_set("12", budget=333, created_at=ago(days=5)),
        starved("11", 1, created_at=ago(days=9)),
        starved("13", 1, created_at=ago(days=3), lifetime=did(100, 1)),
        template(audiences=[]),
    )

    assert actions(decided) == [
        "update_budget 1/13 1>333 budget_fits_again",
        "resume_adset 1/13 budget_fits_again",
        "update_budget 1/11 1>334 budget_fits_again",
        "resume_adset 1/11 budget_fits_again",
    ]


def test_only_as_many_as_fit_are_resumed_and_then_no_cell_opens() -> None:
    made = opened(
        learning(),
        *[ad_set(f"1{i}", budget=200) for i in range(4)],
        starved("21", 200),
        starved("22", 200, lifetime=did(100, 1)),
        template(audiences=["broad"]),
    )

    assert made == ["resume_adset 1/22 budget_fits_again"]


@pytest.mark.parametrize(
    ("campaign", "thing", "resumes"),
    [
        pytest.param(learning(), starved(), True, id="in an ACTIVE campaign"),
        pytest.param(
            paused(learning(), why="goal_inactive"), starved(), True, id="in one resumed in this run"
        ),
        pytest.param(learning(), paused(ad_set("12"), why="loser"), False, id="a loser"),
        pytest.param(learning(), paused(ad_set("12"), why="another reason"), False, id="for another reason"),
        pytest.param(learning(), paused(ad_set("12"), why="creative_not_approved"), False, id="not approved"),
        pytest.param(
            learning(), paused(ad_set("12"), "user", "below_minimum_budget"), False, id="a person's"
        ),
        pytest.param(
            learning(), paused(ad_set("12"), "creation", "below_minimum_budget"), False, id="unborn"
        ),
        pytest.param(learning(), paused(ad_set("12"), None, "below_minimum_budget"), False, id="nobody's"),
        pytest.param(
            learning(),
            ad_set("12", status="DELETED", paused_by="orchestrator", paused_reason="below_minimum_budget"),
            False,
            id="deleted",
        ),
        pytest.param(learning(), starved(creative_id="bad"), False, id="its creative is not approved"),
        pytest.param(learning(), starved(creative_id="gone"), True, id="its creative is not known"),
        pytest.param(learning(), starved(creative_id=None), True, id="it has no creative"),
        pytest.param(paused(learning(), "user"), starved(), False, id="in a campaign a person paused"),
        pytest.param(scaling("1"), starved(), False, id="in a scaling campaign"),
    ],
)
def test_what_is_resumed(campaign: Any, thing: Any, *, resumes: bool) -> None:
    made = opened(
        campaign, thing, creative(), creative("bad", status="rejected"), learning("7"), ad_set("71", "7")
    )

    assert ("resume_adset 1/12 budget_fits_again" in made) is resumes


# Holds


@pytest.mark.parametrize(
    ("campaigns", "expected"),
    [
        pytest.param([paused(learning(), "user")], ["resume_campaign 1 paused_by_user"], id="a person"),
        pytest.param([paused(learning(), None)], ["resume_campaign 1 paused_by_user"], id="nobody knows who"),
        pytest.param(
            [paused(learning("2"), "user"), paused(learning("1"), "user")],
            ["resume_campaign 1 paused_by_user"],
            id="the first by age",
        ),
        pytest.param(
            [paused(learning("1"), why="no_events_anywhere"), paused(learning("2"), "user")],
            ["resume_campaign 2 paused_by_user"],
            id="the first that a person paused",
        ),
        pytest.param([paused(learning("1"), "user"), learning("2")], [], id="another is ACTIVE"),
        pytest.param(
            [paused(learning("1"), "user"), paused(learning("2"), why="goal_inactive")],
            [],
            id="another comes back",
        ),
        pytest.param([paused(scaling("1"), "user")], [], id="a scaling campaign"),
    ],
)
def test_a_learning_campaign_that_a_person_paused(campaigns: list[Any], expected: list[str]) -> None:
    assert held(*campaigns) == expected


@pytest.mark.parametrize(
    ("campaigns", "expected"),
    [
        pytest.param([removed(learning(), days=7)], [], id="a week ago"),
        pytest.param(
            [removed(learning(), days=7, microseconds=-1)],
            ["create_campaign streams removed_by_user"],
            id="just less",
        ),
        pytest.param([removed(learning(), days=0)], ["create_campaign streams removed_by_user"], id="now"),
        pytest.param(
            [removed(learning("1"), days=9), removed(learning("2"), days=1)],
            ["create_campaign streams removed_by_user"],
            id="the latest counts",
        ),
        pytest.param(
            [removed(learning("1"), days=1), removed(learning("2"), days=9)],
            ["create_campaign streams removed_by_user"],
            id="in whatever order",
        ),
        pytest.param(
            [learning(status="ARCHIVED", removed_at=ago(days=1))],
            ["create_campaign streams removed_by_user"],
            id="archived",
        ),
        pytest.param([removed(learning("1"), days=1), learning("2")], [], id="another is ACTIVE"),
        pytest.param([removed(scaling("1"), days=1)], [], id="a scaling campaign"),
        pytest.param(
            [removed(learning("1"), days=1), paused(learning("2"), "user")],
            ["resume_campaign 2 paused_by_user"],
            id="another is paused by a person",
        ),
        pytest.param(
            [removed(learning("1"), days=1), paused(learning("2"), why="no_events_anywhere")],
            ["create_adset 2 no_events_anywhere"],
            id="another is paused by us, as blind",
        ),
        pytest.param(
            [removed(learning("1"), days=1), paused(learning("2"), why="below_minimum_budget")],
            ["create_adset 2 no_room"],
            id="another is paused by us",
        ),
    ],
)
def test_a_learning_campaign_that_a_person_removed(campaigns: list[Any], expected: list[str]) -> None:
    assert held(*campaigns) == expected


def test_a_living_campaigns_removal_date_means_nothing() -> None:
    assert held(learning(removed_at=ago(days=1))) == []


def test_the_days_of_respect_are_the_policys() -> None:
    assert held(removed(learning(), days=1), policy={"recreate_after_days": 1}) == []


@pytest.mark.parametrize(
    ("campaigns", "where"),
    [
        pytest.param([], "create_campaign streams", id="no campaign"),
        pytest.param([learning()], "create_adset 1", id="an ACTIVE campaign"),
        pytest.param(
            [paused(learning("1"), "creation"), learning("2")], "create_adset 1", id="one would come back"
        ),
        pytest.param(
            [paused(learning("1"), why="no_events_anywhere"), learning("2")],
            "create_adset 2",
            id="ACTIVE first",
        ),
        pytest.param([paused(learning("1"), why="no_events_anywhere")], "create_adset 1", id="then PAUSED"),
        pytest.param([removed(learning("1"), days=9)], "create_campaign streams", id="a removed one is none"),
    ],
)
def test_where_a_hold_is(campaigns: list[Any], where: str) -> None:
    assert held(*campaigns, creatives=()) == [f"{where} no_creative"]


@pytest.mark.parametrize(
    "creatives",
    [
        pytest.param((), id="none"),
        pytest.param((creative(status="pending"),), id="none approved"),
        pytest.param((creative(goal_key="virality"),), id="another goal's"),
    ],
)
def test_without_an_approved_creative_nothing_is_resumed_either(creatives: tuple[Any, ...]) -> None:
    decided = plan(learning(), ad_set("11", creative_id="x"), starved(creative_id="x"), creatives=creatives)

    assert actions(decided, "learning") == []
    assert holds(decided, "learning") == ["create_adset 1 no_creative"]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        pytest.param(100, [], id="on the minimum"),
        pytest.param(99, ["create_adset 1 budget_below_minimum"], id="one unit under"),
    ],
)
def test_learning_below_the_minimum(hint: int, expected: list[str]) -> None:
    decided = plan(goal(budget_hint_minor=hint), learning())

    assert holds(decided, "learning") == expected
    assert (actions(decided, "learning") == []) is bool(expected)


@pytest.mark.parametrize(
    ("campaigns", "expected"),
    [
        pytest.param(
            [paused(learning(), why="no_events_anywhere")], ["create_adset 1 no_events_anywhere"], id="blind"
        ),
        pytest.param(
            [paused(learning(), why="below_minimum_budget")], ["create_adset 1 no_room"], id="for us"
        ),
        pytest.param([paused(learning(), why="no_events_anywhere"), learning("2")], [], id="one is ACTIVE"),
        pytest.param([], [], id="none at all"),
    ],
)
def test_no_room_while_the_only_campaigns_are_paused(campaigns: list[Any], expected: list[str]) -> None:
    assert held(*campaigns) == expected


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([ad_set(audience="broad")], ["create_adset 1 no_untested_cell"], id="all tried"),
        pytest.param([ad_set(audience="x")], [], id="one is left"),
        pytest.param([ad_set(audience="broad"), starved("12")], [], id="one is resumed instead"),
        pytest.param([ad_set(f"1{i}", audience="broad") for i in range(5)], [], id="it has the most"),
    ],
)
def test_no_untested_cell(things: list[Any], expected: list[str]) -> None:
    assert held(learning(), *things) == expected


def test_a_template_without_audiences_has_no_cell() -> None:
    assert held(template(audiences=[])) == ["create_campaign streams no_untested_cell"]


@pytest.mark.parametrize(
    ("things", "first"),
    [
        pytest.param(
            [paused(learning(), "user")], "resume_campaign 1 paused_by_user", id="paused by a person"
        ),
        pytest.param(
            [removed(learning(), days=1)], "create_campaign streams removed_by_user", id="removed by a person"
        ),
        pytest.param([learning()], "create_adset 1 no_creative", id="no creative"),
    ],
)
def test_the_first_hold_alone_is_told(things: list[Any], first: str) -> None:
    assert held(goal(budget_hint_minor=50), *things, creatives=()) == [first]


def test_no_creative_comes_before_a_small_budget_and_that_before_no_room() -> None:
    closed = paused(learning(), why="below_minimum_budget")

    assert held(goal(budget_hint_minor=50), closed, creatives=()) == ["create_adset 1 no_creative"]
    assert held(goal(budget_hint_minor=50), closed) == ["create_adset 1 budget_below_minimum"]
    assert held(closed) == ["create_adset 1 no_room"]


def test_a_goal_without_a_template_is_an_error_instead_of_any_hold() -> None:
    decided = plan(paused(learning(), "user"), templates=(template("virality"),), creatives=())

    assert [(e.step, e.goal_key, e.reason) for e in decided.errors] == [
        ("learning", "streams", "no_template")
    ]
    assert holds(decided, "learning") == []


def test_a_goal_that_could_start_nothing_is_told_what_it_lacks_whatever_its_budget() -> None:
    idle = plan(goal(budget_hint_minor=0), goal("virality", is_active=False), templates=())
    running = plan(goal(budget_hint_minor=0), learning(), ad_set(), templates=())

    assert [(e.step, e.goal_key, e.reason) for e in idle.errors] == [("learning", "streams", "no_template")]
    assert running.errors == ()


# Guardrail


def crowded(live: int, *things: Any, **change: Any) -> Any:
    """Someone else's live budget, which counts in the guardrail: the cap is 5000."""
    return plan(
        goal(),
        goal("podcasts", is_active=False),
        scaling("99", live, goal_key="podcasts"),
        *things,
        **change,
    )


@pytest.mark.parametrize(
    ("live", "n", "expected"),
    [
        pytest.param(4000, 3, [], id="on the cap"),
        pytest.param(4001, 0, ["create_campaign streams no_room"], id="one unit over: none of them"),
        pytest.param(6000, 0, ["create_campaign streams no_room"], id="above it already"),
    ],
)
def test_new_cells_fit_all_or_none(live: int, n: int, expected: list[str]) -> None:
    decided = crowded(live, template(audiences=["a", "b"]))

    assert len(actions(decided, "learning")) == n
    assert holds(decided, "learning") == expected


@pytest.mark.parametrize(
    ("live", "n", "expected"),
    [
        pytest.param(4000, 3, [], id="on the cap"),
        pytest.param(4001, 0, ["create_adset 1 no_room"], id="one unit over"),
    ],
)
def test_resumes_and_cells_fit_together_or_not(live: int, n: int, expected: list[str]) -> None:
    decided = crowded(live, learning(), starved(budget=1), template(audiences=["a"]))

    assert len(actions(decided, "learning")) == n
    assert holds(decided, "learning") == expected


def test_each_goal_is_checked_with_those_before_it() -> None:
    decided = plan(
        goal("streams", priority=3),
        goal("virality", priority=2),
        goal("podcasts", is_active=False),
        scaling("99", 4399, goal_key="podcasts"),
        template("streams"),
        template("virality"),
        creative("c1"),
        creative("c2", goal_key="virality"),
    )

    assert [action.goal_key for action in decided.actions] == ["streams", "streams"]
    assert holds(decided, "learning") == ["create_campaign virality no_room"]


def test_what_is_planned_counts_even_when_it_is_then_held() -> None:
    decided = crowded(4001, learning(), ad_set("11", budget=500), template(audiences=["a"]))

    assert actions(decided) == []
    assert holds(decided)[:2] == ["create_adset 1 no_room", "pause_adset 1/11 too_little_spend"]


def test_nothing_opens_in_a_campaign_whose_return_found_no_room() -> None:
    decided = crowded(4501, paused(learning(), why="goal_inactive"), ad_set("11", budget=500))

    assert actions(decided) == []
    assert holds(decided) == [
        "create_adset 1 no_room",
        "resume_campaign 1 no_room",
        "update_budget 1/11 within_tolerance",
    ]


def test_a_share_is_that_of_step_allocate_though_a_campaigns_resume_had_no_room() -> None:
    # Three ad sets share 1000; 4404 of a goal nobody knows leave 596 under the cap of 5000, too
    # little for the campaign with two of them (333 + 333) and enough for the third (334).
    decided = plan(
        goal(),
        goal("sell_merch"),
        scaling("7", 4404, goal_key="sell_merch"),
        learning("1"),
        paused(ad_set("10", "1", 100, created_at=ago(days=15)), why="below_minimum_budget"),
        paused(learning("2", created_at=ago(days=13)), why="goal_inactive"),
        ad_set("21", "2", 100),
        ad_set("22", "2", 100),
        template(audiences=["10"]),
    )

    assert actions(decided, "learning") == [
        "update_budget 1/10 100>334 budget_fits_again",
        "resume_adset 1/10 budget_fits_again",
    ]
    assert holds(decided, "allocate") == ["resume_campaign 2 no_room"]


def test_nothing_is_resumed_in_a_campaign_whose_return_found_no_room() -> None:
    decided = crowded(
        4400,
        learning("1"),
        ad_set("11", "1", 334),
        paused(learning("2"), why="goal_inactive"),
        ad_set("21", "2", 333),
        starved("22", 333, campaign="2"),
        template(audiences=[]),
    )

    assert actions(decided) == []
    assert holds(decided, "allocate")[0] == "resume_campaign 2 no_room"
    assert holds(decided, "learning") == ["create_adset 1 no_room"]


def test_what_else_was_planned_is_done_beside_it() -> None:
    """Five share the learning budget; the one in the refused campaign is not resumed."""
    decided = crowded(
        4500,
        learning("1"),
        ad_set("11", "1", 200),
        paused(learning("2"), why="goal_inactive"),
        ad_set("21", "2", 200),
        ad_set("23", "2", 200),
        starved("12", 200),
        starved("22", 200, campaign="2"),
        template(audiences=[]),
    )

    assert actions(decided, "learning") == ["resume_adset 1/12 budget_fits_again"]
    assert holds(decided, "learning") == []
