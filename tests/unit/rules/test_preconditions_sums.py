"""What the recheck before a write adds up, thing by thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.domain.model import Action
from orchestrator.rules.live_budget import live_minor
from orchestrator.rules.preconditions import RemoteState, check, headroom_for, open_minor
from tests.unit.rules.worlds import ad_set, ago, copy, learning, paused, removed, scaling


def standing(*things: Any, cap_minor: int = 1000) -> RemoteState:
    return RemoteState(
        campaigns={thing.id: thing for thing in things if hasattr(thing, "role")},
        ad_sets={thing.id: thing for thing in things if hasattr(thing, "audience")},
        cap_minor=cap_minor,
    )


GONE = {"status": "ARCHIVED", "removed_at": ago(days=1)}


@pytest.mark.parametrize(
    ("things", "live"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([learning(), ad_set(budget=70)], 70, id="an ACTIVE ad set in an ACTIVE campaign"),
        pytest.param([learning(), ad_set("11", budget=70), ad_set("12", budget=5)], 75, id="two of them"),
        pytest.param([learning(), paused(ad_set(budget=70))], 0, id="a paused ad set"),
        pytest.param([learning(), ad_set(budget=70, status="DELETED")], 0, id="a deleted ad set"),
        pytest.param([paused(learning()), ad_set(budget=70)], 0, id="in a paused campaign"),
        pytest.param([learning(**GONE), ad_set(budget=70)], 0, id="in a removed campaign"),
        pytest.param([ad_set(budget=70)], 0, id="in a campaign that is not there"),
        pytest.param([learning(), ad_set(budget=None)], 0, id="without a budget"),
        pytest.param([scaling(budget=70), copy("91")], 70, id="a scaling campaign"),
        pytest.param([scaling(budget=70), ad_set("91", "9", 5)], 70, id="under which an ad set has a budget"),
        pytest.param([paused(scaling(budget=70))], 0, id="a paused scaling campaign"),
        pytest.param([removed(scaling(budget=70), days=1)], 0, id="a removed scaling campaign"),
        pytest.param([scaling(budget=None)], 0, id="a scaling campaign without a budget"),
        pytest.param([learning(daily_budget_minor=70)], 70, id="a learning campaign's own budget"),
    ],
)
def test_the_live_budget(things: list[Any], live: int) -> None:
    assert live_minor(standing(*things)) == live


def act(action_type: str, campaign: str = "1", thing: str | None = None, **change: Any) -> Action:
    row = {
        "step": "learning",
        "action_type": action_type,
        "goal_key": "streams",
        "campaign_id": campaign,
        "adset_id": thing,
        "before_minor": None,
        "after_minor": None,
        "reason": "goal_active",
    }
    return Action(**(row | change))


OURS = "orchestrator"


@pytest.mark.parametrize(
    ("action", "things", "adds"),
    [
        pytest.param(
            act("resume_campaign"),
            [
                paused(learning("1"), OURS),
                ad_set("11", budget=70),
                paused(ad_set("12", budget=5), OURS),
                ad_set("13", budget=5, status="DELETED"),
                ad_set("14", budget=None),
                ad_set("01", "0", 5),
                ad_set("21", "2", 5),
            ],
            70,
            id="a learning campaign: its ACTIVE ad sets",
        ),
        pytest.param(act("resume_campaign", "9"), [paused(scaling(budget=70), OURS)], 70, id="a scaling one"),
        pytest.param(
            act("resume_campaign", "9"), [paused(scaling(budget=0), OURS)], 0, id="one with a budget of 0"
        ),
        pytest.param(
            act("resume_adset", thing="11"), [learning(), paused(ad_set(budget=70), OURS)], 70, id="an ad set"
        ),
        pytest.param(
            act("resume_adset", thing="11"),
            [learning(), paused(ad_set(budget=None), OURS)],
            0,
            id="no budget",
        ),
        pytest.param(
            act("resume_adset", thing="11"),
            [paused(learning(), OURS), paused(ad_set(budget=70), OURS)],
            0,
            id="an ad set in a paused campaign",
        ),
        pytest.param(
            act("resume_adset", thing="11"),
            [learning(**GONE), paused(ad_set(budget=70), OURS)],
            0,
            id="an ad set in a removed campaign",
        ),
        pytest.param(
            act("resume_adset", thing="11"),
            [paused(ad_set(budget=70), OURS)],
            0,
            id="an ad set without a campaign",
        ),
        pytest.param(
            act("resume_adset", "9", "91"), [scaling(), paused(ad_set("91", "9", 70), OURS)], 0, id="a copy"
        ),
        pytest.param(
            act("update_budget", "9", "91", before_minor=70, after_minor=100),
            [scaling(budget=200), ad_set("91", "9", 70)],
            0,
            id="a raise under a campaign budget",
        ),
        pytest.param(
            act("update_budget", "9", "91", before_minor=70, after_minor=10),
            [scaling(budget=200), ad_set("91", "9", 70)],
            0,
            id="a cut under a campaign budget",
        ),
        pytest.param(act("create_adset", thing="new:x", after_minor=70), [learning()], 70, id="a new ad set"),
        pytest.param(
            act("create_adset", thing="new:x", after_minor=70),
            [paused(learning(), OURS)],
            70,
            id="a new ad set in a campaign that is activated after it",
        ),
        pytest.param(
            act("create_adset", "9", "new:x", after_minor=70),
            [scaling(budget=200)],
            0,
            id="a new ad set under a campaign budget",
        ),
        pytest.param(
            act("create_adset", thing="new:x", after_minor=0),
            [learning()],
            0,
            id="a new one without a budget",
        ),
        pytest.param(
            act("update_budget", thing="11", before_minor=70, after_minor=71),
            [learning(), ad_set(budget=70)],
            1,
            id="a raise",
        ),
        pytest.param(
            act("update_budget", thing="11", before_minor=70, after_minor=71),
            [paused(learning(), OURS), ad_set(budget=70)],
            0,
            id="a raise in a paused campaign",
        ),
        pytest.param(
            act("update_budget", thing="11", before_minor=70, after_minor=71),
            [learning(**GONE), ad_set(budget=70)],
            0,
            id="a raise in a removed campaign",
        ),
        pytest.param(
            act("update_budget", thing="11", before_minor=70, after_minor=71),
            [ad_set(budget=70)],
            0,
            id="a raise without a campaign",
        ),
        pytest.param(
            act("update_budget", thing="11", before_minor=70, after_minor=0),
            [learning(), ad_set(budget=70)],
            -70,
            id="a cut to nothing",
        ),
    ],
)
def test_what_an_action_adds_must_fit(action: Action, things: list[Any], adds: int) -> None:
    live = headroom_for(action, standing(*things)).live_minor
    fits, misses = standing(*things, cap_minor=live + adds), standing(*things, cap_minor=live + adds - 1)

    assert check(action, fits) == "go"
    assert check(action, misses) == ("no_room" if adds > 0 else "go")


@pytest.mark.parametrize(("cap_minor", "verdict"), [(140, "go"), (139, "no_room")])
def test_a_new_ad_set_counts_beside_the_others_of_a_campaign_that_is_activated_after_them(
    cap_minor: int, verdict: str
) -> None:
    things = [paused(learning(), "creation"), ad_set("11", budget=70), paused(ad_set("12", budget=5), OURS)]

    assert (
        check(act("create_adset", thing="new:x", after_minor=70), standing(*things, cap_minor=cap_minor))
        == verdict
    )


def test_nothing_more_is_added_above_the_cap() -> None:
    things = [learning(), ad_set("11", budget=70), paused(ad_set("12", budget=1), OURS)]

    assert check(act("resume_adset", thing="12"), standing(*things, cap_minor=0)) == "no_room"


@pytest.mark.parametrize("before", [69, 71])
def test_a_budget_that_a_person_changed_is_left(before: int) -> None:
    action = act("update_budget", thing="11", before_minor=before, after_minor=75)

    assert check(action, standing(learning(), ad_set(budget=70))) == "changed_by_person"


@pytest.mark.parametrize(
    ("thing", "verdict"),
    [
        pytest.param(ad_set(), "go", id="ACTIVE"),
        pytest.param(paused(ad_set(), "user"), "already", id="PAUSED"),
        pytest.param(replace(ad_set(), status="DELETED"), "removed_by_person", id="deleted"),
        pytest.param(replace(ad_set(), status="ARCHIVED"), "removed_by_person", id="archived"),
    ],
)
def test_a_pause_is_made_once(thing: Any, verdict: str) -> None:
    assert check(act("pause_adset", thing="11"), standing(learning(), thing)) == verdict


@pytest.mark.parametrize("action_type", ["pause_adset", "resume_adset", "update_budget"])
def test_what_is_not_there_was_removed(action_type: str) -> None:
    assert check(act(action_type, thing="99"), standing(learning())) == "removed_by_person"


@pytest.mark.parametrize(
    ("rises", "adds"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([act("update_budget", thing="11", before_minor=70, after_minor=100)], 30, id="a raise"),
        pytest.param([act("update_budget", thing="11", before_minor=50, after_minor=60)], 0, id="made since"),
        pytest.param(
            [
                act("update_budget", thing="11", before_minor=70, after_minor=100),
                act("create_adset", thing="new:testing:streams:broad:c1", after_minor=40),
            ],
            70,
            id="a raise and a new one",
        ),
    ],
)
def test_a_rise_that_may_have_happened_takes_its_room(rises: list[Action], adds: int) -> None:
    things = [learning(), ad_set("11", budget=70), ad_set("12", budget=5)]
    raise_by_10 = act("update_budget", thing="12", before_minor=5, after_minor=15)
    fits, misses = (standing(*things, cap_minor=75 + adds + 10 - short) for short in (0, 1))

    assert open_minor(fits, rises) == adds
    assert check(raise_by_10, replace(fits, open_minor=adds)) == "go"
    assert check(raise_by_10, replace(misses, open_minor=adds)) == "no_room"
