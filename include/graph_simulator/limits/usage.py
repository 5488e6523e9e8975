"""Count calls against the limits: refuse the excess, and report in headers how much is left."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_simulator.errors import GraphError
from graph_simulator.limits.tiers import (
    INSIGHTS_PER_AD,
    MANAGEMENT_PER_AD,
    MUTATIONS_A_SECOND,
    READ_POINTS,
    SCORE_SECONDS,
    TIERS,
    WRITE_POINTS,
    Tier,
)
from graph_simulator.limits.window import Window
from graph_simulator.state.clock import HOUR
from graph_simulator.state.objects import Account
from graph_simulator.wire import encode

_WAIT = (
    "There have been too many calls from this ad-account. Wait a bit and try again. For more info, "
    "please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
)


@dataclass(slots=True)
class Meter:
    """What one ad account has used."""

    score: Window = field(default_factory=lambda: Window(SCORE_SECONDS))
    management: Window = field(default_factory=lambda: Window(HOUR))
    insights: Window = field(default_factory=lambda: Window(HOUR))
    mutations: Window = field(default_factory=lambda: Window(1))
    blocked_until: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """What one call costs: a write more than a read, Insights on an account of their own."""

    account: Account | None
    is_write: bool
    is_insights: bool


class Limits:
    """All meters of one app."""

    def __init__(self, tier: str) -> None:
        self.tier: Tier = TIERS[tier]
        self._meters: dict[str, Meter] = {}
        self._platform = Window(HOUR)
        self._insights = Window(HOUR)

    def meter(self, account: Account) -> Meter:
        """The meter of an account."""
        found = self._meters.get(account.number)
        if found is None:
            found = self._meters[account.number] = Meter()
        return found

    def take(self, charge: Charge, now: int, users: int, *, running: bool) -> None:
        """Count a call, or refuse it.

        Args:
            charge: What the call costs, and the account charged.
            now: The simulated instant.
            users: How many users the app has.
            running: Whether the clock runs; calls per second mean nothing while it is stopped.

        Raises:
            GraphError: 4, 17/2446079, 613/5044001, 80000 or 80004.
        """
        if charge.account is None:
            self._take_platform(now, users)
            return
        meter = self.meter(charge.account)
        if charge.is_insights:
            self._take_insights(meter, charge.account, now)
            return
        if charge.is_write and running:
            _take_mutation(meter, now)
        self._take_score(meter, charge, now)
        self._take_management(meter, charge.account, now)

    def _take_platform(self, now: int, users: int) -> None:
        self._platform.add(now, 1)
        if self._platform.total(now) > self.tier.platform_per_user * max(1, users):
            raise _refused(4, None, "(#4) Application request limit reached")

    def _take_insights(self, meter: Meter, account: Account, now: int) -> None:
        meter.insights.add(now, 1)
        self._insights.add(now, 1)
        if meter.insights.total(now) > self.insights_quota(account):
            raise _refused(80000, 2446079, f"(#80000) {_WAIT}")

    def _take_score(self, meter: Meter, charge: Charge, now: int) -> None:
        """A call while blocked prolongs the block."""
        meter.score.add(now, WRITE_POINTS if charge.is_write else READ_POINTS)
        if now < meter.blocked_until or meter.score.total(now) > self.tier.score:
            meter.blocked_until = now + self.tier.block_seconds
            raise _refused(17, 2446079, "(#17) User request limit reached")

    def _take_management(self, meter: Meter, account: Account, now: int) -> None:
        meter.management.add(now, 1)
        if meter.management.total(now) > self.management_quota(account):
            raise _refused(80004, 2446079, f"(#80004) {_WAIT}")

    def management_quota(self, account: Account) -> int:
        """Management calls an hour."""
        return self.tier.management + MANAGEMENT_PER_AD * _active_ads(account)

    def insights_quota(self, account: Account) -> int:
        """Insights calls an hour."""
        return self.tier.insights + INSIGHTS_PER_AD * _active_ads(account)

    def headers(self, charge: Charge, now: int, users: int) -> dict[str, str]:
        """The headers of an answer: how much is used of what."""
        platform = _percent(self._platform.total(now), self.tier.platform_per_user * max(1, users))
        found = {"X-App-Usage": _usage(platform)}
        if charge.account is None:
            return found
        meter = self.meter(charge.account)
        found["X-Ad-Account-Usage"] = self._account_usage(meter, now)
        found["X-Business-Use-Case-Usage"] = self._use_cases(meter, charge.account, now)
        if charge.is_insights:
            found["X-FB-Ads-Insights-Throttle"] = self._throttle(meter, charge.account, now)
        return found

    def _account_usage(self, meter: Meter, now: int) -> str:
        used = 100.0 if now < meter.blocked_until else 100 * meter.score.total(now) / self.tier.score
        reset = max(meter.blocked_until - now, meter.score.seconds_to(now, 0))
        return encode(
            {
                "acc_id_util_pct": round(min(100.0, used), 2),
                "reset_time_duration": max(0, reset),
                "ads_api_access_tier": self.tier.name,
            }
        )

    def _use_cases(self, meter: Meter, account: Account, now: int) -> str:
        cases = (
            ("ads_management", meter.management, self.management_quota(account)),
            ("ads_insights", meter.insights, self.insights_quota(account)),
        )
        rows = [
            self._use_case(kind, window, quota, now) for kind, window, quota in cases if window.total(now)
        ]
        return encode({account.number: rows})

    def _use_case(self, kind: str, window: Window, quota: int, now: int) -> dict[str, object]:
        used = _percent(window.total(now), quota)
        minutes = -(-window.seconds_to(now, quota) // 60)
        return {
            "type": kind,
            "call_count": used,
            "total_cputime": used // 4,
            "total_time": used // 4,
            "estimated_time_to_regain_access": minutes,
            "ads_api_access_tier": self.tier.name,
        }

    def _throttle(self, meter: Meter, account: Account, now: int) -> str:
        app = 100 * self._insights.total(now) / (self.tier.insights * max(1, len(self._meters)))
        own = 100 * meter.insights.total(now) / self.insights_quota(account)
        return encode(
            {
                "app_id_util_pct": round(min(100.0, app), 2),
                "acc_id_util_pct": round(min(100.0, own), 2),
                "ads_api_access_tier": self.tier.name,
            }
        )

    def saturated(self, charge: Charge, minutes: int) -> dict[str, str]:
        """The headers as they are when a limit is reached: 100 percent, and how long to wait."""
        case = {"type": "ads_insights" if charge.is_insights else "ads_management", "call_count": 100}
        case |= {"total_cputime": 25, "total_time": 25, "estimated_time_to_regain_access": minutes}
        number = charge.account.number if charge.account else "0"
        tier = {"ads_api_access_tier": self.tier.name}
        found = {
            "X-App-Usage": _usage(100),
            "X-Ad-Account-Usage": encode(
                {"acc_id_util_pct": 100, "reset_time_duration": max(1, minutes) * 60} | tier
            ),
            "X-Business-Use-Case-Usage": encode({number: [case | tier]}),
        }
        if charge.is_insights:
            found["X-FB-Ads-Insights-Throttle"] = encode(
                {"app_id_util_pct": 100, "acc_id_util_pct": 100} | tier
            )
        return found


def _take_mutation(meter: Meter, now: int) -> None:
    meter.mutations.add(now, 1)
    if meter.mutations.total(now) > MUTATIONS_A_SECOND:
        raise _refused(613, 5044001, "(#613) Calls to this api have exceeded the rate limit.")


def _refused(code: int, subcode: int | None, message: str) -> GraphError:
    return GraphError(message, code=code, subcode=subcode, transient=code != 613)


def _active_ads(account: Account) -> int:
    """Ads that are on; counted anew when the account has changed."""
    if account.active_ads is None:
        ads = (ad for campaign in account.campaigns for each in campaign.ad_sets for ad in each.ads)
        account.active_ads = sum(1 for ad in ads if ad.status == "ACTIVE")
    return account.active_ads


def _percent(used: int, quota: int) -> int:
    return min(100, 100 * used // max(1, quota))


def _usage(percent: int) -> str:
    return encode({"call_count": percent, "total_time": percent // 4, "total_cputime": percent // 4})
