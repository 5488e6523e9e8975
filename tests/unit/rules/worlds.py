"""Worlds to decide about: one user with nothing, and the things a test adds to it.

What is built is quiet: a goal with its template and one approved creative, every ad set two weeks
old. A plan is read back as short lines, so that an expected one is a literal a person can check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orchestrator import rules
from orchestrator.domain.model import (
    Account,
    Action,
    AdSet,
    Campaign,
    Creative,
    Day,
    Goal,
    Hold,
    Lifetime,
    PastAction,
    Plan,
    Snapshot,
    Template,
    UserSettings,
)
from orchestrator.domain.policy import Policy, overridden
from orchestrator.domain.steps import StepName

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
D1 = date(2026, 11, 22)
D2 = date(2026, 11, 21)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def goal(key: str = "streams", **change: Any) -> Goal:
    row = {
        "goal_key": key,
        "is_active": True,
        "priority": 5,
        "budget_hint_minor": None,
        "learning_share_bp": None,
        "minimum_daily_budget_minor": 100,
    }
    return Goal(**(row | change))


def template(key: str = "streams", audiences: Iterable[str] = ("broad",)) -> Template:
    return Template(goal_key=key, audiences=tuple(audiences))


def creative(id_: str = "c1", **change: Any) -> Creative:
    row = {"id": id_, "goal_key": "streams", "status": "approved", "created_at": ago(days=20)}
    return Creative(**(row | change))


def learning(id_: str = "1", **change: Any) -> Campaign:
    row = {
        "id": id_,
        "goal_key": "streams",
        "role": "testing",
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": None,
        "created_at": ago(days=14),
        "removed_at": None,
    }
    return Campaign(**(row | change))


def scaling(id_: str = "9", budget: int | None = 1000, **change: Any) -> Campaign:
    return learning(id_, **({"role": "scaling", "daily_budget_minor": budget} | change))


def paused(thing: Any, by: str | None = "orchestrator", why: str | None = None) -> Any:
    return replace(thing, status="PAUSED", paused_by=by, paused_reason=why)


def removed(thing: Campaign, **span: float) -> Campaign:
    return replace(thing, status="DELETED", removed_at=ago(**span))


def ad_set(id_: str = "11", campaign: str = "1", budget: int | None = 500, **change: Any) -> AdSet:
    row = {
        "id": id_,
        "campaign_id": campaign,
        "status": "ACTIVE",
        "paused_by": None,
        "paused_reason": None,
        "daily_budget_minor": budget,
        "created_at": ago(days=14),
        "active_since": None,
        "audience": id_,
        "creative_id": "c1",
        "source_adset_id": None,
    }
    return AdSet(**(row | change))


def copy(id_: str, campaign: str = "9", source: str | None = None, **change: Any) -> AdSet:
    return ad_set(id_, campaign, None, source_adset_id=source, **change)


def did(spend: int = 0, events: int = 0, impressions: int | None = None) -> Lifetime:
    """What an ad set did; every impression an event, where nothing else is said."""
    return Lifetime(
        spend_minor=spend, events=events, impressions=events if impressions is None else impressions
    )


def day(on: date, spend: int = 0, events: int = 0) -> Day:
    return Day(date=on, spend_minor=spend, impressions=0, events=events)


def past(action_type: str = "promote_winner", **change: Any) -> PastAction:
    row = {
        "action_type": action_type,
        "goal_key": "streams",
        "adset_id": None,
        "creative_id": None,
        "reason": "winner",
        "status": "success",
        "at": ago(hours=1),
    }
    return PastAction(**(row | change))


def settings(**change: Any) -> UserSettings:
    row = {
        "auto_scale_winners": True,
        "auto_pause_losers": True,
        "global_daily_budget_minor": 1000,
        "max_daily_budget_minor": None,
    }
    return UserSettings(**(row | change))


def account(**change: Any) -> Account:
    row = {
        "id": "act_1",
        "currency": "USD",
        "units_per_usd": "1",
        "timezone": "UTC",
        "insights_read_at": ago(minutes=1),
    }
    return Account(**(row | change))


def world(*things: Any, now: datetime = NOW, **change: Any) -> Snapshot:
    """A snapshot of ``things``; without a goal, template or creative it gets the usual one."""
    found: dict[type, list[Any]] = {}
    for thing in things:
        found.setdefault(type(thing), []).append(thing)
    parts: dict[str, Any] = {
        "now": now,
        "user_id": "u1",
        "account": account(),
        "settings": settings(),
        "goals": tuple(found.get(Goal, [goal()])),
        "templates": tuple(found.get(Template, [template()])),
        "creatives": tuple(found.get(Creative, [creative()])),
        "campaigns": tuple(found.get(Campaign, ())),
        "ad_sets": tuple(found.get(AdSet, ())),
        "history": tuple(found.get(PastAction, ())),
    }
    return Snapshot(**(parts | change))


def plan(*things: Any, policy: dict[str, Any] | None = None, **change: Any) -> Plan:
    return rules.plan(world(*things, **change), thresholds(policy))


def plan_full(*things: Any, policy: dict[str, Any] | None = None, **change: Any) -> Plan:
    """A plan where every goal has something to test, and may have no more tests than it has."""
    keys = [thing.goal_key for thing in things if isinstance(thing, Goal)] or ["streams"]
    untried = [(template(key, ["untried"]), creative(f"u-{key}", goal_key=key)) for key in keys]
    return plan(
        *things,
        *[each for pair in untried for each in pair],
        policy={"max_learning_adsets": 0} | (policy or {}),
        **change,
    )


def thresholds(policy: dict[str, Any] | None = None) -> Policy:
    return overridden(policy or {})


def actions(decided: Any, step: StepName | None = None) -> list[str]:
    """``update_budget 1/11 250>500 learning_share``, in the order of the plan."""
    return [line(action) for action in decided.actions if step in {None, action.step}]


def holds(decided: Any, step: StepName | None = None) -> list[str]:
    """``update_budget 1/11 within_tolerance``, sorted."""
    return sorted(line(hold) for hold in decided.holds if step in {None, hold.step})


def line(thing: Action | Hold) -> str:
    where = [part for part in (thing.campaign_id, thing.adset_id) if part is not None]
    budgets = []
    if isinstance(thing, Action) and (thing.before_minor, thing.after_minor) != (None, None):
        budgets = [f"{thing.before_minor}>{thing.after_minor}"]
    return " ".join([thing.action_type, "/".join(where) or str(thing.goal_key), *budgets, thing.reason])
