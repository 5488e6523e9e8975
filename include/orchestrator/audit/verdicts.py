"""What the rules make of each ad set of a report: one snapshot, one plan, one verdict each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from orchestrator import rules
from orchestrator.audit.report import AdDay, Report
from orchestrator.domain import money, policy, reasons
from orchestrator.domain.model import (
    Account,
    AdSet,
    Campaign,
    Goal,
    Hold,
    Lifetime,
    Plan,
    Snapshot,
    UserSettings,
    Winner,
)
from orchestrator.domain.policy import Policy
from orchestrator.domain.steps import PROMOTE

VerdictName = Literal["winner", "loser", "keep", "unclear"]
Status = Literal["active", "inactive", "unknown"]

_GOALS = {
    "lead": "build_audience",
    "thruplay": "virality",
    "profile": "followers",
    "linkclick": "fan_segmentation",
}
_DEFAULT_GOAL = "streams"
MIN_CONTRADICTING_EVENTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSetResult:
    """One ad set's sums. ``first_day`` is the first with delivery; null where the report has no days."""

    campaign: str
    ad_set: str
    ad_set_id: str
    status: Status
    spend_minor: int
    impressions: int
    events: int
    first_day: date | None

    @property
    def cost_minor(self) -> Fraction | None:
        """The cost of an event in minor units; null without events."""
        return Fraction(self.spend_minor, self.events) if self.events else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSetVerdict:
    """What the rules say of one ad set. ``saved_minor``: spend after the rules would have paused it."""

    result: AdSetResult
    verdict: VerdictName
    reason: str
    saved_minor: int = 0


def verdicts(report: Report, units_per_usd: str | None) -> list[AdSetVerdict]:
    """Judge every ad set of a report by the packaged policy, ranked: winners, then the others by cost.

    Args:
        report: what was read.
        units_per_usd: converts the policy's US cents; null leaves every verdict unclear.
    """
    results = ad_set_results(report)
    if units_per_usd is None:
        why = f"no exchange rate for {report.currency}: give --units-per-usd"
        return _ranked([AdSetVerdict(result=each, verdict="unclear", reason=why) for each in results], {})
    thresholds = _thresholds(len(results))
    snapshot = _snapshot(report, results, units_per_usd)
    plan = rules.plan(snapshot, thresholds)
    limit = money.policy_minor(thresholds.loser_min_spend, units_per_usd, report.currency)
    judge = _Judge(plan, report.currency, limit)
    judged = [judge.verdict(str(number), each) for number, each in enumerate(results)]
    ranks = {int(w.adset_id): rank for rank, w in enumerate(plan.winners)}
    return _ranked(judged, {id(judged[number].result): rank for number, rank in ranks.items()})


def ad_set_results(report: Report) -> list[AdSetResult]:
    """Add up the ads of each ad set, in the report's order. Fractions of events are rounded half up."""
    groups: dict[tuple[str, str], list[AdDay]] = {}
    for row in report.ad_days:
        key = (row.ad_set_id, "") if row.ad_set_id else (row.campaign_id or row.campaign, row.ad_set)
        groups.setdefault(key, []).append(row)
    return [_added_up(rows, report.currency) for rows in groups.values()]


def _added_up(rows: Sequence[AdDay], currency: str) -> AdSetResult:
    events = sum((row.events for row in rows), Decimal(0))
    return AdSetResult(
        campaign=rows[0].campaign or rows[0].campaign_id,
        ad_set=rows[0].ad_set,
        ad_set_id=rows[0].ad_set_id,
        status=_status(rows),
        spend_minor=money.minor_from_major(sum((row.spend for row in rows), Decimal(0)), currency),
        impressions=sum(row.impressions for row in rows),
        events=int(events.quantize(Decimal(1), rounding=ROUND_HALF_UP)),
        first_day=min((row.day for row in rows if row.day and (row.impressions or row.spend)), default=None),
    )


def _status(rows: Iterable[AdDay]) -> Status:
    flags = [row.is_active for row in rows if row.is_active is not None]
    if not flags:
        return "unknown"
    return "active" if any(flags) else "inactive"


def _thresholds(ad_sets: int) -> Policy:
    """The packaged policy, without the limits that concern the next run and not what was."""
    return policy.overridden({"max_learning_adsets": max(1, ad_sets), "max_winners": max(1, ad_sets)})


def _snapshot(report: Report, results: Sequence[AdSetResult], units_per_usd: str) -> Snapshot:
    """One user with one goal, whose learning campaign has every ad set; read at noon after the last day."""
    now = datetime.combine(report.period.last + timedelta(days=1), time(12), UTC)
    began, goal_key = report.period.first, goal_of(report.indicator)
    return Snapshot(
        now=now,
        user_id="audit",
        account=_account(report.currency, units_per_usd, now),
        settings=_settings(money.policy_minor(10_000, units_per_usd, report.currency) + 2 * len(results)),
        goals=(_goal(goal_key),),
        templates=(),
        creatives=(),
        campaigns=(_campaign(goal_key, began),),
        ad_sets=tuple(_ad_set(str(n), each, began) for n, each in enumerate(results)),
        history=(),
    )


def _account(currency: str, units_per_usd: str, now: datetime) -> Account:
    return Account(
        id="audit",
        currency=currency,
        units_per_usd=None if currency == "USD" else units_per_usd,
        timezone="UTC",
        insights_read_at=now,
    )


def _settings(enough_minor: int) -> UserSettings:
    """Everything is permitted, and no budget is short."""
    return UserSettings(
        auto_scale_winners=True,
        auto_pause_losers=True,
        global_daily_budget_minor=enough_minor,
        max_daily_budget_minor=enough_minor,
    )


