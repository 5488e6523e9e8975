"""View models: the rows of the store as the templates show them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar

from ads_orchestrator_airflow.panel import labels
from ads_orchestrator_airflow.panel.account_stops import AccountStop, account_stop
from ads_orchestrator_airflow.panel.labels import Badge
from orchestrator.domain import messages, money
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.records import GoalRow, RunTotals
from orchestrator.domain.user_records import PersonsTurn
from orchestrator.errors import ConfigError
from orchestrator.store import user_config
from orchestrator.store.panel.panel_fleet import FleetStats, FleetUser, StoppedAccount
from orchestrator.store.panel.panel_run import RunUser
from orchestrator.store.panel.panel_user import LiveAdSet, LiveCampaign, RunOfUser, UserAccount

R = TypeVar("R", RunOfUser, RunUser)


@dataclass(frozen=True, slots=True)
class StateCount:
    """One state as a filter: its key, word and tone, and its number of users."""

    key: str
    shown: Badge
    users: int


def state_counts(stats: FleetStats) -> list[StateCount]:
    """Return every state in the order of the page, including states without users."""
    return [StateCount(key, shown, stats.users_by_state.get(key, 0)) for key, shown in labels.STATES.items()]


RUN_STATUSES = ("failed", "throttled", "running", "pending", "success", "refused")
"""The statuses of a user's part of a run, in the order of the run's page."""


def status_counts(totals: RunTotals) -> list[StateCount]:
    """Return every status that some user of a run has."""
    counts = ((name, getattr(totals, name)) for name in RUN_STATUSES)
    return [StateCount(name, labels.status(name), users) for name, users in counts if users]


@dataclass(frozen=True, slots=True)
class WaitingGoal:
    """What of one goal waits for a person.

    ``figures``: a sentence an ad set. ``can_be_accepted``: some may be true. ``is_paused``: for want of any
    event.
    """

    goal_key: str
    figures: list[str]
    can_be_accepted: bool
    is_paused: bool


def waiting(turn: PersonsTurn) -> list[WaitingGoal]:
    """Return what waits for a person, by goal."""
    goals = sorted({each.goal_key for each in turn.contradicted} | set(turn.paused_goals))
    return [_waiting_goal(goal_key, turn) for goal_key in goals]


def _waiting_goal(goal_key: str, turn: PersonsTurn) -> WaitingGoal:
    found = [each for each in turn.contradicted if each.goal_key == goal_key]
    return WaitingGoal(
        goal_key=goal_key,
        figures=[messages.contradiction_text(each) for each in found],
        can_be_accepted=any(each.can_be_accepted for each in found),
        is_paused=goal_key in turn.paused_goals,
    )


def fleet_rows(users: Sequence[FleetUser]) -> list[tuple[FleetUser, Badge, AccountStop | None]]:
    """Return the rows of the fleet's table, each with its state and why its account is stopped."""
    return [(user, _state(user), account_stop(user.stopped_for, user.account_status)) for user in users]


def stopped_accounts(accounts: Sequence[StoppedAccount]) -> list[tuple[StoppedAccount, AccountStop]]:
    """Return the accounts that deliver nothing, each with the reason in words."""
    found = ((each, account_stop(each.stopped_for, each.account_status)) for each in accounts)
    return [(each, stop) for each, stop in found if stop is not None]


def _state(user: FleetUser) -> Badge:
    if user.state == "idle" and user.status is None:
        return labels.NEW
    return labels.WOULD_WORK if user.state == "worked" and user.dry_run else labels.STATES[user.state]


def goals_of(user: UserAccount) -> tuple[tuple[GoalRow, ...], str | None]:
    """Return a user's goals, active ones first and by priority, or the error in the settings."""
    try:
        found = user_config.goals(user.goal_settings)
    except ConfigError as problem:
        return (), str(problem)
    return tuple(sorted(found, key=lambda g: (not g.is_active, -g.priority, g.goal_key))), None


