from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.domain.model import Winner
from tests.unit.rules.worlds import (
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
)


def judged(*things: Any, **change: Any) -> Any:
    """A plan in which every winner wins and none is promoted."""
    return plan(*things, settings=settings(auto_scale_winners=False), **change)


def won(*things: Any, **change: Any) -> list[tuple[str, str]]:
    return [(winner.adset_id, winner.clause) for winner in judged(*things, **change).winners]


def gates(*things: Any, **change: Any) -> dict[str, str]:
    """The gate at which each candidate failed, by ad set."""
    found = judged(*things, **change).holds
    return {
        hold.adset_id: hold.reason
        for hold in found
        if hold.step == "promote" and hold.reason != "auto_scale_off"
    }


def best(**change: Any) -> Any:
    """The only ad set of its goal, just good enough to win by volume."""
    return ad_set("11", **({"lifetime": did(500, 10)} | change))


# Eligible


@pytest.mark.parametrize(
    ("lifetime", "gate"),
    [
        pytest.param(did(500, 10, 10), None, id="spend on the bar"),
        pytest.param(did(499, 10, 10), "too_little_spend", id="a cent under"),
        pytest.param(did(499, 10, 1500), None, id="or impressions on theirs"),
        pytest.param(did(499, 10, 1501), None, id="or impressions over theirs"),
        pytest.param(did(499, 10, 1499), "too_little_spend", id="one impression under"),
        pytest.param(did(1, 10, 1500), None, id="a cent is some spend"),
        pytest.param(did(0, 10, 1500), "too_little_spend", id="no spend at all"),
        pytest.param(None, "too_little_spend", id="no delivery"),
        pytest.param(did(500, 2), "too_few_events", id="one event short of three"),
        pytest.param(did(500, 3), "not_better_than_median", id="three events are enough to compare"),
        pytest.param(did(500, 0), "too_few_events", id="no events"),
        pytest.param(did(499, 2), "too_little_spend", id="spend before events"),
        pytest.param(did(500, 9), "not_better_than_median", id="one event short of volume"),
    ],
)
def test_gates_of_the_only_ad_set(lifetime: Any, gate: str | None) -> None:
    assert gates(learning(), best(lifetime=lifetime)).get("11") == gate
    assert won(learning(), best(lifetime=lifetime)) == ([("11", "best_with_volume")] if gate is None else [])


@pytest.mark.parametrize(
    ("since", "gate"),
    [
        pytest.param(ago(hours=24), None, id="a day"),
        pytest.param(ago(hours=24, microseconds=-1), "too_young", id="just less"),
        pytest.param(ago(hours=0), "too_young", id="now"),
        pytest.param(None, None, id="null is its creation, two weeks ago"),
    ],
)
def test_an_ad_set_must_have_been_active_for_a_day(since: Any, gate: str | None) -> None:
    assert gates(learning(), best(active_since=since)).get("11") == gate


def test_a_null_since_is_the_creation() -> None:
    assert gates(learning(), best(active_since=None, created_at=ago(hours=23))) == {"11": "too_young"}


def test_age_comes_before_spend() -> None:
    assert gates(learning(), best(active_since=ago(hours=1), lifetime=None)) == {"11": "too_young"}


@pytest.mark.parametrize(
    ("key", "lifetime", "gate"),
    [
        pytest.param("presave", did(500, 1), "not_better_than_median", id="presave compares from 1"),
        pytest.param("presave", did(500, 5), None, id="presave has volume from 5"),
        pytest.param("presave", did(500, 4), "not_better_than_median", id="and not from 4"),
        pytest.param("followers", did(500, 2), "too_few_events", id="followers need 3"),
    ],
)
def test_every_goal_has_its_own_numbers(key: str, lifetime: Any, gate: str | None) -> None:
    found = gates(goal(key), learning(goal_key=key), best(lifetime=lifetime))

    assert found.get("11") == gate


def test_amounts_are_converted_and_events_are_the_policys() -> None:
    policy = {"winner_min_spend": 600, "min_events": {"streams": 4}, "best_min_events": {"streams": 5}}

    assert gates(learning(), best(lifetime=did(599, 9)), policy=policy) == {"11": "too_little_spend"}
    assert gates(learning(), best(lifetime=did(600, 3)), policy=policy) == {"11": "too_few_events"}
    assert won(learning(), best(lifetime=did(600, 5)), policy=policy) == [("11", "best_with_volume")]


