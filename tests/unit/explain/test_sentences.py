"""What a person reads, word for word, and the two sides of what decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Hold, Snapshot
from orchestrator.domain.steps import StepName
from orchestrator.explain import ExplainedItem, Explainer, RecordedRun, explain_run, with_stopped_account
from orchestrator.explain.titles import Titles, names_in
from orchestrator.runs.decide import decide
from tests.unit.rules.worlds import (
    D1,
    D2,
    account,
    ad_set,
    ago,
    copy,
    creative,
    day,
    did,
    goal,
    learning,
    past,
    paused,
    scaling,
    settings,
    template,
    thresholds,
    world,
)

GONE = Gate("gone_since", 1, "at least", 2)
"""A gate that no rule gives any more."""


def told(
    step: StepName, *things: Any, goal_keys: list[str] | None = None, **change: Any
) -> list[ExplainedItem]:
    """What ``step`` alone makes of a world, in words."""
    snapshot: Snapshot = world(*things, **change)
    state = rules.initial_state(snapshot, thresholds())
    titles = Titles(snapshot.account.currency, "would", names_in(codec.snapshot_json(snapshot)))
    return [*Explainer(titles).decision(decide(step, state, goal_keys))]


def checks(item: ExplainedItem) -> list[str]:
    return [
        f"{'yes' if check.passed else 'no'}: {check.name}: {check.have} {check.operator} {check.need}"
        for check in item.checks
    ]


def grown(d1: tuple[int, int], d2: tuple[int, int], budget: int = 2000, **change: Any) -> tuple[Any, ...]:
    """A scaling campaign with one copy that did something yesterday and the day before."""
    days = (day(D1, *d1), day(D2, *d2))
    return (
        scaling("9", budget),
        replace(copy("91"), days=days),
        settings(global_daily_budget_minor=2000, **change),
    )


def scaled(*things: Any, **change: Any) -> list[ExplainedItem]:
    *rest, typed = things
    return told("scale", *rest, settings=typed, **change)


def test_a_raise_says_from_to_and_how_the_cost_moved() -> None:
    (item,) = scaled(*grown((1292, 34), (1394, 34)))

    assert item.title == "Would raise the scaling campaign for streams from $20.00 to $24.00 a day"
    assert item.why == "cost per click fell from $0.41 to $0.38"
    assert checks(item) == [
        "yes: Auto-Scale Winners: on is on",
        "yes: hour in the account's zone: 12:00 at least 03:00",
        "yes: clicks yesterday: 34 at least 3",
        "yes: spent the day before: $13.94 more than $0.00",
        "yes: cost per click yesterday (limit: 110 % of the day before): $0.38 at most $0.45",
        "yes: its next budget, for 1 ad set: $24.00 at least $1.00",
        "yes: the raise: $4.00 at least $1.00",
        "yes: all live budgets with it: $24.00 at most $50.00",
    ]


@pytest.mark.parametrize(
    ("d1", "d2", "why"),
    [
        ((410, 10), (410, 10), "cost per click held at $0.41"),
        ((420, 10), (410, 10), "cost per click rose only from $0.41 to $0.42"),
        ((300, 10), (100, 0), "10 clicks for $3.00 yesterday, none the day before"),
        ((3805, 100), (3800, 100), "cost per click rose only from $0.380 to $0.381"),
    ],
)
def test_a_raise_says_what_the_cost_did(d1: tuple[int, int], d2: tuple[int, int], why: str) -> None:
    (item,) = scaled(*grown(d1, d2))

    assert item.why == why


def test_a_cost_that_rose_names_both_sides() -> None:
    (item,) = scaled(*grown((1000, 10), (410, 10)))

    assert item.title == "Would not raise the budget of the scaling campaign for streams"
    assert item.why == "cost per click rose from $0.41 to $1.00"
    assert checks(item)[-1] == (
        "no: cost per click yesterday (limit: 110 % of the day before): $1.00 at most $0.45"
    )


def test_amounts_are_in_the_accounts_own_currency() -> None:
    yen = account(currency="JPY", units_per_usd="150")
    (item,) = scaled(*grown((1292, 34), (1394, 34)), account=yen)

    assert item.title == "Would raise the scaling campaign for streams from ¥2,000 to ¥2,400 a day"
    assert item.why == "cost per click fell from ¥41 to ¥38"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("streams", "3 clicks for $30.00"),
        ("presave", "3 pre-saves for $30.00"),
        ("virality", "3 ThruPlays for $30.00"),
        ("followers", "3 profile visits for $30.00"),
        ("build_audience", "3 leads for $30.00"),
        ("fan_segmentation", "3 link clicks for $30.00"),
    ],
)
def test_every_goal_counts_its_own_events(key: str, words: str) -> None:
    (item,) = told("pause", goal(key), learning(goal_key=key), replace(ad_set(), lifetime=did(3000, 3, 9000)))

    assert item.why == f"it brought {words}"


def test_a_loser_says_what_it_cost() -> None:
    (item,) = told("pause", learning(), replace(ad_set(), lifetime=did(1200, 0, 2500)))

    assert item.title == "Would pause the test 11 · c1 for streams"
    assert item.why == "it spent $12.00 in 336 h without one click"
    assert checks(item) == [
        "yes: Auto-Pause Losers: on is on",
        "yes: running for: 336 h at least 48 h",
        "yes: spent so far: $12.00 more than $10.00",
        "yes: clicks so far: 0 is 0",
        "yes: daily budget: $10.00 at least $5.00",
    ]


def test_one_event_is_one() -> None:
    (item,) = told("promote", learning(), replace(ad_set(), lifetime=did(1200, 1, 2500)))

    assert item.why == "1 click so far; it takes 3"


def test_a_budget_that_feeds_one_ad_set_alone_is_not_divided() -> None:
    (item,) = told("allocate", learning(), ad_set("11", budget=800), template(audiences=[]))

    assert item.why == "$10.00 for learning go to this one ad set"


def test_a_raise_that_the_cap_cuts_says_so() -> None:
    # learning keeps $14.00 of the $20.00
    (item,) = scaled(*grown((1292, 34), (1394, 34), max_daily_budget_minor=3799))

    assert item.title == "Would raise the scaling campaign for streams from $20.00 to $23.99 a day"
    assert item.why == "cost per click fell from $0.41 to $0.38; the cap of $37.99 allows no whole step"


def test_a_winner_whose_scaling_campaign_is_paused_says_both() -> None:
    closed = paused(scaling("9", 400), why="goal_inactive")
    (item,) = told(
        "promote", learning(), closed, replace(ad_set("11"), lifetime=did(380, 10, 2000)), copy("91")
    )

    assert item.why == (
        "it won (a click costs $0.38), but the scaling campaign is paused: the goal is switched off"
    )


def test_a_goal_paused_for_want_of_events_waits_for_a_person() -> None:
    items = told("learning", paused(learning(), why="no_events_anywhere"), ad_set())

    why = (
        "the campaign was paused because no ad set of streams had one click; correct the tracking, then "
        "resume the goal"
    )
    assert {item.why for item in items} == {why}


@pytest.mark.parametrize(
    ("reason", "evidence", "why"),
    [
        pytest.param("too_little_spend", (GONE,), "it has spent too little", id="no gate that has words"),
        pytest.param(
            "not_better_than_median",
            (GONE, Gate("cost", (300, 1), "at most", (255, 1), "minor")),
            "it is not clearly better than the others",
            id="a figure is missing",
        ),
        pytest.param(
            "already_scaling", (GONE,), "it already has a copy that scales", id="words without a gate"
        ),
    ],
)
def test_what_another_version_stored_has_the_words_of_its_reason(
    reason: str, evidence: tuple[Gate, ...], why: str
) -> None:
    hold = Hold(
        step="promote",
        action_type="promote_winner",
        goal_key="streams",
        campaign_id="1",
        adset_id="11",
        reason=reason,
        evidence=evidence,
    )

    item = Explainer(Titles("USD", "would")).item(hold)

    assert item.why == why
    assert item.checks[0].name == "gone since"


def test_the_winner_and_the_others_are_held_against_the_median() -> None:
    ad_sets = [
        replace(ad_set(f"1{i}"), lifetime=did(spend, 10, 2000)) for i, spend in enumerate((380, 600, 700), 1)
    ]
    items = told("promote", learning(), scaling("9", 400), copy("91"), *ad_sets)
    promoted, ordinary, _ = items

    assert promoted.title == "Would promote the test 11 · c1 for streams into the scaling campaign"
    assert promoted.why == "a click costs $0.38 against a median of $0.60"
    assert "yes: cost per click (limit: 85 % of the median): $0.38 at most $0.51" in checks(promoted)
    assert "yes: its campaign's budget, for 2 ad sets: $4.00 at least $2.00" in checks(promoted)
    assert ordinary.why == "a click costs $0.60 against a median of $0.60; it takes $0.51"
    assert checks(ordinary)[-1] == "no: cost per click (limit: 85 % of the median): $0.60 at most $0.51"


def test_a_winner_that_cools_down_says_since_when() -> None:
    ad_sets = [replace(ad_set("11"), lifetime=did(380, 10, 2000))]
    (item,) = told("promote", learning(), *ad_sets, past(adset_id="11", at=ago(hours=20)))

    assert item.why == (
        "it won (a click costs $0.38), but it or its creative was promoted lately; that was 20 h ago, 72 h "
        "must lie between"
    )
    assert checks(item)[-1] == "no: since it or its creative was promoted: 20 h at least 72 h"


def test_a_goal_without_a_share_says_what_its_priority_would_give() -> None:
    items = told(
        "allocate",
        goal("streams", priority=5),
        goal("presave", priority=1, minimum_daily_budget_minor=200),
        learning(goal_key="presave"),
        ad_set("11"),
    )
    pause, hold = items[0], items[-1]

    assert pause.title == "Would pause the learning campaign for pre-saves"
    assert pause.why == "its part of the day would be $1.67, less than the $2.00 that a goal needs at least"
    assert checks(hold) == ["no: its part of the day's $10.00 by priority 1: $1.67 at least $2.00"]


def test_a_new_test_says_how_many_there_are_and_may_be() -> None:
    items = told("learning", creative("c1"), template(audiences=["broad", "lookalike"]))

    assert [item.title for item in items] == [
        "Would create a learning campaign for streams",
        "Would start the test broad · c1 for streams with $5.00 a day",
        "Would start the test lookalike · c1 for streams with $5.00 a day",
    ]
    assert items[2].why == "1 of at most 5 tests run, and this audience with this creative was not tried yet"
    assert checks(items[2]) == [
        "yes: the goal's learning ad sets before it: 1 less than 5",
        "yes: its daily budget: $5.00 at least $1.00",
        "yes: all live budgets with it: $10.00 at most $50.00",
    ]


def test_a_share_says_how_it_was_divided() -> None:
    first, second = told(
        "allocate", learning(), ad_set("11", budget=800), ad_set("12", budget=200), template(audiences=[])
    )

    assert first.title == "Would lower the test 11 · c1 for streams from $8.00 to $5.00 a day"
    assert first.why == "$10.00 for learning among 2 ad sets is $5.00 each"
    assert checks(first) == ["yes: its budget is off from its share by: 37.5 % more than 10 %"]
    assert second.title == "Would raise the test 12 · c1 for streams from $2.00 to $5.00 a day"
    assert checks(second)[-1] == "yes: all live budgets with it: $10.00 at most $50.00"


def test_what_is_near_its_share_says_how_near() -> None:
    (item,) = told("allocate", learning(), ad_set("11", budget=950), template(audiences=[]))

    assert item.title == "Would not change the budget of the test 11 · c1 for streams"
    assert item.why == "$9.50 is off from its share of $10.00 by 5.3 %, no more than 10 %"


def test_old_figures_say_how_old() -> None:
    (item,) = told("scale", scaling(), account=account(insights_read_at=ago(hours=7)))

    assert (item.title, item.why) == (
        "Would not raise any scaling campaign",
        "the figures are 7 h old; they may be used for 6 h",
    )


def test_a_breaker_says_what_was_spent_and_what_may_be() -> None:
    today = D1.replace(day=23)
    spent = replace(ad_set("11", budget=800), days=(day(today, 8751, 1),))
    (hold,) = told("allocate", learning(), spent, template(audiences=[]))

    assert hold.reason == "breaker_overspend"
    assert hold.why == "breaker: $87.51 were spent today, more than $87.50, so nothing is raised"
    assert checks(hold) == ["no: spent today (limit: 175 % of the cap): $87.51 at most $87.50"]


def test_a_run_for_some_goals_says_why_a_raise_found_no_room() -> None:
    items = told(
        "allocate",
        goal("streams"),
        goal("presave"),
        learning("1"),
        ad_set("11", "1", 4900),
        learning("2", goal_key="presave"),
        ad_set("21", "2", 100),
        goal_keys=["presave"],
    )
    (item,) = items

    assert item.reason == "no_room"
    assert checks(item) == ["no: all live budgets with it: $54.00 at most $50.00"]


def test_what_a_person_paused_is_left_to_them() -> None:
    (item,) = told("learning", paused(learning(), "user"))

    assert item.title == "Would not resume the learning campaign for streams"
    assert item.why == "a person paused it in Ads Manager; resume it there to go on"


def test_a_goal_without_template_is_told_among_the_holds() -> None:
    (item,) = told("learning", templates=())

    assert (item.kind, item.action_type, item.title, item.why) == (
        "hold",
        None,
        "Would not work on streams",
        "the goal has no template; add one",
    )


@pytest.mark.parametrize(
    ("account", "said"),
    [
        pytest.param({}, [], id="nothing is known of it"),
        pytest.param({"account_status": 1, "spend_cap_left_minor": None}, [], id="active, no limit"),
        pytest.param({"account_status": 9, "spend_cap_left_minor": 1}, [], id="in grace, a cent left"),
        pytest.param(
            {"spend_cap_left_minor": 0},
            ["breaker: $0.00 are left of the account's spending limit, so nothing is raised"],
            id="nothing left",
        ),
        pytest.param(
            {"account_status": 3, "spend_cap_left_minor": 0},
            ["breaker: the account's status at Meta is 3, not 1, so nothing is raised"],
            id="unsettled",
        ),
    ],
)
def test_an_account_that_delivers_nothing_is_told_where_nothing_was_to_be_raised(
    account: dict[str, Any], said: list[str]
) -> None:
    recorded = RecordedRun(
        snapshot={"account": account}, decisions={}, rows=(), currency="USD", dry_run=False
    )

    found = explain_run(recorded)

    assert [item.why for item in found] == said
    assert [(i.title, i.kind, i.goal_key, i.action_type) for i in found] == [
        ("Did not raise anything on the ad account", "hold", None, None) for _ in said
    ]


def test_it_is_not_told_twice() -> None:
    things = (learning(), ad_set("11", lifetime=did(2000, 20, 9000), days=()), template())
    held = told("learning", *things, account=account(account_status=3))
    explainer = Explainer(Titles("USD", "would"))

    assert "breaker_account" in {item.reason for item in held}
    assert [*with_stopped_account(explainer, held, {"account_status": 3})] == held
