"""A live run: what was applied moves the world, what was not does not, and holds what comes after."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator import rules
from orchestrator.domain.model import Action
from orchestrator.domain.steps import RULES
from orchestrator.rules.live_budget import change_minor, live_minor
from tests.unit.rules.worlds import (
    D1,
    D2,
    NOW,
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
    paused,
    scaling,
    settings,
    template,
    thresholds,
    world,
)


def act(action_type: str, campaign: str, thing: str | None = None, **change: Any) -> Action:
    row = {
        "step": "allocate",
        "action_type": action_type,
        "goal_key": "streams",
        "campaign_id": campaign,
        "adset_id": thing,
        "before_minor": None,
        "after_minor": None,
        "reason": "learning_share",
    }
    return Action(**(row | change))


def begun(*things: Any, **change: Any) -> rules.State:
    return rules.initial_state(world(*things, **change), thresholds())


def written(campaign: str, thing: str | None, before: int, after: int) -> Action:
    return act("update_budget", campaign, thing, before_minor=before, after_minor=after)


WORLD = (
    learning("1"),
    ad_set("11", "1", 500),
    paused(ad_set("12", "1", 70), why="below_minimum_budget"),
    paused(learning("2"), why="goal_inactive"),
    ad_set("21", "2", 40),
    paused(ad_set("22", "2", 7), "user"),
    scaling("8", 1000),
    copy("81", "8"),
    paused(scaling("9", 200), why="no_active_adset"),
    learning("5", status="DELETED", removed_at=ago(days=9)),
    ad_set("51", "5", 10**6),
)


def test_the_live_sum_counts_what_can_be_spent() -> None:
    state = begun(*WORLD)

    assert state.live_minor == 1500
    assert rules.cap_minor(state) == 5000


@pytest.mark.parametrize(
    ("typed", "cap"),
    [
        pytest.param(
            {"global_daily_budget_minor": 1000, "max_daily_budget_minor": 5000}, 5000, id="both 5000"
        ),
        pytest.param(
            {"global_daily_budget_minor": 1000, "max_daily_budget_minor": 4999}, 4999, id="the most"
        ),
        pytest.param(
            {"global_daily_budget_minor": 999, "max_daily_budget_minor": 5000}, 4995, id="five times"
        ),
        pytest.param({"global_daily_budget_minor": 0, "max_daily_budget_minor": 5000}, 0, id="zero"),
        pytest.param(
            {"global_daily_budget_minor": None, "max_daily_budget_minor": None}, 5000, id="the policy's"
        ),
    ],
)
def test_the_cap(typed: dict[str, int | None], cap: int) -> None:
    assert rules.cap_minor(begun(settings=settings(**typed))) == cap


@pytest.mark.parametrize(
    ("action", "live"),
    [
        pytest.param(written("1", "11", 500, 501), 1501, id="a raise"),
        pytest.param(written("1", "11", 500, 499), 1499, id="a decrease"),
        pytest.param(written("1", "12", 70, 700), 1500, id="of a paused ad set"),
        pytest.param(written("2", "21", 40, 400), 1500, id="in a paused campaign"),
        pytest.param(written("8", None, 1000, 1001), 1501, id="of a campaign"),
        pytest.param(written("9", None, 200, 2000), 1500, id="of a paused campaign"),
        pytest.param(act("pause_adset", "1", "11"), 1000, id="a pause"),
        pytest.param(act("pause_adset", "2", "21"), 1500, id="a pause in a paused campaign"),
        pytest.param(act("pause_adset", "8", "81"), 1500, id="a pause under a campaign budget"),
        pytest.param(act("pause_campaign", "1"), 1000, id="a learning campaign's pause"),
        pytest.param(act("pause_campaign", "8"), 500, id="a scaling campaign's pause"),
        pytest.param(act("resume_adset", "1", "12"), 1570, id="a resume"),
        pytest.param(act("resume_adset", "1", "11"), 1500, id="a resume of what runs"),
        pytest.param(act("resume_adset", "2", "22"), 1500, id="a resume in a paused campaign"),
        pytest.param(act("resume_campaign", "2"), 1540, id="a learning campaign's resume"),
        pytest.param(act("resume_campaign", "9"), 1700, id="a scaling campaign's resume"),
        pytest.param(act("resume_campaign", "8"), 1500, id="a resume of a campaign that runs"),
        pytest.param(act("create_campaign", "new:testing:streams"), 1500, id="a new learning campaign"),
        pytest.param(
            act("create_campaign", "new:scaling:streams", after_minor=300), 1500, id="a new scaling one"
        ),
        pytest.param(act("create_adset", "1", "new:1", after_minor=30), 1530, id="a new ad set"),
        pytest.param(act("create_adset", "1", "new:1", after_minor=0), 1500, id="a new one without budget"),
        pytest.param(written("1", "11", 500, 0), 1000, id="a decrease to nothing"),
        pytest.param(written("8", None, 1000, 0), 500, id="a campaign's decrease to nothing"),
        pytest.param(
            act("create_adset", "2", "new:1", after_minor=30), 1500, id="a new one in a paused campaign"
        ),
        pytest.param(act("promote_winner", "8", "11"), 1500, id="a copy"),
        pytest.param(act("pause_campaign", "2"), 1500, id="a pause of what is paused"),
        pytest.param(act("pause_adset", "1", "12"), 1500, id="a pause of a paused ad set"),
    ],
)
def test_every_action_moves_the_live_sum_as_foreseen(action: Action, live: int) -> None:
    state = begun(*WORLD)

    assert state.live_minor + change_minor(state, action) == live
    folded = rules.fold(state, [(action, "success")])
    assert folded.live_minor == live_minor(folded) == live
    assert rules.fold(state, [(action, "failed")]).live_minor == 1500
    assert rules.fold(state, [(action, "unknown")]).live_minor == 1500
    assert state.live_minor == 1500


def test_what_a_run_creates_lives_once_it_is_active() -> None:
    new = "new:scaling:streams"
    state = rules.fold(
        begun(learning(), ad_set(budget=500)),
        [
            (act("create_campaign", "new:testing:streams"), "success"),
            (act("create_adset", "new:testing:streams", "new:a", after_minor=30), "success"),
            (act("create_campaign", new, after_minor=300), "success"),
            (act("promote_winner", new, "11"), "success"),
        ],
    )

    assert state.live_minor == 530
    assert state.live_minor + change_minor(state, act("resume_campaign", new)) == 830


def test_what_a_run_creates_without_a_budget_adds_nothing() -> None:
    new = "new:scaling:streams"
    state = rules.fold(
        begun(learning()),
        [
            (act("create_campaign", new, after_minor=0), "success"),
            (act("resume_campaign", new), "success"),
        ],
    )

    assert state.live_minor == live_minor(state) == 0


def test_a_goal_outside_the_registry_lives_too() -> None:
    state = begun(goal(), goal("podcasts"), learning(goal_key="podcasts"), ad_set(budget=70))

    assert state.live_minor == 70


@pytest.mark.parametrize(
    ("action", "is_rise", "is_reduction"),
    [
        pytest.param(written("1", "11", 500, 501), True, False, id="a raise"),
        pytest.param(written("1", "11", 500, 499), False, True, id="a decrease"),
        pytest.param(written("1", "11", 500, 500), False, False, id="neither"),
        pytest.param(written("1", "11", 0, 1), True, False, id="a raise from nothing"),
        pytest.param(written("1", "11", 1, 0), False, True, id="a decrease to nothing"),
        pytest.param(written("1", "11", 0, 0), False, False, id="nothing to nothing"),
        pytest.param(act("pause_adset", "1", "11"), False, True, id="pause_adset"),
        pytest.param(act("pause_campaign", "1"), False, True, id="pause_campaign"),
        pytest.param(act("resume_adset", "1", "12"), True, False, id="resume_adset"),
        pytest.param(act("resume_campaign", "2"), True, False, id="resume_campaign"),
        pytest.param(act("create_campaign", "new:1"), True, False, id="create_campaign"),
        pytest.param(act("create_adset", "1", "new:1", after_minor=1), True, False, id="create_adset"),
        pytest.param(act("promote_winner", "8", "11"), True, False, id="promote_winner"),
    ],
)
def test_rises_and_reductions(action: Action, *, is_rise: bool, is_reduction: bool) -> None:
    assert (rules.is_increase(action), rules.is_reduction(action)) == (is_rise, is_reduction)


# After a reduction that was not surely made


def step_after(state: rules.State, step: Any, *done: Any) -> Any:
    return rules.decide(step, rules.fold(state, done))


CUT = written("1", "11", 900, 500)


@pytest.mark.parametrize(
    ("action", "outcome", "holds_rises"),
    [
        pytest.param(CUT, "success", False, id="made"),
        pytest.param(CUT, "failed", True, id="a decrease failed"),
        pytest.param(CUT, "unknown", True, id="a decrease is unknown"),
        pytest.param(act("pause_adset", "1", "11"), "failed", True, id="a pause failed"),
        pytest.param(act("pause_campaign", "1"), "unknown", True, id="a campaign's pause is unknown"),
        pytest.param(written("1", "12", 100, 500), "failed", False, id="a raise failed"),
        pytest.param(act("resume_campaign", "2"), "unknown", False, id="a resume is unknown"),
    ],
)
def test_after_a_failed_reduction_nothing_rises(action: Action, outcome: Any, *, holds_rises: bool) -> None:
    state = begun(
        learning(),
        ad_set("11", budget=900),
        ad_set("12", budget=100),
        paused(learning("2"), "user"),
        template(audiences=["a"]),
    )

    decided = step_after(state, "learning", (action, outcome))

    assert bool(decided.actions) is not holds_rises
    assert ("create_adset 1/new:testing:streams:a:c1 reduction_failed" in holds(decided)) is holds_rises


def test_it_stays_so_for_the_whole_run() -> None:
    state = rules.fold(begun(learning(), ad_set(budget=900)), [(CUT, "failed")])
    state = rules.fold(state, [(written("1", "11", 900, 800), "success")])

    assert rules.decide("learning", state).actions == ()


def test_allocate_still_reduces_and_holds_each_rise() -> None:
    state = begun(
        learning(),
        ad_set("11", budget=900),
        ad_set("12", budget=100),
        paused(learning("2"), why="goal_inactive"),
        templates=(),
    )

    decided = step_after(state, "allocate", (act("pause_adset", "1", "12"), "failed"))

    assert actions(decided) == ["update_budget 1/11 900>500 learning_share"]
    assert holds(decided) == ["resume_campaign 2 reduction_failed", "update_budget 1/12 reduction_failed"]


def test_learning_holds_the_campaign_the_resumes_and_the_cells() -> None:
    failed = (act("pause_campaign", "7"), "failed")
    state = begun(
        learning(),
        paused(ad_set("12", budget=900), why="below_minimum_budget"),
        paused(ad_set("13", budget=1), why="below_minimum_budget"),
        template(audiences=["a"]),
    )

    assert holds(step_after(state, "learning", failed)) == [
        "create_adset 1/new:testing:streams:a:c1 reduction_failed",
        "resume_adset 1/12 reduction_failed",
        "resume_adset 1/13 reduction_failed",
        "update_budget 1/13 reduction_failed",
    ]
    assert holds(step_after(begun(), "learning", failed)) == [
        "create_adset new:testing:streams/new:testing:streams:broad:c1 reduction_failed",
        "create_campaign new:testing:streams reduction_failed",
    ]


@pytest.mark.parametrize(
    ("campaigns", "expected"),
    [
        pytest.param(
            [],
            [
                "create_campaign new:scaling:streams reduction_failed",
                "promote_winner new:scaling:streams/11 reduction_failed",
                "resume_campaign new:scaling:streams reduction_failed",
            ],
            id="to create",
        ),
        pytest.param(
            [paused(scaling(budget=100), why="no_active_adset")],
            [
                "promote_winner 9/11 reduction_failed",
                "resume_campaign 9 reduction_failed",
                "update_budget 9 reduction_failed",
            ],
            id="to revive",
        ),
        pytest.param([scaling(), copy("91")], ["promote_winner 9/11 reduction_failed"], id="to copy"),
        pytest.param([paused(scaling(), "user")], ["promote_winner 1/11 paused_by_user"], id="held anyway"),
    ],
)
def test_promote_makes_no_room_for_what_may_not_rise(campaigns: list[Any], expected: list[str]) -> None:
    state = begun(learning(), ad_set(budget=1000, lifetime=did(500, 10)), *campaigns)

    decided = step_after(state, "promote", (act("pause_adset", "1", "12"), "unknown"))

    assert decided.actions == ()
    assert holds(decided) == expected
    assert [winner.adset_id for winner in decided.winners] == ["11"]


def test_scale_holds_and_pause_goes_on() -> None:
    state = begun(
        learning(),
        ad_set(lifetime=did(5000)),
        scaling(),
        copy("91", days=(day(D1, 300, 3), day(D2, 300, 3)), lifetime=did(600, 6)),
        scaling("99"),
        copy("92", "99"),
    )
    failed = (act("pause_adset", "1", "12"), "failed")

    assert step_after(state, "scale", failed).actions == ()
    assert holds(step_after(state, "scale", failed)) == [
        "update_budget 9 reduction_failed",
        "update_budget 99 too_few_events",
    ]
    assert actions(step_after(state, "pause", failed)) == ["pause_adset 1/11 loser"]


# Later steps see what was applied


def test_a_pause_that_failed_leaves_a_candidate() -> None:
    state = begun(learning(), ad_set(lifetime=did(500, 10)))
    pause = act("pause_adset", "1", "11")

    assert [w.adset_id for w in step_after(state, "promote", (pause, "failed")).winners] == ["11"]
    assert step_after(state, "promote", (pause, "success")).winners == ()


@pytest.mark.parametrize(
    "resume",
    [
        pytest.param([act("pause_campaign", "1"), act("resume_campaign", "1")], id="its campaign"),
        pytest.param([act("pause_adset", "1", "11"), act("resume_adset", "1", "11")], id="itself"),
    ],
)
def test_a_resume_makes_young_again(resume: list[Action]) -> None:
    state = begun(learning(), ad_set(lifetime=did(500, 10)))

    decided = step_after(state, "promote", *[(action, "success") for action in resume])

    assert holds(decided) == ["promote_winner 1/11 too_young"]


@pytest.mark.parametrize(
    ("outcome", "cools"),
    [
        pytest.param("success", True, id="made"),
        pytest.param("unknown", True, id="it may have been made"),
        pytest.param("failed", False, id="refused"),
    ],
)
def test_promotions_and_raises_of_this_run_start_their_cooldown(outcome: Any, *, cools: bool) -> None:
    good = (day(D1, 300, 3), day(D2, 300, 3))
    state = begun(
        learning(), ad_set("11"), ad_set("12", lifetime=did(500, 10)), scaling(), copy("91", days=good)
    )
    copied = act("promote_winner", "9", "11", step="promote")
    raised = act("update_budget", "9", step="scale", before_minor=1000, after_minor=1200, reason="scale_up")

    promote = holds(step_after(state, "promote", (copied, outcome)))
    scale = holds(step_after(state, "scale", (raised, outcome)))

    assert ("promote_winner 1/12 cooldown" in promote) is cools
    assert ("update_budget 9 cooldown" in scale) is cools


def test_a_campaign_that_was_not_created_is_no_campaign() -> None:
    state = begun(learning(), ad_set(lifetime=did(5000)))
    opening = act("create_campaign", "new:testing:streams")

    assert rules.fold(state, [(opening, "failed")]) == state


def test_a_scaling_campaign_that_was_not_activated_is_in_creation() -> None:
    state = begun(learning(), ad_set("11"), ad_set("12", lifetime=did(500, 10), creative_id="c2"))
    opening = act("create_campaign", "new:scaling:streams", after_minor=300)

    decided = step_after(state, "promote", (opening, "success"))

    assert "promote_winner 1/12 unverified_copy" in holds(decided)


def test_nothing_moves_the_state_one_holds() -> None:
    state = begun(learning(), ad_set(budget=900), creative("c2", created_at=NOW))
    before = rules.decide("allocate", state)

    for step in RULES:
        rules.fold(state, [(action, "success") for action in rules.decide(step, state).actions])

    assert rules.decide("allocate", state) == before