# Candidates


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([learning(), paused(best(), "user")], id="paused by a person"),
        pytest.param([learning(), paused(best(), why="loser")], id="paused by us"),
        pytest.param([learning(), replace(best(), status="ARCHIVED")], id="archived"),
        pytest.param([paused(learning(), "user"), best()], id="in a paused campaign"),
        pytest.param([removed(learning(), days=99), best()], id="in a removed campaign"),
        pytest.param([scaling("1"), best()], id="in scaling"),
        pytest.param([goal(is_active=False), learning(), best()], id="of an inactive goal"),
        pytest.param([goal("podcasts"), learning(goal_key="podcasts"), best()], id="of an unknown goal"),
    ],
)
def test_who_is_no_candidate(things: list[Any]) -> None:
    decided = judged(*things)

    assert decided.winners == ()
    assert holds(decided, "promote") == []


@pytest.mark.parametrize(
    ("campaign", "one", "is_live"),
    [
        pytest.param(scaling(), copy("91", source="11"), True, id="both ACTIVE"),
        pytest.param(scaling(), paused(copy("91", source="11"), "user"), True, id="copy paused by a person"),
        pytest.param(scaling(), paused(copy("91", source="11"), why="loser"), True, id="copy paused by us"),
        pytest.param(
            paused(scaling(), "user"), copy("91", source="11"), True, id="campaign paused by a person"
        ),
        pytest.param(
            paused(scaling(), why="no_active_adset"),
            paused(copy("91", source="11")),
            True,
            id="both paused by us",
        ),
        pytest.param(scaling(), paused(copy("91", source="11"), "creation"), False, id="copy in creation"),
        pytest.param(
            paused(scaling(), "creation"), copy("91", source="11"), False, id="campaign in creation"
        ),
        pytest.param(scaling(), replace(copy("91", source="11"), status="DELETED"), False, id="copy deleted"),
        pytest.param(
            scaling(), replace(copy("91", source="11"), status="ARCHIVED"), False, id="copy archived"
        ),
        pytest.param(removed(scaling(), days=99), copy("91", source="11"), False, id="campaign removed"),
        pytest.param(scaling(), copy("91", source="12"), False, id="of another ad set"),
        pytest.param(scaling(), copy("91", source=None), False, id="of nothing"),
        pytest.param(learning("9"), copy("91", source="11"), False, id="not in a scaling campaign"),
    ],
)
def test_an_ad_set_with_a_live_copy_is_scaling_already(campaign: Any, one: Any, *, is_live: bool) -> None:
    found = gates(learning(), best(), campaign, one)

    assert (found.get("11") == "already_scaling") is is_live


def test_a_copy_paused_in_this_run_lives_still() -> None:
    things = [creative("c1"), creative("c2", status="rejected"), learning(), best(), scaling()]

    assert gates(*things, copy("91", source="11", creative_id="c2"), copy("92")) == {"11": "already_scaling"}


@pytest.mark.parametrize(
    ("campaign", "copied", "gate"),
    [
        pytest.param(scaling(), copy("91", source="11"), None, id="its copy runs: it sets the median"),
        pytest.param(
            scaling(),
            paused(copy("91", source="11"), "user"),
            "not_better_than_median",
            id="paused",
        ),
        pytest.param(
            paused(scaling(), "user"), copy("91", source="11"), "not_better_than_median", id="its campaign is"
        ),
    ],
)
def test_one_that_was_promoted_stays_the_measure_while_its_copy_runs(
    campaign: Any, copied: Any, gate: str | None
) -> None:
    things = [
        learning(),
        campaign,
        copied,
        ad_set("11", lifetime=did(100_00, 5)),
        ad_set("12", lifetime=did(500, 5)),
        ad_set("13", lifetime=did(600, 5)),
    ]

    assert gates(*things)["11"] == "already_scaling"
    assert gates(*things).get("12") == gate


def test_a_worse_test_does_not_win_because_the_better_ones_are_promoted() -> None:
    things = [
        learning(),
        scaling(),
        copy("91", source="11"),
        ad_set("11", lifetime=did(500, 10)),
        ad_set("12", lifetime=did(501, 10)),
    ]

    assert won(*things) == []
    assert gates(*things) == {"11": "already_scaling", "12": "not_better_than_median"}


