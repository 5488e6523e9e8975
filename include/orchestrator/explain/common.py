"""Reasons that any step can give, and those that only the shell gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from orchestrator import rules
from orchestrator.domain.model import Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.explain.context import Scene, Story, Teller
from orchestrator.rules.breakers import spent_today, spent_yesterday
from orchestrator.rules.live_budget import change_minor


def _stale(scene: Scene, _hold: Hold) -> Story:
    account = scene.state.snapshot.account
    if account.insights_read_at is None:
        check = scene.figures.fact("Meta's figures", "not read whole", "is", "read whole")
        return Story("Meta's figures could not be read whole, and none is not zero", (check,))
    age = scene.state.snapshot.now - account.insights_read_at
    most = timedelta(hours=scene.state.policy.max_insights_age_hours)
    check = scene.figures.hours("age of Meta's figures", age, "at most", most)
    return Story(f"Meta's figures are {check.have} old; they may be used for {check.need}", (check,))


def _stale_breaker(scene: Scene, hold: Hold) -> Story:
    story = _stale(scene, hold)
    return Story(f"breaker: {story.why}, so nothing is raised", story.checks)


def _overspent(scene: Scene, _hold: Hold) -> Story:
    spent, most = spent_today(scene.state)
    share = scene.figures.number(Fraction(scene.state.policy.breaker_spend_bp, 100))
    check = scene.figures.amount(f"spent today (limit: {share} % of the cap)", spent, "at most", most)
    why = f"breaker: {check.have} were spent today, more than {check.need}, so nothing is raised"
    return Story(why, (check,))


def _not_delivering(scene: Scene, _hold: Hold) -> Story:
    spent, least = spent_yesterday(scene.state)
    share = scene.figures.number(Fraction(scene.state.policy.breaker_delivery_bp, 100))
    check = scene.figures.amount(
        f"spent yesterday (limit: {share} % of a usual day)", spent, "at least", least
    )
    why = f"breaker: only {check.have} were spent yesterday though all reads active, so nothing is raised"
    return Story(why, (check,))


def _reduction_failed(scene: Scene, hold: Hold) -> Story:
    check = scene.figures.fact("cuts earlier in this run", "not all made", "is", "all made")
    return Story(reason_text(hold.reason), (check,))


def no_room(scene: Scene, hold: Hold) -> Story:
    """A rise that counted on a cut of a goal that this run is not for."""
    wanted = next(
        action
        for action in scene.wanted(hold.step).actions
        if (action.action_type, action.campaign_id, action.adset_id)
        == (hold.action_type, hold.campaign_id, hold.adset_id)
    )
    full = scene.full(hold.step)
    check = scene.under_cap(rules.live_sum_minor(full) + change_minor(full, wanted))
    over = f"with it {check.have} could be spent a day, over the cap of {check.need}"
    why = f"{over}: the run is for some goals only, and cuts nothing of the others"
    return Story(why, (check,))


HOLDS: Mapping[str, Teller[Hold]] = {
    "stale_insights": _stale,
    "breaker_stale_insights": _stale_breaker,
    "breaker_overspend": _overspent,
    "breaker_delivery_stopped": _not_delivering,
    "reduction_failed": _reduction_failed,
    "no_room": no_room,
}
