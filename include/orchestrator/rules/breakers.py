"""Breakers: hold every increase of a user while something is wrong beyond any single rule. Pure.

The first that applies, evaluated on what the run read, the same in every step: ``breaker_account`` (the
account's status is neither active nor in its grace period), ``breaker_spending_limit`` (nothing is left of
the account's spending limit), ``breaker_stale_insights`` (the evidence is missing or too old),
``breaker_overspend`` (today's spend is above ``breaker_spend_bp`` of the cap; the platform itself may spend
1.75 of a day's budget), ``breaker_delivery_stopped`` (campaigns that read ACTIVE since before yesterday
spent yesterday less than ``breaker_delivery_bp`` of the mean of the seven days before, and of their budgets).

A breaker refuses every increase and passes every reduction: lowering the spend is safe whatever the cause.
A step decides as if there were none; then each of its increases is a hold with the breaker as its reason,
and later steps start from the state without it. A promotion is held before anything is lowered for
it. A breaker resets itself once its cause is gone. A dry run and a preview show the same holds as a live run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import AdSet, Snapshot
from orchestrator.domain.policy import Policy
from orchestrator.rules.live_budget import active_by_campaign, campaign_minor

Breaker = Literal[
    "breaker_account",
    "breaker_spending_limit",
    "breaker_stale_insights",
    "breaker_overspend",
    "breaker_delivery_stopped",
]

_FULL_BP = 10_000
_MEAN_DAYS = 7
_RUNNING = frozenset({1, 9})
"""The platform's numbers of accounts that may spend: active, and in grace after an unpaid bill."""


class Tripped(NamedTuple):
    """The breaker that refuses rises, and what tripped it."""

    reason: Breaker
    evidence: Evidence


class Breakers:
    """The breakers of one user at one moment. ``cap_minor``: the cap of the live daily budget."""

    def __init__(self, snapshot: Snapshot, policy: Policy, cap_minor: int) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._cap_minor = cap_minor

    @cached_property
    def tripped(self) -> Tripped | None:
        """The first that applies, judged when it is first asked for; or null."""
        return next((Tripped(reason, gates) for reason, gates in self._judged() if not _passed(gates)), None)

    def _judged(self) -> Iterator[tuple[Breaker, Evidence]]:
        """Each with its gate, and the figures that a sentence about it needs."""
        account = self._snapshot.account
        yield "breaker_account", (account_gate(self._snapshot),)
        left = account.spend_cap_left_minor
        if left is not None:
            yield "breaker_spending_limit", (Gate("spending_limit_left", left, "more than", 0, "minor"),)
        yield "breaker_stale_insights", (insights_gate(self._snapshot, self._policy),)
        yield "breaker_overspend", self._spent_today()
        yield "breaker_delivery_stopped", self._spent_yesterday()

    @property
    def _today(self) -> date:
        return self._snapshot.now.astimezone(self._zone).date()

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._snapshot.account.timezone)

    def _spent_today(self) -> Evidence:
        """What was spent today by the account's clock, against a part of the cap."""
        today, part_bp = self._today, self._policy.breaker_spend_bp
        spent = sum(_spent(a, today, today) for a in self._snapshot.ad_sets)
        most = (self._cap_minor * part_bp, _FULL_BP)
        return (
            figure("limit", (part_bp, 100), "percent"),
            Gate("spent_today", (spent, 1), "at most", most, "minor"),
        )

    def _spent_yesterday(self) -> Evidence:
        """What the campaigns that should have delivered spent yesterday, against both of their measures.

        The gate is that of the lower measure: below it, yesterday is below both.
        """
        yesterday, part_bp = self._today - timedelta(days=1), self._policy.breaker_delivery_bp
        first, last = yesterday - timedelta(days=_MEAN_DAYS), yesterday - timedelta(days=1)
        spent = before = 0
        ready, live = self._should_deliver(yesterday)
        for ad_set in self._snapshot.ad_sets:
            if ad_set.campaign_id in ready:
                spent += _spent(ad_set, yesterday, yesterday)
                before += _spent(ad_set, first, last)
        usual, budgets = (before * part_bp, _MEAN_DAYS * _FULL_BP), (live * part_bp, _FULL_BP)
        least = usual if usual[0] * budgets[1] < budgets[0] * usual[1] else budgets
        return (
            figure("limit", (part_bp, 100), "percent"),
            Gate("spent_yesterday", (spent, 1), "at least", least, "minor"),
        )

    def _should_deliver(self, yesterday: date) -> tuple[set[str], int]:
        """The ACTIVE campaigns in which nothing began yesterday or since, and their live budgets together."""
        active_of = active_by_campaign(self._snapshot.ad_sets)
        ready = [
            campaign
            for campaign in self._snapshot.campaigns
            if campaign.status == "ACTIVE"
            and all(_began(a, self._zone) < yesterday for a in active_of.get(campaign.id, ()))
        ]
        return {c.id for c in ready}, sum(campaign_minor(c, active_of) for c in ready)


def account_gate(snapshot: Snapshot) -> Gate:
    """The account's status, against those in which it may spend."""
    status = snapshot.account.account_status
    return Gate("account_status", status if status not in _RUNNING else 1, "is", 1)


def is_stopped_as_a_whole(snapshot: Snapshot) -> bool:
    """Whether the account cannot spend at all: then what its ads say of themselves proves nothing."""
    left = snapshot.account.spend_cap_left_minor
    return not account_gate(snapshot).passed or (left is not None and left <= 0)


def insights_gate(snapshot: Snapshot, policy: Policy) -> Gate:
    """Whether what Insights said may still be used: read wholly, and not too long ago."""
    read_at = snapshot.account.insights_read_at
    if read_at is None:
        return Gate("insights", "not read whole", "is", "read whole")
    most = timedelta(hours=policy.max_insights_age_hours)
    return Gate("insights_age", snapshot.now - read_at, "at most", most, "hours")


def _passed(gates: Evidence) -> bool:
    return all(gate.passed for gate in gates)


def _began(ad_set: AdSet, zone: ZoneInfo) -> date:
    """The account day since which an ad set could deliver: what began lately spends little at first."""
    return (ad_set.active_since or ad_set.created_at).astimezone(zone).date()


def _spent(ad_set: AdSet, first: date, last: date) -> int:
    return sum(day.spend_minor for day in ad_set.days or () if first <= day.date <= last)