def test_one_behind_a_new_ad_set_is_a_candidate_still() -> None:
    """A cell is opened in the first campaign; the candidate stands in the second."""
    things = [learning("1"), learning("2"), ad_set("21", "2", lifetime=did(500, 10))]

    assert won(*things) == [("21", "best_with_volume")]


def test_one_resumed_in_this_run_is_too_young_again() -> None:
    assert gates(paused(learning(), why="goal_inactive"), best()) == {"11": "too_young"}


def test_one_paused_in_this_run_is_no_candidate() -> None:
    one_budget = settings(global_daily_budget_minor=199, auto_scale_winners=False)
    decided = plan(learning(), best(), ad_set("12", lifetime=did(100, 9)), settings=one_budget)

    assert decided.winners == ()
    assert holds(decided, "promote") == ["promote_winner 1/12 too_little_spend"]


# Beating the median


def field(*lifetimes: Any) -> list[Any]:
    return [learning(), *[ad_set(f"1{i}", lifetime=one) for i, one in enumerate(lifetimes, 1)]]


@pytest.mark.parametrize(
    ("lifetimes", "winners"),
    [
        pytest.param([did(850, 5), did(1000, 5), did(1200, 5)], ["11"], id="15 % under the median"),
        pytest.param([did(851, 5), did(1000, 5), did(1200, 5)], [], id="a fifth of a cent less"),
        pytest.param([did(85_000_000, 5), did(10**8, 5), did(10**8, 5)], ["11"], id="15 % of a million"),
        pytest.param([did(85_000_001, 5), did(10**8, 5), did(10**8, 5)], [], id="and a cent"),
        pytest.param([did(850, 5), did(1000, 5)], [], id="two have no median"),
        pytest.param([did(850, 5), did(1000, 5), did(1200, 2)], [], id="the third is not eligible"),
        pytest.param(
            [did(850, 5), did(900, 5), did(1100, 5), did(1100, 5)], ["11"], id="mean of the middle two"
        ),
        pytest.param(
            [did(851, 5), did(900, 5), did(1100, 5), did(1100, 5)], [], id="and a fifth of a cent less"
        ),
        pytest.param(
            [did(500, 5), did(800, 5), did(1000, 5), did(1100, 5)], ["11"], id="at 0.85 of 900: one"
        ),
        pytest.param(
            [did(500, 5), did(765, 5), did(1035, 5), did(1100, 5)], ["11", "12"], id="at 0.85 of 900: two"
        ),
        pytest.param([did(1000, 3), did(1000, 3), did(1000, 3)], [], id="all the same"),
        pytest.param([did(500, 3), did(1000, 5), did(1000, 5)], ["11"], id="166.67 against 200 * 0.85 = 170"),
        pytest.param([did(511, 3), did(1000, 5), did(1000, 5)], [], id="170.33: exact thirds"),
        pytest.param([did(510, 3), did(1000, 5), did(1000, 5)], ["11"], id="170 exactly"),
    ],
)
def test_beats_the_median(lifetimes: list[Any], winners: list[str]) -> None:
    assert won(*field(*lifetimes)) == [(each, "beats_median") for each in winners]


@pytest.mark.parametrize(
    ("policy", "wins"),
    [
        pytest.param({"winner_margin_bp": 0}, True, id="no margin"),
        pytest.param({"winner_margin_bp": 1}, False, id="a hundredth of a percent"),
        pytest.param({"winner_margin_bp": 0, "median_min_adsets": 4}, False, id="a median of four"),
    ],
)
def test_the_margin_and_the_field_are_the_policys(policy: dict[str, int], *, wins: bool) -> None:
    three_alike = field(did(1000, 5), did(1000, 5), did(1000, 5))

    assert bool(won(*three_alike, policy=policy)) is wins


# The best with volume


@pytest.mark.parametrize(
    ("lifetimes", "winner"),
    [
        pytest.param([did(1000, 10), did(1100, 11)], ("12", "best_with_volume"), id="same cost: more events"),
        pytest.param([did(1000, 10), did(1000, 10)], ("11", "best_with_volume"), id="same all: the id"),
        pytest.param([did(1001, 10), did(1000, 10)], ("12", "best_with_volume"), id="the cheaper"),
        pytest.param(
            [did(850, 10), did(1000, 5), did(1000, 5)], ("11", "beats_median"), id="both: the median"
        ),
        pytest.param(
            [did(860, 10), did(1720, 20), did(1000, 5)], ("12", "best_with_volume"), id="only volume"
        ),
    ],
)
def test_the_best_wins_by_volume(lifetimes: list[Any], winner: tuple[str, str]) -> None:
    assert won(*field(*lifetimes)) == [winner]


