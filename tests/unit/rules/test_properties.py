"""What holds in every world, found out by another bookkeeping than the rules' own."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Action, Plan, Snapshot
from orchestrator.domain.steps import RULES
from tests.unit.rules.random_worlds import random_world, shuffled
from tests.unit.rules.worlds import actions, thresholds

seeds = st.integers(0, 2**32)
often = hypothesis_settings(max_examples=100, deadline=None)
POLICY = thresholds()


class Ledger:
    """What is ACTIVE and at which budget, kept by hand. Refuses an action that changes nothing."""

    def __init__(self, world: Snapshot) -> None:
        self.roles = {c.id: c.role for c in world.campaigns}
        self.owners = {c.id for c in world.campaigns if _own(c) is not None}
        self.parents: dict[str, str | None] = {a.id: a.campaign_id for a in world.ad_sets}
        self.active = {("c", c.id) for c in world.campaigns if c.status == "ACTIVE"}
        self.active |= {("a", a.id) for a in world.ad_sets if a.status == "ACTIVE"}
        self.budgets = {("c", c.id): _own(c) or 0 for c in world.campaigns}
        self.budgets |= {("a", a.id): _own(a) or 0 for a in world.ad_sets}

    def live(self) -> int:
        """Whoever owns a budget, ours or not: the campaign, else each of its ad sets."""
        return sum(
            self.budgets["a", id_]
            for id_, parent in self.parents.items()
            if ("a", id_) in self.active and ("c", parent) in self.active and parent not in self.owners
        ) + sum(self.budgets["c", id_] for id_ in self.owners if ("c", id_) in self.active)

    def do(self, action: Action) -> None:
        what = ("c", action.campaign_id) if action.adset_id is None else ("a", action.adset_id)
        match action.action_type:
            case "update_budget":
                assert self.budgets[what] == action.before_minor != action.after_minor
                self.budgets[what] = action.after_minor
            case "pause_adset" | "pause_campaign":
                self.active.remove(what)
            case "resume_adset" | "resume_campaign":
                assert what not in self.active
                self.active.add(what)
            case "create_campaign":
                assert action.campaign_id not in self.roles
                self.roles[action.campaign_id] = "testing" if action.after_minor is None else "scaling"
                self.budgets[what] = action.after_minor or 0
                self.owners |= set() if action.after_minor is None else {action.campaign_id}
                self.active |= {what} if action.after_minor is None else set()
            case "create_adset":
                assert action.adset_id not in self.parents or what not in self.active
                self.parents[action.adset_id] = action.campaign_id
                self.budgets[what] = action.after_minor
                self.active.add(what)
            case "promote_winner":
                assert self.roles[action.campaign_id] == "scaling"


def _own(thing: Any) -> int | None:
    daily = thing.daily_budget_minor
    return thing.lifetime_daily_minor if daily is None else daily


def planned(seed: int) -> tuple[Snapshot, Plan]:
    world = random_world(seed)
    return world, rules.plan(world, POLICY)


@given(seeds)
@often
def test_the_live_sum_never_passes_the_cap_nor_rises_above_it(seed: int) -> None:
    world, plan = planned(seed)
    cap = rules.cap_minor(rules.initial_state(world, POLICY))
    ledger = Ledger(world)
    for action in plan.actions:
        before = ledger.live()
        ledger.do(action)
        assert ledger.live() <= max(before, cap)


@given(seeds)
@often
def test_inside_a_step_all_that_lowers_stands_before_all_that_raises(seed: int) -> None:
    world, plan = planned(seed)
    ledger = Ledger(world)
    for _, step in groupby(plan.actions, lambda action: action.step):
        moves = []
        for action in step:
            before = ledger.live()
            ledger.do(action)
            moves += [ledger.live() - before]
        signs = [move > 0 for move in moves if move]
        assert signs == sorted(signs)


@given(seeds)
@often
def test_shares_add_up(seed: int) -> None:
    world, plan = planned(seed)
    typed = world.settings.global_daily_budget_minor
    most = world.settings.max_daily_budget_minor
    total = min(1000 if typed is None else typed, 5000 if most is None else most)

    assert sum(each.budget_minor for each in plan.allocations) <= total
    assert all(each.learning_minor + each.scaling_minor == each.budget_minor for each in plan.allocations)
    assert {each.goal_key for each in plan.allocations} == {
        each.goal_key for each in world.goals if each.is_active and each.goal_key in REGISTRY
    }


@given(seeds)
@often
def test_learning_never_spends_more_than_its_share(seed: int) -> None:
    world, plan = planned(seed)
    ledger = Ledger(world)
    goals = {c.id: c.goal_key for c in world.campaigns}
    for action in plan.actions:
        if action.step in {"allocate", "learning"}:
            ledger.do(action)
            goals[action.campaign_id] = action.goal_key
    if any(hold.reason.startswith(("no_room", "breaker_")) for hold in plan.holds):
        return
    spent: Counter[str] = Counter()
    moved = {a.id for a in world.ad_sets if not a.ours or a.lifetime_daily_minor is not None} | ledger.owners
    for id_, parent in ledger.parents.items():
        if {id_, parent} & moved:
            continue
        if {("a", id_), ("c", parent)} <= ledger.active and ledger.roles[parent] == "testing":
            spent[goals[parent]] += ledger.budgets["a", id_]
    assert all(spent[each.goal_key] <= each.learning_minor for each in plan.allocations)


@given(seeds)
@often
def test_never_more_than_the_most_winners(seed: int) -> None:
    _, plan = planned(seed)
    winners = Counter(winner.goal_key for winner in plan.winners)

    assert all(n <= POLICY.max_winners for n in winners.values())
    assert len({winner.adset_id for winner in plan.winners}) == len(plan.winners)


@given(seeds)
@often
def test_nothing_that_a_person_paused_or_removed_is_touched(seed: int) -> None:
    world, plan = planned(seed)
    goals = {goal.goal_key: goal for goal in world.goals}
    theirs = {
        thing.id
        for thing in (*world.campaigns, *world.ad_sets)
        if (thing.status == "PAUSED" and thing.paused_by in {"user", None})
        or thing.status in {"ARCHIVED", "DELETED"}
    } | {each.id for each in world.ad_sets if not each.ours}
    for action in plan.actions:
        assert action.campaign_id not in theirs
        assert action.adset_id not in theirs
        assert action.goal_key in REGISTRY
        assert goals[action.goal_key].is_active or action.action_type == "pause_campaign"


@given(seeds)
@often
def test_nothing_is_written_opened_or_copied_where_a_person_moved_the_budget(seed: int) -> None:
    world, plan = planned(seed)
    moved = {c.id for c in world.campaigns if c.is_moved}
    moved |= {a.id for a in world.ad_sets if a.lifetime_daily_minor is not None}
    for action in plan.actions:
        if {action.campaign_id, action.adset_id} & moved:
            assert action.action_type in {"pause_adset", "pause_campaign", "resume_campaign"} or (
                action.action_type == "promote_winner" and action.campaign_id not in moved
            )
            assert action.reason != "below_minimum_budget"


@given(seeds)
@often
def test_what_cannot_be_delivered_is_neither_raised_nor_copied_nor_resumed(seed: int) -> None:
    world, plan = planned(seed)
    broken = {a.id for a in world.ad_sets if a.delivery in {"cannot", "ended"}}
    left_minor = world.account.spend_cap_left_minor
    for action in plan.actions:
        if action.adset_id in broken and not action.action_type.startswith("pause"):
            # an account that cannot spend says nothing of its ads; a build that is tried again is made anew
            assert (
                action.action_type == "create_adset"
                or world.account.account_status not in {1, 9}
                or (left_minor is not None and left_minor <= 0)
            )


@given(seeds)
@often
def test_while_a_breaker_is_tripped_nothing_rises_and_each_rise_is_held(seed: int) -> None:
    world, plan = planned(seed)
    tripped = rules.initial_state(world, POLICY).breakers.tripped
    held = {hold.reason for hold in plan.holds if hold.reason.startswith("breaker_")}

    assert held <= ({tripped.reason} if tripped else set())
    assert not (tripped and any(rules.is_increase(action) for action in plan.actions))


@given(seeds)
@often
def test_what_a_user_switched_off_is_not_done(seed: int) -> None:
    world, plan = planned(seed)
    done = {action.step for action in plan.actions}

    assert world.settings.auto_scale_winners or done.isdisjoint({"promote", "scale"})
    assert world.settings.auto_pause_losers or "pause" not in done


@given(seeds, seeds)
@often
def test_the_same_world_in_another_order_has_the_same_plan(seed: int, order: int) -> None:
    world, plan = planned(seed)
    again = rules.plan(shuffled(world, order), POLICY)

    assert codec.plan_json(again) == codec.plan_json(plan)


@given(seeds)
@often
def test_a_plan_is_the_fold_of_its_decisions(seed: int) -> None:
    world, plan = planned(seed)
    done: list[Action] = []
    for step in RULES:
        state = rules.fold(rules.initial_state(world, POLICY), [(action, "success") for action in done])
        decision = rules.decide(step, state)
        assert decision.actions == tuple(action for action in plan.actions if action.step == step)
        assert decision.holds == tuple(hold for hold in plan.holds if hold.step == step)
        done += decision.actions


@given(seeds)
@often
def test_a_step_leaves_the_state_that_folding_its_actions_leaves(seed: int) -> None:
    state = rules.initial_state(random_world(seed), POLICY)
    for step in RULES:
        taken = rules._RULES[step](state)
        folded = rules.fold(state, [(action, "success") for action in taken.decision.actions])
        assert taken.after == folded
        state = folded


@given(seeds)
@often
def test_after_a_failed_reduction_no_later_step_rises(seed: int) -> None:
    state = rules.initial_state(random_world(seed), POLICY)
    dice = Random(seed)
    failed = False
    for step in RULES:
        made = rules.decide(step, state).actions
        assert not (failed and any(rules.is_increase(action) for action in made))
        done: list[tuple[Action, Any]] = []
        for action in made:
            if failed and rules.is_increase(action):
                continue
            outcome = dice.choice(["success", "success", "failed", "unknown"])
            if rules.is_increase(action):
                outcome = "success"
            failed |= outcome != "success" and rules.is_reduction(action)
            done.append((action, outcome))
        if any(action.action_type == "resume_campaign" for action, _ in done):
            return
        state = rules.fold(state, done)


@given(seeds)
@often
def test_a_snapshot_reads_back_as_it_was_written(seed: int) -> None:
    world = random_world(seed)

    assert codec.read_snapshot(codec.snapshot_json(world)) == world
    assert codec.own_snapshot(codec.snapshot_text(world)) == world


def test_the_worlds_are_rich() -> None:
    """Over two thousand of them every kind of action and nearly every hold occurs."""
    plans = [rules.plan(random_world(seed), POLICY) for seed in range(2000)]
    made = {line.rsplit(" ", 1)[-1] for plan in plans for line in actions(plan)}
    held = {(hold.step, hold.reason) for plan in plans for hold in plan.holds}

    assert made >= {
        "goal_inactive",
        "no_budget_left",
        "creative_not_approved",
        "below_minimum_budget",
        "no_active_adset",
        "learning_share",
        "cap",
        "goal_active",
        "budget_fits_again",
        "no_learning_campaign",
        "new_test_cell",
        "make_room",
        "winner",
        "scale_up",
        "loser",
        "no_events_anywhere",
        "cannot_deliver",
        "ended",
        "delivers_again",
        "events_arrived",
    }
    assert len(held) >= 50