@dataclass(frozen=True, slots=True)
class GoalCampaigns:
    """The live campaigns of one goal, each with its ad sets, the learning one first."""

    goal_key: str
    campaigns: Sequence[tuple[LiveCampaign, Sequence[LiveAdSet]]]


def campaigns_by_goal(campaigns: Sequence[LiveCampaign], ad_sets: Sequence[LiveAdSet]) -> list[GoalCampaigns]:
    """Group campaigns by goal, each with its ad sets; the rows are sorted by goal and campaign."""
    of_campaign: dict[str, list[LiveAdSet]] = {}
    for ad_set in ad_sets:
        of_campaign.setdefault(ad_set.campaign_id, []).append(ad_set)
    return [
        GoalCampaigns(key, [(campaign, of_campaign.get(campaign.id, [])) for campaign in group])
        for key, group in groupby(campaigns, key=lambda campaign: campaign.goal_key)
    ]


OUTCOMES = {
    "campaigns_created": ("campaign created", "campaigns created"),
    "campaigns_updated": ("campaign updated", "campaigns updated"),
    "winners_promoted": ("winner promoted", "winners promoted"),
    "budgets_scaled": ("budget scaled", "budgets scaled"),
    "adsets_paused": ("ad set paused", "ad sets paused"),
    "errors_count": ("error", "errors"),
}


def outcomes(run: RunOfUser | RunUser | RunTotals) -> list[str]:
    """Return the non-zero counts of a run, each in a few words."""
    counts = ((getattr(run, name), words) for name, words in OUTCOMES.items())
    return [_counted(count, one, many) for count, (one, many) in counts if count]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def runs(rows: Iterable[R]) -> list[tuple[R, list[str]]]:
    """Return runs, each with its outcomes."""
    return [(row, outcomes(row)) for row in rows]


def known_goals() -> list[tuple[str, str]]:
    """Return the key and title of every goal in the registry."""
    return [(key, spec.title) for key, spec in REGISTRY.items()]


def live_minor(campaigns: Sequence[LiveCampaign]) -> int:
    """Return the live daily budget, in minor units."""
    return sum(c.live_minor for c in campaigns)


def typed_amount(value: Decimal | None, currency: str, standard_cents: int) -> str:
    """Return a budget as the user typed it; without one, the policy's, in US dollars."""
    if value is None:
        return f"{money.text(standard_cents, 'USD')} (standard)"
    try:
        return money.text(money.setting_minor(value, currency), currency)
    except ConfigError:
        return f"{currency} {value}"


def progress(state: str | None, totals: RunTotals | None) -> dict[str, Any]:
    """Return the progress of a run: whether it ended, whether it succeeded, and a sentence.

    Args:
        state: Airflow's state of the DAG run; None: Airflow has no such run.
        totals: the counts of our rows; None: the run is not opened yet.
    """
    ended = state in {"success", "failed"}
    if totals is None:
        waiting = "Waiting for Airflow to begin."
        return {"ended": ended, "good": False, "text": "It never began: see its log." if ended else waiting}
    users = totals.pending + totals.running + totals.success + totals.failed + totals.throttled
    if ended:
        return {"ended": True, "good": state == "success", "text": _result_text(totals, users)}
    done = users - totals.pending - totals.running
    text = f"Running: {done} of {_counted(users, 'user', 'users')} done."
    return {"ended": False, "good": False, "text": text}


def _result_text(totals: RunTotals, users: int) -> str:
    """The result of a run in one sentence."""
    apart = [
        f"{count} {word}"
        for count, word in (
            (totals.failed, "failed"),
            (totals.throttled, "throttled"),
            (totals.refused, "not started"),
        )
        if count
    ]
    what = ", ".join([*outcomes(totals), *apart]) or "nothing to do"
    return f"{'Dry run' if totals.dry_run else 'Run'} ended for {_counted(users, 'user', 'users')}: {what}."
