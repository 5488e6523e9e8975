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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.gates import account_gates
from orchestrator.domain.model import AdSet, Day, Snapshot
from orchestrator.domain.policy import Policy
from orchestrator.rules.live_budget import BudgetedAdSet, BudgetedCampaign, campaign_minor

_FULL_BP = 10_000
_MEAN_DAYS = 7
_SURELY_BEFORE_YESTERDAY = timedelta(days=3)
"""What began earlier began before yesterday, whatever the zone: no calendar is needed."""


class Tripped(NamedTuple):
    """The breaker that refuses rises, and what tripped it."""

    reason: str
    evidence: Evidence


class StartingAdSet(BudgetedAdSet, Protocol):
    """An ad set of the snapshot, as far as the breakers are concerned."""

    @property
    def active_since(self) -> datetime:
        """Since when it could deliver without a pause."""


class StartingWorld(Protocol):
    """The snapshot by campaign."""

    @property
    def campaigns(self) -> Mapping[str, BudgetedCampaign]:
        """All campaigns by id."""

    @property
    def active_of(self) -> Mapping[str, Sequence[StartingAdSet]]:
        """The ACTIVE ad sets of each campaign that has some."""


class Breakers:
    """The breakers of one user at one moment.

    Args:
        snapshot: What the run read.
        policy: The thresholds.
        cap_minor: The cap of the live daily budget.
        start: The same snapshot as campaigns, and ad sets by campaign.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy, cap_minor: int, start: StartingWorld) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._cap_minor = cap_minor
        self._start = start

    @cached_property
    def insights(self) -> Gate:
        """Whether what Insights said may still be used: read wholly, and not too long ago."""
        read_at = self._snapshot.account.insights_read_at
        if read_at is None:
            return Gate("insights", "not read whole", "is", "read whole")
        most = timedelta(hours=self._policy.max_insights_age_hours)
        return Gate("insights_age", self._snapshot.now - read_at, "at most", most, "hours")

    @cached_property
    def tripped(self) -> Tripped | None:
        """The first that applies, judged when it is first asked for; or null."""
        for reason, gates in self._judged():
            if not gates[-1].passed:
                return Tripped(reason, gates)
        return None

    def _judged(self) -> Iterator[tuple[str, Evidence]]:
        """Each with its gate, behind the figures that a sentence about it needs."""
        account = self._snapshot.account
        for reason, gate in account_gates(account.account_status, account.spend_cap_left_minor):
            yield reason, (gate,)
        yield "breaker_stale_insights", (self.insights,)
        zone = ZoneInfo(account.timezone)
        today = self._snapshot.now.astimezone(zone).date()
        yield "breaker_overspend", self._spent_today(today)
        yield "breaker_delivery_stopped", self._spent_yesterday(today - timedelta(days=1), zone)

    def _spent_today(self, today: date) -> Evidence:
        """What was spent today by the account's clock, against a part of the cap."""
        part_bp, days = self._policy.breaker_spend_bp, self._days(self._snapshot.ad_sets)
        spent = sum(day.spend_minor for day in days if day.date == today)
        most = (self._cap_minor * part_bp, _FULL_BP)
        return (
            figure("limit", (part_bp, 100), "percent"),
            Gate("spent_today", (spent, 1), "at most", most, "minor"),
        )

    def _spent_yesterday(self, yesterday: date, zone: ZoneInfo) -> Evidence:
        """What the campaigns that should have delivered spent yesterday, against both of their measures.

        The gate is that of the lower measure: below it, yesterday is below both.
        """
        part_bp, first = self._policy.breaker_delivery_bp, yesterday - timedelta(days=_MEAN_DAYS)
        ready = self._should_deliver(yesterday, zone)
        spent = before = 0
        for day in self._days([a for a in self._snapshot.ad_sets if a.campaign_id in ready]):
            if day.date == yesterday:
                spent += day.spend_minor
            elif first <= day.date < yesterday:
                before += day.spend_minor
        live = sum(campaign_minor(campaign, self._start.active_of) for campaign in ready.values())
        usual, budgets = (before * part_bp, _MEAN_DAYS * _FULL_BP), (live * part_bp, _FULL_BP)
        least = usual if usual[0] * budgets[1] < budgets[0] * usual[1] else budgets
        return (
            figure("limit", (part_bp, 100), "percent"),
            Gate("spent_yesterday", (spent, 1), "at least", least, "minor"),
        )

    @staticmethod
    def _days(ad_sets: Iterable[AdSet]) -> Iterator[Day]:
        return chain.from_iterable([a.days for a in ad_sets if a.days])

    def _should_deliver(self, yesterday: date, zone: ZoneInfo) -> dict[str, BudgetedCampaign]:
        """The ACTIVE campaigns in which nothing that is ACTIVE began yesterday or since, by id."""
        long_ago = self._snapshot.now - _SURELY_BEFORE_YESTERDAY
        lately = [a for group in self._start.active_of.values() for a in group if a.active_since > long_ago]
        fresh = {a.campaign_id for a in lately if a.active_since.astimezone(zone).date() >= yesterday}
        campaigns = self._start.campaigns
        return {id_: c for id_, c in campaigns.items() if c.status == "ACTIVE" and id_ not in fresh}


def is_stopped_as_a_whole(snapshot: Snapshot) -> bool:
    """Whether the account cannot spend at all: then what its ads say of themselves proves nothing."""
    account = snapshot.account
    gates = account_gates(account.account_status, account.spend_cap_left_minor)
    return not all(gate.passed for _, gate in gates)
