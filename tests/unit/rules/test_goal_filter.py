"""A run for some goals only: what is left of a decision."""

from __future__ import annotations

from orchestrator import rules
from orchestrator.domain.model import Decision
from orchestrator.rules.goal_filter import filter_goals
from orchestrator.rules.state import State
from tests.unit.rules.worlds import (
    actions,
    ad_set,
    creative,
    goal,
    holds,
    learning,
    paused,
    settings,
    template,
    thresholds,
    world,
)


def two_goals(cap: int = 5000, followers: int = 100) -> State:
    """Streams runs above its share and followers below: the cut of one is the room of the other."""
    return rules.initial_state(
        world(
            goal("streams", budget_hint_minor=500),
            goal("followers", budget_hint_minor=500),
            template("streams", ["11"]),
            template("followers", ["21"]),
            creative("c1"),
            creative("c2", goal_key="followers"),
            learning("1"),
            ad_set("11", "1", 900),
            learning("2", goal_key="followers"),
            ad_set("21", "2", followers, creative_id="c2"),
            settings=settings(max_daily_budget_minor=cap),
        ),
        thresholds(),
    )


def decided(state: State, *goal_keys: str) -> Decision:
    return filter_goals(rules.decide("allocate", state), frozenset(goal_keys), state)


def test_null_keeps_the_decision_as_it_is() -> None:
    state = two_goals()
    whole = rules.decide("allocate", state)

    assert filter_goals(whole, None, state) is whole
    assert actions(whole) == [
        "update_budget 1/11 900>500 learning_share",
        "update_budget 2/21 100>500 learning_share",
    ]


def test_only_what_concerns_the_goals_is_kept() -> None:
    state = two_goals()

    assert actions(decided(state, "streams")) == ["update_budget 1/11 900>500 learning_share"]
    assert decided(state, "streams").allocations == rules.decide("allocate", state).allocations
    assert actions(decided(state, "streams", "followers")) == actions(rules.decide("allocate", state))


def test_a_raise_that_just_reaches_the_cap_without_the_others_cut_is_made() -> None:
    assert actions(decided(two_goals(cap=1400), "followers")) == ["update_budget 2/21 100>500 learning_share"]


def test_a_raise_that_counted_on_the_cut_of_a_goal_left_out_is_held() -> None:
    one_cent_less = decided(two_goals(cap=1399), "followers")

    assert actions(one_cent_less) == []
    assert holds(one_cent_less) == ["update_budget 2/21 no_room"]


def test_no_goal_at_all_leaves_nothing_to_do() -> None:
    assert (decided(two_goals()).actions, decided(two_goals()).holds) == ((), ())


def test_what_raises_nothing_is_made_while_the_live_sum_is_above_the_cap() -> None:
    state = rules.initial_state(
        world(
            goal("streams", budget_hint_minor=500),
            goal("followers", budget_hint_minor=500),
            template("followers", ["21"]),
            creative("c2", goal_key="followers"),
            learning("1"),
            ad_set("11", "1", 900),
            settings=settings(max_daily_budget_minor=1400),
        ),
        thresholds(),
    )
    kept = filter_goals(rules.decide("learning", state), frozenset({"followers"}), state)

    assert actions(kept) == [
        "create_campaign new:testing:followers no_learning_campaign",
        "create_adset new:testing:followers/new:testing:followers:21:c2 None>500 new_test_cell",
    ]


def test_holds_that_concern_nobodys_goal_stay() -> None:
    state = rules.initial_state(world(learning(), ad_set()), thresholds({"max_insights_age_hours": 0}))
    stale = rules.decide("scale", state)

    assert [h.goal_key for h in stale.holds] == [None]
    assert filter_goals(stale, frozenset({"followers"}), state).holds == stale.holds


def above_the_cap(followers: int) -> State:
    """Streams runs at 900 under a cap of 999; followers has a second, empty campaign to come back."""
    return rules.initial_state(
        world(
            goal("streams", budget_hint_minor=500),
            goal("followers", budget_hint_minor=499),
            template("streams", ["11"]),
            template("followers", ["21"]),
            creative("c1"),
            creative("c2", goal_key="followers"),
            learning("1"),
            ad_set("11", "1", 900),
            learning("2", goal_key="followers"),
            ad_set("21", "2", followers, creative_id="c2"),
            paused(learning("3", goal_key="followers"), why="goal_inactive"),
            settings=settings(max_daily_budget_minor=999),
        ),
        thresholds({"budget_tolerance_bp": 0}),
    )


def test_above_the_cap_what_lowers_or_leaves_the_live_sum_is_made() -> None:
    assert actions(decided(above_the_cap(1000), "streams")) == ["update_budget 1/11 900>500 learning_share"]
    assert actions(decided(above_the_cap(1000), "followers")) == [
        "update_budget 2/21 1000>499 learning_share",
        "resume_campaign 3 goal_active",
    ]


def test_above_the_cap_a_held_raise_of_one_unit_stops_nothing_else() -> None:
    kept = decided(above_the_cap(498), "followers")

    assert actions(kept) == ["resume_campaign 3 goal_active"]
    assert holds(kept, "allocate") == ["update_budget 2/21 no_room"]
