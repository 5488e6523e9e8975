"""Currency and time zone: the account's, and our row must say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.errors import ConfigError
from orchestrator.snapshot.account_facts import check_account, check_time_zone
from tests.unit.snapshot.rows import a_user
from tests.unit.snapshot.test_builder import ACCOUNT

OURS = a_user().assets  # in dollars, in Los Angeles


@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "", "America", "../etc/passwd", "UTC\x00"])
def test_a_time_zone_that_does_not_exist_is_one_clear_line(zone: str) -> None:
    with pytest.raises(ConfigError) as raised:
        check_time_zone(replace(OURS, timezone=zone))

    assert str(raised.value) == (
        f"meta_assets.timezone: there is no time zone {zone!r}; name the ad account's, like Europe/Berlin"
    )


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "UTC"])
def test_a_time_zone_that_exists_is_none_to_complain_of(zone: str) -> None:
    check_time_zone(replace(OURS, timezone=zone))


def refusal(**account: str) -> str | None:
    try:
        check_account(OURS, replace(ACCOUNT, **account))  # type: ignore[arg-type]  # texts alone
    except ConfigError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({}, None),
        ({"currency": "JPY"}, "our row says USD, the ad account is in JPY: correct meta_assets.currency"),
        (
            {"timezone": "Asia/Tokyo"},
            "our row says America/Los_Angeles, the ad account is in Asia/Tokyo: correct meta_assets.timezone",
        ),
        (
            {"timezone": "America/Denver"},
            (
                "our row says America/Los_Angeles, the ad account is in America/Denver: "
                "correct meta_assets.timezone"
            ),
        ),
        (
            {"timezone": "Nowhere/Atlantis"},
            (
                "our row says America/Los_Angeles, the ad account is in Nowhere/Atlantis: "
                "correct meta_assets.timezone"
            ),
        ),
        ({"timezone": "US/Pacific"}, None),
    ],
)
def test_a_row_that_differs_from_the_account_fails_the_user(
    account: dict[str, str], expected: str | None
) -> None:
    assert refusal(**account) == expected


def test_a_currency_that_is_not_known_is_not_guessed() -> None:
    with pytest.raises(ConfigError, match="the ad account is in XTS, a currency that is not known"):
        check_account(replace(OURS, currency="XTS"), replace(ACCOUNT, currency="XTS"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Europe/Kiev", "Europe/Kyiv", True),
        ("Asia/Calcutta", "Asia/Kolkata", True),
        ("Europe/Berlin", "Europe/Paris", False),
        ("Europe/Berlin", "Europe/Madrid", False),
        ("America/Phoenix", "America/Denver", False),
        ("America/New_York", "America/Toronto", False),
    ],
)
def test_two_names_of_one_time_zone(one: str, other: str, *, same: bool) -> None:
    try:
        check_account(replace(OURS, timezone=one), replace(ACCOUNT, timezone=other))
    except ConfigError:
        assert not same
    else:
        assert same
