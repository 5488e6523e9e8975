"""Delivery: what an account's ads spend while the clock moves.

An account is settled when someone reads or changes it, never because time passes; ten thousand
accounts nobody looks at cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import exp, inf

from graph_simulator.delivery.costs import affordable, learned
from graph_simulator.delivery.ledger import AdLedger, Day, Piece, Span, draw, spent
from graph_simulator.delivery.mishaps import befall, taken_back
from graph_simulator.delivery.outcomes import Cell, DayRates, together
from graph_simulator.delivery.pace import WHOLE_DAY, day_factor
from graph_simulator.delivery.shares import among_ad_sets, among_ads
from graph_simulator.state.clock import day_of, day_start
from graph_simulator.state.noise import lognormal
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign
from graph_simulator.state.status import can_run, has_hard_issue, is_rejected

# Results on a weekday as a multiple of the week's mean, Sunday first (when weekday effects are on).
_WEEKDAYS = (0.86, 1.08, 1.1, 1.06, 1.04, 0.98, 0.88)
EVER: Span = (date.min.toordinal(), date.max.toordinal())
_TIRED_MINOR = 40_000  # spend after which a tired audience gives half the results (when fatigue is on)


@dataclass(slots=True, frozen=True)
class Delivery:
    """The laws of delivery and of its reports: the seed, what is switched on, and chances as parts of 1."""

    seed: int
    flex: bool = True
    delays: bool = True
    fatigue: bool = False
    weekday: bool = False
    learning: bool = False
    rising: bool = False
    twins: bool = False
    late_reads: float = 0.0
    missing: float = 0.0
    taken_back: float = 0.0
    unsettled: float = 0.0
    issues: float = 0.0


SWITCHES = tuple(each.name for each in fields(Delivery) if each.name != "seed")


def record_outcome(account: Account, now: int, laws: Delivery) -> None:
    """Deliver everything up to now. Doing it twice, or in smaller steps, gives the same figures."""
    while account.settled_until < now:
        start = account.settled_until
        day = day_of(start, account.timezone)
        end = min([now, day_start(day + 1, account.timezone), *_turns(account, start)])
        end = befall(account, start, end, laws)
        left = _left(account.spend_cap, account.campaigns, day)
        for campaign in account.campaigns:
            if campaign.status == "ACTIVE" and _is_open(campaign.start, campaign.stop, start):
                left -= _deliver(campaign, (day, start, end), left, laws)
        account.settled_until = end


def _turns(account: Account, after: int) -> Iterator[int]:
    """The instants at which something begins or ends by itself."""
    for campaign in account.campaigns:
        if campaign.status != "ACTIVE":
            continue
        yield from (at for at in (campaign.start, campaign.stop) if at and at > after)
        for ad_set in campaign.ad_sets:
            yield from (at for at in (ad_set.start, ad_set.end) if at and at > after)
            for ad in ad_set.ads:
                yield from (
                    at for at in (ad.processed_at, ad.reviewed_at, ad.rejected_at) if at and at > after
                )


def _deliver(campaign: Campaign, stretch: tuple[int, int, int], left: float, laws: Delivery) -> int:
    """Deliver one campaign over a stretch of a day; what it may spend on the whole day."""
    day, start, end = stretch
    running = [(ad_set, ads) for ad_set in campaign.ad_sets if (ads := _running_ads(ad_set, start))]
    if not running:
        return 0
    left = min(left, _left(campaign.spend_cap, [campaign], day))
    targets = _cut(_targets(campaign, [ad_set for ad_set, _ in running], day, laws), left)
    for (_, ads), amount in zip(running, targets, strict=True):
        for ad, part in zip(ads, among_ads(amount, ads, laws.seed), strict=True):
            if part:
                ad.ledger = ad.ledger or AdLedger()
                ad.ledger.accrue(day, day_rates(ad, day, amount, laws), Piece(start, end, part))
    return sum(targets)


def _running_ads(ad_set: AdSet, at: int) -> list[Ad]:
    if not can_run(ad_set) or not _is_open(ad_set.start, ad_set.end, at):
        return []
    return [ad for ad in ad_set.ads if ad.status == "ACTIVE" and _is_shown(ad, at)]


def _is_shown(ad: Ad, at: int) -> bool:
    is_looked_at = max(ad.processed_at, ad.reviewed_at) <= at
    return is_looked_at and not ad.preapproved and not is_rejected(ad, at) and not has_hard_issue(ad)


def _is_open(start: int | None, end: int | None, at: int) -> bool:
    return (start is None or start <= at) and (not end or at < end)


def _targets(campaign: Campaign, ad_sets: list[AdSet], day: int, laws: Delivery) -> list[int]:
    """What each running ad set would spend on the whole day, minor units."""
    if campaign.is_cbo:
        return among_ad_sets(_day_target(campaign, day, laws), ad_sets)
    return [_day_target(ad_set, day, laws) for ad_set in ad_sets]


def _cut(targets: list[int], left: float) -> list[int]:
    """The targets cut to what spending limits had left when the day began, the first ones served first."""
    found = []
    for target in targets:
        found.append(int(min(target, left)))
        left -= found[-1]
    return found


def _left(cap: int | None, campaigns: list[Campaign], day: int) -> float:
    if not cap:
        return inf
    return max(0, cap - sum(spent_minor(ad_set, before=day) for each in campaigns for ad_set in each.ad_sets))


def _day_target(owner: Campaign | AdSet, day: int, laws: Delivery) -> int:
    if owner.daily_budget is None:
        return _lifetime_target(owner, day)
    return int(owner.daily_budget * (day_factor(laws.seed, int(owner.id), day) if laws.flex else 1))


def _lifetime_target(owner: Campaign | AdSet, day: int) -> int:
    """An even part of a lifetime budget; the end is required with one."""
    account = owner.account
    first = day_of(owner.start or owner.created, account.timezone)
    end = owner.stop if isinstance(owner, Campaign) else owner.end
    last = day_of(end, account.timezone) if end else first + 29
    return (owner.lifetime_budget or 0) // max(1, last - first + 1) if first <= day <= last else 0


def day_rates(ad: Ad, day: int, target: int, laws: Delivery) -> DayRates:
    """One day's rates of one ad: the truth of its ad set with the day's weather.

    ``target`` is what the ad set would spend on the whole day. The day's first stretch decides.
    """
    known = ad.ledger.days.get(day) if ad.ledger else None
    if known:
        return known.rates
    truth, key = ad.ad_set.rates, (laws.seed, int(ad.id), day)
    results = truth.results_per_minor
    if laws.weekday:
        results *= _WEEKDAYS[day % 7]
    if laws.fatigue:
        results *= exp(-0.6931 * spent_minor(ad.ad_set, before=day) / _TIRED_MINOR)
    if laws.learning:
        results *= learned(_since_edit(ad.ad_set, day, laws))
    if laws.rising:
        results *= affordable(target, ad.account.currency)
    return DayRates(truth.cpm_minor * lognormal(1, 0.1, *key, 61), truth.click_rate, results)


def _since_edit(ad_set: AdSet, day: int, laws: Delivery) -> int:
    """Results before a day, within a week of the last significant edit."""
    zone, edited = ad_set.account.timezone, ad_set.last_edit
    first = day_of(edited, zone)
    found = delivered(ad_set.ads, (first, min(day - 1, first + 7)), day_start(day, zone), laws).results
    return max(0, found - delivered(ad_set.ads, (first, first), edited, laws).results) if first < day else 0


def spent_minor(ad_set: AdSet, before: int | None = None) -> int:
    """What an ad set has spent so far (or before a day), minor units."""
    zone = ad_set.account.timezone
    span = EVER if before is None else (EVER[0], before - 1)
    return sum(_spend_of(ad.ledger, zone, span) for ad in ad_set.ads if ad.ledger)


def _spend_of(ledger: AdLedger, timezone: str, span: Span) -> int:
    booked = sum(cell.spend for cell in ledger.booked_in(span))
    return booked + sum(spent(day, timezone) // WHOLE_DAY for day in ledger.delivered_in(span))


def delivered(ads: Sequence[Ad], span: Span, now: int, laws: Delivery) -> Cell:
    """What ads brought within a span as Insights knows it now: what is not yet reported is not counted."""
    cells: list[Cell] = []
    for ad in ads:
        if ad.ledger:
            cells += ad.ledger.booked_in(span)
            cells += [_seen(ad, day, now, laws) for day in ad.ledger.delivered_in(span)]
    return together(cells)


def _seen(ad: Ad, day: Day, now: int, laws: Delivery) -> Cell:
    cell = day.drawn or _drawn(ad, day, laws)
    results = day.reports.by(now)
    if laws.taken_back:
        ended, key = day_start(day.number + 1, ad.account.timezone), (laws.seed, int(ad.id), day.number)
        results -= taken_back(results, laws.taken_back, now, ended, key)
    if results == cell.results:
        return cell
    return cell._replace(results=results)


def _drawn(ad: Ad, day: Day, laws: Delivery) -> Cell:
    late = laws.delays and ad.ad_set.optimization_goal == "OFFSITE_CONVERSIONS"
    return draw(day, ad.account.timezone, (laws.seed, int(ad.id), day.number), delayed=late)
