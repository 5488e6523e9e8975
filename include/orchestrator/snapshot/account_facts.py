"""Currency and time zone are the ad account's: our row must name the same. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestrator.domain import money
from orchestrator.domain.records import AssetsRow
from orchestrator.errors import ConfigError
from orchestrator.platforms.base import AccountState

_SAMPLES = tuple(
    datetime(year, month, day, tzinfo=UTC)
    for year in range(1910, 2040)
    for month in (1, 7)
    for day in (1, 15)
)
"""Instants at which two names of one time zone agree, and two time zones do not."""


def check_time_zone(assets: AssetsRow) -> None:
    """Check that there is the time zone that our row names.

    Raises:
        ConfigError: there is none.
    """
    if not _is_known(assets.timezone):
        raise ConfigError(
            f"meta_assets.timezone: there is no time zone {assets.timezone!r}; name the ad account's, "
            "like Europe/Berlin"
        )


def check_account(assets: AssetsRow, account: AccountState) -> None:
    """Check that our row names the account's currency and time zone, and that both can be reckoned with.

    Raises:
        ConfigError: it names another, or the account's is unknown.
    """
    if account.currency != assets.currency:
        raise ConfigError(_differs(assets.currency, account.currency, "currency"))
    if account.currency not in money.CURRENCIES:
        raise ConfigError(f"the ad account is in {account.currency}, a currency that is not known")
    if not _is_same_zone(account.timezone, assets.timezone):
        raise ConfigError(_differs(assets.timezone, account.timezone, "timezone"))


def _differs(ours: str, theirs: str, column: str) -> str:
    return f"our row says {ours}, the ad account is in {theirs}: correct meta_assets.{column}"


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_same_zone(one: str, other: str) -> bool:
    """Whether two names are one time zone: Europe/Kiev is Europe/Kyiv, Europe/Berlin is not Europe/Paris."""
    return one == other or (_is_known(one) and _offsets(one) == _offsets(other))


def _offsets(name: str) -> list[timedelta | None]:
    zone = ZoneInfo(name)
    return [instant.astimezone(zone).utcoffset() for instant in _SAMPLES]
