"""Accounts of people, as they were reported, each with the plan that is right."""

from __future__ import annotations

from typing import Any

from tests.unit.rules.worlds import (
    D1,
    D2,
    actions,
    ad_set,
    ago,
    copy,
    day,
    did,
    holds,
    learning,
    paused,
    plan,
    scaling,
    settings,
    template,
)

TYPED = settings(global_daily_budget_minor=2000, max_daily_budget_minor=4000)


def test_a_testing_campaign_that_a_person_turned_cbo_counts_and_is_left() -> None:
    """90.00 a day under a cap of 40.00: nothing rises, nothing is written, and it is told."""
    decided = plan(
        learning(daily_budget_minor=9000, created_at=ago(days=22)),
        ad_set("11", budget=None, audience="broad", lifetime=did(2000, 20, 9000), days=()),
        ad_set("12", budget=None, audience="lookalike", lifetime=did(2000, 4, 9000), days=()),
        template(audiences=["broad", "lookalike"]),
        settings=TYPED,
    )

    assert actions(decided) == []
    assert holds(decided, "allocate") == ["update_budget 1 budget_moved"]
    assert holds(decided, "learning") == ["create_adset 1 budget_moved"]
    assert holds(decided, "promote") == [
        "promote_winner 1/11 budget_moved",
        "promote_winner 1/12 not_better_than_median",
    ]


def test_a_loser_with_fourteen_late_conversions_comes_back() -> None:
    """At 0.79 each, against 5.00 of the test that runs."""
    late: Any = ad_set("12", audience="lookalike", budget=500, lifetime=did(1100, 14, 9000), days=())
    decided = plan(
        learning(),
        ad_set("11", audience="broad", budget=2000, lifetime=did(3000, 6, 20000), days=()),
        paused(late, why="loser"),
        template(audiences=["broad", "lookalike"]),
        settings=TYPED,
    )

    assert actions(decided) == [
        "update_budget 1/11 2000>1000 learning_share",
        "update_budget 1/12 500>1000 events_arrived",
        "resume_adset 1/12 events_arrived",
    ]
    assert holds(decided, "promote") == [
        "promote_winner 1/11 not_better_than_median",
        "promote_winner 1/12 too_young",
    ]


def test_forty_thousand_events_on_a_hundred_impressions_win_nothing() -> None:
    decided = plan(
        learning(),
        ad_set("11", audience="broad", budget=667, lifetime=did(1100, 4, 9000), days=()),
        ad_set("12", audience="b2", budget=667, lifetime=did(1100, 5, 9000), days=()),
        ad_set("13", audience="b3", budget=666, lifetime=did(600, 40000, 100), days=()),
        template(audiences=["broad", "b2", "b3"]),
        settings=TYPED,
    )

    assert (actions(decided), decided.winners) == ([], ())
    assert holds(decided, "promote") == ["promote_winner streams evidence_contradicts"]
    assert holds(decided, "scale") == ["update_budget streams evidence_contradicts"]
    assert holds(decided, "pause") == ["pause_adset streams evidence_contradicts"]


def test_an_account_that_overspent_is_cut_and_not_raised() -> None:
    """70.01 today under a cap of 40.00: the plan says what a run would meet."""
    today = (day(D1.replace(day=23), 7001, 7),)
    decided = plan(
        learning(),
        scaling("2", 600),
        ad_set("11", audience="broad", budget=1400, lifetime=did(2000, 20, 9000), days=today),
        copy("21", "2", source="11", lifetime=did(2000, 40, 9000), days=(day(D1, 600, 9), day(D2, 600, 9))),
        ad_set("12", audience="lookalike", budget=700, lifetime=did(2000, 0, 9000), days=()),
        template(audiences=["broad", "lookalike"]),
        settings=TYPED,
    )

    assert actions(decided) == ["update_budget 1/11 1400>700 learning_share", "pause_adset 1/12 loser"]
    assert holds(decided, "scale") == ["update_budget 2 breaker_overspend"]
    assert holds(decided, "promote") == [
        "promote_winner 1/11 already_scaling",
        "promote_winner 1/12 too_few_events",
    ]
