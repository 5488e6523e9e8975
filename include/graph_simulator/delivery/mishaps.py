"""What goes wrong by itself: figures that go missing or are taken back, a payment that fails.

All is drawn from the seed. A chance is a part of 1: of an account's weeks (figures missing), of its months
(unsettled), of an ad's months (delivery issues) and days (results taken back).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from graph_simulator.state.clock import HOUR
from graph_simulator.state.noise import uniform
from graph_simulator.state.objects import Account, Ad, Issue

UNSETTLED = 3
DAY = 24 * HOUR
MISSING_FIELDS = ("conversions", "cost_per_conversion")


class Kind(NamedTuple):
    """One kind of mishap: its key, at most one a period, and how long it lasts, in seconds."""

    key: int
    period: int
    shortest: int
    longest: int


FIGURES_MISSING = Kind(111, 7 * DAY, 6 * HOUR, 3 * DAY)
PAYMENT_FAILED = Kind(112, 28 * DAY, 12 * HOUR, 3 * DAY)
AD_FAILED = Kind(116, 28 * DAY, 2 * HOUR, 2 * DAY)
ISSUE = Issue("AD", 2460003, "Delivery error", "There is an issue with this ad.")


class Chances(Protocol):
    """The part of the laws of delivery that mishaps depend on."""

    @property
    def seed(self) -> int:
        """What everything is drawn from."""

    @property
    def unsettled(self) -> float:
        """Of an account's months: a payment fails."""

    @property
    def issues(self) -> float:
        """Of an ad's months: it has a delivery issue."""


class Spell(NamedTuple):
    """From when to when."""

    start: int
    end: int

    def covers(self, instant: int) -> bool:
        """Whether it lasts then."""
        return self.start <= instant < self.end


NEVER = Spell(0, 0)


def spell(kind: Kind, chance: float, seed: int, number: str, now: int) -> Spell:
    """The spell of the present period in one account; ``NEVER`` when it is spared."""
    if not chance:
        return NEVER
    period = now // kind.period
    key = (seed, kind.key, int(number), period)
    if uniform(*key, 1) >= chance:
        return NEVER
    length = kind.shortest + int(uniform(*key, 2) * (kind.longest - kind.shortest))
    start = period * kind.period + int(uniform(*key, 3) * (kind.period - length))
    return Spell(start, start + length)


def befall(account: Account, instant: int, end: int, chances: Chances) -> int:
    """Let payments and ads fail or recover at their instants; until when all stays so, at most ``end``."""
    turns = []
    if chances.unsettled or account.is_in_arrears:
        failed = spell(PAYMENT_FAILED, chances.unsettled, chances.seed, account.number, instant)
        _pay(account, is_due=failed.covers(instant))
        turns += [*failed, _next_period(PAYMENT_FAILED, instant)]
    for ad in _ads(account) if chances.issues or account.has_failing_ads else ():
        failed = spell(AD_FAILED, chances.issues, chances.seed, ad.id, instant)
        others = tuple(issue for issue in ad.issues if issue is not ISSUE)
        ad.issues = (*others, ISSUE) if failed.covers(instant) else others
        turns += [*failed, _next_period(AD_FAILED, instant)]
    account.has_failing_ads = bool(chances.issues)
    return min([end, *(at for at in turns if at > instant)])


def _pay(account: Account, *, is_due: bool) -> None:
    if is_due and account.account_status == 1:
        account.account_status, account.is_in_arrears = UNSETTLED, True
    elif account.is_in_arrears and not is_due:
        account.account_status, account.is_in_arrears = 1, False


def _next_period(kind: Kind, instant: int) -> int:
    return (instant // kind.period + 1) * kind.period


def _ads(account: Account) -> Iterator[Ad]:
    return (ad for campaign in account.campaigns for ad_set in campaign.ad_sets for ad in ad_set.ads)


def taken_back(results: int, chance: float, now: int, day_end: int, key: tuple[int, ...]) -> int:
    """How many of an ad's results of a day have been taken back; ``day_end`` is when the day ended."""
    if not chance or uniform(*key, 113) >= chance:
        return 0
    if now < day_end + int(uniform(*key, 114) * 5 * DAY):
        return 0
    return int(results * (0.1 + 0.5 * uniform(*key, 115)))
