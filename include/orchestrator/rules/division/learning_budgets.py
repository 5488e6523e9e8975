"""The budgets of the learning ad sets that stay: each its share, those near enough to theirs excepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import Action, Hold
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.division.learning_outline import Outline, shares_of
from orchestrator.rules.state import AdSetNow, GoalNow, State


class _Drift(Struct, frozen=True, gc=False):
    """The retained ad sets of a goal against their shares.

    ``near``: those within tolerance; ``present``: what all have together; ``excess``: by how much those
    near are together above their shares. Minor units a day.
    """

    near: set[str]
    present: int
    excess: int


def learning_writes(state: State, goal: GoalNow, plan: Outline) -> tuple[list[Action], list[Hold]]:
    """Set the retained ad sets to their shares, but for those near enough to be left alone."""
    factory = ActionFactory("allocate", goal.key)
    shares = shares_of(goal, plan)
    drift = _drift(state, plan.retained, shares.ad_sets)
    is_too_much = drift.excess > 0 or drift.present > goal.learning_minor
    divided = (
        figure("learning_budget", goal.learning_minor, "minor"),
        figure("sharing", len(shares.ad_sets) + len(shares.cells), "ad sets"),
    )
    actions: list[Action] = []
    holds: list[Hold] = []
    for ad_set in plan.retained:
        share = shares.ad_sets[ad_set.id]
        is_near = ad_set.id in drift.near
        if share == ad_set.budget_minor or (is_near and not is_too_much):
            off = _off(state, ad_set.budget_minor, share)
            holds.append(
                factory.hold("update_budget", "within_tolerance", off, ad_set.campaign_id, ad_set.id)
            )
        else:
            why = (_too_much(goal, drift),) if is_near else _off(state, ad_set.budget_minor, share)
            why = (*divided, figure("share", share, "minor"), *why)
            actions.append(factory.set_ad_set_budget(ad_set, share, "learning_share", why))
    return actions, holds


def _off(state: State, budget: int, share: int) -> Evidence:
    """How far a budget is from its share, against the tolerance."""
    if not budget or budget == share:
        return (Gate("budget", budget, "is not", share, "minor"),)
    tolerance = (state.policy.budget_tolerance_bp, 100)
    return (
        figure("share", share, "minor"),
        figure("budget", budget, "minor"),
        Gate("off_share", (100 * abs(budget - share), budget), "more than", tolerance, "percent"),
    )


def _too_much(goal: GoalNow, drift: _Drift) -> Gate:
    """Why those near their shares are not left alone."""
    if drift.present > goal.learning_minor:
        return Gate("kept_together", drift.present, "more than", goal.learning_minor, "minor")
    return Gate("near_excess", drift.excess, "more than", 0, "minor")


def _drift(state: State, retained: Sequence[AdSetNow], shares: Mapping[str, int]) -> _Drift:
    """How far the retained ad sets are from their shares; those within tolerance may be left alone.

    All shares add up to the learning budget, so what is left alone spends too much when it is
    together above its shares.
    """
    tolerance_bp = state.policy.budget_tolerance_bp
    near: set[str] = set()
    present = excess = 0
    for ad_set in retained:
        off = ad_set.budget_minor - shares[ad_set.id]
        present += ad_set.budget_minor
        if abs(off) * 10000 <= tolerance_bp * ad_set.budget_minor:
            near.add(ad_set.id)
            excess += off
    return _Drift(near, present, excess)
