"""Evidence that contradicts what is known decides nothing; conversions that come late do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    account,
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
    scaling,
    settings,
    template,
)

HELD = [
    "promote_winner streams evidence_contradicts",
    "update_budget streams evidence_contradicts",
    "pause_adset streams evidence_contradicts",
]


def contradicts(*things: Any, **change: Any) -> bool:
    decided = plan(learning(), template(audiences=[]), *things, **change)
    found = [
        line
        for step in ("promote", "scale", "pause")
        for line in holds(decided, step)
        if line.endswith("evidence_contradicts")
    ]
    assert found in ([], HELD)
    return bool(found)


@pytest.mark.parametrize(
    ("known", "events", "expected"),
    [
        pytest.param(None, 0, False, id="nothing known"),
        pytest.param(0, 0, False, id="none known"),
        pytest.param(2, 0, False, id="two known: fewer than three"),
        pytest.param(3, 0, True, id="three known, none left"),
        pytest.param(3, 1, True, id="three known, one left"),
        pytest.param(3, 2, False, id="three known, two left"),
        pytest.param(10, 5, False, id="half of them"),
        pytest.param(10, 4, True, id="less than half"),
        pytest.param(10, 11, False, id="more"),
    ],
)
def test_events_that_were_known_do_not_vanish(known: int | None, events: int, *, expected: bool) -> None:
    assert contradicts(ad_set(lifetime=did(100, events, 1000), known_events=known)) is expected


def test_what_insights_does_not_list_had_no_events() -> None:
    assert contradicts(ad_set(lifetime=None, known_events=3))


@pytest.mark.parametrize(
    ("events", "impressions", "expected"),
    [
        pytest.param(3, 3, False, id="an event each"),
        pytest.param(3, 2, True, id="one too many"),
        pytest.param(2, 0, False, id="too few to judge"),
        pytest.param(40_000, 100, True, id="forty thousand on a hundred"),
    ],
)
def test_there_are_no_more_events_than_impressions(events: int, impressions: int, *, expected: bool) -> None:
    assert contradicts(ad_set(lifetime=did(600, events, impressions))) is expected


LOST = {"lifetime": did(100, 0, 1000), "known_events": 3}


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([paused(ad_set(**LOST), "user")], True, id="paused by a person"),
        pytest.param([ad_set(status="ARCHIVED", **LOST)], False, id="archived"),
        pytest.param([ad_set(ours=False, **LOST)], False, id="a person's own"),
        pytest.param([scaling(), copy("91", **LOST)], True, id="a copy"),
        pytest.param([goal(is_active=False), ad_set(**LOST)], False, id="of a goal that is off"),
    ],
)
def test_of_which_ad_sets(things: list[Any], *, expected: bool) -> None:
    assert contradicts(*things) is expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param({"evidence_min_events": 4}, False, id="more events to judge by"),
        pytest.param({"evidence_keep_bp": 0}, False, id="all may vanish"),
    ],
)
def test_the_thresholds_are_the_policys(policy: dict[str, int], *, expected: bool) -> None:
    assert contradicts(ad_set(**LOST), policy=policy) is expected


def test_only_its_goal_is_held_and_has_no_other_hold() -> None:
    decided = plan(
        goal(),
        goal("virality"),
        learning(),
        ad_set("11", **LOST),
        ad_set("12", lifetime=did(2000, 0)),
        learning("2", goal_key="virality"),
        ad_set("21", "2", lifetime=did(2000, 0)),
        settings=settings(global_daily_budget_minor=1000),
    )

    assert holds(decided, "pause") == ["pause_adset streams evidence_contradicts"]
    assert actions(decided, "pause") == ["pause_adset 2/21 loser"]


def test_it_is_kept_for_what_is_known() -> None:
    """The budget feeds one: 12 had an event; 11 had three, though none is reported."""
    decided = plan(
        learning(),
        ad_set("12", lifetime=did(100, 1, 1000)),
        ad_set("11", **LOST),
        settings=settings(global_daily_budget_minor=199),
    )

    assert actions(decided)[0] == "pause_adset 1/12 below_minimum_budget"


def test_events_that_were_ever_known_spare_a_loser() -> None:
    decided = plan(learning(), ad_set(lifetime=did(2000, 0), known_events=1))

    assert holds(decided, "pause") == ["pause_adset 1/11 has_events"]


# Conversions that come late


def late(*things: Any, loser: Any = None, **change: Any) -> list[str]:
    """Resumes beside a test that costs 500 an event; the loser cost exactly that by now."""
    found = loser or paused(ad_set("12", lifetime=did(1500, 3, 9000)), why="loser")
    runs = things or (ad_set("11", budget=500, lifetime=did(3000, 6, 9000)),)
    decided = plan(learning(), *runs, found, template(audiences=[]), **change)
    return [each for each in actions(decided, "learning") if each.startswith("resume")]


RESUMED = ["resume_adset 1/12 events_arrived"]


@pytest.mark.parametrize(
    ("loser", "resumed"),
    [
        pytest.param(did(1500, 3, 9000), RESUMED, id="on the median"),
        pytest.param(did(1501, 3, 9000), [], id="a third of a cent dearer"),
        pytest.param(did(100, 2, 9000), [], id="one event short"),
        pytest.param(did(100, 3, 9000), RESUMED, id="cheaper"),
    ],
)
def test_a_loser_whose_events_came_late_is_resumed(loser: Any, resumed: list[str]) -> None:
    assert late(loser=paused(ad_set("12", lifetime=loser), why="loser")) == resumed


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"why": "below_minimum_budget", "delivery": "cannot"}, id="it cannot deliver"),
        pytest.param({"why": "loser", "delivery": "in_review"}, id="it is in review"),
        pytest.param({"why": "loser", "creative_id": "bad"}, id="its creative is rejected"),
        pytest.param({"why": "loser", "by": "user"}, id="a person paused it"),
    ],
)
def test_not_what_could_not_run(change: dict[str, Any]) -> None:
    why, by = change.pop("why"), change.pop("by", "orchestrator")
    loser = paused(ad_set("12", lifetime=did(100, 3, 9000), **change), by, why)
    runs = ad_set("11", budget=500, lifetime=did(3000, 6, 9000))
    decided = plan(
        learning(), runs, loser, template(audiences=[]), creative(), creative("bad", status="rejected")
    )

    assert [each for each in actions(decided, "learning") if "events_arrived" in each] == []


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(ad_set("11", lifetime=did(3000, 2, 9000)), id="too few events to compare with"),
        pytest.param(ad_set("11", lifetime=did(3000, 6, 9000), delivery="in_review"), id="in review"),
        pytest.param(ad_set("11", lifetime=did(3000, 6, 9000), delivery="cannot"), id="it cannot deliver"),
        pytest.param(ad_set("11", lifetime=did(3000, 6, 9000), active_since=ago(hours=23)), id="too young"),
        pytest.param(ad_set("11", lifetime=did(3000, 6, 5)), id="its figures contradict"),
    ],
)
def test_only_beside_something_eligible(runs: Any) -> None:
    assert late(runs) == []


def test_not_while_figures_are_stale() -> None:
    assert late(account=account(insights_read_at=None)) == []