def _goal(goal_key: str) -> Goal:
    return Goal(
        goal_key=goal_key,
        is_active=True,
        priority=5,
        budget_hint_minor=None,
        learning_share_bp=None,
        minimum_daily_budget_minor=1,
    )


def goal_of(indicator: str) -> str:
    """Return the goal whose thresholds fit a result: ``streams`` where no other is named."""
    plain = "".join(c for c in indicator.casefold() if c.isalnum())
    return next((goal for word, goal in _GOALS.items() if word in plain), _DEFAULT_GOAL)


def _campaign(goal_key: str, began: date) -> Campaign:
    return Campaign(
        id="report",
        goal_key=goal_key,
        role="testing",
        status="ACTIVE",
        paused_by=None,
        paused_reason=None,
        daily_budget_minor=None,
        created_at=datetime.combine(began, time(), UTC),
        removed_at=None,
    )


def _ad_set(id_: str, result: AdSetResult, began: date) -> AdSet:
    is_active = result.status != "inactive" and bool(result.impressions or result.spend_minor)
    since = datetime.combine(result.first_day or began, time(), UTC)
    return AdSet(
        id=id_,
        campaign_id="report",
        status="ACTIVE" if is_active else "PAUSED",
        paused_by=None if is_active else "user",
        paused_reason=None,
        daily_budget_minor=1,
        created_at=since,
        active_since=since,
        audience=id_,
        creative_id=None,
        source_adset_id=None,
        lifetime=Lifetime(
            spend_minor=result.spend_minor, impressions=result.impressions, events=_believed(result)
        ),
    )


def _contradicts(result: AdSetResult) -> bool:
    return result.events >= MIN_CONTRADICTING_EVENTS and result.events > result.impressions


def _believed(result: AdSetResult) -> int:
    """Leave events out that contradict the impressions, so that they move no median."""
    return 0 if _contradicts(result) else result.events


class _Judge:
    """Turns a plan into a sentence an ad set."""

    def __init__(self, plan: Plan, currency: str, limit_minor: int) -> None:
        self._currency = currency
        self._limit = limit_minor
        self._winners: Mapping[str, Winner] = {w.adset_id: w for w in plan.winners}
        self._losers = {a.adset_id for a in plan.actions if a.reason == reasons.LOSER.code}
        self._holds: dict[tuple[str, str | None], Hold] = {(h.step, h.adset_id): h for h in plan.holds}

    def verdict(self, id_: str, result: AdSetResult) -> AdSetVerdict:
        """Judge one ad set."""
        name, reason = self._judged(id_, result)
        saved = max(0, result.spend_minor - self._limit) if name == "loser" else 0
        return AdSetVerdict(result=result, verdict=name, reason=reason, saved_minor=saved)

    def _judged(self, id_: str, result: AdSetResult) -> tuple[VerdictName, str]:
        if not result.impressions and not result.spend_minor:
            return "unclear", "no delivery in this period"
        if _contradicts(result):
            return "unclear", f"{result.events:,} events on {result.impressions:,} impressions cannot be"
        if result.status == "inactive":
            return "keep", "not delivering any more: nothing to do"
        if id_ in self._winners:
            return "winner", self._won(self._winners[id_])
        if id_ in self._losers:
            spent, limit = self._text(result.spend_minor), self._text(self._limit)
            return "loser", f"{spent} spent without an event; paused once over {limit}"
        return self._held(id_, result)

    def _won(self, winner: Winner) -> str:
        cost, median = self._text(Fraction(winner.cost_minor)), self._text(Fraction(winner.median_minor))
        if winner.clause == "best_with_volume":
            return f"the cheapest with volume: {cost} an event, {winner.events:,} events (median {median})"
        return f"{cost} an event against a median of {median}: {winner.margin_bp // 100} % cheaper"

    def _held(self, id_: str, result: AdSetResult) -> tuple[VerdictName, str]:
        hold = self._holds.get((PROMOTE.key, id_))
        reason = reasons.TOO_FEW_EVENTS.code if hold is None else hold.reason
        if reason == reasons.NOT_BETTER_THAN_MEDIAN.code:
            return "keep", "brings events, and is not enough cheaper than the median to be promoted"
        if reason == reasons.TOO_YOUNG.code:
            return "unclear", "too young: it delivered for less than a day"
        if reason == reasons.TOO_LITTLE_SPEND.code:
            return "unclear", f"too little spent to tell: {self._text(result.spend_minor)}"
        if result.events:
            return "keep", f"too few events to tell more: {result.events:,}"
        return "unclear", f"no event yet, for {self._text(result.spend_minor)}"

    def _text(self, minor: int | Fraction) -> str:
        return money.fraction_text(Fraction(minor), self._currency)


_ORDER: Mapping[VerdictName, int] = {"winner": 0, "keep": 1, "unclear": 2, "loser": 3}


def _ranked(judged: Sequence[AdSetVerdict], ranks: Mapping[int, int]) -> list[AdSetVerdict]:
    """Winners by rank, then what stays by cost, then what is unclear and what loses by spend."""

    def key(each: AdSetVerdict) -> tuple[int, int, Fraction, int, str]:
        cost = each.result.cost_minor
        return (
            _ORDER[each.verdict],
            ranks.get(id(each.result), 0),
            cost if cost is not None and each.verdict == "keep" else Fraction(0),
            -each.result.spend_minor,
            each.result.ad_set,
        )

    return sorted(judged, key=key)
