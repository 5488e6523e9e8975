"""What was decided and done, as text for people. Pure.

Text of the task log and the action log; pages, ``why`` and the API use ``explain``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrator.domain import money
from orchestrator.domain.action_titles import action_title
from orchestrator.domain.goals import event_name, goal_name
from orchestrator.domain.model import Action, Allocation, GoalError, Hold, Winner
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.records import RunTotals
from orchestrator.domain.user_records import ContradictedAdSet


def action_text(action: Action, currency: str, *, done: bool) -> str:
    """One sentence: what, from, to and why. ``done``: past instead of conditional."""
    title = action_title(action, "did" if done else "would", currency)
    return f"{title}: {reason_text(action.reason)}"


def left_paused_text(details: Mapping[str, Any]) -> str:
    """What an action left paused because a person paused it meanwhile; empty when nothing."""
    left = details.get("left_paused")
    return f"; a person paused {', '.join(left)} meanwhile, and it stays so" if left else ""


def hold_text(hold: Hold) -> str:
    """One sentence: what was not done and the first reason why."""
    goal = f" for {goal_name(hold.goal_key)}" if hold.goal_key else ""
    return f"No {hold.action_type.replace('_', ' ')}{goal}{_ids(hold)}: {reason_text(hold.reason)}"


def unusable_text(creative_id: str, lacks: str) -> str:
    """One sentence about a creative that is approved and cannot be shown."""
    return f"The creative {creative_id} cannot be shown, it lacks: {lacks}"


def left_out_text(goal_key: str, audience: str, why: str) -> str:
    """One sentence about an audience that is tested no more."""
    return f"The audience {audience} of {goal_name(goal_key)} is left out: {why}"


def error_text(error: GoalError) -> str:
    """One sentence about a goal that cannot be worked on."""
    return f"{goal_name(error.goal_key)}: {reason_text(error.reason)}"


def allocation_text(allocation: Allocation, currency: str) -> str:
    """A goal's share of the day: in all, for learning, for scaling."""
    amounts = (allocation.budget_minor, allocation.learning_minor, allocation.scaling_minor)
    budget, learning, scaling = (money.text(each, currency) for each in amounts)
    return f"{goal_name(allocation.goal_key)}: {budget} a day, {learning} learning, {scaling} scaling"


def winner_text(winner: Winner, currency: str) -> str:
    """A winner with the numbers that decided."""
    spend = money.text(winner.spend_minor, currency)
    return (
        f"{goal_name(winner.goal_key)}: ad set {winner.adset_id} wins ({winner.clause}): {winner.events} "
        f"events for {spend}, {winner.cost_minor} each against a median of {winner.median_minor} "
        f"({winner.margin_bp / 100:.2f} % better), {winner.impressions} impressions "
        f"in {winner.active_hours} h"
    )


def unsettled_text(count: int) -> str:
    """What open actions of an earlier run mean for a plan made before they are read back."""
    what = "1 action of an earlier run is" if count == 1 else f"{count} actions of earlier runs are"
    return f"{what} still open: the next run reads back what became of it first, and may then plan otherwise."


def contradiction_text(ad_set: ContradictedAdSet) -> str:
    """What was known of an ad set and what is reported now, in one sentence."""
    now = ad_set.contradicting_events
    events = event_name(ad_set.goal_key, now)
    reported = f"Meta reports {now:,} {events} on {ad_set.contradicting_impressions:,} impressions"
    what = f"{goal_name(ad_set.goal_key)}, {ad_set.audience}"
    if not ad_set.can_be_accepted:
        return f"{what}: {reported}, which cannot be: the conversion counts too often, correct its set-up"
    return f"{what}: {ad_set.known_events or 0:,} were known, and now {reported}"


def totals_text(totals: RunTotals) -> str:
    """A whole run in one sentence. A dry run counts what would have been."""
    kind = "Dry run" if totals.dry_run else "Run"
    users = totals.success + totals.failed + totals.throttled
    apart = "".join(
        f", {count} {word}"
        for count, word in (
            (totals.failed, "failed"),
            (totals.throttled, "throttled"),
            (totals.refused, "refused"),
        )
        if count
    )
    return (
        f"{kind} {totals.run_key}: {users} users{apart}; {totals.campaigns_created} campaigns created, "
        f"{totals.campaigns_updated} updated, {totals.winners_promoted} winners promoted, "
        f"{totals.budgets_scaled} budgets scaled, {totals.adsets_paused} ad sets paused, "
        f"{totals.errors_count} errors"
    )


def _ids(hold: Hold) -> str:
    if hold.adset_id is not None:
        return f", ad set {hold.adset_id}"
    return f", campaign {hold.campaign_id}" if hold.campaign_id is not None else ""