def test_only_the_best_wins_by_volume() -> None:
    assert won(*field(did(990, 9), did(1110, 10))) == []
    assert gates(*field(did(990, 9), did(1110, 10))) == {
        "11": "not_better_than_median",
        "12": "not_better_than_median",
    }


def test_ids_are_compared_as_strings() -> None:
    pair = [ad_set("9", lifetime=did(1000, 10)), ad_set("10", lifetime=did(1000, 10))]

    assert won(learning(), *pair) == [("10", "best_with_volume")]


# The top


def crowd(*spends: int) -> list[Any]:
    """Ad sets with five events each, beside four that cost 1000."""
    return field(*[did(spend, 5) for spend in spends], *[did(5000, 5)] * 4)


@pytest.mark.parametrize(
    ("spends", "winners", "beyond"),
    [
        pytest.param([500], ["11"], [], id="one"),
        pytest.param([500, 501], ["11", "12"], [], id="two"),
        pytest.param([502, 501, 500], ["13", "12"], ["11"], id="the third is beyond"),
    ],
)
def test_the_first_two_win(spends: list[int], winners: list[str], beyond: list[str]) -> None:
    assert [each for each, _ in won(*crowd(*spends))] == winners
    assert [id_ for id_, gate in gates(*crowd(*spends)).items() if gate == "beyond_top"] == beyond


@pytest.mark.parametrize(
    ("most", "winners"), [pytest.param(0, [], id="none"), pytest.param(1, ["11"], id="one")]
)
def test_how_many_win_is_the_policys(most: int, winners: list[str]) -> None:
    assert [each for each, _ in won(*crowd(500, 501), policy={"max_winners": most})] == winners


def test_winners_rank_by_cost_then_more_events_then_id() -> None:
    things = field(did(500, 5), did(1000, 10), did(500, 5), *[did(5000, 5)] * 4)

    assert won(*things) == [("12", "beats_median"), ("11", "beats_median")]


def test_winners_are_in_goal_order() -> None:
    decided = judged(
        goal("streams", priority=1),
        goal("virality", priority=2),
        learning(),
        best(),
        learning("2", goal_key="virality"),
        ad_set("21", "2", lifetime=did(900, 10)),
    )

    assert [winner.goal_key for winner in decided.winners] == ["virality", "streams"]


# The numbers


def test_a_winner_has_the_numbers_that_decided() -> None:
    decided = judged(
        *field(did(1000, 12, 3456), did(2000, 6), did(2000, 3)),
    )

    assert decided.winners == (
        Winner(
            goal_key="streams",
            adset_id="11",
            clause="beats_median",
            events=12,
            spend_minor=1000,
            impressions=3456,
            active_hours=336,
            cost_minor="83.333333",
            median_minor="333.333333",
            margin_bp=7500,
        ),
    )


@pytest.mark.parametrize(
    ("lifetimes", "median", "margin_bp"),
    [
        pytest.param([did(500, 10)], "50", 0, id="its own median"),
        pytest.param([did(500, 10), did(501, 10)], "50.05", 9, id="9.99 basis points: down"),
        pytest.param([did(500, 10), did(500, 5)], "75", 3333, id="a third: down"),
        pytest.param([did(1000, 10), did(1000, 9)], "105.555556", 526, id="rounded half up"),
        pytest.param([did(1, 10, 1500), did(10**6, 5), did(10**6, 5)], "200000", 9999, id="nearly all: down"),
    ],
)
def test_median_and_margin(lifetimes: list[Any], median: str, margin_bp: int) -> None:
    winner = judged(*field(*lifetimes)).winners[0]

    assert (winner.median_minor, winner.margin_bp) == (median, margin_bp)


@pytest.mark.parametrize(
    ("span", "hours"),
    [
        pytest.param({"hours": 24}, 24, id="whole"),
        pytest.param({"hours": 25, "microseconds": -1}, 24, id="just less than 25: down"),
        pytest.param({"hours": 25}, 25, id="25"),
    ],
)
def test_active_hours_are_whole(span: dict[str, float], hours: int) -> None:
    assert judged(learning(), best(active_since=ago(**span))).winners[0].active_hours == hours
