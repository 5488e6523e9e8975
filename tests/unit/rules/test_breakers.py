"""Each breaker on its boundary and one step past it, and what it never refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from orchestrator import rules
from orchestrator.domain.model import AdSet, Campaign, Day, Snapshot
from orchestrator.runs.decide import decide
from tests.unit.rules.worlds import (
    NOW,
    account,
    actions,
    ad_set,
    ago,
    creative,
    day,
    did,
    goal,
    holds,
    learning,
    paused,
    scaling,
    settings,
    template,
    thresholds,
    world,
)

TODAY = date(2026, 11, 23)
CAP = 5000


def breaker(snapshot: Snapshot, **policy: Any) -> str | None:
    found = rules.initial_state(snapshot, thresholds(policy)).breakers.tripped
    return None if found is None else found.reason


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


def spent(*days: Day, **change: Any) -> AdSet:
    return ad_set(days=days, **change)


def week(spend: int) -> tuple[Day, ...]:
    """The seven days before yesterday, ``spend`` on each."""
    return tuple(day(back(n), spend) for n in range(2, 9))


@pytest.mark.parametrize(
    ("read_at", "expected"),
    [
        pytest.param(None, "breaker_stale_insights", id="not read, or not wholly"),
        pytest.param(ago(hours=6), None, id="six hours old"),
        pytest.param(ago(hours=6, microseconds=1), "breaker_stale_insights", id="just older"),
        pytest.param(NOW, None, id="now"),
    ],
)
def test_evidence_too_old_to_act_on(read_at: datetime | None, expected: str | None) -> None:
    assert breaker(world(account=account(insights_read_at=read_at))) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param(1, None, id="active"),
        pytest.param(9, None, id="in grace"),
        *(pytest.param(n, "breaker_account", id=str(n)) for n in (0, 2, 3, 7, 8, 100, 101)),
    ],
)
def test_an_account_that_may_not_spend(status: int, expected: str | None) -> None:
    assert breaker(world(account=account(account_status=status))) == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param(None, None, id="no limit"),
        pytest.param(1, None, id="a cent is left"),
        pytest.param(0, "breaker_spending_limit", id="nothing is left"),
        pytest.param(-1, "breaker_spending_limit", id="it is passed"),
    ],
)
def test_a_spending_limit_that_is_used_up(left: int | None, expected: str | None) -> None:
    assert breaker(world(account=account(spend_cap_left_minor=left))) == expected


def test_a_winner_is_held_before_anything_is_lowered_for_it() -> None:
    won = ad_set("11", budget=1000, lifetime=did(500, 10))
    state = rules.initial_state(world(learning(), won, account=account(account_status=2)), thresholds())
    decided = decide("promote", state)

    assert (actions(decided), holds(decided)) == ([], ["promote_winner 1/11 breaker_account"])


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(0, None, id="nothing spent"),
        pytest.param(8749, None, id="a cent below 1.75 caps"),
        pytest.param(8750, None, id="1.75 caps"),
        pytest.param(8751, "breaker_overspend", id="a cent above"),
    ],
)
def test_an_account_that_spent_more_than_meta_may(today: int, expected: str | None) -> None:
    assert breaker(world(learning(), spent(day(TODAY, today)))) == expected


def test_spend_counts_over_every_ad_set_of_any_status() -> None:
    things = [
        learning(),
        spent(day(TODAY, 4000), id_="11"),
        paused(spent(day(TODAY, 4000), id_="12")),
        spent(day(TODAY, 751), id_="13"),
    ]

    assert breaker(world(*things)) == "breaker_overspend"


def test_yesterdays_spend_is_not_todays() -> None:
    assert breaker(world(learning(), spent(day(back(1), 90_000)))) is None


@pytest.mark.parametrize(
    ("timezone", "expected"),
    [
        pytest.param("UTC", "breaker_overspend", id="today there"),
        pytest.param("Pacific/Auckland", None, id="yesterday there"),
    ],
)
def test_a_day_is_the_accounts(timezone: str, expected: str | None) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the 24th, 01:00 in Auckland

    assert (
        breaker(world(learning(), spent(day(TODAY, 9000)), now=now, account=account(timezone=timezone)))
        == expected
    )


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        pytest.param(0, None, id="nothing allowed, nothing spent"),
        pytest.param(1, "breaker_overspend", id="nothing allowed, a cent spent"),
    ],
)
def test_a_cap_of_zero_allows_nothing(spend: int, expected: str | None) -> None:
    nothing = settings(global_daily_budget_minor=0, max_daily_budget_minor=0)

    assert breaker(world(learning(), spent(day(TODAY, spend)), settings=nothing)) == expected


@pytest.mark.parametrize(
    ("before", "yesterday", "expected"),
    [
        pytest.param(0, 0, None, id="never spent"),
        pytest.param(400, 400, None, id="as ever"),
        pytest.param(400, 81, None, id="a cent above a fifth"),
        pytest.param(400, 80, None, id="a fifth of the mean"),
        pytest.param(400, 79, "breaker_delivery_stopped", id="a cent below"),
        pytest.param(400, 0, "breaker_delivery_stopped", id="nothing at all"),
        pytest.param(1000, 101, None, id="a cent above a fifth of the budgets"),
        pytest.param(1000, 100, None, id="a fifth of the budgets"),
        pytest.param(1000, 99, "breaker_delivery_stopped", id="a cent below both"),
        pytest.param(1, 0, "breaker_delivery_stopped", id="a cent a day before"),
    ],
)
def test_spending_that_collapsed(before: int, yesterday: int, expected: str | None) -> None:
    assert breaker(world(learning(), spent(*week(before), day(back(1), yesterday)))) == expected


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        pytest.param(1, None, id="yesterday itself"),
        pytest.param(2, "breaker_delivery_stopped", id="the day before"),
        pytest.param(8, "breaker_delivery_stopped", id="the seventh day before"),
        pytest.param(9, None, id="the eighth"),
    ],
)
def test_the_mean_is_of_the_seven_days_before_yesterday(days_ago: int, expected: str | None) -> None:
    assert breaker(world(learning(), spent(day(back(days_ago), 7000)))) == expected


COLLAPSED = spent(*week(1000))


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([learning(), COLLAPSED], "breaker_delivery_stopped", id="all active"),
        pytest.param([learning(), paused(COLLAPSED)], None, id="the ad set that spent is paused"),
        pytest.param(
            [learning(), replace(COLLAPSED, daily_budget_minor=0)], None, id="it has nothing to spend"
        ),
        pytest.param([paused(learning()), COLLAPSED], None, id="its campaign is paused"),
        pytest.param(
            [learning(), COLLAPSED, paused(spent(id_="12"))],
            "breaker_delivery_stopped",
            id="another one is paused that never spent",
        ),
        pytest.param(
            [learning(), COLLAPSED, paused(spent(*week(1000), id_="12"))],
            "breaker_delivery_stopped",
            id="another one is paused that spent: what runs should have delivered",
        ),
        pytest.param(
            [learning(), COLLAPSED, learning("2"), spent(day(back(1), 200), id_="21", campaign="2")],
            None,
            id="another campaign spent a fifth of both budgets",
        ),
        pytest.param(
            [learning(), COLLAPSED, learning("2"), ad_set("21", "2", active_since=ago(hours=1))],
            "breaker_delivery_stopped",
            id="another campaign began today",
        ),
        pytest.param(
            [learning(), COLLAPSED, ad_set("12", active_since=ago(hours=1))],
            None,
            id="something in it began today",
        ),
        pytest.param(
            [learning(), COLLAPSED, paused(ad_set("12", active_since=ago(hours=1)))],
            "breaker_delivery_stopped",
            id="what began today is paused again",
        ),
        pytest.param(
            [scaling(budget=500), replace(COLLAPSED, campaign_id="9")],
            "breaker_delivery_stopped",
            id="scaling",
        ),
    ],
)
def test_spending_may_collapse_when_something_was_paused(
    things: list[Campaign | AdSet], expected: str | None
) -> None:
    assert breaker(world(*things)) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        pytest.param(ago(hours=36, microseconds=1), "breaker_delivery_stopped", id="before yesterday began"),
        pytest.param(ago(hours=36), None, id="as yesterday began"),
        pytest.param(ago(hours=1), None, id="today"),
    ],
)
def test_what_was_resumed_lately_may_have_spent_little(since: datetime, expected: str | None) -> None:
    assert breaker(world(learning(), spent(*week(1000), active_since=since))) == expected


def test_the_first_that_applies_is_named() -> None:
    everything = world(learning(), spent(day(TODAY, 9000), *week(1000)))
    stale = replace(everything, account=account(insights_read_at=None))

    assert breaker(everything) == "breaker_overspend"
    assert breaker(stale) == "breaker_stale_insights"
    limited = replace(stale, account=account(insights_read_at=None, spend_cap_left_minor=0))
    assert breaker(limited) == "breaker_spending_limit"
    closed = account(insights_read_at=None, spend_cap_left_minor=0, account_status=2)
    assert breaker(replace(stale, account=closed)) == "breaker_account"


@pytest.mark.parametrize(
    ("policy", "spend", "expected"),
    [
        pytest.param({"breaker_spend_bp": 10_000}, 5000, None, id="once the cap"),
        pytest.param({"breaker_spend_bp": 10_000}, 5001, "breaker_overspend", id="above once the cap"),
    ],
)
def test_the_thresholds_are_the_policys(policy: dict[str, int], spend: int, expected: str | None) -> None:
    assert breaker(world(learning(), spent(day(TODAY, spend))), **policy) == expected


def test_the_cap_is_what_the_user_typed() -> None:
    snapshot = world(learning(), scaling(), spent())

    assert rules.cap_minor(rules.initial_state(snapshot, thresholds())) == CAP


def below_its_share(today: int) -> rules.State:
    """Streams has 500 a day: one ad set far above its half, one far below; 1000 is the cap."""
    return rules.initial_state(
        world(
            goal("streams", budget_hint_minor=500),
            template("streams", ["11"]),
            learning(),
            spent(day(TODAY, today), id_="11", budget=400),
            ad_set("12", "1", 100),
            settings=settings(global_daily_budget_minor=500, max_daily_budget_minor=1000),
        ),
        thresholds(),
    )


def test_a_tripped_breaker_makes_a_hold_of_each_rise_and_leaves_the_reductions() -> None:
    whole = decide("allocate", below_its_share(1750))
    tripped_now = decide("allocate", below_its_share(1751))

    cut, raised = "update_budget 1/11 400>250 learning_share", "update_budget 1/12 100>250 learning_share"
    assert (actions(whole), holds(whole)) == ([cut, raised], [])
    assert (actions(tripped_now), holds(tripped_now)) == ([cut], ["update_budget 1/12 breaker_overspend"])
    assert tripped_now.allocations == whole.allocations


def test_a_tripped_breaker_holds_creations_and_names_no_goal_the_run_is_not_for() -> None:
    state = rules.initial_state(
        world(
            goal("streams"),
            goal("followers"),
            template("streams", ["11"]),
            template("followers", ["21"]),
            creative("c1"),
            creative("c2", goal_key="followers"),
            account=account(insights_read_at=None),
        ),
        thresholds(),
    )

    assert actions(decide("learning", state)) == []
    assert holds(decide("learning", state, ["streams"])) == [
        "create_adset new:testing:streams/new:testing:streams:11:c1 breaker_stale_insights",
        "create_campaign new:testing:streams breaker_stale_insights",
    ]
